"""What the list of assignments shows, and which kinds a capacity may write down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from delegation.assignments.forms import UNDER_PHYSICIAN
from delegation.assignments.models import Assignment, AssignmentKind
from delegation.dates import show_period
from delegation.people import employer_names, named, relation_names
from directory.access.context import Capacity
from directory.people.models import Role

KINDS = tuple(AssignmentKind)
# A client has a page of its own; the rest is written down here, each by whoever may accept or prepare it.
OFFERED = {
    Role.BEDRIJFSARTS: UNDER_PHYSICIAN,
    Role.PRAKTIJKBEHEERDER: tuple(kind for kind in KINDS if kind != AssignmentKind.CLIENT),
}


@dataclass(frozen=True)
class Line:
    """One assignment. `accept_url` and `end_url` are there for who may."""

    kind: str
    holder: str
    responsible: str
    whom: str
    period: str
    tone: str
    tag: str
    accept_url: str = ""
    end_url: str = ""


def visible(capacity: Capacity) -> QuerySet[Assignment]:
    """Assignments this capacity may read, with the people on them; the rule names columns without their table."""
    may_read = Assignment.objects.open_to(capacity, "read").values("pk")
    people = ("holder__user__professional", "responsible__user", "ground", "employer", "relation")
    return Assignment.objects.filter(pk__in=may_read).select_related(*people)


def accepts(capacity: Capacity, row: Assignment) -> bool:
    """Say whether this capacity is the one that accepts and ends it. The action asks again who acts."""
    if row.kind in UNDER_PHYSICIAN:
        return capacity.engagement_id == row.responsible_id
    return capacity.role == Role.PRAKTIJKBEHEERDER and row.kind != AssignmentKind.CLIENT


def lines(capacity: Capacity, at: datetime) -> list[Line]:
    """List what is assigned, what waits first; clients are left to their own page."""
    rows = list(
        visible(capacity)
        .exclude(kind=AssignmentKind.CLIENT)
        .filter(practice=capacity.practice_id)
        .order_by("accepted_at", "-prepared_at", "pk")
    )
    names: dict[Any, str] = {**employer_names(row.employer_id for row in rows if row.employer_id)}
    names |= relation_names(row.relation_id for row in rows if row.relation_id)
    found = [_line(capacity, row, names, at) for row in rows]
    order = ("wacht", "ok", "info", "neutraal")
    return sorted(found, key=lambda line: order.index(line.tone))


def _line(capacity: Capacity, row: Assignment, names: dict[Any, str], at: datetime) -> Line:
    waits, ground = row.accepted_at is None, row.ground
    over = ground is not None and ground.ends_at is not None and ground.ends_at <= at
    tone, tag = (
        ("wacht", "Wacht op aanvaarding") if waits else ("neutraal", "Beëindigd") if over else ("ok", "Loopt")
    )
    mine = accepts(capacity, row)
    return Line(
        kind=row.get_kind_display(),
        holder=named(row.holder),
        responsible=str(row.responsible.user) if row.responsible else "",
        whom=names.get(row.relation_id, "")
        or names.get(row.employer_id, "")
        or "alle werknemers van de bedrijfsarts",
        period=show_period(row.starts_at, ground.ends_at if ground else row.ends_at),
        tone=tone,
        tag=tag,
        accept_url=reverse("assignment_accept", args=[row.pk]) if waits and mine else "",
        end_url=reverse("assignment_end", args=[row.pk]) if not waits and not over and mine else "",
    )
