"""Acts of absence: a bedrijfsarts is away, and comes back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.checks import engaged
from delegation.deputising.models import Absence
from directory.access.refusals import NotAllowed
from directory.people.models import Engagement, Role
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def record(
    *,
    by: User,
    physician: Engagement,
    starts_at: datetime,
    ends_at: datetime | None = None,
    key: UUID | None = None,
) -> Absence:
    """Record that a bedrijfsarts is away. Without a deputy his delegates only read (bijlage 5, toezicht).

    The same key twice is one absence.
    """
    _own_or_administrator(by, physician)
    if key and (made := Absence.objects.filter(pk=key).first()):
        return made
    return store(
        Absence(
            id=key or uuid4(),
            practice_id=physician.practice_id,
            physician=physician,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )


@transaction.atomic
def end(*, by: User, absence: Absence, at: datetime | None = None) -> Absence:
    """End an absence, now or at a later moment that shortens it."""
    _own_or_administrator(by, absence.physician)
    moment = max(at or timezone.now(), absence.starts_at)
    if absence.ends_at is not None and absence.ends_at <= moment:
        raise ValidationError({"ends_at": "Deze afwezigheid eindigt al eerder."})
    return change(absence, ends_at=moment)


def _own_or_administrator(by: User, physician: Engagement) -> None:
    if by.pk != physician.user_id and not engaged(by, physician.practice_id, Role.PRAKTIJKBEHEERDER):
        raise NotAllowed("who_records_absence")
