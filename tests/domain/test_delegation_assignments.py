"""Assignments: the written reason on which the roles beside delegation rest, and when two of them cannot go together.

Source: Leidraad casemanagement (2019) §1.2, §2.3.2, §3.1, §3.3 and §3.4; Arbowet art. 14 lid 4.
"""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from delegation.assignments import actions as assignments
from delegation.models import Assignment, SeparationDecision
from delegation.separation import actions as separation
from directory.access.models import Ground
from directory.access.refusals import NotAllowed, NotYet
from directory.people import actions as people
from directory.people.models import Relation
from dossier.models import DossierGrant
from tests.domain.test_delegation import (
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
from tests.domain.test_delegation_reach import gives_up_client
from tests.world import OWNER, Actor, World

__all__ = ["office"]

# kind of assignment → role, secrecy, what it opens
UNDER_PHYSICIAN = {
    "process": ("procesbewaker", "afgeleid_beroepsgeheim", "proces.write"),
    "signal": ("signaleerder", "signalering", "signaal.write"),
    "desk": ("secretariaat", "afgeleid_beroepsgeheim", "agenda.write"),
    "team": ("teamlid", "afgeleid_beroepsgeheim", "team.read"),
}


def assigns(office: Office, kind: str, holder: Actor, by: Actor | None = None, **more: Any) -> Assignment:
    """Write an assignment down; it says everything its kind asks, unless something else is said."""
    by = by or office.physician
    said: dict[str, Any] = {"tasks": "Termijnen bewaken.", "facilities": "Een dag per week."}
    if kind in UNDER_PHYSICIAN:
        said["responsible"] = office.physician.engagement
    if kind in ("employer", "reintegration"):
        said |= {"principal": "De directie.", "document_reference": "Brief van de directie."}
        said["employer"] = office.employer
    with by.acts():
        return assignments.assign(by=by.user, kind=kind, holder=holder.engagement, **said | more)


def accepts(by: Actor, row: Assignment) -> Assignment:
    with by.acts():
        return assignments.accept(by=by.user, assignment=again(row))


def ends(by: Actor, row: Assignment, reason: str = "De opdracht is klaar.") -> None:
    with by.acts():
        assignments.end(by=by.user, assignment=again(row), reason=reason)


def works_for_employer(office: Office, relation: Relation, holder: Actor | None = None) -> Actor:
    """A casemanager of the employer, assigned in writing to this employee."""
    holder = holder or office.engaged("casemanager")
    office.declares_secrecy(holder, "avg_geheimhouding")
    assigns(office, "employer", holder, by=office.admin, relation=relation)
    return holder


# --- under the bedrijfsarts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", UNDER_PHYSICIAN)
def test_what_the_administrator_prepared_counts_once_the_bedrijfsarts_accepts_it(
    office: Office, kind: str
) -> None:
    role, secrecy, ask = UNDER_PHYSICIAN[kind]
    holder, (dossier, _) = office.engaged(role), office.dossier()
    for declared in {secrecy, "afgeleid_beroepsgeheim"}:
        office.declares_secrecy(holder, declared)
    row = assigns(office, kind, holder, by=office.admin)
    assert fact(row).ground is None
    assert answer(holder, dossier, ask) == "not found"
    with pytest.raises(NotAllowed, match="who_accepts_assignment"):
        accepts(office.admin, row)
    accepts(office.physician, row)
    assert answer(holder, dossier, ask) == "open"
    assert fact(row).accepted_by_id == office.physician.user.pk


@pytest.mark.parametrize("kind", UNDER_PHYSICIAN)
def test_the_bedrijfsarts_accepts_by_writing_it_down_himself(office: Office, kind: str) -> None:
    role, secrecy, _ = UNDER_PHYSICIAN[kind]
    holder = office.engaged(role)
    office.declares_secrecy(holder, secrecy)
    row = fact(assigns(office, kind, holder))
    assert row.accepted_by_id == row.prepared_by_id == office.physician.user.pk
    assert row.ground.responsible_id == office.physician.engagement.pk


@pytest.mark.parametrize("kind", UNDER_PHYSICIAN)
def test_it_is_not_accepted_before_the_holder_himself_declared_secrecy(office: Office, kind: str) -> None:
    role, secrecy, _ = UNDER_PHYSICIAN[kind]
    holder = office.engaged(role)
    row = assigns(office, kind, holder, by=office.admin)
    with pytest.raises(ValidationError, match="Nog niet getekend"):
        accepts(office.physician, row)
    office.declares_secrecy(holder, "avg_geheimhouding")
    with pytest.raises(ValidationError, match="Nog niet getekend"):
        accepts(office.physician, row)
    office.declares_secrecy(holder, secrecy)
    accepts(office.physician, row)


@pytest.mark.parametrize("kind", UNDER_PHYSICIAN)
def test_a_bedrijfsarts_accepts_nothing_under_a_colleague(office: Office, kind: str) -> None:
    role, secrecy, _ = UNDER_PHYSICIAN[kind]
    holder, colleague = office.engaged(role), office.engaged("bedrijfsarts")
    office.declares_secrecy(holder, secrecy)
    row = assigns(office, kind, holder, by=colleague)
    assert fact(row).accepted_at is None
    with pytest.raises(NotAllowed, match="who_accepts_assignment"):
        accepts(colleague, row)
    with colleague.acts():
        accept = "UPDATE delegation_assignment SET accepted_at = now(), accepted_by_id = %s WHERE id = %s"
        assert sql(accept, colleague.user.pk, row.pk) == 0
    accepts(office.physician, row)


@pytest.mark.parametrize("name", ["his own", "the physician's"])
def test_nor_does_the_administrator_past_the_action(office: Office, name: str) -> None:
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    row = assigns(office, "process", holder, by=office.admin)
    ground = office.world.ground(
        "custody", "dossierbewaarder", _of_world(holder), given_by=fact(office.admin.user)
    )
    in_whose_name = office.admin if name == "his own" else office.physician
    forged = "UPDATE delegation_assignment SET accepted_at = now(), accepted_by_id = %s, ground_id = %s WHERE id = %s"
    if name == "his own":
        with office.admin.acts():
            sql(forged, in_whose_name.user.pk, ground.pk, row.pk)
        dossier, _ = office.dossier()
        assert answer(holder, dossier, "proces.write") == "not found", "his word lays no ground of that kind"
    else:
        with database_refuses("delegation_assignment_accepted_himself"), office.admin.acts():
            sql(forged, in_whose_name.user.pk, ground.pk, row.pk)


def _of_world(actor: Actor) -> Actor:
    return Actor(fact(actor.user), fact(actor.engagement))


def test_an_assignment_under_the_bedrijfsarts_reaches_his_dossiers_and_new_ones_too(office: Office) -> None:
    first, _ = office.dossier()
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(colleague, client)
    other, _ = office.dossier(client, by=colleague)
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    row = assigns(office, "process", holder)
    second, _ = office.dossier()
    grants = DossierGrant.objects.using(OWNER).filter(ground=row.ground_id)
    assert set(grants.values_list("content_object", flat=True)) == {first, second}
    assert answer(holder, other, "proces.read") == "not found"


def test_a_dossier_of_a_voluntary_contact_it_never_reaches(office: Office) -> None:
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    assigns(office, "process", holder)
    dossier = office.founds(relation := office.employee(), process=False)
    assert answer(holder, dossier, "team.read") == "not found"
    office.founds(relation)
    assert answer(holder, dossier, "team.read") == "open"


def test_an_assignment_may_be_for_one_employee(office: Office) -> None:
    (dossier, relation), (other, _) = office.dossier(), office.dossier()
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    assigns(office, "process", holder, relation=relation)
    assert answer(holder, dossier, "proces.write") == "open"
    assert answer(holder, other, "proces.write") == "not found"


def test_a_desk_closes_with_its_bedrijfsarts(office: Office) -> None:
    dossier, _ = office.dossier()
    holder = office.engaged("secretariaat")
    office.declares_secrecy(holder)
    assigns(office, "desk", holder)
    assert answer(holder, dossier, "agenda.write") == "open"
    gives_up_client(office)
    assert answer(holder, dossier, "agenda.write") == "not yet: team_physician"


@pytest.mark.parametrize("secrecy", ["afgeleid_beroepsgeheim", "signalering"])
def test_who_signals_declared_both_secrecies(office: Office, secrecy: str) -> None:
    dossier, _ = office.dossier()
    holder = office.engaged("signaleerder")
    office.declares_secrecy(holder, "signalering")
    assigns(office, "signal", holder)
    assert answer(holder, dossier, "signaal.write") == "not yet: secrecy"
    office.declares_secrecy(holder)
    assert answer(holder, dossier, "signaal.write") == "open"
    declared = people.SecrecyDeclaration.objects.using(OWNER).get(user=holder.user.pk, kind=secrecy)
    with office.admin.acts():
        assert sql("UPDATE people_secrecydeclaration SET ends_at = now() WHERE id = %s", declared.pk) == 1
    code = {"afgeleid_beroepsgeheim": "secrecy", "signalering": "signal_secrecy"}[secrecy]
    assert answer(holder, dossier, "signaal.write") == f"not yet: {code}"


@pytest.mark.parametrize(
    ("kind", "without", "message"),
    [
        ("process", {"tasks": " "}, "welke taken bij deze opdracht horen"),
        ("process", {"facilities": ""}, "hoe de casemanager wordt gefaciliteerd"),
        ("signal", {"facilities": ""}, "hoe de casemanager wordt gefaciliteerd"),
        ("desk", {"responsible": None}, "Kies de bedrijfsarts onder wie"),
        ("team", {"responsible": None}, "Kies de bedrijfsarts onder wie"),
    ],
)
def test_what_an_assignment_must_say(
    office: Office, kind: str, without: dict[str, Any], message: str
) -> None:
    holder = office.engaged(UNDER_PHYSICIAN[kind][0])
    with pytest.raises(ValidationError, match=message):
        assigns(office, kind, holder, by=office.admin, **without)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("process", "casemanager"),
        ("signal", "procesbewaker"),
        ("team", "gedelegeerde"),
        ("employer", "procesbewaker"),
    ],
)
def test_an_assignment_is_for_the_role_it_is_about(office: Office, kind: str, role: str) -> None:
    _, relation = office.dossier()
    with pytest.raises(ValidationError, match="Deze opdracht is voor"):
        assigns(office, kind, office.engaged(role), by=office.admin, relation=relation)


