"""A kind is a declaration: which parts a record has, under which task each stands, where it may stand.

The panels register their tables and their kinds when the application starts; nothing here knows a panel by name.
One set of views, forms and pages serves them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from directory.access.grid import Verb
from directory.access.words import Words

if TYPE_CHECKING:
    from django import forms

    from dossier.models.shell import Opened

    from .base import Header

LONGEST = 20_000  # characters of one part: some eight pages


@dataclass(frozen=True)
class PartKind:
    """One part of a record. `task` is its code in the list of delegable tasks; `line` asks one line, not a text."""

    code: str
    label: str
    task: str
    hint: str = ""
    rows: int = 4
    line: bool = False
    limit: int = LONGEST


class Details(Protocol):
    """Coded columns of a kind, one to one with the header: only what the database must check."""

    def fields(self) -> dict[str, forms.Field]:
        """Make the fields of the form, in order."""

    def problems(self, values: Mapping[str, Any]) -> dict[str | None, list[str]]:
        """Say per field what the values break; None is the form as a whole."""

    def initial(self, record: Header) -> dict[str, Any]:
        """Read the values of a record back, for its form."""

    def store(self, record: Header, values: Mapping[str, Any]) -> None:
        """Write the values of a new record, or those of a concept that changes."""

    def rows(self, records: list[Header]) -> dict[Any, list[tuple[str, str]]]:
        """List label and value per record, in one statement for all of them."""


@dataclass(frozen=True)
class Kind:
    """What can be recorded. `purposes` is set for kinds of a delegate's own file, which has a purpose per record.

    `listed` is off for what makes sense only now and then: a button of its own leads there, no list of kinds does.

    `roles` empty: whoever may `verb` in the section. `crossing` is the fact that crosses the hinge when a physician
    signs. `takes_over` is the kind into which a physician takes a delegate's kept text, and the part for each part.
    """

    code: str
    label: str
    panel: str
    sections: tuple[str, ...]
    parts: tuple[PartKind, ...]
    purposes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    verb: Verb = Verb.WRITE
    by_form: bool = True
    listed: bool = True
    needs_text: bool = True
    date_only: bool = False
    provisional: str = ""
    crossing: str = ""
    takes_over: str = ""
    takes_parts: tuple[tuple[str, str], ...] = ()
    details: Details | None = None
    explains: Words | None = None

    def part(self, code: str) -> PartKind | None:
        return next((part for part in self.parts if part.code == code), None)


@dataclass(frozen=True)
class Panel:
    """One side of the dossier: its two tables, and the colour of its edge."""

    code: str
    side: str
    header: Any  # the panel's own tables, of base.Header and base.Part
    part: Any


_kinds: dict[str, Kind] = {}
_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> Panel:
    _panels[panel.code] = panel
    return panel


def register(kind: Kind) -> Kind:
    """Add a kind. Raises ValueError for a second one of the same code: records name it for decades."""
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"twice a kind {kind.code}")
    _kinds[kind.code] = kind
    return kind


def panel_of(code: str) -> Panel:
    return _panels[code]


def panels() -> list[Panel]:
    return list(_panels.values())


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)


def label_of(code: str) -> str:
    kind = _kinds.get(code)
    return kind.label if kind else "Vastlegging"


def kinds(panel: str | None = None) -> list[Kind]:
    return [kind for kind in _kinds.values() if panel in (None, kind.panel)]


@dataclass(frozen=True)
class Place:
    """A kind where it stands: in one section, for one purpose."""

    kind: Kind
    section: str
    purpose: str

    @property
    def panel(self) -> Panel:
        return panel_of(self.kind.panel)

    def ask(self, verb: str) -> str:
        return f"{self.section}.{verb}"

    def holds(self, record: Header) -> bool:
        return (record.kind, record.section, record.purpose) == (self.kind.code, self.section, self.purpose)


def places(panel: str | None = None) -> list[Place]:
    """List every place a record of its own can stand in; a remark stands wherever its record does."""
    return [
        Place(kind, section, purpose)
        for kind in kinds(panel)
        if kind.verb is not Verb.REMARK
        for section in kind.sections
        for purpose in (kind.purposes or (section,))
    ]


def place_for(record: Header) -> Place | None:
    """Find the place of a record; None when its kind is no longer known here."""
    kind = kind_of(record.kind)
    return Place(kind, record.section, record.purpose) if kind else None


def kinds_for(opened: Opened, panel: str | None = None) -> list[Place]:
    """List what the reader may make by form in this opened dossier, as the database answered."""
    return [place for place in places(panel) if place.kind.listed and may_make(opened, place)]


def may_make(opened: Opened, place: Place) -> bool:
    """Say whether the reader may make this by form here; it must have been asked when the dossier opened."""
    answer = opened.answers.get(place.ask(place.kind.verb))
    if not place.kind.by_form or answer is None or not answer.allowed:
        return False
    return not place.kind.roles or answer.role in place.kind.roles
