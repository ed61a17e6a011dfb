"""A delegation contract from draft to end: who may do what with it, and what it opens at every step.

Everything here is done by the people themselves, under their own hats; `Office` only does the walking. What a refusal
denies, its twin beside it shows to work for whom it may. Source: Leidraad casemanagement (2019) §2.3.1, bijlage 4 en 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models.base import ModelState
from django.utils import timezone

from consent.notices import actions as notices
from consent.notices.opening import open_for_notices
from delegation.assignments import actions as assignments
from delegation.competence import actions as competence
from delegation.competence import protocol_actions as protocols
from delegation.contracts import actions as contracts
from delegation.contracts.missing import missing
from delegation.models import (
    Assignment,
    CompetenceConclusion,
    Contract,
    ContractScope,
    ContractTask,
    Edition,
    OwnDeclaration,
    ProtocolVersion,
    Task,
)
from delegation.rulesets.models import task_id
from directory.access.models import Ground, Suspension
from directory.access.refusals import NotAllowed, NotFound, NotYet, Refusal
from directory.people import actions as people
from directory.people.models import Employer, Person, Practice, Relation
from dossier.models import Dossier
from dossier.models.shell import found
from tests.world import OWNER, Actor, World

READ, WRITE = "gedelegeerde.read", "gedelegeerde.write"
TASKS = ("M2", "M3", "M7", "P2")
CODE_1 = ("G1", "G2", "G3", "G4", "G5", "M1", "M8", "M9", "M10", "M11", "M12", "M15", "M16", "M17")
VERIFIED = contracts.Verified(how_verified="Vijf gesprekken bijgewoond en nabesproken.", limits="Geen.")
NAMES = iter(range(1, 100_000))


# --- small words ------------------------------------------------------------------------------------------------


def plain(row: Any) -> Any:
    """Forget who read a row, so that what is done with it is done by whoever acts: never by the owner."""
    row = copy(row)
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    return row


def again(row: Any) -> Any:
    """Read a row anew, as whoever acts sees it."""
    return type(row).objects.get(pk=row.pk)


def fact(row: Any) -> Any:
    """Read a row as it stands in the database, whoever may see it."""
    return type(row).objects.using(OWNER).get(pk=row.pk)


def days(n: float) -> datetime:
    return timezone.now() + timedelta(days=n)


def answer(actor: Actor, dossier: UUID, ask: str) -> str:
    """Say how a dossier answers to somebody: 'open', 'not found', 'not yet: why' or 'no: why'."""
    with actor.acts():
        try:
            Dossier.objects.open(dossier, ask)
        except NotFound:
            return "not found"
        except NotYet as refusal:
            return f"not yet: {refusal.code}"
        except Refusal as refusal:
            return f"no: {refusal.code}"
    return "open"


def tasks_open(actor: Actor, dossier: UUID, section: str = "gedelegeerde") -> set[str]:
    """Say which tasks somebody may do here now."""
    with actor.acts(), connection.cursor() as cursor:
        cursor.execute("SELECT access_my_tasks(%s, %s)", [dossier, section])
        return {row[0] for row in cursor.fetchall()}


def could_have_written(actor: Actor, dossier: UUID, at: datetime, section: str = "gedelegeerde") -> bool:
    """Say whether somebody may record now what happened at that moment."""
    with actor.acts(), connection.cursor() as cursor:
        cursor.execute("SELECT access_held(%s, %s, 'begeleiding', 'write', %s)", [dossier, section, at])
        return bool(cursor.fetchone()[0])


@contextmanager
def database_refuses(what: str = "row-level security") -> Iterator[None]:
    """Expect the database itself to refuse: by this constraint, or by row-level security or a missing privilege."""
    with pytest.raises(DatabaseError) as caught:
        yield
    cause = caught.value.__cause__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    if constraint is None:
        assert getattr(cause, "sqlstate", "") == "42501", cause
        assert what in str(cause) or what == "row-level security", cause
    else:
        assert constraint == what, cause


class Undo(Exception):
    """What was tried is let in, and taken back."""


def let_in(act: Callable[[], object]) -> bool:
    """Try something past every action, and leave nothing of it behind. False when the walls refuse it."""
    try:
        with transaction.atomic():
            act()
            raise Undo
    except Undo:
        return True
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") not in ("42501", "23514"):
            raise
        return False


def sql(statement: str, *values: Any) -> int:
    """Send one statement past every action, as whoever acts; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def messages(error: ValidationError) -> str:
    return " ".join(error.messages)


# --- a practice at work -----------------------------------------------------------------------------------------


@dataclass
class Delegation:
    """A delegate with a contract, and a dossier it reaches."""

    delegate: Actor
    contract: Contract
    dossier: UUID
    relation: Relation


