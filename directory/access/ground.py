"""Lay, suspend, resume and end a ground. One small write each; whatever hangs on it follows at the next statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .models import Ground, GroundScope, Suspension


@transaction.atomic
def lay(
    *,
    kind: str,
    role: str,
    holder: Any,
    by: Any,
    signed_at: datetime,
    starts_at: datetime,
    responsible: Any = None,
    ends_at: datetime | None = None,
    purposes: Iterable[str] = (),
    employers: Iterable[Any] = (),
    relations: Iterable[Any] = (),
    caseload: bool = False,
) -> Ground:
    """Lay a ground with its scope and compile its grants. The database refuses whoever may not lay this kind."""
    ground = Ground.objects.create(
        practice_id=holder.practice_id,
        kind=kind,
        role=role,
        holder=holder,
        responsible=responsible,
        given_by=by,
        purposes=list(purposes),
        signed_at=signed_at,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    scope = [GroundScope(employer=employer) for employer in employers]
    scope += [GroundScope(relation=relation) for relation in relations]
    scope += [GroundScope(caseload=True)] if caseload else []
    for row in scope:
        row.practice_id, row.ground = ground.practice_id, ground
    GroundScope.objects.bulk_create(scope)
    recompile(ground)
    return ground


def recompile(ground: Ground) -> int:
    """Make the grants agree with the scope. Returns how many were added."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_recompile(%s)", [ground.pk])
        return int(cursor.fetchone()[0])


def suspend(ground: Ground, *, by: Any, reason: str) -> Suspension:
    """Let a ground stand still from this moment."""
    suspension = Suspension(
        practice_id=ground.practice_id, ground=ground, starts_at=timezone.now(), reason=reason, by=by
    )
    suspension.full_clean(exclude=["practice", "ground", "by", "ends_at"])
    suspension.save(force_insert=True)
    return suspension


def resume(ground: Ground, *, by: Any) -> None:
    """End the running suspension, if there is one."""
    for suspension in Suspension.objects.filter(ground=ground, ends_at__isnull=True):
        suspension.ends_at = timezone.now()
        suspension.save(update_fields=["ends_at"])


def end(ground: Ground, *, by: Any, reason: str, at: datetime | None = None) -> None:
    """End a ground now, or at a later moment before its own end. One row; no job has to run."""
    ground.ends_at = max(at or timezone.now(), ground.starts_at)
    ground.ended_reason = reason
    ground.save(update_fields=["ends_at", "ended_reason"])
