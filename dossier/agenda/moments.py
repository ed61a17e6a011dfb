"""Days and hours as people say them, in Amsterdam, the two nights of the changing clock included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

FAR = "Kies een dag van de afgelopen maand tot over twee jaar."
EARLIEST, LATEST = timedelta(days=31), timedelta(days=731)


def moment(day: date, clock: time) -> datetime:
    """Return the moment of an hour on a day. Raises ValidationError for an hour the night of March skips.

    Of the hour that October has twice, the first: whoever plans then means the night before the change.
    """
    if not 2000 <= day.year < 2200:  # beyond those no clock can be reckoned with
        raise ValidationError({"day": FAR})
    naive = datetime.combine(day, clock.replace(second=0, microsecond=0))
    found = naive.replace(tzinfo=timezone.get_current_timezone()).astimezone(UTC)
    if timezone.make_naive(found).replace(fold=0) != naive:
        raise ValidationError({"time": "Dit tijdstip is er niet: die nacht gaat de klok een uur vooruit."})
    return found


def lasting(begin: datetime, minutes: int) -> datetime:
    """Add minutes as a clock runs, not as a wall clock shows."""
    return begin.astimezone(UTC) + timedelta(minutes=minutes)


def plannable(begin: datetime, now: datetime) -> None:
    """Refuse a day that is surely a slip of the keyboard."""
    if not now - EARLIEST <= begin <= now + LATEST:
        raise ValidationError({"day": FAR})


def short_time(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def span(begin: datetime, end: datetime) -> str:
    return f"{short_time(begin)} tot {short_time(end)}"
