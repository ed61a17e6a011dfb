"""Count working days: Monday to Friday without the national holidays. The day after the first one is day 1."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from directory.reference.models import ClosingDays, Holiday


def working_day(first: date, days: int) -> date:
    """Return the working day on which a term of so many ends. Raises ValueError below one.

    Days on which the practice itself is closed count: it cannot stretch a term by closing. In SQL the same is
    `reference_working_day(first, days)`.
    """
    if days < 1:
        raise ValueError("a term is at least one working day")
    last = first + timedelta(days=10 + 3 * days)
    free = set(Holiday.objects.filter(day__gt=first, day__lte=last).values_list("day", flat=True))
    day = first
    while days:
        day += timedelta(days=1)
        if day.isoweekday() < 6 and day not in free:
            days -= 1
    return day


def closed_on(practice: UUID, day: date) -> str:
    """Say why nobody is there on this day, for planning; empty when the practice is open."""
    if holiday := Holiday.objects.filter(day=day).first():
        return holiday.name
    if day.isoweekday() >= 6:
        return "Weekend"
    own = ClosingDays.objects.filter(
        practice=practice, withdrawn=False, first_day__lte=day, last_day__gte=day
    )
    return next(iter(own.order_by("first_day").values_list("name", flat=True)[:1]), "")
