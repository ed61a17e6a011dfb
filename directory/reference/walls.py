"""The walls of what a practice keeps about itself, and the two functions that guards may ask."""

from directory.access.walls import Frozen, Functions, Recorded, RowTrigger, Wall, office

MINE = "practice_id = (SELECT access_practice())"
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
ACCEPTANCE = "'{accepted_at,accepted_by_id,in_force_from}'::text[]"


def law(name: str, *, bare: bool = False) -> Wall:
    """Wall what is the same in every practice: everybody reads it, only a migration writes it."""
    rights = {"hat_base": "SELECT"} | ({"tweeluik_app": "SELECT"} if bare else {})
    return Wall(name=name, rights=rights, select="true", bare=bare)


def of_practice(name: str) -> Wall:
    """Wall what everybody who works in the practice may know, and its administrator keeps."""
    return Wall(
        name=name,
        rights={"hat_base": "SELECT", "hat_admin": "SELECT, INSERT, UPDATE"},
        select=MINE,
        insert=office("accounts", "write"),
        update=office("accounts", "write"),
    )


class Effective(RowTrigger):
    """Hold a value to its bounds, and say from when it counts: what touches care waits for the bedrijfsarts."""

    before = "INSERT OR UPDATE"

    def body(self) -> str:
        # An acceptance is the present, so it never makes a value count before it was accepted.
        return (
            "SELECT CASE WHEN NOT d.medical THEN NEW.starts_at "
            "WHEN NEW.accepted_at IS NOT NULL THEN greatest(NEW.starts_at, NEW.accepted_at) END "
            "INTO NEW.in_force_from FROM reference_settingdefinition d WHERE d.code = NEW.definition_id "
            "AND CASE WHEN NEW.value IS NULL THEN d.may_be_empty ELSE NEW.value BETWEEN d.lowest AND d.highest END; "
            f"IF NOT FOUND THEN {self.refusal('out_of_bounds')}; END IF;"
        )


SETTING = [
    Recorded(name="reference_setting_recorded"),
    Effective(name="reference_setting_effective"),
    Frozen(
        name="reference_setting_stays",
        when=f"to_jsonb(NEW) - {ACCEPTANCE} IS DISTINCT FROM to_jsonb(OLD) - {ACCEPTANCE}",
        code="setting_stays",
    ),
    Frozen(
        name="reference_setting_accepted_by_physician",
        when="(NEW.accepted_at, NEW.accepted_by_id) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by_id) "
        "AND session_user <> 'tweeluik_owner' AND (access_role() <> 'bedrijfsarts' OR OLD.accepted_at IS NOT NULL "
        "OR NEW.accepted_by_id IS DISTINCT FROM access_user() "
        "OR NEW.accepted_at NOT BETWEEN statement_timestamp() - interval '5 minutes' "
        "AND statement_timestamp() + interval '1 minute')",
        code="accepted_by_physician",
    ),
    Wall(
        name="reference_setting_wall",
        rights={
            "hat_base": "SELECT",
            "hat_admin": "SELECT, INSERT",
            "hat_medical": "SELECT, UPDATE (accepted_at, accepted_by_id)",
            # Whoever chooses a capacity is told how long he may be still: read before there is a hat.
            "tweeluik_app": "SELECT (id, practice_id, definition_id, value, in_force_from, recorded_at)",
        },
        select=MINE,
        insert=f"{office('accounts', 'write')} AND set_by_id = (SELECT access_user()) AND accepted_at IS NULL "
        "AND starts_at >= statement_timestamp() - interval '5 minutes'",
        update=f"{MINE} AND (SELECT access_role()) = 'bedrijfsarts'",
        bare=True,
    ),
    # For guards, which run as the owner and have no Python: NULL means that the practice keeps no number.
    Functions(
        name="reference_setting_value",
        sql="CREATE OR REPLACE FUNCTION reference_setting_value(practice uuid, setting text, moment timestamptz) "
        f"RETURNS integer LANGUAGE sql STABLE {DEFINER} AS $f$ "
        "SELECT CASE WHEN s.id IS NULL THEN d.default_value ELSE s.value END FROM reference_settingdefinition d "
        "LEFT JOIN LATERAL (SELECT v.id, v.value FROM reference_setting v WHERE v.practice_id = $1 "
        "AND v.definition_id = d.code AND v.in_force_from <= $3 "
        "ORDER BY v.in_force_from DESC, v.recorded_at DESC LIMIT 1) s ON true WHERE d.code = $2 $f$;\n"
        "REVOKE EXECUTE ON FUNCTION reference_setting_value(uuid, text, timestamptz) FROM PUBLIC",
    ),
]

HOLIDAY = [
    law("reference_holiday_wall"),
    # The day after the first one is day 1; days of the practice's own do not stretch a term.
    Functions(
        name="reference_working_day",
        sql="CREATE OR REPLACE FUNCTION reference_working_day(first date, days integer) RETURNS date "
        f"LANGUAGE sql STABLE {DEFINER} AS $f$ "
        "SELECT d::date FROM generate_series($1 + 1, $1 + 10 + 3 * $2, interval '1 day') d "
        "WHERE extract(isodow FROM d) < 6 AND NOT EXISTS (SELECT 1 FROM reference_holiday h WHERE h.day = d::date) "
        "ORDER BY d OFFSET $2 - 1 LIMIT 1 $f$;\n"
        "REVOKE EXECUTE ON FUNCTION reference_working_day(date, integer) FROM PUBLIC",
    ),
]

LOCATION = [of_practice("reference_location_wall")]
CLOSING_DAYS = [of_practice("reference_closingdays_wall")]
