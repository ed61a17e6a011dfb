"""The walls of notices and consents: they hang on the relation, and open with its dossier."""

from directory.access.walls import Recorded, Wall, privileges
from directory.people.walls import only_shortens

MINE = "practice_id = (SELECT access_practice())"
ME = "(SELECT access_user())"

NOTICE = [
    Recorded(name="consent_notice_recorded"),
    Wall(
        name="consent_notice_wall",
        rights=lambda model: {
            hat: r.replace(", UPDATE", "") for hat, r in privileges(["kennisgeving"]).items()
        },
        # Outside the medical side only one's own notices: what a nurse of a voluntary examination told is medical.
        select=f"{MINE} AND relation_id IN (SELECT access_relations('kennisgeving', 'read')) "
        f"AND ((SELECT access_side()) = 'medical' OR about_id = {ME} OR given_by_id = {ME})",
        # The practice itself tells what is general, never who works for this employee: that is for those who do.
        insert=f"{MINE} AND given_by_id = {ME} "
        "AND relation_id IN (SELECT access_relations('kennisgeving', 'write')) "
        "AND ((SELECT access_side()) <> 'admin' OR kind IN ('waarneemgroep', 'reintegratie')) "
        # A notice about somebody opens a medical file to him: he tells it himself, or a bedrijfsarts does. Who stands
        # in for the bedrijfsarts is told to the whole caseload by letter, and letters go out from the desk.
        f"AND (kind IN ('waarneemgroep', 'reintegratie') OR about_id = {ME} "
        "OR (SELECT access_role()) = 'bedrijfsarts' "
        "OR (kind = 'waarneming' AND (SELECT access_side()) = 'desk'))",
    ),
]

# Who recorded one, sees it again while he may read or record here: it is he who hears that it is withdrawn.
_HEARS = (
    f"recorded_by_id = {ME} AND (relation_id IN (SELECT access_relations('toestemming', 'read')) "
    "OR relation_id IN (SELECT access_relations('toestemming', 'write')))"
)
READ = f"{MINE} AND (relation_id IN (SELECT access_relations_by('toestemming', 'read', 'all')) OR ({_HEARS}))"

# That a consent exists is itself medical: only the medical side has any privilege here.
# Withdrawn stays withdrawn: who consents again, is recorded again.
CONSENT = [
    Recorded(name="consent_consent_recorded"),
    only_shortens("consent_consent_only_shortens"),
    Wall(
        name="consent_consent_wall",
        rights={"hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=READ,
        # For a delegate recording one is task P3 (Leidraad casemanagement bijlage 4), as for a part of a record.
        insert=f"{MINE} AND recorded_by_id = {ME} AND relation_id IN (SELECT access_relations('toestemming', 'write')) "
        "AND access_relation_task(relation_id, 'toestemming', 'P3')",
        # An UPDATE that names no column in its condition asks no right to read: so this asks it, too. Who recorded it
        # ends it even while nobody covers his work: the employee withdraws at any moment (AVG art. 7 lid 3).
        update=f"({READ}) AND (relation_id IN (SELECT access_relations('toestemming', 'write')) OR ({_HEARS}))",
    ),
]
