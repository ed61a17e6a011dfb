"""Every address, by every method, in every role: what it answers is written in url_answers.py, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from directory.access.doors import bare, door, door_of
from directory.access.management.commands.routes import routes
from tests.accounts.conftest import PASSWORD, enrolled, log_in, with_password
from tests.domain.test_pages import enter
from tests.walls.addresses import Desk, desk_of
from tests.walls.url_answers import GET, POST, ROLES, expected
from tests.world import World

METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")
# These end the session or its proof, and come last.
LAST = ("mfa_generate_recovery_codes", "session_end", "account_logout")


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture(scope="module")
def somewhere(world: World) -> Desk:
    """The addresses around one dossier, for who has nothing to do with it."""
    return desk_of(world, "bedrijfsarts")


def name_of(label: str) -> str:
    return label.split()[0]


def in_order(desk: Desk) -> list[str]:
    return [label for label in desk.urls if label not in LAST] + list(LAST)


def unwritten(found: object) -> set[str]:
    """Name the routes without a row, and the rows without a route."""
    return {route["name"] for route in found} ^ {name_of(label) for label in {*GET, *POST}}


# -- the table is whole --------------------------------------------------------------------------------


def test_every_route_is_in_the_table_and_every_row_is_a_route() -> None:
    assert unwritten(routes()) == set()


def test_a_new_route_is_noticed_and_so_is_one_that_went() -> None:
    found = list(routes())
    assert unwritten([*found, {"name": "nieuw"}]) == {"nieuw"}
    assert unwritten([route for route in found if route["name"] != "team"]) == {"team"}


def test_every_address_that_can_be_named_has_a_row(somewhere: Desk) -> None:
    without_row = set(somewhere.urls) - {*GET, *POST}
    assert {name_of(label) for label in without_row} <= {name_of(label) for label in {*GET, *POST}}
    assert {*GET, *POST} <= set(somewhere.urls)


@pytest.mark.parametrize(("method", "table"), [("GET", GET), ("POST", POST)])
def test_a_view_names_the_methods_it_has_rows_for(method: str, table: dict[str, object]) -> None:
    named = {route["name"] for route in routes() if method in route["methods"]}
    assert named == {name_of(label) for label in table}


def test_every_view_says_which_door_it_is() -> None:
    assert [route["name"] for route in routes() if not route["marked"]] == []


def test_a_view_without_a_door_is_noticed() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def marked(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    marked = door(verb="read", section="proces", side="process")(marked)
    made_up = SimpleNamespace(url_patterns=[path("a/", view, name="a"), path("b/", marked, name="b")])
    assert {route["name"]: route["marked"] for route in routes(made_up)} == {"a": False, "b": True}
    assert door_of(bare(view), "a") is not None


# -- everybody at his own desk -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES.values())
def test_every_address_answers_this_role_as_written(world: World, role: str) -> None:
    desk = desk_of(world, role)
    desk.client.raise_request_exception = False
    asked, wrong = set(), {}
    for method in METHODS:
        for label in in_order(desk):
            once = (method, name_of(label))
            if method not in ("GET", "HEAD", "POST") and once in asked:
                continue  # the view refuses the method before it looks at what is named
            asked.add(once)
            cache.clear()
            answer = desk.ask(method, label).status_code
            if answer != expected(method, label, role):
                wrong[f"{method} {label}"] = (answer, expected(method, label, role))
    assert wrong == {}, "answered, expected"


# -- who is not, or not yet, or not here ---------------------------------------------------------------


def led_to(somewhere: Desk, client: Client, target: str, but: tuple[str, ...]) -> dict[str, object]:
    """Knock on every door by every method; returns what did not lead to the one place where he may go."""
    client.raise_request_exception = False
    astray = {}
    for label, url in somewhere.urls.items():
        for method in METHODS:
            cache.clear()
            answer = client.generic(method, url)
            if name_of(label) in but:
                assert answer.status_code in (200, 302, 404, 405), (method, label)
            elif answer.status_code != 302 or not answer["Location"].startswith(target):
                astray[f"{method} {label}"] = answer.status_code
    return astray


WAY_IN = ("account_login", "mfa_authenticate", "account_inactive", "invitation", "invitation_accept", "ical")


def test_without_a_login_there_is_only_the_way_in(somewhere: Desk) -> None:
    but = (*WAY_IN, "account_logout")
    assert led_to(somewhere, Client(), reverse("account_login"), but) == {}
    assert Client().get(reverse("account_login")).status_code == 200


def test_without_a_second_factor_there_is_only_enrolling(world: World, somewhere: Desk) -> None:
    user = with_password(world, world.user("zonder"))
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    but = (*WAY_IN, "mfa_activate_totp", "account_logout")
    urls = {label: url for label, url in somewhere.urls.items() if name_of(label) != "account_logout"}
    here = Desk(somewhere.case, somewhere.client, urls)
    assert led_to(here, client, reverse("mfa_activate_totp"), but) == {}
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_without_a_capacity_there_is_only_choosing_one(world: World, somewhere: Desk) -> None:
    user = world.user("twee")
    for role in ("gedelegeerde", "procesbewaker"):
        world.engaged(role, user=user)
    client = log_in(Client(), enrolled(with_password(world, user)))
    own = {route["name"] for route in routes() if route["bare"]}
    urls = {label: url for label, url in somewhere.urls.items() if name_of(label) not in own}
    here = Desk(somewhere.case, somewhere.client, urls)
    assert led_to(here, client, reverse("capacity_choose"), ()) == {}
    assert client.get(reverse("capacity_choose")).status_code == 200


# A physician of another practice has the cells, so that only the wall of the practice is between; but not these.
NO_CELL = (
    *(
        "accounts_reinvite",
        "accounts_end",
        "accounts_suspend",
        "accounts_resume",
        "accounts_move",
        "staff_person",
        "staff_departure",
    ),
    *("protocol_read", "location_edit", "closing_withdraw", "setting_choose"),
    *("professional_edit", "registration_add", "registration_check"),
    *("colleague_add", "colleague_registration_add", "colleague_registration_check"),
)
# Law as data: there is one of it, in every practice.
SAME_EVERYWHERE = ("profession",)


def test_to_a_stranger_nothing_of_another_practice_exists(world: World, somewhere: Desk) -> None:
    client = enter(world.engaged("bedrijfsarts", practice=world.other_practice))
    client.raise_request_exception = False
    named = {
        label: url
        for label, url in somewhere.urls.items()
        if any(c.isdigit() for c in url) and name_of(label) not in SAME_EVERYWHERE
    }
    wrong = {}
    for label, url in named.items():
        for method in ("GET", "POST"):
            table = GET if method == "GET" else POST
            there = 403 if name_of(label) in NO_CELL else 404
            answer = client.generic(method, url).status_code
            if answer != (there if label in table else 405):
                wrong[f"{method} {label}"] = answer
    assert wrong == {}
    assert len(named) > 60
    assert somewhere.client.get(somewhere.urls["dossier"]).status_code == 200
