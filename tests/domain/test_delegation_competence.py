"""Competence per task, and the protocol: what closes one task and leaves the others open.

Source: Leidraad casemanagement (2019) bijlage 4 (algemene taken) and bijlage 5, bekwaamheid and opdracht; Wet BIG
art. 38.
"""

from __future__ import annotations

from datetime import timedelta
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from delegation.competence import actions as competence
from delegation.competence import protocol_actions as protocols
from delegation.models import (
    CompetenceConclusion,
    Contract,
    OwnDeclaration,
    Protocol,
    ProtocolRead,
    ProtocolVersion,
    Task,
)
from delegation.rulesets.models import task_id
from directory.access.refusals import NotAllowed
from directory.people import actions as people
from tests.domain.test_delegation import (
    READ,
    TASKS,
    WRITE,
    Office,
    again,
    answer,
    database_refuses,
    days,
    fact,
    office,
    sql,
    tasks_open,
)
from tests.world import OWNER, Actor

__all__ = ["office"]


def concludes(office: Office, by: Actor, delegate: Actor, code: str, **more: object) -> CompetenceConclusion:
    said = {"how_verified": "Drie gesprekken bijgewoond.", "limits": "Geen."} | more
    with by.acts():
        return competence.conclude(
            by=by.user,
            practice=office.practice,
            delegate=delegate.user,
            task=Task.objects.get(pk=task_id("2018", code)),
            **said,  # type: ignore[arg-type]
        )


def running(delegate: Actor, code: str) -> CompetenceConclusion:
    return CompetenceConclusion.objects.using(OWNER).get(
        delegate=delegate.user.pk, task=task_id("2018", code), ends_at=None
    )


def withdraws(
    by: Actor, conclusion: CompetenceConclusion, reason: str = "Te vaak buiten de grenzen."
) -> None:
    with by.acts():
        competence.withdraw(by=by.user, conclusion=again(conclusion), reason=reason)


def declares(office: Office, by: Actor, code: str, competent: bool) -> OwnDeclaration:
    with by.acts():
        task = Task.objects.get(pk=task_id("2018", code))
        return competence.declare(by=by.user, practice=office.practice, task=task, competent=competent)


# --- the conclusion of the bedrijfsarts -------------------------------------------------------------------------


def test_withdrawing_competence_stops_that_task_and_no_other(office: Office) -> None:
    at_work = office.delegates()
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)
    withdraws(office.physician, running(at_work.delegate, "M2"))
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS) - {"M2"}
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_withdrawn_for_one_delegate_it_stands_for_another(office: Office) -> None:
    one, two = office.delegates(), office.delegates()
    withdraws(office.physician, running(one.delegate, "M2"))
    assert "M2" not in tasks_open(one.delegate, one.dossier)
    assert "M2" in tasks_open(two.delegate, two.dossier)


def test_a_new_conclusion_opens_the_task_again(office: Office) -> None:
    at_work = office.delegates()
    withdraws(office.physician, running(at_work.delegate, "M2"))
    concludes(office, office.physician, at_work.delegate, "M2")
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)


def test_without_the_task_of_recording_an_own_file_takes_nothing(office: Office) -> None:
    at_work = office.delegates()
    withdraws(office.physician, running(at_work.delegate, "M7"))
    assert tasks_open(at_work.delegate, at_work.dossier) == set()
    assert tasks_open(at_work.delegate, at_work.dossier, "proces") == {"P2"}


def test_past_its_review_date_a_conclusion_counts_no_longer(office: Office) -> None:
    at_work = office.delegates()
    concludes(office, office.physician, at_work.delegate, "M2", review_at=days(30))
    assert "M2" in tasks_open(at_work.delegate, at_work.dossier)
    soon = timezone.now() + timedelta(seconds=1)
    concludes(office, office.physician, at_work.delegate, "M2", review_at=soon)
    sleep(max(0, (soon - timezone.now()).total_seconds()))
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS) - {"M2"}


def test_a_review_date_lies_ahead(office: Office) -> None:
    with pytest.raises(ValidationError, match="Kies een einde dat na het begin ligt"):
        concludes(office, office.physician, office.delegate(), "M2", review_at=days(-1))


def test_only_the_conclusion_of_the_delegating_bedrijfsarts_counts(office: Office) -> None:
    at_work, colleague = office.delegates(), office.engaged("bedrijfsarts")
    withdraws(office.physician, running(at_work.delegate, "M2"))
    concludes(office, colleague, at_work.delegate, "M2")
    assert "M2" not in tasks_open(at_work.delegate, at_work.dossier)


