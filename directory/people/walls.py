"""The walls of people: who of the practice may see and change whom."""

from directory.access.walls import Frozen, Recorded, Wall, office, privileges

MINE = "practice_id = (SELECT access_practice())"
READS = {"hat_base": "SELECT"}
ENDS_ONLY = {"hat_base": "SELECT", "hat_admin": "SELECT, INSERT, UPDATE (ends_at)"}
COLLEAGUE = "user_id IN (SELECT access_colleagues())"
VISIBLE_STAFF = (
    "(SELECT access_side()) <> 'employer' OR user_id = (SELECT access_user()) OR role = 'bedrijfsarts'"
)


def only_shortens(name: str, *, begins: str = "starts_at", back_dated: bool = False) -> Frozen:
    """Refuse to revive or stretch what has an end; a longer right is a new one, with a date of its own.

    Nor does an end lie in the past, for what was allowed then stays provable, unless `back_dated` lets somebody
    write down afterwards when it was. The owner, who repairs and migrates, is not held to it.
    """
    past = (
        ""
        if back_dated
        else f" OR NEW.ends_at < statement_timestamp() - interval '1 minute' AND NEW.ends_at <> NEW.{begins}"
    )
    return Frozen(
        name=name,
        when="session_user <> 'tweeluik_owner' AND NEW.ends_at IS DISTINCT FROM OLD.ends_at "
        "AND (OLD.ends_at <= statement_timestamp() OR NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at"
        f"{past})",
        code="only_shortens",
    )


PRACTICE = [
    Wall(
        name="people_practice_wall",
        rights={"hat_base": "SELECT", "hat_admin": "SELECT, UPDATE"},
        select="id = (SELECT access_practice())",
        update="id = (SELECT access_practice()) AND (SELECT access_office('accounts', 'write')) = 'all'",
    )
]

EMPLOYER = [
    Wall(
        name="people_employer_wall",
        rights=lambda model: READS | privileges(["klantcontract"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' OR "
        "(SELECT access_office('klantcontract', 'read')) = 'all' OR id IN (SELECT access_shown_employers()) "
        "OR access_own_employer(id))",
        insert=office("klantcontract", "write"),
        update=office("klantcontract", "write"),
    )
]

PERSON = [
    Wall(
        name="people_person_wall",
        rights=lambda model: READS | privileges(["personen"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' "
        "OR id IN (SELECT access_shown_persons()) OR access_own_person(id))",
        # Somebody new is nobody's client yet; the relation that follows says whose.
        insert=f"{MINE} AND (SELECT access_office('personen', 'write')) <> 'nothing'",
        update=office("personen", "write", own="access_own_person(id)"),
    )
]

RELATION = [
    Wall(
        name="people_relation_wall",
        rights=lambda model: READS | privileges(["personen"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' "
        "OR id IN (SELECT access_shown_relations()) OR access_own_person(person_id))",
        insert=office("personen", "write", own="access_own_employer(employer_id)"),
        update=office("personen", "write", own="access_own_person(person_id)"),
    )
]

ENGAGEMENT = [
    Frozen(
        name="people_engagement_accepted_by_physician",
        when="(NEW.accepted_at, NEW.accepted_by_id) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by_id) "
        "AND session_user <> 'tweeluik_owner' AND (access_role() <> 'bedrijfsarts' "
        "OR OLD.accepted_at IS NOT NULL OR NEW.accepted_by_id IS DISTINCT FROM access_user())",
        code="accepted_by_physician",
    ),
    # Ended is over: whoever comes back is engaged anew, and accepted anew.
    only_shortens("people_engagement_only_shortens", back_dated=True),
    Frozen(
        name="people_engagement_stays",
        when="OLD.practice_id <> NEW.practice_id OR OLD.user_id <> NEW.user_id OR OLD.role <> NEW.role "
        "OR OLD.side <> NEW.side OR OLD.starts_at <> NEW.starts_at",
        code="engagement_stays",
    ),
    Wall(
        name="people_engagement_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, UPDATE (accepted_at, accepted_by_id)",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        select=f"{MINE} AND ({VISIBLE_STAFF})",
        insert=f"{office('accounts', 'write')} AND accepted_at IS NULL",
        update=f"({office('accounts', 'write')}) OR ({MINE} AND (SELECT access_role()) = 'bedrijfsarts')",
    ),
]

ENGAGEMENT_SUSPENSION = [
    only_shortens("people_engagementsuspension_only_shortens"),
    Wall(
        name="people_engagementsuspension_wall",
        rights=ENDS_ONLY,
        select=f"{MINE} AND ((SELECT access_side()) = 'admin' OR engagement_id = (SELECT access_engagement()))",
        insert=f"{office('accounts', 'write')} AND by_id = (SELECT access_user())",
        update=office("accounts", "write"),
    ),
]

PROFESSIONAL = [
    Wall(
        name="people_professional_wall",
        rights=lambda model: READS | privileges(["professionals"]),
        select=COLLEAGUE,
        insert="(SELECT access_office('professionals', 'write')) = 'all'",
        update="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND user_id IN (SELECT n.user_id FROM people_engagement n)",
    )
]

REGISTRATION = [
    Wall(
        name="people_registration_wall",
        rights=lambda model: READS | privileges(["professionals"]),
        select=f"professional_id IN (SELECT p.id FROM people_professional p WHERE p.{COLLEAGUE})",
        insert="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND professional_id IN (SELECT p.id FROM people_professional p)",
        update="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND professional_id IN (SELECT p.id FROM people_professional p)",
    )
]

# One's own signature: nobody declares secrecy for somebody else.
SECRECY = [
    Recorded(name="people_secrecy_recorded"),  # signed on paper long ago, and still recorded when it was
    only_shortens("people_secrecy_only_shortens", begins="signed_at"),
    Wall(
        name="people_secrecydeclaration_wall",
        rights={"hat_base": "SELECT, INSERT", "hat_admin": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND (user_id = (SELECT access_user()) OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND user_id = (SELECT access_user())",
        update=office("accounts", "write"),
    ),
]
