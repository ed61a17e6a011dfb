"""The log of looking (NEN 7513): no row, no data; and a row that stands is neither changed nor silently gone."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from psycopg import sql

from directory.access import log
from directory.access.context import begin_cursor
from directory.access.refusals import NotAllowed, NotFound, NotYet
from dossier.medical.models import MedicalRecord
from dossier.models import Dossier
from tests.walls import asking
from tests.walls.asking import REFUSED
from tests.walls.seed import SEEN, Seeded, Seeds
from tests.world import World


@pytest.fixture
def physician(seeds: Seeds) -> Seeded:
    return seeds.of("bedrijfsarts")


class Log:
    """The log as it stands for everybody: only what was committed."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def of(self, request: str) -> list[dict[str, Any]]:
        with self.connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                "SELECT * FROM access_log WHERE request = %s ORDER BY id", [request]
            ).fetchall()

    def one(self, request: str) -> dict[str, Any]:
        (row,) = self.of(request)
        return row


@pytest.fixture
def stands(superuser: psycopg.Connection) -> Log:
    return Log(superuser)


# --- no row, no data ------------------------------------------------------------------------------------------------


def test_what_was_read_has_its_row_the_moment_it_is_committed(physician: Seeded, stands: Log) -> None:
    """Until then nobody else sees the row, and no page has left; an answer goes out after the commit."""
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
        assert MedicalRecord.objects.open_to(now.capacity, "read").count() == len(SEEN["all"])
        assert stands.of(now.nonce) == []
    row = stands.one(now.nonce)
    assert (row["kind"], row["outcome"], row["dossiers"]) == ("open", "ok", [physician.case.dossier.pk])


def test_what_is_rolled_back_leaves_neither_row_nor_reading(physician: Seeded, stands: Log) -> None:
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
        assert MedicalRecord.objects.open_to(now.capacity, "read").exists()
        transaction.set_rollback(True)
    assert stands.of(now.nonce) == []
    with physician.actor.acts() as now:
        assert not MedicalRecord.objects.open_to(now.capacity, "read").exists()


def test_a_page_that_breaks_takes_its_row_along(physician: Seeded, stands: Log) -> None:
    seen = []

    def page() -> None:
        with physician.actor.acts() as now:
            seen.append(now.nonce)
            Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()
    assert stands.of(seen[0]) == []


def test_reading_twice_in_one_request_has_one_row_per_opening(physician: Seeded, stands: Log) -> None:
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read", "pmo.read")
        Dossier.objects.open(physician.case.dossier.pk, "keuring.read")
    assert [row["asks"] for row in stands.of(now.nonce)] == [
        ["begeleiding.read", "pmo.read"],
        ["keuring.read"],
    ]


def test_the_row_names_what_was_opened_and_not_what_was_merely_asked(seeds: Seeds, stands: Log) -> None:
    seeded = seeds.of("gedelegeerde")
    with seeded.actor.acts() as now:
        Dossier.objects.open(
            seeded.case.dossier.pk, "gedelegeerde.read", "keuring.read", "gedelegeerde.write"
        )
    assert stands.one(now.nonce)["asks"] == ["gedelegeerde.read", "gedelegeerde.write"]


# --- what a row says ------------------------------------------------------------------------------------------------


def test_a_row_says_who_looked_in_which_capacity_on_whose_behalf_and_why(seeds: Seeds, stands: Log) -> None:
    seeded = seeds.of("gedelegeerde")
    before = timezone.now()
    with seeded.actor.acts() as now:
        Dossier.objects.open(seeded.case.dossier.pk, "gedelegeerde.read", purpose="pagina")
    row = stands.one(now.nonce)
    assert before <= row["at"] <= timezone.now()
    assert {name: row[name] for name in ("actor", "engagement", "practice", "role", "side")} == {
        "actor": seeded.actor.user.pk,
        "engagement": seeded.actor.engagement.pk,
        "practice": seeds.world.practice.pk,
        "role": "gedelegeerde",
        "side": "medical",
    }
    assert row["on_behalf_of"] == seeded.case.physician.user.pk
    assert (row["ground"], row["ground_kind"]) == (seeded.case.ground.pk, "contract")
    assert (row["purpose"], row["origin"]) == ("pagina", "job")
    assert len(row["protocol"]) == 12, "the version of the rules under which it was answered"