@pytest.mark.parametrize(
    "role", ["praktijkbeheerder", "arts_onder_supervisie", "gedelegeerde", "secretariaat"]
)
def test_nobody_but_a_bedrijfsarts_concludes(office: Office, role: str) -> None:
    delegate, somebody = office.delegate(), office.engaged(role)
    with pytest.raises(NotAllowed, match="only_physician_concludes"):
        concludes(office, somebody, delegate, "M2")
    for physician in (somebody, office.physician):
        with database_refuses(), somebody.acts():
            _conclusion(office, delegate, physician).save(force_insert=True)
    with office.physician.acts():
        _conclusion(office, delegate, office.physician).save(force_insert=True)


def _conclusion(office: Office, delegate: Actor, physician: Actor) -> CompetenceConclusion:
    return CompetenceConclusion(
        practice=office.practice,
        delegate=delegate.user,
        physician=physician.user,
        task_id=task_id("2018", "M2"),
        how_verified="x",
        limits="x",
        starts_at=timezone.now(),
    )


def test_no_bedrijfsarts_concludes_or_withdraws_in_the_name_of_another(office: Office) -> None:
    at_work, colleague = office.delegates(), office.engaged("bedrijfsarts")
    conclusion = running(at_work.delegate, "M2")
    with database_refuses(), colleague.acts():
        _conclusion(office, at_work.delegate, office.physician).save(force_insert=True)
    with pytest.raises(NotAllowed, match="only_physician_concludes"):
        withdraws(colleague, conclusion)
    with colleague.acts():
        end = "UPDATE delegation_competenceconclusion SET ends_at = now() WHERE id = %s"
        assert sql(end, conclusion.pk) == 0
    assert "M2" in tasks_open(at_work.delegate, at_work.dossier)


def test_about_oneself_and_about_a_task_of_code_1_nothing_is_concluded(office: Office) -> None:
    with pytest.raises(ValidationError, match="Over uzelf"):
        concludes(office, office.physician, office.physician, "M2")
    with pytest.raises(ValidationError, match="niet te delegeren"):
        concludes(office, office.physician, office.delegate(), "M10")
    concludes(office, office.physician, office.delegate(), "M2")


@pytest.mark.parametrize(("field", "message"), [("how_verified", "in de praktijk"), ("limits", "grenzen")])
def test_a_conclusion_says_how_it_was_seen_and_where_it_ends(
    office: Office, field: str, message: str
) -> None:
    with pytest.raises(ValidationError, match=message) as caught:
        concludes(office, office.physician, office.delegate(), "M2", **{field: " "})
    assert list(caught.value.message_dict) == [field]


def test_withdrawing_asks_a_reason_and_happens_once(office: Office) -> None:
    at_work = office.delegates()
    conclusion = running(at_work.delegate, "M2")
    with pytest.raises(ValidationError, match="waarom u het oordeel intrekt"):
        withdraws(office.physician, conclusion, reason=" ")
    withdraws(office.physician, conclusion)
    with pytest.raises(ValidationError, match="al geëindigd"):
        withdraws(office.physician, conclusion)


def test_a_new_conclusion_replaces_the_running_one_and_never_stands_beside_it(office: Office) -> None:
    delegate = office.delegate()
    first = concludes(office, office.physician, delegate, "M2")
    second = concludes(office, office.physician, delegate, "M2", limits="Niet bij jongeren.")
    assert fact(first).ends_at == fact(second).starts_at
    with database_refuses("competence_no_overlap"), office.physician.acts():
        _conclusion(office, delegate, office.physician).save(force_insert=True)
    with pytest.raises(ValidationError, match="Over deze taak geldt al een oordeel"), office.physician.acts():
        _conclusion(office, delegate, office.physician).validate_constraints()


REWRITES = {
    "delegation_competenceconclusion": (
        "starts_at = starts_at - interval '90 days'",
        "how_verified = 'Toch gezien.'",
        "limits = 'Geen enkele.'",
        "recorded_at = recorded_at - interval '90 days'",
    ),
    "delegation_owndeclaration": (
        "starts_at = starts_at - interval '90 days'",
        "competent = NOT competent",
        "recorded_at = recorded_at - interval '90 days'",
    ),
}


