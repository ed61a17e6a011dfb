"""Acts of the agenda: publish and withdraw a block, book, move and close an appointment.

Who may, the database decides. What it refuses comes back as a message beside its field; nothing that was typed is lost.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from directory.access import log
from directory.access.context import acting
from directory.access.middleware import hint, sqlstate
from directory.people.models import Engagement
from directory.people.writing import change, store
from dossier.models.shell import Opened

from . import models, moments, roster
from .kinds import BLOCK, KINDS
from .models import Entry, Room, State

if TYPE_CHECKING:
    from directory.accounts.models import User

ASK = "agenda.write"
WEEKS = 26
# Constraint or code of the database → field and message. One message for every reason why a time is not free.
MESSAGES = {
    "entry_calendar_once": ("time", models.TAKEN),
    "entry_in_block_once": ("time", models.TAKEN),
    "entry_room_once": ("room", models.ROOM_TAKEN),
    "entry_employee_once": ("time", models.EMPLOYEE_TAKEN),
    "entry_employee_in_block_once": ("time", models.EMPLOYEE_TAKEN),
    "employee_busy": ("time", models.EMPLOYEE_TAKEN),
    "not_on_dossier": (
        "engagement",
        "Deze collega werkt, voor zover u kunt zien, niet aan dit dossier. Kies een andere agenda.",
    ),
    "no_process_side": (
        "kind",
        "Dit dossier kent alleen vrijwillig contact. Kies een vrijwillige soort, of open eerst het procesdossier.",
    ),
    "outside_block": (
        "time",
        "Dit consult kan alleen binnen een blok dat vooraf is gepubliceerd. Kies een tijdstip in een blok.",
    ),
    "room_of_block": ("room", "In een blok is de ruimte die van het blok. Laat de ruimte leeg."),
    "not_yet_begun": ("outcome", "Deze afspraak is nog niet begonnen. Afzeggen kan wel."),
    "block_in_use": (None, "In dit blok staan nog afspraken. Verzet die eerst of zeg ze af."),
    "entry_is_final": (None, "Deze afspraak is al afgerond. Maak zo nodig een nieuwe."),
}
NOT_YOURS = "Dit kunt u in deze agenda niet plannen. Wie hem bijhoudt, kan dat wel."


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """Write in a savepoint, and turn what the database refuses into a message beside its field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = str(getattr(diagnosis, "constraint_name", "") or "")
        code = str(getattr(diagnosis, "message_primary", "") or "")
        field, message = MESSAGES.get(name) or MESSAGES.get(code) or (None, "")
        if not message:
            raise
        raise ValidationError({field or "__all__": [message]}) from error
    except DatabaseError as error:
        if sqlstate(error) != "42501" or hint(error):
            raise
        raise ValidationError(NOT_YOURS) from error


@contextlib.contextmanager
def beside_fields() -> Iterator[None]:
    """Put the constraints of the model, which know columns, beside the fields of the form."""
    try:
        with answered():
            yield
    except ValidationError as error:
        found = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
        texts = {text: field for field, text in MESSAGES.values()}
        beside: dict[str, list[str]] = {}
        for name, problems in found.items():
            for problem in problems:
                for message in problem.messages:
                    beside.setdefault(texts.get(message) or name, []).append(message)
        raise ValidationError(beside) from None


@transaction.atomic
def publish(
    *,
    by: User,
    engagement: Engagement,
    starts_at: datetime,
    minutes: int,
    room: Room | None = None,
    weeks: int = 1,
    key: UUID | None = None,
) -> list[Entry]:
    """Publish time that nobody can book: one block, or the same hours for some weeks. All of them or none.

    The same key twice is one act. Raises ValidationError with the day that is not free.
    """
    key = key or uuid4()
    if made := list(Entry.objects.filter(pk__in=[uuid5(key, str(n)) for n in range(weeks)])):
        return made
    now = timezone.now()
    if starts_at < now:
        raise ValidationError({"day": "Een blok publiceert u vooraf. Kies een tijdstip dat nog komt."})
    local = timezone.localtime(starts_at)
    blocks = []
    for n in range(weeks):
        begin = moments.moment(local.date() + timedelta(weeks=n), local.time())
        moments.plannable(begin, now)
        row = Entry(
            id=uuid5(key, str(n)),
            practice_id=engagement.practice_id,
            engagement_id=engagement.pk,
            professional_id=engagement.user_id,
            room_id=room and room.pk,
            kind=BLOCK,
            side="process",
            starts_at=begin,
            ends_at=moments.lasting(begin, minutes),
            booked_by_id=by.pk,
        )
        try:
            with beside_fields():
                blocks.append(store(row))
        except ValidationError as error:
            if weeks == 1 or not hasattr(error, "error_dict"):
                raise
            day = f"{timezone.localtime(begin):%d-%m-%Y}"
            raise ValidationError(
                {name: [f"{day}: {text}" for text in error.message_dict[name]] for name in error.error_dict}
            ) from error
    return blocks