def test_a_row_outlives_everything_it_names_and_holds_no_medical_value(superuser: psycopg.Connection) -> None:
    foreign = superuser.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'access_log'::regclass AND contype = 'f'"
    ).fetchall()
    assert foreign == []
    columns = superuser.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'access_log'::regclass AND attnum > 0 AND NOT attisdropped"
    ).fetchall()
    assert {name for (name,) in columns} == {
        *(
            "id",
            "at",
            "xid",
            "request",
            "kind",
            "outcome",
            "code",
            "actor",
            "engagement",
            "practice",
            "role",
            "side",
        ),
        *(
            "on_behalf_of",
            "ground",
            "ground_kind",
            "purpose",
            "asks",
            "dossiers",
            "record",
            "query",
            "origin",
        ),
        *("protocol", "leaf"),
    }


def test_a_search_is_logged_with_what_it_showed_and_without_what_was_typed(
    physician: Seeded, stands: Log
) -> None:
    name = physician.case.dossier.person.surname.lower()
    with physician.actor.acts() as now:
        found = Dossier.objects.search(key=name, born=None)
        assert [dossier.pk for dossier in found] == [physician.case.dossier.pk]
    rows = stands.of(now.nonce)
    assert [row["kind"] for row in rows] == ["search", "list"]
    assert all(row["dossiers"] == [physician.case.dossier.pk] for row in rows)
    assert name not in repr(rows).lower()


def test_a_list_has_one_row_that_names_every_dossier_on_it(seeds: Seeds, world: World, stands: Log) -> None:
    actor = world.engaged("bedrijfsarts")
    dossiers = {world.case("bedrijfsarts", actor=actor, physician=actor).dossier.pk for _ in range(3)}
    with actor.acts() as now:
        assert {dossier.pk for dossier in Dossier.objects.newest()} == dossiers
    assert set(stands.one(now.nonce)["dossiers"]) == dossiers


def test_explaining_is_logged_too(physician: Seeded, superuser: psycopg.Connection) -> None:
    count = "SELECT count(*) FROM access_log WHERE kind = 'explain' AND dossiers = ARRAY[%s]::uuid[]"
    before = superuser.execute(count, [physician.case.dossier.pk]).fetchone()
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT answer FROM access_explain(%s, %s, %s, 'begeleiding', 'read', now(), NULL)",
            [physician.actor.user.pk, physician.actor.engagement.pk, physician.case.dossier.pk],
        )
        assert cursor.fetchone() == ("allow",)
    after = superuser.execute(count, [physician.case.dossier.pk]).fetchone()
    assert before
    assert after == (before[0] + 1,)


def test_history_says_who_changed_what_in_which_capacity_and_why(
    seeds: Seeds, superuser: psycopg.Connection
) -> None:
    seeded = seeds.of("bedrijfsarts")
    row = seeds.header(seeded, "begeleiding")
    names = ", ".join(row)
    with seeded.actor.acts(reason="notitie"):
        asking.opened(seeded.case.dossier.pk, ["begeleiding.write"])
        asking.run(
            f"INSERT INTO medical_record ({names}) VALUES ({', '.join(['%s'] * len(row))})", *row.values()
        )
    found = superuser.execute(
        "SELECT history_type, history_user_id, history_engagement, history_change_reason "
        "FROM medical_historicalmedicalrecord WHERE id = %s",
        [row["id"]],
    ).fetchall()
    assert found == [("+", seeded.actor.user.pk, seeded.actor.engagement.pk, "notitie")]


# --- refusals -------------------------------------------------------------------------------------------------------


def test_a_refused_opening_is_logged_and_its_row_stays(seeds: Seeds, world: World, stands: Log) -> None:
    """The refusal is the answer of the page, so its transaction commits, and its row with it."""
    stranger, seeded = world.engaged("bedrijfsarts"), seeds.of("procesbewaker")
    suspended = world.case("bedrijfsarts")
    world.suspend(suspended.ground)
    cases = (
        (stranger, seeded.case.dossier.pk, "begeleiding.read", NotFound, "no_grant"),
        (stranger, uuid.uuid4(), "begeleiding.read", NotFound, "no_grant"),
        (seeded.actor, seeded.case.dossier.pk, "begeleiding.read", NotAllowed, "no_cell"),
        (suspended.actor, suspended.dossier.pk, "begeleiding.read", NotYet, "suspended"),
    )
    for actor, dossier, ask, refusal, code in cases:
        with actor.acts() as now, pytest.raises(refusal):
            Dossier.objects.open(dossier, ask)
        row = stands.one(now.nonce)
        assert (row["kind"], row["outcome"], row["code"]) == ("open", "refused", code)
        assert (row["actor"], row["asks"], row["dossiers"]) == (actor.user.pk, [ask], [dossier])


