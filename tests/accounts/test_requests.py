"""What can be judged from a request alone, without a database."""

import pytest
from django.test import RequestFactory

from directory.accounts.expired import typed
from directory.accounts.factor import safe_next
from directory.accounts.views.sessions import device

NOTE = "Werknemer vertelt dat het beter gaat."


@pytest.mark.parametrize("url", ["/dossier/1/", "/", "/zoeken/?pagina=2"])
def test_next_leads_to_our_own_pages(rf: RequestFactory, url: str):
    assert safe_next(rf.get("/bevestigen/", {"next": url})) == url
    assert safe_next(rf.post("/bevestigen/", {"next": url})) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://elders.example/",
        "//elders.example/",
        "/\\elders.example/",
        "javascript:alert(1)",
        "dossier/",
        "",
    ],
)
def test_next_never_leads_elsewhere(rf: RequestFactory, url: str):
    assert safe_next(rf.get("/bevestigen/", {"next": url})) == "/"


def test_the_text_of_our_own_form_comes_back(rf: RequestFactory):
    request = rf.post("/", {"tekst": NOTE, "datum": "2026-11-20"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert typed(request) == [("Tekst 1", NOTE)]


def test_a_secret_never_comes_back(rf: RequestFactory):
    data = {"password": "vier woorden in zin", "herstelcode": "een twee drie", "csrfmiddlewaretoken": "a b c"}
    assert typed(rf.post("/", data, headers={"Sec-Fetch-Site": "same-origin"})) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
def test_the_text_of_another_site_is_not_shown(rf: RequestFactory, site: str | None):
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert typed(rf.post("/", {"tekst": NOTE}, headers=headers)) == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox op Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari op iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36", "Chrome op Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge op Windows"),
        ("curl/8", "Onbekend apparaat"),
    ],
)
def test_a_device_is_named_as_its_owner_would(agent: str, name: str):
    assert device(agent) == name
