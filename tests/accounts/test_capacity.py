"""Choosing a capacity with the kernel's half replaced: what is tried here is the order of things."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from directory.access import context
from directory.accounts.models import Session, key_hash
from directory.accounts.views import capacities
from tests.accounts.conftest import PASSWORD, Account, session_key
from tests.accounts.test_login import _age_proofs

pytestmark = pytest.mark.django_db

PRACTICE = uuid4()


class Kernel:
    """Remember what was begun and ended, and under which key."""

    def __init__(self) -> None:
        self.engagements: list[dict] = []
        self.live: dict[str, UUID] = {}  # session key → engagement

    def engage(self, role: str, side: str) -> UUID:
        row = {"id": uuid4(), "practice": PRACTICE, "practice_name": "De Linde", "role": role, "side": side}
        self.engagements.append(row)
        return row["id"]

    def engagements_of(self, user_id: int) -> list[dict]:
        return self.engagements

    def begin(self, *, session_key: str, user_id: int, engagement_id: str, kind: str = "session"):
        for row in self.engagements:
            if str(row["id"]) == str(engagement_id):
                self.live[session_key] = row["id"]
                return context.Capacity(
                    user_id, row["id"], PRACTICE, "De Linde", row["role"], row["side"], token="t"
                )
        raise context.NoCapacity("no such capacity")

    def end(self, *, session_key: str, engagement_id: str) -> None:
        self.live.pop(session_key, None)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(capacities, "engagements_of", kernel.engagements_of)
    monkeypatch.setattr(context, "begin", kernel.begin)
    monkeypatch.setattr(context, "end", kernel.end)
    return kernel


def test_two_roles_are_two_cards(browser: Client, kernel: Kernel):
    kernel.engage("gedelegeerde", "medical")
    kernel.engage("casemanager", "employer")
    page = browser.get(reverse("capacity_choose")).content.decode()
    assert page.count('<button class="keuzekaart') == 2
    assert "kant--medisch" in page
    assert "kant--werkgever" in page
    assert kernel.live == {}


def test_one_role_needs_no_choice(browser: Client, kernel: Kernel):
    engagement = kernel.engage("secretariaat", "desk")
    assert browser.get(reverse("capacity_choose"), {"next": "/agenda/"}).url == "/agenda/"
    assert kernel.live == {session_key(browser): engagement}


def test_no_role_says_so(browser: Client, kernel: Kernel):
    assert "U hebt nu geen rol" in browser.get(reverse("capacity_choose")).content.decode()


def test_choosing_begins_under_the_key_that_stays(browser: Client, kernel: Kernel):
    kernel.engage("gedelegeerde", "medical")
    chosen = kernel.engage("casemanager", "employer")
    before = session_key(browser)
    browser.post(reverse("capacity_choose"), {"engagement": str(chosen)})
    assert session_key(browser) != before
    assert kernel.live == {session_key(browser): chosen}
    assert browser.session["capacity"] == {
        "engagement": str(chosen),
        "practice": str(PRACTICE),
        "practice_name": "De Linde",
        "role": "casemanager",
        "side": "employer",
    }
    assert not Session.objects.filter(pk=key_hash(before)).exists()


def test_switching_ends_what_one_leaves(browser: Client, kernel: Kernel):
    first, second = kernel.engage("gedelegeerde", "medical"), kernel.engage("casemanager", "employer")
    browser.post(reverse("capacity_choose"), {"engagement": str(first)})
    browser.post(reverse("capacity_choose"), {"engagement": str(second)})
    assert kernel.live == {session_key(browser): second}


def test_switching_asks_for_a_fresh_second_factor(browser: Client, kernel: Kernel, account: Account):
    first, second = kernel.engage("gedelegeerde", "medical"), kernel.engage("casemanager", "employer")
    browser.post(reverse("capacity_choose"), {"engagement": str(first)})
    _age_proofs(browser, 301)
    asked = browser.post(reverse("capacity_choose"), {"engagement": str(second)})
    assert asked.url.startswith(reverse("confirm"))
    assert kernel.live == {session_key(browser): first}

    browser.post(reverse("confirm"), {"code": account.code(), "next": reverse("capacity_choose")})
    browser.post(reverse("capacity_choose"), {"engagement": str(second)})
    assert kernel.live == {session_key(browser): second}


def test_somebody_elses_engagement_is_no_capacity(browser: Client, kernel: Kernel):
    kernel.engage("gedelegeerde", "medical")
    kernel.engage("casemanager", "employer")
    response = browser.post(reverse("capacity_choose"), {"engagement": str(uuid4())})
    assert response.status_code == 200
    assert kernel.live == {}
    assert "capacity" not in browser.session


def test_a_page_without_a_capacity_leads_to_the_choice_and_back(browser: Client, kernel: Kernel):
    assert browser.get(reverse("accounts_list")).url == reverse(
        "capacity_choose", query={"next": reverse("accounts_list")}
    )


def test_logging_out_ends_the_capacity(browser: Client, kernel: Kernel):
    kernel.engage("secretariaat", "desk")
    browser.get(reverse("capacity_choose"))
    browser.post(reverse("account_logout"))
    assert kernel.live == {}


def test_a_new_password_carries_the_capacity_along(browser: Client, kernel: Kernel):
    engagement = kernel.engage("secretariaat", "desk")
    browser.get(reverse("capacity_choose"))
    new = "zes-paraplus-in-de-zon"
    browser.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert kernel.live == {session_key(browser): engagement}
