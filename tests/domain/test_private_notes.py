"""The werkaantekening: its author's alone, beside the dossier, and gone in time."""

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
from dossier.lapsing import clear
from dossier.medical.models import MOST_DAYS
from dossier.models import Dossier
from dossier.panels.asks import asks_for
from dossier.records.places import new_url
from tests.domain.test_records_browser import above, desk, form, text_of
from tests.domain.test_records_tools import NOTE
from tests.walls.asking import changed, ids, insert
from tests.world import Case, World

TEXT = "Zelf nog eens bellen met de leidinggevende."


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


def day(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def jot(case: Case, client: Client, text: str = TEXT, days: int = 20):
    sent = {"text": text, "destroy_before": day(days), "form_key": str(uuid4())}
    return client.post(reverse("private_new", args=[case.dossier.pk]), sent)


def rows_of(case: Case) -> list[UUID]:
    found = above(
        "SELECT id FROM medical_werkaantekening WHERE dossier_id = %s ORDER BY written_at", case.dossier.pk
    )
    return [row[0] for row in found]


def page_of(case: Case, client: Client) -> str:
    return text_of(client.get(reverse("dossier", args=[case.dossier.pk])))


def test_what_one_notes_for_oneself_stands_beside_the_dossier_for_oneself(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    assert jot(case, client).status_code == 302
    page = page_of(case, client)
    assert TEXT in page
    assert "vernietigen of overnemen vóór" in page
    for role in ("waarnemer", "gedelegeerde", "procesbewaker"):
        other = world.case(role, dossier=case.dossier, physician=case.physician)
        assert TEXT not in page_of(case, desk(world, other.actor))


def test_a_delegate_has_his_own_and_his_bedrijfsarts_never_reads_it(world: World):
    delegate = world.case("gedelegeerde")
    jot(delegate, desk(world, delegate.actor))
    assert TEXT not in page_of(delegate, desk(world, delegate.physician))
    assert TEXT in page_of(delegate, desk(world, delegate.actor))


def test_it_is_written_over_and_leaves_no_version_and_no_log_row(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    jot(case, client)
    [row] = rows_of(case)
    url = reverse("private_edit", args=[case.dossier.pk, row])
    assert TEXT in text_of(client.get(url))
    assert client.post(url, {"text": "Gedaan.", "destroy_before": day(3)}).status_code == 302
    page = page_of(case, client)
    assert "Gedaan." in page
    assert TEXT not in page
    kinds = above("SELECT DISTINCT kind FROM access_log WHERE dossiers @> ARRAY[%s]", case.dossier.pk)
    assert kinds == [("open",)]


def test_in_the_database_it_is_ciphertext(world: World):
    case = world.case("bedrijfsarts")
    jot(case, desk(world, case.actor))
    [(text, raw)] = above(
        "SELECT w::text, content FROM medical_werkaantekening w WHERE dossier_id = %s", case.dossier.pk
    )
    assert "leidinggevende" not in text
    assert b"leidinggevende" not in bytes(raw)


def test_destroying_it_takes_its_key_too(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    jot(case, client)
    [row] = rows_of(case)
    assert fetch_keys([row])
    client.post(reverse("private_destroy", args=[case.dossier.pk, row]))
    assert (rows_of(case), fetch_keys([row])) == ([], {})
    assert client.post(reverse("private_destroy", args=[case.dossier.pk, row])).status_code == 404


def test_who_may_not_destroy_the_row_empties_it_and_it_goes_the_next_day(world: World):
    """The grid gives a delegate no destroy (domain/GRID.md): his text goes at once, the row when its day comes."""
    delegate = world.case("gedelegeerde")
    client = desk(world, delegate.actor)
    jot(delegate, client)
    [row] = rows_of(delegate)
    client.post(reverse("private_destroy", args=[delegate.dossier.pk, row]))
    assert TEXT not in page_of(delegate, client)
    [(length, until)] = above(
        "SELECT octet_length(content), destroy_before FROM medical_werkaantekening WHERE id = %s", row
    )
    assert (length, str(until)) == (29, day(1))
    assert "Werkaantekening vernietigen" not in text_of(client.get(reverse("today")))


def test_taken_over_it_stands_in_the_form_of_a_note_and_goes_when_that_is_saved(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    jot(case, client)
    [row] = rows_of(case)
    link = re.search(
        r'href="([^"]+\?van=[^"]+)"', client.get(reverse("dossier", args=[case.dossier.pk])).text
    )
    assert link is not None
    page = client.get(link[1])
    assert TEXT in text_of(page)
    assert rows_of(case) == [row]  # looking at the form takes nothing away
    sent = {**form(anamnese=TEXT), "van": str(row)}
    assert client.post(new_url(case.dossier.pk, NOTE), {**sent, "happened_at": "onzin"}).status_code == 400
    assert rows_of(case) == [row]
    assert client.post(new_url(case.dossier.pk, NOTE), sent).status_code == 302
    assert (rows_of(case), fetch_keys([row])) == ([], {})


def test_another_s_is_not_taken_over(world: World):
    case = world.case("bedrijfsarts")
    jot(case, desk(world, case.actor))
    [row] = rows_of(case)
    colleague = world.case("waarnemer", dossier=case.dossier, physician=case.physician)
    client = desk(world, colleague.actor)
    url = new_url(case.dossier.pk, NOTE)
    assert TEXT not in text_of(client.get(f"{url}?van={row}"))
    assert client.post(url, {**form(anamnese="Van mij."), "van": str(row)}).status_code == 302
    assert rows_of(case) == [row]


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_day_that_has_come_or_lies_too_far_is_refused_with_the_words_kept(world: World, days: int):
    case = world.case("bedrijfsarts")
    page = jot(case, desk(world, case.actor), days=days)
    assert page.status_code == 400
    assert "Kies een dag van morgen tot uiterlijk" in text_of(page)
    assert TEXT in text_of(page)
    assert rows_of(case) == []


def test_the_last_day_that_is_allowed_is_allowed(world: World):
    case = world.case("bedrijfsarts")
    assert jot(case, desk(world, case.actor), days=MOST_DAYS).status_code == 302


def test_the_same_form_twice_is_one(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    sent = {"text": TEXT, "destroy_before": day(5), "form_key": str(uuid4())}
    for _ in range(2):
        assert client.post(reverse("private_new", args=[case.dossier.pk]), sent).status_code == 302
    assert len(rows_of(case)) == 1


def test_vandaag_reminds_of_what_goes_within_a_week(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    jot(case, client, days=20)
    assert "Werkaantekening vernietigen" not in text_of(client.get(reverse("today")))
    jot(case, client, days=6)
    page = text_of(client.get(reverse("today")))
    assert "Werkaantekening vernietigen of overnemen" in page
    assert case.dossier.person.surname in page
    assert TEXT not in page


def lapse(row: UUID) -> None:
    """Let its day have come."""
    above("ALTER TABLE medical_werkaantekening DISABLE TRIGGER USER")
    above("UPDATE medical_werkaantekening SET destroy_before = current_date WHERE id = %s", row)
    above("ALTER TABLE medical_werkaantekening ENABLE TRIGGER USER")


def test_from_its_day_on_nobody_reads_it_and_clearing_takes_key_and_row(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    jot(case, client)
    [row] = rows_of(case)
    lapse(row)
    assert TEXT not in page_of(case, client)
    assert client.get(reverse("private_edit", args=[case.dossier.pk, row])).status_code == 404
    assert fetch_keys([row])
    assert clear() >= 1
    assert (rows_of(case), fetch_keys([row])) == ([], {})


def test_a_right_that_ended_while_writing_gives_the_words_back(world: World):
    delegate = world.case("gedelegeerde")
    client = desk(world, delegate.actor)
    world.suspend(delegate.ground)
    page = jot(delegate, client)
    assert page.status_code == 403
    assert TEXT in text_of(page)
    world.end(delegate.ground)
    page = jot(delegate, client)
    assert page.status_code == 404
    assert TEXT in text_of(page)
    assert rows_of(delegate) == []


# -- by raw SQL ------------------------------------------------------------------------------------------


def everything(case: Case) -> None:
    asks = {ask.partition(".")[0] for ask in asks_for(case.actor.engagement.side)}
    verbs = ("read", "write", "amend", "find", "remark", "share", "copy", "destroy")
    Dossier.objects.open(
        case.dossier.pk, *(f"{section}.{verb}" for section in sorted(asks) for verb in verbs)
    )


@pytest.mark.parametrize("role", ["waarnemer", "gedelegeerde", "arts_onder_supervisie", "dossierbewaarder"])
def test_nobody_but_its_author_touches_it_by_any_statement(world: World, role: str):
    case = world.case("bedrijfsarts")
    jot(case, desk(world, case.actor))
    [row] = rows_of(case)
    other = world.case(role, dossier=case.dossier, physician=case.physician)
    with other.actor.acts():
        everything(other)
        assert row not in ids("medical_werkaantekening")
        assert changed("DELETE FROM medical_werkaantekening WHERE id = %s", row) == 0
        assert changed("UPDATE medical_werkaantekening SET content = %s WHERE id = %s", b"x", row) == 0
    with case.actor.acts():
        everything(case)
        assert ids("medical_werkaantekening") == {row}


def test_its_author_neither_prolongs_it_nor_gives_it_away(world: World):
    case = world.case("bedrijfsarts")
    jot(case, desk(world, case.actor))
    [row] = rows_of(case)
    far = timezone.localdate() + timedelta(days=MOST_DAYS + 1)
    with case.actor.acts():
        everything(case)
        attack = "UPDATE medical_werkaantekening SET {} WHERE id = %s"
        assert changed(attack.format("destroy_before = %s"), far, row) == "23514"
        assert changed(attack.format("written_at = %s"), timezone.now(), row) == "23514"
        other = world.case("bedrijfsarts").actor.user.pk
        assert changed(attack.format("author_id = %s"), other, row) in ("23514", "42501")


def test_nobody_writes_one_in_the_name_of_another_or_dated_ahead(world: World):
    case, other = world.case("bedrijfsarts"), world.case("bedrijfsarts")
    good = {
        "id": uuid4(), "practice_id": case.dossier.practice_id, "dossier_id": case.dossier.pk,
        "author_id": case.actor.user.pk, "content": b"x", "written_at": timezone.now(), "form_key": uuid4(),
        "destroy_before": timezone.localdate() + timedelta(days=3),
    }  # fmt: skip
    with case.actor.acts():
        everything(case)
        assert insert("medical_werkaantekening", good) is True
        assert insert("medical_werkaantekening", {**good, "author_id": other.actor.user.pk}) == "42501"
        assert insert("medical_werkaantekening", {**good, "dossier_id": other.dossier.pk}) == "42501"
        ahead = {**good, "written_at": timezone.now() + timedelta(days=30)}
        assert insert("medical_werkaantekening", ahead) == "42501"
