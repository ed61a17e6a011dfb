"""A row that stands is never changed, and whoever changes it from above the walls leaves a row that says so."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from tests.walls import asking, looking, proving
from tests.walls.asking import REFUSED
from tests.walls.conftest import conninfo
from tests.world import Case, World

SECTIONS = ("begeleiding.read", "pmo.read", "keuring.read")


@pytest.fixture
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


@pytest.fixture
def three(physician: Case, superuser: psycopg.Connection) -> list[dict[str, Any]]:
    """Three rows of one request of hers."""
    return looking.rows(superuser, request=looking.openings(physician, *SECTIONS))


# --- nobody who serves ----------------------------------------------------------------------------------------

ATTACKS = ("UPDATE {} SET outcome = 'ok'", "DELETE FROM {}", "TRUNCATE {}", "LOCK TABLE {} IN EXCLUSIVE MODE")
COPY = "INSERT INTO {} OVERRIDING USER VALUE SELECT * FROM access_log"
HATS = ("medical", "signal", "process", "desk", "employer", "admin")


@pytest.mark.parametrize("hat", HATS)
@pytest.mark.parametrize("month", [False, True], ids=["the log", "its month"])
def test_no_hat_changes_empties_or_fills_the_log(physician: Case, hat: str, month: bool) -> None:
    table = looking.table_of(timezone.now()) if month else "access_log"
    with physician.actor.acts():
        asking.run(f"SET LOCAL ROLE hat_{hat}")
        for attack in (*ATTACKS, COPY):
            assert asking.changed(attack.format(table)) == REFUSED, attack


def test_the_bare_login_has_nothing_on_the_log() -> None:
    with transaction.atomic():
        for attack in (*ATTACKS, COPY, "SELECT 1 FROM {}"):
            assert asking.changed(attack.format("access_log")) == REFUSED, attack


def test_who_may_look_into_the_log_of_his_dossier_reads_it_through_the_log_and_not_past_it(
    physician: Case,
) -> None:
    with physician.actor.acts():
        asking.opened(physician.dossier.pk, ["inzage.read"])
        assert len(asking.run("SELECT id FROM access_log")) == 1
        assert asking.ids(looking.table_of(timezone.now())) == REFUSED


OWNERS = ATTACKS[:3]


@pytest.mark.parametrize("attack", OWNERS)
@pytest.mark.parametrize("month", [False, True], ids=["the log", "its month"])
@pytest.mark.parametrize("role", ["tweeluik_owner", "superuser"])
def test_not_even_the_owner_changes_the_log(
    three: list[dict[str, Any]], superuser: psycopg.Connection, role: str, attack: str, month: bool
) -> None:
    table = looking.table_of(timezone.now()) if month else "access_log"
    above = superuser.info.user if role == "superuser" else role
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only")
    with psycopg.connect(conninfo(above)) as beside, refused:
        beside.execute(attack.format(table))


def test_a_row_gets_its_number_from_the_log_itself(superuser: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.GeneratedAlways):
        superuser.execute("INSERT INTO access_log (id) VALUES (1)")


# --- what was changed all the same ----------------------------------------------------------------------------

EDITS: dict[str, Any] = {
    "id": -1,
    "at": timedelta(milliseconds=-1),
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
    "version": 7,
    "consent": uuid.uuid4(),
}


def verified(above: psycopg.Connection, since: datetime) -> tuple[int, int | None]:
    """Count the rows since a moment, and give the first whose hash is not that of what it says."""
    found = above.execute(
        "SELECT count(*), min(l.id) FILTER (WHERE l.leaf IS DISTINCT FROM access_leaf(l)) FROM access_log l "
        "WHERE l.at >= %s",
        [since],
    ).fetchone()
    assert found is not None
    return found[0], found[1]


@pytest.mark.parametrize("column", EDITS)
def test_every_column_stands_in_the_hash(
    three: list[dict[str, Any]], superuser: psycopg.Connection, column: str
) -> None:
    row = three[1]
    value = row["at"] + EDITS["at"] if column == "at" else EDITS[column]
    since = three[0]["at"] - timedelta(seconds=1)
    with superuser.transaction(force_rollback=True):
        assert verified(superuser, since)[1] is None
        proving.edit(superuser, row, column, value)
        assert verified(superuser, since)[1] == (value if column == "id" else row["id"])


def test_the_edits_above_name_every_column_there_is(three: list[dict[str, Any]]) -> None:
    assert set(EDITS) == set(three[0])
    assert {name for name in EDITS if three[1][name] == EDITS[name]} == set()


def test_a_row_of_somebody_s_making_does_not_pass_for_one_of_the_log(
    three: list[dict[str, Any]], superuser: psycopg.Connection
) -> None:
    """A copy of a true row with its hash is wrong: the number stands in the hash."""
    copied = {name: value for name, value in three[1].items() if name != "id"}
    names, marks = ", ".join(copied), ", ".join(["%s"] * len(copied))
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL session_replication_role = replica")
        made = superuser.execute(
            f"INSERT INTO access_log ({names}) VALUES ({marks}) RETURNING id", list(copied.values())
        ).fetchone()
        assert made is not None
        assert verified(superuser, three[0]["at"])[1] == made[0]


def test_no_two_rows_have_one_hash(three: list[dict[str, Any]]) -> None:
    assert len({bytes(row["leaf"]) for row in three}) == 3
    assert {len(bytes(row["leaf"])) for row in three} == {32}
