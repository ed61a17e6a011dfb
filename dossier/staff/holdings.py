"""What one colleague holds in the practice, in one place. No employee is named: the administrator sees staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from delegation.checks import PHYSICIAN_REGISTERS, during, registers
from delegation.contracts.pages import visible
from delegation.dates import show_day, show_period
from delegation.models import Assignment, Deputising, Supervision
from directory.access.context import Capacity
from directory.people.models import Employer, Engagement, Role, SecrecyDeclaration
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


def resting_on(engagement: UUID) -> int:
    """Count the dossiers that rest on this physician: those the process side knows too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier_resting_on(%s)", [engagement])
        return int(cursor.fetchone()[0])


def supervised(capacity: Capacity, engagement: UUID, at: datetime) -> list[Held]:
    rows = (
        reach(Supervision, capacity, "ground", "physician__user")
        .filter(during(at, prefix="ground__"), supervisor=engagement)
        .order_by("ground__starts_at", "pk")
    )
    return [
        Held(f"{row.physician.user}", show_period(row.ground.starts_at, row.ground.ends_at)) for row in rows
    ]


def clients(capacity: Capacity, engagement: UUID, at: datetime) -> list[Employer]:
    """List the clients a bedrijfsarts begleidt now."""
    rows = reach(Assignment, capacity, "employer").filter(
        during(at, prefix="ground__"), holder=engagement, kind="client", relation__isnull=True
    )
    return sorted({row.employer for row in rows if row.employer}, key=lambda employer: employer.name)


def successors(capacity: Capacity, leaving: Engagement, at: datetime) -> list[Held]:
    """List who could take over: bedrijfsartsen at work here, whose registrations hold, with what they do already."""
    rows = (
        reach(Engagement, capacity, "user")
        .filter(during(at), practice=capacity.practice_id, role=Role.BEDRIJFSARTS, accepted_at__isnull=False)
        .exclude(user=leaving.user_id)
        .order_by("user__display_name", "pk")
    )
    return [
        Held(str(row.user), _load(len(clients(capacity, row.pk, at)), resting_on(row.pk)))
        for row in rows
        if set(PHYSICIAN_REGISTERS) <= registers(row.user_id, at)
    ]


def _load(clients: int, dossiers: int) -> str:
    return (
        f"{clients} {'klant' if clients == 1 else 'klanten'}, "
        f"{dossiers} {'dossier' if dossiers == 1 else 'dossiers'}"
    )
