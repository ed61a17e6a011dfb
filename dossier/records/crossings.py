"""The facts that cross the hinge of themselves when a physician signs: date and kind, nothing else.

The medical side names the fact, the process side registers how it is recorded; neither knows the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from dossier.models.shell import Opened

if TYPE_CHECKING:
    from directory.accounts.models import User


class Crossing(Protocol):
    """How one side records a fact of the other. `source` names it without telling which record it was."""

    asks: tuple[str, ...]

    def make(self, *, fact: str, by: User, opened: Opened, source: UUID, happened_at: datetime) -> None:
        """Record the fact, or correct its day. Twice the same is once."""

    def move(
        self, *, fact: str, by: User, opened: Opened, source: UUID, to: Opened, new_source: UUID
    ) -> None:
        """Take the fact along to the right dossier; a stub stays."""


_crossings: dict[str, Crossing] = {}


def register(fact: str, crossing: Crossing) -> None:
    _crossings[fact] = crossing


def asks(fact: str) -> tuple[str, ...]:
    """Name what must be open for the fact to cross."""
    return _crossings[fact].asks if fact else ()


def make(fact: str, *, by: User, opened: Opened, source: UUID, happened_at: datetime) -> None:
    _crossings[fact].make(fact=fact, by=by, opened=opened, source=source, happened_at=happened_at)


def move(fact: str, *, by: User, opened: Opened, source: UUID, to: Opened, new_source: UUID) -> None:
    _crossings[fact].move(fact=fact, by=by, opened=opened, source=source, to=to, new_source=new_source)
