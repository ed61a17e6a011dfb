"""The staff of a practice, kept by its administrator under his own hat."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts.models import Session, User
from directory.people.models import Engagement, EngagementSuspension, Practice
from tests.accounts.conftest import Account, age_proofs, enrolled, log_in, with_password
from tests.world import OWNER, World


@pytest.fixture
def practice(world: World) -> Practice:
    return world.make(Practice, name="Praktijk De Linde")


@pytest.fixture
def office(browser: Client, world: World, account: Account, practice: Practice) -> Client:
    """The administrator, at work."""
    world.engaged("praktijkbeheerder", practice=practice, user=account.user)
    browser.get(reverse("capacity_choose"))
    return browser


def _invite(office: Client, username: str, /, role: str = "gedelegeerde", **more: object):
    data = {
        "display_name": "M. Bakker",
        "username": username,
        "role": role,
        "starts_on": timezone.localdate(),
    }
    return office.post(reverse("accounts_invite"), data | more)


def _engagement(username: str) -> Engagement:
    return Engagement.objects.using(OWNER).select_related("user").get(user__username=username)


def test_an_invitation_makes_an_account_a_role_and_one_link(office: Client, practice: Practice):
    page = _invite(office, "Bakker.Een").content.decode()
    assert len(re.findall(r"http://testserver/uitnodiging/[\w-]{43}/", page)) == 1
    engagement = _engagement("bakker.een")
    assert engagement.practice == practice
    assert engagement.needs_acceptance
    assert not engagement.user.has_usable_password()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"username": ""}, "Kies een gebruikersnaam"),
        ({"display_name": ""}, "Vul de naam"),
        ({"starts_on": "2020-01-01"}, "nooit met terugwerkende kracht"),
        ({"role": "arbo_arts"}, "geldige keuze"),
    ],
)
def test_a_refused_form_leaves_nothing_behind(office: Client, more: dict, message: str):
    page = _invite(office, "bakker.twee", **more).content.decode()
    assert message in page
    assert not User.objects.using(OWNER).filter(username="bakker.twee").exists()


def test_a_taken_username_is_said_beside_the_field(office: Client):
    _invite(office, "bakker.drie")
    page = _invite(office, "BAKKER.drie").content.decode()
    assert "Deze gebruikersnaam is al in gebruik." in page


def test_a_colleague_gets_another_role_and_not_the_same_twice(office: Client):
    _invite(office, "bakker.vier")
    user = _engagement("bakker.vier").user
    assert "aria-invalid" not in _invite(office, "", "casemanager", colleague=user.pk).content.decode()
    again = _invite(office, "", "gedelegeerde", colleague=user.pk).content.decode()
    assert "heeft deze rol al in deze periode" in again
    assert Engagement.objects.using(OWNER).filter(user=user).count() == 2


def test_a_colleague_of_another_practice_is_nobody_here(office: Client, world: World):
    stranger = world.engaged("gedelegeerde", practice=world.other_practice)
    page = office.get(reverse("accounts_list")).content.decode()
    assert stranger.user.display_name not in page
    assert _invite(office, "", "teamlid", colleague=stranger.user.pk).status_code == 200
    assert Engagement.objects.using(OWNER).filter(user=stranger.user).count() == 1
    for name in ("accounts_end", "accounts_suspend"):
        assert office.get(reverse(name, args=[stranger.engagement.pk])).status_code == 404
        assert office.post(reverse(name, args=[stranger.engagement.pk]), {"reason": "x"}).status_code == 404
    for name in ("accounts_resume", "accounts_reinvite"):
        assert office.post(reverse(name, args=[stranger.engagement.pk])).status_code == 404


@pytest.mark.parametrize("name", ["accounts_end", "accounts_suspend"])
def test_who_has_to_stop_is_out_at_once(office: Client, world: World, practice: Practice, name: str):
    colleague = world.engaged("casemanager", practice=practice)
    elsewhere = log_in(Client(), enrolled(with_password(world, colleague.user)))
    elsewhere.get(reverse("capacity_choose"))
    answer = office.post(reverse(name, args=[colleague.engagement.pk]), {"reason": "Vertrekt."})
    assert answer.url == reverse("accounts_list")
    assert not Session.objects.filter(user=colleague.user).exists()
    assert elsewhere.get(reverse("accounts_list")).url.startswith(reverse("account_login"))


def test_a_suspension_is_a_period_and_can_be_lifted(office: Client, world: World, practice: Practice):
    colleague = world.engaged("casemanager", practice=practice)
    office.post(reverse("accounts_suspend", args=[colleague.engagement.pk]), {"reason": "Wacht op opdracht."})
    assert "Geschorst" in office.get(reverse("accounts_list")).content.decode()
    office.post(reverse("accounts_resume", args=[colleague.engagement.pk]))
    suspension = EngagementSuspension.objects.using(OWNER).get(engagement=colleague.engagement)
    assert suspension.starts_at < suspension.ends_at <= timezone.now()
    assert suspension.reason == "Wacht op opdracht."


def test_ending_asks_why_and_cannot_be_done_twice(office: Client, world: World, practice: Practice):
    colleague = world.engaged("procesbewaker", practice=practice)
    url = reverse("accounts_end", args=[colleague.engagement.pk])
    assert "verplicht" in office.post(url, {"reason": ""}).content.decode()
    office.post(url, {"reason": "Vertrekt."})
    assert "al eerder geëindigd" in office.post(url, {"reason": "Nog eens."}).content.decode()
    ended = Engagement.objects.using(OWNER).get(pk=colleague.engagement.pk)
    assert ended.ended_reason == "Vertrekt."


def test_an_administrator_cannot_lock_himself_out(office: Client, account: Account):
    own = _engagement(account.user.username)
    for name in ("accounts_end", "accounts_suspend"):
        page = office.post(reverse(name, args=[own.pk]), {"reason": "Vertrekt."}).content.decode()
        assert "kan alleen een andere beheerder wijzigen" in page


def test_a_physician_accepts_whom_the_administrator_prepared(
    office: Client, world: World, practice: Practice
):
    _invite(office, "bakker.vijf")
    waiting = _engagement("bakker.vijf")
    assert office.get(reverse("accounts_accept")).status_code == 403  # not by the one who prepared it

    physician = world.engaged("bedrijfsarts", practice=practice)
    surgery = log_in(Client(), enrolled(with_password(world, physician.user)))
    surgery.get(reverse("capacity_choose"))
    age_proofs(surgery)
    assert surgery.get(reverse("accounts_accept")).url.startswith(reverse("confirm"))
    age_proofs(surgery, -301)
    assert "M. Bakker" in surgery.get(reverse("accounts_accept")).content.decode()
    surgery.post(reverse("accounts_accept"), {"engagement": str(waiting.pk)})
    waiting = _engagement("bakker.vijf")
    assert waiting.accepted_by == physician.user
    assert not waiting.needs_acceptance


@pytest.mark.parametrize(
    "role", ["bedrijfsarts", "gedelegeerde", "secretariaat", "casemanager", "procesbewaker"]
)
def test_nobody_else_keeps_the_staff(
    browser: Client, world: World, account: Account, practice: Practice, role: str
):
    world.engaged(role, practice=practice, user=account.user)
    colleague = world.engaged("casemanager", practice=practice)
    browser.get(reverse("capacity_choose"))
    assert browser.get(reverse("accounts_list")).status_code == 403
    assert browser.get(reverse("accounts_invite")).status_code == 403
    assert (
        browser.post(reverse("accounts_end", args=[colleague.engagement.pk]), {"reason": "x"}).status_code
        == 403
    )
    assert Engagement.objects.using(OWNER).get(pk=colleague.engagement.pk).ends_at is None


def test_the_officer_reads_and_changes_nothing(
    browser: Client, world: World, account: Account, practice: Practice
):
    world.engaged("fg", practice=practice, user=account.user)
    browser.get(reverse("capacity_choose"))
    page = browser.get(reverse("accounts_list"))
    assert page.status_code == 200
    assert "Beëindigen" not in page.content.decode()
    assert browser.get(reverse("accounts_invite")).status_code == 403
