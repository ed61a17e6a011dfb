"""Something stood in the wrong dossier: is that a breach, who could have read it, and what follows (AVG art. 33, 34).

The move makes the question; it stays open until somebody decides, and only then the old text loses its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from delegation.dates import show_moment
from directory.access import log
from directory.access.context import acting
from directory.access.grid import Verb, the_grid
from directory.access.keystore import add_key, destroy_key
from directory.access.models import AccessLog
from directory.access.refusals import NotAllowed, NotFound
from dossier.models import BreachAssessment
from dossier.models.shell import Opened

from .base import Header
from .kinds import Place

if TYPE_CHECKING:
    from directory.accounts.models import User

HOURS = timedelta(
    hours=72
)  # to the Autoriteit Persoonsgegevens, from the moment one knows (AVG art. 33 lid 1)
READERS = 200
LOOKED = "inzage.read"


def begin(*, by: User, opened: Opened, place: Place, stubs: Iterable[Header]) -> BreachAssessment:
    """Open the question about what was moved out of this dossier just now."""
    rows = list(stubs)
    newest = rows[-1]
    made = BreachAssessment(
        id=uuid4(),
        practice_id=acting().capacity.practice_id,
        dossier=opened.dossier,
        section=place.section,
        purpose=place.purpose,
        panel=place.kind.panel,
        record_id=newest.pk,
        records=[row.pk for row in rows],
        series=newest.series,
        written_at=min(row.written_at for row in rows),
        moved_by_id=by.pk,
        moved_at=timezone.now(),
        answerable_id=newest.on_behalf_of_id or by.pk,
    )
    made.save(force_insert=True)
    return made


@dataclass(frozen=True)
class Waiting:
    """A question that is open, as a dossier page names it."""

    url: str
    since: str
    until: str
    late: bool


def waiting(opened: Opened) -> list[Waiting]:
    """List what the reader is asked to assess in an opened dossier. Who else may decide comes by its address."""
    if not opened.may(LOOKED):
        return []
    rows = _rows(opened).filter(assessed_at__isnull=True).order_by("moved_at")
    now = acting().capacity
    if now.side != "admin":
        rows = rows.filter(answerable=now.user_id)
    elif not _decides():
        return []
    return [
        Waiting(
            url=reverse("breach_assess", args=[row.dossier_id, row.pk]),
            since=show_moment(row.moved_at),
            until=show_moment(row.moved_at + HOURS),
            late=timezone.now() > row.moved_at + HOURS,
        )
        for row in rows
    ]


def one(opened: Opened, pk: UUID) -> BreachAssessment:
    """Load one. Raises NotFound."""
    row = _rows(opened).filter(pk=pk).first()
    if row is None:
        raise NotFound("no_grant")
    return row  # type: ignore[no-any-return]


def _rows(opened: Opened) -> object:
    return BreachAssessment.objects.open_to(acting().capacity, "read").filter(dossier=opened.dossier.pk)


def may_assess(opened: Opened, row: BreachAssessment) -> bool:
    """Say whether the page offers the decision. The database decides again."""
    looked = opened.answers.get(LOOKED)
    if looked is None or not looked.allowed:
        return False
    if acting().capacity.side == "admin":
        return _decides()
    amend = opened.answers.get(f"{row.section}.amend")
    own = row.moved_by_id == acting().capacity.user_id
    return looked.value == "all" and amend is not None and amend.allowed and (own or amend.value == "all")


def _decides() -> bool:
    return Verb.DECIDE in the_grid().cells[acting().capacity.role, "logcontrole"].values


@dataclass(frozen=True)
class Look:
    """Somebody opened the part in which the text stood, while it stood there."""

    who: str
    role: str
    when: str


def looks(row: BreachAssessment) -> list[Look]:
    """List who opened that part since the text was written, but for who wrote it. From the log, newest first."""
    from .loading import names

    found = list(
        AccessLog.objects.open_to(acting().capacity, "read")
        .filter(
            kind="open",
            outcome="ok",
            dossiers__contains=[row.dossier_id],
            asks__contains=[f"{row.section}.read"],
            at__gte=row.written_at,
            at__lte=row.moved_at,
        )
        .exclude(actor=row.moved_by_id)
        .order_by("-at")
        .values_list("actor", "role", "at")[:READERS]
    )
    who = names(actor for actor, _, _ in found)
    return [
        Look(
            who.get(actor, "een account dat u niet kunt zien"), the_grid().roles[role].label, show_moment(at)
        )
        for actor, role, at in found
    ]


@transaction.atomic
def decide(*, by: User, opened: Opened, pk: UUID, seen: bool, outcome: str, reason: str) -> BreachAssessment:
    """Decide, once. The keys of the old text go as soon as the decision stands."""
    row = BreachAssessment.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("no_grant")
    if not may_assess(opened, row):
        raise NotAllowed("no_cell")
    if row.assessed_at is not None:
        return row  # decided already: the same form twice, or somebody was earlier
    acting().keys[row.pk] = add_key(row.pk)
    row.assessed_by_id, row.assessed_at = by.pk, timezone.now()
    row.seen, row.outcome, row.reason = seen, outcome, reason
    row.save(update_fields=["assessed_by", "assessed_at", "seen", "outcome", "reason"])
    log.note("destroy", dossier=opened.dossier.pk, record=row.record_id)
    for record in row.records:
        transaction.on_commit(lambda record=record: destroy_key(record, by=str(by.pk)))
    return row
