"""What is written says the truth about who, as what and when: raw SQL of somebody with a login is held to it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from directory.people.models import SecrecyDeclaration
from tests.domain.test_records_tools import minutes_ago, note
from tests.walls import asking, looking
from tests.walls.seed import Seeded, Seeds
from tests.world import OWNER, Case, World


def delegate_without(world: World, *missing: str, accepted: bool = True) -> Case:
    """A delegate in good standing, but for the facts named here."""
    practice = looking.practice_of(world)
    dossier = looking.dossier_in(world, practice)
    physician = world.engaged("bedrijfsarts", practice=practice)
    actor = world.engaged("gedelegeerde", practice=practice)
    world.ground("client_assignment", "bedrijfsarts", physician, dossier)
    ground = world.ground("contract", "gedelegeerde", actor, dossier, responsible=physician)
    case = Case("gedelegeerde", actor, dossier, ground, physician)
    case.facts["contract"] = world.contract(ground, actor, physician, accepted=accepted)
    if "secrecy" not in missing:
        world.secrecy(actor, "afgeleid_beroepsgeheim")
    world.notice(dossier, "delegatie", actor.user, physician.user)
    return case


def insert_of(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    marks = ", ".join(["%s"] * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())


WEEK_AGO = 7 * 24 * 60


# --- written earlier than allowed


def test_a_contract_is_not_accepted_in_the_past(world: World) -> None:
    case = delegate_without(world, accepted=False)
    with case.actor.acts():
        found = asking.changed(
            "UPDATE delegation_contract SET accepted_at = %s, accepted_by_id = %s WHERE id = %s",
            minutes_ago(2 * WEEK_AGO),
            case.actor.user.pk,
            case.facts["contract"].pk,
        )
    assert found in ("42501", "23514"), found


def test_secrecy_signed_on_paper_long_ago_says_when_it_was_recorded(world: World) -> None:
    """A practice that begins brings signatures along; what it recorded today it does not record earlier."""
    case, key = delegate_without(world, "secrecy"), uuid.uuid4()
    sql, values = insert_of(
        "people_secrecydeclaration",
        {
            "id": key,
            "practice_id": case.dossier.practice_id,
            "user_id": case.actor.user.pk,
            "kind": "afgeleid_beroepsgeheim",
            "signed_at": minutes_ago(2 * WEEK_AGO),
            "recorded_at": minutes_ago(2 * WEEK_AGO),
        },
    )
    before = timezone.now()
    with case.actor.acts():
        asking.run(sql, *values)
    row = SecrecyDeclaration.objects.using(OWNER).get(pk=key)
    assert row.signed_at < before <= row.recorded_at


def test_nobody_declares_himself_competent_in_the_past(world: World) -> None:
    case = delegate_without(world)
    from delegation.models import OwnDeclaration, Task

    task = Task.objects.using(OWNER).get(edition_id="2018", code="M4")
    sql, values = insert_of(
        "delegation_owndeclaration",
        {
            "id": uuid.uuid4(),
            "practice_id": case.dossier.practice_id,
            "recorded_at": timezone.now(),
            "user_id": case.actor.user.pk,
            "task_id": task.pk,
            "competent": True,
            "starts_at": minutes_ago(2 * WEEK_AGO),
        },
    )
    with case.actor.acts():
        assert isinstance(asking.outcome(lambda: asking.run(sql, *values)), str), "let in"
    assert OwnDeclaration is not None


def test_a_protocol_is_not_read_in_the_past(world: World) -> None:
    from delegation.models import ProtocolVersion

    case = delegate_without(world)
    protocol = case.facts["contract"].protocol
    version = world.make(
        ProtocolVersion,
        practice=protocol.practice,
        protocol=protocol,
        version=2,
        in_force_from=minutes_ago(2 * WEEK_AGO),
        position="p",
        division="d",
        responsibilities="r",
    )
    sql, values = insert_of(
        "delegation_protocolread",
        {
            "id": uuid.uuid4(),
            "practice_id": case.dossier.practice_id,
            "recorded_at": timezone.now(),
            "protocol_version_id": version.pk,
            "user_id": case.actor.user.pk,
            "read_at": minutes_ago(2 * WEEK_AGO),
        },
    )
    with case.actor.acts():
        assert isinstance(asking.outcome(lambda: asking.run(sql, *values)), str), "let in"


# --- forged rows


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


def header(world: World, superuser: psycopg.Connection, case: Case, **values: Any) -> dict[str, Any]:
    seeds = Seeds(world, superuser)
    return seeds.header(Seeded(case, case.physician), "gedelegeerde", **values)


WRITES = ("gedelegeerde.write", "gedelegeerde.read", "gedelegeerde.amend", "begeleiding.read")


@pytest.mark.parametrize(
    "column", ["nothing", "role", "ground_id", "on_behalf_of_id", "written_at", "signed_at"]
)
def test_a_record_does_not_say_another_role_ground_or_moment_than_the_true_one(
    world: World, superuser: psycopg.Connection, delegate: Case, column: str
) -> None:
    theirs = looking.alone(world, "bedrijfsarts")
    forged: dict[str, Any] = {
        "nothing": {},
        "role": {"role": "bedrijfsarts"},
        "ground_id": {"ground_id": theirs.ground.pk},
        "on_behalf_of_id": {"on_behalf_of_id": theirs.actor.user.pk},
        "written_at": {"written_at": timezone.now() - timedelta(days=300)},
        "signed_at": {"state": "signed", "signed_at": timezone.now() - timedelta(days=300)},
    }[column]
    row = header(world, superuser, delegate, on_behalf_of_id=delegate.physician.user.pk, **{})
    row |= {"written_at": timezone.now()} | forged
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, WRITES)
        found = asking.insert("medical_record", row)
    assert (found is True) == (column == "nothing"), found


def test_a_part_happens_when_its_record_happened(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    """Otherwise a task of today writes in a record of before the task."""
    from delegation.models import OwnDeclaration

    rows = OwnDeclaration.objects.using(OWNER).filter(user=delegate.actor.user, task__code="M2")
    assert rows.update(starts_at=minutes_ago(60)) == 1
    seeds = Seeds(world, superuser)
    row = header(world, superuser, delegate, happened_at=minutes_ago(WEEK_AGO))
    late = seeds.part(row)
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, WRITES)
        assert isinstance(asking.insert("medical_part", late), str), "the moment of the record"
        late["happened_at"] = minutes_ago(5)
        sql, values = insert_of("medical_part", late)

        def both() -> None:
            asking.run(sql, *values)
            again, more = insert_of("medical_record", row)
            asking.run(again, *more)
            asking.run("SET CONSTRAINTS ALL IMMEDIATE")

        assert isinstance(asking.outcome(both), str), "let in"


def test_nobody_writes_a_version_into_the_series_of_another(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    """The number would be taken: the physician could never again make a version of her own record."""
    hers = Case("bedrijfsarts", delegate.physician, delegate.dossier, delegate.ground, delegate.physician)
    record = note(hers)
    row = header(world, superuser, delegate, series=record.series, version=2)
    sql, values = insert_of("medical_record", row)
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, WRITES)
        found = asking.outcome(lambda: asking.run(sql, *values))
    assert found in ("42501", "23514"), found


def test_a_delegate_without_the_task_records_no_consent(world: World, delegate: Case) -> None:
    delegate.facts["contract"].tasks.using(OWNER).filter(task__code="P3").delete()
    row = {
        "id": uuid.uuid4(),
        "practice_id": delegate.dossier.practice_id,
        "relation_id": delegate.dossier.relation_id,
        "section": "open_spreekuur",
        "verb": "share",
        "receiver": "ik",
        "receiver_user_id": delegate.actor.user.pk,
        "content": "alles",
        "given_how": "mondeling",
        "recorded_by_id": delegate.actor.user.pk,
        "starts_at": timezone.now(),
        "recorded_at": timezone.now(),
    }
    with delegate.actor.acts():
        answers = asking.opened(delegate.dossier.pk, ["toestemming.write"])
        found = asking.insert("consent_consent", row)
    assert isinstance(found, str), ("let in", answers)


@pytest.mark.parametrize("role", ["procesbewaker", "secretariaat", "teamlid"])
def test_who_does_not_delegate_does_not_tell_of_a_delegation(world: World, role: str) -> None:
    """The notice is the key of the medical file: another's word must not turn it."""
    case = looking.alone(world, role)
    row = {
        "id": uuid.uuid4(),
        "practice_id": case.dossier.practice_id,
        "relation_id": case.dossier.relation_id,
        "kind": "delegatie",
        "about_id": world.engaged("gedelegeerde", practice=case.dossier.practice).user.pk,
        "responsible_id": case.physician.user.pk,
        "function": "x",
        "task": "x",
        "reachable": "x",
        "right_to_speak": True,
        "given_at": minutes_ago(5),
        "given_by_id": case.actor.user.pk,
        "means": "gesprek",
        "recorded_at": timezone.now(),
    }
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["kennisgeving.write"])
        found = asking.insert("consent_notice", row)
    assert found in ("42501", "23514"), found
