"""Who may what, told as cases from practice: facts arranged by hand, one question, one answer written beforehand.

Every scenario is one builder with one `if`. The fact of that `if` is all that differs between the answer that refuses
and the one that allows, so a refusal is never right for another reason than the one it names. The builder yields its
questions; whatever it changes between two of them has happened when the second is asked.

`expected` is what the professionals who wrote the cases down said: allow, allow_with_condition, deny, or require (first
something else has to happen). A deny is "mag niet" or "nog niet" with its code, a require always "nog niet".
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from delegation.models import (
    Absence,
    CompetenceConclusion,
    Contract,
    ContractTask,
    OwnDeclaration,
    Protocol,
    ProtocolRead,
    ProtocolVersion,
    SeparationDecision,
    TakeOver,
    Task,
)
from directory.access.models import GroundScope
from directory.people.models import Employer, Practice
from dossier.medical.models import MedicalRecord
from dossier.models import Dossier, Share
from tests.world import DELEGATED, OWNER, Actor, Case, World

# --- questions and answers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One of the four answers, with the code of a refusal or the condition of a permission."""

    answer: str
    code: str = ""
    condition: str = ""


def deny(code: str) -> Answer:
    return Answer("deny", code)


def not_yet(code: str) -> Answer:
    return Answer("not_yet", code)


ALLOW = Answer("allow")
DELEGATED_ACT = Answer("allow_with_condition", condition="Onder taakdelegatie van de bedrijfsarts.")
TEAM_ACT = Answer("allow_with_condition", condition="Alleen wat voor het werk is gedeeld.")
CODED_ACT = Answer(
    "allow_with_condition", condition="Gecodeerd, onder geheimhouding, buiten het procesdossier."
)
SUPERVISED_ACT = Answer(
    "allow_with_condition",
    condition="Onder supervisie van de bedrijfsarts; de supervisor krijgt dit ter beoordeling.",
)
NO_SUCH_PAGE = deny("no_grant")
NOT_THIS_ROLE = deny("no_cell")
NOTHING_MEDICAL = deny("no_medical")


@dataclass(frozen=True)
class Question:
    """May this person do this here, at this moment? `answer` is set where a scenario asks several things."""

    actor: Actor
    section: str
    verb: str
    dossier: Dossier | None = None
    task: str | None = None
    record: uuid.UUID | None = None
    at: datetime | None = None
    answer: Answer | None = None

    def but(self, answer: Answer, **values: Any) -> Question:
        """The same question about something else, with an answer of its own."""
        return replace(self, answer=answer, **values)


def ask(case: Case, section: str, verb: str, **values: Any) -> Question:
    return Question(case.actor, section, verb, dossier=case.dossier, **values)


Builder = Callable[[World, bool], Iterator[Question]]


@dataclass(frozen=True)
class Scenario:
    """A case with both its answers: with the fact that matters, and without it."""

    code: str
    expected: str
    given: Answer
    without: Answer
    build: Builder


SCENARIOS: list[Scenario] = []
WAITING: dict[str, str] = {}


def scenario(
    *codes: str, expected: str, given: Answer, without: Answer, waits: str = ""
) -> Callable[[Builder], Builder]:
    """Register a builder. `given` and `without` are the answers with and without its one fact.

    `waits` names what the product cannot do yet; take it away once it can.
    """

    def register(build: Builder) -> Builder:
        if waits:
            WAITING.update(dict.fromkeys(codes, waits))
        else:
            SCENARIOS.extend(Scenario(code, expected, given, without, build) for code in codes)
        return build

    return register


# --- facts that the world does not know by itself -----------------------------------------------------------


def take_away(row: Any) -> None:
    row.delete(using=OWNER)


def task_of(code: str, edition: str = "2018") -> Task:
    return Task.objects.using(OWNER).get(edition_id=edition, code=code)


def conclusion(case: Case, code: str) -> CompetenceConclusion:
    return CompetenceConclusion.objects.using(OWNER).get(delegate=case.actor.user, task=task_of(code))


def declaration(case: Case, code: str) -> OwnDeclaration:
    return OwnDeclaration.objects.using(OWNER).get(user=case.actor.user, task=task_of(code))