def test_a_refusal_opens_nothing(seeds: Seeds) -> None:
    """Its row names the dossier and the section; the gate must not take it for an opening."""
    seeded = seeds.of("waarnemer")
    seeds.world.suspend(
        seeded.case.ground, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(seconds=2)
    )
    with seeded.actor.acts():
        answers = asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
        assert answers["begeleiding.read"].code == "suspended"
        asking.run("SELECT pg_sleep(2.1)")
        assert asking.ids("medical_record") == set()
        asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
        assert asking.ids("medical_record")


@pytest.mark.parametrize(
    ("kind", "written"), [("refused", "refused"), ("error", "error"), ("open", "refused")]
)
def test_a_refusal_of_a_page_that_rolls_back_is_logged_beside_it(
    physician: Seeded, stands: Log, kind: str, written: str
) -> None:
    """Over the second connection; it can say that something was refused or broke, and never that it was opened."""
    dossier = physician.case.dossier.pk
    with physician.actor.acts() as now:
        Dossier.objects.open(dossier, "begeleiding.read")
        log.refused(now, kind=kind, code="wall", dossier=dossier, asks=["begeleiding.read"])
        transaction.set_rollback(True)
    row = stands.one(now.nonce)
    assert (row["kind"], row["outcome"], row["code"]) == (written, "refused", "wall")
    assert (row["actor"], row["dossiers"], row["asks"]) == (
        physician.actor.user.pk,
        [dossier],
        ["begeleiding.read"],
    )


def test_a_refusal_is_logged_although_the_capacity_has_ended_meanwhile(
    physician: Seeded, superuser: psycopg.Connection, stands: Log
) -> None:
    with physician.actor.acts() as now:
        superuser.execute(
            "UPDATE access_sessioncontext SET ended_at = clock_timestamp() WHERE engagement_id = %s",
            [physician.actor.engagement.pk],
        )
        assert asking.outcome(lambda: asking.run("SELECT access_user()")) == REFUSED
        log.refused(now, kind="refused", code="capacity_ended")
        transaction.set_rollback(True)
    assert stands.one(now.nonce)["code"] == "capacity_ended"


def test_nobody_logs_a_refusal_in_the_name_of_another(physician: Seeded, stands: Log) -> None:
    nonce = uuid.uuid4().hex
    with log.second_cursor() as cursor:
        cursor.execute(
            "SELECT access_refused(%s, %s, '', 'refused', 'x', NULL, '{}')", [uuid.uuid4().hex, nonce]
        )
    assert stands.of(nonce) == []
    with physician.actor.acts() as now, log.second_cursor() as cursor:
        cursor.execute(
            "SELECT access_refused(%s, %s, '', 'refused', 'x', NULL, '{}')", [now.capacity.token, nonce]
        )
    assert stands.one(nonce)["actor"] == physician.actor.user.pk


# --- a row that stands ----------------------------------------------------------------------------------------------


def some_rows(physician: Seeded) -> str:
    """Leave a few rows of one request in the log."""
    with physician.actor.acts() as now:
        for section in ("begeleiding", "pmo", "keuring"):
            Dossier.objects.open(physician.case.dossier.pk, f"{section}.read")
    return now.nonce


def verified(connection: psycopg.Connection, since: datetime) -> tuple[int, int | None]:
    found = connection.execute("SELECT checked, wrong_id FROM access_verify(%s)", [since]).fetchone()
    assert found is not None
    return found[0], found[1]


def test_every_row_agrees_with_its_hash(physician: Seeded) -> None:
    since = timezone.now()
    some_rows(physician)
    with begin_cursor() as cursor:
        cursor.execute("SELECT checked, wrong_id FROM access_verify(%s)", [since])
        checked, wrong = cursor.fetchone()
    assert checked >= 3
    assert wrong is None


