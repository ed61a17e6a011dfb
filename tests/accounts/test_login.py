import json

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from directory.accounts.models import Session, User
from tests.accounts.conftest import (
    NEW_PASSWORD,
    PASSWORD,
    Account,
    age_proofs,
    authenticators,
    give_password,
    log_in,
    session_key,
)


def test_password_and_code_lead_to_the_choice_of_capacity(client: Client, account: Account):
    response = give_password(client, account.user)
    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("session_list")).url.startswith(reverse("account_login"))  # not in yet

    response = client.post(reverse("mfa_authenticate"), {"code": account.code()})
    assert response.url == reverse("capacity_choose")


def test_the_login_page_is_dutch_and_has_two_fields(client: Client):
    page = client.get(reverse("account_login")).content.decode()
    assert "Gebruikersnaam" in page
    assert "Wachtwoord" in page
    assert 'name="remember"' not in page


def test_a_wrong_password_and_an_unknown_name_sound_the_same(client: Client, account: Account):
    for name in (account.user.username, "niemand"):
        page = client.post(reverse("account_login"), {"login": name, "password": "verkeerd"})
        assert "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar." in page.content.decode()


def test_the_key_of_the_session_changes_at_login(client: Client, account: Account):
    give_password(client, account.user)
    before = session_key(client)
    client.post(reverse("mfa_authenticate"), {"code": account.code()})
    assert session_key(client) != before


def test_a_code_works_once(client: Client, account: Account):
    give_password(client, account.user)
    code = account.code()
    client.post(reverse("mfa_authenticate"), {"code": code})

    other = Client()
    give_password(other, account.user)
    response = other.post(reverse("mfa_authenticate"), {"code": code})
    assert "Deze code klopt niet" in response.content.decode()


def test_a_recovery_code_works_once(client: Client, account: Account):
    for expected in (302, 200):
        browser = Client()
        give_password(browser, account.user)
        response = browser.post(reverse("mfa_authenticate"), {"code": account.recovery_codes[0]})
        assert response.status_code == expected


def test_too_many_wrong_passwords_shut_out_the_right_one_for_a_while(client: Client, account: Account):
    for _ in range(6):
        give_password(client, account.user, "verkeerd")
    page = give_password(client, account.user).content.decode()
    assert "Dit is te vaak geprobeerd" in page
    cache.clear()
    assert give_password(client, account.user).status_code == 302


def test_too_many_wrong_codes_shut_out_the_right_one_for_a_while(client: Client, account: Account):
    give_password(client, account.user)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": account.code()})
    assert "Dit is te vaak geprobeerd" in response.content.decode()


def test_a_closed_account_goes_nowhere_and_a_live_session_ends(browser: Client, account: Account, world):
    world.change(account.user, is_active=False)
    assert browser.get(reverse("session_list")).url.startswith(reverse("account_login"))
    assert give_password(Client(), account.user).url == reverse("account_inactive")


@pytest.mark.parametrize("name", ["session_list", "account_change_password", "capacity_choose", "confirm"])
def test_without_a_second_factor_there_is_only_enrolment(client: Client, newcomer: User, name: str):
    give_password(client, newcomer)
    assert client.get(reverse(name)).url == reverse("mfa_activate_totp")
    assert client.get(reverse("accounts_list")).url == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_enrolment_ends_with_recovery_codes(client: Client, newcomer: User):
    give_password(client, newcomer)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:" not in page
    assert " style=" not in page

    secret = client.session[SECRET_SESSION_KEY]
    account = Account(newcomer, secret, [])
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    before = session_key(client)
    response = client.post(reverse("mfa_activate_totp"), {"code": account.code()})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert session_key(client) != before
    assert SECRET_SESSION_KEY not in client.session

    codes = authenticators(newcomer)["recovery_codes"].wrap().get_unused_codes()
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert all(code in page for code in codes)


def test_enrolling_asks_for_a_password_of_just_now(client: Client, newcomer: User):
    give_password(client, newcomer)
    age_proofs(client)
    assert client.get(reverse("mfa_activate_totp")).url == reverse("account_login")
    assert not Session.objects.filter(user=newcomer).exists()


def test_seeds_are_sealed_in_the_table(account: Account):
    stored = authenticators(account.user)
    assert stored["totp"].data["secret"].startswith("1.")
    assert stored["recovery_codes"].data["seed"].startswith("1.")
    assert all(account.secret not in json.dumps(row.data) for row in stored.values())


def test_logging_out_is_a_deed_not_a_link(browser: Client, account: Account):
    browser.get(reverse("account_logout"))
    assert browser.get(reverse("session_list")).status_code == 200
    browser.post(reverse("account_logout"))
    assert browser.get(reverse("session_list")).url.startswith(reverse("account_login"))
    assert not Session.objects.filter(user=account.user).exists()


def test_a_new_password_ends_the_other_sessions(browser: Client, account: Account):
    other = log_in(Client(), account)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert browser.post(reverse("account_change_password"), data).url == reverse("session_list")
    assert browser.get(reverse("session_list")).status_code == 200
    assert other.get(reverse("session_list")).status_code == 302
    account.user.refresh_from_db()
    assert account.user.check_password(NEW_PASSWORD)


def test_confirming_makes_the_second_factor_fresh_and_returns(browser: Client, account: Account):
    age_proofs(browser)
    asked = browser.get(reverse("mfa_view_recovery_codes"))
    assert asked.url == reverse("confirm", query={"next": reverse("mfa_view_recovery_codes")})

    response = browser.post(asked.url, {"code": account.code(), "next": reverse("mfa_view_recovery_codes")})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert browser.get(reverse("mfa_view_recovery_codes")).status_code == 200
    again = browser.post(asked.url, {"code": account.code()})
    assert "Deze code klopt niet" in again.content.decode()  # not twice the same code


def test_replacing_the_app_asks_for_a_fresh_code_and_stops_the_old_one(browser: Client, account: Account):
    age_proofs(browser)
    assert browser.get(reverse("mfa_activate_totp")).url.startswith(reverse("confirm"))
    browser.post(reverse("confirm"), {"code": account.code()})
    browser.get(reverse("mfa_activate_totp"))
    renewed = Account(account.user, browser.session[SECRET_SESSION_KEY], [])
    browser.post(reverse("mfa_activate_totp"), {"code": renewed.code()})
    cache.clear()
    totp = authenticators(account.user)["totp"].wrap()
    assert not totp.validate_code(account.code())
    assert totp.validate_code(renewed.code())


@pytest.mark.parametrize("path", ["signup/", "aanmelden/", "accounts/signup/", "admin/"])
def test_nobody_signs_up(client: Client, path: str):
    assert client.get(f"/{path}").status_code == 404


def test_nobody_is_above_the_grid(account: Account):
    with pytest.raises(AttributeError):
        account.user.is_superuser = True
    with pytest.raises(TypeError):
        User.objects.create_superuser("root")
    assert {field.name for field in User._meta.fields}.isdisjoint({"is_superuser", "is_staff"})
