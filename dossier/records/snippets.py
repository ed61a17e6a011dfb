"""Standard texts: phrases somebody uses again, put into a form where he asks for them. They name no person.

Which forms they fit is a matter of kind and part; who may read or change one is the wall's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from directory.access.context import acting
from directory.access.refusals import NotFound
from directory.people.models import Role
from directory.people.writing import change, store
from dossier.models import StandardText

from .fields import as_uuid
from .kinds import Kind, PartKind, Place, kind_of, kinds

if TYPE_CHECKING:
    from directory.accounts.models import User

INSERT = "invoegen"
FIELD = "standaardtekst"
MOST = 100
SIDES = (
    "medical",
    "signal",
    "process",
    "desk",
)  # who writes text in a dossier; the employer side writes coded fields
EVERYWHERE = {"medical": "Medisch dossier, overal", "process": "Procesdossier, overal"}


@dataclass(frozen=True)
class Choice:
    """One standard text as a form offers it."""

    id: UUID
    title: str
    text: str
    part: str
    where: str


def uses_them() -> bool:
    """Say whether the bound capacity has standard texts at all."""
    return acting().capacity.side in SIDES


def visible() -> Any:
    return StandardText.objects.open_to(acting().capacity, "read").order_by("owner", "title", "id")


def choices(place: Place, parts: Iterable[PartKind]) -> list[Choice]:
    """List what fits a form with these parts. One statement."""
    if not uses_them():
        return []
    labels = {part.code: part.label for part in parts}
    rows = visible().filter(
        Q(kind="") | Q(kind=place.kind.code), Q(part="") | Q(part__in=labels), panel=place.kind.panel
    )
    return [
        Choice(row.pk, row.title, row.text, row.part, labels.get(row.part, "Overal")) for row in rows[:MOST]
    ]


def inserting(data: Mapping[str, str]) -> bool:
    return data.get("doe") == INSERT


def inserted(data: Mapping[str, str], place: Place, parts: Iterable[PartKind]) -> dict[str, str]:
    """Return what stood in a form, with the chosen text behind the part it belongs to. Nothing typed is lost."""
    parts = list(parts)
    typed = {name: value for name, value in data.items() if name not in ("doe", FIELD, "csrfmiddlewaretoken")}
    wanted = as_uuid(data.get(FIELD, ""))
    for choice in choices(place, parts):
        if choice.id == wanted and parts:
            part = choice.part or parts[0].code
            stands = typed.get(part, "").rstrip()
            typed[part] = f"{stands}\n{choice.text}" if stands else choice.text
    return typed


def wheres() -> list[tuple[str, str]]:
    """List where a standard text can stand: everywhere in a panel, in one kind, in one part of it."""
    panels = ("medical", "process") if acting().capacity.side == "medical" else ("process",)
    found: list[tuple[str, str]] = []
    for panel in panels:
        found.append((panel, EVERYWHERE[panel]))
        for kind in kinds(panel):
            found += _wheres(kind)
    return found


def _wheres(kind: Kind) -> list[tuple[str, str]]:
    if not kind.by_form or not kind.parts:
        return []
    parts = [(f"{kind.panel}.{kind.code}.{part.code}", f"{kind.label}: {part.label}") for part in kind.parts]
    return [(f"{kind.panel}.{kind.code}", f"{kind.label}, elk onderdeel"), *parts]


def where_of(row: StandardText) -> str:
    return ".".join(part for part in (row.panel, row.kind, row.part) if part)


def where_label(row: StandardText) -> str:
    kind = kind_of(row.kind)
    if kind is None:
        return EVERYWHERE.get(row.panel, "")
    part = kind.part(row.part)
    return f"{kind.label}: {part.label}" if part else kind.label


def may_share() -> bool:
    """Say whether the page offers texts for the whole practice. The database decides again."""
    return acting().capacity.role == Role.BEDRIJFSARTS


@transaction.atomic
def add(*, by: User, pk: UUID, title: str, text: str, where: str, ours: bool) -> StandardText:
    """Add one, for oneself or for the practice. The same form twice is one text."""
    if same := visible().filter(pk=pk).first():
        return same  # type: ignore[no-any-return]
    panel, kind, part = [*where.split("."), "", ""][:3]
    return store(
        StandardText(
            id=pk,
            practice_id=acting().capacity.practice_id,
            owner_id=None if ours else by.pk,
            panel=panel,
            kind=kind,
            part=part,
            title=title,
            text=text,
            changed_by_id=by.pk,
            changed_at=timezone.now(),
        )
    )


@transaction.atomic
def rewrite(*, by: User, pk: UUID, title: str, text: str, where: str) -> StandardText:
    """Change one that is one's own to change. Raises NotFound."""
    panel, kind, part = [*where.split("."), "", ""][:3]
    return change(
        changeable(pk),
        title=title,
        text=text,
        panel=panel,
        kind=kind,
        part=part,
        changed_by_id=by.pk,
        changed_at=timezone.now(),
    )


@transaction.atomic
def remove(*, by: User, pk: UUID) -> None:
    """Take one away. What was written with it stays as it was. Raises NotFound."""
    changeable(pk)
    StandardText.objects.filter(pk=pk).delete()


def changeable(pk: UUID) -> StandardText:
    """Load one the bound capacity may change. Raises NotFound, also for the practice's when one may only read it."""
    row = visible().filter(pk=pk).first()
    if row is None or not (row.owner_id == acting().capacity.user_id or may_share()):
        raise NotFound("no_grant")
    return row  # type: ignore[no-any-return]
