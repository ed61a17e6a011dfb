import hashlib
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from directory.access.context import token_for
from directory.access.models import SessionContext
from directory.accounts.models import Session, key_hash
from directory.people.models import Practice
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD, Account, age_proofs, session_key
from tests.world import OWNER, World


@pytest.fixture
def practice(world: World) -> Practice:
    """A practice of its own, so that a list holds only what the test put there."""
    return world.make(Practice, name="Praktijk De Linde")


@pytest.fixture
def two_sides(world: World, practice: Practice, account: Account) -> tuple[UUID, UUID]:
    """A delegate who is casemanager for an employer besides: two capacities, never one."""
    return tuple(
        world.engaged(role, practice=practice, user=account.user).engagement.pk
        for role in ("gedelegeerde", "casemanager")
    )


@pytest.fixture
def at_desk(world: World, practice: Practice, account: Account) -> UUID:
    return world.engaged("secretariaat", practice=practice, user=account.user).engagement.pk


def _live(account: Account) -> list[UUID]:
    contexts = SessionContext.objects.using(OWNER).filter(user_id=account.user.pk, ended_at__isnull=True)
    return list(contexts.values_list("engagement_id", flat=True))


def _belongs_to(key: str, engagement: UUID) -> bool:
    token = hashlib.sha256(token_for(key, engagement).encode()).digest()
    return SessionContext.objects.using(OWNER).filter(token_hash=token, ended_at__isnull=True).exists()


def _choose(browser: Client, engagement: UUID):
    return browser.post(reverse("capacity_choose"), {"engagement": str(engagement)})


def test_two_roles_are_two_cards(browser: Client, account: Account, two_sides):
    page = browser.get(reverse("capacity_choose")).content.decode()
    assert page.count('<button class="keuzekaart') == 2
    assert "kant--medisch" in page
    assert "kant--werkgever" in page
    assert _live(account) == []


def test_one_role_needs_no_choice(browser: Client, account: Account, at_desk: UUID):
    assert browser.get(reverse("capacity_choose"), {"next": "/agenda/"}).url == "/agenda/"
    assert _live(account) == [at_desk]


def test_no_role_says_so(browser: Client):
    assert "U hebt nu geen rol" in browser.get(reverse("capacity_choose")).content.decode()


def test_a_role_that_was_not_accepted_is_no_choice(browser: Client, world: World, account: Account, practice):
    actor = world.engaged("gedelegeerde", practice=practice, user=account.user)
    world.change(actor.engagement, accepted_at=None, accepted_by=None)
    assert "U hebt nu geen rol" in browser.get(reverse("capacity_choose")).content.decode()


def test_choosing_begins_under_the_key_that_stays(browser: Client, account: Account, practice, two_sides):
    _, chosen = two_sides
    before = session_key(browser)
    _choose(browser, chosen)
    assert session_key(browser) != before
    assert _belongs_to(session_key(browser), chosen)
    assert browser.session["capacity"] == {
        "engagement": str(chosen),
        "practice": str(practice.pk),
        "practice_name": practice.name,
        "role": "casemanager",
        "side": "employer",
        "limits": {"idle": 60 * 60, "session": 8 * 60 * 60, "fresh": 5 * 60},
    }
    assert not Session.objects.filter(pk=key_hash(before)).exists()


def test_switching_ends_what_one_leaves(browser: Client, account: Account, two_sides):
    first, second = two_sides
    _choose(browser, first)
    _choose(browser, second)
    assert _live(account) == [second]


def test_switching_asks_for_a_fresh_second_factor(browser: Client, account: Account, two_sides):
    first, second = two_sides
    _choose(browser, first)
    age_proofs(browser)
    assert _choose(browser, second).url.startswith(reverse("confirm"))
    assert _live(account) == [first]

    browser.post(reverse("confirm"), {"code": account.code(), "next": reverse("capacity_choose")})
    _choose(browser, second)
    assert _live(account) == [second]


def test_somebody_elses_engagement_is_no_capacity(browser: Client, world: World, account: Account, two_sides):
    for engagement in (world.engaged("bedrijfsarts").engagement.pk, uuid4()):
        response = _choose(browser, engagement)
        assert response.status_code == 200
        assert "kunt u nu niet werken" in response.content.decode()
    assert _live(account) == []
    assert "capacity" not in browser.session


def test_a_page_without_a_capacity_leads_to_the_choice_and_back(browser: Client):
    asked = reverse("accounts_list")
    assert browser.get(asked).url == reverse("capacity_choose", query={"next": asked})


def test_logging_out_ends_the_capacity(browser: Client, account: Account, at_desk: UUID):
    browser.get(reverse("capacity_choose"))
    browser.post(reverse("account_logout"))
    assert _live(account) == []


def test_a_new_password_carries_the_capacity_along(browser: Client, account: Account, at_desk: UUID):
    browser.get(reverse("capacity_choose"))
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    browser.post(reverse("account_change_password"), data)
    assert _live(account) == [at_desk]
    assert _belongs_to(session_key(browser), at_desk)
