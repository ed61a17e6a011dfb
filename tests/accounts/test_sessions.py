import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts.models import Session, key_hash
from directory.accounts.sessions import SessionStore
from tests.accounts.conftest import Account, log_in, session_key


def _row(account: Account) -> Session:
    return Session.objects.get(user=account.user)


def test_the_table_holds_the_hash_and_never_the_key(browser: Client, account: Account):
    key = session_key(browser)
    row = Session.objects.filter(user=account.user).values().get()
    assert row["session_key"] == key_hash(key)
    assert all(key not in str(value) for value in row.values())


def test_the_hash_opens_nothing(browser: Client, account: Account):
    browser.cookies[settings.SESSION_COOKIE_NAME] = _row(account).pk
    assert browser.get(reverse("session_list")).status_code == 302


def test_the_content_cannot_be_read_from_the_table(browser: Client, account: Account):
    row = _row(account)
    assert row.session_data.startswith("1.")
    assert SessionStore(session_key(browser))["_auth_user_id"] == str(account.user.pk)
    assert row.ip == "127.0.0.1"


def test_a_raw_key_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now())


def test_a_content_that_was_tampered_with_is_an_empty_session(browser: Client, account: Account):
    Session.objects.filter(user=account.user).update(session_data="1.AAAA")
    assert browser.get(reverse("session_list")).status_code == 302


def test_a_deleted_row_ends_the_session_at_once(browser: Client, account: Account):
    assert browser.get(reverse("session_list")).status_code == 200
    Session.objects.filter(user=account.user).delete()
    assert browser.get(reverse("session_list")).status_code == 302


def test_a_new_key_keeps_the_moment_of_login(browser: Client, account: Account):
    before = _row(account)
    SessionStore(session_key(browser)).cycle_key()
    after = _row(account)
    assert after.pk != before.pk
    assert after.created_at == before.created_at


def test_one_ends_only_sessions_of_oneself(browser: Client, account: Account, world):
    stranger = world.user()
    theirs = Session.objects.create(
        session_key=key_hash(stranger.username), session_data="", expire_date=timezone.now(), user=stranger
    )
    browser.post(reverse("session_end"), {"session": theirs.pk})
    assert Session.objects.filter(pk=theirs.pk).exists()

    elsewhere = key_hash(session_key(log_in(Client(), account)))
    browser.post(reverse("session_end"), {"session": elsewhere})
    assert not Session.objects.filter(pk=elsewhere).exists()
    assert browser.get(reverse("session_list")).status_code == 200


def test_all_others_end_together(browser: Client, account: Account):
    log_in(Client(), account)
    log_in(Client(), account)
    browser.post(reverse("session_end"))
    assert _row(account).pk == key_hash(session_key(browser))