@transaction.atomic
def withdraw(*, by: User, block: Entry) -> Entry:
    """Give the time of a block back. One that holds appointments stays."""
    if block.state == State.CANCELLED:
        return block
    with beside_fields():
        return change(block, state=State.CANCELLED)


@transaction.atomic
def book(
    *,
    by: User,
    opened: Opened,
    kind: str,
    engagement: Engagement,
    starts_at: datetime,
    minutes: int | None = None,
    room: Room | None = None,
    key: UUID | None = None,
) -> Entry:
    """Book an appointment on an opened dossier; a voluntary kind lands in the block that holds the time.

    The same key twice is one appointment. Raises ValidationError when the time is not free, also when somebody else
    took it a moment ago.
    """
    opened.need(ASK)
    if key and (made := _of(opened, key)):
        return made
    what = KINDS[kind]
    moments.plannable(starts_at, timezone.now())
    ends_at = moments.lasting(starts_at, minutes or what.minutes)
    block = roster.block_around(engagement.pk, starts_at, ends_at) if what.hidden else None
    if what.hidden and block is None:
        raise ValidationError({"time": MESSAGES["outside_block"][1]})
    row = Entry(
        id=key or uuid4(),
        practice_id=opened.dossier.practice_id,
        engagement_id=engagement.pk,
        professional_id=engagement.user_id,
        dossier_id=opened.dossier.pk,
        block_id=block,
        room_id=room and room.pk,
        kind=kind,
        section=what.section,
        side=what.side,
        starts_at=starts_at,
        ends_at=ends_at,
        booked_by_id=by.pk,
    )
    with beside_fields():
        store(row)
    log.note("plan", dossier=opened.dossier.pk, record=row.pk, asks=[ASK])
    return row


@transaction.atomic
def move(
    *,
    by: User,
    opened: Opened,
    entry: Entry,
    starts_at: datetime,
    minutes: int,
    room: Room | None,
) -> Entry:
    """Move an appointment to another time or room; it stays with the same professional."""
    opened.need(ASK)
    if entry.state != State.PLANNED:
        raise ValidationError("Deze afspraak is al afgerond. Maak zo nodig een nieuwe.")
    moments.plannable(starts_at, timezone.now())
    ends_at = moments.lasting(starts_at, minutes)
    block = roster.block_around(entry.engagement_id, starts_at, ends_at) if entry.hidden else None
    if entry.hidden and block is None:
        raise ValidationError({"time": MESSAGES["outside_block"][1]})
    if (entry.starts_at, entry.ends_at, entry.room_id) == (starts_at, ends_at, room and room.pk):
        return entry
    with beside_fields():
        change(entry, starts_at=starts_at, ends_at=ends_at, room_id=room and room.pk, block_id=block)
    log.note("plan", dossier=opened.dossier.pk, record=entry.pk, asks=[ASK])
    return entry


@transaction.atomic
def close(*, by: User, opened: Opened, entry: Entry, outcome: str, reason: str = "") -> Entry:
    """Record that it was held, that nobody came, or who called it off. Why is never asked."""
    opened.need(ASK)
    reason = reason if outcome == State.CANCELLED else ""
    if (entry.state, entry.reason) == (outcome, reason):
        return entry
    if entry.state == State.CANCELLED:
        raise ValidationError("Deze afspraak is al afgezegd. Maak zo nodig een nieuwe.")
    with beside_fields():
        change(entry, state=outcome, reason=reason)
    log.note("plan", dossier=opened.dossier.pk, record=entry.pk, asks=[ASK])
    return entry


def _of(opened: Opened, key: UUID) -> Entry | None:
    rows = Entry.objects.open_to(acting().capacity, "read")
    found: Entry | None = rows.filter(pk=key, dossier=opened.dossier.pk).first()
    return found