@dataclass
class Office:
    """A practice of which everything is done by its own people: an administrator, a bedrijfsarts and his client."""

    world: World
    practice: Practice
    admin: Actor = field(init=False)
    physician: Actor = field(init=False)
    employer: Employer = field(init=False)

    @classmethod
    def opens(cls, world: World, practice: Practice | None = None) -> Office:
        practice = practice or world.practice
        office = cls(world, plain(practice))
        office.admin = office.engaged("praktijkbeheerder")
        office.physician = office.engaged("bedrijfsarts")
        office.employer = office.client()
        office.takes_on(office.physician, office.employer)
        return office

    def engaged(self, role: str, **more: Any) -> Actor:
        """Somebody at work here since long ago."""
        actor = self.world.engaged(role, practice=fact(self.practice), **more)
        return Actor(plain(actor.user), plain(actor.engagement))

    def client(self) -> Employer:
        with self.admin.acts():
            return people.add_employer(
                practice=self.practice, name=f"Werkgever {next(NAMES)}", by=self.admin.user
            )

    def takes_on(
        self,
        physician: Actor,
        employer: Employer,
        relation: Relation | None = None,
        role_division: str = "",
        **more: Any,
    ) -> Assignment:
        """The bedrijfsarts accepts a client, or one employee of it."""
        with physician.acts():
            return assignments.assign(
                by=physician.user,
                kind="client",
                holder=physician.engagement,
                tasks="Verzuimbegeleiding",
                employer=employer,
                relation=relation,
                role_division=role_division,
                **more,
            )

    def employee(self, employer: Employer | None = None, person: Person | None = None) -> Relation:
        with self.admin.acts():
            person = person or people.add_person(
                practice=self.practice,
                initials="J.",
                surname=f"Werknemer {next(NAMES)}",
                birth_date=date(1981, 2, 3),
                by=self.admin.user,
            )
            return people.add_relation(
                person=person,
                kind=Relation.Kind.EMPLOYMENT,
                starts_on=date(2016, 1, 1),
                employer=employer or self.employer,
                by=self.admin.user,
            )

    def founds(self, relation: Relation, by: Actor | None = None, process: bool = True) -> UUID:
        with (by or self.physician).acts():
            return found(relation=relation, process=process)

    def dossier(self, employer: Employer | None = None, by: Actor | None = None) -> tuple[UUID, Relation]:
        relation = self.employee(employer)
        return self.founds(relation, by), relation

    def delegate(self, profession: str = "", secrecy: bool = True) -> Actor:
        delegate = self.engaged("gedelegeerde")
        if profession:
            with self.admin.acts():
                people.add_professional(user=delegate.user, profession=profession, by=self.admin.user)
        if secrecy:
            self.declares_secrecy(delegate)
        return delegate

    def declares_secrecy(self, actor: Actor, kind: str = "afgeleid_beroepsgeheim") -> None:
        with actor.acts():
            people.sign_secrecy(practice=self.practice, kind=kind, by=actor.user)

    def in_register(self, actor: Actor, register: str, ends_on: date | None = None) -> None:
        """The administrator records what the register shows."""
        with self.admin.acts():
            professional = people.Professional.objects.filter(user=actor.user).first()
            people.add_registration(
                professional=professional
                or people.add_professional(
                    user=actor.user, profession="arboverpleegkundige", by=self.admin.user
                ),
                register=register,
                number=f"{20_000_000_000 + next(NAMES)}",
                starts_on=date(2010, 1, 1),
                ends_on=ends_on,
                by=self.admin.user,
            )

    def protocol(self, physician: Actor | None = None) -> ProtocolVersion:
        physician = physician or self.physician
        with physician.acts():
            return protocols.publish_version(
                by=physician.user,
                practice=self.practice,
                name=f"Werkwijze {next(NAMES)}",
                position="p",
                division="d",
                responsibilities="r",
            )

    def terms(self, delegate: Actor, physician: Actor | None = None, **changes: Any) -> contracts.Terms:
        """Say everything a contract asks; `tasks` by their codes."""
        physician = physician or self.physician
        edition, codes = changes.pop("edition", "2018"), changes.pop("tasks", TASKS)
        why = changes.pop("justification", "")
        said: dict[str, Any] = {
            "edition": Edition(code=edition),
            "delegate": delegate.engagement,
            "physician": physician.engagement,
            "starts_at": timezone.now(),
            "ends_at": days(300),
            "tasks": {task_id(edition, code): why for code in codes},
            "employers": [self.employer],
            "supervision_plan": "Wekelijks alle lopende gevallen.",
            "consultation_interval": 1,
        }
        if "protocol" not in changes:
            said["protocol"] = self.protocol(physician).protocol
        return contracts.Terms(**said | changes)

    def drafts(self, delegate: Actor, by: Actor | None = None, **changes: Any) -> Contract:
        by = by or self.physician
        terms = self.terms(delegate, **changes)
        with by.acts():
            return contracts.draft(by=by.user, terms=terms)

    def signs(
        self, contract: Contract, by: Actor | None = None, verified: Mapping[UUID, Any] | None = None
    ) -> Contract:
        by = by or self.physician
        with by.acts():
            seen = again(contract)
            if verified is None:
                verified = dict.fromkeys(seen.tasks.values_list("task", flat=True), VERIFIED)
            return contracts.sign(by=by.user, contract=seen, verified=verified)

    def accepts(self, contract: Contract, by: Actor, not_competent: Iterable[str] = ()) -> Contract:
        with by.acts():
            seen = again(contract)
            declarations = {row.task_id: row.task.code not in not_competent for row in seen.tasks.all()}
            return contracts.accept(by=by.user, contract=seen, declarations=declarations)

    def reads_protocol(self, contract: Contract, by: Actor) -> None:
        with by.acts():
            version = protocols.current_version(contract.protocol_id, timezone.now())
            protocols.confirm_read(by=by.user, version=version)

    def tells(
        self,
        dossier: UUID,
        kind: str,
        about: Actor | None,
        responsible: Actor | None = None,
        by: Actor | None = None,
        **more: Any,
    ) -> Any:
        """Tell the employee who works for him, and record it."""
        by = by or self.physician
        with by.acts():
            return notices.give(
                by=by.user,
                relation=open_for_notices(dossier),
                kind=kind,
                about=about.user if about else None,
                responsible=None
                if kind == "waarneemgroep" and responsible is None
                else (responsible or self.physician).user,
                function="praktijkondersteuner",
                task="het eerste gesprek",
                reachable="elke werkdag per telefoon",
                right_to_speak=True,
                **more,
            )

    def delegates(self, told: bool = True, **changes: Any) -> Delegation:
        """A delegate at work: contract drafted, signed and accepted, protocol read, the employee told."""
        delegate = changes.pop("delegate", None) or self.delegate()
        dossier, relation = self.dossier()
        contract = self.signs(self.drafts(delegate, **changes))
        self.accepts(contract, delegate)
        self.reads_protocol(contract, delegate)
        if told:
            self.tells(dossier, "delegatie", delegate)
        return Delegation(delegate, contract, dossier, relation)


@pytest.fixture
def office(world: World) -> Office:
    return Office.opens(world)


# --- drafting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["praktijkbeheerder", "bedrijfsarts", "arts_onder_supervisie"])
def test_who_prepares_a_contract_opens_nothing_with_it(office: Office, role: str) -> None:
    delegate, (dossier, _) = office.delegate(), office.dossier()
    draft = office.drafts(delegate, by=office.engaged(role))
    assert fact(draft).is_draft
    assert fact(draft).ground is None
    assert answer(delegate, dossier, READ) == "not found"
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


