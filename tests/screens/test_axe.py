"""Every screen of every login: axe-core clean, no complaint of the content security policy, no sideways scrolling."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.screens.live import Live, Visit, Visitor

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ADDRESS = re.compile(r'href="(/[^"#]*)"')
NOT_A_SCREEN = ("/static/", "/uitloggen/")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# Who, in which capacity, and the smallest number of screens that proves that the walk reached what it should.
LOGINS = {
    ("bedrijfsarts", None): 28,
    ("bedrijfsarts-collega", None): 20,
    ("waarnemer", None): 18,
    ("waarnemer-verlopen", None): 12,
    ("anios", None): 16,
    ("pob", None): 15,
    ("pob-zonder-delegatie", None): 6,
    ("procesbewaker", None): 10,
    ("casemanager", None): 8,
    ("tweepetten", "Casemanager"): 8,
    ("tweepetten", "Gedelegeerde"): 14,
    ("secretariaat", None): 11,
    ("beheerder", None): 16,
    ("fg", None): 8,
    ("oud-medewerker", None): 2,
}

MORE = {"bedrijfsarts": ("/dossier/niets/",)}  # the page of what does not exist


def shape(path: str) -> str:
    """Say which screen an address is: two dossiers are one screen, two kinds of form are two."""
    path, _, query = path.partition("?")
    form = re.search(r"/toevoegen/\w+/|/stuk/\w+/", path)
    names = sorted(part.partition("=")[0] for part in query.replace("&amp;", "&").split("&"))
    return "".join([ID.sub("*", path.replace(form[0], "/*/") if form else path), *names])


def problems(visitor: Visitor) -> list[str]:
    found: list[dict[str, Any]] = visitor.page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)",
        RULES,
    )
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


# Which elements stand in which, with everything but their words: two pages of one make are looked at once.
MAKE = """() => [...new Set([...document.querySelectorAll('body *')].map(each => [each.parentElement, each].map(
  it => it.tagName + [...it.attributes].map(
    a => ['class', 'role', 'type'].includes(a.name) || a.name.startsWith('aria-current') ? `.${a.value}` : `[${a.name}]`
  ).join('')).join('>')))].sort().join(' ')"""


def look_at(visitor: Visitor, path: str, made: set[str]) -> list[str]:
    """Open a screen at both widths; returns what is wrong with it."""
    page = visitor.page
    page.set_viewport_size(NARROW)
    visitor.goto(path)
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    wrong = ["390 scrolls sideways"] if sideways else []
    make = page.evaluate(MAKE)
    if make in made:
        return [f"{visitor.username} {path} {each}" for each in wrong]
    made.add(make)
    page.evaluate(AXE)
    wrong += [f"390 {each}" for each in problems(visitor)]
    page.set_viewport_size(WIDE)
    wrong += [f"1440 {each}" for each in problems(visitor)]
    return [f"{visitor.username} {path} {each}" for each in wrong]


@pytest.fixture(scope="module")
def made() -> set[str]:
    """The makes of page that were looked at already, by whoever it was."""
    return set()


@pytest.mark.parametrize(("username", "capacity"), LOGINS, ids=lambda value: value or "")
def test_every_screen_is_accessible_and_fits(
    visit: Visit, made: set[str], username: str, capacity: str | None
) -> None:
    visitor = visit(username, capacity)
    ahead, seen, wrong = ["/", *MORE.get(username, ())], set[str](), list[str]()
    while ahead:
        path = ahead.pop(0).replace("&amp;", "&")
        if shape(path) in seen or path.startswith(NOT_A_SCREEN):
            continue
        seen.add(shape(path))
        wrong += look_at(visitor, path, made)
        ahead += ADDRESS.findall(visitor.page.content())
    visitor.page.set_viewport_size(WIDE)
    assert wrong == []
    assert visitor.complaints == []
    assert len(seen) >= LOGINS[username, capacity], seen


def test_the_screens_before_a_login_are_accessible_and_fit(live: Live, chromium: Any, made: set[str]) -> None:
    context = chromium.new_context(locale="nl-NL")
    stranger = Visitor(live, "wie niet is ingelogd", context, context.new_page())
    found = [look_at(stranger, path, made) for path in ("/inloggen/", "/uitnodiging/", "/uitnodiging/niets/")]
    context.close()
    assert found == [[], [], []]


def test_the_check_itself_finds_what_is_wrong(visit: Visit) -> None:
    visitor = visit("bedrijfsarts")
    visitor.goto("/")
    visitor.page.evaluate(AXE)
    visitor.page.evaluate(
        "document.querySelector('main').innerHTML += '<img src=\"/static/img/tweeluik.svg\"><input name=leeg>'"
    )
    found = {problem.partition(":")[0] for problem in problems(visitor)}
    assert {"image-alt", "label"} <= found
    visitor.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'true'}))"
    )
    assert len(visitor.complaints) == 1
    visitor.complaints.clear()
