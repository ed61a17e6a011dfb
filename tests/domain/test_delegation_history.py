"""Who wrote it, in which capacity: every write of these models leaves a row of history, however it was written.

Source: NEN 7513; BW 7:454; Leidraad casemanagement (2019) bijlage 5 (borging).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connections
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from consent.consents import actions as consents
from consent.models import Consent
from delegation.assignments import actions as assignments
from delegation.competence import actions as competence
from delegation.contracts import actions as contracts
from delegation.deputising import absence as absences
from delegation.models import (
    Absence,
    CompetenceConclusion,
    Contract,
    ContractScope,
    ContractTask,
    OwnDeclaration,
    Protocol,
    ProtocolRead,
    ProtocolVersion,
    SeparationDecision,
    Task,
)
from delegation.rulesets.models import task_id
from delegation.separation import actions as separation
from directory.access.models import Ground, Suspension
from directory.people import actions as people
from directory.people.models import (
    Employer,
    Engagement,
    Person,
    Practice,
    Professional,
    Registration,
    Relation,
)
from dossier.models import Dossier
from tests.domain.test_consent import records
from tests.domain.test_delegation import (
    TASKS,
    WRITE,
    Office,
    again,
    answer,
    database_refuses,
    days,
    fact,
    office,
    plain,
    sql,
)
from tests.domain.test_delegation_cover import (
    activates,
    appoints,
    gives_back,
    is_away,
    supervises,
    takes_over,
)
from tests.domain.test_people import newcomer, professional, registers
from tests.world import OWNER, Actor, World

__all__ = ["office"]

Line = tuple[str, int, Any]


@contextmanager
def above_every_wall() -> Iterator[psycopg.Cursor[Any]]:
    conninfo = make_conninfo(
        os.environ["TWEELUIK_SUPERUSER_URL"], dbname=connections["default"].settings_dict["NAME"]
    )
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        yield cursor


def history(row: Any) -> list[Line]:
    """Say what the history holds of one row: made, changed or deleted; by whom; under which engagement."""
    table = type(row).history.model._meta.db_table
    key = type(row)._meta.pk.column
    with above_every_wall() as cursor:
        cursor.execute(
            f'SELECT history_type, history_user_id, history_engagement FROM "{table}" WHERE "{key}" = %s '
            "ORDER BY history_id",
            [row.pk],
        )
        return cursor.fetchall()


def made(by: Actor) -> Line:
    return ("+", by.user.pk, by.engagement.pk)


def changed(by: Actor) -> Line:
    return ("~", by.user.pk, by.engagement.pk)


def deleted(by: Actor) -> Line:
    return ("-", by.user.pk, by.engagement.pk)


# --- a life, and who stands in it -------------------------------------------------------------------------------


def test_of_a_contract_it_stands_who_drafted_who_signed_and_who_accepted(office: Office) -> None:
    delegate = office.delegate()
    contract = office.drafts(delegate, by=office.admin)
    office.signs(contract)
    office.accepts(contract, delegate)
    assert history(contract) == [made(office.admin), changed(office.physician), changed(delegate)]
    for row in (
        *ContractTask.objects.using(OWNER).filter(contract=contract.pk),
        *ContractScope.objects.using(OWNER).filter(contract=contract.pk),
    ):
        assert history(row) == [made(office.admin)]
    for row in CompetenceConclusion.objects.using(OWNER).filter(delegate=delegate.user.pk):
        assert history(row) == [made(office.physician)]
    for row in OwnDeclaration.objects.using(OWNER).filter(user=delegate.user.pk):
        assert history(row) == [made(delegate)]


def test_of_a_draft_it_stands_what_was_taken_out_and_by_whom(office: Office) -> None:
    delegate = office.delegate()
    contract = office.drafts(delegate, by=office.admin)
    rows = list(ContractTask.objects.using(OWNER).filter(contract=contract.pk))
    terms = office.terms(delegate, tasks=("M14",))
    with office.physician.acts():
        contracts.change_draft(by=office.physician.user, contract=again(contract), terms=terms)
    assert len(rows) == len(TASKS)
    for row in rows:
        assert history(row) == [made(office.admin), deleted(office.physician)]
    assert history(contract) == [made(office.admin), changed(office.physician)]


def test_of_a_ground_it_stands_who_laid_it_who_ended_it_and_who_let_it_stand_still(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        contracts.suspend(by=office.physician.user, contract=again(at_work.contract), reason="x")
    with office.physician.acts():
        contracts.resume(by=office.physician.user, contract=again(at_work.contract))
    with office.physician.acts():
        contracts.end(by=office.physician.user, contract=again(at_work.contract), reason="x")
    ground = Ground.objects.using(OWNER).get(pk=at_work.contract.ground_id)
    assert history(ground) == [made(office.physician), changed(office.physician)]
    suspension = Suspension.objects.using(OWNER).get(ground=ground)
    assert history(suspension) == [made(office.physician), changed(office.physician)]


def test_of_competence_it_stands_who_concluded_and_who_withdrew(office: Office) -> None:
    at_work = office.delegates()
    row = CompetenceConclusion.objects.using(OWNER).filter(delegate=at_work.delegate.user.pk).first()
    with office.physician.acts():
        competence.withdraw(by=office.physician.user, conclusion=again(row), reason="x")
    assert history(row) == [made(office.physician), changed(office.physician)]
    declaration = OwnDeclaration.objects.using(OWNER).filter(user=at_work.delegate.user.pk).first()
    with at_work.delegate.acts():
        competence.withdraw_declaration(by=at_work.delegate.user, declaration=again(declaration))
    assert history(declaration) == [made(at_work.delegate), changed(at_work.delegate)]
    protocol = Protocol.objects.using(OWNER).get(pk=at_work.contract.protocol_id)
    version = ProtocolVersion.objects.using(OWNER).get(protocol=protocol)
    read = ProtocolRead.objects.using(OWNER).get(protocol_version=version)
    assert (history(protocol), history(version)) == ([made(office.physician)], [made(office.physician)])
    assert history(read) == [made(at_work.delegate)]


def test_of_cover_it_stands_who_appointed_and_who_let_it_run(office: Office) -> None:
    at_work = office.delegates()
    away = is_away(office, by=office.admin)
    with office.physician.acts():
        absences.end(by=office.physician.user, absence=again(away))
    assert history(away) == [made(office.admin), changed(office.physician)]
    row = appoints(office, office.engaged("bedrijfsarts"))
    activates(office, row, by=office.admin)
    assert history(row) == [made(office.physician), changed(office.admin)]
    _, supervision = supervises(office)
    assert history(supervision) == [made(office.physician)]
    taken = takes_over(office, at_work)
    gives_back(office, taken)
    assert history(taken) == [made(office.physician), changed(office.physician)]


def test_of_an_assignment_and_a_decision_it_stands_who_prepared_and_who_decided(office: Office) -> None:
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    with office.admin.acts():
        row = assignments.assign(
            by=office.admin.user,
            kind="process",
            holder=holder.engagement,
            responsible=office.physician.engagement,
            tasks="x",
            facilities="x",
        )
    with office.physician.acts():
        assignments.accept(by=office.physician.user, assignment=again(row))
    assert history(row) == [made(office.admin), changed(office.physician)]
    person = plain(fact(office.employee()).person)
    colleague = office.engaged("bedrijfsarts")
    for by in (office.physician, colleague):
        with by.acts():
            separation.decide(by=by.user, user=holder.user, person=person, separable=False, reason="x")
    first, second = SeparationDecision.objects.using(OWNER).filter(person=person.pk).order_by("starts_at")
    assert history(first) == [made(office.physician), changed(colleague)]
    assert history(second) == [made(colleague)]


def test_of_people_it_stands_who_engaged_who_accepted_and_who_ended(office: Office) -> None:
    somebody = newcomer(office, "gedelegeerde")
    with office.physician.acts():
        people.accept_engagement(engagement=again(somebody.engagement), by=office.physician.user)
    with office.admin.acts():
        suspension = people.suspend_engagement(
            engagement=again(somebody.engagement), reason="x", by=office.admin.user
        )
    with office.admin.acts():
        people.resume_engagement(suspension=again(suspension), by=office.admin.user)
    with office.admin.acts():
        people.end_engagement(engagement=again(somebody.engagement), reason="x", by=office.admin.user)
    assert history(somebody.engagement) == [
        made(office.admin),
        changed(office.physician),
        changed(office.admin),
    ]
    assert history(suspension) == [made(office.admin), changed(office.admin)]
    of = professional(office)
    registration = registers(office, of)
    assert (history(of), history(registration)) == ([made(office.admin)], [made(office.admin)])
    relation = office.employee()
    with office.admin.acts():
        people.end_relation(relation=again(relation), ends_on=timezone.localdate(), by=office.admin.user)
    assert history(relation) == [made(office.admin), changed(office.admin)]
    assert history(fact(relation).person) == [made(office.admin)]
    assert history(office.employer) == [made(office.admin)]


def test_of_what_the_employee_was_told_and_allowed_it_stands_who_wrote_it(office: Office) -> None:
    at_work = office.delegates(told=False)
    notice = office.tells(at_work.dossier, "delegatie", at_work.delegate, by=at_work.delegate)
    assert history(notice) == [made(at_work.delegate)]
    consent = records(office.physician, at_work.dossier, at_work.relation)
    with office.physician.acts():
        Dossier.objects.open(at_work.dossier, "toestemming.read", "toestemming.write")
        consents.withdraw(by=office.physician.user, consent=again(consent))
    assert history(consent) == [made(office.physician), changed(office.physician)]


def test_two_capacities_of_one_person_are_told_apart(office: Office) -> None:
    physician = office.engaged("bedrijfsarts")
    both = office.world.engaged(
        "praktijkbeheerder", practice=fact(office.practice), user=fact(physician.user)
    )
    as_admin = Actor(plain(both.user), plain(both.engagement))
    with as_admin.acts():
        away = absences.record(by=as_admin.user, physician=physician.engagement, starts_at=days(1))
    with physician.acts():
        absences.end(by=physician.user, absence=again(away), at=days(2))
    assert history(away) == [made(as_admin), changed(physician)]
    assert made(as_admin)[1] == changed(physician)[1]


# --- however it was written -------------------------------------------------------------------------------------


def test_many_rows_at_once_are_as_many_lines(office: Office) -> None:
    contract = office.drafts(office.delegate(), by=office.admin, tasks=())
    rows = [
        ContractTask(practice=office.practice, contract=contract, task_id=task_id("2018", code))
        for code in ("M2", "M3", "M4")
    ]
    with office.admin.acts():
        ContractTask.objects.bulk_create(rows)
    with office.physician.acts():
        for row in rows:
            row.justification = "Onderbouwd."
        ContractTask.objects.bulk_update(rows, ["justification"])
    with office.admin.acts():
        ContractTask.objects.filter(contract=contract).delete()
    for row in rows:
        assert history(row) == [made(office.admin), changed(office.physician), deleted(office.admin)]


def test_update_of_a_queryset_leaves_its_line_on_every_row(office: Office) -> None:
    drafts = [office.drafts(office.delegate(), by=office.admin, protocol=None) for _ in range(3)]
    with office.physician.acts():
        changed_rows = Contract.objects.filter(pk__in=[row.pk for row in drafts]).update(
            supervision_plan="Samen doornemen."
        )
    assert changed_rows == 3
    for row in drafts:
        assert history(row) == [made(office.admin), changed(office.physician)]


UPDATES = {
    Practice: "phone = '030 1234567'",
    Employer: "name = name || ' BV'",
    Person: "city = 'Utrecht'",
    Relation: "department = 'Inkoop'",
    Engagement: "ends_at = now() + interval '1 year'",
    Professional: "title = 'senior'",
    Registration: "check_result = 'Ingeschreven.'",
}


@pytest.mark.parametrize("model", UPDATES)
def test_raw_sql_leaves_its_line_too(office: Office, model: Any) -> None:
    somebody = newcomer(office, "casemanager")
    of = professional(office, somebody)
    rows = {
        Practice: office.practice,
        Employer: office.employer,
        Relation: (relation := office.employee()),
        Person: plain(fact(relation).person),
        Engagement: somebody.engagement,
        Professional: of,
        Registration: registers(office, of),
    }
    row, before = rows[model], history(rows[model])
    with office.admin.acts():
        assert sql(f'UPDATE "{model._meta.db_table}" SET {UPDATES[model]} WHERE id = %s', row.pk) == 1
    assert history(row) == [*before, changed(office.admin)]


def test_the_line_says_why_and_when(office: Office) -> None:
    before = timezone.now() - timedelta(seconds=5)
    with office.admin.acts(reason="opschonen"):
        employer = people.add_employer(practice=office.practice, name="Nieuw", by=office.admin.user)
    with above_every_wall() as cursor:
        cursor.execute(
            "SELECT history_change_reason, history_date FROM people_historicalemployer WHERE id = %s",
            [employer.pk],
        )
        reason, at = cursor.fetchone()
    assert reason == "opschonen"
    assert before < at < timezone.now() + timedelta(seconds=5)


def test_what_was_refused_leaves_neither_a_row_nor_a_line(office: Office) -> None:
    draft = office.drafts(office.delegate())
    forge = "UPDATE delegation_contract SET signed_at = now() WHERE id = %s"
    with database_refuses("delegation_contract_signed_by_physician"), office.admin.acts():
        people.add_employer(practice=office.practice, name="Blijft niet", by=office.admin.user)
        sql(forge, draft.pk)
    with above_every_wall() as cursor:
        cursor.execute("SELECT count(*) FROM people_historicalemployer WHERE name = 'Blijft niet'")
        assert cursor.fetchone() == (0,)
    assert history(draft) == [made(office.physician)]


MODELS = [
    model
    for app in ("people", "consent", "delegation")
    for model in apps.get_app_config(app).get_models()
    if not hasattr(model, "instance_type") and model._meta.model_name not in ("edition", "task")
]


def test_every_model_of_people_consent_and_delegation_keeps_history() -> None:
    assert {model.__name__ for model in MODELS if not hasattr(model, "history")} == set()
    assert len(MODELS) == 25
    assert Task._meta.model_name == "task", "the lists of tasks are law, loaded and never written by people"


@pytest.mark.parametrize("model", MODELS)
def test_no_line_is_without_somebody(world: World, model: Any) -> None:
    columns = {column.attname: column for column in model.history.model._meta.concrete_fields}
    assert not columns["history_user_id"].null
    assert not columns["history_engagement"].null
    with above_every_wall() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull",
            [model.history.model._meta.db_table],
        )
        assert {row[0] for row in cursor.fetchall()} >= {"history_user_id", "history_engagement"}
        cursor.execute(
            "SELECT tgtype & 28 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s AND tgenabled = 'O'",
            [model._meta.db_table, f"{model.history.model._meta.db_table}_write_%"],
        )
        assert {row[0] for row in cursor.fetchall()} == {4, 8, 16}, "insert, delete, update"


@pytest.mark.parametrize("model", MODELS)
def test_no_line_is_ever_changed_added_or_thrown_away_by_people(office: Office, model: Any) -> None:
    table = model.history.model._meta.db_table
    for somebody in (office.physician, office.admin):
        for statement in (
            f'DELETE FROM "{table}"',
            f'UPDATE "{table}" SET history_user_id = history_user_id',
            f'INSERT INTO "{table}" DEFAULT VALUES',
            f'TRUNCATE "{table}"',
        ):
            with database_refuses("permission denied"), somebody.acts():
                sql(statement)


def test_without_a_capacity_nobody_writes_anything(office: Office) -> None:
    for row in (
        Employer(practice=office.practice, name="Niemand"),
        Absence(practice=office.practice, physician=office.physician.engagement, starts_at=timezone.now()),
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            row.save(force_insert=True, using="default")


# --- who reads it -----------------------------------------------------------------------------------------------


def test_history_is_read_by_who_reads_the_row_itself(office: Office) -> None:
    at_work, colleague = office.delegates(), office.delegate()
    lines = Contract.history.model.objects
    for somebody, reads in (
        (office.physician, True),
        (office.admin, True),
        (at_work.delegate, True),
        (colleague, False),
    ):
        with somebody.acts():
            assert lines.filter(id=at_work.contract.pk).exists() is reads
    desk = office.engaged("secretariaat")
    with database_refuses("permission denied"), desk.acts():
        lines.exists()


def test_the_past_can_be_asked_for(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        states = list(
            Contract.history.model.objects.filter(id=at_work.contract.pk)
            .order_by("history_id")
            .values_list("signed_at", "accepted_at")
        )
    assert [(bool(signed), bool(accepted)) for signed, accepted in states] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_of_a_withdrawn_consent_the_period_stays(office: Office) -> None:
    dossier, relation = office.dossier()
    row = records(office.physician, dossier, relation)
    with office.physician.acts():
        Dossier.objects.open(dossier, "toestemming.read", "toestemming.write")
        consents.withdraw(by=office.physician.user, consent=again(row))
        lines = Consent.history.model.objects.filter(id=row.pk).order_by("history_id")
        assert [line.ends_at is None for line in lines] == [True, False]