@pytest.mark.parametrize("role", ["gedelegeerde", "procesbewaker", "secretariaat", "casemanager", "fg"])
def test_nobody_else_prepares_a_contract(office: Office, role: str) -> None:
    terms, somebody = office.terms(office.delegate()), office.engaged(role)
    with pytest.raises(NotAllowed, match="who_drafts_contracts"), somebody.acts():
        contracts.draft(by=somebody.user, terms=terms)


@pytest.mark.parametrize("role", ["gedelegeerde", "procesbewaker", "secretariaat", "casemanager", "fg"])
def test_nor_past_the_action(office: Office, role: str) -> None:
    somebody = office.engaged(role)
    row = _draft_row(office, office.delegate(), somebody)
    with database_refuses(), somebody.acts():
        row.save(force_insert=True)


def test_the_same_row_is_taken_from_the_administrator(office: Office) -> None:
    row = _draft_row(office, office.delegate(), office.admin)
    with office.admin.acts():
        row.save(force_insert=True)
    assert fact(row).drafted_by_id == office.admin.user.pk


def _draft_row(office: Office, delegate: Actor, by: Actor, **more: Any) -> Contract:
    return Contract(
        practice=office.practice,
        edition_id="2018",
        delegate=delegate.engagement,
        physician=office.physician.engagement,
        starts_at=days(0.01),
        ends_at=days(30),
        drafted_by=by.user,
        drafted_at=timezone.now(),
        **more,
    )


def test_a_draft_is_replaced_as_long_as_it_is_not_signed(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate, by=office.admin, tasks=("M2",))
    terms = office.terms(delegate, tasks=("M3", "M7"))
    with office.physician.acts():
        contracts.change_draft(by=office.physician.user, contract=again(draft), terms=terms)
    rows = ContractTask.objects.using(OWNER).filter(contract=draft.pk)
    assert {row.task.code for row in rows} == {"M3", "M7"}


def test_a_delegate_cannot_change_the_draft_about_himself(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate, by=office.admin)
    terms = office.terms(delegate, ends_at=days(3000))
    with pytest.raises(NotAllowed, match="who_drafts_contracts"), delegate.acts():
        contracts.change_draft(by=delegate.user, contract=again(draft), terms=terms)


@pytest.mark.parametrize(
    "change",
    ["ends_at = ends_at + interval '9 years'", "supervision_plan = 'geen'", "consultation_interval = 52"],
)
def test_nor_past_the_action_however_small_the_change(office: Office, change: str) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate, by=office.admin)
    with database_refuses("delegation_contract_delegate_only_accepts"), delegate.acts():
        sql(f"UPDATE delegation_contract SET {change} WHERE id = %s", draft.pk)
    with office.admin.acts():
        assert sql(f"UPDATE delegation_contract SET {change} WHERE id = %s", draft.pk) == 1


@pytest.mark.parametrize("code", CODE_1)
def test_a_task_of_code_1_fits_in_no_draft_and_is_named(office: Office, code: str) -> None:
    terms = office.terms(office.delegate(), tasks=("M2", code))
    label = Task.objects.using(OWNER).get(pk=task_id("2018", code)).label
    with pytest.raises(ValidationError) as caught, office.admin.acts():
        contracts.draft(by=office.admin.user, terms=terms)
    assert caught.value.message_dict["tasks"][0].startswith(f"{label} kan een bedrijfsarts niet delegeren")


def test_the_list_of_code_1_is_complete() -> None:
    rows = Task.objects.using(OWNER).filter(delegable=Task.Delegable.NEVER)
    assert set(rows.values_list("code", flat=True)) == set(CODE_1)


@pytest.mark.parametrize(
    ("delegable", "constraint"), [(2, "contract_task_code_2"), (1, "contract_task_delegable")]
)
@pytest.mark.parametrize("code", CODE_1)
def test_nor_past_the_action_whatever_its_code_is_called(
    office: Office, code: str, delegable: int, constraint: str
) -> None:
    draft = office.drafts(office.delegate(), tasks=("M2",))
    with database_refuses(constraint), office.physician.acts():
        _add_task(draft, code, delegable)


@pytest.mark.parametrize("code", ["M3", "M4", "P1"])
def test_a_task_of_code_2_does_fit(office: Office, code: str) -> None:
    draft = office.drafts(office.delegate(), tasks=("M2",))
    with office.physician.acts():
        _add_task(draft, code, 2)
    assert fact(draft).tasks.using(OWNER).count() == 2


def _add_task(contract: Contract, code: str, delegable: int) -> None:
    ContractTask(
        practice_id=contract.practice_id,
        contract_id=contract.pk,
        task_id=task_id("2018", code),
        delegable=delegable,
    ).save(force_insert=True)


def test_a_task_of_another_list_does_not_fit(office: Office) -> None:
    terms = office.terms(office.delegate())
    terms = contracts.Terms(**{**vars(terms), "tasks": {task_id("praktijk", "PC1"): ""}})
    with pytest.raises(ValidationError, match="uit de gekozen takenlijst"), office.physician.acts():
        contracts.draft(by=office.physician.user, terms=terms)


def test_to_a_physician_nothing_is_delegated(office: Office) -> None:
    for delegate in (office.delegate(profession="arts"), office.engaged("arts_onder_supervisie")):
        terms = office.terms(delegate)
        with (
            pytest.raises(ValidationError, match="Voor een arts legt u supervisie vast"),
            office.admin.acts(),
        ):
            contracts.draft(by=office.admin.user, terms=terms)
    office.drafts(office.delegate(profession="arboverpleegkundige"))


@pytest.mark.parametrize("role", ["casemanager", "procesbewaker", "secretariaat"])
def test_to_the_employer_side_or_the_process_side_nothing_is_delegated(office: Office, role: str) -> None:
    terms = office.terms(office.engaged(role))
    with pytest.raises(ValidationError, match="Delegeren kan aan een niet-arts"), office.admin.acts():
        contracts.draft(by=office.admin.user, terms=terms)


