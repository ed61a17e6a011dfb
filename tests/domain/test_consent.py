"""What the employee was told and what he consented to: recorded by whom it concerns, and never with effect backwards.

Source: Leidraad casemanagement (2019) §3.1, §3.4 A-I and bijlage 5, informeren; BW 7:457; Arbowet art. 14 lid 7.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consent.consents import actions as consents
from consent.models import Consent, Notice
from consent.notices import actions as notices
from consent.notices.opening import open_for_notices
from consent.notices.proposals import proposals
from delegation.contracts import actions as contracts
from directory.access import ground as grounds
from directory.access.refusals import NotAllowed, NotFound
from directory.people.models import Relation
from dossier.models import Dossier
from tests.domain.test_delegation import (
    READ,
    WRITE,
    Delegation,
    Office,
    again,
    answer,
    could_have_written,
    database_refuses,
    days,
    fact,
    let_in,
    office,
    sql,
)
from tests.domain.test_delegation_assignments import assigns, works_for_employer
from tests.domain.test_delegation_cover import deputises
from tests.world import OWNER, Actor

__all__ = ["office"]

FIVE = ("function", "task", "responsible", "reachable", "right_to_speak")


def tells(by: Actor, dossier: UUID, **said: Any) -> Notice:
    """Give a notice that says exactly this."""
    with by.acts():
        return notices.give(by=by.user, relation=open_for_notices(dossier), **said)


def whole(office: Office, delegate: Actor, **changes: Any) -> dict[str, Any]:
    """Say everything a notice of delegation holds."""
    return {
        "kind": "delegatie",
        "about": delegate.user,
        "responsible": office.physician.user,
        "function": "praktijkondersteuner",
        "task": "het eerste gesprek",
        "reachable": "elke werkdag",
        "right_to_speak": True,
    } | changes


# --- a notice of delegation -------------------------------------------------------------------------------------


def test_before_the_employee_was_told_the_delegate_neither_reads_nor_writes(office: Office) -> None:
    at_work = office.delegates(told=False)
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: notice"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: notice"
    assert answer(at_work.delegate, at_work.dossier, "agenda.write") == "open"
    assert answer(at_work.delegate, at_work.dossier, "verzoek.write") == "open"
    tells(office.physician, at_work.dossier, **whole(office, at_work.delegate))
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_the_delegate_may_tell_it_himself(office: Office) -> None:
    at_work = office.delegates(told=False)
    given = tells(at_work.delegate, at_work.dossier, **whole(office, at_work.delegate))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    assert fact(given).given_by_id == at_work.delegate.user.pk


@pytest.mark.parametrize("item", FIVE)
def test_each_of_the_five_items_is_told(office: Office, item: str) -> None:
    at_work = office.delegates(told=False)
    nothing = {"responsible": None, "right_to_speak": False}.get(item, "  ")
    with pytest.raises(ValidationError) as caught:
        tells(office.physician, at_work.dossier, **whole(office, at_work.delegate, **{item: nothing}))
    assert list(caught.value.message_dict) == [item]
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: notice"


def test_all_that_is_not_told_is_named_at_once(office: Office) -> None:
    at_work = office.delegates(told=False)
    with pytest.raises(ValidationError) as caught:
        tells(at_work.delegate, at_work.dossier, kind="delegatie", about=at_work.delegate.user)
    assert set(caught.value.message_dict) == set(FIVE)


@pytest.mark.parametrize("item", ["function", "task", "reachable"])
def test_nor_does_the_database_take_it(office: Office, item: str) -> None:
    at_work = office.delegates(told=False)
    with database_refuses(f"notice_{item}"), office.physician.acts():
        row = _row(office, at_work, open_for_notices(at_work.dossier), **{item: " "})
        row.save(force_insert=True)


def _row(office: Office, at_work: Delegation, relation: Relation, **changes: Any) -> Notice:
    said = whole(office, at_work.delegate, given_by=office.physician.user, means="gesprek", **changes)
    return Notice(
        practice=office.practice,
        relation=relation,
        **{"given_at": timezone.now() - timedelta(minutes=1)} | said,
    )


def test_told_under_another_bedrijfsarts_or_about_another_delegate_does_not_count(office: Office) -> None:
    at_work, colleague = office.delegates(told=False), office.engaged("bedrijfsarts")
    tells(office.physician, at_work.dossier, **whole(office, at_work.delegate, responsible=colleague.user))
    tells(office.physician, at_work.dossier, **whole(office, office.delegate()))
    tells(office.physician, at_work.dossier, **whole(office, at_work.delegate, kind="supervisie"))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: notice"


def test_told_to_one_employee_is_not_told_to_another(office: Office) -> None:
    at_work = office.delegates()
    other, _ = office.dossier()
    assert answer(at_work.delegate, other, WRITE) == "not yet: notice"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_a_talk_before_the_telling_is_never_recorded(office: Office) -> None:
    at_work = office.delegates(told=False)
    talk = timezone.now() - timedelta(minutes=3)
    tells(office.physician, at_work.dossier, **whole(office, at_work.delegate))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    assert not could_have_written(at_work.delegate, at_work.dossier, talk)
    assert could_have_written(at_work.delegate, at_work.dossier, timezone.now())


def test_a_moment_in_the_future_was_not_told(office: Office) -> None:
    at_work = office.delegates(told=False)
    with pytest.raises(ValidationError, match="ligt in de toekomst"):
        tells(office.physician, at_work.dossier, **whole(office, at_work.delegate, given_at=days(1)))


def test_what_was_told_is_kept_to_the_minute_beside_when_it_was_written_down(office: Office) -> None:
    at_work = office.delegates(told=False)
    given = fact(
        tells(office.physician, at_work.dossier, **whole(office, at_work.delegate, given_at=days(-1)))
    )
    assert (given.given_at.second, given.given_at.microsecond) == (0, 0)
    assert timezone.now() - given.recorded_at < timedelta(minutes=1) < timezone.now() - given.given_at


def test_what_was_told_is_never_changed_or_thrown_away(office: Office) -> None:
    at_work = office.delegates(told=False)
    given = tells(office.physician, at_work.dossier, **whole(office, at_work.delegate))
    for statement in (
        "UPDATE consent_notice SET given_at = given_at - interval '1 day' WHERE id = %s",
        "DELETE FROM consent_notice WHERE id = %s",
    ):
        with database_refuses("permission denied"), office.physician.acts():
            open_for_notices(at_work.dossier)
            sql(statement, given.pk)


def test_nobody_tells_in_the_name_of_another(office: Office) -> None:
    at_work = office.delegates(told=False)
    with database_refuses(), at_work.delegate.acts():
        _row(office, at_work, open_for_notices(at_work.dossier)).save(force_insert=True)
    with office.physician.acts():
        _row(office, at_work, open_for_notices(at_work.dossier)).save(force_insert=True)


def test_without_opening_the_dossier_nothing_is_told_or_read(office: Office) -> None:
    at_work = office.delegates()
    with database_refuses(), office.physician.acts():
        _row(office, at_work, at_work.relation).save(force_insert=True)
    with office.physician.acts():
        assert not Notice.objects.filter(relation=at_work.relation.pk).exists()
        open_for_notices(at_work.dossier)
        assert Notice.objects.filter(relation=at_work.relation.pk).count() == 1


@pytest.mark.parametrize(
    "role", ["bedrijfsarts", "gedelegeerde", "procesbewaker", "secretariaat", "casemanager"]
)
def test_who_does_not_work_on_the_dossier_tells_nothing(office: Office, role: str) -> None:
    dossier, _ = office.dossier()
    somebody = office.engaged(role)
    with pytest.raises(NotFound):
        tells(somebody, dossier, kind="waarneemgroep", about=None)
    tells(office.physician, dossier, kind="waarneemgroep", about=None)


def test_the_casemanager_of_the_employer_tells_nothing(office: Office) -> None:
    dossier, relation = office.dossier()
    casemanager = works_for_employer(office, relation)
    with pytest.raises(NotAllowed, match="no_cell"):
        tells(casemanager, dossier, kind="waarneemgroep", about=None)


@pytest.mark.parametrize("kind", ["delegatie", "waarneming", "supervisie", "tweede_bedrijfsarts"])
def test_the_administrator_tells_what_is_general_and_not_who_works_here(office: Office, kind: str) -> None:
    at_work = office.delegates(told=False)
    with database_refuses():
        tells(office.admin, at_work.dossier, **whole(office, at_work.delegate, kind=kind))
    tells(office.admin, at_work.dossier, kind="waarneemgroep", about=None)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: notice"


def test_outside_the_medical_side_one_sees_what_one_told_oneself(office: Office) -> None:
    at_work = office.delegates()
    desk = office.engaged("secretariaat")
    office.declares_secrecy(desk)
    assigns(office, "desk", desk)
    tells(desk, at_work.dossier, kind="waarneemgroep", about=None)
    with desk.acts():
        open_for_notices(at_work.dossier)
        assert {row.kind for row in Notice.objects.all()} == {"waarneemgroep"}
    with office.physician.acts():
        open_for_notices(at_work.dossier)
        assert {row.kind for row in Notice.objects.all()} == {"waarneemgroep", "delegatie"}


# --- what there is to tell --------------------------------------------------------------------------------------


def _proposed(by: Actor, dossier: UUID) -> set[tuple[str, int]]:
    with by.acts() as now:
        relation = open_for_notices(dossier)
        return {(row.kind, row.about_id) for row in proposals(capacity=now.capacity, relation=relation)}


def test_the_form_proposes_whoever_works_here_under_a_contract(office: Office) -> None:
    at_work = office.delegates()
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    other, _ = office.dossier(elsewhere)
    assert _proposed(office.physician, at_work.dossier) == {("delegatie", at_work.delegate.user.pk)}
    assert _proposed(at_work.delegate, at_work.dossier) == {("delegatie", at_work.delegate.user.pk)}
    assert _proposed(office.physician, other) == set()


def test_after_its_end_a_contract_is_not_proposed(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        contracts.end(by=office.physician.user, contract=again(at_work.contract), reason="Vertrekt.")
    assert _proposed(office.physician, at_work.dossier) == set()


def test_a_deputy_is_proposed_to_himself_and_to_the_one_he_replaces(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    assert _proposed(deputy, dossier) == {("waarneming", deputy.user.pk)}
    assert _proposed(office.physician, dossier) == {("waarneming", deputy.user.pk)}


# --- consent ----------------------------------------------------------------------------------------------------

CONSENTS = ("toestemming.read", "toestemming.write")


def records(by: Actor, dossier: UUID, relation: Relation, **said: Any) -> Consent:
    """Record a consent, on the dossier as somebody has it open."""
    with by.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        return consents.record(by=by.user, relation=again(relation), **_said() | said)


def _said() -> dict[str, Any]:
    return {
        "section": "open_spreekuur",
        "verb": "share",
        "receiver": "huisarts",
        "content": "Verslag van het gesprek.",
        "given_how": "Mondeling in het consult.",
    }


def withdraws(by: Actor, dossier: UUID, row: Consent) -> Consent:
    with by.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        return consents.withdraw(by=by.user, consent=again(row))


def seen(by: Actor, dossier: UUID) -> set[UUID]:
    with by.acts():
        Dossier.objects.open(dossier, "toestemming.read")
        return set(Consent.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("receiver", "voor welke ontvanger"),
        ("content", "voor welke inhoud"),
        ("given_how", "hoe de werknemer"),
    ],
)
def test_a_consent_names_receiver_content_and_how_it_was_given(
    office: Office, item: str, message: str
) -> None:
    dossier, relation = office.dossier()
    with pytest.raises(ValidationError, match=message) as caught:
        records(office.physician, dossier, relation, **{item: " "})
    assert list(caught.value.message_dict) == [item]
    records(office.physician, dossier, relation)


def test_a_consent_never_begins_in_the_past(office: Office) -> None:
    dossier, relation = office.dossier()
    before = timezone.now()
    row = fact(records(office.physician, dossier, relation, starts_at=days(-9)))
    assert before <= row.starts_at <= row.recorded_at <= timezone.now()
    with pytest.raises(ValidationError, match="De einddatum ligt vóór het begin"):
        records(office.physician, dossier, relation, ends_at=days(-1))


def test_a_withdrawn_consent_ends_at_once_and_is_withdrawn_once(office: Office) -> None:
    dossier, relation = office.dossier()
    row = records(office.physician, dossier, relation)
    withdrawn = fact(withdraws(office.physician, dossier, row))
    assert row.starts_at <= withdrawn.ends_at <= timezone.now()
    with pytest.raises(ValidationError, match="al geëindigd"):
        withdraws(office.physician, dossier, row)


@pytest.mark.parametrize("until", ["NULL", "now() + interval '1 year'"])
def test_withdrawn_it_is_asked_anew_and_never_revived(office: Office, until: str) -> None:
    dossier, relation = office.dossier()
    row = records(office.physician, dossier, relation)
    withdraws(office.physician, dossier, row)
    with database_refuses("consent_consent_only_shortens"), office.physician.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        sql(f"UPDATE consent_consent SET ends_at = {until} WHERE id = %s", row.pk)
    records(office.physician, dossier, relation)


def test_what_was_allowed_stays_provable(office: Office) -> None:
    dossier, relation = office.dossier()
    row = records(office.physician, dossier, relation)
    with database_refuses("consent_consent_only_shortens"), office.physician.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        sql("UPDATE consent_consent SET ends_at = now() - interval '1 hour' WHERE id = %s", row.pk)
    for change in ("receiver = 'werkgever'", "starts_at = starts_at - interval '1 year'", "verb = 'release'"):
        with database_refuses("permission denied"), office.physician.acts():
            Dossier.objects.open(dossier, *CONSENTS)
            sql(f"UPDATE consent_consent SET {change} WHERE id = %s", row.pk)
    with database_refuses("permission denied"), office.physician.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        sql("DELETE FROM consent_consent WHERE id = %s", row.pk)


def test_nobody_records_consent_in_the_name_of_another(office: Office) -> None:
    dossier, relation = office.dossier()
    deputy, _ = deputises(office)
    office.tells(dossier, "waarneming", deputy)
    with database_refuses(), deputy.acts():
        Dossier.objects.open(dossier, *CONSENTS)
        Consent(
            practice=office.practice,
            relation=again(relation),
            recorded_by=office.physician.user,
            starts_at=timezone.now(),
            **_said(),
        ).save(force_insert=True)
    records(deputy, dossier, relation)


@pytest.mark.parametrize(
    ("kind", "role", "secrecy"),
    [
        ("process", "procesbewaker", "afgeleid_beroepsgeheim"),
        ("desk", "secretariaat", "afgeleid_beroepsgeheim"),
    ],
)
def test_outside_the_medical_side_nobody_knows_that_there_is_a_consent(
    office: Office, kind: str, role: str, secrecy: str
) -> None:
    dossier, relation = office.dossier()
    records(office.physician, dossier, relation)
    somebody = office.engaged(role)
    office.declares_secrecy(somebody, secrecy)
    assigns(office, kind, somebody)
    assert answer(somebody, dossier, "team.read") == "open"
    with database_refuses("permission denied"), somebody.acts():
        Dossier.objects.open(dossier, "team.read")
        Consent.objects.exists()


def test_a_bedrijfsarts_without_the_dossier_sees_none(office: Office) -> None:
    dossier, relation = office.dossier()
    row = records(office.physician, dossier, relation)
    colleague = office.engaged("bedrijfsarts")
    with colleague.acts():
        assert not Consent.objects.filter(pk=row.pk).exists()
    with office.physician.acts():
        assert not Consent.objects.filter(pk=row.pk).exists(), "nor the physician before he opened it"
    assert seen(office.physician, dossier) == {row.pk}


def test_a_delegate_sees_no_consent_that_was_not_shared_with_him(office: Office) -> None:
    at_work = office.delegates()
    records(office.physician, at_work.dossier, at_work.relation)
    assert seen(at_work.delegate, at_work.dossier) == set()


def test_a_bedrijfsarts_for_one_purpose_sees_the_consents_he_recorded(office: Office) -> None:
    dossier, relation = office.dossier()
    records(office.physician, dossier, relation)
    other = office.engaged("bedrijfsarts")
    with other.acts():
        grounds.lay(
            kind="self_referral",
            role="bedrijfsarts_doelgebonden",
            holder=other.engagement,
            by=other.user,
            signed_at=timezone.now(),
            starts_at=timezone.now(),
            purposes=["pmo"],
            relations=[relation],
        )
    mine = records(other, dossier, relation, section="pmo")
    assert seen(other, dossier) == {mine.pk}


def test_a_delegate_without_the_task_records_no_consent(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7"))
    delegate = at_work.delegate
    with delegate.acts():
        Dossier.objects.open(at_work.dossier, *CONSENTS)
        row = {"by": delegate.user, "relation": again(at_work.relation), **_said()}
        assert not let_in(lambda: consents.record(**row))


def test_a_delegate_with_the_task_does(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7", "P3"))
    row = records(at_work.delegate, at_work.dossier, at_work.relation)
    assert Consent.objects.using(OWNER).get(pk=row.pk).recorded_by_id == at_work.delegate.user.pk


def test_a_consent_for_a_second_opinion_opens_it_and_withdrawn_it_closes(office: Office) -> None:
    dossier, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    with other.acts():
        grounds.lay(
            kind="second_opinion",
            role="second_opinionarts",
            holder=other.engagement,
            by=other.user,
            signed_at=timezone.now(),
            starts_at=timezone.now(),
            relations=[relation],
        )
    assert answer(other, dossier, "second_opinion.read") == "not yet: second_opinion_consent"
    row = records(office.physician, dossier, relation, section="second_opinion", verb="read")
    assert answer(other, dossier, "second_opinion.read") == "open"
    withdraws(office.physician, dossier, row)
    assert answer(other, dossier, "second_opinion.read") == "not yet: second_opinion_consent"


def test_a_consent_about_one_item_counts_for_that_item(office: Office) -> None:
    dossier, relation = office.dossier()
    item, other = uuid4(), uuid4()
    records(office.physician, dossier, relation, item=item, verb="release")
    withdraws(
        office.physician, dossier, records(office.physician, dossier, relation, item=other, verb="release")
    )
    with office.physician.acts(), connection.cursor() as cursor:
        Dossier.objects.open(dossier, *CONSENTS)
        cursor.execute("SELECT array_agg(k) FROM access_consented('release') k")
        assert cursor.fetchone()[0] == [item]
        cursor.execute("SELECT array_agg(k) FROM access_consented('share') k")
        assert cursor.fetchone()[0] is None
