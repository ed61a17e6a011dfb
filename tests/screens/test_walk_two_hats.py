"""One person with two capacities for one employee: in each he sees exactly that part, and never the union."""

from __future__ import annotations

import pytest

from tests.screens.live import Live, Visit, Visitor

CASEMANAGER, DELEGATE = "Casemanager", "Gedelegeerde"
BOTH = "Martina"  # the bedrijfsarts decided that the two can go together
UNDECIDED = "Veld"  # nobody decided


def employees(visitor: Visitor) -> list[str]:
    visitor.goto("/")
    return [name.split(" ")[0] for name in visitor.page.locator("tbody th a").all_inner_texts()]


@pytest.fixture(scope="module")
def note(visit: Visit) -> str:
    """The address of what he wrote as a delegate about the one he also works for as casemanager."""
    him = visit("tweepetten", DELEGATE)
    him.open_dossier(BOTH)
    return str(him.page.get_attribute(".paneel--medisch h3 a:has-text('Contact')", "href"))


def test_each_capacity_has_its_own_employees(visit: Visit) -> None:
    assert employees(visit("tweepetten", CASEMANAGER)) == ["Martina", "Veld"]
    assert employees(visit("tweepetten", DELEGATE)) == ["Martina", "Veld", "Dijkstra", "Amrani"]


def test_as_casemanager_he_sees_the_werkgeversdeel_and_nothing_he_heard_as_delegate(
    visit: Visit, live: Live
) -> None:
    him = visit("tweepetten", CASEMANAGER)
    him.open_dossier(BOTH)
    page = him.page.content()
    assert live.markers_in(page, section="werkgeverdeel")
    assert live.markers_in(page, side="medical") == set()
    assert live.markers_in(page, section="proces") == set()
    assert him.page.locator(".paneel").count() == 1
    assert him.page.locator(".paneel--werkgever").count() == 1


def test_as_delegate_he_reads_his_own_file_and_not_the_physicians(visit: Visit, live: Live) -> None:
    him = visit("tweepetten", DELEGATE)
    him.open_dossier(BOTH)
    page = him.page.content()
    assert len(live.markers_in(page, section="gedelegeerde", author="tweepetten")) == 2
    assert live.markers_in(page, section="begeleiding") == set()


def test_switching_swaps_what_an_address_gives(visit: Visit, note: str) -> None:
    for _ in range(2):
        assert visit("tweepetten", DELEGATE).get(note)[0] == 200
        assert visit("tweepetten", CASEMANAGER).get(note)[0] == 403


def test_a_page_left_open_in_the_other_capacity_records_nothing_any_more(
    visit: Visit, note: str, live: Live
) -> None:
    him = visit("tweepetten", DELEGATE)
    dossier = him.open_dossier(BOTH)
    him.page.get_by_label("Anamnese", exact=True).fill("Typt door met de andere pet op: zeemansgraf.")
    other = him.context.new_page()
    other.goto(f"{live.url}/hoedanigheid/")
    with other.expect_navigation():
        other.click(f".keuzekaart:has-text('{CASEMANAGER}')")
    other.close()
    him.press(".paneel--medisch button:has-text('Ondertekenen')")
    assert "Ondertekend" not in him.text()
    assert "zeemansgraf" in him.page.inner_text(".bewaarde-tekst")
    assert "zeemansgraf" not in visit("tweepetten", CASEMANAGER).get(dossier)[1]
    physician = visit("bedrijfsarts")
    physician.goto(dossier)
    # The other hat leaves nothing in the medical file, not even a text that waits: his words stand on his own page alone.
    assert "zeemansgraf" not in physician.text()
    assert live.tables_holding("zeemansgraf") == []


def test_where_nobody_decided_about_the_two_he_sees_nothing_in_either(visit: Visit, live: Live) -> None:
    for capacity in (CASEMANAGER, DELEGATE):
        him = visit("tweepetten", capacity)
        him.open_dossier(UNDECIDED)
        assert "U werkt voor deze werknemer al voor de andere kant" in him.text()
        assert him.page.locator(".paneel").count() == 0
        for side in ("medical", "process"):
            assert live.markers_in(him.page.content(), side=side) == set()