def test_nobody_but_a_bedrijfsarts_stands_in_a_contract_as_the_one_who_delegates(office: Office) -> None:
    for role in ("arts_onder_supervisie", "praktijkbeheerder", "gedelegeerde"):
        terms = office.terms(office.delegate(), protocol=None)
        terms = contracts.Terms(**{**vars(terms), "physician": office.engaged(role).engagement})
        with (
            pytest.raises(ValidationError, match="Alleen een bedrijfsarts kan delegeren"),
            office.admin.acts(),
        ):
            contracts.draft(by=office.admin.user, terms=terms)


def test_to_somebody_of_another_practice_nothing_is_delegated(office: Office, world: World) -> None:
    stranger = world.engaged("gedelegeerde", practice=world.other_practice)
    terms = office.terms(Actor(plain(stranger.user), plain(stranger.engagement)))
    with pytest.raises(ValidationError, match="van deze praktijk"), office.admin.acts():
        contracts.draft(by=office.admin.user, terms=terms)


# --- signing ----------------------------------------------------------------------------------------------------


def test_the_bedrijfsarts_signs_what_the_administrator_prepared(office: Office) -> None:
    delegate = office.delegate()
    contract = office.signs(office.drafts(delegate, by=office.admin))
    signed = fact(contract)
    assert signed.signed_by_id == office.physician.user.pk
    assert signed.drafted_by_id == office.admin.user.pk
    ground = signed.ground
    assert (ground.kind, ground.role) == ("contract", "gedelegeerde")
    assert ground.holder_id == delegate.engagement.pk
    assert ground.responsible_id == office.physician.engagement.pk
    assert ground.given_by_id == office.physician.user.pk
    assert ground.purposes == ["begeleiding"]
    assert (ground.signed_at, ground.starts_at, ground.ends_at) == (
        signed.signed_at,
        signed.starts_at,
        signed.ends_at,
    )


@pytest.mark.parametrize(
    "role", ["praktijkbeheerder", "bedrijfsarts", "arts_onder_supervisie", "gedelegeerde", "procesbewaker"]
)
def test_nobody_else_signs(office: Office, role: str) -> None:
    draft, somebody = office.drafts(office.delegate()), office.engaged(role)
    with office.physician.acts():
        seen = again(draft)
        assert seen.physician.user_id == office.physician.user.pk
    with pytest.raises(NotAllowed, match="only_physician_signs"), somebody.acts():
        contracts.sign(by=somebody.user, contract=seen)
    assert fact(draft).is_draft


@pytest.mark.parametrize("role", ["praktijkbeheerder", "bedrijfsarts", "arts_onder_supervisie"])
@pytest.mark.parametrize("in_whose_name", ["his own", "the physician's"])
def test_nor_by_writing_the_signature_himself(office: Office, role: str, in_whose_name: str) -> None:
    draft, forger = office.drafts(office.delegate()), office.engaged(role)
    signer = forger if in_whose_name == "his own" else office.physician
    with database_refuses("delegation_contract_signed_by_physician"), forger.acts():
        sql(
            "UPDATE delegation_contract SET signed_at = now(), signed_by_id = %s, starts_at = now() WHERE id = %s",
            signer.user.pk,
            draft.pk,
        )
    assert fact(draft).is_draft


def test_the_physician_himself_cannot_sign_in_the_name_of_somebody_else(office: Office) -> None:
    draft = office.drafts(office.delegate())
    with database_refuses("delegation_contract_signed_by_physician"), office.physician.acts():
        sql(
            "UPDATE delegation_contract SET signed_at = now(), signed_by_id = %s, starts_at = now() WHERE id = %s",
            office.admin.user.pk,
            draft.pk,
        )


def test_the_physician_cannot_sign_without_laying_the_ground(office: Office) -> None:
    draft = office.drafts(office.delegate())
    with database_refuses("contract_signed_is_complete"), office.physician.acts():
        sql(
            "UPDATE delegation_contract SET signed_at = now(), signed_by_id = %s, starts_at = now() WHERE id = %s",
            office.physician.user.pk,
            draft.pk,
        )


@pytest.mark.parametrize("role", ["praktijkbeheerder", "bedrijfsarts", "arts_onder_supervisie"])
def test_no_contract_is_stored_with_a_signature_in_it(office: Office, role: str) -> None:
    """Whatever ground is put under it: a contract begins as a draft, and its physician signs it."""
    signed = office.delegates().contract
    forger, delegate = office.engaged(role), office.delegate()
    row = _draft_row(office, delegate, forger)
    row.signed_by, row.signed_at = office.physician.user, timezone.now()
    row.supervision_plan, row.consultation_interval = "Wekelijks.", 1
    row.protocol_id = signed.protocol_id
    row.ground_id = _ground_of_his_own(office, forger, delegate)
    with database_refuses(), forger.acts():
        row.save(force_insert=True)


def _ground_of_his_own(office: Office, forger: Actor, delegate: Actor) -> UUID:
    """Some ground without a contract, as the forger could have laid it himself: for the admin a custody."""
    kind, role, holder = "client_assignment", "bedrijfsarts", forger
    if forger.engagement.role != "bedrijfsarts":
        kind, role, holder = "custody", "dossierbewaarder", delegate
    holder = Actor(fact(holder.user), fact(holder.engagement))
    return office.world.ground(kind, role, holder, given_by=fact(forger.user)).pk


def test_nor_with_an_acceptance_in_it(office: Office) -> None:
    delegate = office.delegate()
    row = _draft_row(office, delegate, office.admin)
    row.accepted_by, row.accepted_at = delegate.user, timezone.now()
    with pytest.raises(DatabaseError), office.admin.acts():
        row.save(force_insert=True)


def test_everything_that_is_missing_is_listed_at_once(office: Office) -> None:
    delegate = office.delegate(secrecy=False)
    bare = office.drafts(
        delegate,
        tasks=(),
        employers=[],
        supervision_plan="",
        consultation_interval=None,
        protocol=None,
        starts_at=days(-3),
        ends_at=days(-1),
    )
    with office.physician.acts():
        codes = [gap.code for gap in missing(again(bare), at=timezone.now())]
    assert codes == [
        "no_secrecy",
        "already_ended",
        "no_tasks",
        "no_scope",
        "no_supervision",
        "no_interval",
        "no_protocol",
    ]
    with pytest.raises(ValidationError) as caught:
        office.signs(bare)
    assert set(caught.value.message_dict) == {
        "delegate",
        "ends_on",
        "tasks",
        "employers",
        "supervision_plan",
        "consultation_interval",
        "protocol",
    }
    assert all(text.endswith(".") for text in caught.value.messages)
    assert fact(bare).is_draft


