"""Text is never lost: what a refused, overtaken or broken save held is kept, encrypted, until somebody decides.

It is written over the second connection, since the transaction of the save rolls back. The database takes it from
whoever was ever let in on the dossier, without asking the guards: they just failed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from delegation.dates import show_moment
from directory.access import log
from directory.access.context import acting
from directory.access.keystore import KeyGone, add_key, destroy_key
from directory.access.refusals import NotFound
from dossier.models import KeptText
from dossier.models.shell import Opened

from .fields import MomentField
from .kinds import Kind, Place, kind_of, label_of
from .rows import hold_keys

if TYPE_CHECKING:
    from directory.accounts.models import User

logger = logging.getLogger("tweeluik.records")
REMARK = "opmerking"
SHOWN = 20  # waiting texts per author; the next come when these are decided
SOME_MINUTE = MomentField(required=False)


@dataclass(frozen=True)
class Typed:
    """What somebody typed, and where it was meant to go. Read from the form before anything can fail."""

    dossier: UUID
    place: Place
    texts: Mapping[str, str] = field(default_factory=dict)
    happened_at: datetime | None = None
    record: UUID | None = None

    def labelled(self) -> list[tuple[str, str]]:
        """Pair the texts with their labels, in the order of the form."""
        return labelled(self.place.kind, self.texts)

    def __bool__(self) -> bool:
        return any(text.strip() for text in self.texts.values())


def typed(data: Mapping[str, str], *, dossier: UUID, place: Place, record: UUID | None = None) -> Typed:
    """Take the text out of a form, whatever else is wrong with it."""
    texts = {code: data[code] for code in labels_of(place.kind) if data.get(code)}
    try:
        happened_at = SOME_MINUTE.clean(data.get("happened_at", ""))
    except ValidationError:
        happened_at = None
    return Typed(dossier, place, texts, happened_at, record)


def labelled(kind: Kind | None, texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pair texts with the labels of their parts, in the order of the form."""
    labels = labels_of(kind)
    order = [*labels, *(code for code in texts if code not in labels)]
    return [(labels.get(code, "Tekst"), texts[code]) for code in order if texts.get(code)]


def labels_of(kind: Kind | None) -> dict[str, str]:
    """Name everything somebody can type in the form of a kind."""
    found: dict[str, str] = {}
    if kind and kind.details:
        found |= {name: str(field.label) for name, field in kind.details.fields().items()}
    if kind:
        found |= {part.code: part.label for part in kind.parts}
    return {**found, "reason": "Reden van de nieuwe versie"}


def keep(text: Typed, reason: str) -> UUID | None:
    """Keep what was typed; returns its id. None means it is not safe: the page gives the text back and says so."""
    if not text:
        return None
    now = acting()
    row = KeptText(id=uuid4(), dossier_id=text.dossier)
    try:
        now.keys[row.pk] = add_key(row.pk)
        sealed = KeptText._meta.get_field("content").seal(row, json.dumps(dict(text.texts)))
        with log.second_cursor() as cursor:
            cursor.execute(
                "SELECT access_keep(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    now.capacity.token,
                    row.pk,
                    text.dossier,
                    text.place.kind.panel,
                    text.place.section,
                    text.place.purpose,
                    text.place.kind.code,
                    text.record,
                    text.happened_at,
                    reason[:40],
                    sealed.blob,
                ],
            )
            found = cursor.fetchone()
    except Exception as error:  # whatever it is, the page with the text must still come
        logger.exception("a text could not be kept: %s", type(error).__name__)
        return None
    return row.pk if found and found[0] else None


@dataclass(frozen=True)
class KeptView:
    """A kept text on the dossier page."""

    id: UUID
    kind: str
    who: str
    when: str
    mine: bool
    fields: list[tuple[str, str]]
    may_take_over: bool
    may_remark: bool


def kept_texts(opened: Opened) -> list[KeptView]:
    """List what waits for a decision of the reader: his own, and what a delegate could not save.

    Two statements and one on the key store, or one statement when nothing waits.
    """
    rows = list(undecided(opened).order_by("-kept_at"))
    hold_keys(row.pk for row in rows)
    return views(opened, [row for row in rows if row.pk in acting().keys])