@pytest.mark.parametrize("role", ["gedelegeerde", "procesbewaker", "secretariaat", "casemanager", "fg"])
def test_nobody_else_assigns(office: Office, role: str) -> None:
    somebody, holder = office.engaged(role), office.engaged("procesbewaker")
    with pytest.raises(NotAllowed, match="who_assigns"):
        assigns(office, "process", holder, by=somebody)
    with database_refuses(), somebody.acts():
        Assignment(
            practice=office.practice,
            kind="process",
            holder=holder.engagement,
            responsible=office.physician.engagement,
            tasks="x",
            facilities="x",
            starts_at=timezone.now(),
            prepared_by=somebody.user,
        ).save(force_insert=True)


def test_to_somebody_of_another_practice_nothing_is_assigned(office: Office, world: World) -> None:
    stranger = world.engaged("procesbewaker", practice=world.other_practice)
    with pytest.raises((ValidationError, NotAllowed)):
        assigns(office, "process", Actor(plain(stranger.user), plain(stranger.engagement)))
    holder = office.engaged("procesbewaker")
    abroad = world.engaged("bedrijfsarts", practice=world.other_practice)
    with pytest.raises(ValidationError, match="van deze praktijk"):
        assigns(office, "process", holder, by=office.admin, responsible=plain(abroad.engagement))


