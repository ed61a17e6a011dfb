"""Beside, inward and elsewhere: remarks, shares, and what was written in the wrong dossier."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from dossier.records import actions
from dossier.records.base import State
from dossier.records.places import record_url
from tests.domain.test_records_browser import browser, state_of, text_of
from tests.domain.test_records_tools import (
    CONTACT,
    NOTE,
    STEP,
    entry,
    note,
    opened,
)
from tests.world import Case, World


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture(scope="module")
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture(scope="module")
def at_work(world: World, physician: Case) -> Client:
    return browser(world, physician.actor)


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def test_the_physician_remarks_on_the_page_of_a_delegates_record(world: World, delegate: Case):
    record = note(delegate, CONTACT)
    chief = browser(world, delegate.physician)
    url = record_url(record)
    assert "Opmerking vastleggen" in text_of(chief.get(url))
    empty = chief.post(record_url(record, "record_remark"), {"opmerking": " ", "form_key": str(uuid4())})
    assert empty.status_code == 400
    assert "Vul dit in." in text_of(empty)
    chief.post(record_url(record, "record_remark"), {"opmerking": "Bel me even.", "form_key": str(uuid4())})
    assert "Bel me even." in text_of(chief.get(url))


def test_a_note_is_shared_for_a_task_and_no_longer(world: World, delegate: Case):
    physician = Case(
        "bedrijfsarts", delegate.physician, delegate.dossier, delegate.ground, delegate.physician
    )
    record = note(physician, NOTE, anamnese="Gedeelde tekst.")
    chief, reader = browser(world, delegate.physician), browser(world, delegate.actor)
    url = record_url(record)
    assert reader.get(url).status_code == 404
    page = text_of(chief.get(url))
    assert f"{delegate.actor.user.display_name}: Medische anamnese" in page
    # A task of the process has no place where a medical piece could arrive, nor has one for another purpose.
    assert "Procesgegevens noteren" not in page
    process = chief.post(record_url(record, "record_share"), {"met": f"{delegate.actor.user.pk}/P2"})
    assert process.status_code == 403
    nobody = chief.post(record_url(record, "record_share"), {"met": ""})
    assert nobody.status_code == 400
    assert "Kies met wie" in text_of(nobody)
    chief.post(record_url(record, "record_share"), {"met": f"{delegate.actor.user.pk}/M2"})
    assert "Gedeelde tekst." in text_of(reader.get(url))
    stop = re.search(r'action="([^"]+/delen/[^"]+)"', chief.get(url).content.decode())
    assert stop is not None
    chief.post(stop[1])
    assert reader.get(url).status_code == 404


def test_nothing_is_shared_with_somebody_who_does_not_work_here(
    world: World, physician: Case, at_work: Client
):
    record = note(physician)
    stranger = world.engaged("gedelegeerde")
    page = at_work.post(record_url(record, "record_share"), {"met": f"{stranger.user.pk}/M2"})
    assert page.status_code == 403
    assert "Dit kunt u niet met deze collega delen" in text_of(page)


def test_what_was_written_in_the_wrong_dossier_moves_and_leaves_a_stub(world: World):
    wrong = world.case("bedrijfsarts")
    right = world.case("bedrijfsarts", actor=wrong.actor, physician=wrong.physician)
    client = browser(world, wrong.actor)
    record = note(wrong, anamnese="Over een ander.")
    with wrong.actor.acts():
        actions.amend(
            by=wrong.actor.user,
            opened=opened(wrong, NOTE),
            record=record,
            entry=entry(NOTE, record.happened_at, anamnese="Nog steeds over een ander."),
            reason="Vergeten",
            seen=1,
            sign=True,
        )
    move = record_url(record, "record_move")
    found = text_of(client.post(move, {"q": right.dossier.person.surname}))
    assert right.dossier.person.surname in found
    moved = client.post(move, {"naar": str(right.dossier.pk)})
    assert moved.status_code == 302
    page = text_of(client.get(moved.url))
    assert "Nog steeds over een ander." in page
    assert "Versie 2" in page
    stub = text_of(client.get(record_url(record)))
    assert "over een ander" not in stub
    assert "verkeerde dossier" in stub
    assert client.post(move, {"naar": str(right.dossier.pk)}).status_code == 302  # sent twice
    assert set(state_of(wrong)) == {State.MOVED}
    assert state_of(right) == [State.SIGNED, State.SIGNED]
    with wrong.actor.acts():
        opened(wrong, STEP)
        opened(right, STEP)
        rows = STEP.panel.header.objects.filter(kind="overgangsfeit")
        assert [row.state for row in rows.filter(dossier=wrong.dossier.pk)] == [State.MOVED]
        assert [row.state for row in rows.filter(dossier=right.dossier.pk)] == [State.SIGNED]


def test_a_delegate_moves_his_own_concept(world: World, delegate: Case):
    right = world.case("gedelegeerde", actor=delegate.actor, physician=delegate.physician)
    record = note(delegate, CONTACT, sign=False, anamnese="Over een ander.")
    client = browser(world, delegate.actor)
    assert client.post(record_url(record, "record_move"), {"naar": str(right.dossier.pk)}).status_code == 302
    assert (state_of(delegate, CONTACT), state_of(right, CONTACT)) == ([State.MOVED], [State.CONCEPT])


def test_nothing_moves_to_a_dossier_one_does_not_work_on(world: World):
    case = world.case("bedrijfsarts")
    record, elsewhere = note(case), world.dossier()
    client = browser(world, case.actor)
    page = client.post(record_url(record, "record_move"), {"naar": str(elsewhere.pk)})
    assert page.status_code == 404
    assert state_of(case) == [State.SIGNED]
