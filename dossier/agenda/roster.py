"""Free and taken: what everybody who plans may know of a calendar, and the looking into it that leaves its log row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from directory.access.context import Capacity
from directory.access.models import Ground
from directory.people.models import Engagement, Role

BLOCK, TAKEN, INSIDE = "block", "taken", "inside"
# Who has a calendar in which an employee can have an appointment.
SEEING_PEOPLE = (
    Role.BEDRIJFSARTS,
    Role.ARTS_ONDER_SUPERVISIE,
    Role.GEDELEGEERDE,
    Role.TEAMLID,
    Role.SECOND_OPINIONARTS,
    Role.SIGNALEERDER,
    Role.PROCESBEWAKER,
    Role.OVERIG_A,
)


@dataclass(frozen=True)
class Line:
    """One taken time. `layer` is block, taken, or inside: in a block, told only to who keeps that calendar."""

    entry: UUID
    engagement: UUID
    room: UUID | None
    starts_at: datetime
    ends_at: datetime
    layer: str


def lines(since: datetime, until: datetime) -> list[Line]:
    """Ask what is taken in the calendars of the practice. At most fifty days; nothing for who does not plan."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agenda_roster(%s, %s)", [since, until])
        return [Line(*row) for row in cursor.fetchall()]


def block_around(engagement: UUID, starts_at: datetime, ends_at: datetime) -> UUID | None:
    """Find the published block of a calendar that holds this time."""
    for line in lines(starts_at, ends_at):
        holds = line.starts_at <= starts_at and ends_at <= line.ends_at
        if holds and (line.layer, line.engagement) == (BLOCK, engagement):
            return line.entry
    return None


def look(calendars: Iterable[UUID] | None, since: datetime, until: datetime) -> int:
    """Open the headings of the dossiers with an appointment in these calendars, with one log row that names them."""
    chosen = None if calendars is None else list(calendars)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agenda_look(%s, %s, %s)", [chosen, since, until])
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Expected:
    """When and where an employee is expected, as his employer may know it."""

    dossier: UUID
    starts_at: datetime
    ends_at: datetime
    room: UUID | None


def expected(since: datetime, until: datetime) -> list[Expected]:
    """Ask when and where the employees of opened dossiers are expected. Nothing for anybody but an employer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agenda_expected(%s, %s)", [since, until])
        return [Expected(*row) for row in cursor.fetchall()]


def works_for() -> list[UUID]:
    """List whose calendar the bound desk keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT w FROM agenda_works_for() w")
        return [row[0] for row in cursor.fetchall()]


def under(capacity: Capacity) -> list[UUID]:
    """List the physicians under whom the bound capacity works: their calendars are the ones it plans in."""
    now = timezone.now()
    rows = Ground.objects.open_to(capacity, "read").filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        holder=capacity.engagement_id,
        starts_at__lte=now,
        responsible__isnull=False,
    )
    return list(rows.order_by("responsible").values_list("responsible", flat=True).distinct())


def calendars(capacity: Capacity) -> list[Engagement]:
    """List the calendars of the practice by name: of who works there now and sees employees."""
    now = timezone.now()
    rows = Engagement.objects.open_to(capacity, "read").filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        practice=capacity.practice_id,
        role__in=SEEING_PEOPLE,
        starts_at__lte=now + timedelta(days=60),
        accepted_at__isnull=False,
    )
    ids = rows.values("pk")
    found = Engagement.objects.filter(pk__in=ids).select_related("user")
    return list(found.order_by("user__display_name", "pk"))
