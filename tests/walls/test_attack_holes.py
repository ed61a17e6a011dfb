"""Open on 22 November: each test says what must hold, and fails until it does."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from delegation.models import Task
from directory.access.models import Ground
from dossier.records import actions
from dossier.records.rows import Entry
from tests.domain.test_records_tools import CASE, CONTACT, SICK, minutes_ago, note, opened
from tests.walls import asking, looking
from tests.walls.seed import Seeded, Seeds
from tests.world import OWNER, Case, World

ASKS = (
    *(f"gedelegeerde.{verb}" for verb in ("read", "write", "amend", "remark")),
    *(f"begeleiding.{verb}" for verb in ("read", "write", "amend", "share")),
    *("toestemming.read", "toestemming.write", "kennisgeving.read", "pmo.read", "pmo.share"),
)
SIGN = "UPDATE {t} SET state = 'signed', signed_at = statement_timestamp(), revision = revision + 1 WHERE id = %s"


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


def add(table: str, row: dict[str, Any]) -> None:
    marks = ", ".join(["%s"] * len(row))
    asking.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())


def rows_changed(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def physician_of(case: Case) -> Case:
    ground = Ground.objects.using(OWNER).get(holder=case.physician.engagement)
    return Case("bedrijfsarts", case.physician, case.dossier, ground, case.physician)


def laid_down(seeds: Seeds, *rows: tuple[str, dict[str, Any]]) -> None:
    with seeds.connection.transaction():
        seeds.connection.execute("SET LOCAL session_replication_role = replica")
        for table, row in rows:
            seeds.insert(table, **row)


def test_signed_is_not_rewritten_under_a_fresh_header(world: World) -> None:
    """The signed header takes another id, a fresh concept takes its place, and the part lies open again."""
    case = looking.alone(world, "bedrijfsarts")
    record, aside = note(case), uuid.uuid4()
    fresh = {
        "id": "%s",
        "state": "'concept'",
        "signed_at": "NULL",
        "series": "gen_random_uuid()",
        "form_key": "gen_random_uuid()",
        "written_at": "statement_timestamp()",
        "moved_to": "NULL",
    }
    columns = [field.column for field in type(record)._meta.concrete_fields]
    copied = ", ".join(fresh.get(column, column) for column in columns)

    def rewrite() -> int:
        away = "UPDATE medical_record SET id = %s, state = 'moved', moved_to = %s WHERE id = %s"
        asking.run(away, aside, aside, record.pk)
        asking.run(
            f"INSERT INTO medical_record ({', '.join(columns)}) SELECT {copied} FROM medical_record WHERE id = %s",
            record.pk,
            aside,
        )
        change = "UPDATE medical_part SET content = content || '\\x00'::bytea WHERE record_id = %s"
        changed = rows_changed(change, record.pk)
        asking.run(SIGN.format(t="medical_record"), record.pk)
        asking.run("SET CONSTRAINTS ALL IMMEDIATE")
        return changed

    with case.actor.acts():
        asking.opened(case.dossier.pk, ASKS)
        assert asking.outcome(rewrite) == "23514"


def test_a_second_physician_does_not_let_herself_in_alone(world: World) -> None:
    """Her own ground, a self-referral to be let tell, her own notice, her own division: the whole medical dossier."""
    case = looking.alone(world, "bedrijfsarts")
    note(case)
    second, dossier, now = (
        world.engaged("bedrijfsarts", practice=case.dossier.practice),
        case.dossier,
        timezone.now(),
    )
    of = {"practice_id": dossier.practice_id, "recorded_at": now}

    def lay(kind: str, role: str, purpose: str) -> uuid.UUID:
        key = uuid.uuid4()
        moments = {"signed_at": minutes_ago(2), "starts_at": minutes_ago(2), "ended_reason": ""}
        who = {"holder_id": second.engagement.pk, "given_by_id": second.user.pk, "purposes": [purpose]}
        add("access_ground", {"id": key, "kind": kind, "role": role, **of, **who, **moments})
        scope = {"id": uuid.uuid4(), "practice_id": dossier.practice_id, "ground_id": key, "caseload": False}
        add("access_groundscope", {**scope, "relation_id": dossier.relation_id})
        asking.run("SELECT access_recompile(%s)", key)
        return key

    def let_in() -> int:
        ground = lay("client_assignment", "bedrijfsarts", "begeleiding")
        lay("self_referral", "bedrijfsarts_doelgebonden", "overig")
        asking.opened(dossier.pk, ["kennisgeving.write"])
        told = {"about_id": second.user.pk, "responsible_id": second.user.pk, "given_by_id": second.user.pk}
        words = {"function": "x", "task": "x", "reachable": "x", "right_to_speak": True, "means": "gesprek"}
        what = {"id": uuid.uuid4(), "relation_id": dossier.relation_id, "kind": "tweede_bedrijfsarts"}
        add("consent_notice", {**what, **of, **told, **words, "given_at": minutes_ago(1)})
        what = {"id": uuid.uuid4(), "kind": "client", "ground_id": ground, "holder_id": second.engagement.pk}
        where = {"employer_id": dossier.employer_id, "relation_id": dossier.relation_id}
        words = dict.fromkeys(
            ("tasks", "facilities", "principal", "document_reference", "role_division"), "x"
        )
        who = {"prepared_by_id": second.user.pk, "accepted_by_id": second.user.pk, "accepted_at": now}
        moments = {"prepared_at": now, "starts_at": minutes_ago(1)}
        add("delegation_assignment", {**what, **of, **where, **words, **who, **moments})
        asking.opened(dossier.pk, ["begeleiding.read"])
        return len(asking.run("SELECT 1 FROM medical_part WHERE dossier_id = %s", dossier.pk))

    with second.acts():
        assert asking.outcome(let_in) in (0, "42501", "23514")


def test_nobody_withdraws_or_counts_a_consent_he_does_not_see(world: World, delegate: Case) -> None:
    """An UPDATE that reads no column asks the policy of changing alone."""
    world.consent(delegate.dossier, "open_spreekuur", "share", delegate.physician.user)
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        assert asking.ids("consent_consent") == set()
        assert asking.changed("UPDATE consent_consent SET ends_at = statement_timestamp()") == 0


@pytest.mark.parametrize(
    "role", ["casemanager", "procesbewaker", "secretariaat", "praktijkbeheerder", "overig_b"]
)
@pytest.mark.parametrize("question", ["may_receive", "stands", "former"])
def test_no_function_tells_the_other_sides_who_and_what_is_in_the_medical_panel(
    world: World, delegate: Case, role: str, question: str
) -> None:
    record, dossier = note(delegate, CONTACT), delegate.dossier
    actor = world.engaged(role, practice=dossier.practice)
    world.case(role, dossier=dossier, actor=actor, physician=delegate.physician)
    place = (dossier.pk, record.section, record.purpose)
    sql, values = {
        "may_receive": ("access_may_receive(%s, %s, 'begeleiding')", (delegate.actor.user.pk, dossier.pk)),
        "stands": ("access_stands(%s, %s, %s, %s, NULL)", (record.pk, *place)),
        "former": ("access_former(%s, 2, %s, %s, %s)", (record.series, *place)),
    }[question]
    with actor.acts():
        asking.opened(dossier.pk, ["werkgeverdeel.read", "team.read", "team.team", "vrijgave.read"])
        found = asking.outcome(lambda: asking.run(f"SELECT {sql}", *values))
    assert found in ([(False,)], [(None,)], asking.REFUSED), found


def two_contracts(world: World, case: Case, *tasks: str) -> tuple[Any, Any]:
    """Let a second physician on the dossier delegate to the same person. Returns ground and physician."""
    second = world.engaged("bedrijfsarts", practice=case.dossier.practice)
    world.ground("client_assignment", "bedrijfsarts", second, case.dossier)
    ground = world.ground("contract", "gedelegeerde", case.actor, case.dossier, responsible=second)
    world.contract(ground, case.actor, second, tasks=tasks)
    world.notice(case.dossier, "delegatie", case.actor.user, second.user)
    return ground, second


def test_nothing_is_recorded_in_the_name_of_a_physician_who_suspended(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    ground, second = two_contracts(world, delegate, "M2", "M7")
    concept = note(delegate, CONTACT, sign=False)
    row = Seeds(world, superuser).header(
        Seeded(delegate, delegate.physician),
        "gedelegeerde",
        happened_at=minutes_ago(5),
        ground_id=concept.ground_id,
        on_behalf_of_id=concept.on_behalf_of_id,
    )
    mine = Ground.objects.using(OWNER).get(pk=concept.ground_id)
    world.suspend(mine)
    live = (ground, second) if mine.pk != ground.pk else (delegate.ground, delegate.physician)
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        other = {"ground_id": live[0].pk, "on_behalf_of_id": live[1].user.pk}
        assert asking.insert("medical_record", row | other) is True
        assert asking.insert("medical_record", row) == asking.REFUSED
        assert asking.changed(SIGN.format(t="medical_record"), concept.pk) in (0, asking.REFUSED)


def test_a_record_names_a_role_that_may_write_there(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    team = world.ground("team", "teamlid", delegate.actor, delegate.dossier, responsible=delegate.physician)
    row = Seeds(world, superuser).header(
        Seeded(delegate, delegate.physician), "gedelegeerde", happened_at=minutes_ago(5)
    )
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        assert asking.insert("medical_record", row) is True
        assert (
            asking.insert("medical_record", row | {"role": "teamlid", "ground_id": team.pk}) == asking.REFUSED
        )


@pytest.mark.xfail(
    reason="the header asks its ground, a part its task, and nothing asks both at once", strict=True
)
def test_a_task_of_one_contract_is_not_done_under_another(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    ground, second = two_contracts(world, delegate, "M2", "M7")
    seeds = Seeds(world, superuser)
    header = seeds.header(
        Seeded(delegate, delegate.physician),
        "gedelegeerde",
        ground_id=ground.pk,
        on_behalf_of_id=second.user.pk,
        happened_at=minutes_ago(5),
    )

    def both(task: str) -> bool:
        add("medical_part", seeds.part(header, task=task))
        add("medical_record", header)
        asking.run("SET CONSTRAINTS ALL IMMEDIATE")
        return True

    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        assert asking.outcome(lambda: both("M2")) is True
        assert asking.outcome(lambda: both("M3")) in (asking.REFUSED, "23514")


def test_a_remark_takes_no_number_in_the_series_of_another(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    theirs, case = note(delegate, CONTACT), physician_of(delegate)
    row = Seeds(world, superuser).header(
        Seeded(case, case.physician), "gedelegeerde", about_id=theirs.pk, purpose=theirs.purpose
    )
    with case.actor.acts():
        asking.opened(case.dossier.pk, ASKS)
        assert asking.insert("medical_record", row) is True
        taken = row | {"series": theirs.series, "version": 2}
        assert asking.insert("medical_record", taken) in (asking.REFUSED, "23514")


def test_what_was_shared_for_a_task_does_not_arrive_by_the_team(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    record, seeds = note(physician_of(delegate)), Seeds(world, superuser)
    world.ground("team", "teamlid", delegate.actor, delegate.dossier, responsible=delegate.physician)
    share = seeds.share(
        Seeded(delegate, delegate.physician), record.section, record.pk, purpose=record.purpose
    )
    laid_down(seeds, ("dossier_share", share))
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        assert asking.ids("medical_record") == {record.pk}
    world.suspend(delegate.ground)
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ASKS)
        assert asking.ids("medical_record") == set()


def test_a_share_rests_on_a_consent_of_this_employee_and_stands_in_this_practice(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    elsewhere, seeds, case = (
        looking.alone(world, "bedrijfsarts"),
        Seeds(world, superuser),
        physician_of(delegate),
    )
    strange = world.consent(elsewhere.dossier, "pmo", "share", elsewhere.actor.user)
    own = world.consent(delegate.dossier, "pmo", "share", delegate.physician.user)
    header = seeds.header(Seeded(case, case.physician), "pmo", state="signed", signed_at=timezone.now())
    laid_down(seeds, ("medical_record", header))
    row = seeds.share(Seeded(delegate, delegate.physician), "pmo", header["id"], starts_at=minutes_ago(1))
    with case.actor.acts():
        asking.opened(case.dossier.pk, ASKS)
        assert asking.insert("dossier_share", row | {"consent_id": own.pk}) is True
        assert asking.insert("dossier_share", row | {"consent_id": strange.pk}) == asking.REFUSED
        away = {"consent_id": own.pk, "practice_id": elsewhere.dossier.practice_id}
        assert asking.insert("dossier_share", row | away) == asking.REFUSED

        def revive() -> int:
            add("dossier_share", row | {"consent_id": own.pk, "ends_at": timezone.now()})
            return rows_changed("UPDATE dossier_share SET ends_at = NULL WHERE id = %s", row["id"])

        assert asking.outcome(revive) in (0, "23514"), "ended is over"


def test_a_case_joins_no_signed_record(world: World, superuser: psycopg.Connection) -> None:
    case = looking.alone(world, "procesbewaker")
    with case.actor.acts():
        entry = Entry(SICK, minutes_ago(5), {}, details=CASE)
        concept = actions.write(by=case.actor.user, opened=opened(case, SICK), entry=entry, sign=False)
    seeds = Seeds(world, superuser)
    signed = seeds.header(
        Seeded(case, case.physician), "werkgeverdeel", state="signed", signed_at=timezone.now()
    )
    laid_down(seeds, ("process_record", signed))

    def move() -> int:
        moved = "UPDATE process_verzuimgeval SET record_id = %s WHERE record_id = %s"
        found = rows_changed(moved, signed["id"], concept.pk)
        asking.run("SET CONSTRAINTS ALL IMMEDIATE")
        return found

    with case.actor.acts():
        asking.opened(case.dossier.pk, [f"werkgeverdeel.{verb}" for verb in ("read", "write", "amend")])
        assert asking.outcome(move) in (0, "23514")


@pytest.mark.parametrize("why", ["suspended", "no physician"])
def test_a_deputy_who_may_not_deputise_ends_no_contract(world: World, delegate: Case, why: str) -> None:
    practice, physician = delegate.dossier.practice, delegate.physician
    deputy = world.engaged("waarnemer" if why == "suspended" else "gedelegeerde", practice=practice)
    ground = world.ground("deputising", "waarnemer", deputy, delegate.dossier, responsible=physician)
    if why == "suspended":
        world.suspend(ground)
    ask = "SELECT access_may_end('contract', %s, %s), access_office('taakcontract', 'suspend')"
    with deputy.acts():
        ends, suspends = asking.run(ask, delegate.actor.engagement.pk, physician.engagement.pk)[0]
    assert not ends
    # A bedrijfsarts suspends his own contracts, whoever he stands in for.
    assert suspends == ("all" if why == "suspended" else "nothing")


def test_when_competence_was_recorded_is_the_database_s_word(world: World, delegate: Case) -> None:
    task = Task.objects.using(OWNER).get(edition_id="2018", code="M4")
    long_ago = minutes_ago(30 * 24 * 60)
    row = {
        "id": uuid.uuid4(),
        "practice_id": delegate.dossier.practice_id,
        "recorded_at": long_ago,
        "delegate_id": delegate.actor.user.pk,
        "physician_id": delegate.physician.user.pk,
        "task_id": task.pk,
        "how_verified": "x",
        "limits": "x",
        "starts_at": long_ago,
        "withdrawn_reason": "",
    }

    def recorded() -> bool:
        add("delegation_competenceconclusion", row)
        sql = "SELECT recorded_at > %s FROM delegation_competenceconclusion WHERE id = %s"
        return bool(asking.run(sql, long_ago, row["id"])[0][0])

    with delegate.physician.acts():
        assert asking.outcome(recorded) is True


def draft(case: Case) -> dict[str, Any]:
    contract, now = case.facts["contract"], timezone.now()
    return {
        "id": uuid.uuid4(),
        "practice_id": case.dossier.practice_id,
        "recorded_at": now,
        "edition_id": "2018",
        "delegate_id": case.actor.engagement.pk,
        "physician_id": case.physician.engagement.pk,
        "starts_at": now + timedelta(minutes=5),
        "ends_at": now + timedelta(days=10),
        "supervision_plan": "x",
        "consultation_interval": 1,
        "protocol_id": contract.protocol_id,
        "over_maximum_reason": "",
        "drafted_by_id": case.physician.user.pk,
        "drafted_at": now,
    }


def test_a_draft_with_tasks_keeps_its_task_list(delegate: Case) -> None:
    row, task = draft(delegate), Task.objects.using(OWNER).get(edition_id="2018", code="M2")
    of = {"practice_id": row["practice_id"], "recorded_at": timezone.now(), "contract_id": row["id"]}

    def other_list() -> int:
        add("delegation_contract", row)
        what = {"id": uuid.uuid4(), "task_id": task.pk, "delegable": 2, "justification": ""}
        add("delegation_contracttask", {**of, **what})
        return rows_changed("UPDATE delegation_contract SET edition_id = 'praktijk' WHERE id = %s", row["id"])

    with delegate.physician.acts():
        assert asking.outcome(other_list) == "23514"


def test_a_contract_is_signed_onto_the_ground_of_its_own_two_people(world: World, delegate: Case) -> None:
    row, practice = draft(delegate), delegate.dossier.practice
    theirs = world.ground(
        "contract",
        "gedelegeerde",
        world.engaged("gedelegeerde", practice=practice),
        delegate.dossier,
        responsible=world.engaged("bedrijfsarts", practice=practice),
    )

    def sign() -> int:
        add("delegation_contract", row)
        sql = "UPDATE delegation_contract SET ground_id = %s, signed_at = statement_timestamp(), signed_by_id = %s"
        return rows_changed(f"{sql} WHERE id = %s", theirs.pk, delegate.physician.user.pk, row["id"])

    with delegate.physician.acts():
        assert asking.outcome(sign) in (asking.REFUSED, "23514", "23503")


def test_a_capacity_from_before_the_upgrade_ends_with_its_session_too(
    world: World, superuser: psycopg.Connection
) -> None:
    actor, token, key = world.engaged("bedrijfsarts"), uuid.uuid4().bytes * 2, uuid.uuid4().hex * 2
    begin = "SELECT access_begin(%s, %s, %s, 'session', '8 hours', %s)"
    for session in ("", key):
        superuser.execute(begin, [token, actor.user.pk, actor.engagement.pk, session])
    found = superuser.execute(
        "SELECT session FROM access_sessioncontext WHERE token_hash = %s", [token]
    ).fetchone()
    assert found == (key,)
