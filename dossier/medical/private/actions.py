"""Acts on a werkaantekening: write, change, destroy. They leave no row in the log: it is no part of the dossier.

That the dossier was opened stands in the log; that somebody noted something for himself is his own (KNMG).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone

from directory.access.context import acting
from directory.access.keystore import add_key, destroy_key
from directory.access.refusals import NotFound
from dossier.medical.models import MOST_DAYS, Werkaantekening
from dossier.models.shell import Opened
from dossier.records.beside import Beside, columns
from dossier.records.rows import hold_keys

if TYPE_CHECKING:
    from directory.accounts.models import User

READ, WRITE, DESTROY = (f"werkaantekening.{verb}" for verb in ("read", "write", "destroy"))
NAME = "van"  # the field of a form and the parameter of an address that name one
ASKS = (READ, WRITE, DESTROY)
PRIVATE = "private"
TOO_LATE = {"destroy_before": f"Kies een dag van morgen tot uiterlijk {MOST_DAYS} dagen na het schrijven."}


def usual_day() -> date:
    """Return the day that a new one proposes."""
    return timezone.localdate() + timedelta(days=settings.WERKAANTEKENING_DAYS)


def beside(opened: Opened) -> models.QuerySet[Any] | None:
    """Add them to what stands beside the records of a dossier, for who may have them there."""
    if not opened.may(READ):
        return None
    rows = Werkaantekening.objects.open_to(acting().capacity, "read").filter(dossier=opened.dossier.pk)
    return columns(rows, PRIVATE, key="id", whose="author_id", at="written_at", until="destroy_before")


def of_page(opened: Opened, rows: list[Beside]) -> list[Werkaantekening]:
    """Take them out of what was loaded beside a dossier."""
    names = {"whose": "author_id", "at": "written_at"}
    found = [
        (row, row.made_into(Werkaantekening, opened.dossier.pk, **names))
        for row in rows
        if row.what == PRIVATE
    ]
    for row, note in found:
        note.destroy_before = timezone.localdate(row.until)
    return [note for _, note in found if note.content]


def mine(opened: Opened) -> list[Werkaantekening]:
    """List one's own that still live, newest first, with their keys."""
    rows = list(
        Werkaantekening.objects.open_to(acting().capacity, "read")
        .filter(dossier=opened.dossier.pk)
        .order_by("-written_at")
    )
    hold_keys(row.pk for row in rows)
    return [row for row in rows if row.pk in acting().keys and row.content]


def one(opened: Opened, pk: UUID) -> Werkaantekening:
    """Load one of one's own. Raises NotFound: another's is not there, and what lapsed is gone."""
    for row in mine(opened):
        if row.pk == pk:
            return row
    raise NotFound("no_grant")


@transaction.atomic
def write(*, by: User, opened: Opened, text: str, destroy_before: date, form_key: UUID) -> Werkaantekening:
    """Write one. The same form twice is one note. Raises ValidationError for a day that is too late."""
    opened.need(WRITE)
    same = Werkaantekening.objects.open_to(acting().capacity, "read").filter(form_key=form_key).first()
    if same is not None:
        return same
    row = Werkaantekening(
        id=uuid4(),
        practice_id=acting().capacity.practice_id,
        dossier=opened.dossier,
        author_id=by.pk,
        content=text,
        destroy_before=destroy_before,
        form_key=form_key,
    )
    acting().keys[row.pk] = add_key(row.pk)
    _stored(row, force_insert=True)
    return row


@transaction.atomic
def change(*, by: User, opened: Opened, pk: UUID, text: str, destroy_before: date) -> Werkaantekening:
    """Write over it: there is no earlier version."""
    opened.need(WRITE)
    row = one(opened, pk)
    row.content, row.destroy_before = text, destroy_before
    _stored(row, update_fields=["content", "destroy_before"])
    return row


@transaction.atomic
def destroy(*, by: User, opened: Opened, pk: UUID) -> None:
    """Let it go: at once, key and row, for who may destroy; else its text now, and the rest when tomorrow comes."""
    row = one(opened, pk)
    if opened.may(DESTROY):
        Werkaantekening.objects.filter(pk=row.pk).delete()
        transaction.on_commit(lambda: destroy_key(row.pk, by=str(by.pk)))
        return
    row.content, row.destroy_before = "", timezone.localdate() + timedelta(days=1)
    row.save(update_fields=["content", "destroy_before"])


def _stored(row: Werkaantekening, **how: object) -> None:
    """Store it; the database says which day is too late, and a day that has come is nobody's any more."""
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        if "gone_in_time" not in str(error):
            raise
        raise ValidationError(TOO_LATE) from error
    except DatabaseError as error:
        if row.destroy_before > timezone.localdate():
            raise
        raise ValidationError(TOO_LATE) from error


class TakenOver:
    """A werkaantekening as a source of a note: its text goes into the form, and it goes when the note is saved."""

    asks = ASKS

    def text(self, opened: Opened, pk: UUID) -> str:
        try:
            return one(opened, pk).content
        except NotFound:
            return ""

    def used(self, *, by: User, opened: Opened, pk: UUID) -> None:
        try:
            destroy(by=by, opened=opened, pk=pk)
        except NotFound:
            return
