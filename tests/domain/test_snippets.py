"""Standard texts: put into a form where they fit, kept by who wrote them, and by the bedrijfsarts for the practice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossier.records.places import new_url, record_url
from tests.domain.test_records_browser import above, browser, form, state_of, text_of
from tests.domain.test_records_tools import NOTE, STEP, note
from tests.walls.asking import changed, ids, insert
from tests.world import Case, World

URL = "/standaardteksten/"
ADVICE = "medical.spreekuurnotitie.advies"


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture(scope="module")
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture(scope="module")
def at_work(world: World, physician: Case) -> Client:
    return browser(world, physician.actor)


def add(client: Client, title: str, where: str = ADVICE, text: str = "Bouw op in stappen.", **more: str):
    sent = {"title": title, "where": where, "text": text, "form_key": str(uuid4()), **more}
    return client.post(URL, sent)


def id_of(title: str) -> str:
    [(found,)] = above("SELECT id FROM dossier_standardtext WHERE title = %s", title)
    return str(found)


def test_one_s_own_text_is_offered_on_the_form_it_fits(physician: Case, at_work: Client):
    assert add(at_work, "Opbouw Adelaar").status_code == 302
    assert "Opbouw Adelaar" in text_of(at_work.get(URL))
    assert "Opbouw Adelaar (Advies)" in text_of(at_work.get(new_url(physician.dossier.pk, NOTE)))
    assert "Opbouw Adelaar" not in text_of(at_work.get(new_url(physician.dossier.pk, STEP)))


def test_without_javascript_the_server_puts_it_in_and_keeps_every_word(physician: Case, at_work: Client):
    add(at_work, "Opbouw Buizerd")
    sent = form(anamnese="Half af.", advies="Eerst rust.") | {
        "doe": "invoegen", "standaardtekst": id_of("Opbouw Buizerd"), "happened_at": "31-02-2026",
    }  # fmt: skip
    page = at_work.post(new_url(physician.dossier.pk, NOTE), sent)
    assert page.status_code == 200
    assert "Half af.</textarea>" in page.text
    assert "Eerst rust.\nBouw op in stappen.</textarea>" in page.text
    assert 'value="31-02-2026"' in page.text
    assert sent["form_key"] in page.text
    assert state_of(physician) == []


@pytest.mark.parametrize("which", ["", "onzin", "\x00", str(uuid4())])
def test_no_text_chosen_changes_nothing(physician: Case, at_work: Client, which: str):
    sent = form(anamnese="Staat er nog.") | {"doe": "invoegen", "standaardtekst": which}
    page = at_work.post(new_url(physician.dossier.pk, NOTE), sent)
    assert page.status_code == 200
    assert "Staat er nog.</textarea>" in page.text


def test_it_is_put_into_a_concept_and_into_a_new_version_too(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    add(client, "Opbouw Condor")
    concept, signed = note(case, sign=False, anamnese="A."), note(case, anamnese="B.")
    for record, verb in ((concept, "record_edit"), (signed, "record_amend")):
        sent = form(anamnese="Nieuw.", reason="Aanvulling") | {
            "doe": "invoegen", "standaardtekst": id_of("Opbouw Condor"), "revision": "1",
        }  # fmt: skip
        page = client.post(record_url(record, verb), sent)
        assert page.status_code == 200, verb
        assert "Bouw op in stappen.</textarea>" in page.text
        assert 'name="revision" value="1"' in page.text


def test_those_of_the_practice_are_everybody_s_to_use_and_the_bedrijfsarts_s_to_change(
    world: World, physician: Case, at_work: Client
):
    add(at_work, "Praktijk Duif", "process", whose="praktijk")
    add(at_work, "Eigen Ekster", "process")
    keeper = world.case("procesbewaker")
    client = browser(world, keeper.actor)
    page = text_of(client.get(URL))
    assert "Praktijk Duif" in page
    assert "Eigen Ekster" not in page
    assert "Voor de hele praktijk" not in page
    assert "Praktijk Duif" in text_of(client.get(new_url(keeper.dossier.pk, STEP)))
    edit, remove = (
        reverse(name, args=[id_of("Praktijk Duif")]) for name in ("snippet_edit", "snippet_remove")
    )
    assert client.get(edit).status_code == 404
    assert client.post(remove).status_code == 404
    add(client, "Toch Praktijk Fazant", "process", whose="praktijk")
    [(owner,)] = above("SELECT owner_id FROM dossier_standardtext WHERE title = 'Toch Praktijk Fazant'")
    assert owner == keeper.actor.user.pk  # what his form does not offer, it does not do
    chief = browser(world, world.case("bedrijfsarts").actor)
    assert (
        chief.post(edit, {"title": "Praktijk Duif", "where": "process", "text": "Anders."}).status_code == 302
    )
    assert "Anders." in text_of(client.get(URL))


def test_a_medical_text_is_nothing_to_the_process_side(world: World, at_work: Client):
    add(at_work, "Praktijk Gans", "medical", whose="praktijk")
    keeper = world.case("procesbewaker")
    client = browser(world, keeper.actor)
    assert "Praktijk Gans" not in text_of(client.get(URL))
    page = add(client, "Van buiten", "medical.spreekuurnotitie.advies")
    assert page.status_code == 400
    assert "Kies een plaats uit de lijst." in text_of(page)
    assert "Spreekuur" not in text_of(client.get(URL))


def test_another_practice_sees_none_of_them(world: World, at_work: Client):
    add(at_work, "Praktijk Havik", whose="praktijk")
    stranger = world.engaged("bedrijfsarts", practice=world.other_practice)
    assert "Praktijk Havik" not in text_of(browser(world, stranger).get(URL))


@pytest.mark.parametrize("role", ["casemanager", "overig_b", "praktijkbeheerder", "fg"])
def test_who_writes_no_text_in_dossiers_has_none(world: World, role: str):
    assert browser(world, world.case(role).actor).get(URL).status_code == 403


def test_the_same_form_twice_is_one_text(at_work: Client):
    sent = {"title": "Eén IJsvogel", "where": ADVICE, "text": "Tekst.", "form_key": str(uuid4())}
    for _ in range(2):
        assert at_work.post(URL, sent).status_code == 302
    assert len(above("SELECT 1 FROM dossier_standardtext WHERE title = 'Eén IJsvogel'")) == 1


def test_it_is_changed_and_removed(at_work: Client):
    add(at_work, "Weg Jager")
    edit = reverse("snippet_edit", args=[id_of("Weg Jager")])
    assert "Bouw op in stappen." in text_of(at_work.get(edit))
    page = at_work.post(edit, {"title": "", "where": ADVICE, "text": "Blijft staan."})
    assert page.status_code == 400
    assert "Geef de standaardtekst een naam." in text_of(page)
    assert "Blijft staan." in text_of(page)
    at_work.post(reverse("snippet_remove", args=[id_of("Weg Jager")]))
    assert "Weg Jager" not in text_of(at_work.get(URL))


def test_the_page_says_that_no_person_belongs_in_it(at_work: Client):
    assert "Zonder gegevens van personen" in text_of(at_work.get(URL))


# -- by raw SQL ------------------------------------------------------------------------------------------


def test_the_walls_hold_what_the_pages_do_not_offer(world: World, physician: Case, at_work: Client):
    add(at_work, "Muur Kievit", "process")
    add(at_work, "Muur Lepelaar", "process", whose="praktijk")
    own, ours = id_of("Muur Kievit"), id_of("Muur Lepelaar")
    keeper = world.case("procesbewaker")
    row = {
        "id": uuid4(), "practice_id": keeper.dossier.practice_id, "owner_id": keeper.actor.user.pk, "panel": "process",
        "kind": "", "part": "", "title": "x", "text": "x", "changed_by_id": keeper.actor.user.pk,
        "changed_at": timezone.now(),
    }  # fmt: skip
    with keeper.actor.acts():
        assert insert("dossier_standardtext", row) is True
        assert insert("dossier_standardtext", {**row, "owner_id": None}) == "42501"
        assert insert("dossier_standardtext", {**row, "owner_id": physician.actor.user.pk}) == "42501"
        assert insert("dossier_standardtext", {**row, "panel": "medical"}) == "42501"
        assert insert("dossier_standardtext", {**row, "practice_id": world.other_practice.pk}) == "42501"
        seen = {str(pk) for pk in ids("dossier_standardtext")}
        assert ours in seen
        assert own not in seen
        for attack in ("DELETE FROM dossier_standardtext", "UPDATE dossier_standardtext SET text = 'y'"):
            assert changed(f"{attack} WHERE id = %s", ours) == 0
    manager = world.case("casemanager")
    with manager.actor.acts():
        assert ids("dossier_standardtext") == "42501"