def test_no_two_rows_have_one_hash(physician: Seeded, stands: Log) -> None:
    rows = stands.of(some_rows(physician))
    assert len({bytes(row["leaf"]) for row in rows}) == len(rows) == 3
    assert {len(bytes(row["leaf"])) for row in rows} == {32}


EDITS = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "xid": "7",
    "request": "een ander verzoek",
    "kind": "list",
    "outcome": "refused",
    "code": "no_grant",
    "actor": 1,
    "engagement": uuid.uuid4(),
    "practice": uuid.uuid4(),
    "role": "waarnemer",
    "side": "process",
    "on_behalf_of": 1,
    "ground": uuid.uuid4(),
    "ground_kind": "contract",
    "purpose": "een ander doel",
    "asks": ["vaccinatie.read"],
    "dossiers": [],
    "record": uuid.uuid4(),
    "query": "x",
    "origin": "6.6.6.6",
    "protocol": "andere regels",
    "leaf": b"\x00" * 32,
}


@pytest.mark.parametrize("column", EDITS)
def test_an_edit_from_above_the_walls_is_found(
    physician: Seeded, stands: Log, superuser: psycopg.Connection, column: str
) -> None:
    """Every column stands in the hash: whichever is changed, the row no longer agrees with it."""
    since = timezone.now() - timedelta(seconds=1)
    row = stands.of(some_rows(physician))[1]
    value = EDITS[column]
    if column == "at":
        value = row["at"] - timedelta(milliseconds=1)
    with superuser.transaction(force_rollback=True):
        assert verified(superuser, since)[1] is None
        superuser.execute("SET LOCAL session_replication_role = replica")
        edit = sql.SQL("UPDATE access_log SET {} = %s WHERE id = %s").format(sql.Identifier(column))
        assert superuser.execute(edit, [value, row["id"]]).rowcount == 1
        assert verified(superuser, since)[1] == row["id"]


def test_an_invented_row_is_found(physician: Seeded, stands: Log, superuser: psycopg.Connection) -> None:
    since = timezone.now() - timedelta(seconds=1)
    nonce = some_rows(physician)
    copied = (
        "INSERT INTO access_log (at, xid, request, kind, outcome, actor, engagement, practice, role, side, purpose, "
        "asks, dossiers, origin, protocol, leaf) SELECT at, xid, request, kind, outcome, actor, engagement, practice, "
        "role, side, purpose, asks, dossiers, origin, protocol, leaf FROM access_log WHERE request = %s LIMIT 1 "
        "RETURNING id"
    )
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL session_replication_role = replica")
        invented = superuser.execute(copied, [nonce]).fetchone()
        assert invented is not None
        assert verified(superuser, since)[1] == invented[0]


ATTACKS = ("UPDATE {} SET outcome = 'ok'", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("month", [False, True], ids=["the log", "its month"])
def test_not_even_the_owner_changes_the_log(
    physician: Seeded, owner: psycopg.Cursor, attack: str, month: bool
) -> None:
    some_rows(physician)
    table = f"access_log_{timezone.now():%Y_%m}" if month else "access_log"
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(attack.format(table))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("month", [False, True], ids=["the log", "its month"])
def test_a_superuser_must_take_the_triggers_away_first(
    physician: Seeded, superuser: psycopg.Connection, attack: str, month: bool
) -> None:
    """Whoever does that leaves rows that no longer agree, or a hole an outside copy of the hashes shows."""
    some_rows(physician)
    table = f"access_log_{timezone.now():%Y_%m}" if month else "access_log"
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        superuser.execute(attack.format(table))
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(attack.format(table))


def test_a_row_gets_its_number_from_the_log_itself(physician: Seeded, superuser: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.GeneratedAlways):
        superuser.execute("INSERT INTO access_log (id) VALUES (1)")


# --- months ---------------------------------------------------------------------------------------------------------


def first_of(month: datetime, offset: int) -> datetime:
    index = month.year * 12 + month.month - 1 + offset
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)


def months(cursor: psycopg.Connection | psycopg.Cursor) -> dict[str, tuple[datetime, datetime]]:
    """Every month of the log, with its first moment and the first of the next."""
    found = cursor.execute(
        "SELECT c.relname, m[1]::timestamptz, m[2]::timestamptz FROM pg_inherits i "
        "JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL "
        "regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('(.+)'\\) TO \\('(.+)'\\)$$) m "
        "WHERE i.inhparent = 'access_log'::regclass"
    )
    return {name: (start, end) for name, start, end in found.fetchall()}