@pytest.mark.parametrize(
    ("table", "change"), [(t, change) for t, changes in REWRITES.items() for change in changes]
)
def test_what_was_concluded_or_declared_is_ended_and_never_rewritten(
    office: Office, table: str, change: str
) -> None:
    delegate = office.delegate()
    if table == "delegation_owndeclaration":
        row, writer = declares(office, delegate, "M2", competent=True), delegate
    else:
        row, writer = concludes(office, office.physician, delegate, "M2"), office.physician
    with database_refuses("permission denied"), writer.acts():
        sql(f"UPDATE {table} SET {change} WHERE id = %s", row.pk)
    with writer.acts():
        assert sql(f"UPDATE {table} SET ends_at = now() WHERE id = %s", row.pk) == 1


@pytest.mark.parametrize("later", ["NULL", "now() + interval '1 year'"])
def test_what_was_withdrawn_is_concluded_anew_and_never_revived(office: Office, later: str) -> None:
    at_work = office.delegates()
    conclusion = running(at_work.delegate, "M2")
    withdraws(office.physician, conclusion)
    revive = (
        f"UPDATE delegation_competenceconclusion SET withdrawn_reason = '', ends_at = {later} WHERE id = %s"
    )
    with database_refuses("delegation_competence_only_shortens"), office.physician.acts():
        sql(revive, conclusion.pk)
    assert "M2" not in tasks_open(at_work.delegate, at_work.dossier)


def test_a_reserved_act_stops_when_the_registration_that_carries_it_ends(office: Office) -> None:
    nurse = office.delegate()
    office.in_register(nurse, "big_verpleegkundige")
    at_work = office.delegates(delegate=nurse, edition="praktijk", tasks=("V1", "PMO1"))
    assert tasks_open(nurse, at_work.dossier) == {"V1", "PMO1"}
    registration = people.Registration.objects.using(OWNER).get(professional__user=nurse.user.pk)
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )
    assert tasks_open(nurse, at_work.dossier) == {"PMO1"}


# --- what the delegate says of himself --------------------------------------------------------------------------


def test_calling_oneself_not_competent_stops_that_task_at_once_and_no_other(office: Office) -> None:
    at_work = office.delegates()
    declares(office, at_work.delegate, "M3", competent=False)
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS) - {"M3"}
    declares(office, at_work.delegate, "M3", competent=True)
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)


def test_taking_the_declaration_back_closes_the_task_as_well(office: Office) -> None:
    at_work = office.delegates()
    with at_work.delegate.acts():
        row = OwnDeclaration.objects.get(user=at_work.delegate.user, task=task_id("2018", "M3"))
        competence.withdraw_declaration(by=at_work.delegate.user, declaration=row)
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS) - {"M3"}


def test_each_declares_for_himself(office: Office) -> None:
    at_work, colleague = office.delegates(), office.delegate()
    row = OwnDeclaration.objects.using(OWNER).get(user=at_work.delegate.user.pk, task=task_id("2018", "M3"))
    for somebody in (office.physician, office.admin, colleague):
        with pytest.raises(NotAllowed, match="own_declaration_only"), somebody.acts():
            competence.withdraw_declaration(by=somebody.user, declaration=row)
    for somebody in (office.physician, colleague):
        with database_refuses(), somebody.acts():
            _declaration(office, at_work.delegate, "M14").save(force_insert=True)
        with somebody.acts():
            end = "UPDATE delegation_owndeclaration SET ends_at = now() WHERE id = %s"
            assert sql(end, row.pk) == 0
    with at_work.delegate.acts():
        _declaration(office, at_work.delegate, "M14").save(force_insert=True)


def _declaration(office: Office, delegate: Actor, code: str) -> OwnDeclaration:
    return OwnDeclaration(
        practice=office.practice,
        user=delegate.user,
        task_id=task_id("2018", code),
        competent=True,
        starts_at=timezone.now(),
    )


def test_declaring_the_same_twice_changes_nothing_and_two_at_once_do_not_exist(office: Office) -> None:
    delegate = office.delegate()
    first = declares(office, delegate, "M2", competent=True)
    assert declares(office, delegate, "M2", competent=True).pk == first.pk
    with database_refuses("own_declaration_no_overlap"), delegate.acts():
        _declaration(office, delegate, "M2").save(force_insert=True)
    with pytest.raises(ValidationError, match="geldt al een verklaring"), delegate.acts():
        _declaration(office, delegate, "M2").validate_constraints()


