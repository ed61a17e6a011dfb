"""Nothing typed is ever lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from directory.access.keystore import fetch_keys
from dossier.models import Dossier
from dossier.records.keeping import kept_texts
from dossier.records.places import new_url, record_url
from tests.domain.test_records_browser import browser, form, kept_of, moment, text_of, waiting
from tests.domain.test_records_tools import (
    CONTACT,
    minutes_ago,
    note,
    opened,
)
from tests.world import OWNER, Case, World


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def test_a_contract_suspended_while_typing_keeps_the_text_for_the_physician(world: World, delegate: Case):
    client, url = browser(world, delegate.actor), new_url(delegate.dossier.pk, CONTACT)
    assert client.get(url).status_code == 200
    world.suspend(delegate.ground)
    page = client.post(url, form(anamnese="Tot het laatste woord."))
    assert page.status_code == 403
    assert "geschorst" in text_of(page)
    assert "Uw tekst is bewaard en niet vastgelegd" in text_of(page)
    assert "Tot het laatste woord." in text_of(page)
    assert kept_of(delegate) == ["suspended"]


def test_a_right_that_ended_while_typing_gives_the_reason_not_a_missing_page(world: World, delegate: Case):
    client, url = browser(world, delegate.actor), new_url(delegate.dossier.pk, CONTACT)
    world.end(delegate.ground)
    page = client.post(url, form(anamnese="Te laat."))
    assert page.status_code == 403
    assert "uw taak op dit dossier is geëindigd" in text_of(page)
    assert kept_of(delegate) == ["right_ended"]
    assert client.get(url).status_code == 404


def test_a_notice_that_came_late_is_named_with_both_moments(world: World, delegate: Case):
    world.change(delegate.facts["notice"], given_at=minutes_ago(2))
    client = browser(world, delegate.actor)
    page = client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Eerste contact."))
    assert page.status_code == 403
    assert "pas op" in text_of(page)
    assert "geïnformeerd over uw rol" in text_of(page)
    assert kept_of(delegate) == ["notice_late"]


def test_a_capacity_that_ended_goes_back_to_choosing_and_the_text_is_kept(world: World, delegate: Case):
    client = browser(world, delegate.actor)
    world.change(delegate.actor.engagement, ends_at=timezone.now())
    page = client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Nog net getypt."))
    assert page.status_code == 302
    assert kept_of(delegate) == ["database"]


def test_the_physician_takes_over_what_a_delegate_could_not_save(world: World, delegate: Case):
    client = browser(world, delegate.actor)
    world.suspend(delegate.ground)
    client.post(
        new_url(delegate.dossier.pk, CONTACT), form(anamnese="Bewaard.", voorlopig_oordeel="Kan opbouwen.")
    )
    [(row, _)] = waiting(delegate)
    chief = browser(world, delegate.physician)
    url = reverse("kept_decide", args=[delegate.dossier.pk, row])
    assert client.post(url, {"keuze": "vernietigen"}).status_code in (403, 404)  # not hers to decide any more
    taken = chief.post(url, {"keuze": "overnemen"})
    assert taken.status_code == 302
    page = text_of(chief.get(taken.url))
    assert f"[Overgenomen van {delegate.actor.user.display_name}" in page
    assert "Kan opbouwen." in page
    assert kept_of(delegate) == []
    again = chief.post(url, {"keuze": "overnemen"}, follow=True)
    assert "Over deze tekst hebt u al beslist." in text_of(again)


def test_the_physician_destroys_it_and_its_key_goes(world: World, delegate: Case):
    client = browser(world, delegate.actor)
    world.suspend(delegate.ground)
    client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Weg ermee."))
    [(row, _)] = waiting(delegate)
    assert fetch_keys([row])
    browser(world, delegate.physician).post(
        reverse("kept_decide", args=[delegate.dossier.pk, row]), {"keuze": "vernietigen"}
    )
    assert kept_of(delegate) == []
    assert fetch_keys([row]) == {}


def test_what_was_kept_waits_for_the_physician_and_not_for_who_was_suspended(world: World, delegate: Case):
    client = browser(world, delegate.actor)
    world.suspend(delegate.ground)
    client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Bewaard.") | {"happened_at": "onzin"})
    physician = Case(
        "bedrijfsarts", delegate.physician, delegate.dossier, delegate.ground, delegate.physician
    )
    with physician.actor.acts():
        [view] = kept_texts(opened(physician, CONTACT, "begeleiding.write"))
    assert (view.who, view.mine) == (delegate.actor.user.display_name, False)
    assert view.fields == [("Anamnese", "Bewaard.")]
    assert (view.may_take_over, view.may_remark) == (True, False)  # there is no record to remark beside
    colleague = world.case("procesbewaker", dossier=delegate.dossier, physician=delegate.physician)
    with colleague.actor.acts():
        assert kept_texts(Dossier.objects.open(delegate.dossier.pk, "proces.write", "proces.read")) == []


def test_without_a_task_the_page_says_where_to_look(world: World, delegate: Case):
    delegate.facts["contract"].tasks.using(OWNER).filter(task__code="M7").delete()
    client = browser(world, delegate.actor)
    page = client.get(new_url(delegate.dossier.pk, CONTACT))
    assert page.status_code == 403
    assert "U hebt op dit dossier nu geen taak" in text_of(page)


def test_an_author_goes_on_with_his_own_text_on_the_form(world: World, delegate: Case):
    world.change(delegate.facts["notice"], given_at=minutes_ago(2))
    client = browser(world, delegate.actor)
    client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Eerste contact."))
    [(row, _)] = waiting(delegate)
    page = client.post(reverse("kept_decide", args=[delegate.dossier.pk, row]), {"keuze": "overnemen"})
    assert page.status_code == 400
    assert "Eerste contact." in text_of(page)
    assert "geïnformeerd over uw rol" in text_of(page)
    sent = form(anamnese="Eerste contact.") | {"happened_at": moment(1), "bewaard": str(row)}
    assert client.post(new_url(delegate.dossier.pk, CONTACT), sent).status_code == 302
    assert kept_of(delegate) == []


def test_two_windows_meet_on_a_page_with_both_texts(world: World):
    case = world.case("bedrijfsarts")
    client, record = browser(world, case.actor), note(case, sign=False, anamnese="Eerst.")
    edit = record_url(record, "record_edit")
    client.post(edit, form(anamnese="Venster een.") | {"revision": "1", "doe": "bewaren"})
    page = client.post(edit, form(anamnese="Venster twee.") | {"revision": "1", "doe": "bewaren"})
    assert page.status_code == 409
    assert "Venster een." in text_of(page)
    assert "Venster twee." in text_of(page)
    assert kept_of(case) == ["conflict"]
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.content.decode())
    )
    assert hidden["revision"] == "2"
    sent = {name: unescape(value) for name, value in hidden.items()} | {"keuze": "van_u"}
    assert client.post(edit, sent).status_code == 302
    assert "Venster twee." in text_of(client.get(record_url(record)))
    assert kept_of(case) == []


def test_whoever_leaves_what_stands_there_keeps_nothing_behind(world: World):
    case = world.case("bedrijfsarts")
    client, record = browser(world, case.actor), note(case, anamnese="Slaapt zes uur.")
    amend = record_url(record, "record_amend")
    new = form(anamnese="Slaapt acht uur.", reason="Beter") | {"revision": "1"}
    assert client.post(amend, new).status_code == 302
    late = form(anamnese="Slaapt tien uur.", reason="Anders") | {"revision": "1"}
    page = client.post(amend, late)
    assert page.status_code == 409
    kept = re.search(r'name="bewaard" value="([^"]+)"', page.content.decode())
    assert kept is not None
    assert client.post(amend, late | {"keuze": "van_ander", "bewaard": kept[1]}).status_code == 302
    assert kept_of(case) == []
    assert "Slaapt tien uur." not in text_of(client.get(record_url(record)))


def test_an_edit_without_a_revision_is_shown_beside_what_stands(world: World):
    case = world.case("bedrijfsarts")
    client, record = browser(world, case.actor), note(case, sign=False, anamnese="Eerst.")
    page = client.post(record_url(record, "record_edit"), form(anamnese="Blind.") | {"revision": "onzin"})
    assert page.status_code == 409