def test_the_months_to_come_are_there_for_more_than_a_year(superuser: psycopg.Connection) -> None:
    """Without a gap between them; and there is no table that would quietly keep what belongs to no month."""
    now, bounds = timezone.now(), months(superuser)
    for offset in range(-1, 14):
        start, end = first_of(now, offset), first_of(now, offset + 1)
        assert bounds[f"access_log_{start:%Y_%m}"] == (start, end)
    default = superuser.execute(
        "SELECT partdefid FROM pg_partitioned_table WHERE partrelid = 'access_log'::regclass"
    )
    assert default.fetchone() == (0,)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/Los_Angeles"])
def test_a_month_is_the_same_month_whatever_clock_the_connection_keeps(
    owner: psycopg.Cursor, zone: str
) -> None:
    """Made by the server's own job or by psql: otherwise an hour between two months would refuse all reading."""
    owner.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    before = months(owner)
    last = f"access_log_{first_of(timezone.now(), 13):%Y_%m}"
    owner.execute(f"DROP TABLE {last}")
    owner.execute("SELECT access_make_partitions()")
    assert owner.fetchone() == (1,)
    assert months(owner) == before


def test_every_month_has_the_walls_and_triggers_of_the_log(superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "SELECT c.relname, c.relrowsecurity, ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid "
        "AND t.tgenabled = 'O' ORDER BY 1) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = 'access_log'::regclass"
    ).fetchall()
    assert len(rows) >= 15
    for name, walled, triggers in rows:
        assert walled, name
        assert triggers == ["access_log_seal", "access_log_stays", "access_log_whole"], name


def test_making_the_months_again_makes_none() -> None:
    with begin_cursor() as cursor:
        cursor.execute("SELECT access_make_partitions()")
        assert cursor.fetchone() == (0,)


@contextmanager
def without_this_month(superuser: psycopg.Connection) -> Iterator[None]:
    """Take the running month away from the log, and give it back."""
    name = f"access_log_{timezone.now():%Y_%m}"
    bounds = superuser.execute(
        "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = %s::regclass", [name]
    ).fetchone()
    assert bounds is not None
    superuser.execute(f"ALTER TABLE access_log DETACH PARTITION {name}")
    try:
        yield
    finally:
        superuser.execute(f"ALTER TABLE access_log ATTACH PARTITION {name} {bounds[0]}")


def test_a_month_that_is_missing_refuses_reading(
    physician: Seeded, superuser: psycopg.Connection, stands: Log
) -> None:
    """What cannot be logged cannot be read: by opening, by listing, by searching."""
    dossier = physician.case.dossier

    def reading() -> dict[str, Any]:
        ways = {
            "open": lambda: asking.opened(dossier.pk, ["begeleiding.read"]),
            "list": lambda: asking.run("SELECT * FROM access_list(50, now() + interval '1 year', '')"),
            "search": lambda: asking.run(
                "SELECT * FROM access_search(%s, NULL, 50, '')", dossier.person.surname.lower()
            ),
        }
        with physician.actor.acts():
            found = {name: asking.outcome(way) for name, way in ways.items()}
            assert asking.ids("medical_record") == set()
            return found

    with without_this_month(superuser):
        assert reading() == {"open": "23514", "list": "23514", "search": "23514"}
        with pytest.raises(DatabaseError), physician.actor.acts():
            Dossier.objects.open(dossier.pk, "begeleiding.read")
    assert all(not isinstance(found, str) for found in reading().values())
    assert stands.of(some_rows(physician))


@pytest.mark.xfail(
    reason="it catches Django's error, and the second connection raises psycopg's own", strict=True
)
def test_a_refusal_that_cannot_be_logged_is_an_alarm_and_not_a_broken_page(
    physician: Seeded, superuser: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    with without_this_month(superuser), physician.actor.acts() as now:
        with caplog.at_level(logging.ERROR, logger="tweeluik.access"):
            log.refused(now, kind="refused", code="wall")
        transaction.set_rollback(True)
    assert "a refusal could not be logged" in caplog.text
