"""The screens of records: few clicks, clear words, nothing typed is ever lost."""

from __future__ import annotations

import os
import re
from html import unescape
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from directory.access.keystore import fetch_keys
from dossier.models import Dossier
from dossier.records import actions
from dossier.records.base import State
from dossier.records.fields import MomentField
from dossier.records.keeping import kept_texts
from dossier.records.kinds import Place
from dossier.records.pages import note_form
from dossier.records.places import code_of, new_url, record_url
from tests.accounts.conftest import enrolled, log_in, with_password
from tests.domain.test_records import CONTACT, NOTE, SICK, STEP, entry, log_of, minutes_ago, note, opened
from tests.world import OWNER, Actor, Case, World


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


def browser(world: World, actor: Actor) -> Client:
    """Log somebody in, in his one capacity."""
    account = enrolled(with_password(world, actor.user))
    client = log_in(Client(raise_request_exception=False, headers={"sec-fetch-site": "same-origin"}), account)
    client.get(reverse("capacity_choose"))
    assert "capacity" in client.session
    return client


def moment(minutes: int = 5) -> str:
    return f"{timezone.localtime(minutes_ago(minutes)):%Y-%m-%dT%H:%M}"


def form(**texts: str) -> dict[str, str]:
    return {"happened_at": moment(), "form_key": str(uuid4()), "doe": "ondertekenen", **texts}


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def state_of(case: Case, at: Place = NOTE) -> list[str]:
    """Say the state of every record of one kind, newest first, as its writer sees them."""
    with case.actor.acts():
        opened(case, at)
        rows = at.panel.header.objects.filter(dossier=case.dossier.pk, kind=at.kind.code)
        return list(rows.order_by("-written_at").values_list("state", flat=True))


def waiting(case: Case) -> list[tuple[UUID, str]]:
    """List the kept texts of a dossier that nobody decided yet, seen from above the walls."""
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(make_conninfo(os.environ["TWEELUIK_SUPERUSER_URL"], dbname=name)) as above:
        return above.execute(
            "SELECT id, reason FROM dossier_kepttext WHERE dossier_id = %s AND decided_at IS NULL ORDER BY kept_at",
            [case.dossier.pk],
        ).fetchall()


def kept_of(case: Case) -> list[str]:
    return [reason for _, reason in waiting(case)]


@pytest.fixture(scope="module")
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture(scope="module")
def at_work(world: World, physician: Case) -> Client:
    return browser(world, physician.actor)


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


# -- writing ---------------------------------------------------------------------------------------------------


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


# -- what is wrong with a form ---------------------------------------------------------------------------------


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


# -- nothing is lost -------------------------------------------------------------------------------------------


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
    assert chief.post(url, {"keuze": "overnemen"}).status_code == 404


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


# -- beside, inward, elsewhere ---------------------------------------------------------------------------------


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
