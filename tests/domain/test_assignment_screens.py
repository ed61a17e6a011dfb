"""Opdrachten on the screens: who works for whom, on which written reason; two hats and the decision about them.

Source: Leidraad casemanagement (2019) §1.2, §2.3.2, §3.1, §3.4.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from consent.models import Notice
from delegation.assignments.models import AssignmentKind
from delegation.assignments.pages import KINDS
from delegation.models import Assignment, Deputising, SeparationDecision
from directory.access.models import Ground
from dossier.models import DossierGrant
from tests.domain.test_bad_input import to_separate
from tests.domain.test_delegation import answer
from tests.domain.test_pages import enter
from tests.walls.addresses import desk_of
from tests.world import OWNER, Actor, Case, World


def text_of(page: HttpResponse) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", " ", page.content.decode()))


def new(kind: AssignmentKind, case: Case | None = None) -> str:
    query = {"voor": case.dossier.relation_id} if case else None
    return reverse("assignment_new", args=[KINDS.index(kind)], query=query)


def fields(holder: Actor, **more: Any) -> dict[str, Any]:
    said = {
        "holder": str(holder.engagement.pk),
        "tasks": "Wat op verzoek nodig is",
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": "",
    }
    return said | more


def assignments_of(holder: Actor) -> list[Assignment]:
    return list(Assignment.objects.using(OWNER).filter(holder=holder.engagement.pk))


@pytest.fixture
def own(world: World) -> Case:
    return world.case("bedrijfsarts")


# --- under the bedrijfsarts -------------------------------------------------------------------------------------


def test_a_bedrijfsarts_adds_a_team_member_to_one_dossier_from_its_team_page(world: World, own: Case) -> None:
    other = world.case("bedrijfsarts", actor=own.actor)
    member = world.engaged("teamlid")
    world.secrecy(member, "afgeleid_beroepsgeheim")
    desk = enter(own.actor)
    address = new(AssignmentKind.TEAM, own)
    assert address in unescape(desk.get(reverse("team", args=[own.dossier.pk])).content.decode())
    said = fields(member, responsible=str(own.actor.engagement.pk), purposes=["begeleiding"])
    assert desk.post(address, said).status_code == 302
    assert answer(member, own.dossier.pk, "team.read") == "open"
    assert answer(member, other.dossier.pk, "team.read") == "not found"
    assert member.user.display_name in text_of(desk.get(reverse("team", args=[own.dossier.pk])))


def test_without_his_own_secrecy_nobody_is_added(world: World, own: Case) -> None:
    member = world.engaged("teamlid")
    said = fields(member, responsible=str(own.actor.engagement.pk), purposes=["begeleiding"])
    sent = enter(own.actor).post(new(AssignmentKind.TEAM, own), said)
    assert sent.status_code == 400
    assert "Nog niet getekend" in text_of(sent)
    assert "Wat op verzoek nodig is" in text_of(sent)
    assert assignments_of(member) == []


def test_what_the_practice_prepares_counts_after_the_bedrijfsarts_accepts(world: World, own: Case) -> None:
    keeper, admin = world.engaged("procesbewaker"), world.engaged("praktijkbeheerder")
    world.secrecy(keeper, "afgeleid_beroepsgeheim")
    said = fields(
        keeper, responsible=str(own.actor.engagement.pk), facilities="Een dag per week", form_key=str(uuid4())
    )
    for _ in range(2):
        assert enter(admin).post(new(AssignmentKind.PROCESS), said).status_code == 302
    [row] = assignments_of(keeper)
    assert answer(keeper, own.dossier.pk, "proces.read") == "not found"
    desk = enter(own.actor)
    assert "Opdracht om te aanvaarden" in text_of(desk.get(reverse("today")))
    accept = reverse("assignment_accept", args=[row.pk])
    assert enter(admin).post(accept).status_code == 403
    for _ in range(2):
        assert desk.post(accept).status_code == 302
    assert "al aanvaard" in text_of(desk.get(reverse("assignments")))
    assert answer(keeper, own.dossier.pk, "proces.read") == "open"


def test_an_assignment_is_ended_with_its_reason_and_nothing_opens_any_more(world: World, own: Case) -> None:
    keeper = world.engaged("procesbewaker")
    world.secrecy(keeper, "afgeleid_beroepsgeheim")
    desk = enter(own.actor)
    said = fields(keeper, responsible=str(own.actor.engagement.pk), facilities="Een dag per week")
    desk.post(new(AssignmentKind.PROCESS), said)
    [row] = assignments_of(keeper)
    end = reverse("assignment_end", args=[row.pk])
    colleague = world.engaged("bedrijfsarts")
    assert enter(colleague).post(end, {"reason": "Zomaar"}).status_code == 403
    assert desk.post(end, {"reason": ""}).status_code == 400
    assert answer(keeper, own.dossier.pk, "proces.read") == "open"
    for _ in range(2):
        assert desk.post(end, {"reason": "Andere taken"}).status_code == 302
    assert answer(keeper, own.dossier.pk, "proces.read") == "not found"
    assert Ground.objects.using(OWNER).get(pk=row.ground_id).ended_reason == "Andere taken"


@pytest.mark.parametrize(
    "role", ["gedelegeerde", "secretariaat", "casemanager", "arts_onder_supervisie", "fg"]
)
def test_nobody_else_assigns(world: World, role: str) -> None:
    desk = enter(world.engaged(role))
    assert desk.get(reverse("assignments")).status_code == 403
    assert desk.post(new(AssignmentKind.TEAM), {}).status_code == 403


# --- the employer's side ----------------------------------------------------------------------------------------


def of_the_principal(holder: Actor, **more: Any) -> dict[str, Any]:
    return fields(
        holder,
        facilities="Vier uur per week",
        principal="Directie van de werkgever",
        document_reference="Brief van 2 november",
        **more,
    )


def test_the_practice_puts_a_casemanager_on_one_employee_on_the_written_assignment(
    world: World, own: Case
) -> None:
    other = world.case("bedrijfsarts")
    admin, manager = world.engaged("praktijkbeheerder"), world.engaged("casemanager")
    world.secrecy(manager, "avg_geheimhouding")
    desk = enter(admin)
    client = desk.get(reverse("client", args=[own.dossier.employer_id]))
    assert new(AssignmentKind.EMPLOYER, own) in unescape(client.content.decode())
    assert desk.post(new(AssignmentKind.EMPLOYER, own), of_the_principal(manager)).status_code == 302
    assert answer(manager, own.dossier.pk, "werkgeverdeel.read") == "open"
    assert answer(manager, other.dossier.pk, "werkgeverdeel.read") == "not found"


def test_without_the_principal_and_his_paper_there_is_no_assignment(world: World, own: Case) -> None:
    admin, manager = world.engaged("praktijkbeheerder"), world.engaged("casemanager")
    world.secrecy(manager, "avg_geheimhouding")
    said = of_the_principal(manager) | {"principal": "", "document_reference": ""}
    assert enter(admin).post(new(AssignmentKind.EMPLOYER, own), said).status_code == 400
    assert assignments_of(manager) == []


def test_a_bedrijfsarts_puts_nobody_on_the_employer_s_side(world: World, own: Case) -> None:
    manager = world.engaged("casemanager")
    world.secrecy(manager, "avg_geheimhouding")
    sent = enter(own.actor).post(new(AssignmentKind.EMPLOYER, own), of_the_principal(manager))
    assert sent.status_code == 404
    assert assignments_of(manager) == []


def test_without_an_employee_the_page_says_whom_to_choose_first(world: World) -> None:
    page = enter(world.engaged("praktijkbeheerder")).get(new(AssignmentKind.REINTEGRATION))
    assert "Kies eerst de werknemer" in text_of(page)


def test_an_employee_of_another_practice_is_not_there(world: World) -> None:
    foreign = world.relation(practice=world.other_practice)
    address = f"{new(AssignmentKind.EMPLOYER)}?voor={foreign.pk}"
    assert enter(world.engaged("praktijkbeheerder")).get(address).status_code == 404


def test_a_reintegration_company_gets_in_after_the_employee_was_told(world: World, own: Case) -> None:
    admin, company = world.engaged("praktijkbeheerder"), world.engaged("overig_b")
    world.secrecy(company, "avg_geheimhouding")
    said = of_the_principal(company)
    said.pop("facilities")
    assert enter(admin).post(new(AssignmentKind.REINTEGRATION, own), said).status_code == 302
    assert answer(company, own.dossier.pk, "vrijgave.read") == "not yet: employee_not_informed"
    desk, address = enter(own.actor), reverse("notice_give", args=[own.dossier.pk])
    key = re.search(r'name="wie" value="([^"]+)"', desk.get(address).content.decode())
    assert key
    told = {
        "wie": key[1],
        "function": "re-integratiebedrijf",
        "task": "begeleiding naar ander werk",
        "reachable": "elke werkdag",
        "right_to_speak": "on",
        "given_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "means": "gesprek",
    }
    assert desk.post(address, told).status_code == 302
    assert Notice.objects.using(OWNER).get(about=company.user).kind == "reintegratie"
    assert answer(company, own.dossier.pk, "vrijgave.read") == "open"


# --- the desk tells -----------------------------------------------------------------------------------------------


def test_the_desk_has_a_page_on_which_it_tells_of_the_deputy(world: World) -> None:
    desk = world.case("secretariaat")
    world.make(
        Assignment,
        practice=desk.dossier.practice,
        ground=desk.ground,
        kind="desk",
        holder=desk.actor.engagement,
        responsible=desk.physician.engagement,
        tasks="Post en afspraken",
        starts_at=world.long_ago,
        prepared_by=desk.physician.user,
        accepted_by=desk.physician.user,
        accepted_at=world.long_ago,
    )
    address = reverse("notice_give", args=[desk.dossier.pk])
    assert "Er is nu niets te vertellen" in text_of(enter(desk.actor).get(address))
    deputy = world.case("waarnemer", dossier=desk.dossier, physician=desk.physician)
    world.make(
        Deputising,
        practice=desk.dossier.practice,
        ground=deputy.ground,
        replaced=desk.physician.engagement,
        deputy=deputy.actor.engagement,
        appointed_by=desk.physician.user,
        reason="Vakantie",
    )
    world.change(deputy.ground, ends_at=timezone.now() + timedelta(days=3))
    page = text_of(enter(desk.actor).get(address))
    assert deputy.actor.user.display_name in page


# --- two hats -----------------------------------------------------------------------------------------------------


def test_two_hats_wait_for_the_bedrijfsarts_until_he_decided(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    hat = to_separate(world, desk)
    dossier = desk.case.dossier.pk
    assert answer(hat, dossier, "werkgeverdeel.read") == "not yet: two_hats"
    assert "besluit of dit gescheiden kan" in text_of(desk.client.get(reverse("today")))
    assert hat.user.display_name in text_of(desk.client.get(reverse("two_hats")))
    said = {"separable": "ja", "reason": "Ander werk", "boundaries": ""}
    sent = desk.client.post(desk.urls["separation"], said)
    assert sent.status_code == 400
    assert "Beschrijf hoe de grens" in text_of(sent)
    for _ in range(2):
        said = {
            "separable": "ja",
            "reason": "Ander werk",
            "boundaries": "Andere dagen",
            "form_key": str(dossier),
        }
        assert desk.client.post(desk.urls["separation"], said).status_code == 302
    assert SeparationDecision.objects.using(OWNER).filter(user=hat.user.pk).count() == 1
    assert answer(hat, dossier, "werkgeverdeel.read") == "open"
    assert "besluit of dit gescheiden kan" not in text_of(desk.client.get(reverse("today")))


def test_a_decision_that_it_cannot_keeps_both_closed_and_asks_no_more(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    hat = to_separate(world, desk)
    desk.client.post(desk.urls["separation"], {"separable": "nee", "reason": "Dezelfde afdeling"})
    assert answer(hat, desk.case.dossier.pk, "werkgeverdeel.read") == "not yet: two_hats"
    assert "besluit of dit gescheiden kan" not in text_of(desk.client.get(reverse("today")))
    assert "Kan niet gescheiden blijven" in text_of(desk.client.get(reverse("two_hats")))


def test_a_bedrijfsarts_who_does_not_begleidt_him_neither_sees_nor_decides(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    hat = to_separate(world, desk)
    colleague = enter(world.engaged("bedrijfsarts", practice=desk.case.dossier.practice))
    assert hat.user.display_name not in text_of(colleague.get(reverse("two_hats")))
    assert colleague.post(desk.urls["separation"], {"separable": "ja"}).status_code == 404
    assert SeparationDecision.objects.using(OWNER).filter(user=hat.user.pk).count() == 0


def test_one_hat_asks_for_no_decision(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    assert "Niemand heeft twee petten" in text_of(desk.client.get(reverse("two_hats")))
    assert DossierGrant.objects.using(OWNER).filter(content_object=desk.case.dossier).exists()


# --- taking a case over -------------------------------------------------------------------------------------------


def test_a_bedrijfsarts_takes_a_case_over_from_the_team_page_and_gives_it_back(world: World) -> None:
    delegate = world.case("gedelegeerde")
    here, desk = delegate.dossier.pk, enter(delegate.physician)
    address = reverse("take_over", args=[here, delegate.facts["contract"].pk])
    assert address in desk.get(reverse("team", args=[here])).content.decode()
    assert desk.post(address, {"reason": "", "doe": "overnemen"}).status_code == 400
    assert answer(delegate.actor, here, "gedelegeerde.write") == "open"
    for _ in range(2):
        assert desk.post(address, {"reason": "Ingewikkeld", "doe": "overnemen"}).status_code == 302
    assert answer(delegate.actor, here, "gedelegeerde.write") == "not yet: taken_over"
    assert answer(delegate.actor, here, "gedelegeerde.read") == "open"
    for _ in range(2):
        assert desk.post(address, {"doe": "teruggeven"}).status_code == 302
    assert answer(delegate.actor, here, "gedelegeerde.write") == "open"


def test_nobody_but_who_delegated_takes_it_over(world: World) -> None:
    delegate = world.case("gedelegeerde")
    deputy = world.case("waarnemer", dossier=delegate.dossier, physician=delegate.physician)
    address = reverse("take_over", args=[delegate.dossier.pk, delegate.facts["contract"].pk])
    for somebody in (deputy.actor, delegate.actor):
        assert enter(somebody).post(address, {"reason": "Ik", "doe": "overnemen"}).status_code == 403
    assert answer(delegate.actor, delegate.dossier.pk, "gedelegeerde.write") == "open"
