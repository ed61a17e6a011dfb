"""The dossier page, put together from what opening answered: the medical panel left, the process side right.

A section shows when the answer is "mag". "Nog niet" shows what is missing and where it is mended, in its place. What
a role has no cell for is not there at all: a process user sees no empty medical panel, he sees none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from delegation.dates import show_day, show_moment
from delegation.offices import Desk
from directory.access.grid import the_grid
from dossier.medical.models import MedicalRecord, Werkaantekening
from dossier.medical.private import actions as private
from dossier.models.shell import Answer, Opened
from dossier.process.kinds import VERZUIMVERLOOP
from dossier.process.models import ProcessRecord
from dossier.records import beside, breach
from dossier.records.drafts import DraftView
from dossier.records.keeping import KeptView
from dossier.records.kinds import Place, kinds_for, may_make
from dossier.records.loading import PanelView, RecordView, load_panel
from dossier.records.pages import NoteForm, note_form
from dossier.records.places import new_url

from .asks import SEEING
from .waits import INFORM, Wait, wait, waits

BESIDE = 4  # earlier notes beside the new one; the rest follows below
SHARED = "Alleen wat met u is gedeeld"
EMPLOYER = "werkgeverdeel"
COURSE = Place(VERZUIMVERLOOP, EMPLOYER, EMPLOYER)
NAMED_BY_PANEL = ("proces", EMPLOYER)  # their panel has their name already
HELD = frozenset(MedicalRecord.sections) | frozenset(ProcessRecord.sections)


@dataclass(frozen=True)
class Block:
    """The records of one section under its own heading."""

    section: str
    title: str
    records: list[RecordView]
    note: str = ""


@dataclass
class Side:
    """One panel as the page shows it."""

    side: str
    waits: list[Wait] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    only_shared: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)
    form: NoteForm | None = None
    beside: list[RecordView] = field(default_factory=list)
    older: str = ""
    seen: bool = True  # whether "nothing here" would be true

    @property
    def says_something(self) -> bool:
        return bool(self.seen or self.waits or self.blocks or self.links or self.form)

    @property
    def action(self) -> tuple[str, str]:
        """Give the first thing one can record here its place in the head of the panel."""
        return self.links[0] if self.links and self.form is None else ("", "")

    @property
    def more(self) -> list[tuple[str, str]]:
        """Give the rest; a form names the other things one can record itself."""
        return [] if self.form else self.links[1:]


@dataclass(frozen=True)
class PrivateNote:
    """A werkaantekening of the reader, with its verbs."""

    text: str
    written: str
    until: str
    edit_url: str
    destroy_url: str
    take_url: str


@dataclass(frozen=True)
class Private:
    """The reader's own notes, outside the dossier."""

    new_url: str
    notes: list[PrivateNote]


@dataclass
class Page:
    """Everything below the person bar."""

    medical: Side | None = None
    process: Side | None = None
    employer: Side | None = None
    kept: list[KeptView] = field(default_factory=list)
    drafts: list[DraftView] = field(default_factory=list)
    private: Private | None = None
    breaches: list[breach.Waiting] = field(default_factory=list)

    @property
    def asks_to_inform(self) -> bool:
        """Say whether the page already leads to the notice, where something waits for it."""
        sides = (self.medical, self.process, self.employer)
        return any(wait.button == INFORM for side in sides if side for wait in side.waits)


def build(request: Desk, opened: Opened) -> Page:
    """Put the page together. Which panels there are follows from the answers alone."""
    page = Page()
    if medical := _answered(opened, "medical"):
        page.medical = _medical(request, opened, medical)
    # While only a voluntary contact knows the dossier it has no process side, for the physician neither.
    if opened.dossier.process_from and (process := _answered(opened, "process")):
        known = page.medical.waits if page.medical else []
        page.process, page.employer = _process(request, opened, process, known, embed=page.medical is None)
    if request.capacity.side != "admin":
        rows = beside.load(opened)
        page.kept, page.drafts = beside.kept_views(opened, rows), beside.draft_views(opened, rows)
        if opened.may(private.WRITE):
            page.private = _private(opened, private.of_page(opened, rows))
    if _something_moved(page) or request.capacity.side == "admin":
        page.breaches = breach.waiting(opened)
    return page


def _something_moved(page: Page) -> bool:
    """Say whether a stub stands on the page: without one there is nothing to assess."""
    sides = [side for side in (page.medical, page.process, page.employer) if side]
    shown = [record for side in sides for block in side.blocks for record in block.records]
    return any(record.moved for record in [*shown, *(record for side in sides for record in side.beside)])


def _private(opened: Opened, rows: list[Werkaantekening]) -> Private:
    dossier = opened.dossier.pk
    into = kinds_for(opened, "medical")
    taken = new_url(dossier, into[0]) if into else ""
    notes = [
        PrivateNote(
            text=row.content,
            written=show_moment(row.written_at),
            until=show_day(row.destroy_before),
            edit_url=reverse("private_edit", args=[dossier, row.pk]),
            destroy_url=reverse("private_destroy", args=[dossier, row.pk]),
            take_url=f"{taken}?{urlencode({private.NAME: row.pk})}" if taken else "",
        )
        for row in rows
    ]
    return Private(reverse("private_new", args=[dossier]), notes)