def test_an_assignment_is_accepted_once_and_ended_once_by_who_accepted_it(office: Office) -> None:
    dossier, _ = office.dossier()
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    row = assigns(office, "process", holder)
    with pytest.raises(NotYet, match="already_accepted"):
        accepts(office.physician, row)
    for somebody in (office.admin, office.engaged("bedrijfsarts")):
        with pytest.raises(NotAllowed, match="who_ends_assignment"):
            ends(somebody, row)
    with pytest.raises(ValidationError, match="Vul de reden in"):
        ends(office.physician, row, reason=" ")
    assert answer(holder, dossier, "proces.read") == "open"
    ends(office.physician, row)
    assert answer(holder, dossier, "proces.read") == "not found"
    with pytest.raises(NotYet, match="already_ended"):
        ends(office.physician, row)


def test_what_was_not_accepted_cannot_be_ended(office: Office) -> None:
    row = assigns(office, "process", office.engaged("procesbewaker"), by=office.admin)
    with pytest.raises(NotYet, match="not_accepted"):
        ends(office.physician, row)


def test_what_an_assignment_says_is_never_rewritten(office: Office) -> None:
    row = assigns(office, "process", office.engaged("procesbewaker"), by=office.admin)
    for somebody in (office.physician, office.admin):
        for change in ("tasks = 'alles'", "holder_id = responsible_id", "ends_at = now()", "kind = 'client'"):
            with database_refuses("permission denied"), somebody.acts():
                sql(f"UPDATE delegation_assignment SET {change} WHERE id = %s", row.pk)


