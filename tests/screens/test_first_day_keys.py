"""A first day without a mouse, with large letters, and on paper."""

from __future__ import annotations

import pytest

from tests.screens.live import Visit, Visitor

LARGE = {"width": 720, "height": 450}  # a screen of 1440 wide at 200 %
SCREENS = ("/", "/delegatie/", "/delegatie/nieuw/", "/klanten/", "/protocollen/", "/sessies/")


def focused(visitor: Visitor, script: str) -> str:
    return str(visitor.page.evaluate(f"(() => {{ const it = document.activeElement; return {script} }})()"))


def walk(visitor: Visitor, stops: int) -> list[str]:
    """Press Tab so often; name every stop, and how its focus is drawn."""
    found = []
    for _ in range(stops):
        visitor.page.keyboard.press("Tab")
        found.append(focused(visitor, "it.innerText || it.name"))
        assert focused(visitor, "getComputedStyle(it).outlineStyle") == "solid", found
        assert focused(visitor, "getComputedStyle(it).outlineWidth") == "3px", found
    return found


def test_tab_walks_the_page_as_it_is_read_and_every_stop_is_seen(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    assert walk(physician, 16) == [
        "Naar de inhoud",
        "Tweeluik",
        "Vandaag",
        "Klanten",
        "Delegatie",
        "Protocollen",
        "Concepten",
        "q",
        "Zoek",
        "Van hoedanigheid wisselen",
        "Account",
        "Uitloggen",
        "Dossier",
        "Team",
        "Wie mag dit zien",
        "Wie heeft dit gezien",
    ]


def test_the_first_stop_leads_past_the_menu(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.goto("/")
    physician.page.keyboard.press("Tab")
    physician.page.keyboard.press("Enter")
    assert focused(physician, "it.id") == "inhoud"
    physician.page.keyboard.press("Tab")
    assert focused(physician, "it.closest('main') !== null") == "True"


def test_enter_opens_what_is_folded_and_closes_it_again(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.goto("/delegatie/nieuw/")
    folded = physician.page.locator("details").first
    folded.locator("summary").focus()
    physician.page.keyboard.press("Enter")
    assert folded.get_attribute("open") == ""
    physician.page.keyboard.press("Enter")
    assert folded.get_attribute("open") is None


def test_enter_in_the_search_box_opens_the_one_dossier_that_is_found(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.goto("/")
    physician.page.focus(".kop input[name=q]")
    physician.page.keyboard.type("14-03-1968")
    with physician.page.expect_navigation():
        physician.page.keyboard.press("Enter")
    assert "Hoekstra" in physician.page.inner_text("h1")
    assert physician.path().startswith("/dossier/")


def test_enter_in_a_line_of_a_note_keeps_a_concept_and_never_signs(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Koç")
    physician.page.get_by_label("Advies").fill("Nog na te lezen.")
    physician.page.get_by_label("Datum en tijd").focus()
    with physician.page.expect_navigation():
        physician.page.keyboard.press("Enter")
    assert "Het is nog niet ondertekend." in physician.text()


@pytest.mark.parametrize("path", [*SCREENS, "dossier", "team", "wie-mag", "inzage"])
def test_nothing_goes_out_of_sight_at_twice_the_size(visit: Visit, path: str) -> None:
    physician = visit("bedrijfsarts")
    if not path.startswith("/"):
        path = physician.open_dossier("Hoekstra") + ("" if path == "dossier" else f"{path}/")
    with_large_letters = physician.context.browser.new_context(
        locale="nl-NL",
        viewport=LARGE,
        device_scale_factor=2,
        storage_state=physician.context.storage_state(),
    )
    page = with_large_letters.new_page()
    page.goto(physician.live.url + path)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == LARGE["width"]
    with_large_letters.close()


def test_on_paper_a_dossier_is_what_was_recorded_without_menu_buttons_or_empty_boxes(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    page = physician.page
    on_screen = (".kop", ".onderdelen", ".paneel--medisch textarea", ".paneel .knop")
    assert [page.locator(part).first.is_visible() for part in on_screen] == [True] * 4
    page.emulate_media(media="print")
    seen = [part for part in on_screen for each in page.locator(part).all() if each.is_visible()]
    for kept in ("h1", ".paneel--medisch .tijdlijn__delen", ".paneel--proces .tijdlijn__regel"):
        assert page.locator(kept).first.is_visible()
    page.emulate_media(media="screen")
    assert seen == []
