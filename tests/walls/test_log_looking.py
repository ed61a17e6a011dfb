"""No row, no data: whatever is read stands in the log, and a row opens the one request that wrote it."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from directory.access.context import NoCapacity, begin, begin_cursor
from dossier.medical.models import MedicalPart, MedicalRecord
from dossier.models import Dossier
from tests.domain.test_records_tools import note
from tests.walls import asking, looking
from tests.world import Case, World

ASK = "begeleiding.read"


@pytest.fixture
def physician(world: World) -> Case:
    """A physician with one record of hers on a dossier, in a practice of her own."""
    case = looking.alone(world, "bedrijfsarts")
    note(case)
    return case


def read() -> tuple[int, int]:
    """Count the headings and the texts that the database shows now, whatever the application would filter."""
    return len(asking.ids("medical_record")), len(asking.ids("medical_part"))


def test_before_the_opening_nothing_is_read_and_after_it_everything(physician: Case) -> None:
    with physician.actor.acts() as now:
        assert read() == (0, 0)
        assert not MedicalRecord.objects.open_to(now.capacity, "read").exists()
        Dossier.objects.open(physician.dossier.pk, ASK)
        assert read() == (1, 1)
        assert MedicalPart.objects.open_to(now.capacity, "read").count() == 1


def test_what_was_read_has_its_row_the_moment_it_is_committed(
    physician: Case, superuser: psycopg.Connection
) -> None:
    """Until then nobody else sees the row, and no page has left: an answer goes out after the commit."""
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.dossier.pk, ASK)
        assert read() == (1, 1)
        assert looking.rows(superuser, request=now.nonce) == []
    row = looking.row(superuser, request=now.nonce)
    assert (row["kind"], row["outcome"], row["dossiers"]) == ("open", "ok", [physician.dossier.pk])


def test_what_is_rolled_back_opened_nothing_for_later(physician: Case, superuser: psycopg.Connection) -> None:
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.dossier.pk, ASK)
        transaction.set_rollback(True)
    assert looking.rows(superuser, request=now.nonce) == []
    with physician.actor.acts():
        assert read() == (0, 0)


def test_nobody_opens_where_a_part_of_the_request_can_be_undone(physician: Case) -> None:
    """The row would go with the savepoint, and what was read would not."""
    with physician.actor.acts():
        with transaction.atomic(), pytest.raises(NoCapacity, match="savepoint"):
            Dossier.objects.open(physician.dossier.pk, ASK)
        assert read() == (0, 0)
        assert Dossier.objects.open(physician.dossier.pk, ASK).may(ASK)


def test_an_opening_undone_by_hand_closes_what_it_opened(physician: Case) -> None:
    with physician.actor.acts():
        mark = transaction.savepoint()
        asking.opened(physician.dossier.pk, [ASK])
        assert read() == (1, 1)
        transaction.savepoint_rollback(mark)
        assert read() == (0, 0)


# --- one request, one person ----------------------------------------------------------------------------------


def test_the_nonce_of_an_earlier_request_opens_nothing(physician: Case) -> None:
    """The row stands and names this very person and dossier; it is of another transaction."""
    with physician.actor.acts() as earlier:
        Dossier.objects.open(physician.dossier.pk, ASK)
    with physician.actor.acts():
        asking.run("SELECT set_config('app.request', %s, true)", earlier.nonce)
        assert read() == (0, 0)
        asking.opened(physician.dossier.pk, [ASK])
        assert read() == (1, 1)


def test_another_nonce_in_the_same_transaction_opens_nothing(physician: Case) -> None:
    """After a restore an old row may carry a number of a transaction of today."""
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.dossier.pk, ASK)
        asking.run("SELECT set_config('app.request', 'een ander verzoek', true)")
        assert read() == (0, 0)
        asking.run("SELECT set_config('app.request', %s, true)", now.nonce)
        assert read() == (1, 1)


def test_what_a_colleague_opened_in_this_transaction_is_open_to_nobody_else(
    world: World, physician: Case
) -> None:
    """Two tokens in one hand: each still asks a row of its own."""
    practice = physician.actor.engagement.practice
    colleague = world.engaged("bedrijfsarts", practice=practice)
    world.case("waarnemer", dossier=physician.dossier, actor=colleague, physician=physician.actor)
    other = begin(
        session_key="van de ander", user_id=colleague.user.pk, engagement_id=colleague.engagement.pk
    )
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.dossier.pk, ASK)
        asking.run("SELECT set_config('app.session', %s, true)", other.token)
        assert read() == (0, 0)
        asking.opened(physician.dossier.pk, [ASK])
        assert read() == (1, 1)
        asking.run("SELECT set_config('app.session', %s, true)", now.capacity.token)
        assert read() == (1, 1)


# --- lists, searches and explanations -------------------------------------------------------------------------


def three_dossiers(world: World) -> tuple[Case, set[UUID]]:
    """Give a physician three dossiers, beside one of a colleague in the same practice."""
    first = looking.alone(world, "bedrijfsarts")
    practice = first.actor.engagement.practice
    more = [
        world.case(
            "bedrijfsarts",
            dossier=looking.dossier_in(world, practice),
            actor=first.actor,
            physician=first.actor,
        ).dossier.pk
        for _ in range(2)
    ]
    colleague = world.engaged("bedrijfsarts", practice=practice)
    elsewhere = looking.dossier_in(world, practice)
    world.case("bedrijfsarts", dossier=elsewhere, actor=colleague, physician=colleague)
    return first, {first.dossier.pk, *more}


def test_a_list_has_one_row_that_names_exactly_the_dossiers_on_it(
    world: World, superuser: psycopg.Connection
) -> None:
    case, dossiers = three_dossiers(world)
    with case.actor.acts() as now:
        assert {dossier.pk for dossier in Dossier.objects.newest()} == dossiers
    row = looking.row(superuser, request=now.nonce)
    assert (row["kind"], len(row["dossiers"]), set(row["dossiers"])) == ("list", 3, dossiers)


def test_a_page_of_a_list_names_the_dossiers_of_that_page_only(
    world: World, superuser: psycopg.Connection
) -> None:
    case, _ = three_dossiers(world)
    with case.actor.acts() as now:
        shown = [dossier.pk for dossier in Dossier.objects.newest(2)]
    assert len(shown) == 2
    assert looking.row(superuser, request=now.nonce)["dossiers"] == shown


def test_a_list_opens_headings_and_no_text(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    note(case)
    with case.actor.acts():
        assert len(Dossier.objects.newest()) == 1
        assert read() == (1, 0)
        Dossier.objects.open(case.dossier.pk, ASK)
        assert read() == (1, 1)


def test_a_search_names_what_it_found_and_never_what_was_typed(
    world: World, superuser: psycopg.Connection
) -> None:
    case, _ = three_dossiers(world)
    name = case.dossier.person.surname.lower()
    with case.actor.acts() as now:
        assert [found.pk for found in Dossier.objects.search(key=name, born=None)] == [case.dossier.pk]
    rows = looking.rows(superuser, request=now.nonce)
    assert [row["kind"] for row in rows] == ["search", "list"]
    assert [row["dossiers"] for row in rows] == [[case.dossier.pk]] * 2
    assert name not in repr(rows).lower()


def test_a_search_that_finds_nothing_is_logged_and_opens_nothing(
    world: World, superuser: psycopg.Connection
) -> None:
    case = looking.alone(world, "bedrijfsarts")
    with case.actor.acts() as now:
        assert Dossier.objects.search(key="bestaatniet", born=None) == []
        assert asking.ids("dossier_dossier") == set()
    row = looking.row(superuser, request=now.nonce)
    assert (row["kind"], row["dossiers"]) == ("search", [])


def test_explaining_somebody_s_access_is_logged_and_opens_nothing(
    physician: Case, superuser: psycopg.Connection
) -> None:
    mine = {"kind": "explain", "actor": physician.actor.user.pk}
    assert looking.rows(superuser, **mine) == []
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT answer FROM access_explain(%s, %s, %s, 'begeleiding', 'read', now(), NULL)",
            [physician.actor.user.pk, physician.actor.engagement.pk, physician.dossier.pk],
        )
        assert cursor.fetchone() == ("allow",)
    row = looking.row(superuser, **mine)
    assert (row["dossiers"], row["asks"]) == ([physician.dossier.pk], [ASK])