def _listed(office: Office, contract: Contract, verified: bool = True) -> list[str]:
    with office.physician.acts():
        seen = again(contract)
        if verified:
            for row in seen.tasks.all():
                competence.conclude(
                    by=office.physician.user,
                    practice=office.practice,
                    delegate=seen.delegate.user,
                    task=row.task,
                    how_verified="Meegekeken.",
                    limits="Geen.",
                )
        return [gap.code for gap in missing(seen, at=timezone.now())]


def test_of_a_complete_contract_nothing_is_missing(office: Office) -> None:
    assert _listed(office, office.drafts(office.delegate())) == []


@pytest.mark.parametrize(
    ("without", "codes"),
    [
        ({"tasks": ()}, ["no_tasks"]),
        ({"employers": []}, ["no_scope"]),
        ({"supervision_plan": "  "}, ["no_supervision"]),
        ({"consultation_interval": None}, ["no_interval"]),
        ({"protocol": None}, ["no_protocol"]),
    ],
)
def test_one_thing_less_is_one_thing_missing(
    office: Office, without: dict[str, Any], codes: list[str]
) -> None:
    draft = office.drafts(office.delegate(), **without)
    assert _listed(office, draft) == codes
    with pytest.raises(ValidationError):
        office.signs(draft)


def test_a_conclusion_about_every_task_is_asked(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate, tasks=("M2", "M3"))
    assert _listed(office, draft, verified=False) == ["no_competence", "no_competence"]
    with pytest.raises(ValidationError) as caught:
        office.signs(draft, verified={task_id("2018", "M2"): VERIFIED})
    assert list(caught.value.message_dict) == [f"task-{task_id('2018', 'M3')}"]
    rows = CompetenceConclusion.objects.using(OWNER).filter(delegate=delegate.user.pk)
    assert not rows.exists(), "what was not signed is not concluded either"
    assert not fact(office.signs(draft)).is_draft


def test_the_conclusion_of_a_colleague_does_not_count(office: Office) -> None:
    delegate, colleague = office.delegate(), office.engaged("bedrijfsarts")
    draft = office.drafts(delegate, tasks=("M2",))
    with colleague.acts():
        competence.conclude(
            by=colleague.user,
            practice=office.practice,
            delegate=delegate.user,
            task=Task.objects.get(pk=task_id("2018", "M2")),
            how_verified="Meegekeken.",
            limits="Geen.",
        )
    assert _listed(office, draft, verified=False) == ["no_competence"]


@pytest.mark.parametrize("verified", [{"how_verified": " "}, {"limits": ""}])
def test_a_diploma_alone_is_no_conclusion(office: Office, verified: dict[str, str]) -> None:
    draft = office.drafts(office.delegate(), tasks=("M2",))
    said = contracts.Verified(**{"how_verified": "Meegekeken.", "limits": "Geen."} | verified)
    with pytest.raises(ValidationError):
        office.signs(draft, verified={task_id("2018", "M2"): said})
    assert fact(draft).is_draft


def test_a_delegate_who_calls_himself_not_competent_holds_the_signature_up(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate, tasks=("M2", "M3"))
    _declares(office, delegate, "M2", competent=False)
    with pytest.raises(ValidationError, match="acht zich hiervoor niet bekwaam"):
        office.signs(draft)
    _declares(office, delegate, "M2", competent=True)
    assert not fact(office.signs(draft)).is_draft


def _declares(office: Office, delegate: Actor, code: str, competent: bool, edition: str = "2018") -> None:
    with delegate.acts():
        competence.declare(
            by=delegate.user,
            practice=office.practice,
            task=Task.objects.get(pk=task_id(edition, code)),
            competent=competent,
        )


@pytest.mark.parametrize("register", ["big_arts", "specialist_bedrijfsarts"])
def test_without_both_registrations_the_bedrijfsarts_does_not_sign(
    office: Office, world: World, register: str
) -> None:
    draft = office.drafts(office.delegate())
    registration = people.Registration.objects.using(OWNER).get(
        professional__user=office.physician.user.pk, register=register
    )
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Doorgehaald.",
            ends_on=timezone.localdate(),
            by=office.admin.user,
        )
    assert _listed(office, draft) == [f"no_{register}"]
    with pytest.raises(ValidationError) as caught:
        office.signs(draft)
    assert list(caught.value.message_dict) == ["physician"]


def test_secrecy_of_the_delegate_comes_before_the_signature(office: Office) -> None:
    delegate = office.delegate(secrecy=False)
    draft = office.drafts(delegate)
    assert _listed(office, draft) == ["no_secrecy"]
    office.declares_secrecy(delegate, "signalering")
    assert _listed(office, draft) == ["no_secrecy"]
    office.declares_secrecy(delegate)
    assert _listed(office, draft) == []


@pytest.mark.parametrize(
    ("register", "codes"),
    [
        ("", ["reserved_without_big"]),
        ("big_fysiotherapeut", ["reserved_without_big"]),
        ("big_verpleegkundige", []),
    ],
)
def test_a_reserved_act_asks_a_registration_that_carries_it(
    office: Office, register: str, codes: list[str]
) -> None:
    delegate = office.delegate()
    if register:
        office.in_register(delegate, register)
    draft = office.drafts(delegate, edition="praktijk", tasks=("V1",))
    assert _listed(office, draft) == codes


@pytest.mark.parametrize("code", ["M4", "M5", "M6"])
def test_a_judgement_without_registration_asks_a_reason(office: Office, code: str) -> None:
    delegate = office.delegate()
    assert _listed(office, office.drafts(delegate, tasks=(code,))) == ["no_justification"]
    assert _listed(office, office.drafts(delegate, tasks=(code,), justification="Tien jaar ervaring.")) == []
    office.in_register(delegate, "big_fysiotherapeut")
    assert _listed(office, office.drafts(delegate, tasks=(code,))) == []


