"""What readers see of records, and the facts that cross the hinge."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.access.keystore import destroy_key
from directory.access.refusals import NotYet
from dossier.models import Dossier
from dossier.process.models import ProcessRecord
from dossier.records import actions
from dossier.records.base import State
from dossier.records.loading import load_panel
from tests.domain.test_records_tools import (
    CONTACT,
    NOTE,
    STEP,
    amended,
    entry,
    log_of,
    minutes_ago,
    note,
    opened,
)
from tests.world import Case, World


@pytest.fixture
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def facts(case: Case) -> list[ProcessRecord]:
    with case.actor.acts():
        opened(case, STEP)
        rows = ProcessRecord.objects.filter(dossier=case.dossier.pk, kind="overgangsfeit")
        return list(rows.order_by("happened_at", "version"))


def test_a_signed_consult_crosses_as_a_date_and_nothing_else(world: World, physician: Case):
    record = note(physician, anamnese="Geheim.")
    [fact] = facts(physician)
    assert (fact.state, fact.section) == (State.SIGNED, "proces")
    assert str(record.pk) not in str(fact.__dict__)
    keeper = world.case("procesbewaker", dossier=physician.dossier, physician=physician.actor)
    with keeper.actor.acts():
        [view] = load_panel(Dossier.objects.open(keeper.dossier.pk, "proces.read"), "process").records
    assert (view.label, view.parts, view.time) == ("Consult gehouden", [], "")


@pytest.mark.parametrize(
    ("role", "behalf"), [("waarnemer", "waarneming voor"), ("arts_onder_supervisie", "onder supervisie van")]
)
def test_so_does_that_of_a_deputy_and_of_a_physician_under_supervision(world: World, role: str, behalf: str):
    case = world.case(role)
    note(case, eindoordeel="Kan halve dagen werken.")
    assert len(facts(case)) == 1
    with case.actor.acts():
        [view] = load_panel(opened(case, NOTE), "medical").records
    assert view.behalf == f"{behalf} {case.physician.user.display_name}"


def test_a_concept_crosses_only_when_it_is_signed(physician: Case):
    record = note(physician, sign=False)
    assert facts(physician) == []
    with physician.actor.acts():
        actions.sign(by=physician.actor.user, opened=opened(physician, NOTE), record=record, place=NOTE)
    assert len(facts(physician)) == 1


def test_a_corrected_text_crosses_nothing_a_corrected_day_corrects_the_fact(physician: Case):
    record = note(physician, when=minutes_ago(3 * 24 * 60))
    amended(physician, record, anamnese="Anders.")
    assert len(facts(physician)) == 1
    with physician.actor.acts():
        actions.amend(
            by=physician.actor.user,
            opened=opened(physician, NOTE),
            record=record,
            entry=entry(NOTE, minutes_ago(24 * 60), anamnese="Anders."),
            reason="Verkeerde dag",
            seen=2,
            sign=True,
        )
    days = [(fact.version, timezone.localdate(fact.happened_at)) for fact in facts(physician)]
    assert days == [
        (1, timezone.localdate(record.happened_at)),
        (2, timezone.localdate(minutes_ago(24 * 60))),
    ]


def test_the_contact_of_a_delegate_does_not_cross(delegate: Case):
    note(delegate, CONTACT)
    assert facts(delegate) == []


def test_whose_key_was_destroyed_says_so_and_nothing_else(physician: Case):
    gone, stays = note(physician, anamnese="Weg."), note(physician, anamnese="Blijft.")
    destroy_key(gone.pk, by="test")
    with physician.actor.acts():
        views = {view.id: view for view in load_panel(opened(physician, NOTE), "medical").records}
    assert (views[gone.pk].gone, views[gone.pk].parts) == (True, [])
    assert views[stays.pk].parts == [("Anamnese", "Blijft.")]


def test_a_panel_costs_four_statements_and_one_on_the_key_store(physician: Case):
    for n in range(3):
        note(physician, anamnese=f"Notitie {n}.")
    with physician.actor.acts():
        here = opened(physician, NOTE)
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            assert len(load_panel(here, "medical").records) == 3
    assert len(main) <= 4
    assert len(keys) == 1


def test_the_desk_sees_that_there_is_a_note_and_not_what_it_says(world: World):
    keeper = world.case("procesbewaker")
    note(keeper, STEP, proces="Gebeld over de afspraak.")
    desk = world.case("secretariaat", dossier=keeper.dossier, physician=keeper.physician)
    with desk.actor.acts():
        here = Dossier.objects.open(desk.dossier.pk, "proces.find", "proces.write")
        [view] = load_panel(here, "process").records
    assert (view.label, view.parts, view.url) == ("Procesnotitie", [], "")


def test_older_records_come_by_the_page(physician: Case):
    for n in range(3):
        note(physician, when=minutes_ago(10 + n), anamnese=f"Notitie {n}.")
    with physician.actor.acts():
        here = opened(physician, NOTE)
        first = load_panel(here, "medical", page=2)
        rest = load_panel(here, "medical", after=first.older, page=2)
    assert [view.parts[0][1] for view in first.records] == ["Notitie 0.", "Notitie 1."]
    assert [view.parts[0][1] for view in rest.records] == ["Notitie 2."]
    assert rest.older is None


def test_every_act_leaves_its_log_row(physician: Case):
    record = note(physician, sign=False)
    with physician.actor.acts():
        actions.sign(by=physician.actor.user, opened=opened(physician, NOTE), record=record, place=NOTE)
    new = amended(physician, record, anamnese="Anders.")
    assert log_of(record.pk) == ["write", "sign"]
    assert log_of(new.pk) == ["amend"]


def test_nobody_writes_in_anothers_name(physician: Case, delegate: Case):
    with physician.actor.acts():
        here, text = opened(physician, NOTE), entry(NOTE, anamnese="Onder een andere naam.")
        with pytest.raises(NotYet):
            actions.write(by=delegate.actor.user, opened=here, entry=text)
