"""The casemanager of the employer sees the werkgeversdeel, and no trace that there is a medical side."""

from __future__ import annotations

import re

import pytest

from tests.screens.live import Live, Visit, Visitor, masked

ADDRESS = re.compile(r'(?:href|action)="(/[^"#]*)"')
DOSSIER = re.compile(r'href="(/dossier/[0-9a-f-]{36}/)"')


def pages_from(visitor: Visitor, start: str) -> dict[str, str]:
    """Follow every link and open every address of a form from this page on; the menu is walked along."""
    found: dict[str, str] = {}
    ahead = [start]
    while ahead:
        path = ahead.pop().replace("&amp;", "&")
        if path in found or path.startswith(("/static/", "/uitloggen/", "/hoedanigheid/")):
            continue
        found[path] = visitor.get(path)[1]
        ahead += ADDRESS.findall(found[path])
    return found


@pytest.fixture(scope="module")
def seen(visit: Visit) -> dict[str, str]:
    return pages_from(visit("casemanager"), "/")


def test_he_reaches_his_six_employees_and_no_other_dossier(visit: Visit, seen: dict[str, str]) -> None:
    assert len(set(DOSSIER.findall(seen["/"]))) == 6
    opened = {path.split("/")[2] for path in seen if path.startswith("/dossier/")}
    assert opened == {path.split("/")[2] for path in DOSSIER.findall(seen["/"])}
    assert len(seen) > 20


def test_he_reads_the_werkgeversdeel_of_each_of_his_dossiers(live: Live, seen: dict[str, str]) -> None:
    for path in set(DOSSIER.findall(seen["/"])):
        assert "Ziekmelding" in seen[path]
        assert live.markers_in(seen[path], section="werkgeverdeel", dossier=path.split("/")[2])


def test_no_page_he_reaches_holds_a_word_of_the_medical_side(live: Live, seen: dict[str, str]) -> None:
    for path, page in seen.items():
        assert live.markers_in(page, side="medical") == set(), path
        assert live.markers_in(page, section="proces") == set(), path


def test_the_bedrijfsarts_does_read_medical_words_in_the_same_dossiers(
    visit: Visit, live: Live, seen: dict[str, str]
) -> None:
    physician = visit("bedrijfsarts")
    with_words = [
        path
        for path in set(DOSSIER.findall(seen["/"]))
        if live.markers_in(physician.get(path)[1], side="medical", dossier=path.split("/")[2])
    ]
    assert len(with_words) == 3  # monteur, magazijn and planner were seen; the others never came


def test_nothing_tells_him_that_there_is_a_medical_side(visit: Visit, seen: dict[str, str]) -> None:
    for path, page in seen.items():
        for word in ("Medisch dossier", "paneel--medisch", "Consult gehouden", "Spreekuur"):
            assert word not in page, path
    him = visit("casemanager")
    him.open_dossier("Hoekstra")
    assert him.page.locator(".paneel").count() == 1
    assert him.page.locator(".paneel--werkgever").count() == 1


def test_a_medical_record_is_refused_to_him_like_one_that_does_not_exist(visit: Visit) -> None:
    physician, him = visit("bedrijfsarts"), visit("casemanager")
    dossier = physician.open_dossier("Hoekstra")
    record = physician.page.get_attribute(".paneel--medisch h3 a >> nth=0", "href")
    assert physician.get(record)[0] == 200
    elsewhere = f"{record[:-37]}00000000-0000-4000-8000-000000000000/"
    assert him.get(dossier)[0] == 200
    status, page = him.get(record)
    assert status == 403
    assert masked(page) == masked(him.get(elsewhere)[1])
