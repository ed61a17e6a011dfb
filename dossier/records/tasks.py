"""Which tasks somebody may do here now: a form offers no others, and the database takes no others."""

from __future__ import annotations

from collections.abc import Callable, Container
from uuid import UUID

from django.db import connection

from .kinds import PartKind, Place

EVERY = "*"  # a physician's work is not divided into tasks of a contract


def tasks_now(dossier: UUID, section: str) -> set[str]:
    """Ask which tasks the bound capacity may do in this section of the dossier. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_my_tasks(%s, %s)", [dossier, section])
        return {row[0] for row in cursor.fetchall()}


def may_do(tasks: Container[str]) -> Callable[[str], bool]:
    return lambda task: EVERY in tasks or task in tasks


def offered(dossier: UUID, place: Place) -> list[PartKind]:
    """List the parts of a kind whose task one may do now."""
    allowed = may_do(tasks_now(dossier, place.section))
    return [part for part in place.kind.parts if allowed(part.task)]
