"""Rows of the access log as lines to read: who, as what, on whose behalf, which part, what, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from delegation.dates import end_of, show_day, start_of
from directory.accounts.models import User

from . import log_words

PAGE = 200
FORMER = "een account dat u niet kunt zien"


@dataclass(frozen=True)
class Row:
    """One row of the log as the database shows it to the reader: of a dossier, or of the practice without one."""

    id: int
    at: datetime
    kind: str
    outcome: str
    code: str | None
    actor: int
    role: str
    on_behalf_of: int | None
    request: str = ""
    purpose: str = ""
    asks: tuple[str, ...] = ()
    origin: str = ""
    reach: int = 1


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
        if at is None or not timezone.is_aware(at) or not 0 <= pk < 2**63:
            return None
        return cls(at, pk)

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.pk}"


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


def of_dossier(
    dossier: UUID, place: Place | None, *, since: date | None = None, until: date | None = None, n: int = PAGE
) -> list[Row]:
    """Read who looked in an opened dossier, newest first, as far as the reader may know of it."""
    return _ask(
        "SELECT * FROM review_lines(%s, %s, %s, %s, %s, %s)",
        [dossier, since and start_of(since), until and end_of(until), *_at(place), n],
    )


def of_practice(kind: str | None, outcome: str | None, place: Place | None) -> list[Row]:
    """Read one page of the log of the practice, without a dossier. The function notes that it was read."""
    return _ask("SELECT * FROM review_log(%s, %s, %s, %s, %s)", [kind, outcome, *_at(place), PAGE])


def older(rows: list[Row]) -> str:
    """Say where the next page begins, if there is one."""
    return str(Place(rows[-1].at, rows[-1].id)) if len(rows) == PAGE else ""


def _at(place: Place | None) -> list[object]:
    return [place.at, place.pk] if place is not None else [None, None]


def _ask(sql: str, values: list[object]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [Row(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def lines(rows: Iterable[Row], *, medical: bool) -> list[Line]:
    """Write rows out, and merge what the same person did again on the same day."""
    rows = list(rows)
    called = _names(rows)
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
                who=called.get(row.actor, FORMER),
                role=log_words.role_label(row.role),
                behalf=called.get(row.on_behalf_of, "") if row.on_behalf_of != row.actor else "",
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


def review(rows: Iterable[Row]) -> list[ReviewLine]:
    """Write rows out one by one, without content."""
    rows = list(rows)
    called = _names(rows)
    return [
        ReviewLine(
            when=date_format(timezone.localtime(row.at), "j b Y, H:i:s"),
            who=called.get(row.actor, FORMER),
            role=log_words.role_label(row.role),
            behalf=called.get(row.on_behalf_of, "") if row.on_behalf_of != row.actor else "",
            what=log_words.what(row.kind, row.outcome, ""),
            reach=_reach(row.reach),
            why_not=log_words.why_not(row.code),
            refused=row.outcome != "ok",
            origin=row.origin,
        )
        for row in rows
    ]


def _reach(count: int) -> str:
    return {0: "", 1: "1 dossier"}.get(count, f"{count} dossiers")


def _names(rows: Iterable[Row]) -> dict[int | None, str]:
    return names({row.actor for row in rows} | {row.on_behalf_of for row in rows if row.on_behalf_of})


def names(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Name the people of the practice by the number that stands in the log."""
    found: dict[int | None, str] = dict(
        User.objects.filter(pk__in=set(ids)).values_list("pk", "display_name")
    )
    return found
