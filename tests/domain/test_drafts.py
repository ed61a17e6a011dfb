"""While somebody types, his words are safe: his alone, sealed, and gone when the form is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.access.keystore import fetch_keys
from directory.accounts.models import Session, key_hash
from dossier.models import Dossier, Draft
from dossier.records.drafts import save_url
from dossier.records.places import new_url, record_url
from tests.domain.test_records_browser import above, browser, form, kept_of, text_of
from tests.domain.test_records_tools import CONTACT, NOTE, STEP, note, opened
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


def typing(case: Case, client: Client, at=NOTE, record: UUID | None = None, **fields: str):
    """Let the page save itself once, as it does while somebody types."""
    sent = {**form(), **fields}
    sent.pop("doe")
    return sent, client.post(save_url(case.dossier.pk, at, record), sent)


def rows_of(case: Case) -> list[tuple[UUID, bytes]]:
    return above(
        "SELECT id, content FROM dossier_draft WHERE dossier_id = %s ORDER BY saved_at", case.dossier.pk
    )


def go_on(page) -> str:
    found = re.search(r'href="([^"]+\?klad=[^"]+)"', page.content.decode())
    assert found is not None, "nothing to go on with"
    return found[1]


def test_what_is_typed_is_kept_and_offered_back_when_the_form_opens_again(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    sent, answer = typing(case, client, anamnese="Half geschreven.")
    assert re.fullmatch(r"Concept bewaard om \d\d:\d\d, alleen voor u\.", answer.text)
    form_page = client.get(new_url(case.dossier.pk, NOTE))
    dossier_page = client.get(reverse("dossier", args=[case.dossier.pk]))
    for page in (form_page, dossier_page):
        assert "Nog niet verstuurd: spreekuur" in text_of(page)
        assert "Half geschreven." not in text_of(page)
    again = client.get(go_on(form_page))
    assert "Half geschreven." in text_of(again)
    assert sent["form_key"] in again.content.decode()
    assert "Nog niet verstuurd" not in text_of(again)  # it is the one on the screen


def test_a_draft_is_no_record_and_no_concept(world: World, physician: Case, at_work: Client):
    before = list(Draft._meta.get_fields())
    assert "history" not in {field.name for field in before}
    typing(physician, at_work, anamnese="Niet in het dossier.")
    with physician.actor.acts():
        opened(physician, NOTE)
        assert not NOTE.panel.header.objects.filter(dossier=physician.dossier.pk).exists()


def test_in_the_database_stands_only_ciphertext(world: World, physician: Case, at_work: Client):
    typing(physician, at_work, anamnese="Onleesbaar in de tabel.", advies="Ook dit.")
    stored = rows_of(physician)[-1]
    assert b"Onleesbaar" not in bytes(stored[1])
    assert bytes(stored[1])[:1] == b"\x01"
    whole = above("SELECT t::text FROM dossier_draft t WHERE t.id = %s", stored[0])
    assert "Onleesbaar" not in whole[0][0]


@pytest.mark.parametrize("doe", ["bewaren", "ondertekenen"])
def test_sending_the_form_destroys_the_draft_and_its_key(world: World, doe: str):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    sent, _ = typing(case, client, anamnese="Nu af.")
    [(draft, _)] = rows_of(case)
    assert fetch_keys([draft])
    assert client.post(new_url(case.dossier.pk, NOTE), {**sent, "doe": doe}).status_code == 302
    assert rows_of(case) == []
    assert fetch_keys([draft]) == {}


def test_a_save_that_comes_after_the_form_was_sent_stores_nothing(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    sent, _ = typing(case, client, anamnese="Nu af.")
    client.post(new_url(case.dossier.pk, NOTE), {**sent, "doe": "ondertekenen"})
    late = client.post(save_url(case.dossier.pk, NOTE), sent)
    assert late.status_code == 404
    assert rows_of(case) == []


def test_a_form_with_a_mistake_keeps_its_draft(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    sent, _ = typing(case, client, anamnese="Nog niet goed.")
    wrong = {**sent, "happened_at": "31-02-2026", "doe": "ondertekenen"}
    assert client.post(new_url(case.dossier.pk, NOTE), wrong).status_code == 400
    assert len(rows_of(case)) == 1


def test_a_draft_is_thrown_away_with_its_key(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    typing(case, client, anamnese="Toch niet.")
    [(draft, _)] = rows_of(case)
    away = reverse("draft_discard", args=[case.dossier.pk, draft])
    assert client.post(away).status_code == 302
    assert (rows_of(case), fetch_keys([draft])) == ([], {})
    assert client.post(away).status_code == 404


def test_two_windows_are_two_drafts(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    for words in ("Venster een.", "Venster twee."):
        typing(case, client, anamnese=words)
    assert len(rows_of(case)) == 2
    page = text_of(client.get(new_url(case.dossier.pk, NOTE)))
    assert page.count("Nog niet verstuurd: spreekuur</p>") == 2


def test_a_concept_that_is_changed_has_a_draft_of_its_own(world: World):
    case = world.case("bedrijfsarts")
    client, record = browser(world, case.actor), note(case, sign=False, anamnese="Eerst.")
    typing(case, client, record=record.pk, anamnese="Aangevuld.", revision="1")
    page = client.get(go_on(client.get(record_url(record, "record_edit"))))
    assert "Aangevuld." in text_of(page)
    assert 'name="revision" value="1"' in page.content.decode()


def test_what_was_typed_in_a_concept_that_was_signed_meanwhile_goes_on_as_a_new_version(world: World):
    case = world.case("bedrijfsarts")
    client, record = browser(world, case.actor), note(case, sign=False, anamnese="Eerst.")
    typing(case, client, record=record.pk, anamnese="Aangevuld.", revision="1")
    url = go_on(client.get(record_url(record, "record_edit")))
    client.post(record_url(record, "record_sign"))
    page = client.get(url, follow=True)
    assert "Nieuwe versie" in text_of(page)
    assert "Aangevuld." in text_of(page)


def test_a_changed_text_is_a_sign_of_life_and_the_same_text_is_none(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    row = Session.objects.filter(pk=key_hash(client.session.session_key))
    sent, _ = typing(case, client, anamnese="Een.")

    def after(words: str) -> bool:
        idle = timezone.now() - timedelta(minutes=10)
        row.update(seen_at=idle)
        client.post(save_url(case.dossier.pk, NOTE), {**sent, "anamnese": words})
        return row.get().seen_at > idle

    assert not after("Een.")
    assert after("Een, twee.")


def test_an_empty_form_stores_nothing(world: World, physician: Case, at_work: Client):
    before = len(rows_of(physician))
    _, answer = typing(physician, at_work)
    assert answer.status_code == 204
    assert len(rows_of(physician)) == before


def test_whose_right_ended_saves_nothing_more_and_is_kept_when_he_sends(world: World):
    delegate = world.case("gedelegeerde")
    client = browser(world, delegate.actor)
    sent, answer = typing(delegate, client, CONTACT, anamnese="Voor de schorsing.")
    assert answer.status_code == 200
    world.suspend(delegate.ground)
    late = client.post(save_url(delegate.dossier.pk, CONTACT), {**sent, "anamnese": "Erna."})
    assert late.status_code == 404
    page = client.post(new_url(delegate.dossier.pk, CONTACT), {**sent, "anamnese": "Erna.", "doe": "bewaren"})
    assert page.status_code == 403
    assert kept_of(delegate) == ["suspended"]
    # The draft itself is nobody's now: not hers, and not her physician's either.
    with delegate.physician.acts():
        Dossier.objects.open(
            delegate.dossier.pk, "gedelegeerde.read", "begeleiding.write", "gedelegeerde.remark"
        )
        assert not Draft.objects.exists()


def test_what_was_typed_for_another_dossier_or_kind_is_not_offered_here(
    world: World, physician: Case, at_work: Client
):
    other = world.case("bedrijfsarts", actor=physician.actor, physician=physician.physician)
    typing(other, at_work, STEP, proces="Elders.")
    [(draft, _)] = rows_of(other)
    for url in (new_url(physician.dossier.pk, NOTE), new_url(other.dossier.pk, NOTE)):
        assert "Elders." not in text_of(at_work.get(f"{url}?klad={draft}"))
    assert "Elders." in text_of(at_work.get(f"{new_url(other.dossier.pk, STEP)}?klad={draft}"))


@pytest.mark.parametrize("text", ["", "onzin", "%00", str(uuid4())])
def test_a_draft_that_is_not_there_leaves_an_empty_form(physician: Case, at_work: Client, text: str):
    assert at_work.get(f"{new_url(physician.dossier.pk, NOTE)}?klad={text}").status_code == 200


def test_the_text_of_the_form_is_taken_whole_or_not_at_all(world: World, physician: Case, at_work: Client):
    before = len(rows_of(physician))
    _, answer = typing(physician, at_work, anamnese="a" * 500_000)
    assert answer.status_code == 204
    assert len(rows_of(physician)) == before


def test_what_lapsed_is_read_by_nobody_and_then_cleared_with_its_key(world: World):
    from dossier.lapsing import clear

    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    typing(case, client, anamnese="Vergeten.")
    typing(case, client, anamnese="Van vandaag.")
    [(old, _), (new, _)] = rows_of(case)
    above(
        "UPDATE dossier_draft SET saved_at = now() - interval '15 days', expires_at = now() - interval '1 day' "
        "WHERE id = %s",
        old,
    )
    assert text_of(client.get(new_url(case.dossier.pk, NOTE))).count("Nog niet verstuurd: spreekuur</p>") == 1
    assert clear() >= 1
    assert [pk for pk, _ in rows_of(case)] == [new]
    assert (fetch_keys([old]), len(fetch_keys([new]))) == ({}, 1)


def test_a_page_without_javascript_says_nothing_of_saving(physician: Case, at_work: Client):
    page = at_work.get(new_url(physician.dossier.pk, NOTE)).content.decode()
    assert "data-klad=" in page
    assert re.search(r'role="status" data-klad-status></p>', page)
