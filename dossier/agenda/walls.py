"""The walls of the agenda: who sees, books and changes which row, and the functions that answer without showing one.

Hidden is what is secret by its existence: a row with side `medical`. It lies inside a block its professional published
beforehand, so that nobody outside can tell a full block from an empty one.
"""

from __future__ import annotations

from directory.access.walls import Frozen, RowTrigger, SqlConstraint, Wall, changed, privileges, rows_open

from .kinds import BLOCK, FOR_EMPLOYER, HIDDEN_SECTIONS

TABLE = "agenda_entry"
E = f'"{TABLE}"'
SECTION = ["agenda"]
# Who holds a consult that somebody may come to of his own accord, and so publishes time for it.
BLOCK_ROLES = ("bedrijfsarts", "arts_onder_supervisie", "teamlid", "second_opinionarts")
# "Eigen consulten", "eigen afspraken" (003 §3.4 A-I; the grid): they plan in their own calendar only.
OWN_CALENDAR = ("gedelegeerde", "overig_a")


def quoted(items: tuple[str, ...]) -> str:
    return ", ".join(f"'{item}'" for item in items)


def _open(verb: str) -> str:
    """Write when an appointment is open for a verb, as the cells say; own is who holds the consult."""
    return rows_open(TABLE, verb, SECTION, section="'agenda'", purpose="'agenda'", author="professional_id")


OWN = f"{E}.engagement_id = (SELECT access_engagement())"
SIDE = "(SELECT access_side())"
# Beside one's own: whoever reads all of that section reads that there is an appointment for it.
READS_SECTION = " OR ".join(
    f"({E}.dossier_id, {E}.section, {E}.section) IN (SELECT k.d, k.s, k.p FROM access_pairs('{verb}', 'all') k)"
    for verb in ("read", "find")
)
SHOWN = (
    f"{E}.side = 'process' "
    f"OR ({E}.side = 'medical' AND ({SIDE} = 'desk' OR ({SIDE} = 'medical' AND ({OWN} OR {READS_SECTION}))))"
)
IS_BLOCK = f"{E}.kind = '{BLOCK}'"
TASK = " OR ".join(
    f"access_task_held({E}.dossier_id, 'agenda', '{task}', statement_timestamp())" for task in ("P2", "M14")
)
# Hidden ones are planned by who holds the block, and by the desk that works for him: nobody else can run into one.
HIDDEN_BY = (
    f"({SIDE} = 'medical' AND {OWN}) "
    f"OR ({SIDE} = 'desk' AND {E}.engagement_id IN (SELECT w FROM agenda_works_for() w))"
)


def seen(verb: str = "read") -> str:
    """Write which rows may be seen (read, find), or changed (any other verb)."""
    if verb in ("read", "find"):
        ways = f"({_open('read')}) OR ({_open('find')})"
        own_block = f"{IS_BLOCK} AND {OWN} AND {E}.practice_id = (SELECT access_practice())"
        return f"({own_block}) OR (NOT {IS_BLOCK} AND ({ways}) AND ({SHOWN}))"
    return _may_plan() if verb == "write" else "false"


def _may_plan() -> str:
    block = (
        f"{IS_BLOCK} AND {OWN} AND (SELECT access_role()) IN ({quoted(BLOCK_ROLES)}) "
        "AND (SELECT access_office('agenda', 'write')) <> 'nothing'"
    )
    own_only = (
        f"((SELECT access_role()) NOT IN ({quoted(OWN_CALENDAR)}) "
        f"OR {E}.professional_id = (SELECT access_user()))"
    )
    appointment = (
        f"NOT {IS_BLOCK} AND {_open('write')} AND ({TASK}) AND {own_only} "
        f"AND ({E}.side = 'process' OR {HIDDEN_BY})"
    )
    return f"{E}.practice_id = (SELECT access_practice()) AND (({block}) OR ({appointment}))"


def _rights(model: object) -> dict[str, str]:
    changes = "UPDATE (starts_at, ends_at, room_id, block_id, state, reason)"
    held = {hat: right.replace("UPDATE", changes) for hat, right in privileges(SECTION).items()}
    # Of a verzuimconsult the employer has time and place and nothing else: agenda_expected tells him, no table does.
    return {hat: right for hat, right in held.items() if hat not in ("hat_admin", "hat_employer")}


