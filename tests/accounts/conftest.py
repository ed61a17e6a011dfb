"""An account with a second factor, and a browser that logs in the way people do."""

import time
from dataclasses import dataclass

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from directory.accounts.models import User

PASSWORD = "vier-fietsen-in-de-regen"


@dataclass
class Account:
    user: User
    secret: str
    recovery_codes: list[str]

    def code(self) -> str:
        """The code that the app shows now."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30))


@pytest.fixture(autouse=True)
def _no_throttle_between_tests(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def newcomer(db: None) -> User:
    """Has a password, and no second factor yet."""
    return User.objects.create_user("p.dejong", display_name="P. de Jong", password=PASSWORD)


@pytest.fixture
def account(db: None) -> Account:
    """Has a password and a second factor."""
    user = User.objects.create_user("s.yilmaz", display_name="S. Yılmaz", password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Account(user, secret, RecoveryCodes.activate(user).generate_codes())


def give_password(client: Client, user: User, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def session_key(client: Client) -> str:
    """The key in the cookie, which nothing but the cookie holds."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def log_in(client: Client, account: Account) -> Client:
    """Log in with password and code; afterwards the same code may be used once more."""
    give_password(client, account.user)
    response = client.post(reverse("mfa_authenticate"), {"code": account.code()})
    assert response.status_code == 302, response.content
    cache.clear()
    return client


@pytest.fixture
def browser(client: Client, account: Account) -> Client:
    """Logged in as `account`, second factor given, no capacity chosen."""
    return log_in(client, account)
