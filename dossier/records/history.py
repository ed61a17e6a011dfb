"""All versions of a record with what changed, word by word, on the opened texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from dossier.models.shell import Opened

from .base import Header
from .kinds import panel_of, place_for
from .loading import RecordView, present, shown
from .rows import versions

WORD = re.compile(r"\s+|[^\s]+")
LONGEST = 4000  # words; above it two texts are shown whole: comparing them would take seconds


@dataclass(frozen=True)
class Piece:
    """A stretch of text: same, gone or new."""

    how: str
    text: str


@dataclass(frozen=True)
class PartDifference:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Version:
    """One version, with its differences from the one before."""

    view: RecordView
    signed: str
    changed: list[PartDifference]


def differences(before: str, after: str) -> list[Piece]:
    """Compare two texts word by word."""
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) + len(new) > LONGEST:
        return [Piece("weg", before), Piece("nieuw", after)]
    pieces: list[Piece] = []
    for code, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code == "equal":
            pieces.append(Piece("gelijk", "".join(old[a1:a2])))
            continue
        if a1 != a2:
            pieces.append(Piece("weg", "".join(old[a1:a2])))
        if b1 != b2:
            pieces.append(Piece("nieuw", "".join(new[b1:b2])))
    return pieces


def history(opened: Opened, record: Header) -> list[Version]:
    """List the versions the reader may see, newest first."""
    place = place_for(record)
    assert place is not None
    rows = versions(record)
    views = present(opened, panel_of(place.kind.panel), rows)
    found: list[Version] = []
    former: RecordView | None = None
    for row in rows:
        view = views[row.pk]
        changed = _changed(former, view) if former else []
        found.append(Version(view, shown(row.signed_at) if row.signed_at else "", changed))
        former = view
    return found[::-1]


def _changed(former: RecordView, view: RecordView) -> list[PartDifference]:
    before = (
        dict(former.parts) | dict(former.rows) | {"Datum en tijd": f"{former.date} {former.time}".strip()}
    )
    after = dict(view.parts) | dict(view.rows) | {"Datum en tijd": f"{view.date} {view.time}".strip()}
    labels = [*after, *(label for label in before if label not in after)]
    return [
        PartDifference(label, differences(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]
