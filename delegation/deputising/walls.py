"""The walls of deputising: who may arrange it, who may let it begin, and who sees it."""

from delegation.walls import HERE, ME, MINE, NOW, OF_GROUND, PRACTICE_ITSELF, STAFF
from directory.access.compile import DEFINERS
from directory.access.walls import Frozen, Functions, Recorded, Wall
from directory.people.walls import only_shortens

# Signed by the bedrijfsarts whose dossiers it is about, in person and now; he or his colleague takes it back.
STANDING = [
    Recorded(name="delegation_standingdeputy_recorded"),
    only_shortens("delegation_standingdeputy_only_shortens"),
    Wall(
        name="delegation_standingdeputy_wall",
        rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND signed_by_id = {ME} AND physician_id = {HERE} AND starts_at {NOW} "
        "AND (SELECT access_role()) = 'bedrijfsarts'",
        update=f"{MINE} AND {HERE} IN (physician_id, deputy_id)",
    ),
]

# The arrangement somebody acts on names these two, and runs at this moment.
_SIGNED_BEFORE = (
    "standing_id IN (SELECT s.id FROM delegation_standingdeputy s "
    'WHERE s.physician_id = "delegation_deputising".replaced_id AND s.deputy_id = "delegation_deputising".deputy_id '
    "AND s.starts_at <= statement_timestamp() AND (s.ends_at IS NULL OR s.ends_at > statement_timestamp()))"
)
# Whoever was named beforehand lets it begin himself: the one who fell ill cannot (Leidraad casemanagement §3.1).
_HIMSELF = f"(deputy_id = {HERE} AND standing_id IS NOT NULL)"

# The period stands on the ground, which colleagues do not all see; that somebody stands in, they must know.
_DEPUTIES = f"""
CREATE OR REPLACE FUNCTION access_deputies() RETURNS TABLE (id uuid, starts_at timestamptz, ends_at timestamptz)
{DEFINERS["definer_plpgsql"]} ROWS 10 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF c.side = 'employer' THEN RETURN; END IF;
  RETURN QUERY SELECT p.id, g.starts_at, g.ends_at
  FROM delegation_deputising p JOIN access_ground g ON g.id = p.ground_id
  WHERE p.practice_id = c.practice_id AND g.ends_at > statement_timestamp();
END $f$
"""
DEPUTISING = [
    Functions(name="delegation_deputising_running", sql=_DEPUTIES),
    Frozen(
        name="delegation_deputising_ground_stays",
        when="OLD.ground_id IS NOT NULL AND NEW.ground_id IS DISTINCT FROM OLD.ground_id",
        code="deputising_already_active",
    ),
    # The ground it becomes is of these two people, and of no others.
    Frozen(
        name="delegation_deputising_own_ground",
        when="NEW.ground_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access_ground g WHERE g.id = NEW.ground_id "
        "AND g.kind = 'deputising' AND g.holder_id = NEW.deputy_id AND g.responsible_id = NEW.replaced_id)",
        code="ground_of_others",
    ),
    Wall(
        name="delegation_deputising_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE (ground_id)",
            "hat_admin": "SELECT, INSERT, UPDATE (ground_id)",
        },
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND appointed_by_id = {ME} AND (replaced_id = {HERE} OR {PRACTICE_ITSELF} OR {_HIMSELF}) "
        f"AND (standing_id IS NULL OR {_SIGNED_BEFORE})",
        update=f"{MINE} AND (replaced_id = {HERE} OR {PRACTICE_ITSELF} OR {_HIMSELF}) "
        f"AND ({OF_GROUND} OR ground_id IS NULL)",
    ),
]

ABSENCE = [
    Wall(
        name="delegation_absence_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE (ends_at)",
            "hat_admin": "SELECT, INSERT, UPDATE (ends_at)",
        },
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND (physician_id = {HERE} OR {PRACTICE_ITSELF})",
        update=f"{MINE} AND (physician_id = {HERE} OR {PRACTICE_ITSELF})",
    )
]
