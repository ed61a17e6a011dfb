"""Written in the wrong dossier: everything of it goes to the right one, and here a stub without content stays.

The new records have keys of their own. The old text is shielded at once; its keys are destroyed after the decision
about the breach (AVG art. 33, 34), and with them the history of the text here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.access.grid import Verb
from directory.access.refusals import NotAllowed
from dossier.models import Share
from dossier.models.shell import Opened

from . import breach, crossings
from .answers import answered
from .base import Header, State
from .kinds import Place
from .rows import Entry, insert, locked, parts_of, texts_of, versions

if TYPE_CHECKING:
    from uuid import UUID

    from directory.accounts.models import User


@transaction.atomic
def move(*, by: User, opened: Opened, to: Opened, record: Header, place: Place) -> Header:
    """Move a record with all its versions. Only by its author, who may write in both dossiers.

    Returns the newest version where it stands now; moving what was moved already changes nothing.
    """
    if opened.dossier.pk == to.dossier.pk:
        raise NotAllowed("same_dossier")
    opened.need(place.ask(Verb.AMEND))
    old = versions(record)
    if any(row.author_id != by.pk for row in old):
        raise NotAllowed("not_author")
    if all(row.state == State.MOVED for row in old):
        return record
    series: UUID | None = None
    new = record
    for row in old:
        new = _one(by, opened, to, row, place, series)
        series = new.series
    breach.begin(by=by, opened=opened, place=place, stubs=old)
    if place.kind.crossing and any(row.signed_at for row in old) and series:
        crossings.move(
            place.kind.crossing, by=by, opened=opened, source=record.series, to=to, new_source=series
        )
    return new


def _one(by: User, opened: Opened, to: Opened, row: Header, place: Place, series: UUID | None) -> Header:
    """Write one version in the right dossier, then leave a stub here."""
    details = place.kind.details
    texts = texts_of(place, row)
    entry = Entry(
        place=place,
        happened_at=row.happened_at,
        texts=texts,
        details=details.initial(row) if details else {},
        series=series,
    )
    verb = Verb.WRITE if row.version == 1 else Verb.AMEND
    new = insert(
        by=by,
        opened=to,
        entry=entry,
        verb=verb,
        sign=row.state == State.SIGNED,
        version=row.version,
        reason=row.reason,
    )
    with answered(opened, place.ask(Verb.AMEND), row.happened_at):
        stub = locked(by, row)
        for part in parts_of(place, stub).values():
            part.shielded = True
            part.save(update_fields=["shielded"])
        if stub.state == State.CONCEPT:
            stub.revision += 1
        stub.signed_at = stub.signed_at or timezone.now()
        stub.state, stub.moved_to = State.MOVED, new.pk
        stub.save(update_fields=["state", "moved_to", "signed_at", "revision"])
    if opened.may(place.ask(Verb.SHARE)):
        for share in Share.objects.filter(record_id=stub.pk, ends_at__isnull=True):
            share.ends_at = timezone.now()
            share.save(update_fields=["ends_at"])
    log.note("move", dossier=opened.dossier.pk, record=stub.pk, asks=[place.ask(Verb.AMEND)])
    log.note("move", dossier=to.dossier.pk, record=new.pk, asks=[place.ask(verb)])
    return new
