"""Acts about competence: the bedrijfsarts concludes and withdraws, the delegate declares for himself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.checks import during, only_roles
from delegation.competence.models import CompetenceConclusion, OwnDeclaration
from delegation.rulesets.models import Task
from directory.access.refusals import NotAllowed
from directory.people.models import Practice, Role
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def conclude(
    *,
    by: User,
    practice: Practice,
    delegate: User,
    task: Task,
    how_verified: str,
    limits: str,
    review_at: datetime | None = None,
    key: UUID | None = None,
) -> CompetenceConclusion:
    """Record the own conclusion of a bedrijfsarts about one person and one task; it replaces his earlier one.

    The same key twice is one conclusion.
    Raises NotAllowed for anybody else: management cannot judge competence (bijlage 4, algemene taken).
    """
    only_roles(by, practice.pk, Role.BEDRIJFSARTS, code="only_physician_concludes")
    if delegate.pk == by.pk:
        raise ValidationError({"delegate": "Over uzelf legt u geen bekwaamheidsoordeel vast."})
    if not task.may_be_delegated:
        raise ValidationError(
            {"task": f"{task.label} is niet te delegeren; een bekwaamheidsoordeel is niet nodig."}
        )
    if key and (made := CompetenceConclusion.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    for earlier in CompetenceConclusion.objects.filter(
        during(now), physician=by, delegate=delegate, task=task
    ):
        change(earlier, ends_at=now)
    return store(
        CompetenceConclusion(
            id=key or uuid4(),
            practice=practice,
            delegate=delegate,
            physician=by,
            task=task,
            how_verified=how_verified.strip(),
            limits=limits.strip(),
            starts_at=now,
            ends_at=review_at,
        )
    )


@transaction.atomic
def withdraw(*, by: User, conclusion: CompetenceConclusion, reason: str) -> CompetenceConclusion:
    """End a conclusion now. The task closes at the next statement, whatever contract names it."""
    if conclusion.physician_id != by.pk:
        raise NotAllowed("only_physician_concludes")
    if not reason.strip():
        raise ValidationError({"reason": "Vul in waarom u het oordeel intrekt."})
    now = timezone.now()
    if conclusion.ends_at is not None and conclusion.ends_at <= now:
        raise ValidationError({"reason": "Dit oordeel is al geëindigd."})
    return change(conclusion, ends_at=max(now, conclusion.starts_at), withdrawn_reason=reason.strip())


@transaction.atomic
def declare(*, by: User, practice: Practice, task: Task, competent: bool) -> OwnDeclaration:
    """Declare for oneself. "Not competent" is a right and works at once (bijlage 5)."""
    now = timezone.now()
    running = OwnDeclaration.objects.filter(during(now), practice=practice, user=by, task=task).first()
    if running is not None and running.competent == competent:
        return running
    if running is not None:
        withdraw_declaration(by=by, declaration=running)
        now = running.ends_at or now
    return store(OwnDeclaration(practice=practice, user=by, task=task, competent=competent, starts_at=now))


@transaction.atomic
def withdraw_declaration(*, by: User, declaration: OwnDeclaration) -> OwnDeclaration:
    """Take the own declaration back; without one the task is closed, as after "not competent"."""
    if declaration.user_id != by.pk:
        raise NotAllowed("own_declaration_only")
    return change(declaration, ends_at=max(timezone.now(), declaration.starts_at))
