"""Signals and drawn lookings as the database finds them now, with what was decided about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from delegation.dates import end_of, show_day, show_moment, start_of
from directory.access.context import Capacity
from dossier.deviations import BY_CODE, SAMPLE, SAMPLE_EXPLAINS
from dossier.insight import log_lines, log_words
from dossier.models import ReviewDecision
from dossier.models.review import Outcome, label_of

LONGEST = 31  # days in one question; the database answers no longer one
SHOWN = 40  # moments that are written out
# Of which dossier a decision was, the officer has no right to read.
COLUMNS = ("id", "fingerprint", "outcome", "reason", "follow_up", "decided_at", "decided_by__display_name")
TONES = {Outcome.EXPLAINED: "ok", Outcome.ASKED: "wacht", Outcome.BREACH: "fout"}
OPEN, RUNS, DONE = "open", "loopt", "afgedaan"


@dataclass(frozen=True)
class Found:
    """One row of the functions review_signals and review_sample."""

    fingerprint: UUID
    signal: str
    actor: int
    role: str
    dossier: UUID | None
    hidden: bool
    moments: list[datetime]
    reach: int

    @property
    def day(self) -> date:
        """Give the last day: asked for that day alone, the database finds the same signal."""
        return timezone.localdate(self.moments[-1])


@dataclass(frozen=True)
class Decided:
    """One decision as a line of its history."""

    when: str
    who: str
    label: str
    tone: str
    reason: str
    follow_up: str


@dataclass(frozen=True)
class Line:
    """One signal as the pages show it."""

    found: Found
    label: str
    explains: str
    source: str
    who: str
    role: str
    when: str
    times: int
    reach: str
    state: str
    tag: str
    tone: str
    url: str
    dossier_url: str
    decisions: list[Decided] = field(default_factory=list)

    @property
    def moments(self) -> list[str]:
        return [show_moment(moment) for moment in self.found.moments[:SHOWN]]


def signals(since: date, until: date) -> list[Found]:
    """Find the signals of these days, newest first. Reading them is logged by the database."""
    return _ask("SELECT * FROM review_signals(%s, %s)", [start_of(since), end_of(until)])


def sample(month: date) -> list[Found]:
    """Give the lookings that were drawn of a month; none before the draw."""
    return _ask("SELECT * FROM review_sample(%s)", [month.replace(day=1)])


def one(day: date, fingerprint: UUID, *, reviews: bool) -> Found | None:
    """Find one signal of a day, or one drawn looking of its month."""
    rows = signals(day, day)
    rows += sample(day) if reviews else []
    return next((row for row in rows if row.fingerprint == fingerprint), None)


def _ask(sql: str, values: list[object]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [Found(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.moments[-1], row.signal, str(row.fingerprint)), reverse=True)


def lines(capacity: Capacity, rows: Iterable[Found]) -> list[Line]:
    """Write signals out with their decisions, newest decision first. Two statements."""
    rows = list(rows)
    known = log_lines.names(row.actor for row in rows)
    decided: dict[UUID, list[Decided]] = {}
    for made in decisions(capacity, [row.fingerprint for row in rows]):
        decided.setdefault(made.fingerprint, []).append(_decided(made))
    return [_line(row, known, decided.get(row.fingerprint, [])) for row in rows]


def decisions(capacity: Capacity, fingerprints: list[UUID]) -> list[ReviewDecision]:
    """Load what was decided about these signals, newest first."""
    rows = ReviewDecision.objects.open_to(capacity, "read").filter(fingerprint__in=fingerprints)
    return list(rows.select_related("decided_by").only(*COLUMNS).order_by("-decided_at", "-pk"))


def _decided(made: ReviewDecision) -> Decided:
    return Decided(
        when=show_moment(made.decided_at),
        who=made.decided_by.display_name,
        label=made.get_outcome_display(),
        tone=TONES[Outcome(made.outcome)],
        reason=made.reason,
        follow_up=made.follow_up,
    )


def _line(row: Found, known: dict[int | None, str], made: list[Decided]) -> Line:
    signal = BY_CODE.get(row.signal)
    newest = made[0] if made else None
    state = OPEN if newest is None else DONE if newest.tone == "ok" else RUNS
    return Line(
        found=row,
        label=label_of(row.signal),
        explains=signal.explains if signal else SAMPLE_EXPLAINS if row.signal == SAMPLE else "",
        source=signal.source if signal else "NEN 7513, hst 9",
        who=known.get(row.actor, log_lines.FORMER),
        role=log_words.role_label(row.role),
        when=_when(row),
        times=len(row.moments),
        reach=f"{row.reach} dossiers" if row.reach > 1 else "",
        state=state,
        tag=newest.label if newest else "Te beoordelen",
        tone=newest.tone if newest else "wacht",
        url=reverse("review_signal", args=[row.day.isoformat(), row.fingerprint]),
        dossier_url=reverse("who_did", args=[row.dossier]) if row.dossier else "",
        decisions=made,
    )


def _when(row: Found) -> str:
    first, last = (timezone.localtime(moment) for moment in (row.moments[0], row.moments[-1]))
    if first.date() != last.date():
        return f"{show_day(first.date())} t/m {show_day(last.date())}"
    times = date_format(first, "H:i")
    if times != (later := date_format(last, "H:i")):
        times = f"{times} tot {later}"
    return f"{show_day(first.date())}, {times}"


def month_of(text: str) -> date | None:
    """Read a month such as 2026-10 from an address; None for anything else."""
    year, _, month = text.partition("-")
    try:
        return date(int(year), int(month), 1) if len(text) == 7 and text.isascii() else None
    except ValueError:
        return None


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def earlier_months(today: date, n: int) -> list[date]:
    """List the months that ended, newest first."""
    found, month = [], today.replace(day=1)
    for _ in range(n):
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found


def show_month(month: date) -> str:
    return date_format(month, "F Y")
