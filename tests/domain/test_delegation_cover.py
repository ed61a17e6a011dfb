"""Who stands in and who looks along: absence, deputising, supervision, taking a case over and giving it back.

Source: Leidraad casemanagement (2019) §3.1 and bijlage 5, toezicht and opdracht; bijlage 4, voetnoot 33.
"""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consent.models import Notice
from delegation.contracts import actions as contracts
from delegation.deputising import absence as absences
from delegation.deputising import actions as deputising
from delegation.deputising.rules import stands_in_for
from delegation.models import Absence, Assignment, Deputising, Supervision, TakeOver
from delegation.supervision import actions as supervision
from directory.access.models import Ground
from directory.access.refusals import NotAllowed, NotYet
from directory.people import actions as people
from dossier.models import DossierGrant
from tests.domain.test_delegation import (
    READ,
    TASKS,
    WRITE,
    Delegation,
    Office,
    again,
    answer,
    could_have_written,
    database_refuses,
    days,
    fact,
    office,
    plain,
    sql,
    tasks_open,
)
from tests.domain.test_delegation_reach import gives_up_client
from tests.world import OWNER, Actor, World

__all__ = ["office"]


def is_away(office: Office, by: Actor | None = None, **period: Any) -> Absence:
    by = by or office.physician
    with by.acts():
        return absences.record(
            by=by.user,
            physician=office.physician.engagement,
            **{"starts_at": timezone.now() - timedelta(seconds=1)} | period,
        )


def appoints(office: Office, deputy: Actor, by: Actor | None = None) -> Deputising:
    by = by or office.physician
    with by.acts():
        return deputising.appoint(
            by=by.user,
            replaced=office.physician.engagement,
            deputy=deputy.engagement,
            reason="Vakantie.",
        )


def activates(office: Office, row: Deputising, by: Actor | None = None, **period: Any) -> Deputising:
    by = by or office.physician
    with by.acts():
        said = {"starts_at": timezone.now(), "ends_at": days(14)} | period
        return deputising.activate(by=by.user, deputising=again(row), **said)


def deputises(office: Office, by: Actor | None = None, **period: Any) -> tuple[Actor, Deputising]:
    """A bedrijfsarts of the practice stands in for the physician; nobody has been told yet."""
    deputy = office.engaged("bedrijfsarts")
    return deputy, activates(office, appoints(office, deputy, by), by, **period)


def stands_down(by: Actor, row: Deputising, reason: str = "De bedrijfsarts is terug.") -> None:
    with by.acts():
        deputising.end(by=by.user, deputising=again(row), reason=reason)


# --- absence ----------------------------------------------------------------------------------------------------


def test_away_without_a_deputy_the_delegate_reads_and_does_not_write_yet(office: Office) -> None:
    at_work = office.delegates()
    is_away(office)
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    assert answer(at_work.delegate, at_work.dossier, "begeleiding.read") == "open"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"
    assert tasks_open(at_work.delegate, at_work.dossier) == set()


def test_back_again_the_delegate_goes_on(office: Office) -> None:
    at_work, away = office.delegates(), is_away(office)
    with office.physician.acts():
        absences.end(by=office.physician.user, absence=again(away))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_what_happened_while_nobody_was_there_is_not_recorded_afterwards(office: Office) -> None:
    at_work = office.delegates()
    before = timezone.now()
    away = is_away(office, starts_at=timezone.now())
    meanwhile = timezone.now()
    with office.physician.acts():
        absences.end(by=office.physician.user, absence=again(away))
    assert could_have_written(at_work.delegate, at_work.dossier, before)
    assert not could_have_written(at_work.delegate, at_work.dossier, meanwhile)


def test_a_deputy_covers_the_delegates_of_the_one_he_replaces(office: Office) -> None:
    at_work = office.delegates()
    is_away(office)
    deputy, row = deputises(office)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)
    stands_down(deputy, row)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"


def test_a_deputy_who_is_only_appointed_covers_nothing(office: Office) -> None:
    at_work, deputy = office.delegates(), office.engaged("bedrijfsarts")
    is_away(office)
    row = appoints(office, deputy)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"
    activates(office, row, starts_at=days(3))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"


def leaves_register(office: Office, somebody: Actor, register: str) -> None:
    registration = people.Registration.objects.using(OWNER).get(
        professional__user=somebody.user.pk, register=register
    )
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )


@pytest.mark.parametrize("register", ["big_arts", "specialist_bedrijfsarts"])
def test_a_deputy_who_left_a_register_covers_nobody(office: Office, register: str) -> None:
    at_work = office.delegates()
    is_away(office)
    deputy, _ = deputises(office)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    leaves_register(office, deputy, register)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"


@pytest.mark.parametrize("register", ["big_arts", "specialist_bedrijfsarts"])
def test_a_delegate_stands_no_longer_than_the_one_who_delegates(office: Office, register: str) -> None:
    at_work = office.delegates()
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    leaves_register(office, office.physician, register)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: delegator_not_on_dossier"
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: delegator_not_on_dossier"


def test_nor_when_that_one_leaves_the_practice(office: Office) -> None:
    at_work = office.delegates()
    with office.admin.acts():
        people.end_engagement(
            engagement=again(office.physician.engagement), reason="Vertrekt.", by=office.admin.user
        )
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: delegator_not_on_dossier"


def test_an_absence_next_week_changes_nothing_today(office: Office) -> None:
    at_work = office.delegates()
    is_away(office, starts_at=days(7), ends_at=days(14))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_the_absence_of_another_bedrijfsarts_changes_nothing(office: Office) -> None:
    at_work, colleague = office.delegates(), office.engaged("bedrijfsarts")
    with colleague.acts():
        absences.record(by=colleague.user, physician=colleague.engagement, starts_at=timezone.now())
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_the_practice_records_an_absence_too_and_nobody_else_does(office: Office) -> None:
    is_away(office, by=office.admin, starts_at=days(1), ends_at=days(2))
    for role in ("bedrijfsarts", "gedelegeerde", "secretariaat"):
        somebody = office.engaged(role)
        with pytest.raises(NotAllowed, match="who_records_absence"):
            is_away(office, by=somebody)
        with database_refuses(), somebody.acts():
            Absence(
                practice=office.practice,
                physician=office.physician.engagement,
                starts_at=timezone.now(),
            ).save(force_insert=True)


def test_nobody_calls_a_colleague_back_from_his_absence(office: Office) -> None:
    at_work, away = office.delegates(), is_away(office)
    for role in ("bedrijfsarts", "gedelegeerde"):
        somebody = office.engaged(role)
        with pytest.raises(NotAllowed, match="who_records_absence"), somebody.acts():
            absences.end(by=somebody.user, absence=again(away))
        with somebody.acts():
            assert sql("UPDATE delegation_absence SET ends_at = now() WHERE id = %s", away.pk) == 0
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: supervision_cover"
    with office.admin.acts():
        assert sql("UPDATE delegation_absence SET ends_at = now() WHERE id = %s", away.pk) == 1


def test_absences_do_not_overlap_and_end_after_they_begin(office: Office) -> None:
    is_away(office, starts_at=days(7), ends_at=days(14))
    with pytest.raises(ValidationError, match="In deze periode staat al een afwezigheid"):
        is_away(office, starts_at=days(10), ends_at=days(20))
    with pytest.raises(ValidationError, match="De einddatum ligt vóór het begin"):
        is_away(office, starts_at=days(30), ends_at=days(29))
    with database_refuses("absence_no_overlap"), office.physician.acts():
        Absence(
            practice=office.practice,
            physician=office.physician.engagement,
            starts_at=days(10),
            ends_at=days(20),
        ).save(force_insert=True)
    is_away(office, starts_at=days(14), ends_at=days(20))


def test_an_absence_is_shortened_and_never_moved(office: Office) -> None:
    away = is_away(office, ends_at=days(7))
    with pytest.raises(ValidationError, match="eindigt al eerder"), office.physician.acts():
        absences.end(by=office.physician.user, absence=again(away), at=days(9))
    with database_refuses("permission denied"), office.physician.acts():
        sql("UPDATE delegation_absence SET starts_at = now() WHERE id = %s", away.pk)
    with office.physician.acts():
        absences.end(by=office.physician.user, absence=again(away), at=days(2))


# --- deputising -------------------------------------------------------------------------------------------------