def test_somebody_else_s_declarations_are_not_read_by_a_colleague(office: Office) -> None:
    at_work, colleague = office.delegates(), office.delegate()
    with colleague.acts():
        assert not OwnDeclaration.objects.filter(user=at_work.delegate.user).exists()
        assert not CompetenceConclusion.objects.filter(delegate=at_work.delegate.user).exists()
    with office.physician.acts():
        assert OwnDeclaration.objects.filter(user=at_work.delegate.user).count() == len(TASKS)


# --- the protocol -----------------------------------------------------------------------------------------------


def publishes(office: Office, by: Actor, contract: Contract, **more: object) -> ProtocolVersion:
    with by.acts():
        return protocols.publish_version(
            by=by.user,
            practice=office.practice,
            protocol=Protocol.objects.get(pk=contract.protocol_id),
            position="p2",
            division="d2",
            responsibilities="r2",
            **more,  # type: ignore[arg-type]
        )


def test_a_new_version_stops_recording_until_it_is_read(office: Office) -> None:
    at_work = office.delegates()
    publishes(office, office.physician, at_work.contract)
    assert tasks_open(at_work.delegate, at_work.dossier) == set()
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    office.reads_protocol(at_work.contract, at_work.delegate)
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)


def test_a_version_of_next_month_is_read_next_month(office: Office) -> None:
    at_work = office.delegates()
    publishes(office, office.admin, at_work.contract, in_force_from=days(30))
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)


def test_a_version_of_another_protocol_asks_nothing(office: Office) -> None:
    one, two = office.delegates(), office.delegates()
    publishes(office, office.physician, two.contract)
    assert tasks_open(one.delegate, one.dossier) == set(TASKS)
    assert tasks_open(two.delegate, two.dossier) == set()


def test_no_version_is_in_force_from_the_past(office: Office) -> None:
    at_work = office.delegates()
    with pytest.raises(ValidationError, match="nooit met terugwerkende kracht"):
        publishes(office, office.physician, at_work.contract, in_force_from=days(-1))


@pytest.mark.parametrize("role", ["gedelegeerde", "secretariaat", "arts_onder_supervisie", "procesbewaker"])
def test_who_works_with_a_protocol_does_not_publish_it(office: Office, role: str) -> None:
    at_work, somebody = office.delegates(), office.engaged(role)
    with pytest.raises(NotAllowed, match="who_publishes_protocols"):
        publishes(office, somebody, at_work.contract)
    with database_refuses(), somebody.acts():
        ProtocolVersion(
            practice=office.practice,
            protocol_id=at_work.contract.protocol_id,
            version=9,
            in_force_from=timezone.now(),
            position="p",
            division="d",
            responsibilities="r",
        ).save(force_insert=True)


def test_a_published_version_is_never_rewritten(office: Office) -> None:
    at_work = office.delegates()
    version = ProtocolVersion.objects.using(OWNER).get(protocol=at_work.contract.protocol_id)
    for somebody in (office.physician, office.admin):
        with database_refuses("permission denied"), somebody.acts():
            sql("UPDATE delegation_protocolversion SET division = 'anders' WHERE id = %s", version.pk)
    assert fact(version).division == "d"


def test_each_confirms_for_himself_and_saying_it_twice_changes_nothing(office: Office) -> None:
    at_work, colleague = office.delegates(), office.delegate()
    version = publishes(office, office.physician, at_work.contract)
    for somebody in (office.physician, colleague):
        with database_refuses(), somebody.acts():
            ProtocolRead(practice=office.practice, protocol_version=version, user=at_work.delegate.user).save(
                force_insert=True
            )
    assert tasks_open(at_work.delegate, at_work.dossier) == set()
    with at_work.delegate.acts():
        first = protocols.confirm_read(by=at_work.delegate.user, version=again(version))
        assert protocols.confirm_read(by=at_work.delegate.user, version=again(version)).pk == first.pk
    assert tasks_open(at_work.delegate, at_work.dossier) == set(TASKS)


def test_a_protocol_name_is_taken_once_and_each_part_is_said(office: Office) -> None:
    said = {"position": "p", "division": "d", "responsibilities": "r"}
    at_work = office.delegates()
    name = Protocol.objects.using(OWNER).get(pk=at_work.contract.protocol_id).name
    for changes, message in (
        ({"name": name}, "Er is al een protocol met deze naam"),
        ({"name": " "}, "Geef het protocol een naam"),
        ({"name": "Nieuw", "division": " "}, "hoe de taken verdeeld zijn"),
    ):
        with pytest.raises(ValidationError, match=message), office.physician.acts():
            protocols.publish_version(
                by=office.physician.user, practice=office.practice, **{**said, **changes}
            )
