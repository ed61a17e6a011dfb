"""What the page of deputising shows: what runs, who is away, and what was arranged beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from delegation.checks import during
from delegation.dates import first_day, show_day, show_period
from delegation.deputising import running
from delegation.deputising.models import Absence, StandingDeputy
from delegation.deputising.running import Running
from delegation.people import named
from directory.access.context import Capacity
from directory.people.models import Role


@dataclass(frozen=True)
class Line:
    """One row of any of the three tables. `end_url` is where it is ended, for who may."""

    who: str
    other: str
    period: str
    tone: str
    tag: str
    note: str = ""
    end_url: str = ""


def _seen(model: type[Model], capacity: Capacity, *joined: str) -> QuerySet[Any]:
    """Rows this capacity may read, with the people on them; the rule names columns without their table."""
    may_read = model.objects.open_to(capacity, "read").values("pk")  # type: ignore[attr-defined]
    return model.objects.filter(pk__in=may_read).select_related(*joined)  # type: ignore[attr-defined]


def concerns(capacity: Capacity, *engagements: object) -> bool:
    """Say whether the reader is one of these, or arranges it for the practice."""
    return capacity.role == Role.PRAKTIJKBEHEERDER or capacity.engagement_id in engagements


def deputisings(capacity: Capacity, at: datetime) -> list[Line]:
    """List what runs or is to come, the first to begin first."""
    return [_deputising(capacity, found, at) for found in running.deputisings()]


def _deputising(capacity: Capacity, found: Running, at: datetime) -> Line:
    row, begun = found.row, found.holds(at)
    himself = row.appointed_by_id == row.deputy.user_id
    by = "zelf, volgens de waarneemregeling" if himself else f"door {row.appointed_by}"
    mine = concerns(capacity, row.replaced_id, row.deputy_id)
    return Line(
        who=named(row.replaced),
        other=named(row.deputy),
        period=show_period(found.starts_at, found.ends_at),
        tone="ok" if begun else "info",
        tag="Loopt" if begun else "Begint later",
        # Why somebody is away is for the two of them and for who arranges it, not for every colleague.
        note=f"{row.reason} (geregeld {by})" if mine else "",
        end_url=reverse("deputising_end", args=[row.pk]) if mine else "",
    )


def absences(capacity: Capacity, at: datetime) -> list[Line]:
    """List who is away now or will be, and whether somebody stands in."""
    rows = _seen(Absence, capacity, "physician__user__professional").filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    )
    covered = {found.row.replaced_id for found in running.deputisings() if found.holds(at)}
    return [_absence(capacity, row, covered, at) for row in rows.order_by("starts_at", "pk")]


def _absence(capacity: Capacity, row: Absence, covered: set[UUID], at: datetime) -> Line:
    tone, tag, note = "info", "Begint later", ""
    if row.starts_at <= at and row.physician_id in covered:
        tone, tag = "ok", "Er is een waarnemer"
    elif row.starts_at <= at:
        tone, tag = "wacht", "Geen waarnemer"
        note = "Gedelegeerden kunnen lezen en nog niet vastleggen."
    return Line(
        who=named(row.physician),
        other="",
        period=show_period(row.starts_at, row.ends_at),
        tone=tone,
        tag=tag,
        note=note,
        end_url=reverse("absence_end", args=[row.pk]) if concerns(capacity, row.physician_id) else "",
    )


def standings(capacity: Capacity, at: datetime) -> list[Line]:
    """List who may stand in for whom, as it was signed."""
    rows = _seen(
        StandingDeputy, capacity, "physician__user__professional", "deputy__user__professional"
    ).filter(during(at))
    return [
        Line(
            who=named(row.physician),
            other=named(row.deputy),
            period=f"sinds {show_day(first_day(row.starts_at))}",
            tone="ok",
            tag="Ondertekend",
            end_url=reverse("standing_end", args=[row.pk])
            if capacity.engagement_id in (row.physician_id, row.deputy_id)
            else "",
        )
        for row in rows.order_by("physician__user__display_name", "deputy__user__display_name", "pk")
    ]