def test_a_deputy_reads_once_this_employee_was_told(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    assert answer(deputy, dossier, "begeleiding.read") == "not yet: deputy_not_told"
    office.tells(dossier, "waarneming", deputy)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    assert answer(deputy, dossier, "begeleiding.write") == "open"


def test_the_deputy_may_tell_the_employee_himself(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    office.tells(dossier, "waarneming", deputy, by=deputy)
    assert answer(deputy, dossier, "begeleiding.read") == "open"


def test_told_to_one_employee_is_not_told_to_another(office: Office) -> None:
    (first, _), (second, _) = office.dossier(), office.dossier()
    deputy, _ = deputises(office)
    office.tells(first, "waarneming", deputy)
    assert answer(deputy, second, "begeleiding.read") == "not yet: deputy_not_told"
    assert answer(deputy, first, "begeleiding.read") == "open"


def test_told_about_one_deputy_is_not_told_about_another(office: Office) -> None:
    dossier, _ = office.dossier()
    (one, _), (two, _) = deputises(office), deputises(office)
    office.tells(dossier, "waarneming", one)
    assert answer(one, dossier, "begeleiding.read") == "open"
    assert answer(two, dossier, "begeleiding.read") == "not yet: deputy_not_told"


def test_who_was_told_of_the_waarneemgroep_needs_no_second_telling(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, _ = deputises(office)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    assert answer(office.engaged("bedrijfsarts"), dossier, "begeleiding.read") == "not found"


def test_a_deputy_reaches_every_dossier_of_the_one_he_replaces_and_new_ones_too(office: Office) -> None:
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    dossiers = {office.dossier()[0], office.dossier(elsewhere)[0]}
    _, row = deputises(office)
    dossiers.add(office.dossier(elsewhere)[0])
    grants = DossierGrant.objects.using(OWNER).filter(ground=fact(row).ground_id)
    assert set(grants.values_list("content_object", flat=True)) == dossiers


def test_the_dossiers_of_a_third_bedrijfsarts_he_does_not_reach(office: Office) -> None:
    third, client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(third, client)
    dossier, _ = office.dossier(client, by=third)
    deputy, _ = deputises(office)
    assert answer(deputy, dossier, "kennisgeving.write") == "not found"
    assert answer(third, dossier, "kennisgeving.write") == "open"


def test_nor_what_the_one_he_replaces_gave_up_before(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    gives_up_client(office)
    deputy, _ = deputises(office)
    assert answer(office.physician, dossier, "begeleiding.read") == "not found"
    assert answer(deputy, dossier, "begeleiding.read") == "not found"


def test_nor_what_the_one_he_replaces_gives_up_meanwhile(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, _ = deputises(office)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    gives_up_client(office)
    assert answer(deputy, dossier, "begeleiding.read") != "open"


def test_after_the_deputising_nothing_opens(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, row = deputises(office)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    stands_down(office.physician, row)
    assert answer(deputy, dossier, "begeleiding.read") == "not found"
    with pytest.raises(NotYet, match="already_ended"):
        stands_down(office.physician, row)


def test_outside_its_period_a_deputising_opens_nothing(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    later, _ = deputises(office, starts_at=days(3), ends_at=days(9))
    assert answer(later, dossier, "begeleiding.read") == "not found"
    soon = timezone.now() + timedelta(seconds=2)
    shortly, _ = deputises(office, ends_at=soon)
    assert answer(shortly, dossier, "begeleiding.read") == "open"
    sleep(max(0, (soon - timezone.now()).total_seconds()))
    assert answer(shortly, dossier, "begeleiding.read") == "not found"


def test_a_deputising_begins_at_its_signature_at_the_earliest(office: Office) -> None:
    _, row = deputises(office, starts_at=days(-9))
    ground = fact(row).ground
    assert ground.starts_at == ground.signed_at


def test_the_practice_appoints_a_deputy_when_the_bedrijfsarts_cannot(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, row = deputises(office, by=office.admin)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    stands_down(office.admin, row)
    assert answer(deputy, dossier, "begeleiding.read") == "not found"


@pytest.mark.parametrize("role", ["bedrijfsarts", "arts_onder_supervisie", "gedelegeerde", "secretariaat"])
def test_nobody_makes_himself_the_deputy_of_a_colleague(office: Office, role: str) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    somebody = office.engaged(role)
    with pytest.raises(NotAllowed, match="who_appoints_deputies"):
        appoints(office, somebody, by=somebody)
    with database_refuses(), somebody.acts():
        Deputising(
            practice=office.practice,
            replaced=office.physician.engagement,
            deputy=somebody.engagement,
            appointed_by=somebody.user,
            reason="x",
        ).save(force_insert=True)
    with database_refuses(), somebody.acts():
        Ground(
            practice=office.practice,
            kind="deputising",
            role="waarnemer",
            holder=somebody.engagement,
            responsible=office.physician.engagement,
            given_by=somebody.user,
            signed_at=timezone.now(),
            starts_at=timezone.now(),
        ).save(force_insert=True)
    assert answer(somebody, dossier, "begeleiding.read") == "not found"


def test_nor_does_a_deputy_let_his_own_appointment_run(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    row = appoints(office, deputy)
    with pytest.raises(NotAllowed, match="who_activates_deputising"):
        activates(office, row, by=deputy)
    activates(office, row)


def test_it_runs_once(office: Office) -> None:
    _, row = deputises(office)
    with pytest.raises(NotYet, match="deputising_already_active"):
        activates(office, row)
    with database_refuses("delegation_deputising_ground_stays"), office.physician.acts():
        sql("UPDATE delegation_deputising SET ground_id = NULL WHERE id = %s", row.pk)


def test_an_appointment_that_does_not_run_cannot_be_ended(office: Office) -> None:
    row = appoints(office, office.engaged("bedrijfsarts"))
    with pytest.raises(NotYet, match="deputising_not_active"):
        stands_down(office.physician, row)


@pytest.mark.parametrize("register", ["big_arts", "specialist_bedrijfsarts"])
def test_a_deputy_stands_in_both_registers(office: Office, register: str) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy = office.engaged("bedrijfsarts")
    row = appoints(office, deputy)
    registration = people.Registration.objects.using(OWNER).get(
        professional__user=deputy.user.pk, register=register
    )
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )
    with pytest.raises(ValidationError, match="BIG-register én het specialistenregister"):
        activates(office, row)


def test_a_deputy_whose_registration_ends_reads_no_longer(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, _ = deputises(office)
    assert answer(deputy, dossier, "begeleiding.read") == "open"
    registration = people.Registration.objects.using(OWNER).get(
        professional__user=deputy.user.pk, register="big_arts"
    )
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )
    assert answer(deputy, dossier, "begeleiding.read") == "not yet: registration_big"


def test_only_a_bedrijfsarts_of_this_practice_stands_in_for_a_bedrijfsarts(
    office: Office, world: World
) -> None:
    for role in ("arts_onder_supervisie", "gedelegeerde"):
        with pytest.raises(ValidationError, match="bedrijfsarts voor een bedrijfsarts"):
            appoints(office, office.engaged(role))
    stranger = world.engaged("bedrijfsarts", practice=world.other_practice)
    with pytest.raises(ValidationError, match="in deze praktijk"):
        appoints(office, Actor(plain(stranger.user), plain(stranger.engagement)))
    with pytest.raises(ValidationError, match="Niemand neemt voor zichzelf waar"):
        appoints(office, office.physician)


def test_a_deputising_asks_a_reason_and_an_end_that_lies_ahead(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    with pytest.raises(ValidationError, match="waarom wordt waargenomen"), office.physician.acts():
        deputising.appoint(
            by=office.physician.user,
            replaced=office.physician.engagement,
            deputy=deputy.engagement,
            reason=" ",
        )
    row = appoints(office, deputy)
    with pytest.raises(ValidationError, match="een einde dat na het begin ligt"):
        activates(office, row, ends_at=days(-1))
    activates(office, row)
    with pytest.raises(ValidationError, match="Vul de reden in"):
        stands_down(office.physician, row, reason="")


def test_a_deputy_suspends_a_contract_of_the_one_he_replaces_and_does_not_end_it(office: Office) -> None:
    at_work = office.delegates()
    deputy, _ = deputises(office)
    with deputy.acts():
        assert stands_in_for(deputy.user, office.physician.engagement)
        contracts.suspend(by=deputy.user, contract=again(at_work.contract), reason="Overschrijdt grenzen.")
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: suspended"
    with pytest.raises(NotAllowed, match="only_physician_ends"), deputy.acts():
        contracts.end(by=deputy.user, contract=again(at_work.contract), reason="x")
    with deputy.acts():
        contracts.resume(by=deputy.user, contract=again(at_work.contract))
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"


def test_a_deputy_who_stood_down_suspends_nothing_any_more(office: Office) -> None:
    at_work = office.delegates()
    deputy, row = deputises(office)
    stands_down(deputy, row)
    with pytest.raises(NotAllowed, match="only_physician_suspends"), deputy.acts():
        contracts.suspend(by=deputy.user, contract=again(at_work.contract), reason="x")


def test_a_deputy_delegates_as_himself_alone(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate)
    deputy, _ = deputises(office)
    with pytest.raises(NotAllowed, match="only_physician_signs"):
        office.signs(draft, by=deputy)


# --- supervision ------------------------------------------------------------------------------------------------


def supervises(office: Office, physician: Actor | None = None, by: Actor | None = None, **scope: Any) -> Any:
    by = by or office.physician
    physician = physician or office.engaged("arts_onder_supervisie")
    with by.acts():
        row = supervision.appoint(
            by=by.user, supervisor=office.physician.engagement, physician=physician.engagement, **scope
        )
    return physician, row


def test_a_physician_in_training_works_on_the_dossiers_of_his_supervisor(office: Office) -> None:
    dossier, _ = office.dossier()
    trainee, _ = supervises(office)
    later, _ = office.dossier()
    assert answer(trainee, dossier, "begeleiding.write") == "not yet: supervision_not_told"
    for each in (dossier, later):
        office.tells(each, "supervisie", trainee)
        assert answer(trainee, each, "begeleiding.write") == "open"


def test_what_he_does_carries_whose_supervision_it_is_under(office: Office) -> None:
    dossier, _ = office.dossier()
    trainee, _ = supervises(office)
    office.tells(dossier, "supervisie", trainee)
    with trainee.acts(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT answer, responsible FROM access_open(%s, %s, '')", [dossier, ["begeleiding.write"]]
        )
        assert cursor.fetchone() == ("allow_with_condition", office.physician.user.pk)


def test_supervision_may_be_for_some_and_not_for_others(office: Office) -> None:
    (dossier, relation), (other, _) = office.dossier(), office.dossier()
    trainee, _ = supervises(office, relations=[relation])
    assert answer(trainee, dossier, "team.read") == "open"
    assert answer(trainee, other, "team.read") == "not found"


def test_supervision_does_not_reach_the_dossiers_of_another_bedrijfsarts(office: Office) -> None:
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(colleague, client)
    dossier, relation = office.dossier(client, by=colleague)
    trainee, _ = supervises(office, relations=[relation])
    assert answer(trainee, dossier, "team.read") == "not found"
    assert answer(colleague, dossier, "team.read") == "open"


def test_when_the_supervisor_gives_up_the_client_his_trainee_stops(office: Office) -> None:
    dossier, _ = office.dossier()
    trainee, _ = supervises(office)
    office.tells(dossier, "supervisie", trainee)
    gives_up_client(office)
    assert answer(trainee, dossier, "begeleiding.read") == "not yet: supervisor_not_on_dossier"


def test_not_even_when_somebody_stands_in_for_that_supervisor(office: Office) -> None:
    dossier, _ = office.dossier()
    trainee, _ = supervises(office)
    office.tells(dossier, "supervisie", trainee)
    deputises(office)
    gives_up_client(office)
    assert answer(trainee, dossier, "begeleiding.read") == "not yet: supervisor_not_on_dossier"


def test_supervision_ends_at_once_and_its_supervisor_ends_it(office: Office) -> None:
    dossier, _ = office.dossier()
    trainee, row = supervises(office)
    for somebody in (trainee, office.admin, office.engaged("bedrijfsarts")):
        with pytest.raises(NotAllowed, match="only_physician_supervises"), somebody.acts():
            supervision.end(by=somebody.user, supervision=plain(fact(row)), reason="x")
    with office.physician.acts():
        supervision.end(by=office.physician.user, supervision=again(row), reason="Opleiding klaar.")
    assert answer(trainee, dossier, "team.read") == "not found"
    with pytest.raises(NotYet, match="already_ended"), office.physician.acts():
        supervision.end(by=office.physician.user, supervision=again(row), reason="x")


def test_only_the_supervisor_himself_gives_supervision(office: Office) -> None:
    trainee = office.engaged("arts_onder_supervisie")
    for somebody in (trainee, office.admin, office.engaged("bedrijfsarts")):
        with pytest.raises(NotAllowed, match="only_physician_supervises"):
            supervises(office, trainee, by=somebody)
        with database_refuses(), somebody.acts():
            Ground(
                practice=office.practice,
                kind="supervision",
                role="arts_onder_supervisie",
                holder=trainee.engagement,
                responsible=office.physician.engagement,
                given_by=somebody.user,
                signed_at=timezone.now(),
                starts_at=timezone.now(),
            ).save(force_insert=True)
    supervises(office, trainee)


def test_under_supervision_works_a_physician_who_stands_in_the_register(office: Office) -> None:
    with pytest.raises(ValidationError, match="Kies een arts onder supervisie"):
        supervises(office, office.delegate())
    trainee = office.engaged("arts_onder_supervisie")
    registration = people.Registration.objects.using(OWNER).get(professional__user=trainee.user.pk)
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )
    with pytest.raises(ValidationError, match="niet in het BIG-register"):
        supervises(office, trainee)


def test_a_supervision_is_not_laid_down_in_the_name_of_a_colleague(office: Office) -> None:
    _, row = supervises(office)
    colleague = office.engaged("bedrijfsarts")
    with database_refuses(), colleague.acts():
        Supervision(
            practice=office.practice,
            ground_id=fact(row).ground_id,
            supervisor=office.physician.engagement,
            physician=colleague.engagement,
        ).save(force_insert=True)


# --- taking over and giving back --------------------------------------------------------------------------------


def takes_over(office: Office, at_work: Delegation, by: Actor | None = None, reason: str = "Complex.") -> Any:
    by = by or office.physician
    with by.acts():
        return supervision.take_over(
            by=by.user, contract=again(at_work.contract), relation=at_work.relation, reason=reason
        )


def gives_back(office: Office, row: TakeOver, by: Actor | None = None) -> TakeOver:
    by = by or office.physician
    with by.acts():
        return supervision.give_back(by=by.user, take_over=again(row))


def test_a_case_taken_over_is_read_and_not_written_until_it_is_given_back(office: Office) -> None:
    at_work = office.delegates()
    row = takes_over(office, at_work)
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: taken_over"
    gives_back(office, row)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_one_case_taken_over_leaves_the_others(office: Office) -> None:
    at_work = office.delegates()
    other, _ = office.dossier()
    office.tells(other, "delegatie", at_work.delegate)
    takes_over(office, at_work)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: taken_over"
    assert answer(at_work.delegate, other, WRITE) == "open"


def test_only_the_delegating_bedrijfsarts_takes_over_and_gives_back(office: Office) -> None:
    at_work = office.delegates()
    row = takes_over(office, at_work)
    for somebody in (office.engaged("bedrijfsarts"), office.admin, at_work.delegate):
        with pytest.raises(NotAllowed, match="only_physician_takes_over"):
            takes_over(office, at_work, by=somebody)
        with pytest.raises(NotAllowed, match="only_physician_takes_over"), somebody.acts():
            supervision.give_back(by=somebody.user, take_over=plain(fact(row)))
    for somebody in (office.engaged("bedrijfsarts"), at_work.delegate):
        with somebody.acts():
            assert sql("UPDATE delegation_takeover SET ends_at = now() WHERE id = %s", row.pk) == 0
        with database_refuses(), somebody.acts():
            TakeOver(
                practice=office.practice,
                relation=at_work.relation,
                contract=at_work.contract,
                by=somebody.user,
                reason="x",
                starts_at=days(9),
            ).save(force_insert=True)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: taken_over"


def test_a_case_is_taken_over_once_at_a_time_with_a_reason_and_given_back_once(office: Office) -> None:
    at_work = office.delegates()
    with pytest.raises(ValidationError, match="waarom u dit geval overneemt"):
        takes_over(office, at_work, reason=" ")
    row = takes_over(office, at_work)
    with pytest.raises(ValidationError, match="al overgenomen"):
        takes_over(office, at_work)
    with database_refuses("take_over_no_overlap"), office.physician.acts():
        TakeOver(
            practice=office.practice,
            relation=at_work.relation,
            contract=at_work.contract,
            by=office.physician.user,
            reason="x",
            starts_at=timezone.now(),
        ).save(force_insert=True)
    gives_back(office, row)
    with pytest.raises(ValidationError, match="al teruggegeven"):
        gives_back(office, row)
    with database_refuses("delegation_takeover_only_shortens"), office.physician.acts():
        sql("UPDATE delegation_takeover SET ends_at = NULL WHERE id = %s", row.pk)
    takes_over(office, at_work)


def test_the_notice_about_a_deputy_says_who_gave_it(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    given = office.tells(dossier, "waarneming", deputy, by=deputy)
    assert Notice.objects.using(OWNER).get(pk=given.pk).given_by_id == deputy.user.pk


def test_an_assignment_of_the_one_he_replaces_is_not_the_deputy_s_to_end(office: Office) -> None:
    deputy, _ = deputises(office)
    with office.physician.acts():
        row = Assignment.objects.get(holder=office.physician.engagement, kind="client")
    with deputy.acts():
        end = "UPDATE access_ground SET ends_at = now() WHERE id = %s"
        assert sql(end, row.ground_id) == 0
