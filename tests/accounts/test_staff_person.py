"""A colleague gets another role in one act, and what he holds stands in one place."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.urls import reverse
from django.utils import timezone

from directory.accounts.models import Session
from directory.people.models import Engagement, Practice
from tests.accounts.conftest import enrolled
from tests.domain.test_pages import enter
from tests.world import OWNER, Actor, World


@pytest.fixture
def practice(world: World) -> Practice:
    return world.make(Practice, name="Praktijk in beweging")


@pytest.fixture
def admin(world: World, practice: Practice) -> Actor:
    return world.engaged("praktijkbeheerder", practice=practice)


def moves(admin: Actor, engagement: Engagement, role: str = "secretariaat", **more: Any) -> Any:
    data = {"role": role, "starts_on": str(timezone.localdate()), "reason": "Gaat ander werk doen."}
    return enter(admin).post(reverse("accounts_move", args=[engagement.pk]), data | more)


def engagements(actor: Actor) -> list[Engagement]:
    return list(Engagement.objects.using(OWNER).filter(user=actor.user).order_by("starts_at"))


def test_the_old_role_ends_as_the_new_one_begins(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    enter(colleague)
    assert moves(admin, colleague.engagement).status_code == 302
    old, new = engagements(colleague)
    assert (old.role, new.role) == ("procesbewaker", "secretariaat")
    assert old.ends_at == new.starts_at
    assert old.ended_reason == "Gaat ander werk doen."
    assert new.needs_acceptance
    assert not Session.objects.filter(user=colleague.user).exists()


def test_a_role_that_begins_later_leaves_the_old_one_until_then(
    world: World, practice: Practice, admin: Actor
) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    enter(colleague)
    day = timezone.localdate() + timedelta(days=10)
    moves(admin, colleague.engagement, starts_on=str(day))
    old, new = engagements(colleague)
    assert old.ends_at == new.starts_at > timezone.now()
    assert Session.objects.filter(user=colleague.user).exists()


def test_a_move_is_made_once(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    for _ in range(2):
        assert moves(admin, colleague.engagement, form_key=str(practice.pk)).status_code == 302
    assert len(engagements(colleague)) == 2


def test_the_same_role_and_one_s_own_administration_are_refused(
    world: World, practice: Practice, admin: Actor
) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    assert "Kies een andere" in moves(admin, colleague.engagement, "procesbewaker").content.decode()
    assert "andere beheerder" in moves(admin, admin.engagement, "fg").content.decode()
    assert len(engagements(colleague)) == len(engagements(admin)) == 1


def test_nothing_is_ended_when_the_new_role_cannot_be(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    world.engaged("teamlid", practice=practice, user=colleague.user)
    answer = moves(admin, colleague.engagement, "teamlid")
    assert "heeft deze rol al" in answer.content.decode()
    assert Engagement.objects.using(OWNER).get(pk=colleague.engagement.pk).ends_at is None


def test_what_a_delegate_holds_stands_in_one_place_and_names_no_employee(world: World) -> None:
    case = world.case("gedelegeerde")
    admin = world.engaged("praktijkbeheerder", practice=case.dossier.practice)
    page = enter(admin).get(reverse("staff_person", args=[case.actor.engagement.pk])).content.decode()
    assert f"Gedelegeerde van {case.physician.user}" in page
    assert "afgeleid beroepsgeheim" in page.lower()
    assert "Nog niet ingesteld" in page
    assert case.dossier.person.surname not in page
    enrolled(case.actor.user)
    page = enter(admin).get(reverse("staff_person", args=[case.actor.engagement.pk])).content.decode()
    assert "Nog niet ingesteld" not in page


def test_who_has_a_second_factor_is_for_the_administration_alone(world: World, practice: Practice) -> None:
    colleague = world.engaged("teamlid", practice=practice)
    enrolled(colleague.user)
    stranger = world.engaged("praktijkbeheerder", practice=world.other_practice)

    def asked(actor: Actor) -> list[int]:
        with actor.acts(), connections["default"].cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_second_factors()")
            return [user for (user,) in cursor.fetchall()]

    assert colleague.user.pk in asked(world.engaged("praktijkbeheerder", practice=practice))
    assert colleague.user.pk not in asked(stranger)
    with pytest.raises(DatabaseError, match="permission denied"):
        asked(world.engaged("bedrijfsarts", practice=practice))


def leaves(admin: Actor, engagement: Engagement, day: str = "") -> Any:
    data = {"ends_on": day, "reason": "Gaat met pensioen."}
    return enter(admin).post(reverse("accounts_end", args=[engagement.pk]), data)


def test_an_end_can_be_set_for_a_day_that_has_to_come(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    client = enter(colleague)
    assert (
        leaves(admin, colleague.engagement, str(timezone.localdate() + timedelta(days=30))).status_code == 302
    )
    [row] = engagements(colleague)
    assert timezone.localdate(row.ends_at) == timezone.localdate() + timedelta(days=30)
    assert client.get(reverse("practice")).status_code == 200, "until then he works on"
    assert "Actief tot" in enter(admin).get(reverse("accounts_list")).content.decode()


def test_without_a_day_it_ends_at_once(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    enter(colleague)
    leaves(admin, colleague.engagement)
    assert engagements(colleague)[0].ends_at <= timezone.now()
    assert not Session.objects.filter(user=colleague.user).exists()


def test_a_day_that_has_passed_is_refused(world: World, practice: Practice, admin: Actor) -> None:
    colleague = world.engaged("procesbewaker", practice=practice)
    answer = leaves(admin, colleague.engagement, str(timezone.localdate() - timedelta(days=1)))
    assert "Deze dag is voorbij" in answer.content.decode()
    assert engagements(colleague)[0].ends_at is None


# -- a bedrijfsarts leaves ---------------------------------------------------------------------------------------


def departure(admin: Actor, engagement: Engagement) -> str:
    answer = enter(admin).get(reverse("staff_departure", args=[engagement.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def counted(page: str) -> int:
    return int(re.search(r"Dossiers in begeleiding</dt><dd>(\d+)<", page)[1])


def test_what_stands_still_is_counted_and_names_no_employee(
    world: World, practice: Practice, admin: Actor
) -> None:
    physician = world.engaged("bedrijfsarts", practice=practice)
    assert counted(departure(admin, physician.engagement)) == 0
    dossiers = [world.dossier(world.relation(practice=practice)) for _ in range(3)]
    ground = world.ground("client_assignment", "bedrijfsarts", physician, *dossiers)
    page = departure(admin, physician.engagement)
    assert counted(page) == 3
    assert not any(dossier.person.surname in page for dossier in dossiers)
    world.change(ground, ends_at=timezone.now())
    assert counted(departure(admin, physician.engagement)) == 0


def test_who_came_of_his_own_accord_does_not_even_count(
    world: World, practice: Practice, admin: Actor
) -> None:
    physician = world.engaged("bedrijfsarts", practice=practice)
    voluntary = world.dossier(world.relation(practice=practice), process=False)
    world.ground("client_assignment", "bedrijfsarts", physician, voluntary)
    known = world.dossier(world.relation(practice=practice))
    world.ground("self_referral", "bedrijfsarts_doelgebonden", physician, known)
    assert counted(departure(admin, physician.engagement)) == 0


def test_only_a_physician_whose_registrations_hold_can_take_over(
    world: World, practice: Practice, admin: Actor
) -> None:
    leaving = world.engaged("bedrijfsarts", practice=practice)
    assert "Zoek eerst een opvolger" in departure(admin, leaving.engagement)
    other = world.engaged("bedrijfsarts", practice=practice)
    assert str(other.user) in departure(admin, leaving.engagement)
    world.change(
        other.user.professional.registrations.using(OWNER).get(register="specialist_bedrijfsarts"),
        ends_on=timezone.localdate(),
    )
    assert str(other.user) not in departure(admin, leaving.engagement)


def test_the_page_is_for_the_administration_and_about_a_bedrijfsarts_of_the_practice(
    world: World, practice: Practice, admin: Actor
) -> None:
    physician = world.engaged("bedrijfsarts", practice=practice)
    desk = world.engaged("secretariaat", practice=practice)
    stranger = world.engaged("praktijkbeheerder", practice=world.other_practice)
    url = reverse("staff_departure", args=[physician.engagement.pk])
    assert enter(desk).get(url).status_code == 403
    assert enter(stranger).get(url).status_code == 404
    assert enter(admin).get(reverse("staff_departure", args=[desk.engagement.pk])).status_code == 404
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        physician.acts(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT dossier_resting_on(%s)", [physician.engagement.pk])
