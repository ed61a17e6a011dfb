"""Which deputisings run or are to come. Their period stands on the ground, which colleagues do not all see.

Everybody who works with a bedrijfsarts must know who stands in for him, and until when; what the ground opens is
another matter, and stays with those it concerns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from delegation.deputising.models import Deputising


@dataclass(frozen=True)
class Running:
    """One deputising with its period."""

    row: Deputising
    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at


def deputisings() -> list[Running]:
    """List what runs or is to come in the practice of whoever asks, the first to begin first. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_deputies()")
        periods: dict[UUID, tuple[datetime, datetime]] = {
            row: (starts, ends) for row, starts, ends in cursor.fetchall()
        }
    people = (
        "replaced__user__professional",
        "deputy__user__professional",
        "deputy__practice",
        "appointed_by",
    )
    rows = Deputising.objects.filter(pk__in=list(periods)).select_related(*people)
    found = [Running(row, *periods[row.pk]) for row in rows.order_by("pk")]
    return sorted(found, key=lambda one: one.starts_at)
