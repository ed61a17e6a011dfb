"""The rows of a record: made under a key of their own, found again, read part by part. No act is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.utils import timezone

from directory.access.context import acting
from directory.access.grid import Verb
from directory.access.keystore import add_key, fetch_keys
from directory.access.refusals import NotAllowed
from dossier.models.shell import Opened

from .answers import answered
from .base import Header, Part, State
from .kinds import Place

if TYPE_CHECKING:
    from directory.accounts.models import User


@dataclass(frozen=True)
class Entry:
    """What somebody hands over to be recorded. `series` names the record of which this is a version."""

    place: Place
    happened_at: datetime
    texts: Mapping[str, str]
    form_key: UUID = field(default_factory=uuid4)
    details: Mapping[str, Any] = field(default_factory=dict)
    series: UUID | None = None

    def filled(self) -> dict[str, str]:
        return {code: text for code, text in self.texts.items() if text}

    def tasks(self) -> frozenset[str]:
        return frozenset(part.task for part in self.place.kind.parts if part.code in self.filled())

    def details_of(self, record: Header) -> bool:
        """Say whether the coded columns of a record hold what is handed over."""
        details = self.place.kind.details
        return details is None or details.initial(record) == dict(self.details)


def insert(
    *,
    by: User,
    opened: Opened,
    entry: Entry,
    verb: Verb,
    sign: bool,
    version: int = 1,
    reason: str | None = None,
    about: Header | None = None,
) -> Header:
    """Insert a record under a key of its own: who, in which role, on which ground, on whose behalf.

    The key is committed in the key store first: an orphan key is harmless, an orphan text is not. Parts and coded
    columns go in before their header, so that a signature closes over what is there.
    """
    place, now = entry.place, acting().capacity
    ask = place.ask(verb)
    answer = opened.need(ask)
    if verb is not Verb.REMARK and place.kind.roles and answer.role not in place.kind.roles:
        raise NotAllowed("no_cell")
    key = uuid4()
    record = place.panel.header(
        id=key,
        practice_id=now.practice_id,
        dossier=opened.dossier,
        section=place.section,
        purpose=place.purpose,
        kind=place.kind.code,
        author_id=by.pk,
        engagement_id=now.engagement_id,
        role=answer.role,
        on_behalf_of_id=answer.responsible,
        ground_id=answer.ground,
        series=entry.series or key,
        version=version,
        about=about,
        happened_at=minute(entry.happened_at),
        reason=reason,
        form_key=entry.form_key,
    )
    if sign:
        close(record)
    acting().keys[key] = add_key(key)
    filled = entry.filled()
    parts = [
        new_part(place, record, part.code, filled[part.code])
        for part in place.kind.parts
        if part.code in filled
    ]
    with answered(opened, ask, record.happened_at, entry.tasks()):
        if parts:
            place.panel.part.objects.bulk_create(parts)
        if place.kind.details:
            place.kind.details.store(record, entry.details)
        record.save(force_insert=True)
    return record


def new_part(place: Place, record: Header, code: str, text: str) -> Part:
    """Build a part, with what its wall asks: it carries section, purpose, author and moment itself."""
    kind = place.kind.part(code)
    if kind is None:
        raise ValueError(f"{place.kind.code} has no part {code}")
    own = ("practice_id", "dossier_id", "section", "purpose", "author_id", "happened_at")
    return place.panel.part(
        record_id=record.pk,
        code=code,
        task=kind.task,
        content=text,
        **{name: getattr(record, name) for name in own},
    )


def close(record: Header) -> None:
    """Sign: from here on nothing of it changes."""
    record.state, record.signed_at = State.SIGNED, timezone.now()


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def visible(record: Header) -> Any:
    """Ask for records of the same table and dossier that the reader may see."""
    return type(record).objects.open_to(acting().capacity, "read").filter(dossier=record.dossier_id)


def versions(record: Header) -> list[Header]:
    """List the versions of a record that the reader may see, oldest first."""
    return list(visible(record).filter(series=record.series).order_by("version"))


def locked(by: User, record: Header) -> Header:
    """Lock a record to change it. Only its author gets it: for anybody else the policy leaves it out."""
    row = type(record).objects.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if row is None or row.author_id != by.pk:
        raise NotAllowed("not_author")
    return row


def hold_keys(records: Iterable[UUID]) -> None:
    """Fetch the keys this request does not hold yet, all at once."""
    ring = acting().keys
    ring.update(fetch_keys(pk for pk in dict.fromkeys(records) if pk not in ring))


def parts_of(place: Place, record: Header) -> dict[str, Part]:
    """Load the parts of one record with its key."""
    hold_keys([record.pk])
    rows = place.panel.part.objects.open_to(acting().capacity, "read").filter(record_id=record.pk)
    return {part.code: part for part in rows}


def texts_of(place: Place, record: Header) -> dict[str, str]:
    """Read what a record says, part by part."""
    return {code: part.content for code, part in parts_of(place, record).items() if part.content}
