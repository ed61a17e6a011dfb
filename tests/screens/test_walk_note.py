"""The main job, thirty times a day: from Vandaag to a signed note."""

from __future__ import annotations

import pytest

from tests.screens.live import Visit

FEW = 3
NOTE = "Kan de trap weer op zonder te stoppen; het woord van dit verhaal is kalebasgroen."


@pytest.fixture(scope="module")
def signed(visit: Visit) -> int:
    """Write a note in the dossier of Bhagwandin and sign it; returns the clicks it took from Vandaag."""
    physician = visit("bedrijfsarts")
    physician.open_dossier("Bhagwandin")
    physician.page.get_by_label("Anamnese", exact=True).fill(NOTE)
    physician.page.get_by_label("Advies").fill("Volgende week een dagdeel erbij.")
    physician.click(".paneel--medisch button:has-text('Ondertekenen')")
    assert "Ondertekend." in physician.page.inner_text(".melding--success")
    return physician.clicks


def test_from_vandaag_to_a_signed_note_takes_three_clicks_at_most(signed: int) -> None:
    assert 1 < signed <= FEW


def test_the_note_stands_signed_above_the_earlier_ones(visit: Visit, signed: int) -> None:
    physician = visit("bedrijfsarts")
    physician.open_dossier("Bhagwandin")
    newest = physician.page.locator(".paneel--medisch .tijdlijn__regel").first
    assert NOTE in newest.inner_text()
    assert "Hoogland" in newest.inner_text()
    assert newest.get_by_text("Concept").count() == 0


def test_the_process_side_learns_that_there_was_a_consult_and_nothing_more(visit: Visit, signed: int) -> None:
    guard = visit("procesbewaker")
    guard.open_dossier("Bhagwandin")
    assert "Consult gehouden" in guard.page.inner_text(".paneel--proces")
    assert "kalebasgroen" not in guard.page.content()
    assert guard.page.locator(".paneel--medisch").count() == 0


def test_a_concept_waits_on_vandaag_until_it_is_signed(visit: Visit) -> None:
    physician = visit("bedrijfsarts")
    dossier = physician.open_dossier("Ouahbi")
    physician.page.get_by_label("Overweging").fill("Nog uit te werken.")
    physician.press(".paneel--medisch .knoppen button:has-text('Concept bewaren')")
    assert "Het is nog niet ondertekend." in physician.text()
    physician.goto("/")
    waiting = f".keuzekaart[href^='{dossier}stuk/']"
    assert "Concept in het medisch dossier" in physician.page.inner_text(waiting)
    physician.press(waiting)  # one click back into the text
    assert physician.page.input_value("textarea[name=overweging]") == "Nog uit te werken."
    physician.press("main .knop--hoofd:has-text('Ondertekenen')")
    physician.goto("/")
    assert physician.page.locator(waiting).count() == 0