def test_a_practice_may_ask_a_registration_whatever_the_reason(world: World) -> None:
    office = Office.opens(world, world.make(Practice, name="Praktijk met BIG"))
    world.sets(office.practice, "big_only_for_judgement", 1)
    delegate = office.delegate()
    draft = office.drafts(delegate, tasks=("M6",), justification="Tien jaar ervaring.")
    assert _listed(office, draft) == ["big_only"]
    assert _listed(office, office.drafts(delegate, tasks=("M2",))) == []


def test_more_delegates_than_the_maximum_ask_a_reason(world: World) -> None:
    office = Office.opens(world, world.make(Practice, name="Praktijk met een maximum"))
    world.sets(office.practice, "max_delegates_per_bedrijfsarts", 1)
    first = office.delegates()
    second = office.drafts(office.delegate())
    assert _listed(office, second) == ["over_maximum"]
    assert _listed(office, office.drafts(first.delegate)) == [], "the same delegate again is not one more"
    assert _listed(office, office.drafts(office.delegate(), over_maximum_reason="Waarneming.")) == []
    with office.physician.acts():
        contracts.end(by=office.physician.user, contract=again(first.contract), reason="Vertrekt.")
    assert _listed(office, second) == []


def test_a_delegate_who_waits_for_acceptance_gets_no_contract_yet(office: Office, world: World) -> None:
    with office.admin.acts():
        engagement = people.engage(
            practice=office.practice,
            user=plain(world.user("nieuw")),
            role="gedelegeerde",
            by=office.admin.user,
        )
    draft = office.drafts(Actor(engagement.user, engagement))
    assert "delegate_not_at_work" in _listed(office, draft)
    with office.physician.acts():
        people.accept_engagement(engagement=again(engagement), by=office.physician.user)
    assert _listed(office, draft) == ["no_secrecy"]


def test_nothing_counts_from_before_the_signature(office: Office) -> None:
    delegate = office.delegate()
    contract = fact(office.signs(office.drafts(delegate, starts_at=days(-30))))
    assert contract.starts_at == contract.signed_at == contract.ground.starts_at


def test_a_contract_for_next_month_opens_nothing_today(office: Office) -> None:
    delegate, (dossier, _) = office.delegate(), office.dossier()
    contract = office.signs(office.drafts(delegate, starts_at=days(30)))
    office.accepts(contract, delegate)
    office.reads_protocol(contract, delegate)
    office.tells(dossier, "delegatie", delegate)
    assert answer(delegate, dossier, WRITE) == "not found"
    assert answer(office.delegates(delegate=delegate).delegate, dossier, READ) == "open"


def test_a_contract_is_signed_once(office: Office) -> None:
    contract = office.signs(office.drafts(office.delegate()))
    with pytest.raises(NotYet, match="already_signed"):
        office.signs(contract)
    assert Ground.objects.using(OWNER).filter(holder=contract.delegate_id, kind="contract").count() == 1


# --- accepting --------------------------------------------------------------------------------------------------


def test_the_contract_works_once_the_delegate_has_accepted_it(office: Office) -> None:
    delegate, (dossier, _) = office.delegate(), office.dossier()
    contract = office.signs(office.drafts(delegate))
    office.reads_protocol(contract, delegate)
    office.tells(dossier, "delegatie", delegate)
    assert answer(delegate, dossier, WRITE) == "not yet: contract_not_accepted"
    office.accepts(contract, delegate)
    assert answer(delegate, dossier, WRITE) == "open"
    assert tasks_open(delegate, dossier) == set(TASKS)


def test_accepting_asks_a_declaration_about_every_task(office: Office) -> None:
    delegate = office.delegate()
    contract = office.signs(office.drafts(delegate, tasks=("M2", "M3")))
    with pytest.raises(ValidationError) as caught, delegate.acts():
        contracts.accept(
            by=delegate.user, contract=again(contract), declarations={task_id("2018", "M2"): True}
        )
    assert list(caught.value.message_dict) == [f"task-{task_id('2018', 'M3')}"]
    assert not OwnDeclaration.objects.using(OWNER).filter(user=delegate.user.pk).exists()
    assert fact(contract).accepted_at is None
    office.accepts(contract, delegate)
    declared = OwnDeclaration.objects.using(OWNER).filter(user=delegate.user.pk, competent=True)
    assert {row.task.code for row in declared} == {"M2", "M3"}


def test_a_task_the_delegate_calls_himself_not_competent_for_stays_closed(office: Office) -> None:
    delegate, (dossier, _) = office.delegate(), office.dossier()
    contract = office.signs(office.drafts(delegate))
    office.accepts(contract, delegate, not_competent=("M3",))
    office.reads_protocol(contract, delegate)
    office.tells(dossier, "delegatie", delegate)
    assert tasks_open(delegate, dossier) == set(TASKS) - {"M3"}


def test_a_draft_cannot_be_accepted(office: Office) -> None:
    delegate = office.delegate()
    draft = office.drafts(delegate)
    with pytest.raises(NotYet, match="physician_signs_first"):
        office.accepts(draft, delegate)
    with database_refuses("contract_accepted_after_signed"), delegate.acts():
        sql(
            "UPDATE delegation_contract SET accepted_at = now(), accepted_by_id = %s WHERE id = %s",
            delegate.user.pk,
            draft.pk,
        )


def test_it_is_accepted_once(office: Office) -> None:
    at_work = office.delegates()
    with pytest.raises(NotYet, match="already_accepted"):
        office.accepts(at_work.contract, at_work.delegate)


