"""Two practices in one database: of the other one nothing is there, not even that it exists.

Source: BW 7:457; Leidraad casemanagement (2019) §3.1; AVG art. 32.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from consent.models import Consent, Notice
from delegation.models import (
    Absence,
    Assignment,
    CompetenceConclusion,
    Contract,
    ContractScope,
    ContractTask,
    Deputising,
    OwnDeclaration,
    Protocol,
    ProtocolRead,
    ProtocolVersion,
    SeparationDecision,
    Supervision,
    TakeOver,
)
from delegation.proposals import for_relation
from delegation.separation import actions as separation
from directory.access.models import Ground, GroundScope, Suspension
from directory.accounts.models import User
from directory.people import actions as people
from directory.people.models import (
    Employer,
    Engagement,
    EngagementSuspension,
    Person,
    Practice,
    Professional,
    Registration,
    Relation,
    SecrecyDeclaration,
)
from dossier.models import Dossier, DossierGrant
from tests.domain.test_consent import records
from tests.domain.test_delegation import (
    WRITE,
    Delegation,
    Office,
    again,
    answer,
    database_refuses,
    days,
    fact,
    let_in,
    plain,
    sql,
)
from tests.domain.test_delegation_cover import deputises, is_away, supervises, takes_over
from tests.domain.test_people import newcomer, suspends
from tests.world import OWNER, Actor, World

ROLES = (
    "bedrijfsarts",
    "arts_onder_supervisie",
    "gedelegeerde",
    "teamlid",
    "signaleerder",
    "procesbewaker",
    "overig_a",
    "casemanager",
    "secretariaat",
    "praktijkbeheerder",
    "fg",
)
PEOPLE = (
    Practice,
    Employer,
    Person,
    Relation,
    Engagement,
    EngagementSuspension,
    Professional,
    Registration,
    SecrecyDeclaration,
)
CONTRACTS = (
    Contract,
    ContractTask,
    ContractScope,
    CompetenceConclusion,
    OwnDeclaration,
    Protocol,
    ProtocolVersion,
    ProtocolRead,
    Assignment,
    Deputising,
    Absence,
    Supervision,
    TakeOver,
    SeparationDecision,
)
GROUNDS = (Ground, GroundScope, Suspension, DossierGrant)
ABOUT_EMPLOYEES = (Notice, Consent, Dossier)
EVERYTHING = (*PEOPLE, *CONTRACTS, *GROUNDS, *ABOUT_EMPLOYEES)


@pytest.fixture(scope="module")
def here(world: World) -> tuple[Office, Delegation]:
    """A practice in which every kind of row stands."""
    office = Office.opens(world)
    at_work = office.delegates()
    records(office.physician, at_work.dossier, at_work.relation)
    is_away(office, starts_at=days(30), ends_at=days(40))
    deputises(office)
    supervises(office)
    takes_over(office, at_work)
    somebody = newcomer(office, "casemanager")
    suspends(office, somebody)
    with office.physician.acts():
        separation.decide(
            by=office.physician.user,
            user=at_work.delegate.user,
            person=plain(fact(at_work.relation).person),
            separable=False,
            reason="x",
        )
        Suspension(
            practice=office.practice,
            ground_id=at_work.contract.ground_id,
            starts_at=timezone.now(),
            ends_at=days(0.0001),
            reason="x",
            by=office.physician.user,
        ).save(force_insert=True)
    return office, at_work


def rows_of(model: Any, practice: Any) -> set[Any]:
    """Say which rows are of a practice, as the owner of the tables sees them."""
    rows = model.objects.using(OWNER)
    if model is Practice:
        return {practice.pk}
    if model is Professional:
        return set(rows.filter(user__engagements__practice=practice.pk).values_list("pk", flat=True))
    if model is Registration:
        return set(
            rows.filter(professional__user__engagements__practice=practice.pk).values_list("pk", flat=True)
        )
    return set(rows.filter(practice=practice.pk).values_list("pk", flat=True))


def seen(model: Any) -> set[Any]:
    """Say which rows whoever acts sees; a table his hat may not touch shows none."""
    found: set[Any] = set()
    let_in(lambda: found.update(model.objects.values_list("pk", flat=True)))
    return found


@pytest.fixture(scope="module", params=ROLES)
def stranger(request: pytest.FixtureRequest, world: World) -> Actor:
    """Somebody at work in the other practice."""
    actor = world.engaged(request.param, practice=world.other_practice)
    return Actor(plain(actor.user), plain(actor.engagement))


@pytest.mark.parametrize("model", EVERYTHING)
def test_of_the_other_practice_nothing_is_there(
    here: tuple[Office, Delegation], stranger: Actor, model: Any
) -> None:
    theirs = rows_of(model, here[0].practice)
    assert theirs, "there is something to see"
    with stranger.acts():
        assert not seen(model) & theirs


@pytest.mark.parametrize("model", [*PEOPLE, *CONTRACTS, *GROUNDS[:3]])
def test_in_the_practice_itself_it_is(here: tuple[Office, Delegation], model: Any) -> None:
    office, at_work = here
    by = office.admin if model is EngagementSuspension else office.physician
    with by.acts():
        Dossier.objects.open(at_work.dossier, "team.read") if by is office.physician else None
        assert seen(model) & rows_of(model, office.practice)


def test_what_is_about_an_employee_is_there_once_his_dossier_is_open(here: tuple[Office, Delegation]) -> None:
    office, at_work = here
    with office.physician.acts():
        assert [seen(model) for model in ABOUT_EMPLOYEES] == [set(), set(), set()]
        Dossier.objects.open(at_work.dossier, "kennisgeving.read", "toestemming.read", "team.read")
        assert all(seen(model) for model in ABOUT_EMPLOYEES)


def test_nor_are_its_people_by_name(here: tuple[Office, Delegation], stranger: Actor) -> None:
    office, at_work = here
    theirs = {actor.user.pk for actor in (office.physician, office.admin, at_work.delegate)}
    may_invite = stranger.engagement.role == "praktijkbeheerder"
    with stranger.acts():
        shown = set(User.objects.filter(pk__in=theirs).values_list("pk", flat=True))
    assert shown == set() or may_invite


def test_nor_its_history(here: tuple[Office, Delegation], stranger: Actor) -> None:
    office, at_work = here
    with stranger.acts():
        for row in (at_work.contract, office.employer, at_work.relation, office.physician.engagement):
            lines: list[Any] = []
            of = type(row).history.model.objects.filter(id=row.pk)
            let_in(lambda of=of, lines=lines: lines.extend(of))
            assert lines == []


def test_its_dossiers_are_not_found(here: tuple[Office, Delegation], stranger: Actor) -> None:
    office, at_work = here
    for ask in ("begeleiding.read", "team.read", "kennisgeving.write"):
        assert answer(stranger, at_work.dossier, ask) == "not found"
    assert answer(office.physician, at_work.dossier, "begeleiding.read") == "open"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_person SET city = 'x' WHERE practice_id = %s",
        "UPDATE people_relation SET department = 'x' WHERE practice_id = %s",
        "UPDATE people_employer SET name = 'x' WHERE practice_id = %s",
        "UPDATE people_engagement SET ends_at = now() WHERE practice_id = %s",
        "UPDATE people_practice SET phone = 'x' WHERE id = %s",
        "UPDATE delegation_contract SET over_maximum_reason = 'x' WHERE practice_id = %s AND signed_at IS NULL",
        "UPDATE delegation_absence SET ends_at = now() WHERE practice_id = %s",
        "UPDATE access_ground SET ends_at = now() WHERE practice_id = %s",
        "UPDATE access_suspension SET ends_at = now() WHERE practice_id = %s",
    ],
)
def test_nothing_of_it_is_changed(here: tuple[Office, Delegation], world: World, statement: str) -> None:
    office, _ = here
    for role in ("praktijkbeheerder", "bedrijfsarts"):
        somebody = world.engaged(role, practice=world.other_practice)
        touched: list[int] = []
        with somebody.acts():
            let_in(lambda touched=touched: touched.append(sql(statement, office.practice.pk)))
        assert touched in ([], [0])


def test_nothing_is_added_to_it(here: tuple[Office, Delegation], world: World) -> None:
    office, at_work = here
    elsewhere = Office.opens(world, world.other_practice)
    for row in (
        Employer(practice=office.practice, name="x"),
        Person(practice=office.practice, initials="x", surname="x", birth_date=timezone.localdate()),
        Relation(
            practice=office.practice,
            person_id=at_work.relation.person_id,
            kind="private",
            starts_on=timezone.localdate(),
        ),
        Engagement(
            practice=office.practice,
            user=elsewhere.admin.user,
            role="praktijkbeheerder",
            side="admin",
            starts_at=timezone.now(),
        ),
        Absence(practice=office.practice, physician=office.physician.engagement, starts_at=days(90)),
    ):
        with database_refuses(), elsewhere.admin.acts():
            row.save(force_insert=True)


def test_who_works_in_both_sees_in_each_capacity_what_is_there(world: World) -> None:
    one, two = Office.opens(world), Office.opens(world, world.other_practice)
    desk = one.engaged("secretariaat")
    there = world.engaged("secretariaat", practice=world.other_practice, user=fact(desk.user))
    abroad = Actor(plain(there.user), plain(there.engagement))
    with desk.acts():
        assert one.employer.pk in seen(Employer)
        assert two.employer.pk not in seen(Employer)
    with abroad.acts():
        assert one.employer.pk not in seen(Employer)
        assert two.employer.pk in seen(Employer)


def test_a_delegate_of_two_practices_works_under_two_contracts(world: World) -> None:
    one, two = Office.opens(world), Office.opens(world, world.other_practice)
    first = one.delegates()
    there = world.engaged("gedelegeerde", practice=world.other_practice, user=fact(first.delegate.user))
    abroad = Actor(plain(there.user), plain(there.engagement))
    two.declares_secrecy(abroad)
    second = two.delegates(delegate=abroad)
    assert answer(first.delegate, first.dossier, WRITE) == "open"
    assert answer(abroad, second.dossier, WRITE) == "open"
    assert answer(abroad, first.dossier, WRITE) == "not found"
    assert answer(first.delegate, second.dossier, WRITE) == "not found"


def test_a_notice_form_proposes_nobody_of_another_practice(
    here: tuple[Office, Delegation], world: World
) -> None:
    _, at_work = here
    stranger = world.engaged("bedrijfsarts", practice=world.other_practice)
    with stranger.acts() as now:
        assert for_relation(capacity=now.capacity, relation=at_work.relation) == []


def test_the_employer_side_sees_of_the_staff_who_the_bedrijfsarts_is(here: tuple[Office, Delegation]) -> None:
    office, at_work = here
    casemanager = office.engaged("casemanager")
    with casemanager.acts():
        shown = set(Engagement.objects.values_list("role", flat=True))
        assert shown <= {"bedrijfsarts", "casemanager"}
        assert set(Engagement.objects.filter(role="casemanager").values_list("pk", flat=True)) == {
            casemanager.engagement.pk
        }
        assert not User.objects.filter(pk=at_work.delegate.user.pk).exists()
    with office.engaged("procesbewaker").acts():
        assert User.objects.filter(pk=at_work.delegate.user.pk).exists()


def test_a_person_of_somebody_else_s_client_is_not_found_by_a_bedrijfsarts(
    here: tuple[Office, Delegation],
) -> None:
    office, at_work = here
    colleague = office.engaged("bedrijfsarts")
    with colleague.acts():
        assert not Person.objects.filter(pk=at_work.relation.person_id).exists()
    with office.physician.acts():
        assert Person.objects.filter(pk=at_work.relation.person_id).exists()
    with office.admin.acts():
        people.end_relation(relation=again(at_work.relation), ends_on=days(900).date(), by=office.admin.user)