class EntryRules(RowTrigger):
    """What a CHECK cannot say about one appointment. The message is the code that actions translate.

    Whoever may not see somebody's hidden appointments is never answered from one: ordinary rows ask ordinary rows.
    """

    before = "INSERT OR UPDATE"

    def body(self) -> str:
        r = self.refusal
        return f"""
DECLARE b agenda_entry; placed boolean := true;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM people_engagement n WHERE n.id = NEW.engagement_id AND n.user_id = NEW.professional_id
      AND n.practice_id = NEW.practice_id) THEN {r("whose_calendar")}; END IF;
  IF TG_OP = 'INSERT' THEN
    IF session_user <> 'tweeluik_owner' THEN NEW.recorded_at := statement_timestamp(); END IF;
  ELSE
    placed := (OLD.starts_at, OLD.ends_at, OLD.room_id, OLD.block_id)
      IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.room_id, NEW.block_id);
  END IF;
  IF NEW.room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agenda_room m WHERE m.id = NEW.room_id
      AND m.practice_id = NEW.practice_id) THEN {r("whose_room")}; END IF;
  IF NEW.state IN ('held', 'no_show') AND NEW.starts_at > statement_timestamp() THEN {r("not_yet_begun")}; END IF;
  IF NEW.kind = '{BLOCK}' THEN
    IF TG_OP = 'UPDATE' AND NEW.state = 'cancelled' AND EXISTS (SELECT 1 FROM agenda_entry e
        WHERE e.block_id = NEW.id AND e.state <> 'cancelled') THEN {r("block_in_use")}; END IF;
    RETURN NEW;
  END IF;
  -- This runs before the policy: whoever may not plan here is told nothing that follows.
  IF session_user <> 'tweeluik_owner' AND (NOT NEW.dossier_id IN (SELECT o FROM access_opened('write') o)
      OR (NEW.side = 'medical' AND NOT (access_side() = 'medical' AND NEW.engagement_id = access_engagement()
        OR NEW.engagement_id IN (SELECT w FROM agenda_works_for() w)))) THEN
    RAISE EXCEPTION 'not yours to plan' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM dossier_dossier x WHERE x.id = NEW.dossier_id AND x.practice_id = NEW.practice_id
      AND (NEW.side = 'medical' OR x.process_from IS NOT NULL)) THEN {r("no_process_side")}; END IF;
  IF NOT placed OR NEW.state = 'cancelled' THEN RETURN NEW; END IF;
  -- Outside the medical side one is told of the colleagues one may know of, and of no other.
  IF session_user <> 'tweeluik_owner' AND NOT EXISTS (SELECT 1 FROM dossier_dossiergrant g
      JOIN access_ground gr ON gr.id = g.ground_id WHERE g.content_object_id = NEW.dossier_id
      AND gr.holder_id = NEW.engagement_id AND gr.starts_at <= statement_timestamp()
      AND (gr.ends_at IS NULL OR gr.ends_at > statement_timestamp())
      AND (access_side() IN ('medical', 'desk') OR g.role IN (SELECT access_team_roles())))
    THEN {r("not_on_dossier")}; END IF;
  IF NEW.side = 'medical' THEN
    SELECT * INTO b FROM agenda_entry e WHERE e.id = NEW.block_id FOR SHARE;  -- it cannot be withdrawn meanwhile
    IF b.id IS NULL OR b.kind <> '{BLOCK}' OR b.state <> 'planned' OR b.engagement_id <> NEW.engagement_id
        OR b.starts_at > NEW.starts_at OR b.ends_at < NEW.ends_at THEN {r("outside_block")}; END IF;
    -- The room is the block's: else a room that is taken would tell.
    IF NEW.room_id IS NOT NULL AND NEW.room_id IS DISTINCT FROM b.room_id THEN {r("room_of_block")}; END IF;
    IF EXISTS (SELECT 1 FROM agenda_entry e WHERE e.dossier_id = NEW.dossier_id AND e.side = 'process'
        AND e.state <> 'cancelled' AND e.starts_at < NEW.ends_at AND e.ends_at > NEW.starts_at)
      THEN {r("employee_busy")}; END IF;
  END IF;
END;"""


class Functions(SqlConstraint):
    """The questions of the agenda that run as the owner. Each asks first who is bound; the feed asks its token."""

    def up(self, table: str) -> list[str]:
        return [self.frozen()["sql"]]

    def down(self, table: str) -> list[str]:
        return [
            "DROP FUNCTION IF EXISTS agenda_roster(timestamptz, timestamptz)",
            "DROP FUNCTION IF EXISTS agenda_look(uuid[], timestamptz, timestamptz)",
            "DROP FUNCTION IF EXISTS agenda_expected(timestamptz, timestamptz)",
            "DROP FUNCTION IF EXISTS agenda_feed(text)",
        ]


class WorksFor(Functions):
    """Whom the desk works for. Stands before the wall, whose policies ask it."""

    def down(self, table: str) -> list[str]:
        return ["SELECT 1"]


PATH = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
PRIVATE = "REVOKE EXECUTE ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO {1};"

