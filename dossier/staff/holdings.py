"""What one colleague holds in the practice, in one place. No employee is named: the administrator sees staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from delegation.checks import during
from delegation.contracts.pages import visible
from delegation.dates import show_day, show_period
from delegation.models import Assignment, Deputising
from directory.access.context import Capacity
from directory.people.models import SecrecyDeclaration
from dossier.panels.reach import reach


@dataclass(frozen=True)
class Held:
    """One thing somebody holds."""

    what: str
    detail: str
    url: str = ""


def has_second_factor(user: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT accounts_second_factors())", [user])
        return bool(cursor.fetchone()[0])


def contracts(capacity: Capacity, engagements: list[UUID], at: datetime) -> list[Held]:
    """List the running contracts, signed as bedrijfsarts or held as delegate."""
    rows = visible(capacity).filter(
        Q(physician__in=engagements) | Q(delegate__in=engagements), during(at, prefix="ground__")
    )
    return [
        Held(
            what=f"delegeert aan {row.delegate.user}"
            if row.physician_id in engagements
            else f"gedelegeerde van {row.physician.user}",
            detail=show_period(row.starts_at, row.ends_at),
            url=reverse("contract", args=[row.pk]),
        )
        for row in rows.order_by("starts_at", "pk")
    ]


def assignments(capacity: Capacity, engagements: list[UUID], at: datetime) -> list[Held]:
    """List the clients by name, and count what is assigned per employee: those are not for this page."""
    rows = (
        reach(Assignment, capacity, "employer", "ground")
        .filter(holder__in=engagements)
        .filter(during(at, prefix="ground__"))
        .order_by("kind", "prepared_at")
    )
    named = [
        Held(f"{row}: {row.employer.name}", f"sinds {show_day(row.starts_at.date())}")
        for row in rows
        if row.relation_id is None and row.employer_id is not None
    ]
    counted: dict[str, int] = {}
    for row in rows:
        if row.relation_id is not None or row.employer_id is None:
            counted[str(row)] = counted.get(str(row), 0) + 1
    return named + [Held(kind, f"{number} keer") for kind, number in counted.items()]


def deputising(capacity: Capacity, engagements: list[UUID], at: datetime) -> list[Held]:
    """List for whom somebody stands in, and who stands in for him."""
    rows = (
        reach(Deputising, capacity, "ground", "replaced__user", "deputy__user")
        .filter(Q(replaced__in=engagements) | Q(deputy__in=engagements), during(at, prefix="ground__"))
        .order_by("ground__starts_at", "pk")
    )
    return [
        Held(
            what=f"waarnemer van {row.replaced.user}"
            if row.deputy_id in engagements
            else f"wordt waargenomen door {row.deputy.user}",
            detail=show_period(row.ground.starts_at, row.ground.ends_at),
        )
        for row in rows
    ]


def secrecy(capacity: Capacity, user: int, at: datetime) -> list[Held]:
    rows = reach(SecrecyDeclaration, capacity).filter(user=user, practice=capacity.practice_id)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).order_by("signed_at")
    return [Held(str(row), f"getekend op {show_day(row.signed_at.date())}") for row in rows]