def test_nobody_accepts_for_the_delegate(office: Office) -> None:
    delegate = office.delegate()
    contract = office.signs(office.drafts(delegate))
    for somebody in (office.physician, office.admin, office.engaged("gedelegeerde")):
        with pytest.raises(NotAllowed, match="only_delegate_accepts"), somebody.acts():
            contracts.accept(by=somebody.user, contract=_loaded(office, contract), declarations={})
    for somebody in (office.physician, office.admin):
        for name in (somebody, delegate):
            with database_refuses("delegation_contract_accepted_by_delegate"), somebody.acts():
                sql(
                    "UPDATE delegation_contract SET accepted_at = now(), accepted_by_id = %s WHERE id = %s",
                    name.user.pk,
                    contract.pk,
                )
    assert fact(contract).accepted_at is None
    office.accepts(contract, delegate)
    assert fact(contract).accepted_by_id == delegate.user.pk


def _loaded(office: Office, contract: Contract) -> Contract:
    """The contract as its physician has it, for somebody who might not even see it."""
    row = fact(contract)
    _ = row.delegate, row.physician
    return plain(row)


def test_a_colleague_delegate_does_not_even_see_it(office: Office) -> None:
    at_work, colleague = office.delegates(), office.delegate()
    with colleague.acts():
        assert not Contract.objects.filter(pk=at_work.contract.pk).exists()
        assert not ContractTask.objects.filter(contract=at_work.contract.pk).exists()
        assert (
            sql("UPDATE delegation_contract SET accepted_at = NULL WHERE id = %s", at_work.contract.pk) == 0
        )
    with at_work.delegate.acts():
        assert Contract.objects.filter(pk=at_work.contract.pk).exists()


# --- signed never changes ---------------------------------------------------------------------------------------

COLUMNS = {
    "ends_at": "ends_at + interval '1 day'",
    "starts_at": "starts_at + interval '1 hour'",
    "edition_id": "'praktijk'",
    "supervision_plan": "'Jaarlijks.'",
    "consultation_interval": "52",
    "over_maximum_reason": "'Toch.'",
    "signed_by_id": "drafted_by_id + 1",
    "signed_at": "signed_at + interval '1 second'",
    "drafted_at": "drafted_at - interval '1 day'",
    "delegate_id": "physician_id",
    "accepted_at": "accepted_at + interval '1 second'",
    "accepted_by_id": "signed_by_id",
}
NAMES_OF_COLUMNS = tuple(column.attname for column in Contract._meta.concrete_fields)


@pytest.mark.parametrize("column", COLUMNS)
def test_what_was_signed_and_accepted_never_changes(office: Office, column: str) -> None:
    at_work = office.delegates()
    before = fact(at_work.contract)
    for somebody in (office.physician, office.admin, at_work.delegate):
        with pytest.raises(DatabaseError), somebody.acts():
            sql(
                f"UPDATE delegation_contract SET {column} = {COLUMNS[column]} WHERE id = %s",
                at_work.contract.pk,
            )
    after = fact(at_work.contract)
    assert {name: getattr(after, name) for name in NAMES_OF_COLUMNS} == {
        name: getattr(before, name) for name in NAMES_OF_COLUMNS
    }


def test_no_task_and_no_employee_is_added_to_what_was_signed(office: Office) -> None:
    at_work, employer = office.delegates(), office.client()
    for somebody in (office.physician, office.admin):
        with database_refuses(), somebody.acts():
            _add_task(at_work.contract, "M14", 2)
        with database_refuses(), somebody.acts():
            ContractScope(practice=office.practice, contract=at_work.contract, employer=employer).save(
                force_insert=True
            )


