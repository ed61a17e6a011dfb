"""The pages people begin with: the menu, Vandaag and Zoeken."""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from directory.access import context
from directory.access.models import AccessLog
from directory.accounts.models import User
from directory.accounts.sessions import SessionStore
from directory.people.models import Employer, Person, Practice
from dossier.models import Dossier
from dossier.today.typed import read
from tests.world import OWNER, Actor, World

ROLES = (
    "bedrijfsarts",
    "waarnemer",
    "arts_onder_supervisie",
    "gedelegeerde",
    "teamlid",
    "signaleerder",
    "procesbewaker",
    "overig_a",
    "casemanager",
    "overig_b",
    "secretariaat",
)


def enter(actor: Actor) -> Client:
    """Give the browser of somebody who logged in, gave a code, and chose this capacity."""
    user = User.objects.get(pk=actor.user.pk)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    taken = context.begin(session_key=session.session_key, user_id=user.pk, engagement_id=actor.engagement.pk)
    session["capacity"] = {
        "engagement": str(taken.engagement_id),
        "practice": str(taken.practice_id),
        "practice_name": taken.practice_name,
        "role": taken.role,
        "side": taken.side,
    }
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def body(response: HttpResponse) -> str:
    return response.content.decode()


def log_of(actor: Actor, **wanted: object) -> list[AccessLog]:
    """Read the log rows of somebody, oldest first, from above every wall."""
    return list(AccessLog.objects.using(OWNER).filter(actor=actor.user.pk, **wanted).order_by("at", "id"))


@pytest.fixture
def linde(world: World) -> Practice:
    """A practice of its own, so that a list holds only what the test put there."""
    return world.make(Practice, name="Praktijk De Linde")


def dossier_of(world: World, practice: Practice, surname: str, born: date, **person: str) -> Dossier:
    """Make the dossier of somebody with this name."""
    employer = world.make(Employer, practice=practice, name="Drukkerij Vos")
    relation = world.relation(employer=employer, practice=practice)
    row = Person.objects.using(OWNER).get(pk=relation.person_id)
    world.change(row, surname=surname, birth_date=born, sort_key="", **person)
    return world.dossier(relation)


def test_the_menu_holds_what_the_role_has(world: World) -> None:
    expected = {
        "bedrijfsarts": ["Vandaag", "Agenda", "Klanten", "Delegatie", "Protocollen"],
        "casemanager": ["Vandaag", "Agenda"],
        "secretariaat": ["Vandaag", "Agenda", "Klanten", "Protocollen"],
        "praktijkbeheerder": ["Agenda", "Klanten", "Delegatie", "Protocollen", "Medewerkers"],
        "fg": ["Delegatie", "Protocollen", "Medewerkers", "Logcontrole"],
    }
    for role, labels in expected.items():
        response = enter(world.engaged(role)).get(reverse("today"), follow=True)
        assert [entry["label"] for entry in response.context["navigatie"]] == labels, role


@pytest.mark.parametrize("role", ROLES)
def test_everybody_in_good_standing_finds_his_dossier_in_the_morning(world: World, role: str) -> None:
    case = world.case(role)
    response = enter(case.actor).get(reverse("today"))
    assert response.status_code == 200
    assert reverse("dossier", args=[case.dossier.pk]) in body(response)
    rows = [row for row in log_of(case.actor, kind="list") if case.dossier.pk in row.dossiers]
    assert len(rows) == 1
    assert rows[0].purpose == "list"


def test_who_has_no_dossiers_is_sent_to_his_own_work(world: World) -> None:
    for role, name in (("praktijkbeheerder", "accounts_list"), ("fg", "log_review")):
        response = enter(world.engaged(role)).get(reverse("today"))
        assert (response.status_code, response["Location"]) == (302, reverse(name))


def test_a_stranger_finds_an_empty_list(world: World, linde: Practice) -> None:
    stranger = world.engaged("procesbewaker", practice=linde)
    response = enter(stranger).get(reverse("today"))
    assert "Nog geen dossiers" in body(response)
    assert log_of(stranger, kind="list") == []