# --- on the side of the employer --------------------------------------------------------------------------------


def test_a_casemanager_works_for_the_employee_he_is_assigned_to_by_name(office: Office) -> None:
    (dossier, relation), (colleague, _) = office.dossier(), office.dossier()
    holder = works_for_employer(office, relation)
    assert answer(holder, dossier, "werkgeverdeel.write") == "open"
    assert answer(holder, dossier, "begeleiding.read") == "no: no_medical"
    assert answer(holder, dossier, "proces.read") == "no: no_cell"
    assert answer(holder, colleague, "werkgeverdeel.read") == "not found"


def test_to_a_whole_company_nobody_is_assigned(office: Office) -> None:
    holder = office.engaged("casemanager")
    office.declares_secrecy(holder, "avg_geheimhouding")
    with pytest.raises(ValidationError, match="geldt een opdracht per werknemer"):
        assigns(office, "employer", holder, by=office.admin)
    with database_refuses("assignment_named_employee"), office.admin.acts():
        Assignment(
            practice=office.practice,
            kind="employer",
            holder=holder.engagement,
            employer=office.employer,
            tasks="x",
            facilities="x",
            principal="x",
            document_reference="x",
            starts_at=timezone.now(),
            prepared_by=office.admin.user,
        ).save(force_insert=True)


@pytest.mark.parametrize("without", ["principal", "document_reference"])
def test_it_names_who_gave_it_and_where_it_is_written(office: Office, without: str) -> None:
    _, relation = office.dossier()
    with pytest.raises(ValidationError, match="wie de opdracht gaf en waar"):
        assigns(
            office,
            "employer",
            office.engaged("casemanager"),
            by=office.admin,
            relation=relation,
            **{without: " "},
        )


def test_the_practice_accepts_it_and_the_bedrijfsarts_does_not(office: Office) -> None:
    dossier, relation = office.dossier()
    holder = office.engaged("casemanager")
    office.declares_secrecy(holder, "avg_geheimhouding")
    row = assigns(office, "employer", holder, relation=relation)
    assert fact(row).accepted_at is None
    with pytest.raises(NotAllowed, match="who_accepts_assignment"):
        accepts(office.physician, row)
    with database_refuses(), office.physician.acts():
        Ground(
            practice=office.practice,
            kind="employer_assignment",
            role="casemanager",
            holder=holder.engagement,
            given_by=office.physician.user,
            signed_at=timezone.now(),
            starts_at=timezone.now(),
        ).save(force_insert=True)
    accepts(office.admin, row)
    assert answer(holder, dossier, "werkgeverdeel.read") == "open"


