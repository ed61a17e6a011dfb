"""The coded columns of a sickness case stand and fall with their record."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from dossier.records import actions
from dossier.records.places import record_url
from dossier.records.rows import Entry
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import text_of
from tests.domain.test_records_tools import CASE, SICK, minutes_ago, opened
from tests.walls import asking, looking
from tests.world import Case, World


@pytest.fixture
def guard(world: World) -> Case:
    return looking.alone(world, "procesbewaker")


def reported(case: Case) -> uuid.UUID:
    """Let somebody record and sign a ziekmelding."""
    with case.actor.acts():
        row = actions.write(
            by=case.actor.user,
            opened=opened(case, SICK),
            entry=Entry(SICK, minutes_ago(5), {}, details=CASE),
            sign=True,
        )
    return row.pk


@pytest.mark.parametrize("who", ["the author", "a case manager"])
def test_a_signed_ziekmelding_never_changes(
    world: World, superuser: psycopg.Connection, guard: Case, who: str
) -> None:
    record = reported(guard)
    other = guard
    if who == "a case manager":
        actor = world.engaged("casemanager", practice=guard.dossier.practice)
        other = world.case("casemanager", dossier=guard.dossier, actor=actor, physician=guard.physician)
    change = "UPDATE process_verzuimgeval SET work_accident = true WHERE record_id = %s"
    with other.actor.acts():
        asking.opened(guard.dossier.pk, ["werkgeverdeel.write", "werkgeverdeel.read", "werkgeverdeel.amend"])
        assert asking.changed(change, record) in (0, "42501", "23514")


def test_a_ziekmelding_that_was_moved_leaves_no_day_in_the_wrong_dossier(world: World, guard: Case) -> None:
    record = reported(guard)
    right = world.case(
        "procesbewaker",
        dossier=looking.dossier_in(world, guard.dossier.practice),
        actor=guard.actor,
        physician=guard.physician,
    )
    client = enter(guard.actor)
    with guard.actor.acts():
        opened(guard, SICK)
        row = SICK.panel.header.objects.get(pk=record)
    answer = client.post(record_url(row, "record_move"), {"naar": str(right.dossier.pk)})
    assert answer.status_code == 302
    assert "Eerste ziektedag" not in text_of(client.get(record_url(row)))
    with guard.actor.acts():
        asking.opened(guard.dossier.pk, ["werkgeverdeel.read"])
        assert asking.ids("process_verzuimgeval", "record_id") == set()
