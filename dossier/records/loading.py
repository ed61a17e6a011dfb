"""The records of an opened dossier, ready for a page: four statements per panel and one on the key store.

Templates ask nothing: names, dates, texts and addresses are made here, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone

from delegation.dates import show_day
from directory.access.context import acting
from directory.access.grid import the_grid
from dossier.models.shell import Opened

from .base import Header, Part, State
from .kinds import Kind, Panel, kind_of, label_of, panel_of
from .places import record_url
from .rows import hold_keys
from .sharing import shares_of

MOST = 500  # headings of one dossier; its texts come by the page
PAGE = 40
# Whose work one has in hand, as it stands behind a name.
ON_BEHALF = {
    "gedelegeerde": "onder taakdelegatie van {}",
    "arts_onder_supervisie": "onder supervisie van {}",
    "waarnemer": "waarneming voor {}",
    "teamlid": "op verzoek van {}",
}
STATES = {State.CONCEPT: ("wacht", "Concept, niet ondertekend"), State.MOVED: ("neutraal", "Verplaatst")}


@dataclass(frozen=True)
class Tag:
    """A state, as _delen/status_tag.html shows it."""

    soort: str
    tekst: str


@dataclass
class RecordView:
    """One record as a page shows it. `parts` are (label, text); `rows` the coded columns as (label, value)."""

    id: UUID
    label: str
    side: str
    section: str
    section_label: str
    who: str
    behalf: str
    iso: str
    date: str
    time: str
    state: str
    version: int
    mine: bool
    tag: Tag | None = None
    provisional: str = ""
    url: str = ""
    reason: str = ""
    gone: bool = False
    parts: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    remarks: list[RecordView] = field(default_factory=list)

    @property
    def concept(self) -> bool:
        return self.state == State.CONCEPT

    @property
    def version_text(self) -> str:
        return f"versie {self.version}"

    @property
    def moved(self) -> bool:
        return self.state == State.MOVED


@dataclass(frozen=True)
class SectionView:
    """The records of one section, newest first."""

    code: str
    label: str
    records: list[RecordView]


@dataclass(frozen=True)
class PanelView:
    """One panel of the dossier page. `older` is the record after which the next page begins."""

    records: list[RecordView]
    older: UUID | None = None

    def sections(self) -> list[SectionView]:
        """Group by section, in the order of the grid."""
        found: dict[str, list[RecordView]] = {}
        for record in self.records:
            found.setdefault(record.section, []).append(record)
        order = [code for code in the_grid().sections if code in found]
        return [SectionView(code, the_grid().sections[code].label, found[code]) for code in order]


def load_panel(opened: Opened, panel: str, *, after: UUID | None = None, page: int = PAGE) -> PanelView:
    """Load what the reader may see of one panel, newest first: what is signed in its last version, and concepts."""
    table = panel_of(panel)
    headers = list(
        table.header.objects.open_to(acting().capacity, "read")
        .filter(dossier=opened.dossier.pk)
        .order_by("-happened_at", "-written_at", "-version")[:MOST]
    )
    shown = _in_force([row for row in headers if row.about_id is None])
    start = next((n + 1 for n, row in enumerate(shown) if row.pk == after), 0)
    current = shown[start : start + page]
    chosen = {row.pk for row in current}
    remarks = [row for row in reversed(headers) if row.about_id in chosen]
    views = present(opened, table, [*current, *remarks])
    for row in remarks:
        views[row.about_id].remarks.append(views[row.pk])
    older = current[-1].pk if len(shown) > start + page else None
    return PanelView([views[row.pk] for row in current], older)


def _in_force(headers: list[Header]) -> list[Header]:
    """Of every series: the last signed version, and a concept that would follow it."""
    last: dict[UUID, int] = {}
    for row in headers:
        if row.state != State.CONCEPT:
            last[row.series] = max(row.version, last.get(row.series, 0))
    return [row for row in headers if row.version >= last.get(row.series, 0)]


def present(opened: Opened, panel: Panel, headers: list[Header]) -> dict[UUID, RecordView]:
    """Make the views of these records: keys at once, then parts, names, and shares or coded columns."""
    # A remark about what was moved is about somebody else than this dossier: it is not read here any more.
    gone = {row.pk for row in headers if row.state == State.MOVED}
    readable = [
        row
        for row in headers
        if row.pk not in gone and row.about_id not in gone and opened.may(f"{row.section}.read")
    ]
    hold_keys(row.pk for row in readable)  # a key store that does not answer is no key that was destroyed
    parts = _parts(panel, readable)
    details = _details(readable)
    shares = shares_of(row.pk for row in readable) if panel.side == "medisch" and readable else {}
    people = names(
        [
            *(row.author_id for row in headers),
            *(row.on_behalf_of_id for row in headers if row.on_behalf_of_id),
            *(share.receiver_id for given in shares.values() for share in given),
        ]
    )
    found = {}
    for row in headers:
        view = _view(row, panel, people)
        if row in readable:
            _fill(view, row, parts.get(row.pk, []), opened)
            view.rows = details.get(row.pk, [])
            given = (people.get(share.receiver_id, "een collega") for share in shares.get(row.pk, []))
            view.shared = list(dict.fromkeys(given))  # who has it for two tasks is named once
        found[row.pk] = view
    return found


def _parts(panel: Panel, headers: list[Header]) -> dict[UUID, list[Part]]:
    found: dict[UUID, list[Part]] = {}
    if headers:
        rows = panel.part.objects.open_to(acting().capacity, "read")
        for part in rows.filter(record__in=[row.pk for row in headers]):
            found.setdefault(part.record_id, []).append(part)
    return found


def _details(headers: list[Header]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {}
    by_kind: dict[str, list[Header]] = {}
    for row in headers:
        by_kind.setdefault(row.kind, []).append(row)
    for code, rows in by_kind.items():
        kind = kind_of(code)
        if kind and kind.details:
            found |= kind.details.rows(rows)
    return found


def _fill(view: RecordView, row: Header, parts: list[Part], opened: Opened) -> None:
    """Open the texts of one record. Whose key was destroyed says so, and nothing else."""
    kind = kind_of(row.kind)
    order = [part.code for part in kind.parts] if kind else []
    view.url = record_url(row)
    if row.pk not in acting().keys:
        view.gone = True
        return
    parts.sort(key=lambda part: order.index(part.code) if part.code in order else len(order))
    view.parts = [(_label(kind, part.code), part.content) for part in parts if part.content]
    if kind and kind.date_only and view.parts:  # a fact that crossed is its own heading
        view.label, view.parts = view.parts[0][0], []
    view.reason = row.reason or ""


def _label(kind: Kind | None, code: str) -> str:
    part = kind.part(code) if kind else None
    return part.label if part else "Tekst"


def _view(row: Header, panel: Panel, people: dict[int, str]) -> RecordView:
    kind = kind_of(row.kind)
    moment = timezone.localtime(row.happened_at)
    tag = STATES.get(State(row.state))
    return RecordView(
        id=row.pk,
        label="Verplaatst" if row.state == State.MOVED else label_of(row.kind),
        side="werkgever" if row.section == "werkgeverdeel" else panel.side,
        section=row.section,
        section_label=the_grid().sections[row.section].label,
        who=_who(row, people),
        behalf=_behalf(row, people),
        iso=moment.strftime("%Y-%m-%d" if kind and kind.date_only else "%Y-%m-%dT%H:%M"),
        date=show_day(moment.date()),
        time="" if kind and kind.date_only else moment.strftime("%H:%M"),
        state=row.state,
        version=row.version,
        mine=row.author_id == acting().capacity.user_id,
        tag=Tag(*tag) if tag else None,
        provisional=kind.provisional if kind else "",
    )


def _who(row: Header, people: dict[int, str]) -> str:
    """Name the author and in which role, as far as the reader may know either (003 §3.1)."""
    role = the_grid().roles[row.role]
    medical = acting().capacity.side == "medical"
    label = role.label.lower() if medical or role.side != "medical" or row.role in OPENLY else ""
    name = people.get(row.author_id, "")
    return ", ".join(part for part in (name, label) if part) or "namens de bedrijfsarts"


# Medical roles everybody on the dossier may know of; that others work there may itself say something.
OPENLY = ("bedrijfsarts", "waarnemer", "arts_onder_supervisie")


def _behalf(row: Header, people: dict[int, str]) -> str:
    if row.on_behalf_of_id is None or (acting().capacity.side != "medical" and row.role not in OPENLY):
        return ""
    pattern = ON_BEHALF.get(row.role)
    return pattern.format(people.get(row.on_behalf_of_id, "de bedrijfsarts")) if pattern else ""


def names(users: Iterable[int]) -> dict[int, str]:
    """Name these people; those whose name the reader may not know are left out. One statement."""
    wanted = set(users)
    if not wanted:
        return {}
    rows: Any = get_user_model().objects.filter(pk__in=wanted).values_list("pk", "display_name")
    return dict(rows)


def shown(moment: datetime) -> str:
    """Write a moment out, as pages do."""
    local = timezone.localtime(moment)
    return f"{show_day(local.date())} {local:%H:%M}"
