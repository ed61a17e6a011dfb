"""Days as people say them, moments as the database keeps them: half-open, made from Amsterdam days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def start_of(day: date) -> datetime:
    """Return the first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """Return the first moment that no longer counts, for somebody who says "t/m" this day."""
    return start_of(day + timedelta(days=1))


def first_day(moment: datetime) -> date:
    return timezone.localdate(moment)


def last_day(end: datetime) -> date:
    """Return the last day that counts."""
    return timezone.localdate(end - timedelta(microseconds=1))


def show_day(day: date) -> str:
    return date_format(day, "j b Y")


def show_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j b Y, H:i")


def show_period(starts_at: datetime, ends_at: datetime | None) -> str:
    if ends_at is None:
        return f"vanaf {show_day(first_day(starts_at))}"
    return f"{show_day(first_day(starts_at))} t/m {show_day(last_day(ends_at))}"
