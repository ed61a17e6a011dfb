"""What somebody has not finished is found again: his own, over all his dossiers, and never anybody else's."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dossier.models import Dossier
from dossier.records.drafts import save_url
from dossier.records.places import record_url
from tests.domain.test_records_browser import above, browser, form, text_of
from tests.domain.test_records_tools import CONTACT, NOTE, STEP, note
from tests.world import Case, World

URL = "/concepten/"


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


def names_in(page) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a href="[^"]+">([^<]+)</a>', page.content.decode())


def filed(case: Case) -> str:
    return f"{case.dossier.person.surname}, T."


def test_drafts_and_concepts_of_all_dossiers_stand_in_one_list_newest_first(world: World):
    first = world.case("bedrijfsarts")
    second = world.case("bedrijfsarts", actor=first.actor, physician=first.physician)
    third = world.case("bedrijfsarts", actor=first.actor, physician=first.physician)
    client = browser(world, first.actor)
    concept = note(first, sign=False, anamnese="Woorden van het concept.")
    note(third, anamnese="Ondertekend.")
    client.post(save_url(second.dossier.pk, NOTE), form(anamnese="Woorden van het klad."))
    page = client.get(URL)
    assert names_in(page) == [filed(second), filed(first)]
    assert "Woorden" not in text_of(page)
    links = re.findall(r'role="rowheader"><a href="([^"]+)"', page.content.decode())
    assert "Woorden van het klad." in text_of(client.get(links[0]))
    assert links[1] == record_url(concept, "record_edit")
    assert "Woorden van het concept." in text_of(client.get(links[1]))


def test_one_log_row_names_the_dossiers(world: World):
    case = world.case("bedrijfsarts")
    client = browser(world, case.actor)
    note(case, sign=False, anamnese="Concept.")
    before = above("SELECT max(id) FROM access_log")[0][0]
    client.get(URL)
    rows = above(
        "SELECT kind, purpose, dossiers FROM access_log WHERE id > %s AND actor = %s",
        before,
        case.actor.user.pk,
    )
    assert rows == [("list", "in_hand", [case.dossier.pk])]


def test_what_a_colleague_has_in_hand_is_not_in_the_list(world: World):
    delegate = world.case("gedelegeerde")
    note(delegate, CONTACT, sign=False, anamnese="Van de gedelegeerde.")
    chief, own = browser(world, delegate.physician), browser(world, delegate.actor)
    assert names_in(own.get(URL)) == [filed(delegate)]
    assert names_in(chief.get(URL)) == []
    assert "Geen concepten" in text_of(chief.get(URL))


def test_who_keeps_the_process_finds_his_own_and_nothing_medical(world: World):
    keeper = world.case("procesbewaker")
    note(keeper, STEP, sign=False, proces="Bellen met de werkgever.")
    page = browser(world, keeper.actor).get(URL)
    assert names_in(page) == [filed(keeper)]
    assert "Procesdossier" in text_of(page)
    assert "Medisch" not in text_of(page)


def test_of_a_suspended_contract_nothing_is_listed_and_after_it_again(world: World):
    delegate = world.case("gedelegeerde")
    note(delegate, CONTACT, sign=False, anamnese="Nog af te maken.")
    client = browser(world, delegate.actor)
    suspension = world.suspend(delegate.ground)
    assert names_in(client.get(URL)) == []
    world.change(suspension, ends_at=timezone.now())
    assert names_in(client.get(URL)) == [filed(delegate)]


def test_the_bedrijfsarts_finds_what_his_waarnemer_left_unsigned_when_the_waarneming_ended(world: World):
    deputy = world.case("waarnemer")
    left = note(deputy, sign=False, anamnese="Op vrijdag begonnen.")
    note(deputy, anamnese="Wel ondertekend.")
    chief = browser(world, deputy.physician)
    assert names_in(chief.get(URL)) == []  # while it runs it is the waarnemer's own
    world.end(deputy.ground)
    page = chief.get(URL)
    assert names_in(page) == [filed(deputy)]
    assert "Achtergelaten door een waarnemer" in text_of(page)
    assert deputy.actor.user.display_name in text_of(page)
    assert record_url(left) in page.content.decode()
    read = text_of(chief.get(record_url(left)))
    assert "Op vrijdag begonnen." in read
    assert "Concept, niet ondertekend" in read
    assert names_in(browser(world, deputy.actor).get(URL)) == []


def test_a_colleague_of_the_practice_finds_nothing_of_that_waarnemer(world: World):
    deputy = world.case("waarnemer")
    note(deputy, sign=False, anamnese="Op vrijdag begonnen.")
    world.end(deputy.ground)
    colleague = world.case("bedrijfsarts", dossier=deputy.dossier)
    assert names_in(browser(world, colleague.actor).get(URL)) == []


def test_vandaag_leads_straight_back_into_the_text(world: World):
    case = world.case("bedrijfsarts")
    client, concept = browser(world, case.actor), note(case, sign=False, anamnese="Concept.")
    page = client.get(reverse("today"))
    assert f'href="{record_url(concept, "record_edit")}"' in page.content.decode()
    assert "Concept in het medisch dossier" in text_of(page)


# -- what one looked at last -----------------------------------------------------------------------------


def recent_in(page) -> list[str]:
    found = re.search(r'<h2 id="recent">.*?</ul>', page.text, re.DOTALL)
    return re.findall(r"<li><a [^>]+>([^<]+)</a>", found[0]) if found else []


def test_the_dossiers_one_looked_at_last_stand_on_vandaag(world: World):
    first = world.case("procesbewaker")
    second = world.case("procesbewaker", actor=first.actor, physician=first.physician)
    client = browser(world, first.actor)
    assert recent_in(client.get(reverse("today"))) == []
    for case in (first, second, first):
        client.get(reverse("dossier", args=[case.dossier.pk]))
    assert recent_in(client.get(reverse("today"))) == [filed(first), filed(second)]


def test_what_others_looked_at_and_what_one_may_no_longer_find_is_not_there(world: World):
    keeper = world.case("procesbewaker")
    colleague = world.case("procesbewaker", dossier=keeper.dossier, physician=keeper.physician)
    client, other = browser(world, keeper.actor), browser(world, colleague.actor)
    client.get(reverse("dossier", args=[keeper.dossier.pk]))
    assert recent_in(other.get(reverse("today"))) == []
    assert recent_in(client.get(reverse("today"))) == [filed(keeper)]
    world.end(keeper.ground)
    assert recent_in(client.get(reverse("today"))) == []


def test_no_more_than_eight_are_shown(world: World):
    case = world.case("procesbewaker")
    with_nine = [
        case,
        *(world.case("procesbewaker", actor=case.actor, physician=case.physician) for _ in range(8)),
    ]
    for each in with_nine:
        with case.actor.acts():
            Dossier.objects.open(each.dossier.pk, "proces.read")
    assert recent_in(browser(world, case.actor).get(reverse("today"))) == [
        filed(each) for each in reversed(with_nine[1:])
    ]
