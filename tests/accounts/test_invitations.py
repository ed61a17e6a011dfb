from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts import actions
from directory.accounts.models import Invitation, Session, User
from directory.people.models import Engagement, Practice, Role
from tests.accounts.conftest import PASSWORD, Account, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited() -> User:
    return User.objects.create_user("a.bakker", display_name="A. Bakker")


def _open(client: Client, token: str):
    return client.get(reverse("invitation", kwargs={"token": token}), follow=True)


def test_the_table_holds_the_hash_and_never_the_link(invited: User):
    token = actions.invite(user=invited, by=invited)
    row = Invitation.objects.get()
    assert row.token_hash == actions.token_hash(token)
    assert timedelta(days=6, hours=23) < row.expires_at - timezone.now() <= timedelta(days=7)


def test_the_link_leads_to_a_password_and_then_to_the_second_factor(client: Client, invited: User):
    token = actions.invite(user=invited, by=invited)
    page = _open(client, token)
    assert page.redirect_chain == [(reverse("invitation_accept"), 302)]  # the token leaves the address bar
    assert invited.username in page.content.decode()

    response = client.post(reverse("invitation_accept"), {"password1": PASSWORD, "password2": PASSWORD})
    assert response.url == reverse("capacity_choose")
    assert client.get(response.url).url == reverse("mfa_activate_totp")
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [("kort", "kort", "te kort"), (PASSWORD, PASSWORD + "!", "niet twee keer hetzelfde")],
)
def test_a_poor_password_is_refused_beside_the_field(
    client: Client, invited: User, first: str, second: str, message: str
):
    _open(client, actions.invite(user=invited, by=invited))
    page = client.post(reverse("invitation_accept"), {"password1": first, "password2": second})
    assert message in page.content.decode()
    assert Invitation.objects.get().used_at is None


def test_a_link_works_once(client: Client, invited: User):
    token = actions.invite(user=invited, by=invited)
    actions.accept_invitation(token=token, password=PASSWORD)
    with pytest.raises(ValidationError):
        actions.accept_invitation(token=token, password="een-ander-wachtwoord")
    assert _open(client, token).status_code == 404


def test_a_link_works_seven_days(client: Client, invited: User):
    token = actions.invite(user=invited, by=invited)
    Invitation.objects.update(expires_at=timezone.now())
    assert _open(client, token).status_code == 404


def test_a_new_link_stops_the_earlier_one(invited: User):
    earlier = actions.invite(user=invited, by=invited)
    later = actions.invite(user=invited, by=invited)
    assert actions.find_invitation(earlier) is None
    assert actions.find_invitation(later) is not None


def test_a_link_says_the_same_to_everybody_it_does_not_serve(client: Client, browser: Client, invited: User):
    token = actions.invite(user=invited, by=invited)
    unknown = _open(Client(), "onbekend")
    assert unknown.status_code == 404
    assert _open(browser, token).status_code == 404  # logged in as somebody else


def test_a_forgotten_password_does_not_pass_by_the_second_factor(client: Client, account: Account):
    _open(client, actions.invite(user=account.user, by=account.user))
    new = "zes-paraplus-in-de-zon"
    response = client.post(reverse("invitation_accept"), {"password1": new, "password2": new})
    assert response.url == reverse("mfa_authenticate")


def test_a_used_link_ends_the_sessions_the_account_had(
    client: Client, account: Account, django_capture_on_commit_callbacks
):
    log_in(client, account)
    token = actions.invite(user=account.user, by=account.user)
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept_invitation(token=token, password="zes-paraplus-in-de-zon")
    assert not Session.objects.filter(user=account.user).exists()


@pytest.mark.parametrize("act", [actions.suspend, actions.end])
def test_ending_an_engagement_ends_the_sessions(
    browser: Client, account: Account, act, django_capture_on_commit_callbacks
):
    account.user.refresh_from_db()
    engagement, token = actions.take_on(
        practice=Practice.objects.create(name="De Linde"),
        user=account.user,
        role=Role.CASEMANAGER,
        by=account.user,
    )
    assert token is None  # somebody who logs in needs no link
    with django_capture_on_commit_callbacks(execute=True):
        act(engagement=engagement, reason="Vertrekt.", by=account.user)
        assert Session.objects.filter(user=account.user).exists()  # not before it is certain
    assert not Session.objects.filter(user=account.user).exists()


@pytest.mark.parametrize("act", [actions.suspend, actions.end])
def test_an_administrator_cannot_lock_himself_out(account: Account, act):
    engagement, _ = actions.take_on(
        practice=Practice.objects.create(name="De Linde"),
        user=account.user,
        role=Role.PRAKTIJKBEHEERDER,
        by=account.user,
    )
    with pytest.raises(ValidationError, match="andere beheerder"):
        act(engagement=engagement, reason="Vertrekt.", by=account.user)
    act(engagement=engagement, reason="Vertrekt.", by=User.objects.create_user("b", display_name="B."))


def test_a_username_is_taken_whatever_its_capitals(invited: User):
    with pytest.raises(ValidationError, match="al in gebruik"):
        actions.add_account(username="A.Bakker", display_name="A. Bakker", by=invited)


def test_the_first_practice_starts_with_two_links(client: Client, capsys: pytest.CaptureFixture[str]):
    call_command(
        "practice", "create", "--name=De Linde", "--admin-username=Beheer", "--physician-username=e.meulen"
    )
    out = capsys.readouterr().out
    assert out.count("/uitnodiging/") == 2
    practice = Practice.objects.get()
    roles = {row.role: row for row in Engagement.objects.filter(practice=practice)}
    assert set(roles) == {"praktijkbeheerder", "bedrijfsarts"}
    assert roles["bedrijfsarts"].accepted_by == roles["bedrijfsarts"].user
    assert not practice.solo


def test_a_one_person_practice_has_one_link_and_three_roles():
    made = actions.make_first_practice(name="Solo", admin_username="e.meulen", physician_username="e.meulen")
    assert list(made.links) == ["e.meulen"]
    assert made.practice.solo
    assert set(Engagement.objects.values_list("role", flat=True)) == {
        "praktijkbeheerder",
        "bedrijfsarts",
        "fg",
    }