def delegation(
    world: World,
    *,
    actor: Actor | None = None,
    tasks: tuple[str, ...] = DELEGATED,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    accepted: bool = True,
) -> Case:
    """Arrange a delegate on a dossier, with another contract than the ordinary one of `world.case`."""
    base = world.case("bedrijfsarts")
    actor = actor or world.engaged("gedelegeerde")
    ground = world.ground(
        "contract",
        "gedelegeerde",
        actor,
        base.dossier,
        responsible=base.actor,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    case = Case("gedelegeerde", actor, base.dossier, ground, base.actor)
    case.facts["secrecy"] = world.secrecy(actor, "afgeleid_beroepsgeheim")
    case.facts["contract"] = world.contract(ground, actor, base.actor, tasks, accepted)
    case.facts["notice"] = world.notice(base.dossier, "delegatie", actor.user, base.actor.user)
    return case


def vaccination(world: World) -> Case:
    """Arrange a nurse who vaccinates under the task list of the practice itself."""
    base = world.case("bedrijfsarts")
    nurse = world.engaged("gedelegeerde")
    world.registered(nurse.user, "big_verpleegkundige")
    world.secrecy(nurse, "afgeleid_beroepsgeheim")
    world.notice(base.dossier, "delegatie", nurse.user, base.actor.user)
    ground = world.ground("contract", "gedelegeerde", nurse, base.dossier, responsible=base.actor)
    practice, task = ground.practice, task_of("V1", "praktijk")
    protocol = world.make(Protocol, practice=practice, name=f"Vaccineren {next(world.numbers)}")
    contract = world.make(
        Contract,
        practice=practice,
        ground=ground,
        edition_id="praktijk",
        delegate=nurse.engagement,
        physician=base.actor.engagement,
        starts_at=ground.starts_at,
        ends_at=ground.starts_at + timedelta(days=1200),
        supervision_plan="na elk spreekuur",
        consultation_interval=1,
        protocol=protocol,
        drafted_by=base.actor.user,
        drafted_at=ground.starts_at,
        signed_by=base.actor.user,
        signed_at=ground.signed_at,
        accepted_by=nurse.user,
        accepted_at=ground.signed_at,
    )
    world.make(ContractTask, practice=practice, contract=contract, task=task)
    world.competent(nurse, base.actor, task)
    return Case("gedelegeerde", nurse, base.dossier, ground, base.actor)


def deputy(world: World, **ground: Any) -> Case:
    """Arrange a deputy whom the employee knows of, with an appointment of the given period."""
    base = world.case("bedrijfsarts")
    actor = world.engaged("waarnemer")
    case = Case(
        "waarnemer",
        actor,
        base.dossier,
        world.ground("deputising", "waarnemer", actor, base.dossier, responsible=base.actor, **ground),
        base.actor,
    )
    case.facts["notice"] = world.notice(base.dossier, "waarneming", actor.user, base.actor.user)
    return case


def team_member(world: World, *purposes: str) -> Case:
    """Arrange a team member for these purposes only."""
    base = world.case("bedrijfsarts")
    actor = world.engaged("teamlid")
    world.secrecy(actor, "afgeleid_beroepsgeheim")
    ground = world.ground("team", "teamlid", actor, base.dossier, responsible=base.actor, purposes=purposes)
    return Case("teamlid", actor, base.dossier, ground, base.actor)


def two_hats(world: World, *, same_employee: bool) -> tuple[Case, Case]:
    """Arrange one person who works under the bedrijfsarts and, in another capacity, for the employer."""
    under = world.case("gedelegeerde")
    employers = world.case(
        "casemanager",
        actor=world.engaged("casemanager", user=under.actor.user),
        dossier=under.dossier if same_employee else None,
        physician=under.physician,
    )
    return under, employers


def separable(world: World, case: Case) -> None:
    """Let the bedrijfsarts decide that both tasks of this person can be kept apart."""
    world.make(
        SeparationDecision,
        practice=case.dossier.practice,
        user=case.actor.user,
        person=case.dossier.person,
        decided_by=case.physician.user,
        separable=True,
        reason="verschillende dagen, verschillende mappen",
        boundaries="vragen van de werkgever gaan naar de bedrijfsarts",
        starts_at=world.long_ago,
    )


def recorded(author: Actor, case: Case, section: str = "begeleiding") -> uuid.UUID:
    """Record something for real, as its author: who may not write here cannot make this fact."""
    with author.acts():
        opened = Dossier.objects.open(case.dossier.pk, f"{section}.write")
        ask = opened.answers[f"{section}.write"]
        pk = uuid.uuid4()
        MedicalRecord.objects.create(
            id=pk,
            practice_id=case.dossier.practice_id,
            dossier_id=case.dossier.pk,
            section=section,
            purpose="begeleiding" if section == "gedelegeerde" else section,
            kind="proef",
            author=author.user,
            engagement=author.engagement,
            role=ask.role,
            ground_id=ask.ground,
            on_behalf_of_id=ask.responsible,
            state="signed",
            series=pk,
            happened_at=timezone.now().replace(second=0, microsecond=0),
            signed_at=timezone.now(),
            form_key=uuid.uuid4(),
        )
    return pk


def share(case: Case, record: uuid.UUID, receiver: Actor, task: str) -> None:
    """Show this record to one colleague for one task, by the hand of the bedrijfsarts."""
    with case.physician.acts():
        Dossier.objects.open(case.dossier.pk, "begeleiding.share", "begeleiding.read")
        Share.objects.create(
            practice_id=case.dossier.practice_id,
            dossier_id=case.dossier.pk,
            record_id=record,
            section="begeleiding",
            purpose="begeleiding",
            receiver=receiver.user,
            task=task,
            given_by=case.physician.user,
            starts_at=timezone.now() - timedelta(minutes=1),
        )


# --- the bedrijfsarts ---------------------------------------------------------------------------------------


@scenario("S001", expected="allow", given=ALLOW, without=NO_SUCH_PAGE)
def the_physician_who_guides_the_employee(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("bedrijfsarts")
    actor = case.actor if fact else world.engaged("bedrijfsarts")
    yield Question(actor, "begeleiding", "read", case.dossier)


@scenario("S002", expected="deny", given=ALLOW, without=NO_SUCH_PAGE)
def a_colleague_of_the_same_practice(world: World, fact: bool) -> Iterator[Question]:
    """Working in one practice gives nothing on each other's people."""
    mine, colleague = world.case("bedrijfsarts"), world.engaged("bedrijfsarts")
    dossier = world.dossier()
    holder = mine.actor if fact else colleague
    world.ground("client_assignment", "bedrijfsarts", holder, dossier)
    yield ask(mine, "begeleiding", "read").but(ALLOW)
    yield Question(mine.actor, "begeleiding", "read", dossier)


@scenario("S205", expected="allow", given=ALLOW, without=NO_SUCH_PAGE)
def a_physician_of_his_own_without_delegates(world: World, fact: bool) -> Iterator[Question]:
    """No contract, no team, no deputy: one engagement and one ground suffice."""
    practice = world.make(Practice, name=f"Eigen praktijk {next(world.numbers)}")
    employer = world.make(Employer, practice=practice, name="Bakkerij")
    physician = world.engaged("bedrijfsarts", practice=practice)
    dossier = world.dossier(world.relation(employer, practice))
    if fact:
        world.ground("client_assignment", "bedrijfsarts", physician, dossier)
    for section in ("begeleiding", "proces"):
        yield Question(physician, section, "read", dossier)


@scenario("S024", expected="allow", given=ALLOW, without=NO_SUCH_PAGE)
def the_file_of_a_delegate_whose_contract_ended(world: World, fact: bool) -> Iterator[Question]:
    """Withdrawing a contract closes it for the delegate, not for the physician who answers for it."""
    case = world.case("gedelegeerde")
    recorded(case.actor, case, "gedelegeerde")
    world.end(case.ground)
    reader = case.physician if fact else case.actor
    yield Question(reader, "gedelegeerde", "read", case.dossier)


@scenario("S032", expected="allow", given=ALLOW, without=NO_SUCH_PAGE)
def the_file_of_a_delegate(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    recorded(case.actor, case, "gedelegeerde")
    reader = case.physician if fact else world.engaged("bedrijfsarts")
    yield Question(reader, "gedelegeerde", "read", case.dossier)


@scenario("S197", expected="deny", given=ALLOW, without=NO_SUCH_PAGE)
def an_address_that_was_guessed(world: World, fact: bool) -> Iterator[Question]:
    """An id is no right: what stands behind it is as absent as what does not exist."""
    case = world.case("bedrijfsarts")
    actor = case.actor if fact else world.engaged("gedelegeerde")
    yield Question(actor, "begeleiding", "read", case.dossier)
    yield Question(actor, "begeleiding", "read", Dossier(pk=uuid.uuid4()), answer=NO_SUCH_PAGE)


# --- deputising ---------------------------------------------------------------------------------------------


@scenario("S005", expected="deny", given=ALLOW, without=not_yet("deputy_not_told"))
def a_deputy_of_whom_the_employee_has_not_heard(world: World, fact: bool) -> Iterator[Question]:
    case = deputy(world)
    if not fact:
        take_away(case.facts["notice"])
    yield ask(case, "begeleiding", "read")


@scenario("S006", expected="deny", given=ALLOW, without=not_yet("deputy_not_told"))
def a_deputy_before_and_after_the_employee_heard(world: World, fact: bool) -> Iterator[Question]:
    case = deputy(world)
    told = world.now - timedelta(days=10)
    world.change(case.facts["notice"], given_at=told)
    day = timedelta(days=1)
    yield ask(case, "begeleiding", "read", at=told + day if fact else told - day)


@scenario("S007", expected="deny", given=ALLOW, without=NO_SUCH_PAGE)
def a_deputy_after_the_last_day(world: World, fact: bool) -> Iterator[Question]:
    ended = world.now - timedelta(days=1)
    case = deputy(world, ends_at=ended)
    yield ask(case, "begeleiding", "read", at=ended - timedelta(hours=1) if fact else ended)


@scenario("S008", expected="deny", given=ALLOW, without=NO_SUCH_PAGE)
def a_deputy_whom_nobody_appointed(world: World, fact: bool) -> Iterator[Question]:
    """The employee knows, the colleagues agreed, and still it takes an appointment."""
    base, actor = world.case("bedrijfsarts"), world.engaged("waarnemer")
    world.notice(base.dossier, "waarneming", actor.user, base.actor.user)
    if fact:
        world.ground("deputising", "waarnemer", actor, base.dossier, responsible=base.actor)
    yield Question(actor, "begeleiding", "read", base.dossier)


@scenario("S225", expected="allow", given=ALLOW, without=NO_SUCH_PAGE)
def a_deputy_reads_the_file_of_the_delegate(world: World, fact: bool) -> Iterator[Question]:
    """Whoever stands in for the physician also answers for his delegates, as long as it lasts."""
    delegate = world.case("gedelegeerde")
    recorded(delegate.actor, delegate, "gedelegeerde")
    actor = world.engaged("waarnemer")
    ground = world.ground("deputising", "waarnemer", actor, delegate.dossier, responsible=delegate.physician)
    world.notice(delegate.dossier, "waarneming", actor.user, delegate.physician.user)
    if not fact:
        world.end(ground)
    yield Question(actor, "gedelegeerde", "read", delegate.dossier)


# --- supervision --------------------------------------------------------------------------------------------


@scenario("S012", expected="deny", given=SUPERVISED_ACT, without=NO_SUCH_PAGE)
def a_physician_whose_supervision_ended(world: World, fact: bool) -> Iterator[Question]:
    """Without a supervisor a basic physician has no standing here, not even for what nobody may delegate."""
    case = world.case("arts_onder_supervisie")
    if not fact:
        world.end(case.ground)
    yield ask(case, "begeleiding", "write", task="M15")


@scenario("S016", expected="require", given=ALLOW, without=not_yet("only_physician_signs"))
def who_signs_a_contract(world: World, fact: bool) -> Iterator[Question]:
    """A physician in training may lay it ready; the signature is his supervisor's."""
    case = world.case("arts_onder_supervisie")
    yield Question(case.actor, "taakcontract", "prepare", task="M2", answer=ALLOW)
    yield Question(case.physician if fact else case.actor, "taakcontract", "sign", task="M2")


# --- delegation: the contract -------------------------------------------------------------------------------


@scenario("S127", expected="allow", given=ALLOW, without=deny("only_physician_signs"))
def the_administrator_lays_a_contract_ready(world: World, fact: bool) -> Iterator[Question]:
    """Preparing is office work; delegating is not."""
    admin = world.engaged("praktijkbeheerder")
    yield Question(admin, "taakcontract", "prepare" if fact else "sign", task="M2")


@scenario("S044", expected="allow", given=ALLOW, without=deny("only_physician_signs"))
def the_physician_signs_tasks_that_can_be_delegated(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    signer = case.physician if fact else world.engaged("praktijkbeheerder")
    for task in ("P1", "P2", "P3", "M2", "M3", "M4", "M5", "M6", "M7", "M13", "M14"):
        yield Question(signer, "taakcontract", "sign", task=task)
    yield ask(case, "gedelegeerde", "write", task="M2").but(DELEGATED_ACT)


@scenario("S035", expected="deny", given=ALLOW, without=deny("code_1"))
def a_draft_with_the_problem_analysis(world: World, fact: bool) -> Iterator[Question]:
    """Discussing the problem analysis can be handed over, writing it cannot; not even in a draft."""
    admin = world.engaged("praktijkbeheerder")
    yield Question(admin, "taakcontract", "prepare", task="P1" if fact else "M15")


@scenario("S036", expected="deny", given=ALLOW, without=deny("code_1"))
def a_draft_with_the_prognosis(world: World, fact: bool) -> Iterator[Question]:
    """It is the task that cannot be handed over, whoever would receive it: a nurse's registration changes nothing."""
    admin = world.engaged("praktijkbeheerder")
    yield Question(admin, "taakcontract", "prepare", task="M6" if fact else "M12")


@scenario("S038", expected="deny", given=ALLOW, without=deny("code_1"))
def the_social_medical_meeting(world: World, fact: bool) -> Iterator[Question]:
    physician = world.engaged("bedrijfsarts")
    yield Question(physician, "taakcontract", "sign", task="P2" if fact else "M16")


@scenario("S039", expected="deny", given=ALLOW, without=deny("code_1"))
def the_current_judgement_for_the_benefit_agency(world: World, fact: bool) -> Iterator[Question]:
    physician = world.engaged("bedrijfsarts")
    yield Question(physician, "taakcontract", "sign", task="M13" if fact else "M17")


@scenario("S040", expected="deny", given=ALLOW, without=deny("code_1"))
def referring(world: World, fact: bool) -> Iterator[Question]:
    physician = world.engaged("bedrijfsarts")
    yield Question(physician, "taakcontract", "sign", task="M5" if fact else "M11")


@scenario("S047", expected="deny", given=ALLOW, without=NOT_THIS_ROLE)
def passing_a_task_on(world: World, fact: bool) -> Iterator[Question]:
    """What was handed over stays where it was put: the delegate has no contract to give."""
    case = world.case("gedelegeerde")
    actor = case.physician if fact else case.actor
    for verb in ("write", "sign"):
        yield Question(actor, "taakcontract", verb, task="M2")


@scenario("S042", expected="require", given=DELEGATED_ACT, without=not_yet("competence"))
def a_diploma_and_no_conclusion_from_practice(world: World, fact: bool) -> Iterator[Question]:
    """A register entry and the own word are there; what the physician saw in practice is missing."""
    case = world.case("gedelegeerde")
    world.registered(case.actor.user, "big_verpleegkundige")
    if not fact:
        take_away(conclusion(case, "M2"))
    yield ask(case, "gedelegeerde", "write", task="M2")


@scenario("S212", expected="require", given=DELEGATED_ACT, without=not_yet("competence"))
def somebody_in_training_forms_a_judgement(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    if not fact:
        take_away(conclusion(case, "M6"))
    yield ask(case, "gedelegeerde", "write", task="M2").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M6")


@scenario("S051", expected="allow", given=DELEGATED_ACT, without=not_yet("competence"))
def a_nurse_vaccinates(world: World, fact: bool) -> Iterator[Question]:
    """Authorised by register and competent in practice: the one does not replace the other."""
    case = vaccination(world)
    yield Question(case.physician, "taakcontract", "sign", task="V1", answer=ALLOW)
    if not fact:
        take_away(
            CompetenceConclusion.objects.using(OWNER).get(
                delegate=case.actor.user, task=task_of("V1", "praktijk")
            )
        )
    yield ask(case, "gedelegeerde", "write", task="V1")


@scenario("S052", expected="deny", given=DELEGATED_ACT, without=not_yet("supervision_cover"))
def a_needle_and_nobody_to_ask(world: World, fact: bool) -> Iterator[Question]:
    """A reserved act waits until the physician, or somebody in his place, can be asked at once."""
    case = vaccination(world)
    if not fact:
        absent(world, case)
    yield ask(case, "gedelegeerde", "write", task="V1")


def absent(world: World, case: Case) -> None:
    world.make(
        Absence,
        practice=case.dossier.practice,
        physician=case.physician.engagement,
        starts_at=world.now - timedelta(days=1),
    )


# --- delegation: period, scope, notice ----------------------------------------------------------------------


@scenario("S020", expected="deny", given=DELEGATED_ACT, without=not_yet("notice"))
def a_consult_on_the_day_before_the_notice(world: World, fact: bool) -> Iterator[Question]:
    """What counts is the moment of the consult, not the moment of typing."""
    case = world.case("gedelegeerde")
    told = world.now - timedelta(days=10)
    world.change(case.facts["notice"], given_at=told)
    day = timedelta(days=1)
    yield ask(case, "gedelegeerde", "write", task="M2", at=told + day if fact else told - day)


@scenario("S021", expected="deny", given=DELEGATED_ACT, without=not_yet("notice"))
def a_notice_that_misses_an_item(world: World, fact: bool) -> Iterator[Question]:
    """A notice without how to reach the physician cannot be stored, so there is none."""
    case = delegation(world)
    if not fact:
        take_away(case.facts["notice"])
    yield ask(case, "gedelegeerde", "write", task="M2")
    yield ask(case, "agenda", "write", task="P2").but(DELEGATED_ACT)


@scenario("S023", expected="deny", given=DELEGATED_ACT, without=NO_SUCH_PAGE)
def a_delegate_whose_contract_was_withdrawn(world: World, fact: bool) -> Iterator[Question]:
    """Also what one wrote oneself closes with the task."""
    case = world.case("gedelegeerde")
    recorded(case.actor, case, "gedelegeerde")
    if not fact:
        world.end(case.ground)
    for verb in ("find", "read", "amend"):
        yield ask(case, "gedelegeerde", verb)


@scenario("S025", expected="deny", given=DELEGATED_ACT, without=NO_SUCH_PAGE)
def the_day_after_the_contract(world: World, fact: bool) -> Iterator[Question]:
    ends_at = world.now - timedelta(days=1)
    case = delegation(world, ends_at=ends_at)
    at = ends_at - timedelta(minutes=1) if fact else ends_at
    yield ask(case, "gedelegeerde", "amend", at=at)
    yield ask(case, "gedelegeerde", "write", task="M2", at=at)


@scenario("S026", expected="deny", given=DELEGATED_ACT, without=NO_SUCH_PAGE)
def the_day_before_the_contract(world: World, fact: bool) -> Iterator[Question]:
    starts_at = world.now + timedelta(days=3)
    case = delegation(world, starts_at=starts_at)
    at = starts_at if fact else None
    yield ask(case, "gedelegeerde", "write", task="M2", at=at)


@scenario("S030", expected="deny", given=DELEGATED_ACT, without=NO_SUCH_PAGE)
def an_employee_outside_the_contract(world: World, fact: bool) -> Iterator[Question]:
    """The same physician, the same employer and a notice: only the contract does not name this employee."""
    case = world.case("gedelegeerde")
    other = world.dossier()
    world.ground("client_assignment", "bedrijfsarts", case.physician, other)
    world.notice(other, "delegatie", case.actor.user, case.physician.user)
    if fact:
        world.make(GroundScope, practice=other.practice, ground=case.ground, relation=other.relation)
        world.grant(case.ground, other, case.actor.user)
    yield ask(case, "gedelegeerde", "read").but(DELEGATED_ACT)
    yield Question(case.actor, "gedelegeerde", "read", other)


@scenario("S057", expected="deny", given=DELEGATED_ACT, without=NO_SUCH_PAGE)
def a_nurse_without_a_contract(world: World, fact: bool) -> Iterator[Question]:
    """A registration says what somebody learned, not for whom she works."""
    actor = world.engaged("gedelegeerde")
    world.registered(actor.user, "big_verpleegkundige")
    case = delegation(world, actor=actor) if fact else world.case("bedrijfsarts")
    for section in ("gedelegeerde", "begeleiding"):
        yield Question(actor, section, "read", case.dossier)


@scenario(
    "S242", expected="allow_with_condition", given=DELEGATED_ACT, without=not_yet("contract_not_accepted")
)
def a_physiotherapist_with_a_contract(world: World, fact: bool) -> Iterator[Question]:
    """Whatever one's profession: the contract makes a member of the team, for its tasks."""
    actor = world.engaged("gedelegeerde")
    world.registered(actor.user, "big_fysiotherapeut")
    case = delegation(world, actor=actor, tasks=("M2", "M7"), accepted=fact)
    yield ask(case, "gedelegeerde", "write", task="M2")
    if fact:
        yield ask(case, "gedelegeerde", "write", task="M6").but(deny("task_not_in_contract"))


@scenario("S202", expected="allow_with_condition", given=DELEGATED_ACT, without=deny("task_not_in_contract"))
def another_title_on_the_door(world: World, fact: bool) -> Iterator[Question]:
    """A title is a word on a card: what one may is the same before and after."""
    case = delegation(world, tasks=("M2", "M7") if fact else ("M3", "M7"))
    professional = world.professional(case.actor.user)
    for title in ("inzetbaarheidsadviseur", "verzuimcoach"):
        world.change(professional, profession="pob", title=title)
        yield ask(case, "gedelegeerde", "write", task="M2")


# --- delegation: per task, per case -------------------------------------------------------------------------


@scenario("S055", expected="deny", given=DELEGATED_ACT, without=deny("own_incompetent"))
def who_says_he_cannot_may_not(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    world.change(declaration(case, "M3"), competent=fact)
    yield ask(case, "gedelegeerde", "write", task="M2").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M3")


@scenario("S237", expected="deny", given=DELEGATED_ACT, without=not_yet("competence"))
def a_conclusion_that_was_withdrawn(world: World, fact: bool) -> Iterator[Question]:
    """One task stands still; the others go on."""
    case = world.case("gedelegeerde")
    if not fact:
        world.change(conclusion(case, "M2"), ends_at=timezone.now(), withdrawn_reason="te vaak gemist")
    yield ask(case, "gedelegeerde", "write", task="M3").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M2")


@scenario("S210", expected="require", given=DELEGATED_ACT, without=not_yet("protocol_read"))
def a_new_version_of_the_protocol(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    contract: Contract = case.facts["contract"]
    version = world.make(
        ProtocolVersion,
        practice=contract.practice,
        protocol=contract.protocol,
        version=2,
        in_force_from=world.now - timedelta(days=1),
        position="p",
        division="d",
        responsibilities="r",
    )
    if fact:
        world.make(
            ProtocolRead,
            practice=contract.practice,
            protocol_version=version,
            user=case.actor.user,
            read_at=timezone.now(),
        )
    yield ask(case, "gedelegeerde", "write", task="M2")


@scenario("S067", expected="deny", given=DELEGATED_ACT, without=deny("task_not_in_contract"))
def planning_what_comes_next(world: World, fact: bool) -> Iterator[Question]:
    case = delegation(world, tasks=("M2", "M7", "M14") if fact else ("M2", "M7"))
    for section in ("agenda", "gedelegeerde"):
        yield ask(case, section, "write", task="M14")


@scenario("S059", expected="require", given=DELEGATED_ACT, without=not_yet("supervision_cover"))
def the_physician_is_away(world: World, fact: bool) -> Iterator[Question]:
    """Somebody must be there to ask. Reading goes on; recording waits for a deputy."""
    case = world.case("gedelegeerde")
    absent(world, case)
    if fact:
        stand_in = world.engaged("waarnemer")
        world.ground("deputising", "waarnemer", stand_in, case.dossier, responsible=case.physician)
    yield ask(case, "gedelegeerde", "read").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M2")


@scenario("S177", expected="deny", given=DELEGATED_ACT, without=not_yet("taken_over"))
def a_case_the_physician_took_over(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    if not fact:
        world.make(
            TakeOver,
            practice=case.dossier.practice,
            relation=case.dossier.relation,
            contract=case.facts["contract"],
            by=case.physician.user,
            reason="wordt te ingewikkeld",
            starts_at=timezone.now() - timedelta(minutes=1),
        )
    yield ask(case, "gedelegeerde", "read").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M2")


@scenario("S069", expected="deny", given=ALLOW, without=NOT_THIS_ROLE)
def sending_a_prognosis_to_the_employer(world: World, fact: bool) -> Iterator[Question]:
    """The delegate lays a draft ready. What goes out, and what to expect of somebody, is the physician's."""
    case = world.case("gedelegeerde")
    yield ask(case, "vrijgave", "prepare", task="M13").but(DELEGATED_ACT)
    yield ask(case, "gedelegeerde", "write", task="M12").but(deny("code_1"))
    yield Question(case.physician if fact else case.actor, "vrijgave", "release", case.dossier)


# --- what is shared inside ----------------------------------------------------------------------------------


@scenario("S028", expected="allow", given=DELEGATED_ACT, without=deny("not_shared"))
def one_piece_that_was_shared(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("gedelegeerde")
    shared, other = recorded(case.physician, case), recorded(case.physician, case)
    if fact:
        share(case, shared, case.actor, "M2")
    yield ask(case, "begeleiding", "read", record=shared)
    yield ask(case, "begeleiding", "read", record=other).but(deny("not_shared"))


@scenario("S031", expected="deny", given=DELEGATED_ACT, without=deny("not_own"))
def the_file_of_another_delegate(world: World, fact: bool) -> Iterator[Question]:
    """Two delegates of one physician for one employee each keep their own file."""
    first = world.case("gedelegeerde")
    second = world.case("gedelegeerde", dossier=first.dossier, physician=first.physician)
    record = recorded(first.actor if fact else second.actor, first, "gedelegeerde")
    yield ask(first, "gedelegeerde", "read", record=record)


@scenario("S227", expected="deny", given=DELEGATED_ACT, without=NOTHING_MEDICAL)
def a_medical_piece_for_a_process_guard(world: World, fact: bool) -> Iterator[Question]:
    """Sharing ends at the task of the receiver: a process task has no place where a medical piece could arrive."""
    case = world.case("gedelegeerde" if fact else "procesbewaker")
    record = recorded(case.physician, case)
    if fact:
        share(case, record, case.actor, "M2")
    else:
        with pytest.raises(ProgrammingError, match="row-level security"):
            share(case, record, case.actor, "M2")
    yield ask(case, "begeleiding", "read")


@scenario("S120", expected="deny", given=TEAM_ACT, without=deny("other_purpose"))
def a_nurse_for_health_checks_in_the_sickness_part(world: World, fact: bool) -> Iterator[Question]:
    case = team_member(world, *(("pmo", "begeleiding") if fact else ("pmo",)))
    yield ask(case, "pmo", "read").but(TEAM_ACT)
    yield ask(case, "begeleiding", "read")


@scenario("S230", expected="deny", given=TEAM_ACT, without=deny("other_purpose"))
def a_team_member_for_sickness_in_the_examinations(world: World, fact: bool) -> Iterator[Question]:
    case = team_member(world, *(("begeleiding", "keuring") if fact else ("begeleiding",)))
    yield ask(case, "begeleiding", "read").but(TEAM_ACT)
    yield ask(case, "keuring", "read")


@scenario("S223", expected="deny", given=TEAM_ACT, without=NO_SUCH_PAGE)
def a_nurse_of_the_house_who_is_not_on_the_team(world: World, fact: bool) -> Iterator[Question]:
    base, nurse = world.case("bedrijfsarts"), world.engaged("teamlid")
    world.registered(nurse.user, "big_verpleegkundige")
    world.secrecy(nurse, "afgeleid_beroepsgeheim")
    if fact:
        world.ground("team", "teamlid", nurse, base.dossier, responsible=base.actor)
    yield Question(nurse, "begeleiding", "read", base.dossier)


@scenario("S224", expected="allow_with_condition", given=TEAM_ACT, without=deny("not_shared"))
def an_assistant_plans_a_blood_test(world: World, fact: bool) -> Iterator[Question]:
    """She reads the request that was shared with her for the work, and nothing beside it."""
    case = world.case("teamlid")
    request, other = recorded(case.physician, case), recorded(case.physician, case)
    if fact:
        share(case, request, case.actor, "op_verzoek")
    yield ask(case, "begeleiding", "read", record=request)
    yield ask(case, "begeleiding", "read", record=other).but(deny("not_shared"))


# --- the secretariat ----------------------------------------------------------------------------------------


@scenario("S122", expected="allow", given=ALLOW, without=not_yet("secrecy"))
def the_secretary_of_the_team(world: World, fact: bool) -> Iterator[Question]:
    """Appointments and outgoing post are her work, under derived secrecy."""
    case = world.case("secretariaat")
    if not fact:
        take_away(case.facts["secrecy"])
    for section in ("agenda", "verzending"):
        yield ask(case, section, "read")


@scenario("S124", expected="deny", given=ALLOW, without=NO_SUCH_PAGE)
def the_secretary_of_another_team(world: World, fact: bool) -> Iterator[Question]:
    own, base = world.case("secretariaat"), world.case("bedrijfsarts")
    if fact:
        world.ground("desk", "secretariaat", own.actor, base.dossier, responsible=base.actor)
    yield ask(own, "agenda", "read").but(ALLOW)
    yield Question(own.actor, "agenda", "read", base.dossier)


# --- the process side ---------------------------------------------------------------------------------------


@scenario("S073", expected="deny", given=CODED_ACT, without=NOTHING_MEDICAL)
def asking_for_complaints_without_the_task(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("signaleerder" if fact else "procesbewaker")
    yield ask(case, "signaal", "write")


@scenario("S074", expected="allow_with_condition", given=CODED_ACT, without=not_yet("signal_secrecy"))
def asking_for_the_category_with_the_task(world: World, fact: bool) -> Iterator[Question]:
    """Task and ordinary secrecy are there; the signature for this one question makes the difference."""
    case = world.case("signaleerder")
    if not fact:
        take_away(case.facts["signal_secrecy"])
    yield ask(case, "signaal", "write")


@scenario("S078", expected="deny", given=ALLOW, without=NOTHING_MEDICAL)
def a_process_guard_before_the_medical_part(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("procesbewaker")
    for section in ("proces",) if fact else ("begeleiding", "gedelegeerde", "toestemming", "signaal"):
        yield ask(case, section, "read")


@scenario("S235", expected="allow", given=ALLOW, without=not_yet("assignment"))
def a_process_task_on_paper(world: World, fact: bool) -> Iterator[Question]:
    """Somebody who does medical tasks elsewhere does only process here: that is what was written down."""
    actor = world.engaged("procesbewaker")
    delegation(world, actor=world.engaged("gedelegeerde", user=actor.user))
    case = world.case("procesbewaker", actor=actor)
    if not fact:
        take_away(case.facts["assignment"])
    yield ask(case, "proces", "read")


# --- the employer's side ------------------------------------------------------------------------------------


@scenario("S081", "S094", expected="deny", given=ALLOW, without=NOTHING_MEDICAL)
def a_casemanager_of_employer_or_insurer(world: World, fact: bool) -> Iterator[Question]:
    """Whoever pays him, he stands where the employer stands."""
    case = world.case("casemanager")
    for section in ("werkgeverdeel",) if fact else ("begeleiding", "gedelegeerde", "signaal"):
        yield ask(case, section, "read")
    yield ask(case, "proces", "read").but(NOT_THIS_ROLE)


@scenario("S100", expected="deny", given=ALLOW, without=NOTHING_MEDICAL)
def a_reintegration_company(world: World, fact: bool) -> Iterator[Question]:
    case = world.case("overig_b")
    for section in ("vrijgave",) if fact else ("begeleiding", "gedelegeerde"):
        yield ask(case, section, "read")
    for section in ("proces", "werkgeverdeel"):
        yield ask(case, section, "read").but(NOT_THIS_ROLE)


@scenario("S203", expected="deny", given=ALLOW, without=NOTHING_MEDICAL)
def what_somebody_can_still_do(world: World, fact: bool) -> Iterator[Question]:
    """The employer's adviser learns what the physician released, not what stands in the medical part."""
    case = world.case("casemanager")
    yield ask(case, "vrijgave" if fact else "begeleiding", "read")


# --- two hats -----------------------------------------------------------------------------------------------


@scenario("S089", expected="deny", given=DELEGATED_ACT, without=NOTHING_MEDICAL)
def in_the_capacity_of_the_employer(world: World, fact: bool) -> Iterator[Question]:
    """One capacity at a time: what the one may is not there for the other."""
    under, employers = two_hats(world, same_employee=True)
    separable(world, under)
    yield Question((under if fact else employers).actor, "gedelegeerde", "read", under.dossier)


@scenario("S090", expected="allow_with_condition", given=DELEGATED_ACT, without=not_yet("two_hats"))
def in_the_capacity_of_the_delegate(world: World, fact: bool) -> Iterator[Question]:
    """Until the physician decided that both can be kept apart, neither goes on."""
    under, employers = two_hats(world, same_employee=True)
    if fact:
        separable(world, under)
    yield ask(under, "gedelegeerde", "read")
    yield ask(employers, "werkgeverdeel", "read").but(ALLOW if fact else not_yet("two_hats"))


@scenario("S091", expected="allow", given=DELEGATED_ACT, without=not_yet("two_hats"))
def two_capacities_for_two_employees(world: World, fact: bool) -> Iterator[Question]:
    """Under the physician for one, for the employer of another: nothing to decide."""
    under, _ = two_hats(world, same_employee=not fact)
    yield ask(under, "gedelegeerde", "read")


# --- what waits ---------------------------------------------------------------------------------------------

ONE_DRAFT = "explain asked about one contract or draft: what is missing before this one may be signed"
WAITING |= {
    "S048": ONE_DRAFT,
    "S049": ONE_DRAFT,
    "S050": ONE_DRAFT,
    "S226": ONE_DRAFT,
    "S053": "consultation with a term of two working days, and its signal when the answer is late",
    "S077": "kinds of records: explain --kind, for a coded category that is written into the process part",
    "S198": "explain words the limit of a cell as a condition: only what the employer may know",
}
