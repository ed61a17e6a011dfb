"""The decision of the bedrijfsarts about two hats on one employee (Leidraad casemanagement §1.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from delegation.checks import during, only_roles
from delegation.separation.models import SeparationDecision
from directory.people.models import Person, Role
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def decide(
    *,
    by: User,
    user: User,
    person: Person,
    separable: bool,
    reason: str,
    boundaries: str = "",
    review_on: date | None = None,
    key: UUID | None = None,
) -> SeparationDecision:
    """Decide whether both tasks can be kept apart, and how; it replaces the running decision.

    The same key twice is one decision.

    "Cannot be kept apart" leaves both closed: which one goes is then a choice of people.
    """
    only_roles(by, person.practice_id, Role.BEDRIJFSARTS, code="only_physician_separates")
    if key and (made := SeparationDecision.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    for running in SeparationDecision.objects.filter(during(now), user=user, person=person):
        change(running, ends_at=now)
    return store(
        SeparationDecision(
            id=key or uuid4(),
            practice_id=person.practice_id,
            user=user,
            person=person,
            decided_by=by,
            separable=separable,
            reason=reason.strip(),
            boundaries=boundaries.strip(),
            review_on=review_on,
            starts_at=now,
        )
    )
