"""The delegate tells the employee five things, writes in a file of her own, and reads of the physician what is shared."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.screens.live import Live, Visit, Visitor

OWN = "Zij draagt de spalk elke nacht; het woord van dit verhaal is pruimenblauw."
BY_PHYSICIAN = ".tijdlijn__regel:has(.tijdlijn__wie:has-text(', bedrijfsarts'))"


@pytest.fixture(scope="module")
def dossier(visit: Visit) -> str:
    """The dossier of Wiarda, whom nobody told yet that a delegate may call her."""
    return str(visit("bedrijfsarts").open_dossier("Wiarda"))


@pytest.fixture(scope="module")
def record(visit: Visit, dossier: str) -> str:
    """The address of what the bedrijfsarts wrote there, as she sees it herself."""
    physician = visit("bedrijfsarts")
    physician.goto(dossier)
    address = str(physician.page.get_attribute(f"{BY_PHYSICIAN} h3 a:has-text('Spreekuur')", "href"))
    assert physician.get(address)[0] == 200
    return address


@pytest.fixture(scope="module")
def told(visit: Visit, dossier: str) -> Visitor:
    """Give notice of the five items, as the delegate."""
    delegate = visit("pob")
    delegate.open_dossier("Wiarda")
    assert delegate.page.get_by_label("Anamnese", exact=True).count() == 0  # before that there is no form
    delegate.press("main a:has-text('Werknemer informeren')")
    page = delegate.page
    assert page.locator(".stappen li").count() == 5
    assert page.locator(".keuzekaart").count() == 0  # two contracts, and one person to tell about
    assert "Behoeftegesprek" in page.get_by_label("Taak").input_value()
    assert "Hoogland" in page.inner_text("main .data-lijst")
    assert page.get_by_label("Functie").input_value().startswith("praktijkondersteuner")
    assert "Medische anamnese" in page.get_by_label("Taak").input_value()
    assert "0800 000 0011" in page.get_by_label("Hoe en wanneer is de bedrijfsarts bereikbaar?").input_value()
    page.locator(
        "label", has_text="Ik heb verteld dat de werknemer de bedrijfsarts altijd kan spreken"
    ).click()
    delegate.press("main button:has-text('Vastleggen')")
    assert "Vastgelegd: de werknemer is geïnformeerd." in delegate.text()
    return delegate


def as_for_a_random_number(visitor: Visitor, record: str) -> bool:
    """Say whether a record gets the page that a made-up number gets."""
    found = visitor.get(record)
    return found[0] == 404 and found == visitor.get(f"{record[:-37]}{uuid4()}/")


def test_after_notice_the_delegate_writes_in_her_own_file(visit: Visit, told: Visitor, dossier: str) -> None:
    delegate = visit("pob")
    delegate.goto(dossier)
    delegate.page.get_by_label("Anamnese", exact=True).fill(OWN)
    delegate.press(".paneel--medisch button:has-text('Ondertekenen')")
    assert "Ondertekend." in delegate.page.inner_text(".melding--success")
    mine = delegate.page.locator(".paneel--medisch .tijdlijn__regel", has_text="pruimenblauw")
    assert "onder taakdelegatie van" in mine.inner_text()
    assert "Voorlopig oordeel (gedelegeerde)" in mine.inner_text()
    physician = visit("bedrijfsarts")
    physician.goto(dossier)
    assert "pruimenblauw" in physician.page.inner_text("section.paneel--medisch")


def test_what_the_physician_wrote_is_not_there_for_her_until_it_is_shared(
    visit: Visit, live: Live, told: Visitor, dossier: str, record: str
) -> None:
    delegate, physician = visit("pob"), visit("bedrijfsarts")
    words = live.markers_in(physician.get(record)[1], section="begeleiding")
    assert words
    assert as_for_a_random_number(delegate, record)
    assert live.markers_in(delegate.get(dossier)[1], section="begeleiding") == set()

    physician.goto(record)
    physician.page.locator("#met").select_option(
        physician.page.locator("#met option:has-text('Yıldırım')").first.get_attribute("value")
    )
    physician.press("main button:text-is('Delen')")
    assert "Gedeeld." in physician.page.inner_text(".melding--success")
    assert delegate.get(record)[0] == 200
    assert live.markers_in(delegate.get(dossier)[1], section="begeleiding") == words

    physician.press("main button:has-text('Niet meer delen')")
    assert as_for_a_random_number(delegate, record)
    assert live.markers_in(delegate.get(dossier)[1], section="begeleiding") == set()


def test_of_three_notes_she_sees_the_one_that_is_shared(visit: Visit, live: Live) -> None:
    physician, delegate = visit("bedrijfsarts"), visit("pob")
    dossier = physician.open_dossier("Hoekstra")
    notes = physician.page.locator(".paneel--medisch h3 a:has-text('Spreekuur')")
    addresses = [note.get_attribute("href") for note in notes.all()]
    assert len(addresses) == 3
    assert [delegate.get(address)[0] for address in addresses] == [200, 404, 404]
    for address in addresses[1:]:
        assert as_for_a_random_number(delegate, address)
        others = live.markers_in(physician.get(address)[1], section="begeleiding")
        assert others
        assert not others & live.markers_in(delegate.get(dossier)[1])
    assert "Alleen wat met u is gedeeld" in delegate.get(dossier)[1]