def test_when_the_employment_ends_so_does_the_work_for_the_employer(office: Office) -> None:
    dossier, relation = office.dossier()
    holder = works_for_employer(office, relation)
    with office.admin.acts():
        people.end_relation(relation=again(relation), ends_on=timezone.localdate(), by=office.admin.user)
    assert answer(holder, dossier, "werkgeverdeel.read") == "not yet: employment_ended"
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


def test_a_company_for_reintegration_starts_when_the_employee_knows(office: Office) -> None:
    dossier, relation = office.dossier()
    holder = office.engaged("overig_b")
    office.declares_secrecy(holder, "avg_geheimhouding")
    assigns(office, "reintegration", holder, by=office.admin, relation=relation)
    assert answer(holder, dossier, "werkgeverdeel.write") == "not yet: employee_not_informed"
    office.tells(dossier, "reintegratie", holder)
    assert answer(holder, dossier, "werkgeverdeel.write") == "open"


# --- for a client -----------------------------------------------------------------------------------------------


def test_a_client_the_administrator_prepared_counts_once_the_bedrijfsarts_himself_accepts(
    office: Office,
) -> None:
    physician, client = office.engaged("bedrijfsarts"), office.client()
    row = assigns(office, "client", physician, by=office.admin, employer=client)
    dossier = office.founds(office.employee(client))
    assert answer(physician, dossier, "begeleiding.read") == "not found"
    for somebody in (office.admin, office.physician):
        with pytest.raises(NotAllowed, match="who_accepts_assignment"):
            accepts(somebody, row)
    accepts(physician, row)
    assert answer(physician, dossier, "begeleiding.read") == "open"


def test_nobody_gives_a_client_to_a_bedrijfsarts_past_him(office: Office) -> None:
    physician = office.engaged("bedrijfsarts")
    for somebody in (office.admin, office.physician):
        for kind in ("client_assignment", "transfer"):
            with database_refuses(), somebody.acts():
                Ground(
                    practice=office.practice,
                    kind=kind,
                    role="bedrijfsarts",
                    holder=physician.engagement,
                    given_by=somebody.user,
                    signed_at=timezone.now(),
                    starts_at=timezone.now(),
                ).save(force_insert=True)


def test_a_second_bedrijfsarts_waits_for_a_role_division_that_was_told(office: Office) -> None:
    dossier, _ = office.dossier()
    second = office.engaged("bedrijfsarts")
    office.takes_on(second, office.employer)
    assert answer(second, dossier, "begeleiding.read") == "not yet: role_division"
    office.tells(dossier, "tweede_bedrijfsarts", second)
    assert answer(second, dossier, "begeleiding.read") == "not yet: role_division", "told, and not divided"
    third = office.engaged("bedrijfsarts")
    office.takes_on(third, office.employer, role_division="Collega doet de spreekuren op vrijdag.")
    assert answer(third, dossier, "begeleiding.read") == "not yet: role_division", "divided, and not told"
    office.tells(dossier, "tweede_bedrijfsarts", third)
    assert answer(third, dossier, "begeleiding.read") == "open"
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


def test_the_second_bedrijfsarts_cannot_do_the_telling_himself(office: Office) -> None:
    dossier, _ = office.dossier()
    second = office.engaged("bedrijfsarts")
    office.takes_on(second, office.employer, role_division="Ik doe alles.")
    assert answer(second, dossier, "kennisgeving.write") == "not yet: role_division"


def test_nor_does_the_administrator_for_him(office: Office) -> None:
    """Who is both would else take the dossier of a colleague alone: a general text is all the practice tells."""
    dossier, _ = office.dossier()
    second = office.engaged("bedrijfsarts")
    office.takes_on(second, office.employer, role_division="Ik doe alles.")
    with database_refuses():
        office.tells(dossier, "tweede_bedrijfsarts", second, by=office.admin)
    assert answer(second, dossier, "begeleiding.read") == "not yet: role_division"
    office.tells(dossier, "waarneemgroep", None, by=office.admin)


