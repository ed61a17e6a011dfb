"""Facts that cross from begeleiding when a physician signs: date and kind, nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.access.context import acting
from directory.access.grid import Verb
from dossier.models.shell import Opened
from dossier.records.base import Header, State
from dossier.records.kinds import Kind, Place
from dossier.records.rows import Entry, insert, locked, parts_of, versions

from .models import ProcessRecord

if TYPE_CHECKING:
    from directory.accounts.models import User

CONSULT_HELD = "consult_gehouden"
FACTS = {CONSULT_HELD: "Consult gehouden"}


class Facts:
    """Records a fact as a signed record of section proces.

    Its series is derived from the note's, so that a correction finds it again; the note cannot be found from it.
    """

    asks: tuple[str, ...] = ("proces.read", "proces.write", "proces.amend")

    def __init__(self, kind: Kind) -> None:
        self.place = Place(kind, "proces", "proces")

    @transaction.atomic
    def make(self, *, fact: str, by: User, opened: Opened, source: UUID, happened_at: datetime) -> None:
        """Record the fact, or correct its day in a new version. Twice the same is once."""
        entry = Entry(self.place, happened_at, {fact: FACTS[fact]}, series=uuid5(source, fact))
        earlier = self._newest(opened, uuid5(source, fact))
        if earlier is None:
            self._insert(by, opened, entry, Verb.WRITE, 1)
        elif _day(earlier.happened_at) != _day(happened_at):
            self._insert(by, opened, entry, Verb.AMEND, earlier.version + 1, reason="Datum verbeterd")

    @transaction.atomic
    def move(
        self, *, fact: str, by: User, opened: Opened, source: UUID, to: Opened, new_source: UUID
    ) -> None:
        """Record the fact in the right dossier, and leave a stub here."""
        newest = self._newest(opened, uuid5(source, fact))
        if newest is None or newest.state == State.MOVED:
            return
        there = uuid5(new_source, fact)
        entry = Entry(self.place, newest.happened_at, {fact: FACTS[fact]}, series=there)
        stands = self._newest(to, there) or self._insert(by, to, entry, Verb.WRITE, 1)
        for row in versions(newest):
            stub = locked(by, row)
            for part in parts_of(self.place, stub).values():
                part.shielded = True
                part.save(update_fields=["shielded"])
            stub.state, stub.moved_to = State.MOVED, stands.pk
            stub.save(update_fields=["state", "moved_to"])
            log.note("move", dossier=opened.dossier.pk, record=stub.pk, asks=[self.place.ask(Verb.AMEND)])

    def _newest(self, opened: Opened, series: UUID) -> Header | None:
        rows = ProcessRecord.objects.open_to(acting().capacity, "read")
        return rows.filter(dossier=opened.dossier.pk, series=series).order_by("-version").first()

    def _insert(
        self, by: User, opened: Opened, entry: Entry, verb: Verb, version: int, reason: str | None = None
    ) -> Header:
        made = insert(by=by, opened=opened, entry=entry, verb=verb, sign=True, version=version, reason=reason)
        log.note("sign", dossier=opened.dossier.pk, record=made.pk, asks=[self.place.ask(verb)])
        return made


def _day(moment: datetime) -> object:
    return timezone.localtime(moment).date()
