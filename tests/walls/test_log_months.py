"""Rows lie in the table of their month; without that table nothing can be logged, and so nothing read.

A month is only ever taken away inside a transaction that is rolled back: making tables is undone as everything is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from directory.access.context import Acting, begin_cursor
from tests.domain.test_records_tools import note
from tests.walls import looking
from tests.walls.conftest import conninfo
from tests.world import Case, World

ASK = "begeleiding.read"


@pytest.fixture
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


def first_of(month: datetime, offset: int) -> datetime:
    index = month.year * 12 + month.month - 1 + offset
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)


def months(cursor: psycopg.Connection[Any] | psycopg.Cursor[Any]) -> dict[str, tuple[datetime, datetime]]:
    """Every month of the log, with its first moment and the first of the next."""
    found = cursor.execute(
        "SELECT c.relname, m[1]::timestamptz, m[2]::timestamptz FROM pg_inherits i "
        "JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL "
        "regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('(.+)'\\) TO \\('(.+)'\\)$$) m "
        "WHERE i.inhparent = 'access_log'::regclass"
    )
    return {name: (start, end) for name, start, end in found.fetchall()}


def test_a_row_lies_in_the_table_of_its_month(physician: Case, superuser: psycopg.Connection) -> None:
    nonce = looking.openings(physician, ASK)
    row = looking.row(superuser, request=nonce)
    kept = superuser.execute("SELECT tableoid::regclass::text FROM access_log WHERE request = %s", [nonce])
    assert kept.fetchall() == [(looking.table_of(row["at"].astimezone(UTC)),)]
    assert superuser.execute("SELECT count(*) FROM ONLY access_log").fetchone() == (0,)


def test_the_months_to_come_are_there_for_more_than_a_year(superuser: psycopg.Connection) -> None:
    """Without a gap between them; and there is no table that would quietly keep what belongs to no month."""
    now, bounds = timezone.now(), months(superuser)
    for offset in range(-1, 14):
        start, end = first_of(now, offset), first_of(now, offset + 1)
        assert bounds[looking.table_of(start)] == (start, end)
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
    owner.execute(f"DROP TABLE {looking.table_of(first_of(timezone.now(), 13))}")
    assert len(months(owner)) == len(before) - 1
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


# --- a month that is missing ----------------------------------------------------------------------------------

WAYS = {
    "open": "SELECT ask FROM access_open(%(dossier)s, ARRAY['begeleiding.read'], '')",
    "list": "SELECT d FROM access_list(50, now() + interval '1 day', '')",
    "search": "SELECT d FROM access_search(%(name)s, NULL, 50, '')",
}


class Elsewhere:
    """Somebody's request over a connection that can also take a month away; it is never committed."""

    def __init__(self, connection: psycopg.Connection[Any], case: Case) -> None:
        self.connection = connection
        self.values = {"dossier": case.dossier.pk, "name": case.dossier.person.surname.lower()}

    def lose_the_month(self) -> None:
        self.connection.execute("SET LOCAL lock_timeout = '10s'")
        self.connection.execute(
            f"ALTER TABLE access_log DETACH PARTITION {looking.table_of(datetime.now(UTC))}"
        )

    def act(self, now: Acting) -> None:
        bind = "SELECT set_config('app.session', %s, true), set_config('app.request', %s, true)"
        self.connection.execute(bind, [now.capacity.token, now.nonce])
        self.connection.execute("SET LOCAL ROLE hat_medical")

    def look(self, way: str) -> int:
        """Look in one way; returns how many rows it gave."""
        with self.connection.transaction():
            return len(self.connection.execute(WAYS[way], self.values).fetchall())

    def texts(self) -> int:
        return len(self.connection.execute("SELECT id FROM medical_part").fetchall())


@contextmanager
def elsewhere(superuser: psycopg.Connection[Any], case: Case) -> Iterator[Elsewhere]:
    with psycopg.connect(conninfo(superuser.info.user)) as connection:
        try:
            yield Elsewhere(connection, case)
        finally:
            connection.rollback()


@pytest.mark.parametrize("way", WAYS)
def test_without_its_month_nothing_is_opened_listed_or_found(
    physician: Case, superuser: psycopg.Connection, way: str
) -> None:
    note(physician)
    with physician.actor.acts() as now, elsewhere(superuser, physician) as request:
        request.lose_the_month()
        request.act(now)
        with pytest.raises(psycopg.errors.CheckViolation, match="no partition"):
            request.look(way)
        assert request.texts() == 0
    assert looking.table_of(datetime.now(UTC)) in months(superuser), "given back"


@pytest.mark.parametrize("way", WAYS)
def test_with_its_month_the_same_request_finds_the_dossier(
    physician: Case, superuser: psycopg.Connection, way: str
) -> None:
    note(physician)
    with physician.actor.acts() as now, elsewhere(superuser, physician) as request:
        request.act(now)
        assert request.look(way) == 1
        assert request.texts() == (1 if way == "open" else 0)


def test_a_refusal_without_its_month_is_not_kept_in_silence(
    physician: Case, superuser: psycopg.Connection
) -> None:
    """It raises: whoever called it hears that nothing was logged."""
    refuse = "SELECT access_refused(%s, %s, '', 'refused', 'wall', NULL, '{}')"
    with physician.actor.acts() as now, elsewhere(superuser, physician) as request:
        with request.connection.transaction(force_rollback=True):
            request.connection.execute(refuse, [now.capacity.token, now.nonce])
        request.lose_the_month()
        with pytest.raises(psycopg.errors.CheckViolation, match="no partition"):
            request.connection.execute(refuse, [now.capacity.token, now.nonce])