def test_custody_is_for_one_request_with_an_end(office: Office) -> None:
    dossier, relation = office.dossier()
    keeper = office.engaged("dossierbewaarder")
    row = {"by": office.admin, "relation": relation}
    with pytest.raises(ValidationError, match="Bewaring loopt voor één verzoek"):
        assigns(office, "custody", keeper, **row)
    gives_up_client(office)
    soon = timezone.now() + timedelta(seconds=2)
    assigns(office, "custody", keeper, **row, ends_at=soon)
    assert answer(keeper, dossier, "begeleiding.read") == "open"
    sleep(max(0, (soon - timezone.now()).total_seconds()))
    assert answer(keeper, dossier, "begeleiding.read") == "not found"


# --- two hats ---------------------------------------------------------------------------------------------------


def two_hats(office: Office) -> tuple[Actor, Actor, UUID, Relation]:
    """One person, told and in good standing, under the bedrijfsarts and for the employer of the same employee."""
    at_work = office.delegates()
    other_hat = office.world.engaged(
        "casemanager", practice=fact(office.practice), user=fact(at_work.delegate.user)
    )
    employer_side = works_for_employer(
        office, at_work.relation, Actor(plain(other_hat.user), plain(other_hat.engagement))
    )
    return at_work.delegate, employer_side, at_work.dossier, at_work.relation


def decides(office: Office, user: Actor, relation: Relation, separable: bool, **more: Any) -> Any:
    by = more.pop("by", office.physician)
    said = {"reason": "Verschillende dagen.", "boundaries": "Geen verslag in beide."} | more
    with by.acts():
        person = plain(fact(relation).person)  # as the page has it, on which he chose him
        return separation.decide(by=by.user, user=user.user, person=person, separable=separable, **said)


HATS = (WRITE, "werkgeverdeel.read")


def both(pair: tuple[Actor, Actor], dossier: UUID) -> tuple[str, str]:
    return answer(pair[0], dossier, HATS[0]), answer(pair[1], dossier, HATS[1])


def test_two_hats_on_one_employee_are_both_blocked_until_the_bedrijfsarts_decided(office: Office) -> None:
    under, beside, dossier, relation = two_hats(office)
    assert both((under, beside), dossier) == ("not yet: two_hats", "not yet: two_hats")
    decides(office, under, relation, separable=True)
    assert both((under, beside), dossier) == ("open", "open")


def test_cannot_be_kept_apart_blocks_both(office: Office) -> None:
    under, beside, dossier, relation = two_hats(office)
    decides(office, under, relation, separable=True)
    decides(office, under, relation, separable=False, boundaries="")
    assert both((under, beside), dossier) == ("not yet: two_hats", "not yet: two_hats")


def test_when_one_hat_is_put_down_the_other_goes_on(office: Office) -> None:
    under, beside, dossier, _ = two_hats(office)
    row = Assignment.objects.using(OWNER).get(holder=beside.engagement.pk)
    ends(office.admin, plain(row))
    assert both((under, beside), dossier) == ("open", "not found")


def test_two_hats_on_two_employees_are_no_matter(office: Office) -> None:
    at_work = office.delegates()
    other_hat = office.world.engaged(
        "casemanager", practice=fact(office.practice), user=fact(at_work.delegate.user)
    )
    beside = Actor(plain(other_hat.user), plain(other_hat.engagement))
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    other, relation = office.dossier(elsewhere)
    office.declares_secrecy(beside, "avg_geheimhouding")
    assigns(office, "employer", beside, by=office.admin, relation=relation, employer=elsewhere)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    assert answer(beside, other, "werkgeverdeel.read") == "open"


