"""The screens of records: few clicks and clear words."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossier.models import Dossier
from dossier.records.base import State
from dossier.records.fields import MomentField
from dossier.records.pages import note_form
from dossier.records.places import code_of, new_url, record_url
from tests.domain.test_records_browser import browser, form, kept_of, state_of, text_of
from tests.domain.test_records_tools import (
    NOTE,
    SICK,
    STEP,
    log_of,
    note,
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


def test_one_click_writes_and_signs(physician: Case, at_work: Client):
    page = at_work.get(new_url(physician.dossier.pk, NOTE))
    assert page.status_code == 200
    assert "Eerder" in text_of(page)
    sent = at_work.post(new_url(physician.dossier.pk, NOTE), form(anamnese="Slaapt zes uur."))
    assert sent.url == reverse("dossier", args=[physician.dossier.pk])
    assert state_of(physician)[0] == State.SIGNED


def test_enter_keeps_a_concept_and_never_signs(physician: Case, at_work: Client):
    page = at_work.get(new_url(physician.dossier.pk, NOTE)).content.decode()
    buttons = re.findall(r'<button[^>]* name="doe" value="(\w+)"', page)
    assert buttons[0] == "bewaren"  # the browser presses the first one
    at_work.post(new_url(physician.dossier.pk, NOTE), form(anamnese="Enter.") | {"doe": ""})
    assert state_of(physician)[0] == State.CONCEPT


def test_another_page_embeds_the_form_with_links_to_the_other_kinds(physician: Case):
    with physician.actor.acts():
        asks = ("begeleiding.write", "gedelegeerde.read", "proces.write", "werkgeverdeel.write")
        here = Dossier.objects.open(physician.dossier.pk, *asks)
        medical, process = (note_form(here, HttpRequest(), panel) for panel in ("medical", "process"))
    assert medical is not None
    assert process is not None
    assert (medical.label, medical.others) == ("Spreekuur", [])
    assert [label for label, _ in process.others] == ["Ziekmelding"]
    page = render_to_string("records/_formulier.html", {"notitie": process, "csrf_token": "x"})
    assert f'action="{process.url}"' in page
    assert "ziekmelding</a>" in page


def test_addresses_name_no_kind_and_mean_nothing_in_another_dossier(
    world: World, physician: Case, at_work: Client
):
    url = new_url(physician.dossier.pk, NOTE)
    assert not any(word in url for word in ("spreekuur", "begeleiding", "medi"))
    other = world.case("bedrijfsarts", actor=physician.actor)
    code = code_of(physician.dossier.pk, NOTE)
    assert code != code_of(other.dossier.pk, NOTE)
    assert at_work.get(reverse("record_new", args=[other.dossier.pk, code])).status_code == 404


def test_a_concept_is_changed_and_signed_on_its_page(physician: Case, at_work: Client):
    record = note(physician, sign=False, anamnese="Eerst.")
    edit = record_url(record, "record_edit")
    assert "Eerst." in text_of(at_work.get(edit))
    at_work.post(edit, form(anamnese="Daarna.") | {"revision": "1", "doe": "bewaren"})
    page = text_of(at_work.get(record_url(record)))
    assert "Daarna." in page
    assert "Concept, niet ondertekend" in page
    at_work.post(record_url(record, "record_sign"))
    assert log_of(record.pk)[-1] == "sign"
    assert at_work.get(edit).url == record_url(record)


def test_a_new_version_shows_what_changed(physician: Case, at_work: Client):
    record = note(physician, anamnese="Slaapt zes uur per nacht.")
    amend = record_url(record, "record_amend")
    assert "Reden van de nieuwe versie" in text_of(at_work.get(amend))
    sent = form(anamnese="Slaapt acht uur per nacht.", reason="Verschreven")
    when = f"{timezone.localtime(record.happened_at):%Y-%m-%dT%H:%M}"
    at_work.post(amend, sent | {"revision": "1", "happened_at": when})
    page = at_work.get(record_url(record)).content.decode()
    assert "<del>zes</del><ins>acht</ins>" in page
    assert "Reden: Verschreven" in page


@pytest.mark.parametrize("name", ["record", "record_edit", "record_amend", "record_move"])
def test_a_record_of_another_dossier_does_not_exist_here(
    world: World, physician: Case, at_work: Client, name: str
):
    other = world.case("bedrijfsarts", actor=physician.actor)
    record = note(other)
    here = reverse(name, args=[physician.dossier.pk, code_of(physician.dossier.pk, NOTE), record.pk])
    missing = reverse(name, args=[physician.dossier.pk, code_of(physician.dossier.pk, NOTE), uuid4()])
    one, two = at_work.get(here), at_work.get(missing)
    assert one.status_code == two.status_code == 404
    assert one.content == two.content


def test_a_stranger_gets_what_does_not_exist(world: World, physician: Case):
    stranger = browser(world, world.case("bedrijfsarts").actor)
    nothing = uuid4()
    one = stranger.get(new_url(physician.dossier.pk, NOTE))
    two = stranger.get(new_url(nothing, NOTE))
    assert one.status_code == two.status_code == 404
    assert one.content == two.content
    typed = form(anamnese="Nieuwsgierig.")
    one = stranger.post(new_url(physician.dossier.pk, NOTE), typed)
    two = stranger.post(new_url(nothing, NOTE), typed)
    assert one.status_code == two.status_code == 404
    assert one.content == two.content
    assert "Nieuwsgierig." in text_of(one)  # his own words come back to him, and stay nowhere
    assert kept_of(physician) == []


def test_a_process_keeper_writes_beside_the_process_and_nothing_medical(world: World):
    case = world.case("procesbewaker")
    client = browser(world, case.actor)
    assert client.get(new_url(case.dossier.pk, NOTE)).status_code == 403
    assert (
        client.post(new_url(case.dossier.pk, STEP), form(proces="Gebeld over de afspraak.")).status_code
        == 302
    )
    assert state_of(case, STEP) == [State.SIGNED]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"happened_at": "2026-02-31T10:00"}, "Deze datum of tijd bestaat niet"),
        ({"happened_at": "onzin"}, "Deze datum of tijd bestaat niet"),
        ({"happened_at": ""}, "Vul datum en tijd in"),
        ({"happened_at": "0001-01-01T00:00"}, "Controleer het jaartal"),
        ({"happened_at": "9999-12-31T23:59"}, "Dit moment ligt in de toekomst"),
        ({"happened_at": "2026-03-29T02:30"}, "die nacht ging de klok een uur vooruit"),
        (
            {"anamnese": "Regel een.\nRegel \u202etwee."},
            "Op regel 2 na “Regel” staat een onzichtbaar stuurteken",
        ),
        ({"anamnese": "nul\x00teken"}, "onzichtbaar stuurteken"),
        ({"anamnese": "a" * 20_001}, "er passen er 20000"),
        ({"anamnese": ""}, "Schrijf ten minste één onderdeel"),
        ({"form_key": "geen sleutel"}, "Deze pagina was niet meer heel"),
    ],
)
def test_a_wrong_form_says_so_and_keeps_every_word(
    physician: Case, at_work: Client, wrong: dict[str, str], says: str
):
    sent = form(anamnese="Wat er stond.", advies="") | wrong
    if sent["anamnese"]:
        sent["advies"] = "Dit blijft staan."
    page = at_work.post(new_url(physician.dossier.pk, NOTE), sent)
    assert page.status_code == 400
    assert says in text_of(page)
    assert sent["advies"] in page.content.decode()
    if "anamnese" in wrong and "\x00" not in sent["anamnese"]:
        assert unescape(page.content.decode()).count(sent["anamnese"]) >= 1


def test_a_form_that_lost_its_key_can_be_sent_again(physician: Case, at_work: Client):
    page = at_work.post(new_url(physician.dossier.pk, NOTE), form(anamnese="Tekst.") | {"form_key": "stuk"})
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())
    assert key is not None
    assert UUID(key[1])


def test_in_the_night_that_has_an_hour_twice_the_minute_is_taken():
    assert MomentField().clean("2025-10-26T02:30").isoformat() == "2025-10-26T01:30:00+00:00"


def test_the_same_form_sent_twice_is_one_record(world: World):
    case = world.case("bedrijfsarts")
    client, sent = browser(world, case.actor), form(anamnese="Dubbel geklikt.")
    assert {client.post(new_url(case.dossier.pk, NOTE), sent).status_code for _ in range(2)} == {302}
    assert state_of(case) == [State.SIGNED]


def test_a_sickness_report_explains_what_may_not_be_asked(world: World):
    case = world.case("casemanager")
    client = browser(world, case.actor)
    url = new_url(case.dossier.pk, SICK)
    page = client.get(url)
    assert "Klachten, diagnose, behandeling en oorzaak kunt u niet vragen of vastleggen" in text_of(page)
    assert "<textarea" not in page.content.decode()  # no box that invites a story
    sent = form() | {"first_sick_day": "2026-11-20", "reported_on": "2026-11-18", "absence_percentage": "100"}
    refused = client.post(url, sent)
    assert refused.status_code == 400
    assert "De ziekmelding ligt vóór de eerste ziektedag" in text_of(refused)
    today = str(timezone.localdate())
    assert client.post(url, sent | {"first_sick_day": today, "reported_on": today}).status_code == 302
    assert state_of(case, SICK) == [State.SIGNED]
