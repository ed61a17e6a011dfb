"""Who can be found among the clients: employers, their employees, and who begleidt them. Never that somebody is ill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from delegation.assignments.models import AssignmentKind
from delegation.assignments.pages import KINDS
from delegation.dates import show_day
from delegation.models import Assignment
from directory.access.context import Capacity
from directory.people.models import Employer, Relation
from dossier.panels.names import born, filed
from dossier.panels.reach import reach

PAGE = 50
EMPLOYERS_SIDE = KINDS.index(AssignmentKind.EMPLOYER)


@dataclass(frozen=True)
class Employee:
    """One employee in one relation. `found_url` is where his dossier is founded, or found.

    `assign_url` is where somebody of the employer's side is assigned to him.
    """

    name: str
    born: str
    kind: str
    period: str
    department: str
    found_url: str
    assign_url: str = ""


@dataclass(frozen=True)
class Guidance:
    """Which bedrijfsarts an employer assigned, and how far that is."""

    who: str
    tag: str
    tone: str
    since: str
    accept_url: str = ""
    needs_division: bool = False


def employers(capacity: Capacity, begins_with: str = "") -> list[Employer]:
    rows = Employer.objects.open_to(capacity, "read").filter(practice=capacity.practice_id)
    if begins_with:
        rows = rows.filter(name__icontains=begins_with)
    return list(rows.order_by("name", "pk")[: PAGE + 1])


def employees(
    capacity: Capacity, employer: Employer, *, key: str | None, birth_date: Any, after: UUID | None
) -> tuple[list[Relation], bool]:
    """List one page of an employer's people by filing name, and say whether there are more.

    The place in the list is the id of its last row: a name would stand in the address.
    """
    rows: QuerySet[Relation] = reach(Relation, capacity, "person").filter(employer=employer)
    if key is not None:
        rows = rows.filter(person__sort_key__startswith=key)
    if birth_date is not None:
        rows = rows.filter(person__birth_date=birth_date)
    if last := rows.filter(pk=after).first() if after else None:
        name = last.person.sort_key
        rows = rows.filter(Q(person__sort_key__gt=name) | Q(person__sort_key=name, pk__gt=last.pk))
    page = list(rows.order_by("person__sort_key", "pk")[: PAGE + 1])
    return page[:PAGE], len(page) > PAGE


def employee(relation: Relation, *, may_found: bool, may_assign: bool = False) -> Employee:
    period = f"sinds {show_day(relation.starts_on)}"
    if relation.ends_on:
        period = f"{show_day(relation.starts_on)} tot {show_day(relation.ends_on)}"
    return Employee(
        name=filed(relation.person),
        born=born(relation.person),
        kind=relation.get_kind_display(),
        period=period,
        department=relation.department,
        found_url=reverse("dossier_found", args=[relation.pk]) if may_found else "",
        assign_url=reverse("assignment_new", args=[EMPLOYERS_SIDE], query={"voor": relation.pk})
        if may_assign
        else "",
    )


def guidance(capacity: Capacity, employer: Employer, at: datetime) -> list[Guidance]:
    """List who was assigned to this employer as bedrijfsarts, the running ones and those that wait."""
    rows = (
        reach(Assignment, capacity, "holder__user", "ground")
        .filter(employer=employer, kind="client", relation__isnull=True)
        .filter(Q(ground__isnull=True) | Q(ground__ends_at__isnull=True) | Q(ground__ends_at__gt=at))
        .order_by(F("accepted_at").asc(nulls_last=True), "prepared_at")
    )
    return [_guidance(capacity, row) for row in rows]


def _guidance(capacity: Capacity, row: Assignment) -> Guidance:
    who = str(row.holder.user)
    if row.accepted_at is not None:
        return Guidance(who, "Aanvaard", "ok", show_day(timezone.localdate(row.accepted_at)))
    mine = row.holder_id == capacity.engagement_id
    return Guidance(
        who=who,
        tag="Wacht op aanvaarding",
        tone="wacht",
        since=show_day(timezone.localdate(row.prepared_at)),
        accept_url=reverse("client_accept", args=[row.pk]) if mine else "",
    )
