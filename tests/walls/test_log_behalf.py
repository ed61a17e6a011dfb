"""In the log of looking: on whose behalf, on which ground, and by what was searched (NEN 7513)."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings

from directory.access.context import Capacity, bound, token_for
from directory.accounts.sessions import SessionStore
from dossier.models import Dossier
from dossier.records.places import new_url
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form
from tests.domain.test_records_tools import CONTACT, note
from tests.walls import asking, looking
from tests.world import Case, World


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


def test_a_search_says_by_what_was_searched(superuser: psycopg.Connection, delegate: Case) -> None:
    """Name or birth date, never the name itself (ParticipantObjectQuery, obligatory for a search)."""
    with delegate.actor.acts() as now:
        Dossier.objects.search(key=None, born=delegate.dossier.person.birth_date)
    assert looking.row(superuser, request=now.nonce, kind="search")["query"]


def test_an_act_says_on_whose_behalf_and_on_which_ground(
    superuser: psycopg.Connection, delegate: Case
) -> None:
    row = looking.row(superuser, record=note(delegate, CONTACT).pk)
    assert (row["on_behalf_of"], row["ground"]) == (delegate.physician.user.pk, delegate.ground.pk)


def test_a_refusal_of_a_save_says_on_whose_behalf_and_what_was_asked(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    """The row of the opening rolls back with the save, so this one stands alone."""
    client = enter(delegate.actor)
    world.suspend(delegate.ground)
    assert client.post(new_url(delegate.dossier.pk, CONTACT), form(anamnese="Te laat.")).status_code == 403
    row = looking.row(superuser, kind="refused", actor=delegate.actor.user.pk)
    assert (row["on_behalf_of"], row["ground"]) == (delegate.physician.user.pk, delegate.ground.pk)
    assert row["asks"] == ["gedelegeerde.write"]


def test_a_session_ended_elsewhere_ends_its_capacity(delegate: Case) -> None:
    """Whoever has the token of a browser that was logged out from another one, has nothing."""
    client = enter(delegate.actor)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    engagement = delegate.actor.engagement
    token = token_for(key, engagement.pk)
    live = Capacity(
        delegate.actor.user.pk,
        engagement.pk,
        delegate.dossier.practice_id,
        "",
        "gedelegeerde",
        "medical",
        token,
    )
    with bound(live):
        assert asking.run("SELECT access_user()") == [(delegate.actor.user.pk,)]
    SessionStore(key).delete()
    with bound(live):
        assert asking.outcome(lambda: asking.run("SELECT access_user()")) == "42501"
