"""A form is one record with the words it carries now, and whose cell says "own" follows his own record only."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache

from directory.access.refusals import NotAllowed
from dossier.records import actions
from dossier.records.base import State
from dossier.records.keeping import kept_texts
from dossier.records.places import new_url, record_url
from tests.domain.test_records_browser import browser, form, kept_of, state_of, text_of
from tests.domain.test_records_tools import CONTACT, NOTE, STEP, amended, entry, note, opened, place
from tests.world import Case, World


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


# --- the same key, other words --------------------------------------------------------------------------------


def test_whoever_goes_back_and_sends_other_words_keeps_both(world: World, physician: Case):
    """A browser that goes back sends the form with its old key: the second text must not vanish behind the first."""
    client, url = browser(world, physician.actor), new_url(physician.dossier.pk, NOTE)
    first = form(anamnese="Het eerste gesprek.")
    assert client.post(url, first).status_code == 302
    page = client.post(url, first | {"anamnese": "Het tweede gesprek."})
    assert page.status_code == 409
    assert "Het eerste gesprek." in text_of(page)
    assert "Het tweede gesprek." in text_of(page)
    assert (state_of(physician), kept_of(physician)) == ([State.SIGNED], ["conflict"])


def test_the_same_form_sent_twice_stays_one_record_and_keeps_nothing(world: World, physician: Case):
    client, url = browser(world, physician.actor), new_url(physician.dossier.pk, NOTE)
    same = form(anamnese="Het eerste gesprek.")
    assert [client.post(url, same).status_code for _ in range(2)] == [302, 302]
    assert (state_of(physician), kept_of(physician)) == ([State.SIGNED], [])


def test_a_new_version_with_an_old_key_and_other_words_is_a_conflict(world: World, physician: Case):
    client, record = browser(world, physician.actor), note(physician, anamnese="Slaapt zes uur.")
    url = record_url(record, "record_amend")
    second = form(anamnese="Slaapt zeven uur.", reason="Verhoord") | {"revision": "1"}
    assert client.post(url, second).status_code == 302
    assert client.post(url, second | {"anamnese": "Slaapt acht uur."}).status_code == 409
    assert kept_of(physician) == ["conflict"]


def test_a_version_sent_twice_is_one_version_also_when_another_followed(physician: Case):
    """Otherwise its words would stand twice: as a version, and as a text that waits."""
    record, by = note(physician, anamnese="Slaapt zes uur."), physician.actor.user
    form_sent = entry(NOTE, record.happened_at, anamnese="Slaapt zeven uur.")

    def send():
        with physician.actor.acts():
            here = opened(physician, NOTE)
            return actions.amend(
                by=by, opened=here, record=record, entry=form_sent, reason="Verhoord", seen=1, sign=True
            )

    made = send()
    later = amended(physician, record, seen=2, anamnese="Slaapt acht uur.")
    assert (made.version, later.version) == (2, 3)
    assert send().pk == made.pk


# --- another's record -----------------------------------------------------------------------------------------


@pytest.fixture
def guards(world: World) -> tuple[Case, Case]:
    """Two process guards on one dossier: each reads all steps, and follows his own."""
    one = world.case("procesbewaker")
    return one, world.case("procesbewaker", dossier=one.dossier, physician=one.physician)


def test_a_process_guard_makes_no_version_of_a_colleagues_step(world: World, guards: tuple[Case, Case]):
    one, other = guards
    record = note(one, STEP, proces="Gesprek gepland.")
    client, url = browser(world, other.actor), record_url(record, "record_amend")
    assert client.get(record_url(record)).status_code == 200
    assert client.get(url).status_code == 403
    page = client.post(url, form(proces="Geen gesprek.", reason="Anders") | {"revision": "1"})
    assert page.status_code == 403
    assert "Dit is door een ander geschreven." in text_of(page)
    assert kept_of(other) == ["not_author"]


def test_a_process_guard_makes_a_version_of_his_own_step(world: World, guards: tuple[Case, Case]):
    record = note(guards[0], STEP, proces="Gesprek gepland.")
    client, url = browser(world, guards[0].actor), record_url(record, "record_amend")
    assert client.get(url).status_code == 200
    new = form(proces="Gesprek verzet.", reason="Verzet") | {"revision": "1"}
    assert client.post(url, new).status_code == 302


def test_a_physician_under_supervision_does_not_rewrite_the_physician(world: World, physician: Case):
    record = note(physician, anamnese="Slaapt zes uur.")
    junior = world.case("arts_onder_supervisie", dossier=physician.dossier, physician=physician.actor)
    with pytest.raises(NotAllowed, match="not_author"):
        amended(junior, record, anamnese="Slaapt acht uur.")
    own = note(junior, anamnese="Van mijzelf.")
    assert amended(junior, own, anamnese="Nog steeds van mijzelf.").version == 2


def test_the_physician_whose_cell_says_all_follows_a_colleagues_record(world: World, physician: Case):
    deputy = world.case("waarnemer", dossier=physician.dossier, physician=physician.actor)
    record = note(deputy, anamnese="Slaapt zes uur.")
    assert amended(physician, record, anamnese="Slaapt acht uur.").version == 2


# --- what nobody writes by hand -------------------------------------------------------------------------------


def test_nobody_writes_a_crossing_fact_by_hand(world: World, guards: tuple[Case, Case]):
    """It says that a physician held a consult; its address stands on the page, so it must not be a form."""
    guard, fact = guards[0], place("overgangsfeit")
    client = browser(world, guard.actor)
    forged = form(consult_gehouden="Consult gehouden over de rug.")
    assert client.get(new_url(guard.dossier.pk, fact)).status_code == 404
    assert client.post(new_url(guard.dossier.pk, fact), forged).status_code == 404
    assert state_of(guard, fact) == []
    assert client.post(new_url(guard.dossier.pk, STEP), form(proces="Gepland.")).status_code == 302
    assert state_of(guard, STEP) == [State.SIGNED]


# --- remarks --------------------------------------------------------------------------------------------------


def test_a_remark_with_an_old_key_and_other_words_is_a_remark_of_its_own(world: World):
    delegate = world.case("gedelegeerde")
    record = note(delegate, CONTACT)
    chief, url = browser(world, delegate.physician), record_url(record, "record_remark")
    sent = {"opmerking": "Bel me even.", "form_key": str(uuid4())}
    for words in ("Bel me even.", "Bel me even.", "Laat maar, opgelost."):
        assert chief.post(url, sent | {"opmerking": words}).status_code == 302
    page = text_of(chief.get(record_url(record)))
    assert (page.count("Bel me even."), page.count("Laat maar, opgelost.")) == (1, 1)


# --- what was kept --------------------------------------------------------------------------------------------


def test_twenty_texts_of_one_colleague_do_not_hide_the_text_of_another(
    world: World,
):
    """What was kept waits for the physician: twenty of one who goes on typing must not push the other's away."""
    delegate = world.case("gedelegeerde")
    other = world.case("gedelegeerde", dossier=delegate.dossier, physician=delegate.physician)
    url = new_url(delegate.dossier.pk, CONTACT)
    for case in (delegate, other):
        world.suspend(case.ground)
    assert browser(world, other.actor).post(url, form(anamnese="Het enige.")).status_code == 403
    client = browser(world, delegate.actor)
    for number in range(20):
        assert client.post(url, form(anamnese=f"Nummer {number}.")).status_code == 403
    hers = Case("bedrijfsarts", delegate.physician, delegate.dossier, delegate.ground, delegate.physician)
    with hers.actor.acts():
        found = [view.fields for view in kept_texts(opened(hers, CONTACT, "begeleiding.write"))]
    assert [("Anamnese", "Het enige.")] in found
