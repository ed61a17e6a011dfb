"""Klanten: employers and employees, and the way to a dossier."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from delegation.models import Assignment
from directory.people.models import Employer, Person, Practice, Relation
from dossier.models import Dossier
from tests.domain.test_pages import body, enter
from tests.world import OWNER, World

EMPLOYEE = {
    "surname": "Zonneveld",
    "prefix": "van",
    "initials": "E.",
    "birth_date": "1981-03-14",
    "kind": "employment",
    "starts_on": "2020-01-01",
}


@pytest.fixture
def linde(world: World) -> Practice:
    return world.make(Practice, name="Praktijk De Linde")


@pytest.fixture
def employer(world: World, linde: Practice) -> Employer:
    return world.make(Employer, practice=linde, name="Drukkerij Vos")


@pytest.mark.parametrize("role", ["fg", "second_opinionarts"])
def test_who_has_no_cell_is_told_so(world: World, linde: Practice, role: str) -> None:
    assert enter(world.engaged(role, practice=linde)).get(reverse("clients")).status_code == 403


def test_another_practice_has_other_clients(world: World, employer: Employer) -> None:
    stranger = enter(world.engaged("secretariaat"))
    assert employer.name not in body(stranger.get(reverse("clients")))
    assert stranger.get(reverse("client", args=[employer.pk])).status_code == 404


def test_a_client_and_an_employee_are_added(world: World, linde: Practice) -> None:
    admin = enter(world.engaged("praktijkbeheerder", practice=linde))
    answer = admin.post(reverse("client_add"), {"name": "Bakkerij Smit", "kvk_number": "12345678"})
    made = Employer.objects.using(OWNER).get(practice=linde, name="Bakkerij Smit")
    assert answer["Location"] == reverse("client", args=[made.pk])
    desk = enter(world.engaged("secretariaat", practice=linde))
    answer = desk.post(reverse("employee_add", args=[made.pk]), EMPLOYEE)
    assert answer.status_code == 302, body(answer)
    relation = Relation.objects.using(OWNER).select_related("person").get(employer=made)
    assert relation.person.sort_key == "zonneveld van e"
    page = desk.post(reverse("client", args=[made.pk]), {"q": "van zonne"})
    assert [row.name for row in page.context["rijen"]] == ["Zonneveld, E. van"]


def test_a_wrong_form_comes_back_and_stores_nothing(world: World, employer: Employer) -> None:
    desk = enter(world.engaged("secretariaat", practice=employer.practice))
    for wrong in ({"birth_date": "2999-01-01"}, {"kind": "zomaar"}, {"surname": ""}):
        answer = desk.post(reverse("employee_add", args=[employer.pk]), EMPLOYEE | wrong)
        assert answer.status_code == 400
        assert "Los dit eerst op" in body(answer)
    assert not Person.objects.using(OWNER).filter(practice=employer.practice).exists()


def test_a_physician_sees_only_the_employees_of_his_own_clients(world: World, employer: Employer) -> None:
    relation = world.relation(employer=employer, practice=employer.practice)
    physician = world.engaged("bedrijfsarts", practice=employer.practice)
    client, url = enter(physician), reverse("client", args=[employer.pk])
    assert client.get(url).context["rijen"] == []
    given = {"holder": physician.engagement.pk, "tasks": "Verzuimbegeleiding"}
    assert client.post(reverse("client_guide", args=[employer.pk]), given).status_code == 302
    page = client.get(url)
    assert [row.found_url for row in page.context["rijen"]] == [reverse("dossier_found", args=[relation.pk])]
    assert [row.tag for row in page.context["begeleiding"]] == ["Aanvaard"]


def test_what_the_administrator_prepares_counts_after_acceptance(world: World, employer: Employer) -> None:
    physician = world.engaged("bedrijfsarts", practice=employer.practice)
    admin = enter(world.engaged("praktijkbeheerder", practice=employer.practice))
    given = {"holder": physician.engagement.pk, "tasks": "Verzuimbegeleiding"}
    assert admin.post(reverse("client_guide", args=[employer.pk]), given).status_code == 302
    waiting = Assignment.objects.using(OWNER).get(employer=employer)
    assert waiting.ground_id is None
    other = enter(world.engaged("bedrijfsarts", practice=employer.practice))
    accept = reverse("client_accept", args=[waiting.pk])
    assert other.post(accept).status_code == 404
    client = enter(physician)
    assert reverse("client", args=[employer.pk]) in body(client.get(reverse("today")))
    assert client.post(accept).status_code == 302
    assert Assignment.objects.using(OWNER).get(pk=waiting.pk).ground_id is not None


def test_an_employee_leads_to_his_dossier_for_who_works_on_it(world: World, employer: Employer) -> None:
    relation = world.relation(employer=employer, practice=employer.practice)
    physician = world.engaged("bedrijfsarts", practice=employer.practice)
    client = enter(physician)
    client.post(
        reverse("client_guide", args=[employer.pk]), {"holder": physician.engagement.pk, "tasks": "alles"}
    )
    answer = client.post(reverse("dossier_found", args=[relation.pk]))
    made = Dossier.objects.using(OWNER).get(relation=relation)
    assert answer["Location"] == reverse("dossier", args=[made.pk])
    assert client.post(reverse("dossier_found", args=[relation.pk]))["Location"] == answer["Location"]
    desk = enter(world.engaged("secretariaat", practice=employer.practice))
    answer = desk.post(reverse("dossier_found", args=[relation.pk]), follow=True)
    assert "u werkt er in deze hoedanigheid niet aan" in body(answer)


def test_the_place_in_the_list_is_no_name(
    world: World, employer: Employer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossier.clients.lists.PAGE", 2)
    made = [world.relation(employer=employer, practice=employer.practice) for _ in range(5)]
    for relation, surname in zip(made, ("Aa", "Bos", "Bos", "Dam", "Eik"), strict=True):
        person = Person.objects.using(OWNER).get(pk=relation.person_id)
        world.change(person, surname=surname, birth_date=date(1990, 1, 1), sort_key="")
    desk = enter(world.engaged("secretariaat", practice=employer.practice))
    url, seen = reverse("client", args=[employer.pk]), []
    while url:
        page = desk.get(url)
        seen += [row.name.split(",")[0] for row in page.context["rijen"]]
        url = page.context["ouder"]
        assert "Bos" not in url
    assert seen == ["Aa", "Bos", "Bos", "Dam", "Eik"]
    for strange in ("niets", str(employer.pk)):
        page = desk.get(reverse("client", args=[employer.pk], query={"na": strange}))
        assert page.context["rijen"][0].name.startswith("Aa")
