"""What stands beside the records of a dossier for its reader: kept text, drafts, and what a panel adds. One statement.

A dossier page is opened thirty times a day and has twelve statements to spend (DESIGN §7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast

from directory.access.context import acting
from dossier.models import Draft
from dossier.models.shell import Opened

from . import drafts, keeping
from .rows import hold_keys

KEPT, DRAFT = "kept", "draft"
SHARED: dict[str, models.Field[Any, Any]] = {
    "key": models.UUIDField(),
    "whose": models.BigIntegerField(),
    "part": models.TextField(),
    "aim": models.TextField(),
    "sort": models.TextField(),
    "target": models.UUIDField(),
    "form": models.UUIDField(),
    "at": models.DateTimeField(),
    "until": models.DateTimeField(),
}
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Beside:
    """One of them, still sealed."""

    what: str
    key: UUID
    whose: int
    part: str
    aim: str
    sort: str
    target: UUID | None
    form: UUID | None
    at: datetime
    until: datetime | None
    content: Any

    def made_into(self, model: type[Row], dossier: UUID, **names: str) -> Row:
        """Make the row of its own table again, with the columns named."""
        values = {column: getattr(self, name) for name, column in names.items()}
        return model(id=self.key, dossier_id=dossier, content=self.content, **values)


def columns(rows: models.QuerySet[Any], what: str, **names: str) -> models.QuerySet[Any]:
    """Give rows the columns all of them share; `names` says which of the table's these are."""
    found: dict[str, Any] = {"what": Cast(Value(what), models.TextField())}
    for name, field in SHARED.items():
        value = F(names[name]) if name in names else Value(None, output_field=field)
        found[name] = Cast(value, field)
    return rows.annotate(**found).order_by().values_list("what", *SHARED, "content")


Part = Callable[[Opened], "models.QuerySet[Any] | None"]
_parts: list[Part] = []


def register(part: Part) -> None:
    """Add what a panel has beside its records. It gives None when the reader's hat has no such table."""
    _parts.append(part)


NAMES = {"whose": "author_id", "part": "section", "aim": "purpose", "sort": "kind", "target": "record_id"}
OF_KEPT = {**NAMES, "at": "kept_at"}
OF_DRAFT = {**NAMES, "form": "form_key", "at": "saved_at", "until": "expires_at"}


def load(opened: Opened) -> list[Beside]:
    """Load all of it, newest first. One statement, and one on the key store for what is shown in full."""
    asked = [
        columns(keeping.undecided(opened), KEPT, key="id", **OF_KEPT),
        columns(drafts.mine(opened), DRAFT, key="id", **OF_DRAFT),
    ]
    asked += [rows for part in _parts if (rows := part(opened)) is not None]
    found = [Beside(*row) for row in asked[0].union(*asked[1:], all=True)]
    hold_keys(row.key for row in found if row.what != DRAFT)  # a heading needs no key
    found.sort(key=lambda row: row.at, reverse=True)
    return [row for row in found if row.what == DRAFT or row.key in acting().keys]


def kept_views(opened: Opened, rows: list[Beside]) -> list[keeping.KeptView]:
    """Say what waits for a decision of the reader."""
    dossier = opened.dossier.pk
    kept = [row.made_into(keeping.KeptText, dossier, **OF_KEPT) for row in rows if row.what == KEPT]
    return keeping.views(opened, kept)


def draft_views(opened: Opened, rows: list[Beside]) -> list[drafts.DraftView]:
    """Say what the reader began to type and did not send."""
    dossier = opened.dossier.pk
    found = [row.made_into(Draft, dossier, **OF_DRAFT) for row in rows if row.what == DRAFT]
    return [view for row in found if (view := drafts.view(row))]