WORKS_FOR = f"""
-- Whose agenda the bound desk keeps: the physicians who took it on.
CREATE OR REPLACE FUNCTION agenda_works_for() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {PATH} ROWS 3 AS $f$
DECLARE c access_acting := access_acting(); at timestamptz := statement_timestamp();
BEGIN
  IF c.side = 'desk' THEN
    RETURN QUERY SELECT DISTINCT gr.responsible_id FROM access_ground gr
    WHERE gr.holder_id = c.engagement_id AND gr.kind = 'desk' AND gr.responsible_id IS NOT NULL
      AND gr.starts_at <= at AND (gr.ends_at IS NULL OR gr.ends_at > at)
      AND NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = gr.id AND s.starts_at <= at
        AND (s.ends_at IS NULL OR s.ends_at > at));
  END IF;
END $f$;
{PRIVATE.format("agenda_works_for()", "hat_base")}
"""

# Free and taken, of everybody: no dossier, no kind. A block is a block; what lies inside one is told to who keeps it.
SQL = f"""
CREATE OR REPLACE FUNCTION agenda_roster(since timestamptz, until timestamptz)
RETURNS TABLE (entry uuid, engagement uuid, room uuid, starts timestamptz, ends timestamptz, layer text)
LANGUAGE plpgsql STABLE {PATH} ROWS 100 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF access_office('agenda', 'roster') = 'nothing' AND access_office('agenda', 'write') = 'nothing' THEN RETURN; END IF;
  RETURN QUERY SELECT e.id, e.engagement_id, e.room_id, e.starts_at, e.ends_at,
    CASE WHEN e.kind = '{BLOCK}' THEN 'block' WHEN e.side = 'process' THEN 'taken' ELSE 'inside' END
  FROM agenda_entry e
  WHERE e.practice_id = c.practice_id AND e.state <> 'cancelled' AND e.starts_at < until AND e.ends_at > since
    AND e.starts_at >= since - interval '1 day' AND until <= since + interval '50 days'
    AND (e.side = 'process' OR (c.side = 'medical' AND e.engagement_id = c.engagement_id)
      OR (c.side = 'desk' AND e.engagement_id IN (SELECT w FROM agenda_works_for() w)))
  ORDER BY e.starts_at, e.id;
END $f$;
{PRIVATE.format("agenda_roster(timestamptz, timestamptz)", "hat_base")}

-- Looking into calendars: opens the headings of the dossiers that have an appointment there which one may see, with one
-- log row that names them. Only those: a name that appears would tell of an appointment that is not shown.
CREATE OR REPLACE FUNCTION agenda_look(calendars uuid[], since timestamptz, until timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE {PATH} AS $f$
DECLARE c access_acting := access_acting(); ids uuid[];
BEGIN
  SELECT array_agg(DISTINCT e.dossier_id) INTO ids FROM agenda_entry e
  WHERE e.practice_id = c.practice_id AND e.dossier_id IS NOT NULL AND e.starts_at < until AND e.ends_at > since
    AND e.starts_at >= since - interval '1 day' AND until <= since + interval '50 days'
    AND (calendars IS NULL OR e.engagement_id = ANY (calendars))
    AND (e.side = 'process' OR c.side IN ('medical', 'desk'))
    AND (c.side <> 'employer' OR (e.kind IN ({quoted(FOR_EMPLOYER)}) AND e.state <> 'cancelled'))
    AND EXISTS (SELECT 1 FROM dossier_dossiergrant g WHERE g.content_object_id = e.dossier_id AND g.user_id = c.user_id)
    AND EXISTS (
      SELECT 1 FROM access_standing(c.user_id, c.engagement_id, c.side, e.dossier_id, statement_timestamp(),
        ARRAY['agenda'], 'find', NULL) st
      WHERE access_held_back(st.missing, 'agenda', 'find') IS NULL
        AND (access_cell(st.role, 'agenda', 'find') = 'all' OR e.professional_id = c.user_id)
        AND (e.side = 'process' OR c.side = 'desk' OR e.engagement_id = c.engagement_id
          OR EXISTS (SELECT 1 FROM access_reach(st.role, st.purposes, 'find', 'all') k WHERE k.section = e.section)));
  IF ids IS NULL THEN RETURN 0; END IF;
  PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, 'agenda',
    CASE c.side WHEN 'medical' THEN ARRAY[{quoted(tuple(f"{s}.find" for s in ("agenda", *HIDDEN_SECTIONS)))}]
      ELSE ARRAY['agenda.find'] END, ids, NULL, NULL);
  RETURN cardinality(ids);
END $f$;
{PRIVATE.format("agenda_look(uuid[], timestamptz, timestamptz)", "hat_base")}

-- Time and place of the verzuimconsulten of opened dossiers: what an employer may know (003 §3.4 B-II).
CREATE OR REPLACE FUNCTION agenda_expected(since timestamptz, until timestamptz)
RETURNS TABLE (dossier uuid, starts timestamptz, ends timestamptz, room uuid)
LANGUAGE plpgsql STABLE {PATH} ROWS 20 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF c.side <> 'employer' THEN RETURN; END IF;
  RETURN QUERY SELECT e.dossier_id, e.starts_at, e.ends_at, e.room_id FROM agenda_entry e
  WHERE e.dossier_id IN (SELECT k.d FROM unnest(ARRAY['read', 'find']) v(verb)
      CROSS JOIN LATERAL access_pairs(v.verb, 'all') k WHERE k.s = 'agenda')
    AND e.side = 'process' AND e.kind IN ({quoted(FOR_EMPLOYER)}) AND e.state <> 'cancelled'
    AND e.starts_at >= since AND e.starts_at < until
  ORDER BY e.starts_at, e.id;
END $f$;
{PRIVATE.format("agenda_expected(timestamptz, timestamptz)", "hat_base")}

-- What a calendar program gets for a token: when somebody is taken, and where. A block is one line, full or empty.
-- NULL for a token that opens nothing (any more): unknown, revoked, or of somebody who no longer works here.
CREATE OR REPLACE FUNCTION agenda_feed(token text) RETURNS jsonb LANGUAGE plpgsql STABLE {PATH} AS $f$
DECLARE whose uuid; at timestamptz := statement_timestamp();
BEGIN
  SELECT f.engagement_id INTO whose FROM agenda_feed f
  WHERE f.token_hash = encode(sha256(convert_to(agenda_feed.token, 'UTF8')), 'hex') AND f.revoked_at IS NULL
    AND access_engaged(f.engagement_id, at);
  IF whose IS NULL THEN RETURN NULL; END IF;
  RETURN (SELECT coalesce(jsonb_agg(jsonb_build_array(
      encode(sha256(convert_to('feed ' || e.id::text, 'UTF8')), 'hex'), e.starts_at, e.ends_at, coalesce(l.name, ''))
      ORDER BY e.starts_at, e.id), '[]')
    FROM agenda_entry e LEFT JOIN agenda_room m ON m.id = e.room_id
      LEFT JOIN reference_location l ON l.id = m.location_id
    WHERE e.engagement_id = whose AND e.side = 'process' AND e.state <> 'cancelled'
      AND e.starts_at > at - interval '15 days' AND e.starts_at < at + interval '100 days');
END $f$;
{PRIVATE.format("agenda_feed(text)", "tweeluik_app")}
"""

