"""Acts of assignment: assign, accept, end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.assignments.kinds import RULES, Rule
from delegation.assignments.models import Assignment, AssignmentKind
from delegation.checks import all_purposes, engaged, is_running, not_ended, only_roles, secrecy_signed
from directory.access import ground as grounds
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Employer, Engagement, Relation, Role, SecrecyDeclaration, Side
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def assign(
    *,
    by: User,
    kind: str,
    holder: Engagement,
    tasks: str,
    responsible: Engagement | None = None,
    employer: Employer | None = None,
    relation: Relation | None = None,
    facilities: str = "",
    principal: str = "",
    document_reference: str = "",
    role_division: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    purposes: Iterable[str] | None = None,
    key: UUID | None = None,
) -> Assignment:
    """Write an assignment down. Whoever must accept it and writes it himself, accepts it by writing.

    The same key twice is one assignment.
    """
    only_roles(by, holder.practice_id, Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER, code="who_assigns")
    rule = RULES[kind]
    if holder.role not in rule.roles:
        raise ValidationError({"holder": f"Deze opdracht is voor: {', '.join(r.label for r in rule.roles)}."})
    for other in (responsible, employer, relation):
        if other is not None and other.practice_id != holder.practice_id:
            raise ValidationError("Kies alleen mensen en werkgevers van deze praktijk.")
    if key and (made := Assignment.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    assignment = store(
        Assignment(
            id=key or uuid4(),
            practice_id=holder.practice_id,
            kind=kind,
            holder=holder,
            responsible=responsible,
            employer=employer,
            relation=relation,
            tasks=tasks.strip(),
            facilities=facilities.strip(),
            principal=principal.strip(),
            document_reference=document_reference.strip(),
            role_division=role_division.strip(),
            starts_at=starts_at or now,
            ends_at=ends_at,
            prepared_by=by,
            prepared_at=now,
        )
    )
    return accept(by=by, assignment=assignment, purposes=purposes) if accepts(by, assignment) else assignment


def accepts(by: User, assignment: Assignment) -> bool:
    """Say whether this user is the one who may accept this assignment."""
    match RULES[assignment.kind].accepted_by:
        case "holder":
            return by.pk == assignment.holder.user_id
        case "responsible":
            return assignment.responsible is not None and by.pk == assignment.responsible.user_id
        case "administrator":
            return engaged(by, assignment.practice_id, Role.PRAKTIJKBEHEERDER)


@transaction.atomic
def accept(*, by: User, assignment: Assignment, purposes: Iterable[str] | None = None) -> Assignment:
    """Accept, and lay the ground. The secrecy the kind asks must have been signed by the holder himself."""
    if not accepts(by, assignment):
        raise NotAllowed("who_accepts_assignment")
    if assignment.accepted_at is not None:
        raise NotYet("already_accepted")
    now = timezone.now()
    rule = RULES[assignment.kind]
    _ready(assignment, rule, now)
    employers = [assignment.employer] if assignment.employer and not assignment.relation else []
    relations = [assignment.relation] if assignment.relation else []
    ground = grounds.lay(
        kind=rule.ground,
        role=assignment.holder.role,
        holder=assignment.holder,
        responsible=assignment.responsible,
        by=by,
        signed_at=now,
        starts_at=max(assignment.starts_at, now),
        ends_at=assignment.ends_at,
        purposes=_purposes(assignment, purposes),
        employers=employers,
        relations=relations,
        caseload=assignment.responsible is not None and not employers and not relations,
    )
    return change(assignment, ground=ground, accepted_by=by, accepted_at=now)


def _purposes(assignment: Assignment, asked: Iterable[str] | None) -> list[str]:
    """A bedrijfsarts for a client has the whole dossier; others what is asked, else guidance only."""
    if assignment.holder.side != Side.MEDICAL:
        return []
    if asked is not None:
        return list(asked)
    return all_purposes() if assignment.holder.role == Role.BEDRIJFSARTS else ["begeleiding"]


def _ready(assignment: Assignment, rule: Rule, at: datetime) -> None:
    holder = assignment.holder
    if not is_running(holder, at):
        raise ValidationError({"holder": "Deze werkrelatie loopt niet of wacht op aanvaarding."})
    if assignment.ends_at is not None and assignment.ends_at <= at:
        raise ValidationError({"ends_at": "De einddatum is voorbij. Kies een latere datum."})
    if rule.secrecy and not secrecy_signed(holder.user_id, assignment.practice_id, rule.secrecy, at):
        label = SecrecyDeclaration.Kind(rule.secrecy).label
        raise ValidationError({"holder": f"Nog niet getekend: {label}. Vraag deze persoon te tekenen."})
    if assignment.kind == AssignmentKind.CUSTODY and assignment.ends_at is None:
        raise ValidationError(
            {"ends_at": "Bewaring loopt voor één verzoek. Vul in wanneer dat klaar moet zijn."}
        )


@transaction.atomic
def end(*, by: User, assignment: Assignment, reason: str) -> None:
    """End an assignment now: whoever could accept it."""
    if not accepts(by, assignment):
        raise NotAllowed("who_ends_assignment")
    if not reason.strip():
        raise ValidationError({"reason": "Vul de reden in."})
    if assignment.ground is None:
        raise NotYet("not_accepted")
    grounds.end(not_ended(assignment.ground), by=by, reason=reason.strip())
