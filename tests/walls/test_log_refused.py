"""A refusal is looking, too: its row stands, also when the request that was refused is undone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.access.refusals import NotAllowed, NotFound, NotYet
from dossier.models import Dossier
from dossier.records.places import new_url
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form
from tests.domain.test_records_tools import CONTACT, note
from tests.walls import asking, looking
from tests.walls.asking import REFUSED
from tests.world import Case, World

ASK = "begeleiding.read"


@pytest.fixture
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


def test_a_refused_opening_is_logged_with_what_was_missing(
    world: World, superuser: psycopg.Connection
) -> None:
    """The refusal is the answer of the page, so its transaction commits, and its row with it."""
    guard, suspended = looking.alone(world, "procesbewaker"), looking.alone(world, "bedrijfsarts")
    world.suspend(suspended.ground)
    somebody = looking.stranger(world)
    cases = (
        (somebody, guard.dossier.pk, NotFound, "no_grant"),
        (somebody, uuid.uuid4(), NotFound, "no_grant"),
        (guard.actor, guard.dossier.pk, NotAllowed, "no_medical"),
        (suspended.actor, suspended.dossier.pk, NotYet, "suspended"),
    )
    for actor, dossier, refusal, code in cases:
        with actor.acts() as now, pytest.raises(refusal):
            Dossier.objects.open(dossier, ASK)
        row = looking.row(superuser, request=now.nonce)
        assert (row["kind"], row["outcome"], row["code"]) == ("open", "refused", code)
        assert (row["actor"], row["asks"], row["dossiers"]) == (actor.user.pk, [ASK], [dossier])


def test_the_row_of_a_refusal_is_not_taken_for_an_opening(world: World, physician: Case) -> None:
    """It names the dossier and the section; once the suspension is over it must still open nothing."""
    note(physician)
    pause = timezone.now() + timedelta(seconds=1)
    world.suspend(physician.ground, ends_at=pause)
    with physician.actor.acts():
        assert asking.opened(physician.dossier.pk, [ASK])[ASK].code == "suspended"
        asking.run("SELECT pg_sleep_until(%s + interval '50 milliseconds')", pause)
        assert asking.ids("medical_record") == set()
        assert asking.opened(physician.dossier.pk, [ASK])[ASK].allowed
        assert len(asking.ids("medical_record")) == 1


def test_only_what_was_allowed_stands_in_the_row_of_an_opening(
    world: World, superuser: psycopg.Connection
) -> None:
    case = looking.alone(world, "gedelegeerde")
    with case.actor.acts() as now:
        Dossier.objects.open(case.dossier.pk, "gedelegeerde.read", "keuring.read", "gedelegeerde.write")
    row = looking.row(superuser, request=now.nonce)
    assert row["asks"] == ["gedelegeerde.read", "gedelegeerde.write"]


@pytest.mark.parametrize(
    ("told", "written"),
    [("refused", "refused"), ("error", "error"), ("open", "refused"), ("list", "refused")],
)
def test_a_refusal_of_a_request_that_is_undone_is_logged_beside_it(
    physician: Case, superuser: psycopg.Connection, told: str, written: str
) -> None:
    """It can say that something was refused or broke, and never that it was opened."""
    dossier = physician.dossier.pk
    with physician.actor.acts() as now:
        Dossier.objects.open(dossier, ASK)
        log.refused(now, kind=told, code="wall", dossier=dossier, asks=[ASK])
        transaction.set_rollback(True)
    row = looking.row(superuser, request=now.nonce)
    assert (row["kind"], row["outcome"], row["code"]) == (written, "refused", "wall")
    assert (row["actor"], row["dossiers"], row["asks"]) == (physician.actor.user.pk, [dossier], [ASK])


def test_a_save_that_was_refused_leaves_the_row_of_its_refusal_and_no_other(
    world: World, superuser: psycopg.Connection
) -> None:
    """Through the real page: what it opened and wrote is undone, and that it was refused is not."""
    case = looking.alone(world, "gedelegeerde")
    client = enter(case.actor)
    world.suspend(case.ground)
    page = client.post(new_url(case.dossier.pk, CONTACT), form(anamnese="Slaapt zes uur."))
    assert page.status_code == 403
    (row,) = looking.rows(superuser, actor=case.actor.user.pk)
    assert (row["kind"], row["outcome"], row["code"]) == ("refused", "refused", "suspended")
    assert row["dossiers"] == [case.dossier.pk]


def test_a_refusal_is_logged_although_the_capacity_has_ended_meanwhile(
    physician: Case, superuser: psycopg.Connection
) -> None:
    with physician.actor.acts() as now:
        superuser.execute(
            "UPDATE access_sessioncontext SET ended_at = clock_timestamp() WHERE engagement_id = %s",
            [physician.actor.engagement.pk],
        )
        assert asking.outcome(lambda: asking.run("SELECT access_user()")) == REFUSED
        log.refused(now, kind="refused", code="capacity_ended")
        transaction.set_rollback(True)
    assert looking.row(superuser, request=now.nonce)["code"] == "capacity_ended"


def test_nobody_logs_a_refusal_in_the_name_of_another(physician: Case, superuser: psycopg.Connection) -> None:
    nonce = uuid.uuid4().hex
    refuse = "SELECT access_refused(%s, %s, '', 'refused', 'x', NULL, '{}')"
    with log.second_cursor() as cursor:
        cursor.execute(refuse, [uuid.uuid4().hex, nonce])
    assert looking.rows(superuser, request=nonce) == []
    with physician.actor.acts() as now, log.second_cursor() as cursor:
        cursor.execute(refuse, [now.capacity.token, nonce])
    assert looking.row(superuser, request=nonce)["actor"] == physician.actor.user.pk
