"""What a page says after a button: forms with errors, a search, a code, a refusal and a conflict, readable for everybody."""

from __future__ import annotations

import pytest

from tests.screens.live import Visit, Visitor
from tests.screens.test_axe import AXE, NARROW, WIDE, problems


def wrong_with(visitor: Visitor) -> list[str]:
    """Look at the page that stands there, at both widths. It came by POST: to open it again would be another page."""
    found = []
    for width in (NARROW, WIDE):
        visitor.page.set_viewport_size(width)
        visitor.page.evaluate(AXE)
        found += problems(visitor)
        if visitor.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            found.append(f"{width['width']} scrolls sideways")
    return found


def unchecked(visitor: Visitor) -> None:
    """Let the browser send what it would stop itself: the server's words are looked at here."""
    visitor.page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")


# Who, where, and the button that is pressed on an empty form.
EMPTY = (
    ("beheerder", "/medewerkers/uitnodigen/", "Vul de naam van de nieuwe medewerker in."),
    ("beheerder", "/klanten/nieuw/", "Dit veld is verplicht."),
    ("beheerder", "/protocollen/nieuw/", "Dit veld is verplicht."),
    ("bedrijfsarts", "/delegatie/nieuw/", "Dit veld is verplicht."),
)


@pytest.mark.parametrize(("username", "path", "words"), EMPTY)
def test_an_empty_form_says_what_is_missing_above_it_and_is_accessible(
    visit: Visit, username: str, path: str, words: str
) -> None:
    visitor = visit(username)
    visitor.goto(path)
    unchecked(visitor)
    visitor.press("main form .knop--hoofd")
    assert words in visitor.page.inner_text(".foutenoverzicht")
    assert visitor.page.evaluate("document.activeElement.className") == "foutenoverzicht"
    assert wrong_with(visitor) == []


def test_the_form_of_an_employee_names_four_gaps_and_shows_no_source(visit: Visit) -> None:
    administrator = visit("beheerder")
    administrator.goto("/klanten/")
    administrator.press("main a:has-text('Van Dongen')")
    administrator.press("text=Werknemer toevoegen")
    unchecked(administrator)
    administrator.press("main form .knop--hoofd")
    summary = administrator.page.locator(".foutenoverzicht")
    assert summary.inner_text().splitlines()[0] == "Los dit eerst op"
    assert [line.partition(":")[0] for line in summary.locator("li").all_inner_texts()] == [
        "Achternaam",
        "Voorletters",
        "Geboortedatum",
        "Begin",
    ]
    assert wrong_with(administrator) == []


@pytest.mark.parametrize(("typed", "words"), [("ce", "Çelik"), ("zzz", "Niets gevonden")])
def test_what_a_search_gives_is_accessible(visit: Visit, typed: str, words: str) -> None:
    physician = visit("bedrijfsarts")
    physician.goto("/")
    physician.page.fill(".kop input[name=q]", typed)
    with physician.page.expect_navigation():
        physician.page.keyboard.press("Enter")
    assert words in physician.page.inner_text("main")
    assert wrong_with(physician) == []


def test_the_page_that_asks_for_a_code_again_is_accessible(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.goto("/bevestigen/")
    physician.page.fill("input[name=code]", "000000")
    physician.press("main form .knop--hoofd")
    assert physician.page.locator(".veld__fout").count() == 1
    assert wrong_with(physician) == []


def test_a_refusal_says_what_one_can_do_and_is_accessible(visit: Visit) -> None:
    delegate = visit("pob")
    delegate.goto("/delegatie/nieuw/")
    assert "overleg dan met de bedrijfsarts of uw praktijk" in delegate.page.inner_text("main")
    assert wrong_with(delegate) == []


def test_two_windows_on_one_concept_lose_no_word_and_say_that_it_is_a_concept(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    page = physician.page
    physician.open_dossier("Dijkstra")
    page.get_by_label("Overweging").fill("Het eerste woord.")
    physician.press(".paneel--medisch .knoppen button:has-text('Concept bewaren')")
    physician.press(".tijdlijn__regel--concept h3 a")
    physician.press("text=Concept wijzigen")
    address = physician.path()
    other = physician.context.new_page()
    other.goto(physician.live.url + address)
    for window, words in ((other, "Uit het andere venster."), (page, "Uit dit venster.")):
        window.get_by_label("Overweging").fill(words)
        with window.expect_navigation():
            window.click("main .knoppen button:has-text('Concept bewaren') >> nth=-1")
    other.close()
    both = page.inner_text("main")
    assert "Uit het andere venster." in both
    assert "Uit dit venster." in both
    assert "Het is nog een concept: uw tekst komt dan in de plaats van wat er nu staat." in both
    assert wrong_with(physician) == []
    physician.press("main button:has-text('Mijn tekst bewaren')")
    assert "Uit dit venster." in page.inner_text("main")
    assert "Uit het andere venster." not in page.inner_text("main")