ENTRY = [
    Frozen(
        name="agenda_entry_frozen",
        when=changed(
            "id practice_id dossier_id kind section side engagement_id professional_id booked_by_id recorded_at"
        )
        # What was called off gave its time away; a block keeps the hours it was published with.
        + f" OR OLD.state = 'cancelled' OR (OLD.state <> 'planned' AND ({changed('starts_at ends_at room_id')} "
        f"OR NEW.state = 'planned')) OR (OLD.kind = '{BLOCK}' AND {changed('starts_at ends_at room_id')})",
        code="entry_is_final",
    ),
    EntryRules(name="agenda_entry_rules"),
    WorksFor(name="agenda_works_for", sql=WORKS_FOR),
    Wall(
        name="agenda_entry_wall",
        rights=_rights,
        select=lambda model: seen(),
        insert=lambda model: f"{E}.booked_by_id = (SELECT access_user()) AND {_may_plan()}",
        update=lambda model: _may_plan(),
    ),
]

MINE = "practice_id = (SELECT access_practice())"
KEEPS_HOUSE = f"{MINE} AND (SELECT access_office('accounts', 'write')) = 'all'"


def room_wall(name: str) -> Wall:
    """Build the wall of rooms: everybody of the practice knows them, the administrator keeps them."""
    return Wall(
        name=name,
        rights={"hat_base": "SELECT", "hat_admin": "SELECT, INSERT, UPDATE"},
        select=MINE,
        insert=KEEPS_HOUSE,
        update=KEEPS_HOUSE,
    )


OWN_FEED = f"{MINE} AND engagement_id = (SELECT access_engagement())"
HAS_CALENDAR = "(SELECT access_office('agenda', 'write')) <> 'nothing' AND (SELECT access_side()) <> 'desk'"
FEED = [
    Frozen(
        name="agenda_feed_only_ends",
        when=changed("id practice_id engagement_id token_hash made_at") + " OR OLD.revoked_at IS NOT NULL",
        code="feed_only_ends",
    ),
    Wall(
        name="agenda_feed_wall",
        rights=lambda model: {
            hat: "SELECT, INSERT, UPDATE (revoked_at)"
            for hat, right in privileges(SECTION).items()
            if "INSERT" in right and hat != "hat_desk"
        },
        select=OWN_FEED,
        insert=f"{OWN_FEED} AND {HAS_CALENDAR}",
        update=OWN_FEED,
    ),
]
