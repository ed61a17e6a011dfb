"""A form that is sent twice makes one thing: a double click, the browser's back button, a page that is loaded again."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse

from consent.models import Notice
from delegation.models import Assignment, CompetenceConclusion, Contract, Protocol, ProtocolVersion
from directory.access.models import Ground
from directory.accounts.actions import find_invitation
from directory.accounts.models import Invitation, User
from directory.people.models import Employer, Engagement, Person, Relation
from directory.professions.models import ExternalProfessional, ExternalRegistration
from directory.reference.models import ClosingDays, Location, Setting
from tests.domain.bad_input import send
from tests.domain.test_bad_input import newcomer
from tests.domain.test_pages import enter
from tests.walls.addresses import Desk, desk_of
from tests.world import OWNER, World

PROTOCOL = {"position": "Wie", "division": "Wat", "responsibilities": "Waarom"}
KEY = re.compile(r'<input type="hidden" name="form_key" value="([^"]+)">')


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


def count(model: type[Model], **which: Any) -> int:
    """Count what there is, from above every wall."""
    return model.objects.using(OWNER).filter(**which).count()


def filled_in(desk: Desk, label: str, fields: dict[str, str]) -> dict[str, str]:
    """Fill in the form that stands at this address: with the key that is on its page."""
    key = KEY.search(desk.client.get(desk.urls[label]).content.decode())
    assert key, f"no key on the form of {label}"
    return {"form_key": key[1], **fields}


def twice(desk: Desk, label: str, **fields: str) -> list[HttpResponse]:
    """Send the very same form two times."""
    form = filled_in(desk, label, fields)
    return [send(desk.client, desk.urls[label], form) for _ in range(2)]


def led_to_the_same(answers: list[HttpResponse]) -> bool:
    return answers[0].status_code == answers[1].status_code == 302 and answers[0].url == answers[1].url


def test_a_client_is_added_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    assert led_to_the_same(twice(desk, "client_add", name="Slagerij De Haan"))
    assert count(Employer, practice=desk.case.dossier.practice, name="Slagerij De Haan") == 1


def test_the_same_words_in_a_new_form_are_a_second_client(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    for _ in range(2):
        form = filled_in(desk, "client_add", {"name": "Bakkerij Zoet"})
        assert send(desk.client, desk.urls["client_add"], form).status_code == 302
    assert count(Employer, practice=desk.case.dossier.practice, name="Bakkerij Zoet") == 2


def test_other_words_in_a_form_that_was_gone_back_to_are_not_lost(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    form = filled_in(desk, "client_add", {"name": "Kwekerij Roos"})
    for name in ("Kwekerij Roos", "Kwekerij Anjer"):
        send(desk.client, desk.urls["client_add"], {**form, "name": name})
    assert count(Employer, practice=desk.case.dossier.practice, name__startswith="Kwekerij") == 2


def test_a_form_sent_by_somebody_else_is_his_own_act(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    colleague = world.engaged("praktijkbeheerder", practice=desk.case.dossier.practice)
    form = filled_in(desk, "client_add", {"name": "Garage Snel"})
    for client in (desk.client, enter(colleague)):
        assert send(client, desk.urls["client_add"], form).status_code == 302
    assert count(Employer, practice=desk.case.dossier.practice, name="Garage Snel") == 2


def test_a_form_without_its_key_is_not_refused(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    for key in ({}, {"form_key": "weg"}):
        assert send(desk.client, desk.urls["client_add"], {"name": "Drogist Kruid", **key}).status_code == 302
    assert count(Employer, practice=desk.case.dossier.practice, name="Drogist Kruid") == 2


def test_a_form_with_a_mistake_can_be_mended_and_sent_again(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    form = filled_in(desk, "client_add", {"name": "Smederij Vuur", "kvk_number": "12"})
    assert send(desk.client, desk.urls["client_add"], form).status_code == 400
    assert send(desk.client, desk.urls["client_add"], {**form, "kvk_number": "12345678"}).status_code == 302
    assert count(Employer, practice=desk.case.dossier.practice, name="Smederij Vuur") == 1


def test_an_employee_is_added_once(world: World) -> None:
    desk = desk_of(world, "secretariaat")
    who = {"surname": "Zonneveld", "initials": "E.", "birth_date": "1981-03-14", "kind": "employment"}
    assert led_to_the_same(twice(desk, "employee_add", **who, starts_on="2020-01-01"))
    practice = desk.case.dossier.practice
    assert count(Person, practice=practice, surname="Zonneveld") == 1
    assert count(Relation, practice=practice, person__surname="Zonneveld") == 1


def test_an_assignment_is_written_down_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    holder = desk.case.physician.engagement
    answers = twice(desk, "client_guide", holder=str(holder.pk), tasks="Begeleiding in de zomer")
    assert led_to_the_same(answers)
    assert count(Assignment, holder=holder, tasks="Begeleiding in de zomer") == 1


def test_whoever_assigns_himself_lays_one_ground(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    holder = desk.case.physician.engagement
    before = count(Ground, holder=holder)
    assert led_to_the_same(
        twice(desk, "client_guide", holder=str(holder.pk), tasks="Ook de nieuwe vestiging")
    )
    assert count(Ground, holder=holder) == before + 1


def test_a_colleague_is_invited_once_and_the_link_that_is_shown_works(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    fields = {"username": "dubbel.genodigd", "display_name": "D. Genodigd", "role": "secretariaat"}
    answers = twice(desk, "accounts_invite", **fields, starts_on="2030-01-01")
    [user] = User.objects.using(OWNER).filter(username="dubbel.genodigd")
    assert count(Engagement, user=user) == 1
    shown = [re.search(r"/uitnodiging/([\w-]{43})/", answer.content.decode()) for answer in answers]
    assert find_invitation(shown[1][1]).user == user
    assert find_invitation(shown[0][1]) is None
    assert count(Invitation, user=user, used_at=None) == 2


def test_a_draft_is_written_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    delegate = Engagement.objects.using(OWNER).get(practice=desk.case.dossier.practice, role="gedelegeerde")
    before = count(Contract, delegate=delegate)
    sides = {"physician": str(desk.case.physician.engagement.pk), "delegate": str(delegate.pk)}
    answers = twice(desk, "contract_draft", **sides, starts_on="2030-01-01", ends_on="2030-12-31")
    assert led_to_the_same(answers)
    assert count(Contract, delegate=delegate) == before + 1


def test_a_competence_is_concluded_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    physician = desk.case.physician.user
    before = count(CompetenceConclusion, physician=physician)
    answers = twice(desk, "task_competence lopend", how_verified="Meegekeken", limits="Geen")
    assert led_to_the_same(answers)
    assert count(CompetenceConclusion, physician=physician) == before + 1


def test_a_new_protocol_and_its_next_version_are_published_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    practice = desk.case.dossier.practice
    assert led_to_the_same(twice(desk, "protocol_new", name="Griepprik", **PROTOCOL))
    protocol = Protocol.objects.using(OWNER).get(practice=practice, name="Griepprik")
    desk.urls["protocol_publish"] = reverse("protocol_publish", args=[protocol.pk])
    assert led_to_the_same(twice(desk, "protocol_publish", **PROTOCOL))
    versions = ProtocolVersion.objects.using(OWNER).filter(protocol=protocol)
    assert sorted(versions.values_list("version", flat=True)) == [1, 2]


def test_what_the_employee_was_told_is_recorded_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    delegate = newcomer(world, desk)
    desk.client = enter(delegate)
    said = {"function": "verpleegkundige", "task": "anamnese", "reachable": "per telefoon", "wie": ""}
    answers = twice(
        desk, "notice_give", **said, right_to_speak="on", given_at="2026-01-05T10:00", means="gesprek"
    )
    assert led_to_the_same(answers)
    assert count(Notice, about=delegate.user) == 1


@pytest.mark.parametrize(
    ("label", "role"), [("client_add", "praktijkbeheerder"), ("client_accept", "bedrijfsarts")]
)
def test_two_clicks_at_one_moment_wait_for_each_other(world: World, label: str, role: str) -> None:
    desk, ready = desk_of(world, role), Barrier(2, timeout=30)
    form = filled_in(desk, label, {"name": "Visser Aan Zee"}) if label == "client_add" else {}
    grounds = count(Ground, holder=desk.case.actor.engagement)

    def click(_: int) -> int:
        client = enter_again(desk)
        ready.wait()
        try:
            return send(client, desk.urls[label], form).status_code
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(click, range(2))) == [302, 302]
    if label == "client_add":
        assert count(Employer, practice=desk.case.dossier.practice, name="Visser Aan Zee") == 1
    else:
        assert count(Ground, holder=desk.case.actor.engagement) == grounds + 1


def enter_again(desk: Desk) -> Any:
    """Give the same browser once more: one cookie, two requests on their way."""
    client = type(desk.client)()
    client.cookies.update(desk.client.cookies)
    return client


def test_a_professional_and_his_registration_are_recorded_once(world: World) -> None:
    desk = desk_of(world, "secretariaat")
    who = {"surname": "Tweemaal", "organisation": "Huisartsenpost", "profession": "21"}
    assert led_to_the_same(twice(desk, "professional_add", **who))
    [made] = ExternalProfessional.objects.using(OWNER).filter(surname="Tweemaal")
    desk.urls["registration_add"] = reverse("registration_add", args=[made.pk])
    looked = {"checked_on": "2026-01-05", "result": "registered", "ends_on": ""}
    assert led_to_the_same(twice(desk, "registration_add", register="rsc", number="1", detail="", **looked))
    assert count(ExternalRegistration, professional=made) == 1


def test_a_location_closing_days_and_a_choice_are_recorded_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    practice = desk.case.dossier.practice
    place = {"name": "Tweemaal", "street": "Dijk 1", "postcode": "0100 AX", "city": "Soest"}
    assert led_to_the_same(twice(desk, "location_add", **place))
    days = {"name": "Tweemaal", "first_day": "2030-05-01", "last_day": "2030-05-02"}
    assert led_to_the_same(twice(desk, "closing_add", **days))
    before = count(Setting, practice=practice)
    choice = {"value": "6", "starts_on": "2030-01-01", "reason": "Tweemaal."}
    assert led_to_the_same(twice(desk, "setting_choose", **choice))
    assert count(Location, practice=practice, name="Tweemaal") == 1
    assert count(ClosingDays, practice=practice, name="Tweemaal") == 1
    assert count(Setting, practice=practice) == before + 1


def test_a_colleague_is_moved_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    moved = {"role": "procesbewaker", "starts_on": "2030-01-01", "reason": "Ander werk."}
    assert led_to_the_same(twice(desk, "accounts_move", **moved))
    practice = desk.case.dossier.practice
    assert count(Engagement, practice=practice, role="procesbewaker", starts_at__year__gte=2029) == 1