def views(opened: Opened, rows: list[KeptText]) -> list[KeptView]:
    """Write kept texts out for a page. One statement when there are any."""
    from .loading import names

    who = names(row.author_id for row in rows)
    me = acting().capacity.user_id
    return [
        KeptView(
            id=row.pk,
            kind=label_of(row.kind),
            who=who.get(row.author_id, ""),
            when=show_moment(row.kept_at),
            mine=row.author_id == me,
            fields=labelled(kind_of(row.kind), texts_of(row)),
            may_take_over=(place := place_for_taking(opened, row)) is not None and place.kind.by_form,
            may_remark=row.record_id is not None
            and (row.author_id != me or row.kind == REMARK)
            and opened.may(f"{row.section}.remark"),
        )
        for row in rows
    ]


def kept(opened: Opened, pk: UUID) -> KeptText:
    """Load one text that waits for the reader. Raises NotFound when there is none."""
    row = undecided(opened).filter(pk=pk).first()
    if row is None:
        raise NotFound("no_grant")
    hold_keys([row.pk])
    return cast(KeptText, row)


def decided_by(user: User, opened: Opened, pk: UUID) -> bool:
    """Say whether it was this reader who decided about a text already: he pressed the button twice."""
    rows = KeptText.objects.open_to(acting().capacity, "read")
    return rows.filter(dossier=opened.dossier.pk, pk=pk, decided_by=user.pk).exists()


def undecided(opened: Opened) -> Any:
    """Ask for what waits: some of everybody, so that nobody's many hide the one of another."""
    nth = Window(RowNumber(), partition_by="author", order_by="-kept_at")
    return (
        KeptText.objects.open_to(acting().capacity, "read")
        .filter(dossier=opened.dossier.pk, decided_at__isnull=True)
        .alias(nth=nth)
        .filter(nth__lte=SHOWN)
    )


def texts_of(row: KeptText) -> dict[str, str]:
    return cast(dict[str, str], json.loads(row.content))


def place_for_taking(opened: Opened, row: KeptText) -> Place | None:
    """Find where the reader may take a text over: his own kind again, or the physician's kind for a delegate's."""
    kind = kind_of(row.kind)
    if kind is None:
        return None
    if row.author_id == acting().capacity.user_id:
        place = Place(kind, row.section, row.purpose)
    else:
        taken = kind_of(kind.takes_over)
        if taken is None or row.purpose not in taken.sections:
            return None
        place = Place(taken, row.purpose, row.purpose)
    answer = opened.answers.get(place.ask(place.kind.verb))
    allowed = answer is not None and answer.allowed
    return place if allowed and (not place.kind.roles or answer.role in place.kind.roles) else None  # type: ignore[union-attr]


def taken_over(row: KeptText, place: Place, author: str) -> dict[str, str]:
    """Say the text in the parts of the kind that takes it over, each part marked with whose words they are."""
    texts = texts_of(row)
    texts.pop("reason", None)
    kind = kind_of(row.kind)
    if kind is None or place.kind == kind:
        return texts
    mark = f"[Overgenomen van {author}; op {show_moment(row.kept_at)} bewaard en niet vastgelegd]"
    into = dict(kind.takes_parts)
    last = place.kind.parts[0].code
    found: dict[str, list[str]] = {}
    for code, text in texts.items():
        found.setdefault(into.get(code, last), []).append(text)
    return {code: "\n".join([mark, *parts]) for code, parts in found.items()}


@transaction.atomic
def decide(*, by: User, row: KeptText, decision: str) -> None:
    """Close a kept text: taken over or destroyed. Its key goes as soon as the decision stands, the text with it."""
    row.decided_at, row.decided_by_id, row.decision = timezone.now(), by.pk, decision
    row.save(update_fields=["decided_at", "decided_by", "decision"])
    log.note(
        "take_over" if decision == "taken_over" else "destroy", dossier=row.dossier_id, record=row.record_id
    )
    transaction.on_commit(lambda: destroy_key(row.pk, by=str(by.pk)))


def settle(*, by: User, opened: Opened, pk: UUID | None, decision: str = "taken_over") -> None:
    """Close the kept text a form came from, when it is the reader's and still waits."""
    if pk is None:
        return
    try:
        decide(by=by, row=kept(opened, pk), decision=decision)
    except (NotFound, KeyGone):
        return
