"""Acts on a contract: draft, sign, accept, suspend, resume, end. Only the bedrijfsarts himself delegates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.checks import is_running, not_ended, only, only_roles
from delegation.competence.actions import conclude, declare
from delegation.competence.protocols import Protocol
from delegation.contracts.missing import missing
from delegation.contracts.models import Contract, ContractScope, ContractTask
from delegation.contracts.state import standing_still
from delegation.deputising.rules import stands_in_for
from delegation.rulesets.models import Edition, Task
from directory.access import ground as grounds
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Employer, Engagement, Professional, Relation, Role
from directory.people.writing import check

if TYPE_CHECKING:
    from directory.accounts.models import User

PREPARES = (Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE, Role.PRAKTIJKBEHEERDER)


@dataclass(frozen=True)
class Terms:
    """What a draft says. Tasks come with their justification, empty where none is asked."""

    edition: Edition
    delegate: Engagement
    physician: Engagement
    starts_at: datetime
    ends_at: datetime
    tasks: Mapping[UUID, str]
    employers: Iterable[Employer] = ()
    relations: Iterable[Relation] = ()
    supervision_plan: str = ""
    consultation_interval: int | None = None
    protocol: Protocol | None = None
    over_maximum_reason: str = ""


@dataclass(frozen=True)
class Verified:
    """A competence conclusion given while signing."""

    how_verified: str
    limits: str
    review_at: datetime | None = None


@transaction.atomic
def draft(*, by: User, terms: Terms, key: UUID | None = None) -> Contract:
    """Write a draft; the administrator may, too. It counts for nothing until it is signed.

    The same key twice is one draft.
    """
    if key and (made := Contract.objects.filter(pk=key).first()):
        return made
    contract = Contract(id=key or uuid4(), drafted_by=by, drafted_at=timezone.now())
    return _write(contract, by=by, terms=terms)


@transaction.atomic
def change_draft(*, by: User, contract: Contract, terms: Terms) -> Contract:
    """Replace what a draft says. A signed contract is never changed: draft a new one."""
    if not contract.is_draft:
        raise NotAllowed("signed_never_changes")
    return _write(contract, by=by, terms=terms)


def _write(contract: Contract, *, by: User, terms: Terms) -> Contract:
    only_roles(by, terms.physician.practice_id, *PREPARES, code="who_drafts_contracts")
    tasks = _checked(terms)
    contract.practice_id = terms.physician.practice_id
    contract.edition, contract.protocol = terms.edition, terms.protocol
    contract.delegate, contract.physician = terms.delegate, terms.physician
    contract.starts_at, contract.ends_at = terms.starts_at, terms.ends_at
    contract.supervision_plan = terms.supervision_plan.strip()
    contract.consultation_interval = terms.consultation_interval
    contract.over_maximum_reason = terms.over_maximum_reason.strip()
    check(contract)
    if not contract._state.adding:  # before the contract: its tasks are of the list it names
        for old in (*contract.tasks.all(), *contract.scope.all()):
            old.delete()
    contract.save()
    common = {"practice_id": contract.practice_id, "contract": contract}
    ContractTask.objects.bulk_create(
        ContractTask(task=task, justification=terms.tasks[task.pk].strip(), **common) for task in tasks
    )
    ContractScope.objects.bulk_create(
        [
            *(ContractScope(employer=employer, **common) for employer in terms.employers),
            *(ContractScope(relation=relation, **common) for relation in terms.relations),
        ]
    )
    return contract


def _checked(terms: Terms) -> list[Task]:
    """Refuse what no draft may say: a task of code 1, a physician as delegate, another practice."""
    errors: dict[str, list[str]] = {}
    if terms.physician.role != Role.BEDRIJFSARTS:
        errors.setdefault("physician", []).append(
            "Alleen een bedrijfsarts kan delegeren. Kies een bedrijfsarts."
        )
    if terms.delegate.practice_id != terms.physician.practice_id:
        errors.setdefault("delegate", []).append("Kies een gedelegeerde van deze praktijk.")
    elif terms.delegate.role != Role.GEDELEGEERDE or _is_physician(terms.delegate):
        errors.setdefault("delegate", []).append(
            "Delegeren kan aan een niet-arts. Voor een arts legt u supervisie vast. "
            "[Leidraad casemanagement §2.3]"
        )
    tasks = list(Task.objects.filter(pk__in=list(terms.tasks), edition=terms.edition).order_by("sort_order"))
    if len(tasks) != len(terms.tasks):
        errors.setdefault("tasks", []).append("Kies alleen taken uit de gekozen takenlijst.")
    for task in tasks:
        if not task.may_be_delegated:
            errors.setdefault("tasks", []).append(
                f"{task.label} kan een bedrijfsarts niet delegeren, ook niet in een overeenkomst. Een arts "
                "onder supervisie kan deze taak wel doen. [Leidraad casemanagement, bijlage 4, voetnoot 33]"
            )
    if errors:
        raise ValidationError(errors)
    return tasks


def _is_physician(engagement: Engagement) -> bool:
    physicians = (Professional.Profession.BEDRIJFSARTS, Professional.Profession.ARTS)
    return Professional.objects.filter(user=engagement.user_id, profession__in=physicians).exists()


@transaction.atomic
def sign(*, by: User, contract: Contract, verified: Mapping[UUID, Verified] | None = None) -> Contract:
    """Sign as the bedrijfsarts himself, with the competence conclusions given on the way.

    Raises ValidationError with everything that is missing, keyed by field, and NotAllowed for anybody else:
    employer, management and administrator cannot delegate (bijlage 5, opdracht).
    """
    only(by, contract.physician, Role.BEDRIJFSARTS, "only_physician_signs")
    if not contract.is_draft:
        raise NotYet("already_signed")
    rows = {row.task_id: row for row in contract.tasks.select_related("task")}
    for task_id, conclusion in (verified or {}).items():
        conclude(
            by=by,
            practice=contract.practice,
            delegate=contract.delegate.user,
            task=rows[task_id].task,
            how_verified=conclusion.how_verified,
            limits=conclusion.limits,
            review_at=conclusion.review_at,
        )
    now = timezone.now()
    errors: dict[str, list[str]] = {}
    for gap in missing(contract, at=now):
        errors.setdefault(gap.field, []).append(gap.text)
    if errors:
        raise ValidationError(errors)
    contract.signed_by, contract.signed_at = by, now
    contract.starts_at = max(contract.starts_at, now)  # nothing counts from before the signature
    scope = list(contract.scope.select_related("employer", "relation"))
    contract.ground = grounds.lay(
        kind="contract",
        role=Role.GEDELEGEERDE,
        holder=contract.delegate,
        responsible=contract.physician,
        by=by,
        signed_at=now,
        starts_at=contract.starts_at,
        ends_at=contract.ends_at,
        purposes=sorted({row.task.purpose for row in rows.values() if row.task.purpose}),
        employers=[row.employer for row in scope if row.employer_id],
        relations=[row.relation for row in scope if row.relation_id],
    )
    check(contract)
    contract.save()
    return contract


@transaction.atomic
def accept(*, by: User, contract: Contract, declarations: Mapping[UUID, bool]) -> Contract:
    """Countersign as the delegate, with the own declaration for every task (bijlage 5, bekwaamheid)."""
    only(by, contract.delegate, Role.GEDELEGEERDE, "only_delegate_accepts")
    if contract.is_draft:
        raise NotYet("physician_signs_first")
    if contract.accepted_at is not None:
        raise NotYet("already_accepted")
    tasks = [row.task for row in contract.tasks.select_related("task")]
    errors = {
        f"task-{task.pk}": f"{task.label}: kies of u zich bekwaam acht."
        for task in tasks
        if task.pk not in declarations
    }
    if errors:
        raise ValidationError(errors)
    for task in tasks:
        declare(by=by, practice=contract.practice, task=task, competent=declarations[task.pk])
    contract.accepted_by, contract.accepted_at = by, timezone.now()
    contract.save(update_fields=["accepted_by", "accepted_at"])
    return contract


@transaction.atomic
def suspend(*, by: User, contract: Contract, reason: str) -> None:
    """Let the contract stand still from now: the bedrijfsarts, or his deputy (§2.3.1; reading C24)."""
    _acts_for_physician(by, contract)
    _with_reason(reason)
    ground = _ground(contract)
    if standing_still([ground.pk], timezone.now()):
        raise NotYet("already_suspended")
    grounds.suspend(ground, by=by, reason=reason.strip())


@transaction.atomic
def resume(*, by: User, contract: Contract) -> None:
    """End the suspension."""
    _acts_for_physician(by, contract)
    grounds.resume(_ground(contract), by=by)


@transaction.atomic
def end(*, by: User, contract: Contract, reason: str) -> None:
    """Withdraw the contract now; possible at any moment. A deputy suspends, but does not end it."""
    only(by, contract.physician, Role.BEDRIJFSARTS, "only_physician_ends")
    _with_reason(reason)
    grounds.end(_ground(contract), by=by, reason=reason.strip())


def _acts_for_physician(by: User, contract: Contract) -> None:
    is_physician = contract.physician.user_id == by.pk and is_running(contract.physician, timezone.now())
    if not is_physician and not stands_in_for(by, contract.physician):
        raise NotAllowed("only_physician_suspends")


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Vul de reden in."})


def _ground(contract: Contract) -> grounds.Ground:
    if contract.ground is None:
        raise NotYet("physician_signs_first")
    return not_ended(contract.ground)
