"""Which registrations of colleagues end soon. The right stops on the end date itself; this only tells in time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from directory.people.dates import show_day
from directory.people.models import Registration
from directory.professions.actions import months_after
from directory.reference.values import settings_of

STAGES = ("late", "middle", "early")
CODES = [*(f"register_warning_days_{stage}" for stage in STAGES), "register_recheck_months"]


@dataclass(frozen=True)
class Ending:
    """One thing to do about a registration, and how near it is. `stage`: ended, late, middle, early, recheck."""

    registration: Registration
    stage: str
    text: str

    @property
    def tone(self) -> str:
        return "fout" if self.stage in ("ended", "late") else "wacht"


def endings(practice: UUID, users: Collection[int], today: date | None = None) -> list[Ending]:
    """List what is to be done about the registrations of these people, the most pressing first."""
    today = today or timezone.localdate()
    rows = (
        Registration.objects.filter(professional__user__in=users)
        .select_related("professional")
        .order_by("professional", "register", "-starts_on")
    )
    newest: dict[tuple[UUID, str], Registration] = {}
    for row in rows:
        newest.setdefault((row.professional_id, row.register), row)
    if not newest:
        return []
    chosen = settings_of(practice, CODES)
    found = [ending for row in newest.values() if (ending := _ending(row, chosen, today))]
    return sorted(found, key=lambda each: (*_urgency(each), str(each.registration.pk)))


def _urgency(ending: Ending) -> tuple[int, date]:
    order = ("ended", *STAGES, "recheck")
    return order.index(ending.stage), ending.registration.ends_on or date.max


def _ending(row: Registration, chosen: dict[str, int | None], today: date) -> Ending | None:
    name = row.get_register_display()
    if row.ends_on is not None:
        if row.ends_on <= today:
            return Ending(row, "ended", f"{name}: geëindigd op {show_day(row.ends_on)}")
        left = (row.ends_on - today).days
        for stage in STAGES:
            if left <= (chosen[f"register_warning_days_{stage}"] or 0):
                return Ending(row, stage, _soon(name, row.ends_on, left, stage))
    if row.checked_at is None:
        return Ending(row, "recheck", f"{name}: nog niet in het register nagekeken")
    looked = timezone.localdate(row.checked_at)
    if months_after(looked, chosen["register_recheck_months"] or 1) <= today:
        return Ending(row, "recheck", f"{name}: voor het laatst nagekeken op {show_day(looked)}")
    return None


def _soon(name: str, ends_on: date, left: int, stage: str) -> str:
    when = "morgen" if left == 1 else f"over {left} dagen"
    stops = " Daarna stopt het werk dat erop rust." if stage == "late" else ""
    return f"{name}: eindigt {when}, op {show_day(ends_on)}.{stops}"


def moment_of(day: date) -> datetime:
    """Turn the day on which somebody looked into a moment: now when it was today, never one that has to come."""
    now = timezone.now()
    if day == timezone.localdate():
        return now
    return min(now, timezone.make_aware(datetime.combine(day, time.min)) + timedelta(hours=12))