def _answered(opened: Opened, side: str) -> list[str]:
    """List the sections of a panel that are open, or only not yet, in the order of the grid.

    Sections with a page of their own (team, inzage, kennisgeving) make no panel.
    """
    return [
        code
        for code, section in the_grid().sections.items()
        if code in HELD
        and (section.side == "process") == (side == "process")
        and any(
            answer.allowed or answer.answer == "not_yet" for answer in _answers(opened, code) if answer.role
        )
    ]


def _answers(opened: Opened, section: str) -> list[Answer]:
    return [answer for answer in opened.answers.values() if answer.ask.partition(".")[0] == section]


def _sees(opened: Opened, section: str) -> bool:
    return any(opened.may(f"{section}.{verb}") for verb in SEEING)


def _medical(request: Desk, opened: Opened, sections: list[str]) -> Side:
    found = Side("medisch", waits=waits(opened, sections))
    if not any(_sees(opened, section) for section in sections):
        return found
    view = load_panel(opened, "medical", after=_after(request.GET, "links"))
    found.older = _older(opened, "links", view)
    found.blocks = list(_blocks(opened, view))
    shown = {record.section for record in view.records}
    readable = [section for section in sections if _sees(opened, section)]
    found.empty = [_label(s) for s in readable if s not in shown and not _only_shared(opened, s)]
    found.only_shared = any(_only_shared(opened, section) for section in readable)
    found.links = [
        (place.kind.label, new_url(opened.dossier.pk, place)) for place in kinds_for(opened, "medical")
    ]
    _embed(request, opened, found, "medical")
    return found


def _process(
    request: Desk, opened: Opened, sections: list[str], known: list[Wait], *, embed: bool
) -> tuple[Side | None, Side | None]:
    """Write the process side: its own panel, and the part an employer may have; one panel for who sees one."""
    missing = waits(opened, sections, known)
    view = PanelView([])
    if any(_sees(opened, section) for section in sections):
        view = load_panel(opened, "process", after=_after(request.GET, "rechts"))
    blocks = list(_blocks(opened, view))
    theirs = [block for block in blocks if block.section == EMPLOYER]
    links = [
        (place.section, place.kind.label, new_url(opened.dossier.pk, place))
        for place in kinds_for(opened, "process")
    ]
    employer = Side("werkgever", blocks=theirs)
    employer.links = [*_recovery(opened), *((label, url) for s, label, url in links if s == EMPLOYER)]
    employer.seen = _sees(opened, EMPLOYER)
    if "proces" not in sections:
        employer.blocks, employer.waits, employer.older = blocks, missing, _older(opened, "rechts", view)
        return None, employer if employer.says_something else None
    process = Side("proces", waits=missing, blocks=[block for block in blocks if block.section != EMPLOYER])
    process.seen = _sees(opened, "proces")
    process.links = [(label, url) for s, label, url in links if s != EMPLOYER]
    process.older = _older(opened, "rechts", view)
    if embed:
        _embed(request, opened, process, "process")
    return process if process.says_something else None, employer if employer.says_something else None


def _recovery(opened: Opened) -> list[tuple[str, str]]:
    """Lead from a running ziekmelding to its recovery, whoever reported it; without one there is nothing to recover."""
    if getattr(opened.dossier, "first_sick_day", None) and may_make(opened, COURSE):
        return [("Herstel melden", new_url(opened.dossier.pk, COURSE))]
    return []


def _embed(request: Desk, opened: Opened, side: Side, panel: str) -> None:
    """Put the form for a new note in a panel, with the newest notes of its section beside it."""
    side.form = note_form(opened, request, panel)
    if side.form is None:
        if kinds_for(opened, panel) and not side.waits:
            side.waits.append(wait(opened.dossier.pk, "no_task"))
        return
    for n, block in enumerate(side.blocks):
        if block.section == side.form.form.place.section and not side.beside:
            side.beside, rest = block.records[:BESIDE], block.records[BESIDE:]
            side.blocks[n] = replace(block, records=rest)
    side.blocks = [block for block in side.blocks if block.records]


def _blocks(opened: Opened, view: PanelView) -> Iterator[Block]:
    """Give each section its own block, and each delegate his own file: it is somebody's, not a heap."""
    for section in view.sections():
        note = SHARED if _only_shared(opened, section.code) else ""
        for record in section.records:
            _shorten(record)
        if section.code != "gedelegeerde":
            title = "" if section.code in NAMED_BY_PANEL else section.label
            yield Block(section.code, title, section.records, note)
            continue
        files: dict[str, list[RecordView]] = {}
        for record in section.records:
            files.setdefault(record.who.rsplit(", ", 1)[0], []).append(record)
        for who, records in files.items():
            yield Block(section.code, f"{section.label} {who}", records, note)


def _shorten(record: RecordView) -> None:
    """Say a fact once: a record whose only text is its own label has that label as its heading."""
    if len(record.parts) == 1 and record.parts[0][0] == record.parts[0][1]:
        record.label, record.parts = record.parts[0][0], []


def _only_shared(opened: Opened, section: str) -> bool:
    return any(answer.value == "shared" and answer.allowed for answer in _answers(opened, section))


def _label(section: str) -> str:
    return the_grid().sections[section].label


def _after(query: QueryDict, name: str) -> UUID | None:
    """Read where a panel goes on; anything else is its beginning."""
    try:
        return UUID(query.get(name, ""))
    except ValueError:
        return None


def _older(opened: Opened, name: str, view: PanelView) -> str:
    if view.older is None:
        return ""
    return reverse("dossier", args=[opened.dossier.pk], query={name: view.older})
