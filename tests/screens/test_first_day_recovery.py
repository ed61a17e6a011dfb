"""Somebody is better: who hears of it finds the button where he looks for it, and who has no task there sees none."""

from __future__ import annotations

from tests.screens.live import Visit, Visitor

RECOVERY = ".paneel--werkgever .knop:has-text('Herstel melden')"
INFORM = "main a:has-text('Werknemer informeren')"


def sick_since(visitor: Visitor, surname: str) -> str:
    visitor.goto("/")
    return str(visitor.page.inner_text(f"tbody tr:has-text('{surname}') td >> nth=-1"))


def test_the_casemanager_records_recovery_from_the_dossier_and_the_absence_ends(visit: Visit) -> None:
    him = visit("casemanager")
    assert "week" in sick_since(him, "Öztürk")
    him.open_dossier("Öztürk")
    him.press(RECOVERY)
    assert him.page.get_by_label("Verzuimpercentage vanaf die dag").input_value() == "0"
    him.press("main .knoppen button:has-text('Ondertekenen')")
    assert "Hersteld per" in him.page.inner_text(".paneel--werkgever")
    assert him.page.locator(RECOVERY).count() == 0
    assert sick_since(him, "Öztürk") == ""


def test_a_ziekmelding_of_somebody_else_goes_on_by_whoever_hears_of_it(visit: Visit) -> None:
    him = visit("casemanager")
    him.open_dossier("Wiarda")
    assert him.page.locator(".paneel--werkgever .tijdlijn__regel").count() > 0
    him.press(RECOVERY)
    him.page.get_by_label("Verzuimpercentage vanaf die dag").fill("50")
    him.press("main .knoppen button:has-text('Ondertekenen')")
    assert "50%" in him.page.inner_text(".paneel--werkgever")
    assert "week" in sick_since(him, "Wiarda")


def test_the_button_to_inform_stands_only_with_those_who_have_something_to_tell(visit: Visit) -> None:
    physician, desk = visit("bedrijfsarts"), visit("secretariaat")
    physician.open_dossier("Hoekstra")
    desk.open_dossier("Hoekstra")
    assert physician.page.locator(INFORM).count() == 1
    assert desk.page.locator(".paneel--proces").count() == 1
    assert desk.page.locator(INFORM).count() == 0
