import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts.models import Session, User, key_hash
from directory.accounts.sessions import SessionStore
from tests.accounts.conftest import Account, log_in, session_key

pytestmark = pytest.mark.django_db


def test_the_table_holds_the_hash_and_never_the_key(browser: Client):
    key = session_key(browser)
    rows = Session.objects.values()
    assert [row["session_key"] for row in rows] == [key_hash(key)]
    assert all(key not in str(value) for row in rows for value in row.values())


def test_the_hash_opens_nothing(browser: Client):
    browser.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get().pk
    assert browser.get(reverse("session_list")).status_code == 302


def test_the_content_cannot_be_read_from_the_table(browser: Client, account: Account):
    row = Session.objects.get()
    assert row.session_data.startswith("1.")
    store = SessionStore(session_key(browser))
    assert store["_auth_user_id"] == str(account.user.pk)
    assert row.user == account.user
    assert row.ip == "127.0.0.1"


def test_a_raw_key_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now())


def test_a_content_that_was_tampered_with_is_an_empty_session(browser: Client):
    Session.objects.update(session_data="1.AAAA")
    assert browser.get(reverse("session_list")).status_code == 302


def test_a_deleted_row_ends_the_session_at_once(browser: Client):
    assert browser.get(reverse("session_list")).status_code == 200
    Session.objects.all().delete()
    assert browser.get(reverse("session_list")).status_code == 302


def test_a_new_key_keeps_the_moment_of_login(browser: Client):
    store = SessionStore(session_key(browser))
    before = Session.objects.get()
    store.cycle_key()
    after = Session.objects.get()
    assert after.pk != before.pk
    assert after.created_at == before.created_at


def test_one_ends_only_sessions_of_oneself(browser: Client, account: Account):
    other = log_in(Client(), account)
    stranger = User.objects.create_user("b.smit", display_name="B. Smit")
    theirs = Session.objects.create(
        session_key="0" * 64, session_data="", expire_date=timezone.now(), user=stranger
    )
    elsewhere = key_hash(session_key(other))

    browser.post(reverse("session_end"), {"session": theirs.pk})
    assert Session.objects.filter(pk=theirs.pk).exists()

    browser.post(reverse("session_end"), {"session": elsewhere})
    assert not Session.objects.filter(pk=elsewhere).exists()
    assert browser.get(reverse("session_list")).status_code == 200


def test_all_others_end_together(browser: Client, account: Account):
    log_in(Client(), account)
    log_in(Client(), account)
    browser.post(reverse("session_end"))
    assert Session.objects.filter(user=account.user).count() == 1
