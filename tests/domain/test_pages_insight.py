"""Who works on a dossier, who may see it, who has seen it, and the log of the practice."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from directory.access.grid import the_grid
from directory.access.log import note
from dossier.insight.words import MISSING
from dossier.models import Dossier
from tests.domain.test_pages import body, enter, log_of
from tests.world import World

PAGES = ("team", "who_may", "who_did")


@pytest.mark.parametrize("name", PAGES)
def test_without_a_grant_these_pages_do_not_exist(world: World, name: str) -> None:
    case = world.case("bedrijfsarts")
    client = enter(world.engaged("bedrijfsarts"))
    answers = [client.get(reverse(name, args=[pk])) for pk in (case.dossier.pk, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_the_team_says_who_and_why(world: World) -> None:
    case = world.case("gedelegeerde")
    page = body(enter(case.physician).get(reverse("team", args=[case.dossier.pk])))
    assert case.actor.user.display_name in page
    assert "Heeft een taakdelegatieovereenkomst met de bedrijfsarts" in page
    assert f"verantwoordelijk: {case.physician.user.display_name}" in page


def test_a_suspension_and_an_end_are_told(world: World) -> None:
    case = world.case("gedelegeerde")
    client, url = enter(case.physician), reverse("team", args=[case.dossier.pk])
    world.suspend(case.ground)
    assert "Geschorst" in body(client.get(url))
    world.end(case.ground)
    assert [member.name for member in client.get(url).context["eerder"]] == [case.actor.user.display_name]


def test_the_process_side_does_not_learn_who_works_on_the_medical_side(world: World) -> None:
    case = world.case("gedelegeerde")
    process = world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    names = {"team": case.actor.user.display_name, "who_may": case.actor.user.display_name}
    for name, hidden in names.items():
        page = body(enter(process.actor).get(reverse(name, args=[case.dossier.pk])))
        assert case.physician.user.display_name in page
        assert hidden not in page


def test_the_employer_side_learns_only_who_the_physician_is(world: World) -> None:
    case = world.case("casemanager")
    world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    found = enter(case.actor).get(reverse("team", args=[case.dossier.pk])).context["leden"]
    assert {member.role for member in found} == {"bedrijfsarts"}


def test_that_an_employee_came_of_his_own_accord_is_told_to_nobody_outside(world: World) -> None:
    process = world.case("procesbewaker")
    visited = world.engaged("bedrijfsarts_doelgebonden")
    world.ground("self_referral", "bedrijfsarts_doelgebonden", visited, process.dossier)
    for name in ("team", "who_may"):
        page = body(enter(process.actor).get(reverse(name, args=[process.dossier.pk])))
        assert visited.user.display_name not in page
        assert "vrijwillig" not in page
    assert "meldde zich zelf" in body(
        enter(process.physician).get(reverse("team", args=[process.dossier.pk]))
    )


def test_who_may_gives_the_four_answers(world: World) -> None:
    case = world.case("gedelegeerde")
    page = enter(case.physician).get(reverse("who_may", args=[case.dossier.pk]))
    said = {
        person.member.user_id: {group.tag for group in person.groups} for person in page.context["mensen"]
    }
    assert said[case.physician.user.pk] == {"Mag"}
    assert said[case.actor.user.pk] == {"Mag, met voorwaarde", "Mag niet"}
    told = next(p for p in page.context["mensen"] if p.member.user_id == case.actor.user.pk)
    assert told.condition == the_grid().roles["gedelegeerde"].condition


def test_not_yet_says_what_is_missing_and_who_mends_it(world: World) -> None:
    case = world.case("gedelegeerde")
    late = world.dossier()
    world.ground("client_assignment", "bedrijfsarts", case.physician, late)
    world.grant(case.ground, late, case.actor.user)
    page = enter(case.physician).get(reverse("who_may", args=[late.pk]))
    told = next(p for p in page.context["mensen"] if p.member.user_id == case.actor.user.pk)
    waits = [group for group in told.groups if group.tag == "Nog niet"]
    assert [(group.title, group.mender) for group in waits] == [MISSING["notice"]]


def test_every_guard_has_words_for_who_reads_them_of_a_colleague() -> None:
    codes = {guard.code for role in the_grid().roles.values() for guard in the_grid().guards(role)}
    assert codes <= set(MISSING)
    assert not [words for words in MISSING.values() if re.search(r"\b[Uu]w?\b", words[0])]


def test_who_has_seen_it_tells_refusals_too_and_merges_repeats(world: World) -> None:
    case = world.case("bedrijfsarts")
    process = world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    visitor = enter(process.actor)
    for _ in range(3):
        visitor.get(reverse("team", args=[case.dossier.pk]))
    assert visitor.get(reverse("who_did", args=[case.dossier.pk])).status_code == 403
    page = enter(case.physician).get(reverse("who_did", args=[case.dossier.pk]))
    lines = [line for _, of_day in page.context["dagen"] for line in of_day]
    mine = {line.what: line for line in lines if line.who == process.actor.user.display_name}
    assert mine["Teamoverzicht bekeken"].count == 3
    assert mine["Openen geweigerd"].why_not == "dit hoort niet bij de rol"
    assert mine["Openen geweigerd"].behalf == case.physician.user.display_name


def test_another_dossier_in_the_same_row_is_not_told(world: World) -> None:
    case = world.case("bedrijfsarts")
    other = world.dossier()
    world.ground("client_assignment", "bedrijfsarts", case.physician, other)
    client = enter(case.physician)
    client.get(reverse("today"))
    page = body(client.get(reverse("who_did", args=[case.dossier.pk])))
    assert "Naam gezien in een overzicht" in page
    assert str(other.pk) not in page


def test_the_officer_sees_the_log_without_content(world: World) -> None:
    case = world.case("bedrijfsarts")
    with case.actor.acts():
        Dossier.objects.open(case.dossier.pk, "open_spreekuur.read")
        note("sign", dossier=case.dossier.pk, asks=["open_spreekuur.write"])
    officer = world.engaged("fg")
    client = enter(officer)
    page = body(client.get(reverse("log_review")))
    assert "Ondertekend" in page
    assert case.actor.user.display_name in page
    # An opening before or after stands in the same list, so the words of sections are looked for, not this row alone.
    for word in ("spreekuur", str(case.dossier.pk), case.dossier.person.surname):
        assert word not in page
    assert [row.asks for row in log_of(officer, kind="log_review")] == [["logcontrole.read"]]
    assert "spreekuur" not in body(client.get(reverse("who_did", args=[case.dossier.pk])))


def test_the_log_filters_by_what_it_knows_only(world: World) -> None:
    client = enter(world.engaged("fg"))
    refused = client.get(reverse("log_review", query={"uitkomst": "geweigerd", "soort": "open"}))
    assert all(row.refused for row in refused.context["rijen"])
    strange = client.get(reverse("log_review", query={"uitkomst": "x' OR 1=1", "soort": "zomaar"}))
    assert strange.context["gekozen"] == {}


@pytest.mark.parametrize("role", ["bedrijfsarts", "procesbewaker", "praktijkbeheerder", "secretariaat"])
def test_nobody_else_reviews_the_log(world: World, role: str) -> None:
    assert enter(world.engaged(role)).get(reverse("log_review")).status_code == 403


def test_two_contracts_make_one_person(world: World) -> None:
    case = world.case("gedelegeerde")
    ground = world.ground(
        "contract", "gedelegeerde", case.actor, case.dossier, responsible=case.physician, purposes=("pmo",)
    )
    world.contract(ground, case.actor, case.physician)
    people = enter(case.physician).get(reverse("who_may", args=[case.dossier.pk])).context["mensen"]
    assert [person.member.user_id for person in people].count(case.actor.user.pk) == 1


def test_an_act_says_which_part_it_was_about(world: World) -> None:
    case = world.case("bedrijfsarts")
    with case.actor.acts():
        note("sign", dossier=case.dossier.pk, asks=["begeleiding.write"])
        note("amend", dossier=case.dossier.pk, asks=["proces.amend"])
    page = enter(case.physician).get(reverse("who_did", args=[case.dossier.pk]))
    said = {line.what: line.parts for _, of_day in page.context["dagen"] for line in of_day}
    assert said["Ondertekend"] == "Verzuimbegeleiding"
    assert said["Nieuwe versie gemaakt"] == "Procesdossier"
