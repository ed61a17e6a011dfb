"""A contract: the beheerder drafts it, the bedrijfsarts signs, the delegate accepts. Only then is there work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.screens.live import Visit, Visitor

TASKS = ("Medische anamnese", "Lichamelijk onderzoek", "Notitie in eigen dossier gedelegeerde")
PLAN = "Elke maandag bespreken wij alle gesprekken van de week ervoor."
FIRST_ABSENT = "Fuente"  # of the school, where this delegate had one employee only


def opens(visitor: Visitor, dossier: str) -> int:
    return int(visitor.get(dossier)[0])


@pytest.fixture(scope="module")
def dossier(visit: Visit) -> str:
    return str(visit("bedrijfsarts").open_dossier(FIRST_ABSENT))


@pytest.fixture(scope="module")
def drafted(visit: Visit, dossier: str) -> str:
    """Draft on screen, as the beheerder, a contract for everybody at the school; returns its address."""
    administrator = visit("beheerder")
    page = administrator.page
    administrator.goto("/delegatie/")
    administrator.press("text=Nieuw concept")
    administrator.pick("Bedrijfsarts", "Hoogland")
    administrator.pick("Gedelegeerde", "Yıldırım")
    page.get_by_label("Tot en met").fill(f"{date.today() + timedelta(days=200)}")
    page.locator("label", has_text="Scholengroep De Veste").click()
    for task in TASKS:
        page.locator(".vinkje label", has_text=task).click()
    page.locator("summary").first.click()
    page.get_by_label("Onderbouwing voor lichamelijk onderzoek").fill("Deed dit tien jaar op de polikliniek.")
    administrator.pick("Protocol waarmee wordt gewerkt (niet verplicht)", "Taakdelegatie")
    page.get_by_label("Toezicht").fill(PLAN)
    page.get_by_label("Overleg elke (weken)").fill("1")
    administrator.press("text=Concept bewaren")
    assert "Concept bewaard. Het telt pas na ondertekening door de bedrijfsarts." in administrator.text()
    return administrator.path()


@pytest.fixture(scope="module")
def signed(visit: Visit, drafted: str, dossier: str) -> Iterator[str]:
    """Sign as the bedrijfsarts, with a judgement of the one task on which there was none yet. At the end she withdraws
    it, and what it gave is gone."""
    physician = visit("bedrijfsarts")
    page = physician.page
    physician.goto("/")
    physician.press(f".keuzekaart[href='{drafted}']")
    physician.press("main .knop--hoofd:has-text('Ondertekenen')")
    assert PLAN in physician.text()
    assert "elke week" in physician.text()
    assert page.locator("fieldset legend").all_inner_texts() == ["Lichamelijk onderzoek"]
    page.get_by_label("Hoe hebt u dit in de praktijk vastgesteld?").fill("Drie keer naast mij gedaan.")
    page.get_by_label("Grenzen").fill("Alleen bloeddruk en gewicht.")
    physician.press("main button:has-text('Ondertekenen')")
    if page.locator("input[name=code]").count():  # the last code was given more than five minutes ago
        physician.give_code()
        physician.press("main button:has-text('Ondertekenen')")
    assert "Ondertekend. De gedelegeerde kan de overeenkomst nu lezen en aanvaarden." in physician.text()
    yield drafted
    physician.goto(drafted)
    physician.press("main a:has-text('Intrekken')")
    page.get_by_label("Reden").fill("Er komt een andere verdeling.")
    physician.press("main button:has-text('Intrekken')")
    assert "De overeenkomst is ingetrokken." in physician.text()
    assert opens(visit("pob"), dossier) == 404


def test_a_draft_gives_no_right_and_its_drafter_cannot_sign_it(
    visit: Visit, drafted: str, dossier: str
) -> None:
    administrator = visit("beheerder")
    administrator.goto(drafted)
    assert "Wacht op ondertekening" in administrator.page.inner_text("h1")
    assert administrator.page.locator("text=Ondertekenen").count() == 0
    assert administrator.get(f"{drafted}ondertekenen/")[0] == 403
    assert opens(visit("pob"), dossier) == 404


def test_a_day_that_is_not_to_come_is_refused_beside_its_task_and_loses_no_word(
    visit: Visit, drafted: str
) -> None:
    physician = visit("bedrijfsarts")
    page = physician.page
    physician.goto(f"{drafted}ondertekenen/")
    page.get_by_label("Hoe hebt u dit in de praktijk vastgesteld?").fill("Drie keer naast mij gedaan.")
    page.get_by_label("Grenzen").fill("Alleen bloeddruk.")
    page.get_by_label("Herbeoordelen op").fill(f"{date.today()}")
    physician.press("main button:has-text('Ondertekenen')")
    assert "Kies een dag na vandaag voor: Lichamelijk onderzoek." in page.inner_text(".foutenoverzicht")
    assert page.get_by_label("Grenzen").input_value() == "Alleen bloeddruk."


def test_a_contract_that_the_delegate_did_not_accept_gives_no_right_yet(
    visit: Visit, signed: str, dossier: str
) -> None:
    delegate = visit("pob")
    assert opens(delegate, dossier) == 403
    delegate.goto(dossier)
    assert "U hebt deze overeenkomst nog niet aanvaard." in delegate.text()
    assert delegate.page.locator(".paneel").count() == 0


def test_the_delegate_accepts_with_a_word_about_each_task_and_works(
    visit: Visit, signed: str, dossier: str
) -> None:
    delegate = visit("pob")
    page = delegate.page
    delegate.goto("/")
    delegate.press(f".keuzekaart[href='{signed}']")
    delegate.press("main .knop--hoofd:has-text('Lezen en aanvaarden')")
    assert page.locator("input[type=radio]:checked").count() == 0
    tasks = page.locator("main fieldset")
    assert tasks.locator("legend").all_inner_texts() == list(TASKS)
    for n in range(len(TASKS)):
        tasks.nth(n).get_by_label("Ik acht mij bekwaam voor deze taak").check()
    delegate.press("main .knop--hoofd:has-text('Aanvaarden')")
    assert "Aanvaard." in delegate.page.inner_text(".melding--success")
    assert "Geldig t/m" in page.inner_text("h1")
    delegate.open_dossier(FIRST_ABSENT)
    assert page.locator(".paneel--medisch").count() == 1
