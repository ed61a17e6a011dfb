"""Written in the wrong dossier: somebody decides whether it is a breach, and only then the old text goes."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from directory.access.keystore import fetch_keys
from dossier.models import Dossier
from dossier.records.base import Header
from dossier.records.places import record_url
from tests.domain.test_records_browser import above, desk, text_of
from tests.domain.test_records_tools import CONTACT, NOTE, note, opened
from tests.walls.asking import changed, ids, insert
from tests.world import Case, World

GOOD = {"seen": "nee", "outcome": "geen", "reason": "Alleen de schrijver heeft het gezien."}


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


def moved(world: World, wrong: Case, at=NOTE, role: str = "bedrijfsarts") -> tuple[Header, str]:
    """Write in the wrong dossier, and move; returns the stub and where the question is answered."""
    right = world.case(role, actor=wrong.actor, physician=wrong.physician)
    record = note(wrong, at, anamnese="Over een ander.")
    desk(world, wrong.actor).post(record_url(record, "record_move"), {"naar": str(right.dossier.pk)})
    [(pk,)] = above("SELECT id FROM dossier_breachassessment WHERE series = %s", record.series)
    return record, reverse("breach_assess", args=[wrong.dossier.pk, pk])


def decision(record: Header) -> tuple:
    [found] = above(
        "SELECT assessed_by_id, seen, outcome, reason FROM dossier_breachassessment WHERE series = %s",
        record.series,
    )
    return found


def test_a_move_asks_whether_it_was_a_breach_and_shows_the_clock(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    _, url = moved(world, case)
    for page in (client.get(reverse("dossier", args=[case.dossier.pk])), client.get(reverse("today"))):
        assert url in page.content.decode()
    page = text_of(client.get(url))
    assert "Nog 71 uur om te melden" in page
    assert "Over een ander." not in page
    assert "Volgens het inzagelogboek niemand" in page


def test_after_72_hours_the_page_says_what_is_asked_then(world: World):
    case = world.case("bedrijfsarts")
    record, url = moved(world, case)
    above("ALTER TABLE dossier_breachassessment DISABLE TRIGGER USER")
    above(
        "UPDATE dossier_breachassessment SET moved_at = now() - interval '73 hours' WHERE series = %s",
        record.series,
    )
    above("ALTER TABLE dossier_breachassessment ENABLE TRIGGER USER")
    assert "De termijn van 72 uur is verstreken" in text_of(desk(world, case.actor).get(url))


def test_who_opened_that_part_meanwhile_is_named(world: World):
    case = world.case("bedrijfsarts")
    reader = world.case("waarnemer", dossier=case.dossier, physician=case.physician)
    keeper = world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    right = world.case("bedrijfsarts", actor=case.actor, physician=case.physician)
    record = note(case, anamnese="Over een ander.")
    for other in (reader, keeper):
        desk(world, other.actor).get(reverse("dossier", args=[case.dossier.pk]))
    client = desk(world, case.actor)
    client.post(record_url(record, "record_move"), {"naar": str(right.dossier.pk)})
    [(pk,)] = above("SELECT id FROM dossier_breachassessment WHERE series = %s", record.series)
    page = text_of(client.get(reverse("breach_assess", args=[case.dossier.pk, pk])))
    assert reader.actor.user.display_name in page
    assert keeper.actor.user.display_name not in page  # he opened the dossier, never this part


def test_only_with_the_decision_the_old_text_loses_its_key(world: World):
    case = world.case("bedrijfsarts")
    client = desk(world, case.actor)
    record, url = moved(world, case)
    assert fetch_keys([record.pk])
    assert client.post(url, GOOD).status_code == 302
    assert fetch_keys([record.pk]) == {}
    by, seen, outcome, reason = decision(record)
    assert (by, seen, outcome) == (case.actor.user.pk, False, "geen")
    assert b"schrijver" not in bytes(reason)
    page = text_of(client.get(url))
    assert "Alleen de schrijver heeft het gezien." in page
    assert "De oude tekst is vernietigd." in page
    assert url not in client.get(reverse("dossier", args=[case.dossier.pk])).content.decode()
    assert "verkeerde dossier" in text_of(client.get(record_url(record)))  # the stub stays, and opens
    again = client.post(url, {**GOOD, "outcome": "ap"}, follow=True)
    assert "Hierover is al besloten." in text_of(again)
    assert decision(record)[2] == "geen"


@pytest.mark.parametrize("field", ["seen", "outcome", "reason"])
@pytest.mark.parametrize("value", ["", "onzin\x00", None])
def test_half_a_decision_is_none_and_the_words_stay(world: World, field: str, value: str | None):
    case = world.case("bedrijfsarts")
    record, url = moved(world, case)
    sent = {**GOOD, field: value} if value is not None else {k: v for k, v in GOOD.items() if k != field}
    page = desk(world, case.actor).post(url, sent)
    assert page.status_code == 400
    if field != "reason":
        assert GOOD["reason"] in text_of(page)
    assert decision(record)[2] == ""
    assert fetch_keys([record.pk])


def test_what_a_delegate_moved_is_assessed_by_his_bedrijfsarts(world: World):
    delegate = world.case("gedelegeerde")
    record, url = moved(world, delegate, CONTACT, "gedelegeerde")
    own, chief = desk(world, delegate.actor), desk(world, delegate.physician)
    assert own.get(url).status_code == 403
    assert own.post(url, GOOD).status_code == 403
    assert fetch_keys([record.pk])
    assert "Datalek afwegen" in text_of(chief.get(reverse("today")))


def test_the_officer_of_data_protection_may_decide(world: World):
    case = world.case("bedrijfsarts")
    record, url = moved(world, case)
    officer = world.case("fg", dossier=case.dossier, physician=case.physician)
    client = desk(world, officer.actor)
    page = client.get(url)
    assert page.status_code == 200
    assert case.dossier.person.surname not in text_of(page)
    assert client.post(url, {**GOOD, "outcome": "ap_werknemer", "seen": "ja"}).status_code == 302
    assert decision(record)[:3] == (officer.actor.user.pk, True, "ap_werknemer")
    assert fetch_keys([record.pk]) == {}


@pytest.mark.parametrize(
    "role", ["procesbewaker", "casemanager", "secretariaat", "gedelegeerde", "praktijkbeheerder"]
)
def test_nobody_else_sees_that_there_is_a_question(world: World, role: str):
    case = world.case("bedrijfsarts")
    _, url = moved(world, case)
    other = world.case(role, dossier=case.dossier, physician=case.physician)
    assert desk(world, other.actor).get(url).status_code in (403, 404)


# -- by raw SQL ------------------------------------------------------------------------------------------


def row_about(case: Case, record: UUID, series: UUID) -> dict[str, object]:
    now = timezone.now()
    return {
        "id": uuid4(), "practice_id": case.dossier.practice_id, "dossier_id": case.dossier.pk, "section": "begeleiding",
        "purpose": "begeleiding", "panel": "medical", "record_id": record, "records": [record], "series": series,
        "written_at": now, "moved_by_id": case.actor.user.pk, "moved_at": now, "answerable_id": case.actor.user.pk,
        "outcome": "",
    }  # fmt: skip


def test_the_key_of_a_record_that_stays_cannot_be_named(world: World):
    """A forged question would otherwise destroy a record that nobody moved."""
    case = world.case("bedrijfsarts")
    stays = note(case, anamnese="Blijft.")
    with case.actor.acts():
        opened(case, NOTE)
        assert insert("dossier_breachassessment", row_about(case, stays.pk, stays.series)) == "23514"
        assert (
            insert("dossier_breachassessment", {**row_about(case, stays.pk, stays.series), "records": []})
            == "23514"
        )


def test_who_may_not_decide_changes_nothing_and_a_decision_is_never_changed(world: World):
    delegate = world.case("gedelegeerde")
    record, url = moved(world, delegate, CONTACT, "gedelegeerde")
    decide = (
        "UPDATE dossier_breachassessment SET assessed_by_id = %s, assessed_at = now(), seen = false, outcome = 'geen', "
        "reason = %s WHERE series = %s"
    )
    with delegate.actor.acts():
        opened(delegate, CONTACT)
        assert changed(decide, delegate.actor.user.pk, b"x", record.series) == 0
    desk(world, delegate.physician).post(url, GOOD)
    with delegate.physician.acts():
        Dossier.objects.open(
            delegate.dossier.pk, "gedelegeerde.read", "begeleiding.amend", "inzage.read", "gedelegeerde.copy"
        )
        assert changed(decide, delegate.physician.user.pk, b"x", record.series) in (0, "23514")


def test_a_stranger_and_the_process_side_read_none_of_it(world: World):
    case = world.case("bedrijfsarts")
    moved(world, case)
    keeper = world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    with keeper.actor.acts():
        Dossier.objects.open(
            case.dossier.pk, "proces.read", "werkgeverdeel.read", "proces.amend", "team.read"
        )
        assert ids("dossier_breachassessment") == set()
