"""Requests of an employee to know who looked: what is asked of a dossier to show them, and how they are written."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from delegation.dates import show_day
from directory.access.context import Capacity
from dossier.models import Verzoek
from dossier.models.shell import Opened

# Reading the section, or its list, or what the officer has: making the overview.
ASKS = ("inzage.copy", "verzoek.read", "verzoek.index")


@dataclass(frozen=True)
class Line:
    """One request as a page shows it."""

    asked: str
    who: str
    identity: str
    period: str
    tag: str
    tone: str
    due: str
    answered: str
    url: str


def of_dossier(capacity: Capacity, opened: Opened) -> list[Line]:
    """List the requests of an opened dossier, newest first, for whoever may see that there are any."""
    if not (opened.may("verzoek.read") or opened.may("verzoek.index")):
        return []
    rows = (
        Verzoek.objects.open_to(capacity, "read").filter(dossier=opened.dossier).order_by("-asked_on", "-pk")
    )
    return [line(row, makes=opened.may("inzage.copy")) for row in rows.select_related("answered_by")]


def due(asked_on: date) -> date:
    """Give the last day of the term: the same day of the next month, or its last day (AVG art. 12 lid 3)."""
    year, month = asked_on.year + asked_on.month // 12, asked_on.month % 12 + 1
    return date(year, month, min(asked_on.day, calendar.monthrange(year, month)[1]))


def line(row: Verzoek, *, makes: bool) -> Line:
    last, today = due(row.asked_on), timezone.localdate()
    answered = row.answered_on is not None
    tag, tone = (
        ("Beantwoord", "ok") if answered else ("Te laat", "fout") if today > last else ("Open", "wacht")
    )
    return Line(
        asked=show_day(row.asked_on),
        who=", ".join(part for part in (row.get_asked_by_display(), row.representative) if part),
        identity=row.get_identity_display(),
        period=_period(row),
        tag=tag,
        tone=tone,
        due=show_day(last),
        answered=f"{show_day(row.answered_on)}, {row.get_handed_over_display().lower()}" if answered else "",
        url=reverse("log_overview", args=[row.dossier_id, row.pk]) if makes else "",
    )


def _period(row: Verzoek) -> str:
    if row.since and row.until:
        return f"{show_day(row.since)} t/m {show_day(row.until)}"
    if row.since:
        return f"vanaf {show_day(row.since)}"
    return f"t/m {show_day(row.until)}" if row.until else "vanaf het begin"
