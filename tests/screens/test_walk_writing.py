"""A day of writing in a real browser: nothing typed is lost, and the hands stay on the keys."""

from __future__ import annotations

import re

from tests.screens.live import Visit, Visitor

WORDS = "Het woord van dit klad is sterrenmoeras."
STATUS = "[data-klad-status]"


def saved(visitor: Visitor) -> str:
    visitor.page.locator(f"form[data-klad] {STATUS}:has-text('Concept bewaard')").wait_for()
    return str(visitor.page.inner_text(f"form[data-klad] {STATUS}"))


def test_what_is_typed_saves_itself_and_is_there_again_after_the_page_was_left(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    dossier = physician.open_dossier("Hoekstra")
    page = physician.page
    page.locator("textarea[name=anamnese]").press_sequentially(WORDS)
    page.locator("textarea[name=advies]").focus()  # leaving a field saves it
    assert re.fullmatch(r"Concept bewaard om \d\d:\d\d, alleen voor u\.", saved(physician))
    physician.goto("/")
    physician.goto(dossier)
    assert "Nog niet verstuurd: spreekuur" in physician.text()
    assert physician.live.tables_holding("sterrenmoeras") == []
    physician.press("a:has-text('Verder schrijven')")
    assert page.input_value("textarea[name=anamnese]") == WORDS
    physician.press("main button:has-text('Ondertekenen')")
    assert "Ondertekend." in physician.text()
    assert "Nog niet verstuurd" not in physician.text()
    assert physician.complaints == []


def test_while_somebody_types_it_saves_by_itself(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    physician.page.locator("textarea[name=anamnese]").press_sequentially("Blijft in dit veld.")
    saved(physician)  # without leaving the field, after five seconds
    physician.goto("/concepten/")
    assert "Nog niet verstuurd, alleen voor u" in physician.text()
    physician.goto("/")
    physician.open_dossier("Hoekstra")
    physician.press("button:has-text('Weggooien')")
    assert "Weggegooid." in physician.text()


def test_a_page_that_was_only_read_saves_nothing(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    asked: list[str] = []
    physician.page.on(
        "request", lambda request: asked.append(request.url) if "/klad/" in request.url else None
    )
    physician.open_dossier("Hoekstra")
    physician.page.locator("textarea[name=anamnese]").focus()
    physician.page.locator("textarea[name=advies]").focus()
    physician.page.wait_for_timeout(6_000)
    assert asked == []


def test_when_the_connection_is_gone_the_page_says_so_and_keeps_the_words(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    physician.context.set_offline(True)
    try:
        physician.page.locator("textarea[name=anamnese]").press_sequentially("Zonder verbinding.")
        physician.page.locator("textarea[name=advies]").focus()
        physician.page.locator(f"form[data-klad] {STATUS}:has-text('Niet bewaard')").wait_for()
        assert physician.page.input_value("textarea[name=anamnese]") == "Zonder verbinding."
    finally:
        physician.context.set_offline(False)


def test_keys_lead_to_the_search_to_vandaag_and_to_concepten(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    page = physician.page
    physician.goto("/klanten/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("gc/")
    assert page.input_value("#zoekveld") == "gc/"  # in a field a letter is a letter
    page.locator("h1").click()
    for second, path in (("c", "/concepten/"), ("d", "/"), ("t", "/")):
        with page.expect_navigation():
            page.keyboard.press("g")
            page.keyboard.press(second)
        assert page.evaluate("location.pathname") == path
    assert page.evaluate("location.hash") == "#wacht"


def test_ctrl_enter_keeps_a_concept_and_never_signs(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    page = physician.page
    page.locator("textarea[name=overweging]").fill("Met twee toetsen bewaard.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "Het is nog niet ondertekend." in physician.text()


def test_single_letters_can_be_switched_off_and_ctrl_enter_stays(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    page = physician.page
    physician.goto("/sessies/")
    physician.press("a:has-text('Toetsen')")
    physician.press("button:has-text('uitzetten')")
    try:
        physician.goto("/klanten/")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") != "q"
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_timeout(500)
        assert physician.path() == "/klanten/"
    finally:
        physician.goto("/toetsen/")
        physician.press("button:has-text('aanzetten')")
    physician.goto("/klanten/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_standard_text_goes_in_at_the_cursor_without_leaving_the_page(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Hoekstra")
    page = physician.page
    page.locator("textarea[name=advies]").fill("Eerst rust.")
    physician.press("button:has-text('Standaardtekst')")  # the form comes back, with the texts beside it
    assert page.input_value("textarea[name=advies]") == "Eerst rust."
    here = physician.path()
    page.select_option(
        "#standaardtekst", label=page.locator("#standaardtekst option:has-text('Opbouw')").inner_text()
    )
    page.click("button:has-text('Invoegen')")
    assert page.input_value("textarea[name=advies]").startswith("Eerst rust.\nOpbouw")
    assert physician.path() == here
    assert physician.complaints == []