def test_the_list_goes_on_where_it_stopped(
    world: World, linde: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossier.today.views.PAGE", 2)
    physician = world.engaged("bedrijfsarts", practice=linde)
    dossiers = [world.dossier(world.relation(practice=linde)) for _ in range(5)]
    world.ground("client_assignment", "bedrijfsarts", physician, *dossiers)
    client, url, seen = enter(physician), reverse("today"), []
    while url:
        response = client.get(url)
        seen += [UUID(row.url.split("/")[2]) for row in response.context["rijen"]]
        url = response.context["ouder"]
    assert seen == [dossier.pk for dossier in reversed(dossiers)]


def test_a_strange_place_in_the_list_is_its_beginning(world: World) -> None:
    case = world.case("procesbewaker")
    for place in ("gisteren", "2026-99-99T00:00:00", "2026-11-20T10:40:00"):
        response = enter(case.actor).get(reverse("today", query={"voor": place}))
        assert reverse("dossier", args=[case.dossier.pk]) in body(response)


def test_a_contract_waits_for_its_delegate(world: World) -> None:
    case = world.case("bedrijfsarts")
    delegate = world.engaged("gedelegeerde")
    ground = world.ground("contract", "gedelegeerde", delegate, case.dossier, responsible=case.physician)
    waiting = world.contract(ground, delegate, case.physician, accepted=False)
    response = enter(delegate).get(reverse("today"))
    assert [item.url for item in response.context["wacht"]] == [reverse("contract", args=[waiting.pk])]


@pytest.mark.parametrize(
    ("typed", "key", "born"),
    [
        ("Meulen", "meulen", None),
        ("van der Meu", "meu", None),
        ("Meulen, E. van der", "meulen", None),
        ("ÇELIK", "celik", None),
        ("14-03-1981", None, date(1981, 3, 14)),
        ("4/3/1981", None, date(1981, 3, 4)),
        ("den", "den", None),
    ],
)
def test_typing_is_read_as_people_type(typed: str, key: str | None, born: date | None) -> None:
    found = read(typed)
    assert (found.key, found.born, found.problem) == (key, born, "")


@pytest.mark.parametrize("typed", ["31-02-1981", "1981", "..."])
def test_typing_that_cannot_be_searched_says_what_can(typed: str) -> None:
    found = read(typed)
    assert not found.searchable
    assert found.problem


def test_searching_finds_the_beginning_of_a_name(world: World, linde: Practice) -> None:
    physician = world.engaged("bedrijfsarts", practice=linde)
    found = dossier_of(world, linde, "Meulenbelt", date(1981, 3, 14), prefix="van de")
    other = dossier_of(world, linde, "Bakker", date(1970, 1, 1))
    world.ground("client_assignment", "bedrijfsarts", physician, found, other)
    response = enter(physician).post(reverse("zoeken"), {"q": "van de meu"})
    assert [row.name for row in response.context["rijen"]] == ["Meulenbelt, T. van de"]


def test_a_full_name_or_birth_date_opens_at_once(world: World, linde: Practice) -> None:
    physician = world.engaged("bedrijfsarts", practice=linde)
    found = dossier_of(world, linde, "Zonneveld", date(1981, 3, 14))
    world.ground("client_assignment", "bedrijfsarts", physician, found)
    for typed in ("zonneveld", "14-03-1981"):
        response = enter(physician).post(reverse("zoeken"), {"q": typed})
        assert response["Location"] == reverse("dossier", args=[found.pk])
    assert enter(physician).post(reverse("zoeken"), {"q": "zonne"}).status_code == 200


def test_searching_does_not_tell_whose_dossiers_there_are(world: World, linde: Practice) -> None:
    dossier_of(world, linde, "Onbekend", date(1981, 3, 14))
    stranger = world.engaged("bedrijfsarts", practice=linde)
    client = enter(stranger)
    pages = [
        body(client.post(reverse("zoeken"), {"q": q})).replace(q, "") for q in ("onbekend", "nietbestaand")
    ]
    assert "Niets gevonden" in pages[0]
    tokens = [page.split('name="csrfmiddlewaretoken" value="') for page in pages]
    cut = [[part[64:] if n else part for n, part in enumerate(parts)] for parts in tokens]
    assert cut[0] == cut[1]


def test_what_is_typed_stands_in_no_address_and_no_log(world: World, linde: Practice) -> None:
    physician = world.engaged("bedrijfsarts", practice=linde)
    client = enter(physician)
    assert client.get(reverse("zoeken"), {"q": "zonneveld"}).context["q"] == ""
    client.post(reverse("zoeken"), {"q": "zonneveld"})
    assert [row.query for row in log_of(physician, kind="search")] == ["name"]