def test_nor_taken_out(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        assert sql("DELETE FROM delegation_contracttask WHERE contract_id = %s", at_work.contract.pk) == 0
        assert sql("DELETE FROM delegation_contractscope WHERE contract_id = %s", at_work.contract.pk) == 0
    draft = office.drafts(office.delegate())
    with office.physician.acts():
        assert sql("DELETE FROM delegation_contracttask WHERE contract_id = %s", draft.pk) == len(TASKS)


def test_a_signed_contract_is_not_drafted_over(office: Office) -> None:
    delegate = office.delegate()
    contract, terms = office.signs(office.drafts(delegate)), office.terms(delegate, tasks=("M14",))
    with pytest.raises(NotAllowed, match="signed_never_changes"), office.physician.acts():
        contracts.change_draft(by=office.physician.user, contract=again(contract), terms=terms)


def test_a_contract_is_never_thrown_away(office: Office) -> None:
    at_work, draft = office.delegates(), office.drafts(office.delegate())
    for row in (at_work.contract, draft):
        with database_refuses("permission denied"), office.physician.acts():
            sql("DELETE FROM delegation_contract WHERE id = %s", row.pk)


# --- suspending, resuming, ending -------------------------------------------------------------------------------


def _suspends(by: Actor, contract: Contract, reason: str = "Onzorgvuldig verslag.") -> None:
    with by.acts():
        contracts.suspend(by=by.user, contract=again(contract), reason=reason)


def _resumes(by: Actor, contract: Contract) -> None:
    with by.acts():
        contracts.resume(by=by.user, contract=again(contract))


def _ends(by: Actor, contract: Contract, reason: str = "Vertrekt.") -> None:
    with by.acts():
        contracts.end(by=by.user, contract=again(contract), reason=reason)


def test_suspended_at_the_next_opening_and_open_again_when_resumed(office: Office) -> None:
    at_work = office.delegates()
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    _suspends(office.physician, at_work.contract)
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: suspended"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: suspended"
    _resumes(office.physician, at_work.contract)
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_a_suspension_stops_one_contract_and_not_the_delegate(office: Office) -> None:
    at_work = office.delegates()
    colleague = Office.opens(office.world)
    other = colleague.delegates(delegate=at_work.delegate)
    _suspends(office.physician, at_work.contract)
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: suspended"
    assert answer(at_work.delegate, other.dossier, READ) == "open"


def test_what_happened_during_a_suspension_is_never_recorded_and_what_happened_before_is(
    office: Office,
) -> None:
    at_work = office.delegates()
    before = timezone.now()
    _suspends(office.physician, at_work.contract)
    during = timezone.now()
    _resumes(office.physician, at_work.contract)
    assert could_have_written(at_work.delegate, at_work.dossier, before)
    assert not could_have_written(at_work.delegate, at_work.dossier, during)
    assert could_have_written(at_work.delegate, at_work.dossier, timezone.now())
    rows = Suspension.objects.using(OWNER).filter(ground=at_work.contract.ground_id)
    assert [row.starts_at < during < row.ends_at for row in rows] == [True]


def test_it_is_suspended_once_at_a_time_and_as_often_as_needed(office: Office) -> None:
    at_work = office.delegates()
    _suspends(office.physician, at_work.contract)
    with pytest.raises(NotYet, match="already_suspended"):
        _suspends(office.physician, at_work.contract)
    with database_refuses("suspension_open_once"), office.physician.acts():
        Suspension(
            practice=office.practice,
            ground_id=at_work.contract.ground_id,
            starts_at=timezone.now(),
            reason="Nog eens.",
            by=office.physician.user,
        ).save(force_insert=True)
    _resumes(office.physician, at_work.contract)
    _suspends(office.physician, at_work.contract)
    assert Suspension.objects.using(OWNER).filter(ground=at_work.contract.ground_id).count() == 2


def test_suspending_and_ending_ask_a_reason(office: Office) -> None:
    at_work = office.delegates()
    with pytest.raises(ValidationError, match="Vul de reden in"):
        _suspends(office.physician, at_work.contract, reason=" ")
    with pytest.raises(ValidationError, match="Vul de reden in"):
        _ends(office.physician, at_work.contract, reason="")
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"


@pytest.mark.parametrize("role", ["praktijkbeheerder", "bedrijfsarts", "procesbewaker", "fg"])
def test_nobody_else_suspends_resumes_or_ends(office: Office, role: str) -> None:
    at_work, somebody = office.delegates(), office.engaged(role)
    seen = _loaded(office, at_work.contract)
    for act, code in (
        (lambda: contracts.suspend(by=somebody.user, contract=seen, reason="x"), "only_physician_suspends"),
        (lambda: contracts.resume(by=somebody.user, contract=seen), "only_physician_suspends"),
        (lambda: contracts.end(by=somebody.user, contract=seen, reason="x"), "only_physician_ends"),
    ):
        with pytest.raises(NotAllowed, match=code), somebody.acts():
            act()
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"


@pytest.mark.parametrize("role", ["praktijkbeheerder", "bedrijfsarts", "gedelegeerde"])
def test_nor_past_the_action_by_a_row_of_his_own(office: Office, role: str) -> None:
    at_work = office.delegates()
    somebody = at_work.delegate if role == "gedelegeerde" else office.engaged(role)
    with database_refuses(), somebody.acts():
        Suspension(
            practice=office.practice,
            ground_id=at_work.contract.ground_id,
            starts_at=timezone.now(),
            reason="x",
            by=somebody.user,
        ).save(force_insert=True)
    with somebody.acts():
        touched = sql(
            "UPDATE access_ground SET ends_at = now(), ended_reason = 'x' WHERE id = %s",
            at_work.contract.ground_id,
        )
    assert touched == 0
    assert answer(at_work.delegate, at_work.dossier, READ) == "open"


def test_a_suspended_delegate_cannot_lift_his_own_suspension(office: Office) -> None:
    at_work = office.delegates()
    _suspends(office.physician, at_work.contract)
    with pytest.raises(NotAllowed, match="only_physician_suspends"), at_work.delegate.acts():
        contracts.resume(by=at_work.delegate.user, contract=_loaded(office, at_work.contract))
    with at_work.delegate.acts():
        lift = "UPDATE access_suspension SET ends_at = now() WHERE ground_id = %s"
        assert sql(lift, at_work.contract.ground_id) == 0
    assert answer(at_work.delegate, at_work.dossier, READ) == "not yet: suspended"


def test_ended_is_not_found_at_once_and_stays_over(office: Office) -> None:
    at_work = office.delegates()
    _ends(office.physician, at_work.contract)
    for ask in (READ, WRITE, "begeleiding.read", "kennisgeving.write", "team.read"):
        assert answer(at_work.delegate, at_work.dossier, ask) == "not found"
    for again_ in (_ends, _suspends):
        with pytest.raises(NotYet, match="already_ended"):
            again_(office.physician, at_work.contract)
    with pytest.raises(NotYet, match="already_ended"):
        _resumes(office.physician, at_work.contract)
    assert fact(at_work.contract).ground.ended_reason == "Vertrekt."


def test_a_suspended_contract_can_be_ended(office: Office) -> None:
    at_work = office.delegates()
    _suspends(office.physician, at_work.contract)
    _ends(office.physician, at_work.contract)
    assert answer(at_work.delegate, at_work.dossier, READ) == "not found"


def test_a_contract_that_has_not_begun_can_be_called_off(office: Office) -> None:
    delegate = office.delegate()
    contract = office.signs(office.drafts(delegate, starts_at=days(30)))
    _ends(office.physician, contract)
    ground = fact(contract).ground
    assert ground.ends_at == ground.starts_at


def test_after_the_end_a_new_contract_opens_again(office: Office) -> None:
    at_work = office.delegates()
    _ends(office.physician, at_work.contract)
    contract = office.signs(office.drafts(at_work.delegate))
    office.accepts(contract, at_work.delegate)
    office.reads_protocol(contract, at_work.delegate)
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


def test_a_draft_can_be_neither_suspended_nor_ended(office: Office) -> None:
    draft = office.drafts(office.delegate())
    for act in (_suspends, _ends):
        with pytest.raises(NotYet, match="physician_signs_first"):
            act(office.physician, draft)


# --- no chain ---------------------------------------------------------------------------------------------------


def test_a_delegate_passes_no_task_on(office: Office) -> None:
    at_work, third = office.delegates(), office.delegate()
    terms = office.terms(third)
    terms = contracts.Terms(**{**vars(terms), "physician": at_work.delegate.engagement})
    with pytest.raises(NotAllowed, match="who_drafts_contracts"), at_work.delegate.acts():
        contracts.draft(by=at_work.delegate.user, terms=terms)
    with database_refuses(), at_work.delegate.acts():
        Ground(
            practice=office.practice,
            kind="contract",
            role="gedelegeerde",
            holder=third.engagement,
            responsible=at_work.delegate.engagement,
            given_by=at_work.delegate.user,
            signed_at=timezone.now(),
            starts_at=timezone.now(),
        ).save(force_insert=True)