def test_two_hats_at_two_employers_of_the_same_person_are_two_hats_all_the_same(office: Office) -> None:
    at_work = office.delegates()
    other_hat = office.world.engaged(
        "casemanager", practice=fact(office.practice), user=fact(at_work.delegate.user)
    )
    beside = Actor(plain(other_hat.user), plain(other_hat.engagement))
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    relation = office.employee(elsewhere, person=plain(fact(at_work.relation).person))
    other = office.founds(relation)
    office.declares_secrecy(beside, "avg_geheimhouding")
    assigns(office, "employer", beside, by=office.admin, relation=relation, employer=elsewhere)
    assert answer(beside, other, "werkgeverdeel.read") == "not yet: two_hats"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: two_hats"


def test_a_decision_about_one_says_nothing_about_another(office: Office) -> None:
    one, two = two_hats(office), two_hats(office)
    decides(office, one[0], one[3], separable=True)
    decides(office, one[0], two[3], separable=True)
    assert both(one[:2], one[2]) == ("open", "open")
    assert both(two[:2], two[2]) == ("not yet: two_hats", "not yet: two_hats")


@pytest.mark.parametrize(
    "role", ["praktijkbeheerder", "arts_onder_supervisie", "procesbewaker", "secretariaat"]
)
def test_only_a_bedrijfsarts_decides_about_two_hats(office: Office, role: str) -> None:
    under, beside, dossier, relation = two_hats(office)
    for somebody in (under, beside, office.engaged(role)):
        with pytest.raises(NotAllowed, match="only_physician_separates"):
            decides(office, under, relation, separable=True, by=somebody)
        with database_refuses(), somebody.acts():
            _decision(office, under, relation, somebody).save(force_insert=True)
    assert both((under, beside), dossier) == ("not yet: two_hats", "not yet: two_hats")
    with office.physician.acts():
        _decision(office, under, relation, office.physician).save(force_insert=True)
    assert both((under, beside), dossier) == ("open", "open")


def _decision(office: Office, user: Actor, relation: Relation, by: Actor) -> SeparationDecision:
    return SeparationDecision(
        practice=office.practice,
        user=user.user,
        person_id=relation.person_id,
        decided_by=by.user,
        separable=True,
        reason="x",
        boundaries="x",
        starts_at=timezone.now(),
    )


def test_a_decision_says_why_and_where_the_boundary_is(office: Office) -> None:
    under, _, _, relation = two_hats(office)
    with pytest.raises(ValidationError, match="waarom u zo besluit"):
        decides(office, under, relation, separable=True, reason=" ")
    with pytest.raises(ValidationError, match="hoe de grens"):
        decides(office, under, relation, separable=True, boundaries=" ")


def test_one_decision_stands_at_a_time_and_an_ended_one_is_not_revived(office: Office) -> None:
    under, beside, dossier, relation = two_hats(office)
    first = decides(office, under, relation, separable=True)
    decides(office, under, relation, separable=False)
    with database_refuses("separation_no_overlap"), office.physician.acts():
        _decision(office, under, relation, office.physician).save(force_insert=True)
    with database_refuses("delegation_separation_only_shortens"), office.physician.acts():
        sql("UPDATE delegation_separationdecision SET ends_at = NULL WHERE id = %s", first.pk)
    with database_refuses("permission denied"), office.physician.acts():
        sql(
            "UPDATE delegation_separationdecision SET separable = true WHERE person_id = %s",
            relation.person_id,
        )
    assert both((under, beside), dossier) == ("not yet: two_hats", "not yet: two_hats")


def test_an_assignment_for_next_month_is_no_second_hat_today(office: Office) -> None:
    at_work = office.delegates()
    other_hat = office.world.engaged(
        "casemanager", practice=fact(office.practice), user=fact(at_work.delegate.user)
    )
    beside = Actor(plain(other_hat.user), plain(other_hat.engagement))
    office.declares_secrecy(beside, "avg_geheimhouding")
    assigns(office, "employer", beside, by=office.admin, relation=at_work.relation, starts_at=days(30))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
