"""A right that ended, or never was: no text left behind, no reader made, no session that lives on."""

from __future__ import annotations

import contextlib
import uuid
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, close_old_connections, connections, transaction
from django.urls import reverse
from django.utils import timezone

from directory.access import ground as grounds
from directory.access import log
from directory.access.models import GroundScope
from directory.people.models import Registration, Relation
from dossier.grid import PURPOSES
from dossier.records.places import new_url, record_url
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form, kept_of, text_of
from tests.domain.test_records_tools import CONTACT, note
from tests.walls import asking, looking
from tests.walls.seed import JUNK
from tests.world import Case, World


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


KEEP = "SELECT access_keep(%s, %s, %s, 'medical', 'gedelegeerde', 'begeleiding', 'contactnotitie', NULL, NULL, 'x', %s)"


def test_a_case_manager_leaves_no_text_in_the_medical_file(world: World) -> None:
    case = looking.alone(world, "casemanager")
    with case.actor.acts() as now, log.second_cursor() as cursor:
        cursor.execute(KEEP, [now.capacity.token, uuid.uuid4(), case.dossier.pk, JUNK])
        found = cursor.fetchone()
    assert found == (False,)


def test_an_ended_session_keeps_no_text(world: World, delegate: Case) -> None:
    with delegate.actor.acts() as now:
        token = now.capacity.token
    with log.second_cursor() as cursor:
        cursor.execute(KEEP, [token, uuid.uuid4(), delegate.dossier.pk, JUNK])
        assert cursor.fetchone() == (False,)


def test_a_beheerder_invites_nobody_of_another_practice(world: World) -> None:
    admin = looking.stranger(world, "praktijkbeheerder")
    victim = looking.stranger(world)
    row = {
        "id": uuid.uuid4(),
        "user_id": victim.user.pk,
        "token_hash": "0" * 64,
        "made_at": timezone.now(),
        "expires_at": timezone.now() + timedelta(days=1),
    }
    with admin.acts():
        found = asking.insert("accounts_invitation", row)
    assert found in ("42501", "23514"), found


def test_a_refusal_is_logged_and_its_text_kept_after_the_second_connection_was_lost(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    """The database was restarted at night: the first refusal of the morning must not be an error page."""
    client = enter(delegate.actor)
    client.raise_request_exception = False
    world.suspend(delegate.ground)
    url = new_url(delegate.dossier.pk, CONTACT)
    assert client.post(url, form(anamnese="Eerst.")).status_code == 403
    pid = connections["second"].connection.info.backend_pid
    try:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        close_old_connections()  # as the server does between two requests
        assert client.post(url, form(anamnese="Daarna.")).status_code == 403
        assert kept_of(delegate) == ["suspended", "suspended"]
    finally:
        connections["second"].close()


def test_choosing_a_capacity_works_after_the_begin_connection_was_lost(
    superuser: psycopg.Connection, delegate: Case
) -> None:
    client = enter(delegate.actor)
    client.raise_request_exception = False
    pid = connections["begin"].connection.info.backend_pid
    try:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        close_old_connections()  # as the server does between two requests
        assert client.get(reverse("capacity_choose")).status_code != 500
    finally:
        connections["begin"].close()


def test_a_remark_does_not_stay_behind_in_the_wrong_dossier(world: World, delegate: Case) -> None:
    """It is about the record that went, so about somebody else than this dossier."""
    record = note(delegate, CONTACT, anamnese="Van een ander.")
    hers = enter(delegate.physician)
    url = record_url(record)
    sent = {"opmerking": "Bel deze mevrouw over haar knie.", "form_key": str(uuid.uuid4())}
    assert hers.post(record_url(record, "record_remark"), sent).status_code == 302
    assert "haar knie" in text_of(hers.get(url))
    right = looking.dossier_in(world, delegate.dossier.practice)
    world.ground("client_assignment", "bedrijfsarts", delegate.physician, right)
    world.make(GroundScope, practice=right.practice, ground=delegate.ground, relation=right.relation)
    world.grant(delegate.ground, right, delegate.actor.user)
    world.notice(right, "delegatie", delegate.actor.user, delegate.physician.user)
    moved = enter(delegate.actor).post(record_url(record, "record_move"), {"naar": str(right.pk)})
    assert moved.status_code == 302
    page = hers.get(url)
    assert "haar knie" not in text_of(page)


@pytest.mark.parametrize(("kind", "role"), [("custody", "dossierbewaarder"), ("deputising", "waarnemer")])
def test_the_administrator_makes_no_reader_of_the_whole_file_out_of_a_delegate(
    world: World, delegate: Case, kind: str, role: str
) -> None:
    """A bedrijfsarts accepted this engagement as a delegate's; no appointment may make more of it."""
    world.notice(delegate.dossier, "waarneemgroep", delegate.actor.user, delegate.physician.user)
    hers = Case("bedrijfsarts", delegate.physician, delegate.dossier, delegate.ground, delegate.physician)
    record = note(hers)
    admin = world.engaged("praktijkbeheerder", practice=delegate.dossier.practice)
    now = timezone.now()
    professional = world.professional(delegate.actor.user)
    with admin.acts():
        for register in ("big_arts", "specialist_bedrijfsarts"):
            row = Registration(
                professional_id=professional.pk,
                register=register,
                number="19012345601",
                starts_on="2000-01-01",
            )
            row.save(force_insert=True)
        with contextlib.suppress(DatabaseError), transaction.atomic():
            grounds.lay(
                kind=kind,
                role=role,
                responsible=delegate.physician.engagement if kind == "deputising" else None,
                holder=delegate.actor.engagement,
                by=admin.user,
                signed_at=now,
                starts_at=now,
                ends_at=now + timedelta(days=30),
                purposes=PURPOSES,
                relations=[Relation(pk=delegate.dossier.relation_id)],
            )
    with delegate.actor.acts():
        assert not asking.opened(delegate.dossier.pk, ["begeleiding.find", "keuring.read"])[
            "keuring.read"
        ].allowed
        asking.opened(delegate.dossier.pk, ["begeleiding.read"])
        assert record.pk not in asking.ids("medical_record")
