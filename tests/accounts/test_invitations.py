import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts import actions
from directory.accounts.models import Invitation, Session, User
from directory.people.models import Engagement, Practice
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD, Account, as_owner, log_in
from tests.world import OWNER, Actor, World


@pytest.fixture
def admin(world: World) -> Actor:
    return world.engaged("praktijkbeheerder")


@pytest.fixture
def invited(world: World) -> User:
    return world.engaged("secretariaat", user=world.user("genodigd")).user


def _link(admin: Actor, user: User) -> str:
    with admin.acts():
        return actions.invite(user=user, by=admin.user)


def _open(client: Client, token: str):
    return client.get(reverse("invitation", kwargs={"token": token}), follow=True)


def test_the_table_holds_the_hash_and_never_the_link(admin: Actor, invited: User):
    token = _link(admin, invited)
    row = Invitation.objects.get(user=invited)
    assert row.token_hash == actions.token_hash(token)
    assert timedelta(days=6, hours=23) < row.expires_at - timezone.now() <= timedelta(days=7)


def test_the_link_leads_to_a_password_and_then_to_the_second_factor(
    client: Client, admin: Actor, invited: User
):
    page = _open(client, _link(admin, invited))
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
    client: Client, admin: Actor, invited: User, first: str, second: str, message: str
):
    _open(client, _link(admin, invited))
    page = client.post(reverse("invitation_accept"), {"password1": first, "password2": second})
    assert message in page.content.decode()
    assert Invitation.objects.get(user=invited).used_at is None


def test_a_link_works_once(client: Client, admin: Actor, invited: User):
    token = _link(admin, invited)
    actions.accept_invitation(token=token, password=PASSWORD)
    with pytest.raises(ValidationError):
        actions.accept_invitation(token=token, password=NEW_PASSWORD)
    assert _open(client, token).status_code == 404


def test_a_link_works_seven_days(client: Client, admin: Actor, invited: User, world: World):
    token = _link(admin, invited)
    world.change(Invitation.objects.get(user=invited), expires_at=timezone.now())
    assert _open(client, token).status_code == 404


def test_a_new_link_stops_the_earlier_one(admin: Actor, invited: User):
    earlier, later = _link(admin, invited), _link(admin, invited)
    assert actions.find_invitation(earlier) is None
    assert actions.find_invitation(later) is not None


def test_a_link_that_does_not_serve_is_a_page_that_is_not_there(
    client: Client, browser: Client, admin: Actor, invited: User
):
    assert _open(Client(), "onbekend").status_code == 404
    assert _open(browser, _link(admin, invited)).status_code == 404  # logged in as somebody else


def test_a_forgotten_password_does_not_pass_by_the_second_factor(
    client: Client, world: World, admin: Actor, account: Account
):
    world.engaged("secretariaat", user=account.user)
    _open(client, _link(admin, account.user))
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(reverse("invitation_accept"), data).url == reverse("mfa_authenticate")


def test_a_used_link_ends_the_sessions_the_account_had(
    client: Client, world: World, admin: Actor, account: Account
):
    world.engaged("secretariaat", user=account.user)
    log_in(client, account)
    actions.accept_invitation(token=_link(admin, account.user), password=NEW_PASSWORD)
    assert not Session.objects.filter(user=account.user).exists()


def test_the_first_practice_starts_with_two_links(capsys: pytest.CaptureFixture[str]):
    with as_owner():
        call_command(
            "practice",
            "create",
            "--name=Eerste",
            "--admin-username=Eerste.b",
            "--physician-username=eerste.a",
        )
    assert capsys.readouterr().out.count("/uitnodiging/") == 2
    practice = Practice.objects.using(OWNER).get(name="Eerste")
    roles = {row.role: row for row in Engagement.objects.using(OWNER).filter(practice=practice)}
    assert set(roles) == {"praktijkbeheerder", "bedrijfsarts"}
    assert roles["bedrijfsarts"].accepted_by == roles["bedrijfsarts"].user
    assert not practice.solo


def test_a_one_person_practice_has_one_link_and_three_roles():
    with as_owner():
        made = actions.make_first_practice(name="Solo", admin_username="solo", physician_username="solo")
    assert list(made.links) == ["solo"]
    assert made.practice.solo
    roles = Engagement.objects.using(OWNER).filter(practice=made.practice).values_list("role", flat=True)
    assert set(roles) == {"praktijkbeheerder", "bedrijfsarts", "fg"}


def test_the_administrator_of_the_server_gives_a_new_link_to_whom_nobody_else_can(
    capsys: pytest.CaptureFixture[str], account: Account
):
    with as_owner():
        call_command("practice", "invite", f"--username={account.user.username}")
        with pytest.raises(CommandError, match="geen open account"):
            call_command("practice", "invite", "--username=niemand-van-ons")
    token = re.search(r"/uitnodiging/([\w-]{43})/", capsys.readouterr().out)[1]
    assert actions.find_invitation(token).user == account.user
