"""The contract is suspended while the delegate types: nothing is recorded, nothing lost, nothing readable."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.screens.live import Live, Visit

WORD = "vermiljoenkever"
TYPED = f"De koffie op school ging goed, zij bleef een uur; het woord van dit verhaal is {WORD}."
REASON = "Zij is ziek en ik kan haar werk niet overzien."


@pytest.fixture(scope="module")
def suspended(visit: Visit) -> Iterator[str]:
    """Let the delegate type, the bedrijfsarts suspend and the delegate send; the dossier. Afterwards work goes on."""
    delegate, physician = visit("pob"), visit("bedrijfsarts")
    dossier = delegate.open_dossier("Çelik")
    delegate.page.get_by_label("Anamnese", exact=True).fill(TYPED)

    physician.goto("/delegatie/")
    mine = physician.page.locator(
        "tbody tr:has-text('Yıldırım'):has-text('Takenlijst 2018'):has-text('Geldig')"
    )
    contract = mine.locator("a").get_attribute("href")
    physician.goto(contract)
    physician.press("main a:has-text('Schorsen')")
    physician.page.get_by_label("Reden").fill(REASON)
    physician.press("main button:has-text('Schorsen')")
    assert "De overeenkomst is geschorst." in physician.text()

    delegate.press(".paneel--medisch button:has-text('Ondertekenen')")
    yield dossier
    physician.goto(contract)
    physician.press("main a:has-text('Schorsing opheffen')")
    physician.press("main button:has-text('Schorsing opheffen')")
    assert "De schorsing is opgeheven." in physician.text()


def test_she_hears_why_and_gets_her_text_back(visit: Visit, suspended: str) -> None:
    delegate = visit("pob")
    assert "Dit kan nog niet" in delegate.page.inner_text("h1")
    assert "geschorst" in delegate.page.inner_text(".weigering")
    assert "Uw tekst is bewaard en niet vastgelegd" in delegate.page.inner_text(".bewaarde-tekst")
    assert TYPED in delegate.page.inner_text(".bewaarde-tekst")


def test_in_neither_database_stands_a_word_of_it(live: Live, suspended: str) -> None:
    assert live.tables_holding(WORD) == []
    assert "delegation_contract" in live.tables_holding("Wekelijks")
    assert any("suspension" in table for table in live.tables_holding(REASON))


def test_from_then_on_she_reads_nothing_there_her_own_text_included(visit: Visit, suspended: str) -> None:
    delegate = visit("pob")
    status, page = delegate.get(suspended)
    assert status == 403
    assert "geschorst" in page
    assert WORD not in page
    delegate.goto("/")
    assert WORD not in delegate.page.content()


def test_the_bedrijfsarts_finds_it_and_goes_on_with_it(visit: Visit, live: Live, suspended: str) -> None:
    physician, delegate = visit("bedrijfsarts"), visit("pob")
    physician.goto(suspended)
    waiting = physician.page.locator("section.kaart", has_text="Bewaard en niet vastgelegd")
    assert TYPED in waiting.inner_text()
    assert "Yıldırım" in waiting.inner_text()
    physician.press("main button:has-text('Overnemen als concept')")
    text = physician.page.get_by_label("Anamnese", exact=True).input_value()
    assert TYPED in text
    assert text.startswith("[Overgenomen van Fatma")
    physician.press("main button:has-text('Ondertekenen'):visible")
    assert WORD in physician.page.inner_text("section.paneel--medisch")
    assert physician.page.locator("h2:has-text('Bewaard en niet vastgelegd')").count() == 0
    assert live.tables_holding(WORD) == []
    assert WORD not in delegate.get(suspended)[1]
