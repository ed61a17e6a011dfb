"""What somebody finds in the morning: his newest dossiers, and what waits for him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from delegation.checks import during
from delegation.contracts.pages import visible
from delegation.dates import show_day
from delegation.models import Assignment
from directory.access.context import Capacity
from directory.people.models import Engagement, Role
from directory.professions.endings import endings
from directory.reference.models import Setting
from dossier.models import Dossier
from dossier.panels.names import born, filed, sick_since
from dossier.panels.reach import reach
from dossier.process.course import running

from .in_hand import Line, Reminder

CARDS = 6  # unfinished texts on Vandaag


@dataclass(frozen=True)
class Row:
    """One dossier in a list."""

    url: str
    name: str
    born: str
    employer: str
    sick_since: str
    concept: bool


@dataclass(frozen=True)
class Waiting:
    """Something that waits for whoever reads this: what, about whom, since when."""

    url: str
    what: str
    who: str
    since: str
    side: str = ""


def rows(capacity: Capacity, dossiers: list[Dossier], concepts: Iterable[UUID] = ()) -> list[Row]:
    """Write a list of opened dossiers out: in three statements for all of them together."""
    today = timezone.localdate()
    sick = running(capacity, [dossier.pk for dossier in dossiers]) if dossiers else {}
    mine = set(concepts)
    return [
        Row(
            url=reverse("dossier", args=[dossier.pk]),
            name=filed(dossier.person),
            born=born(dossier.person),
            employer=dossier.employer.name if dossier.employer else "",
            sick_since=sick_since(sick[dossier.pk].first_sick_day, today) if dossier.pk in sick else "",
            concept=dossier.pk in mine,
        )
        for dossier in dossiers
    ]


def unfinished(lines: list[Line]) -> list[Waiting]:
    """Say what the reader writes on, the newest first; the rest stands under Concepten."""
    return [
        Waiting(
            url=line.url,
            what=f"{line.state.split(',')[0]} in het {line.panel.lower()}",
            who=line.who,
            since=f"sinds {_day(line.at)}",
            side=line.side,
        )
        for line in lines[:CARDS]
    ]


@dataclass(frozen=True)
class Seen:
    """A dossier the reader looked at."""

    url: str
    name: str


def recent() -> list[Seen]:
    """List the dossiers the reader looked at last."""
    return [
        Seen(reverse("dossier", args=[dossier.pk]), filed(dossier.person))
        for dossier in Dossier.objects.recent()
    ]


def in_time(reminders: list[Reminder]) -> list[Waiting]:
    """Say what has a term of its own: a breach to assess, a werkaantekening that goes soon."""
    return [
        Waiting(
            url=reminder.url,
            what=reminder.what,
            who=reminder.who,
            since=reminder.until,
            side=reminder.side,
        )
        for reminder in reminders
    ]


def to_sign(capacity: Capacity, at: datetime) -> list[Waiting]:
    """Contracts that wait for the reader: to be signed by the bedrijfsarts, accepted by the delegate."""
    wanted = {
        Role.BEDRIJFSARTS: Q(physician=capacity.engagement_id, signed_at__isnull=True),
        Role.GEDELEGEERDE: Q(delegate=capacity.engagement_id, accepted_at__isnull=True)
        & during(at, prefix="ground__"),
    }
    condition = wanted.get(Role(capacity.role))
    if condition is None:
        return []
    signs = capacity.role == Role.BEDRIJFSARTS
    contracts = visible(capacity).filter(condition).order_by("drafted_at")
    return [
        Waiting(
            url=reverse("contract", args=[row.pk]),
            what="Overeenkomst in concept" if signs else "Overeenkomst om te aanvaarden",
            who=str(row.delegate.user if signs else row.physician.user),
            since=f"sinds {_day(row.drafted_at if signs else row.signed_at)}",
        )
        for row in contracts
    ]


def to_accept(capacity: Capacity) -> list[Waiting]:
    """What somebody else prepared for the bedrijfsarts: clients, and people to work under him."""
    if capacity.role != Role.BEDRIJFSARTS:
        return []
    assignments = reach(Assignment, capacity, "employer").filter(
        accepted_at__isnull=True, holder=capacity.engagement_id, employer__isnull=False
    )
    found = [
        Waiting(
            url=reverse("client", args=[row.employer_id]),
            what="Klant om te aanvaarden",
            who=row.employer.name,
            since=f"sinds {_day(row.prepared_at)}",
        )
        for row in assignments.order_by("prepared_at")
    ]
    colleagues = (
        reach(Engagement, capacity, "user")
        .filter(practice=capacity.practice_id, accepted_at__isnull=True, ends_at__isnull=True)
        .exclude(side__in=("employer", "admin"))
        .order_by("recorded_at")
    )
    found += [
        Waiting(
            url=reverse("accounts_accept"),
            what=f"Nieuwe collega, {row.get_role_display()}",
            who=str(row.user),
            since=f"sinds {_day(row.recorded_at)}",
        )
        for row in colleagues
    ]
    return found


def to_choose(capacity: Capacity) -> list[Waiting]:
    """Choices of the administrator that touch care, and wait for a bedrijfsarts."""
    if capacity.role != Role.BEDRIJFSARTS:
        return []
    rows = reach(Setting, capacity, "definition").filter(
        practice=capacity.practice_id, accepted_at__isnull=True, definition__medical=True
    )
    return [
        Waiting(
            url=reverse("settings"),
            what="Instelling om te aanvaarden",
            who=row.definition.label,
            since=f"sinds {_day(row.recorded_at)}",
        )
        for row in rows.order_by("recorded_at")
    ]


def registrations(capacity: Capacity, *, may_read: bool) -> list[Waiting]:
    """The reader's own registrations that end, or are to be looked at again."""
    return [
        Waiting(
            url=reverse("colleague", args=[each.registration.professional_id])
            if may_read
            else reverse("practice"),
            what=each.text,
            who="Uw inschrijving",
            since="",
        )
        for each in endings(capacity.practice_id, [capacity.user_id])
    ]


def _day(moment: datetime) -> str:
    return show_day(timezone.localdate(moment))
