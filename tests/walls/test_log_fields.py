"""What a row says: the obligatory questions of NEN 7513, for each way of looking.

Who, in which capacity, on whose behalf, on which ground, what, when, from where, under which rules, with what result.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse
from django.utils import timezone

from directory.access import log
from directory.access.context import begin_cursor
from directory.access.refusals import NotFound
from dossier.models import Dossier, Share
from tests.domain.test_pages import enter
from tests.domain.test_records_tools import CONTACT, note
from tests.walls import looking
from tests.world import Case, World

WORKPLACE = "203.0.113.7"


@pytest.fixture
def delegate(world: World) -> Case:
    """Somebody who always works on behalf of another."""
    return looking.alone(world, "gedelegeerde")


def who(row: dict[str, Any]) -> dict[str, Any]:
    names = ("actor", "engagement", "practice", "role", "side")
    return {name: row[name] for name in names}


def said(case: Case) -> dict[str, Any]:
    return {
        "actor": case.actor.user.pk,
        "engagement": case.actor.engagement.pk,
        "practice": case.dossier.practice_id,
        "role": "gedelegeerde",
        "side": "medical",
    }


def just_now(row: dict[str, Any]) -> bool:
    """Whether a row has a moment of this minute, a request, and the version of the rules it was answered under."""
    fresh = timezone.now() - timedelta(minutes=1) < row["at"] <= timezone.now()
    return bool(fresh and row["request"] and len(row["protocol"]) == 12 and len(bytes(row["leaf"])) == 32)


def test_opening_a_page_says_everything(delegate: Case, superuser: psycopg.Connection) -> None:
    client = enter(delegate.actor)
    page = client.get(reverse("dossier", args=[delegate.dossier.pk]), REMOTE_ADDR=WORKPLACE)
    assert page.status_code == 200
    row = looking.row(superuser, kind="open", actor=delegate.actor.user.pk)
    assert just_now(row)
    assert who(row) == said(delegate)
    assert row["on_behalf_of"] == delegate.physician.user.pk
    assert (row["ground"], row["ground_kind"]) == (delegate.ground.pk, "contract")
    assert (row["outcome"], row["code"]) == ("ok", None)
    assert row["dossiers"] == [delegate.dossier.pk]
    assert "gedelegeerde.read" in row["asks"]
    assert row["origin"] == WORKPLACE


def test_listing_says_who_saw_which_dossiers_from_where(
    delegate: Case, superuser: psycopg.Connection
) -> None:
    assert enter(delegate.actor).get(reverse("today"), REMOTE_ADDR=WORKPLACE).status_code == 200
    row = looking.row(superuser, kind="list", actor=delegate.actor.user.pk)
    assert just_now(row)
    assert who(row) == said(delegate)
    assert (row["outcome"], row["purpose"], row["origin"]) == ("ok", "list", WORKPLACE)
    assert row["dossiers"] == [delegate.dossier.pk]
    assert row["asks"] != []


def test_searching_says_who_found_which_dossiers(delegate: Case, superuser: psycopg.Connection) -> None:
    with delegate.actor.acts() as now:
        Dossier.objects.search(key=None, born=delegate.dossier.person.birth_date)
    for row in looking.rows(superuser, request=now.nonce):
        assert just_now(row)
        assert who(row) == said(delegate)
        assert (row["outcome"], row["purpose"], row["origin"]) == ("ok", "search", "job")
        assert row["dossiers"] == [delegate.dossier.pk]


def test_writing_names_the_record_beside_the_opening_that_says_on_whose_behalf(
    delegate: Case, superuser: psycopg.Connection
) -> None:
    record = note(delegate, CONTACT)
    act = looking.row(superuser, record=record.pk)
    assert just_now(act)
    assert who(act) == said(delegate)
    assert (act["kind"], act["outcome"], act["origin"]) == ("sign", "ok", "job")
    assert (act["dossiers"], act["asks"]) == ([delegate.dossier.pk], ["gedelegeerde.write"])
    opening = looking.row(superuser, request=act["request"], kind="open")
    assert (opening["xid"], opening["dossiers"]) == (act["xid"], act["dossiers"])
    assert opening["on_behalf_of"] == delegate.physician.user.pk
    assert opening["ground"] == record.ground_id == delegate.ground.pk


def test_a_concept_is_logged_as_writing_and_not_as_signing(
    delegate: Case, superuser: psycopg.Connection
) -> None:
    record = note(delegate, CONTACT, sign=False)
    assert looking.row(superuser, record=record.pk)["kind"] == "write"


def test_a_refused_opening_says_who_wanted_what_and_what_was_missing(
    world: World, delegate: Case, superuser: psycopg.Connection
) -> None:
    world.suspend(delegate.ground)
    page = enter(delegate.actor).get(reverse("dossier", args=[delegate.dossier.pk]), REMOTE_ADDR=WORKPLACE)
    assert page.status_code == 403
    row = looking.row(superuser, kind="open", actor=delegate.actor.user.pk)
    assert just_now(row)
    assert who(row) == said(delegate)
    assert (row["outcome"], row["code"], row["origin"]) == ("refused", "suspended", WORKPLACE)
    assert row["dossiers"] == [delegate.dossier.pk]
    assert "gedelegeerde.read" in row["asks"]
    assert (row["ground"], row["on_behalf_of"]) == (delegate.ground.pk, delegate.physician.user.pk)


def test_a_refused_opening_without_any_right_names_what_was_asked(
    world: World, superuser: psycopg.Connection
) -> None:
    theirs, somebody = looking.alone(world, "bedrijfsarts"), looking.stranger(world)
    with somebody.acts() as now, pytest.raises(NotFound):
        Dossier.objects.open(theirs.dossier.pk, "begeleiding.read")
    row = looking.row(superuser, request=now.nonce)
    assert (row["outcome"], row["code"], row["ground"]) == ("refused", "no_grant", None)
    assert (row["dossiers"], row["asks"]) == ([theirs.dossier.pk], ["begeleiding.read"])
    assert row["actor"] == somebody.user.pk


def test_a_refusal_over_the_second_connection_says_who_where_and_why(
    delegate: Case, superuser: psycopg.Connection
) -> None:
    with delegate.actor.acts() as now:
        log.refused(
            now, kind="refused", code="wall", dossier=delegate.dossier.pk, asks=["gedelegeerde.write"]
        )
    row = looking.row(superuser, request=now.nonce)
    assert just_now(row)
    assert who(row) == said(delegate)
    assert (row["kind"], row["outcome"], row["code"]) == ("refused", "refused", "wall")
    assert (row["dossiers"], row["asks"]) == ([delegate.dossier.pk], ["gedelegeerde.write"])
    assert row["origin"] == "job"


def test_explaining_says_about_whom_and_what_it_was_asked(
    delegate: Case, superuser: psycopg.Connection
) -> None:
    record = note(delegate, CONTACT)
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT answer FROM access_explain(%s, %s, %s, 'gedelegeerde', 'read', now(), NULL)",
            [delegate.actor.user.pk, delegate.actor.engagement.pk, record.dossier_id],
        )
        assert cursor.fetchone() == ("allow_with_condition",)
    row = looking.row(superuser, kind="explain", actor=delegate.actor.user.pk)
    assert just_now(row)
    assert who(row) == said(delegate)
    assert (row["outcome"], row["purpose"]) == ("ok", "explain")
    assert (row["dossiers"], row["asks"]) == ([delegate.dossier.pk], ["gedelegeerde.read"])


def test_an_act_names_the_version_of_the_record(delegate: Case, superuser: psycopg.Connection) -> None:
    record = note(delegate, CONTACT)
    assert looking.row(superuser, record=record.pk)["version"] == record.version == 1


@pytest.mark.parametrize("voluntary", [True, False])
def test_a_share_names_the_consent_it_rests_on_and_no_consent_where_none_is_asked(
    world: World, delegate: Case, superuser: psycopg.Connection, voluntary: bool
) -> None:
    section = "open_spreekuur" if voluntary else "begeleiding"
    record, by = uuid4(), delegate.physician
    consent = world.consent(delegate.dossier, section, "share", by.user, item=record) if voluntary else None
    world.make(
        Share,
        practice=delegate.dossier.practice,
        dossier=delegate.dossier,
        record_id=record,
        section=section,
        purpose=section,
        receiver=delegate.actor.user,
        task="M2",
        consent=consent,
        given_by=by.user,
        starts_at=timezone.now(),
    )
    with by.acts() as now:
        log.note("share", dossier=delegate.dossier.pk, record=record, asks=[f"{section}.share"])
    row = looking.row(superuser, request=now.nonce, kind="share")
    assert row["consent"] == (consent.pk if consent else None)


COLUMNS = {
    *("id", "at", "xid", "request", "protocol", "leaf"),
    *("kind", "outcome", "code", "asks", "dossiers", "record", "query", "purpose", "origin"),
    *("actor", "engagement", "practice", "role", "side", "on_behalf_of", "ground", "ground_kind"),
    *("version", "consent"),
}


def test_a_row_outlives_everything_it_names_and_has_no_column_for_a_medical_word(
    superuser: psycopg.Connection,
) -> None:
    """No foreign keys: a dossier that is destroyed leaves its log; and nothing keeps it from being destroyed."""
    foreign = superuser.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'access_log'::regclass AND contype = 'f'"
    )
    assert foreign.fetchall() == []
    columns = superuser.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'access_log'::regclass AND attnum > 0 "
        "AND NOT attisdropped"
    )
    assert {name for (name,) in columns.fetchall()} == COLUMNS
