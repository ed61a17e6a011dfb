"""Acts of consent: record, withdraw. Withdrawing closes every later use; what was done stays provable."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.consents.models import Consent
from directory.people.models import Relation
from directory.people.writing import check, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def record(
    *,
    by: User,
    relation: Relation,
    section: str,
    verb: str,
    receiver: str,
    content: str,
    given_how: str,
    receiver_user: User | None = None,
    item: UUID | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    key: UUID | None = None,
) -> Consent:
    """Record a consent for one part, act, receiver and content; never with effect from the past.

    The same key twice is one consent.
    """
    if key and (made := Consent.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    return store(
        Consent(
            id=key or uuid4(),
            practice_id=relation.practice_id,
            relation=relation,
            section=section,
            verb=verb,
            receiver=receiver.strip(),
            receiver_user=receiver_user,
            item=item,
            content=content.strip(),
            starts_at=max(starts_at or now, now),
            ends_at=ends_at,
            given_how=given_how.strip(),
            recorded_by=by,
            recorded_at=now,
        )
    )


@transaction.atomic
def withdraw(*, by: User, consent: Consent) -> Consent:
    """End a consent now, as the employee may at any moment."""
    now = timezone.now()
    if consent.ends_at is not None and consent.ends_at <= now:
        raise ValidationError({"ends_at": "Deze toestemming is al geëindigd."})
    consent.ends_at = max(now, consent.starts_at)
    check(consent)
    consent.save(force_update=True, update_fields=["ends_at"])
    return consent
