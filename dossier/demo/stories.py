"""Read the stories: which sickness cases and which records each employee of the demo has, and by whom."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

CASE = "verzuimgeval"


@dataclass(frozen=True)
class Sick:
    """One sickness case, in days ago: exactly what an employer may ask and record."""

    by: str
    first: int
    reported: int
    back: int | None = None
    expected: int | None = None
    percentage: int = 100
    safety_net: bool = False
    work_accident: bool = False
    traffic_accident: bool = False
    doing: str = ""
    role: str = ""


@dataclass(frozen=True)
class Correction:
    """A new version of a signed record: only what changed, and why."""

    reason: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Note:
    """One record. `remark` is what the bedrijfsarts wrote beside it; `share` the task for which the pob may read it."""

    by: str
    kind: str
    texts: Mapping[str, str]
    days: int = 0
    at: str = ""
    role: str = ""
    signed: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)
    percentage: int | None = None  # of a verzuimverloop: from that day
    correction: Correction | None = None
    remark: str = ""
    share: str = ""


@dataclass(frozen=True)
class Story:
    """All that is recorded about one employee, oldest first."""

    key: str
    sick: tuple[Sick, ...]
    notes: tuple[Note, ...]

    @property
    def authors(self) -> set[str]:
        return {each.by for each in (*self.sick, *self.notes)}


@cache
def stories() -> tuple[Story, ...]:
    with (Path(__file__).parent / "stories.toml").open("rb") as file:
        found = tomllib.load(file)
    return tuple(
        Story(
            key,
            tuple(Sick(**case) for case in told.get("sick", ())),
            tuple(sorted(map(_note, told.get("note", ())), key=lambda note: -note.days)),
        )
        for key, told in found.items()
    )


def _note(told: dict[str, Any]) -> Note:
    correction = Correction(**told.pop("correction")) if "correction" in told else None
    return Note(**told, correction=correction)
