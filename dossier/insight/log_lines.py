"""Rows of the access log as lines to read: who, as what, on whose behalf, which part, what, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from delegation.dates import show_day
from directory.access.context import Capacity
from directory.access.models import AccessLog
from directory.accounts.models import User

from . import log_words

PAGE = 200
SHOWN = (
    "at",
    "kind",
    "outcome",
    "code",
    "actor",
    "role",
    "on_behalf_of",
    "purpose",
    "asks",
    "request",
    "origin",
    "dossiers",
)
FORMER = "een account dat u niet kunt zien"


@dataclass(frozen=True)
class Place:
    """A place in the log: newest first, and no two rows have the same moment and number."""

    at: datetime
    pk: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a place from an address; anything else is the beginning."""
        moment, _, number = text.partition("_")
        try:
            at, pk = parse_datetime(moment), int(number)
        except ValueError:
            return None
        return cls(at, pk) if at is not None and timezone.is_aware(at) else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.pk}"

    def before(self) -> Q:
        return Q(at__lt=self.at) | Q(at=self.at, pk__lt=self.pk)


@dataclass
class Line:
    """One line: what one person did on one day, repeats together."""

    day: str
    who: str
    role: str
    behalf: str
    what: str
    parts: str
    why_not: str
    refused: bool
    times: list[str] = field(default_factory=list)

    @property
    def when(self) -> str:
        """Give the first and the last time of the day, oldest first."""
        first, last = self.times[-1], self.times[0]
        return first if first == last else f"{first} tot {last}"

    @property
    def count(self) -> int:
        return len(self.times)


def page(rows: QuerySet[AccessLog], place: Place | None) -> tuple[list[AccessLog], str]:
    """Take one page of rows, and the place where the next begins."""
    if place is not None:
        rows = rows.filter(place.before())
    found = list(rows.only("id", *SHOWN).order_by("-at", "-pk")[:PAGE])
    older = str(Place(found[-1].at, found[-1].pk)) if len(found) == PAGE else ""
    return found, older


def of_dossier(capacity: Capacity, dossier: UUID) -> QuerySet[AccessLog]:
    """Rows that name this dossier, for whoever opened its section inzage."""
    rows: QuerySet[AccessLog] = AccessLog.objects.open_to(capacity, "read").filter(
        dossiers__contains=[dossier]
    )
    return rows


def lines(rows: Iterable[AccessLog], *, medical: bool) -> list[Line]:
    """Write rows out, and merge what the same person did again on the same day."""
    rows = list(rows)
    names = _names(rows)
    # A search shows its results as a list as well; that is one thing somebody did, not two.
    searched = {row.request for row in rows if row.kind == "search"}
    merged: dict[tuple[object, ...], Line] = {}
    for row in rows:
        if row.kind == "list" and row.request in searched:
            continue
        local = timezone.localtime(row.at)
        what = log_words.what(row.kind, row.outcome, row.purpose)
        parts = ""
        if row.kind not in ("list", "search"):
            parts = log_words.parts(row.asks, opening=row.kind == "open", medical=medical)
        key = (local.date(), row.actor, row.role, row.on_behalf_of, what, parts, row.outcome, row.code)
        line = merged.get(key)
        if line is None:
            line = merged[key] = Line(
                day=show_day(local.date()),
                who=names.get(row.actor, FORMER),
                role=log_words.role_label(row.role),
                behalf=names.get(row.on_behalf_of, "") if row.on_behalf_of != row.actor else "",
                what=what,
                parts=parts,
                why_not=log_words.why_not(row.code),
                refused=row.outcome != "ok",
            )
        line.times.append(date_format(local, "H:i"))
    return list(merged.values())


@dataclass(frozen=True)
class ReviewLine:
    """One row as the officer of the practice sees it: no part of a dossier, and not which dossier."""

    when: str
    who: str
    role: str
    behalf: str
    what: str
    reach: str
    why_not: str
    refused: bool
    origin: str


def review(rows: Iterable[AccessLog]) -> list[ReviewLine]:
    """Write rows out one by one, without content."""
    rows = list(rows)
    names = _names(rows)
    return [
        ReviewLine(
            when=date_format(timezone.localtime(row.at), "j b Y, H:i:s"),
            who=names.get(row.actor, FORMER),
            role=log_words.role_label(row.role),
            behalf=names.get(row.on_behalf_of, "") if row.on_behalf_of != row.actor else "",
            what=log_words.what(row.kind, row.outcome, ""),
            reach=_reach(len(row.dossiers)),
            why_not=log_words.why_not(row.code),
            refused=row.outcome != "ok",
            origin=row.origin,
        )
        for row in rows
    ]


def _reach(count: int) -> str:
    return {0: "", 1: "1 dossier"}.get(count, f"{count} dossiers")


def _names(rows: Iterable[AccessLog]) -> dict[int | None, str]:
    ids = {row.actor for row in rows} | {row.on_behalf_of for row in rows if row.on_behalf_of}
    found: dict[int | None, str] = dict(User.objects.filter(pk__in=ids).values_list("pk", "display_name"))
    return found
