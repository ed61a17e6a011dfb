"""A draft is the unsent form: kept while somebody types, for him alone, until it is sent, thrown away or lapsed.

It is not a concept: a concept is a record, stands in history and is read by whoever reads its section. What could not
be saved is kept elsewhere (keeping.py), since there somebody else may have to decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from delegation.dates import show_day, show_moment
from directory.access.context import acting
from directory.access.keystore import add_key, destroy_key
from directory.access.refusals import NotFound
from dossier.models import Draft
from dossier.models.shell import Opened

from .fields import as_uuid
from .keeping import labels_of
from .kinds import Place, kind_of
from .places import code_of, new_url
from .rows import hold_keys
from .sources import sources

if TYPE_CHECKING:
    from directory.accounts.models import User

ASK = "klad"  # the GET parameter that names a draft to go on with
LONGEST = 400_000  # characters of a whole form; no part takes more than LONGEST of kinds.py


@dataclass(frozen=True)
class DraftView:
    """A draft as a heading: where it goes on, never what it says."""

    id: UUID
    form_key: str
    kind: str
    when: str
    until: str
    go_on: str
    throw_away: str


def writes_here(dossier: UUID, place: Place) -> bool:
    """Ask whether the bound capacity may write here now. Opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier_writes_here(%s, %s, %s)", [dossier, place.section, place.purpose])
        return bool(cursor.fetchone()[0])


def content_of(data: Mapping[str, str], place: Place) -> dict[str, str]:
    """Take what somebody typed out of a form, as he typed it, and what he had before him."""
    names = [*labels_of(place.kind), "happened_at", "revision", *sources()]
    found = {name: data[name] for name in names if data.get(name)}
    return found if sum(map(len, found.values())) <= LONGEST else {}


@transaction.atomic
def save(*, by: User, dossier: UUID, place: Place, record: UUID | None, data: Mapping[str, str]) -> bool:
    """Store what stands in a form that is being typed. Returns whether anything of it changed.

    Raises NotFound where one may not write now, and for a form that was sent already.
    """
    acting().asked = (dossier, (place.ask("write"),))
    form, content = as_uuid(data.get("form_key", "")), content_of(data, place)
    if not writes_here(dossier, place):
        raise NotFound("no_grant")
    if form is None or not any(content.get(name, "").strip() for name in labels_of(place.kind)):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, content FROM dossier_draft_begin(%s, %s, %s, %s, %s, %s)",
            [form, dossier, place.section, place.purpose, place.kind.code, record],
        )
        found = cursor.fetchone()
        if found is None:
            raise NotFound("no_grant")
        row = Draft(id=found[0], dossier_id=dossier)
        field = Draft._meta.get_field("content")
        if found[1] is None:
            acting().keys[row.pk] = add_key(row.pk)
        else:
            hold_keys([row.pk])
            row.content = field.from_db_value(found[1], None, connection)
            if json.loads(row.content) == content:
                return False
        sealed = field.seal(row, json.dumps(content))
        cursor.execute("SELECT dossier_draft_put(%s, %s, %s)", [row.pk, sealed.blob, settings.DRAFT_DAYS])
        return bool(cursor.fetchone()[0])


def waiting(opened: Opened, place: Place | None = None, record: UUID | None = None) -> list[DraftView]:
    """List one's own drafts in an opened dossier, newest first; those of one form when a place is given."""
    rows = mine(opened)
    if place is not None:
        rows = rows.filter(
            section=place.section, purpose=place.purpose, kind=place.kind.code, record_id=record
        )
    return [found for row in rows.defer("content").order_by("-saved_at") if (found := view(row))]


def chosen(opened: Opened, place: Place, text: str, record: UUID | None = None) -> dict[str, Any]:
    """Read the draft that an address names back into a form. Empty when it is not there, or not of this form."""
    pk = as_uuid(text)
    if pk is None:
        return {}
    row = (
        mine(opened)
        .filter(pk=pk, section=place.section, purpose=place.purpose, kind=place.kind.code, record_id=record)
        .first()
    )
    if row is None:
        return {}
    hold_keys([row.pk])
    if row.pk not in acting().keys:
        return {}
    return {**cast(dict[str, str], json.loads(row.content)), "form_key": row.form_key}


def settle(*, by: User, opened: Opened, form_key: UUID) -> None:
    """Destroy the draft of a form that was sent, and its key."""
    _destroy(by, mine(opened).filter(form_key=form_key))


@transaction.atomic
def throw_away(*, by: User, opened: Opened, pk: UUID) -> None:
    """Destroy a draft and its key. Raises NotFound when it is not there: it may be another's, or gone already."""
    if not _destroy(by, mine(opened).filter(pk=pk)):
        raise NotFound("no_grant")


def _destroy(by: User, rows: Any) -> bool:
    found = list(rows.values_list("pk", flat=True))
    for pk in found:
        Draft.objects.filter(pk=pk).delete()
        transaction.on_commit(lambda pk=pk: destroy_key(pk, by=str(by.pk)))
    return bool(found)


def mine(opened: Opened) -> Any:
    """Ask for one's own drafts in an opened dossier."""
    return Draft.objects.open_to(acting().capacity, "read").filter(
        dossier=opened.dossier.pk, content__isnull=False
    )


def view(row: Draft) -> DraftView | None:
    """Write one as a heading. None when its kind is no longer known here."""
    kind = kind_of(row.kind)
    if kind is None:
        return None
    return DraftView(
        id=row.pk,
        form_key=str(row.form_key),
        kind=kind.label,
        when=show_moment(row.saved_at),
        until=show_day(row.expires_at.date()),
        go_on=go_on_url(row.dossier_id, Place(kind, row.section, row.purpose), row.pk, row.record_id),
        throw_away=reverse("draft_discard", args=[row.dossier_id, row.pk]),
    )


def go_on_url(dossier: UUID, place: Place, draft: UUID, record: UUID | None) -> str:
    """Lead to the form a draft was typed in."""
    if record is None:
        return f"{new_url(dossier, place)}?{ASK}={draft}"
    return reverse("record_edit", args=[dossier, code_of(dossier, place), record], query={ASK: str(draft)})


def save_url(dossier: UUID, place: Place, record: UUID | None = None) -> str:
    """Return where a form sends itself while it is typed in."""
    code = code_of(dossier, place)
    if record is None:
        return reverse("draft_new", args=[dossier, code])
    return reverse("draft_of", args=[dossier, code, record])
