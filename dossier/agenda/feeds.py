"""A calendar outside: when somebody is taken, and where. Never who comes, nor why; a block is one line."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from directory.access.context import Capacity
from directory.people.writing import change, store

from .models import Feed

if TYPE_CHECKING:
    from directory.accounts.models import User

LINE = 73  # octets; with the space of a folded line 74 of the 75 that RFC 5545 §3.1 allows


def current(capacity: Capacity) -> Feed | None:
    """Find the address that works now."""
    rows = Feed.objects.open_to(capacity, "read")
    found: Feed | None = rows.filter(engagement=capacity.engagement_id, revoked_at__isnull=True).first()
    return found


@transaction.atomic
def make(*, by: User, capacity: Capacity) -> str:
    """Make a new address and end the former. Returns the token, which is kept nowhere: it is shown once."""
    revoke(by=by, capacity=capacity)
    token = secrets.token_urlsafe(32)
    store(
        Feed(
            practice_id=capacity.practice_id,
            engagement_id=capacity.engagement_id,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
        )
    )
    return token


@transaction.atomic
def revoke(*, by: User, capacity: Capacity) -> None:
    """End the address that works now, if there is one."""
    if feed := current(capacity):
        change(feed, revoked_at=timezone.now())


def read(token: str) -> str | None:
    """Write the calendar of a token as RFC 5545; None for a token that opens nothing. Asked as the bare login."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agenda_feed(%s)::text", [token])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    now = timezone.now()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tweeluik//Agenda//NL", "CALSCALE:GREGORIAN"]
    for uid, begin, end, place in json.loads(found):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@tweeluik",
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(datetime.fromisoformat(begin))}",
            f"DTEND:{_utc(datetime.fromisoformat(end))}",
            "SUMMARY:Bezet",
            *([f"LOCATION:{_escaped(place)}"] if place else []),
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a long line between characters, never inside one."""
    parts, part = [], b""
    for letter in line:
        if len(part) + len(letter.encode()) > LINE:
            parts.append(part)
            part = b""
        part += letter.encode()
    return "\r\n ".join(piece.decode() for piece in [*parts, part])
