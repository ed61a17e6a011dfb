"""Acts on a record: write, save again, sign, amend, remark. What is signed never changes; it gets a new version.

Every act leaves its log row. What the database refuses comes back as a refusal with its reason (answers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.access import log
from directory.access.context import acting
from directory.access.grid import Value, Verb
from directory.access.refusals import NotAllowed, NotYet
from dossier.models.shell import Answer, Opened

from . import crossings
from .answers import Conflict, answered, constraint
from .base import Header, Part, State
from .kinds import Place
from .rows import Entry, close, insert, locked, minute, new_part, parts_of, texts_of, versions
from .tasks import offered

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def write(*, by: User, opened: Opened, entry: Entry, sign: bool = False) -> Header:
    """Make a record, signed at once or as a concept. The same form twice is the same record."""

    def make() -> Header:
        record = insert(by=by, opened=opened, entry=entry, verb=Verb.WRITE, sign=sign)
        return _done(by, opened, record, entry.place, Verb.WRITE)

    return _once(by, entry, make)


@transaction.atomic
def remark(*, by: User, opened: Opened, place: Place, about: Header, text: str, form_key: UUID) -> Header:
    """Write beside another's record. A remark is signed when it is made, and stands where its record stands."""
    if about.state == State.MOVED:
        raise NotAllowed("moved_away")
    beside = Place(place.kind, about.section, about.purpose)
    entry = Entry(beside, timezone.now(), {place.kind.parts[0].code: text}, form_key)

    def make(entry: Entry = entry) -> Header:
        record = insert(by=by, opened=opened, entry=entry, verb=Verb.REMARK, sign=True, about=about)
        return _done(by, opened, record, beside, Verb.REMARK)

    try:
        return _once(by, entry, make)
    except Conflict:  # other words from a page that was gone back to: a remark of its own
        return make(replace(entry, form_key=uuid4()))


@transaction.atomic
def amend(
    *, by: User, opened: Opened, record: Header, entry: Entry, reason: str, seen: int, sign: bool = False
) -> Header:
    """Make a new version, with the reason for it; the former stays readable (BW 7:454 lid 2).

    `seen` is the version the writer had before him. Raises Conflict when a later one stands there.
    """
    place = entry.place
    answer = opened.need(place.ask(Verb.AMEND))
    rows = versions(record)
    if sent := _sent(rows, by, entry, reason):
        return sent
    newest = rows[-1]
    if newest.state == State.MOVED:
        raise NotAllowed("moved_away")
    own_or_all(by, answer, newest)
    if newest.version != seen:
        raise Conflict(newest)
    if newest.state == State.CONCEPT:
        raise NotYet("still_concept")
    _worth_a_version(opened, newest, entry, reason)
    try:
        made = insert(
            by=by,
            opened=opened,
            entry=replace(entry, series=newest.series),
            verb=Verb.AMEND,
            sign=sign,
            version=newest.version + 1,
            reason=reason.strip(),
        )
    except IntegrityError as error:
        if constraint(error) not in ("version_once", "form_once"):
            raise
        rows = versions(record)
        if sent := _sent(rows, by, entry, reason):
            return sent
        raise Conflict(rows[-1]) from error
    return _done(by, opened, made, place, Verb.AMEND)


@transaction.atomic
def save_again(
    *, by: User, opened: Opened, record: Header, entry: Entry, revision: int, sign: bool = False
) -> Header:
    """Change a concept of one's own, and sign it if asked. Raises Conflict when it changed since it was read."""
    place, verb = entry.place, _making(record)
    opened.need(place.ask(verb))
    with answered(opened, place.ask(verb), entry.happened_at, entry.tasks()):
        row = locked(by, record)
        if row.state == State.MOVED:
            raise NotAllowed("moved_away")
        parts = parts_of(place, row)
        if row.state == State.SIGNED or row.revision != revision:
            if not _says(row, parts, entry):
                raise Conflict(row)
            if row.state == State.SIGNED or not sign:
                return row  # the same form, sent twice
        for code, text in entry.texts.items():
            _put(row, parts.get(code), code, text, entry)
        if place.kind.details:
            place.kind.details.store(row, entry.details)
        row.happened_at, row.revision = entry.happened_at, row.revision + 1
        if sign:
            close(row)
        row.save(update_fields=["happened_at", "revision", "state", "signed_at"])
    return _done(by, opened, row, place, verb)


