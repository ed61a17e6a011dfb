"""Accounts with and without a second factor, and a browser that logs in the way people do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as once

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from directory.accounts.models import User
from tests.world import World

PASSWORD = "vier-fietsen-in-de-regen"
NEW_PASSWORD = "zes-paraplus-in-de-zon"


@once
def _hashed() -> str:
    return make_password(PASSWORD)


def with_password(world: World, user: User) -> User:
    return world.change(user, password=_hashed())


@dataclass
class Account:
    """Somebody with a password and an authenticator app."""

    user: User
    secret: str
    recovery_codes: list[str]

    def code(self) -> str:
        """The code that the app shows now."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30))


@pytest.fixture(autouse=True)
def _no_throttle_between_tests(_databases: None) -> None:
    cache.clear()


@pytest.fixture
def newcomer(world: World) -> User:
    """Has a password, and no second factor yet."""
    return with_password(world, world.user("nieuw"))


@pytest.fixture
def account(newcomer: User) -> Account:
    """Has a password and a second factor."""
    return enrolled(newcomer)


@pytest.fixture
def browser(client: Client, account: Account) -> Client:
    """Logged in as `account`, second factor given, no capacity chosen."""
    return log_in(client, account)


def enrolled(user: User) -> Account:
    """Give a second factor to an account."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Account(user, secret, RecoveryCodes.activate(user).generate_codes())


def authenticators(user: User) -> dict[str, Authenticator]:
    return {row.type: row for row in Authenticator.objects.filter(user=user)}


def session_key(client: Client) -> str:
    """The key in the cookie, which nothing but the cookie holds."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def give_password(client: Client, user: User, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def log_in(client: Client, account: Account) -> Client:
    """Log in with password and code; afterwards the same code may be used once more."""
    give_password(client, account.user)
    response = client.post(reverse("mfa_authenticate"), {"code": account.code()})
    assert response.status_code == 302, response.content
    cache.clear()
    return client


def age_proofs(client: Client, seconds: int = 301) -> None:
    """Let some time pass since the password and the code were given."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


@contextmanager
def as_owner() -> Iterator[None]:
    """Run a command as the server's administrator does, with the login that migrates."""
    default = connections["default"]
    default.close()
    runtime, default.settings_dict["USER"] = default.settings_dict["USER"], "tweeluik_owner"
    try:
        yield
    finally:
        default.close()
        default.settings_dict["USER"] = runtime
