"""Who has nothing to do with a dossier gets the page of what does not exist, to the byte."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.screens.live import Live, Visit
from tests.screens.test_walk_casemanager import DOSSIER, pages_from

OUTSIDE = ("pob-zonder-delegatie", "waarnemer-verlopen", "andere-praktijk")
CONTENT = ("medical", "process")
PAGES = ("", "team/", "wie-mag/", "inzage/", "deel/0/")


@pytest.fixture(scope="module")
def dossier(visit: Visit) -> str:
    """The address of a dossier of the practice, full of text."""
    physician = visit("bedrijfsarts")
    address = physician.open_dossier("Hoekstra")
    assert physician.get(address)[0] == 200
    return address


@pytest.mark.parametrize("username", OUTSIDE)
def test_a_dossier_of_the_practice_is_as_absent_as_a_random_number(
    visit: Visit, dossier: str, username: str
) -> None:
    outsider = visit(username)
    random = f"/dossier/{uuid4()}/"
    for page in PAGES:
        real, made_up = outsider.get(dossier + page), outsider.get(random + page)
        assert real[0] == 404, page
        assert real == made_up, page


@pytest.mark.parametrize("username", OUTSIDE)
def test_a_record_is_as_absent_as_a_random_number(visit: Visit, dossier: str, username: str) -> None:
    physician, outsider = visit("bedrijfsarts"), visit(username)
    physician.goto(dossier)
    record = physician.page.get_attribute(".paneel--medisch h3 a >> nth=0", "href")
    assert physician.get(record)[0] == 200
    for made_up in (f"{record[:-37]}{uuid4()}/", record.replace(dossier.split("/")[2], str(uuid4()))):
        assert outsider.get(record) == outsider.get(made_up)
    assert outsider.get(record)[0] == 404


@pytest.mark.parametrize("username", OUTSIDE)
def test_nothing_of_the_practice_stands_on_their_pages(visit: Visit, live: Live, username: str) -> None:
    theirs = {"andere-praktijk": 3}.get(username, 0)
    pages = pages_from(visit(username), "/")
    own = {path.split("/")[2] for path in DOSSIER.findall(pages["/"])}
    assert len(own) == theirs
    for path, page in pages.items():
        for side in CONTENT:
            foreign = live.markers_in(page, side=side)
            allowed = {row["marker"] for row in live.markers if row["dossier"] in own and row["dossier"]}
            assert foreign <= allowed, path


def test_the_physician_of_the_other_practice_does_open_his_own(visit: Visit, live: Live) -> None:
    him = visit("andere-praktijk")
    him.goto("/")
    found = [
        path
        for path in set(DOSSIER.findall(him.page.content()))
        if live.markers_in(him.get(path)[1], side="medical", dossier=path.split("/")[2])
    ]
    assert len(found) == 1


@pytest.mark.parametrize(("username", "begins"), [("beheerder", "/medewerkers/"), ("fg", "/logcontrole/")])
def test_who_works_for_the_practice_reaches_no_content(
    visit: Visit, live: Live, username: str, begins: str
) -> None:
    pages = pages_from(visit(username), begins)
    assert len(pages) > 5
    for path, page in pages.items():
        for side in CONTENT:
            assert live.markers_in(page, side=side) == set(), path


def test_the_beheerder_opens_no_page_of_a_dossier(visit: Visit, dossier: str) -> None:
    administrator = visit("beheerder")
    for page in PAGES:
        status, source = administrator.get(dossier + page)
        assert status == 403, page
        assert "Dit kunt u hier niet doen" in source, page


def test_the_fg_sees_who_works_on_a_dossier_and_no_panel_of_it(
    visit: Visit, live: Live, dossier: str
) -> None:
    officer = visit("fg")
    for page, answer in {"": 200, "team/": 200, "wie-mag/": 200, "inzage/": 200, "deel/0/": 403}.items():
        status, source = officer.get(dossier + page)
        assert status == answer, page
        assert "paneel--" not in source, page
        for side in CONTENT:
            assert live.markers_in(source, side=side) == set(), page
    assert "paneel--medisch" in visit("bedrijfsarts").get(dossier)[1]


def test_who_left_has_no_capacity_to_work_in(visit: Visit, dossier: str) -> None:
    former = visit("oud-medewerker")
    for path in (dossier, f"/dossier/{uuid4()}/", "/"):
        former.goto(path)
        assert former.path().startswith("/hoedanigheid/")
        assert "U hebt nu geen rol" in former.text()
