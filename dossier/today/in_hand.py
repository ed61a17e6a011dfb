"""What somebody has in hand: drafts, unsigned records, what a waarnemer left behind. Headings, and the way back in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from delegation.dates import show_day, show_moment
from dossier.models import Dossier
from dossier.models.shell import InHand
from dossier.panels.names import filed
from dossier.records.breach import HOURS
from dossier.records.drafts import go_on_url
from dossier.records.kinds import Place, kind_of, panel_of
from dossier.records.loading import names
from dossier.records.places import code_of

WRITING = ("draft", "concept", "waarnemer")
PRIVATE, BREACH = "werkaantekening", "breach"
MOST = 200
REMIND = timedelta(days=7)
STATES = {
    "draft": ("info", "Nog niet verstuurd, alleen voor u"),
    "concept": ("wacht", "Concept, niet ondertekend"),
    "waarnemer": ("wacht", "Concept van waarnemer, waarneming geëindigd"),
}


@dataclass(frozen=True)
class Line:
    """One thing that is not finished, as the list shows it."""

    url: str
    dossier: UUID
    who: str
    kind: str
    side: str
    panel: str
    tone: str
    state: str
    author: str
    when: str
    at: datetime


def load(*kinds: str) -> tuple[list[InHand], dict[UUID, Dossier]]:
    """Load the headings and their dossiers, newest first, with one log row that names these."""
    rows: list[InHand] = Dossier.objects.in_hand(kinds, MOST)
    return rows, {row.dossier.pk: row.dossier for row in rows}


def lines(rows: Iterable[InHand]) -> list[Line]:
    """Write out what is being written. Whatever kind is no longer known here is left out."""
    rows = [row for row in rows if row.what in WRITING]
    authors = names(row.author for row in rows if row.what == "waarnemer")
    return [line for row in rows if (line := _line(row, authors)) is not None]


def _line(row: InHand, authors: dict[int, str]) -> Line | None:
    kind = kind_of(row.kind)
    if kind is None:
        return None
    place, dossier = Place(kind, row.section, row.purpose), row.dossier
    panel = panel_of(kind.panel)
    side = "werkgever" if row.section == "werkgeverdeel" else panel.side
    if row.what == "draft":
        url = go_on_url(dossier.pk, place, row.id, row.record)
    else:
        # What somebody else wrote is read, never gone on with: whoever signs it wrote it (BW 7:454).
        name = "record" if row.what == "waarnemer" else "record_edit"
        url = reverse(name, args=[dossier.pk, code_of(dossier.pk, place), row.id])
    tone, state = STATES[row.what]
    return Line(
        url=url,
        dossier=dossier.pk,
        who=filed(dossier.person),
        kind=kind.label,
        side=side,
        panel=PANELS[side],
        tone=tone,
        state=state,
        author=authors.get(row.author, "een waarnemer") if row.what == "waarnemer" else "",
        when=show_moment(row.at),
        at=row.at,
    )


PANELS = {"medisch": "Medisch dossier", "proces": "Procesdossier", "werkgever": "Werkgeversdeel"}


@dataclass(frozen=True)
class Reminder:
    """Something in a dossier that must be done before a moment."""

    what: str
    url: str
    who: str
    until: str
    side: str = ""


def breaches(rows: Iterable[InHand]) -> list[Reminder]:
    """List what was moved out of a wrong dossier and waits for the reader's assessment, the first deadline first."""
    return [
        Reminder(
            what="Datalek afwegen",
            url=reverse("breach_assess", args=[row.dossier.pk, row.id]),
            who=filed(row.dossier.person),
            until=f"melden kan tot {show_moment(row.at + HOURS)}",
        )
        for row in sorted((row for row in rows if row.what == BREACH), key=lambda row: row.at)
    ]


def reminders(rows: Iterable[InHand]) -> list[Reminder]:
    """List the werkaantekeningen that go within a week, first the one that goes first."""
    today: date = timezone.localdate()
    due = [row for row in rows if row.what == PRIVATE and row.due and row.due <= today + REMIND]
    return [
        Reminder(
            what="Werkaantekening vernietigen of overnemen",
            url=reverse("dossier", args=[row.dossier.pk]) + "#werkaantekeningen",
            who=filed(row.dossier.person),
            until=f"vóór {show_day(row.due)}",
            side="medisch",
        )
        for row in sorted(due, key=lambda row: (row.due, row.at))
    ]
