from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from directory.access.doors import bare
from directory.accounts.middleware import polling
from directory.accounts.models import Session
from directory.accounts.views.sessions import session_list
from tests.accounts.conftest import Account

NOTE = "Dit had ik bijna af toen de telefoon ging."


def _quiet(account: Account, **since: timedelta) -> None:
    rows = Session.objects.filter(user=account.user)
    rows.update(**{field: timezone.now() - ago for field, ago in since.items()})


def _works_on(client: Client, side: str | None) -> None:
    session = client.session
    session["capacity"] = {
        "engagement": "00000000-0000-0000-0000-000000000001",
        "practice": "00000000-0000-0000-0000-000000000002",
        "practice_name": "De Linde",
        "role": "bedrijfsarts",
        "side": side,
    }
    session.save()


@pytest.mark.parametrize(
    ("side", "minutes", "status"),
    [
        ("medical", 14, 200),
        ("medical", 15, 403),
        ("signal", 15, 403),
        ("process", 59, 200),
        ("process", 60, 403),
        ("employer", 60, 403),
        (None, 59, 200),
        (None, 60, 403),
    ],
)
def test_an_idle_session_ends(browser: Client, account: Account, side: str | None, minutes: int, status: int):
    if side:
        _works_on(browser, side)
    _quiet(account, seen_at=timedelta(minutes=minutes))
    assert browser.get(reverse("session_list")).status_code == status
    assert Session.objects.filter(user=account.user).exists() is (status == 200)


def test_after_eight_hours_every_session_ends(browser: Client, account: Account):
    _quiet(account, created_at=timedelta(hours=8))
    assert browser.get(reverse("session_list")).status_code == 403


def test_looking_at_a_page_is_a_sign_of_life(browser: Client, account: Account):
    _quiet(account, seen_at=timedelta(minutes=10))
    browser.get(reverse("session_list"))
    assert timezone.now() - Session.objects.get(user=account.user).seen_at < timedelta(minutes=1)


def test_within_a_minute_nothing_is_written(browser: Client, account: Account):
    _quiet(account, seen_at=timedelta(seconds=30))
    before = Session.objects.get(user=account.user).seen_at
    browser.get(reverse("session_list"))
    assert Session.objects.get(user=account.user).seen_at == before


@pytest.mark.urls(__name__)
def test_polling_is_no_sign_of_life(browser: Client, account: Account):
    _quiet(account, seen_at=timedelta(minutes=10))
    assert browser.get("/peilen/").status_code == 200
    assert timezone.now() - Session.objects.get(user=account.user).seen_at > timedelta(minutes=9)


def test_a_text_that_comes_too_late_is_given_back(browser: Client, account: Account):
    _quiet(account, seen_at=timedelta(minutes=60))
    headers = {"Sec-Fetch-Site": "same-origin"}
    response = browser.post(reverse("session_end"), {"tekst": NOTE}, headers=headers)
    assert response.status_code == 403
    assert NOTE in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_the_login_leads_back_to_the_page(browser: Client, account: Account):
    _quiet(account, seen_at=timedelta(minutes=60))
    page = browser.get(reverse("session_list")).content.decode()
    assert reverse("account_login", query={"next": reverse("session_list")}) in page


SAME = {"Sec-Fetch-Site": "same-origin"}
WRITTEN = {"anamnese": NOTE, "happened_at": "2026-01-05T10:00", "wachtwoord": "een twee drie vier"}


def test_what_stood_in_another_tab_at_logging_out_is_given_back(browser: Client):
    browser.post(reverse("account_logout"))
    url = reverse("record_new", args=[uuid4(), "0123456789"])
    answer = browser.post(url, WRITTEN, headers=SAME)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "no-store"
    assert "U bent uitgelogd" in page
    assert NOTE in page
    assert f'href="{reverse("account_login")}"' in page
    assert "een twee drie" not in page


def test_who_wrote_nothing_or_comes_from_elsewhere_is_asked_to_log_in(browser: Client):
    url = reverse("record_new", args=[uuid4(), "0123456789"])
    browser.post(reverse("account_logout"))
    for fields, headers in (({}, SAME), (WRITTEN, {"Sec-Fetch-Site": "cross-site"}), (WRITTEN, {})):
        answer = browser.post(url, fields, headers=headers)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_the_way_in_gives_nothing_back(client: Client):
    answer = client.post(reverse("account_login"), {"login": NOTE, "password": NOTE}, headers=SAME)
    assert "U bent uitgelogd" not in answer.content.decode()


def _urlpatterns():
    from directory.accounts import urls

    @polling
    def ask(request):
        return session_list(request)

    return [path("peilen/", bare(ask)), *urls.urlpatterns]


urlpatterns = _urlpatterns()
