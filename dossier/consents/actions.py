"""Recording and ending a consent on an opened dossier; what the database refuses becomes a refusal with words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from consent.consents import actions
from consent.models import Consent
from directory.accounts.models import User
from dossier.models.shell import Opened
from dossier.records.answers import answered

WRITE = "toestemming.write"
TASK = "P3"  # for a delegate: taking the signature (Leidraad casemanagement bijlage 4)


def may_record(opened: Opened) -> bool:
    """Say whether a consent can be recorded here now: the grid, and for a delegate his task."""
    if not opened.may(WRITE):
        return False
    with connection.cursor() as cursor:
        relation = opened.dossier.relation_id
        cursor.execute("SELECT access_relation_task(%s, 'toestemming', %s)", [relation, TASK])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def record(
    *,
    by: User,
    opened: Opened,
    section: str,
    verb: str,
    receiver: str,
    content: str,
    given_how: str,
    receiver_user: int | None = None,
    ends_at: datetime | None = None,
    key: UUID | None = None,
) -> Consent:
    """Record a consent of the employee. Needs the dossier opened for toestemming.write and read."""
    opened.need(WRITE)
    with answered(opened, WRITE, timezone.now(), frozenset({TASK})):
        return actions.record(
            by=by,
            relation=opened.dossier.relation,
            section=section,
            verb=verb,
            receiver=receiver,
            content=content,
            given_how=given_how,
            receiver_user=User(pk=receiver_user) if receiver_user else None,
            ends_at=ends_at,
            key=key,
        )


@transaction.atomic
def withdraw(*, by: User, consent: Consent) -> Consent:
    """End a consent now, as the employee may at any moment; who recorded it can always do so."""
    return actions.withdraw(by=by, consent=consent)
