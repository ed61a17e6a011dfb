"""The overview for the employee: who looked in his file, for him alone; and the request it answers."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.urls import reverse
from django.utils import timezone

from directory.access.log import note
from directory.access.refusals import Refusal
from directory.accounts.models import User
from dossier.insight.overview import actions, requests
from dossier.models import Dossier, Verzoek
from tests.domain.test_pages import body, enter, log_of
from tests.walls import asking
from tests.world import OWNER, Actor, Case, World

TODAY = timezone.localdate
MAKERS = ("bedrijfsarts", "waarnemer", "dossierbewaarder", "fg")
OTHERS = (
    *("bedrijfsarts_doelgebonden", "arts_onder_supervisie", "gedelegeerde", "teamlid", "second_opinionarts"),
    *(
        "signaleerder",
        "procesbewaker",
        "overig_a",
        "casemanager",
        "overig_b",
        "secretariaat",
        "praktijkbeheerder",
    ),
)
ASKED = {"asked_on": "2026-01-05", "asked_by": "werknemer", "identity": "legitimatie"}


def asks(who: Actor, dossier: Dossier, **other: Any) -> Verzoek:
    """Record that the employee asks, as the form does."""
    said: dict[str, Any] = {"asked_on": TODAY(), "asked_by": "werknemer", "identity": "bekend"}
    with who.acts():
        opened = Dossier.objects.open(dossier.pk, *requests.ASKS)
        return actions.record(by=User(pk=who.user.pk), opened=opened, **(said | other))


def look(who: Actor, dossier: Dossier, ask: str) -> None:
    with who.acts():
        Dossier.objects.open(dossier.pk, ask)


def overview(who: Actor, dossier: Dossier, asked: Verzoek) -> str:
    return body(enter(who).get(reverse("log_overview", args=[dossier.pk, asked.pk])))


def by_hand(who: Actor, dossier: Dossier, **other: Any) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "practice_id": dossier.practice_id,
        "dossier_id": dossier.pk,
        "kind": "log",
        "asked_on": TODAY(),
        "asked_by": "werknemer",
        "representative": "",
        "identity": "bekend",
        "recorded_by_id": who.user.pk,
        "recorded_at": timezone.now(),
        "handed_over": "",
    } | other


# -- who makes it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MAKERS)
def test_who_may_copy_makes_the_overview_and_it_stands_in_the_log(world: World, role: str) -> None:
    case = world.case(role)
    client = enter(case.actor)
    answer = client.post(reverse("log_request", args=[case.dossier.pk]), ASKED)
    asked = Verzoek.objects.using(OWNER).get(dossier=case.dossier)
    assert answer.url == reverse("log_overview", args=[case.dossier.pk, asked.pk])
    page = body(client.get(answer.url))
    assert case.dossier.person.name in page
    assert "Klopt er iets niet?" in page
    kinds = [(row.kind, row.purpose) for row in log_of(case.actor) if row.dossiers == [case.dossier.pk]]
    assert ("open", "overview") in kinds
    assert {"request", "export"} <= {kind for kind, _ in kinds}


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_makes_one(world: World, role: str) -> None:
    case = world.case(role)
    asked = asks(case.physician, case.dossier)
    client = enter(case.actor)
    for url in (
        reverse("log_request", args=[case.dossier.pk]),
        reverse("log_overview", args=[case.dossier.pk, asked.pk]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, ASKED).status_code == 403


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_answers_a_request_not_even_by_hand(world: World, role: str) -> None:
    case = world.case(role)
    asked = asks(case.physician, case.dossier)
    change = "UPDATE dossier_verzoek SET answered_on = now(), answered_by_id = %s, handed_over = 'uitgereikt' WHERE id = %s"
    with case.actor.acts():
        asking.opened(
            case.dossier.pk, ["inzage.copy", "inzage.read", "verzoek.read", "verzoek.write", "verzoek.index"]
        )
        assert asking.changed(change, case.actor.user.pk, asked.pk) in (0, "42501")
    with case.physician.acts():
        asking.opened(case.dossier.pk, ["inzage.copy", "verzoek.read"])
        assert asking.changed(change, case.physician.user.pk, asked.pk) == 1


@pytest.mark.parametrize("role", ["casemanager", "overig_b", "praktijkbeheerder"])
def test_whoever_has_no_cell_records_no_request_by_hand(world: World, role: str) -> None:
    case = world.case(role)
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["inzage.copy", "verzoek.write"])
        assert asking.insert("dossier_verzoek", by_hand(case.actor, case.dossier)) == "42501"
    with case.physician.acts():
        asking.opened(case.dossier.pk, ["inzage.copy", "verzoek.write"])
        assert asking.insert("dossier_verzoek", by_hand(case.physician, case.dossier)) is True
        assert asking.insert("dossier_verzoek", by_hand(case.actor, case.dossier)) == "42501"


def test_the_employer_does_not_learn_that_somebody_asked(world: World) -> None:
    case = world.case("casemanager")
    asked = asks(case.physician, case.dossier)
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["verzoek.read", "verzoek.index", "inzage.read", "werkgeverdeel.read"])
        assert asking.ids("dossier_verzoek") in (set(), "42501")
    with case.physician.acts():
        asking.opened(case.dossier.pk, ["verzoek.read"])
        assert asking.ids("dossier_verzoek") == {asked.pk}


# -- what it says --------------------------------------------------------------------------------------


def test_what_one_person_did_again_on_one_day_is_one_line(world: World) -> None:
    case = world.case("gedelegeerde")
    for _ in range(3):
        look(case.actor, case.dossier, "gedelegeerde.read")
    page = overview(case.physician, case.dossier, asks(case.physician, case.dossier))
    assert page.count(case.actor.user.display_name) == 1
    assert "(3 keer)" in page
    assert f"namens {case.physician.user.display_name}" in page
    assert "Dossier van gedelegeerde" in page


def test_what_was_refused_stands_there_too_with_the_reason(world: World) -> None:
    case = world.case("bedrijfsarts")
    curious = world.engaged("teamlid")
    with curious.acts(), suppress(Refusal):
        Dossier.objects.open(case.dossier.pk, "begeleiding.read")
    page = overview(case.actor, case.dossier, asks(case.actor, case.dossier))
    assert curious.user.display_name in page
    assert "Openen geweigerd" in page
    assert "werkte niet aan dit dossier" in page


def test_no_other_dossier_is_in_it(world: World) -> None:
    case = world.case("bedrijfsarts")
    other = world.case("bedrijfsarts", actor=case.actor, physician=case.actor)
    stranger = world.case("waarnemer", dossier=other.dossier, physician=case.actor)
    look(stranger.actor, other.dossier, "begeleiding.read")
    enter(case.actor).get(reverse("today"))
    page = overview(case.actor, case.dossier, asks(case.actor, case.dossier))
    for trace in (str(other.dossier.pk), other.dossier.person.surname, stranger.actor.user.display_name):
        assert trace not in page
    assert overview(case.actor, other.dossier, asks(case.actor, other.dossier)).count(
        stranger.actor.user.display_name
    )


def test_a_request_of_another_dossier_is_not_found_here(world: World) -> None:
    case = world.case("bedrijfsarts")
    other = world.case("bedrijfsarts", actor=case.actor, physician=case.actor)
    asked = asks(case.actor, other.dossier)
    client = enter(case.actor)
    assert client.get(reverse("log_overview", args=[case.dossier.pk, asked.pk])).status_code == 404
    assert client.get(reverse("log_overview", args=[other.dossier.pk, asked.pk])).status_code == 200


def test_a_period_leaves_out_the_rest(world: World) -> None:
    case = world.case("gedelegeerde")
    look(case.actor, case.dossier, "gedelegeerde.read")
    yesterday = TODAY() - timedelta(days=1)
    before = asks(case.physician, case.dossier, until=yesterday)
    after = asks(case.physician, case.dossier, since=yesterday)
    assert case.actor.user.display_name not in overview(case.physician, case.dossier, before)
    assert case.actor.user.display_name in overview(case.physician, case.dossier, after)


# -- voluntary -----------------------------------------------------------------------------------------


def voluntary(world: World) -> tuple[Case, Case]:
    """An employee with a running case, who also came of his own accord to another physician."""
    case = world.case("fg")
    visited = world.case("bedrijfsarts_doelgebonden", dossier=case.dossier, physician=case.physician)
    look(visited.actor, case.dossier, "open_spreekuur.read")
    enter(visited.actor).get(reverse("today"))
    with case.physician.acts():
        Dossier.objects.open(case.dossier.pk, "open_spreekuur.read")
        note("sign", dossier=case.dossier.pk, asks=["open_spreekuur.write"])
    look(case.physician, case.dossier, "begeleiding.read")
    return case, visited


def test_the_physician_s_overview_names_the_voluntary_part_for_it_is_the_employee_s_own(world: World) -> None:
    case, visited = voluntary(world)
    page = overview(case.physician, case.dossier, asks(case.physician, case.dossier))
    assert "Open spreekuur" in page
    assert visited.actor.user.display_name in page
    assert "mag niet weten" not in page


def test_the_officer_s_overview_has_no_trace_of_it_and_says_so_always(world: World) -> None:
    case, visited = voluntary(world)
    plain = world.case("fg")
    look(plain.physician, plain.dossier, "begeleiding.read")
    page = overview(case.actor, case.dossier, asks(case.actor, case.dossier))
    for trace in ("spreekuur", "vrijwillig", visited.actor.user.display_name, "één doel", "Ondertekend"):
        assert trace not in page
    assert case.physician.user.display_name in page
    for shown in (page, overview(plain.actor, plain.dossier, asks(plain.actor, plain.dossier))):
        assert "mag niet weten welk medisch onderdeel" in shown


def test_nor_has_the_officer_s_page_beside_the_dossier(world: World) -> None:
    case, visited = voluntary(world)
    page = body(enter(case.actor).get(reverse("who_did", args=[case.dossier.pk])))
    for trace in ("spreekuur", visited.actor.user.display_name, "één doel"):
        assert trace not in page
    assert case.physician.user.display_name in page
    assert visited.actor.user.display_name in body(
        enter(case.physician).get(reverse("who_did", args=[case.dossier.pk]))
    )


def test_what_was_looked_at_before_the_process_began_is_not_the_officer_s(world: World) -> None:
    """A dossier that began with a voluntary contact: its first lines would say since when."""
    case = world.case("fg")
    early = world.case("waarnemer", dossier=case.dossier, physician=case.physician)
    look(early.actor, case.dossier, "begeleiding.read")
    world.change(case.dossier, process_from=timezone.now())
    look(case.physician, case.dossier, "begeleiding.read")
    page = overview(case.actor, case.dossier, asks(case.actor, case.dossier))
    assert early.actor.user.display_name not in page
    assert case.physician.user.display_name in page
    assert early.actor.user.display_name in overview(
        case.physician, case.dossier, asks(case.physician, case.dossier)
    )


def test_the_officer_makes_none_of_a_dossier_that_is_voluntary_alone(world: World) -> None:
    case = world.case("fg")
    url = reverse("log_request", args=[case.dossier.pk])
    assert enter(case.actor).get(url).status_code == 200
    world.change(case.dossier, process_from=None)
    assert enter(case.actor).get(url).status_code == 404


def test_no_medical_word_stands_in_title_or_address(world: World) -> None:
    case, _ = voluntary(world)
    url = reverse("log_overview", args=[case.dossier.pk, asks(case.physician, case.dossier).pk])
    assert "<title>Overzicht van inzage · Tweeluik</title>" in body(enter(case.physician).get(url))


# -- the request ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked_on", "due"),
    [
        (date(2026, 11, 28), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 5, 31), date(2026, 6, 30)),
    ],
)
def test_the_term_is_one_month(asked_on: date, due: date) -> None:
    assert requests.due(asked_on) == due


def test_a_request_beyond_its_term_says_so_and_an_answered_one_how(world: World) -> None:
    case = world.case("bedrijfsarts")
    late = asks(case.actor, case.dossier, asked_on=TODAY() - timedelta(days=40))
    client, here = enter(case.actor), reverse("who_did", args=[case.dossier.pk])
    assert "Te laat" in body(client.get(here))
    url = reverse("log_overview", args=[case.dossier.pk, late.pk])
    given = {"answered_on": TODAY().isoformat(), "handed_over": "prive_adres"}
    assert client.post(url, given).url == here
    page = body(client.get(here))
    assert "naar het privéadres gestuurd" in page
    assert "Te laat" not in page


def test_it_is_answered_once_and_then_stands(world: World) -> None:
    case = world.case("bedrijfsarts")
    asked = asks(case.actor, case.dossier)
    client, url = enter(case.actor), reverse("log_overview", args=[case.dossier.pk, asked.pk])
    for how in ("uitgereikt", "prive_adres"):
        assert client.post(url, {"answered_on": TODAY().isoformat(), "handed_over": how}).status_code == 302
    stored = Verzoek.objects.using(OWNER).get(pk=asked.pk)
    assert (stored.handed_over, stored.answered_by) == ("uitgereikt", case.actor.user)
    with connections["owner"].cursor() as cursor, pytest.raises(DatabaseError, match="answered_once"):
        cursor.execute("UPDATE dossier_verzoek SET handed_over = 'prive_adres' WHERE id = %s", [asked.pk])


@pytest.mark.parametrize("how", ["werkgever", "mail", ""])
def test_it_is_never_handed_over_through_the_employer(world: World, how: str) -> None:
    case = world.case("bedrijfsarts")
    asked = asks(case.actor, case.dossier)
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["inzage.copy", "verzoek.read"])
        change = "UPDATE dossier_verzoek SET answered_on = now(), answered_by_id = %s, handed_over = %s WHERE id = %s"
        assert asking.changed(change, case.actor.user.pk, how, asked.pk) == "23514"
        assert asking.changed(change, case.actor.user.pk, "uitgereikt", asked.pk) == 1


def test_somebody_else_asks_by_name_and_ground_and_the_employee_without(world: World) -> None:
    case = world.case("bedrijfsarts")
    for said in ({"asked_by": "nabestaande"}, {"asked_by": "werknemer", "representative": "J. de Boer"}):
        with pytest.raises(ValidationError, match="namens de werknemer"):
            asks(case.actor, case.dossier, **said)
    made = asks(case.actor, case.dossier, asked_by="nabestaande", representative=" J. de Boer ")
    assert (made.representative, made.get_asked_by_display()) == ("J. de Boer", "Een nabestaande (BW 7:458a)")


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked_on": TODAY() + timedelta(days=1)},
        {"since": date(2026, 2, 1), "until": date(2026, 1, 1)},
    ],
)
def test_impossible_days_are_refused(world: World, wrong: dict[str, Any]) -> None:
    case = world.case("bedrijfsarts")
    with pytest.raises(ValidationError):
        asks(case.actor, case.dossier, **wrong)