@transaction.atomic
def sign(*, by: User, opened: Opened, record: Header, place: Place) -> Header:
    """Sign one's own concept as it stands. Signing what is signed already changes nothing."""
    verb = _making(record)
    opened.need(place.ask(verb))
    with answered(opened, place.ask(verb), record.happened_at):
        row = locked(by, record)
        if row.state == State.MOVED:
            raise NotAllowed("moved_away")
        if row.state == State.SIGNED:
            return row
        row.revision += 1
        close(row)
        row.save(update_fields=["revision", "state", "signed_at"])
    return _done(by, opened, row, place, verb)


def _making(record: Header) -> Verb:
    """Name the verb under which a record was begun: its first version is written, a later one amends."""
    return Verb.WRITE if record.version == 1 else Verb.AMEND


def own_or_all(by: User, answer: Answer, record: Header) -> None:
    """Refuse to follow another's record to whoever may only amend his own (the cell says "own")."""
    if answer.value == Value.OWN and record.author_id != by.pk:
        raise NotAllowed("not_author")


def _sent(rows: list[Header], by: User, entry: Entry, reason: str) -> Header | None:
    """Find the version this very form made already, also when others followed it since."""
    for row in rows:
        if (row.author_id, row.form_key) == (by.pk, entry.form_key):
            return _same(row, entry, reason)
    return None


def _same(record: Header, entry: Entry, reason: str = "") -> Header:
    """Return the record a form made. Raises Conflict when the form says something else now: both texts then stand.

    A browser that goes back sends a form with its old key and new words.
    """
    if record.state == State.MOVED:
        raise NotAllowed("moved_away")
    words = texts_of(entry.place, record) == entry.filled() and (record.reason or "") == reason.strip()
    moment = record.about_id is not None or record.happened_at == minute(entry.happened_at)
    if not (words and moment and entry.details_of(record)):
        raise Conflict(record)
    return record


def _says(row: Header, parts: dict[str, Part], entry: Entry) -> bool:
    """Say whether a record holds exactly what is handed over; parts the writer was not offered stay as they are."""
    stands = {code: part.content for code, part in parts.items() if part.content and code in entry.texts}
    return (stands, row.happened_at) == (entry.filled(), entry.happened_at) and entry.details_of(row)


def _worth_a_version(opened: Opened, newest: Header, entry: Entry, reason: str) -> None:
    """Refuse a version that drops a part, gives no reason, or changes nothing."""
    former = texts_of(entry.place, newest)
    writable = {part.code for part in offered(opened.dossier.pk, entry.place)}
    if not set(former) <= writable:
        raise NotYet("not_whole")  # a version without a part would look as if the part was withdrawn
    if not reason.strip():
        raise ValidationError({"reason": "Vul in waarom u een nieuwe versie maakt."})
    same = (former, newest.happened_at) == (entry.filled(), entry.happened_at)
    if same and entry.details_of(newest):
        raise ValidationError("Er is niets gewijzigd. Pas de tekst of het moment aan.")


def _put(row: Header, part: Part | None, code: str, text: str, entry: Entry) -> None:
    """Write one part of a concept: new, changed, or at another moment."""
    if part is None:
        if text:
            made = new_part(entry.place, row, code, text)
            made.happened_at = entry.happened_at
            made.save(force_insert=True)
    elif (part.content, part.happened_at) != (text, entry.happened_at):
        part.content, part.happened_at = text, entry.happened_at
        part.save(update_fields=["content", "happened_at"])


def _once(by: User, entry: Entry, make: Callable[[], Header]) -> Header:
    """Make a record, or return the one this very form made already, also when both came at the same moment."""
    rows = entry.place.panel.header.objects.open_to(acting().capacity, "read")
    same = rows.filter(author=by.pk, form_key=entry.form_key)
    if found := same.first():
        return _same(found, entry)
    try:
        return make()
    except IntegrityError as error:
        if constraint(error) != "form_once" or (found := same.first()) is None:
            raise
        return _same(found, entry)


def _done(by: User, opened: Opened, record: Header, place: Place, verb: Verb) -> Header:
    """Leave the log row of the act; what a physician signed in begeleiding crosses as a fact."""
    signed = record.state == State.SIGNED
    kind = "sign" if signed and verb is Verb.WRITE else str(verb)
    log.note(kind, dossier=opened.dossier.pk, record=record.pk, asks=[place.ask(verb)])
    if signed and place.kind.crossing:
        crossings.make(
            place.kind.crossing, by=by, opened=opened, source=record.series, happened_at=record.happened_at
        )
    return record
