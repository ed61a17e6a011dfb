"""What the second connection takes without a capacity of its own: a token opens no other door with it."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from directory.access import log
from directory.access.context import begin, end
from tests.walls import asking, looking
from tests.world import Actor, Case, World


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


def kept(token: str, case: Case, section: str, key: uuid.UUID) -> Any:
    """Offer a text to keep, as the pages do after a refused save."""
    values = [token, key, case.dossier.pk, "medical", section, "begeleiding", "contactnotitie", None]
    with log.second_cursor() as cursor:
        cursor.execute(
            "SELECT access_keep(%s, %s, %s, %s, %s, %s, %s, %s, %s, 'test', %s)",
            [*values, timezone.now(), b"verzegeld"],
        )
        row = cursor.fetchone()
        assert row is not None
        return row[0]


def test_a_text_is_kept_only_where_its_author_may_write(world: World, delegate: Case) -> None:
    stranger = looking.alone(world, "gedelegeerde")
    with delegate.actor.acts() as now:
        token = now.capacity.token
        assert kept(token, delegate, "gedelegeerde", uuid.uuid4()) is True
        assert kept(token, delegate, "begeleiding", uuid.uuid4()) is False, (
            "shared with him, never his to write"
        )
        assert kept(token, stranger, "gedelegeerde", uuid.uuid4()) is False, "no grant there"
        assert kept("geraden", delegate, "gedelegeerde", uuid.uuid4()) is False
    assert kept(token, delegate, "gedelegeerde", uuid.uuid4()) is False, "that capacity has ended"


def test_a_refusal_about_a_dossier_elsewhere_says_nothing_of_it(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    """The row stands in the log of who asked; no ground, role or person of the other practice comes along."""
    elsewhere = looking.alone(world, "bedrijfsarts")
    nonce = uuid.uuid4().hex
    with delegate.actor.acts() as now, log.second_cursor() as cursor:
        for dossier in (elsewhere.dossier.pk, delegate.dossier.pk):
            cursor.execute(
                "SELECT access_refused(%s, %s, 'x', 'refused', 'wall', %s, ARRAY['begeleiding.read'])",
                [now.capacity.token, nonce, dossier],
            )
            assert cursor.fetchone() == ("",)
    there, here = looking.rows(superuser, request=nonce)
    assert (there["practice"], there["ground"], there["on_behalf_of"]) == (
        delegate.dossier.practice_id,
        None,
        None,
    )
    assert (here["ground"], here["on_behalf_of"]) == (delegate.ground.pk, delegate.physician.user.pk)
    assert {there["outcome"], here["outcome"]} == {"refused"}


def capacity(actor: Actor, session_key: str) -> str:
    return begin(session_key=session_key, user_id=actor.user.pk, engagement_id=actor.engagement.pk).token


def living(superuser: psycopg.Connection, user: int) -> int:
    row = superuser.execute(
        "SELECT count(*) FROM access_sessioncontext WHERE user_id = %s AND ended_at IS NULL", [user]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_session_that_ends_takes_its_own_capacities_along_and_no_others(
    world: World, superuser: psycopg.Connection
) -> None:
    from directory.accounts.models import Session, key_hash

    one, other = world.engaged("bedrijfsarts"), world.engaged("bedrijfsarts")
    keys = {actor.user.pk: uuid.uuid4().hex for actor in (one, other)}
    for actor in (one, other):
        key = keys[actor.user.pk]
        Session.objects.create(session_key=key_hash(key), session_data="x", expire_date=timezone.now())
        capacity(actor, key)
    Session.objects.filter(session_key=key_hash(keys[one.user.pk])).delete()
    assert (living(superuser, one.user.pk), living(superuser, other.user.pk)) == (0, 1)
    end(session_key=keys[other.user.pk], engagement_id=other.engagement.pk)


def test_no_hat_touches_a_session(delegate: Case) -> None:
    with delegate.actor.acts():
        assert asking.changed("DELETE FROM accounts_session") == asking.REFUSED
        assert asking.ids("accounts_session", "key_hash") == asking.REFUSED
        assert asking.ids("access_sessioncontext", "token_hash") == asking.REFUSED
