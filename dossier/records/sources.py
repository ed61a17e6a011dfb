"""Where text of a form can come from besides typing: something of the writer's own that the record takes the place of.

The panel that holds it registers it; nothing here knows what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from dossier.models.shell import Opened

if TYPE_CHECKING:
    from directory.accounts.models import User


class Source(Protocol):
    """Something that can be taken over into a record, and then goes. `asks` is what must be open for it."""

    asks: tuple[str, ...]

    def text(self, opened: Opened, pk: UUID) -> str:
        """Read it; empty when it is not there, or not the reader's."""

    def used(self, *, by: User, opened: Opened, pk: UUID) -> None:
        """It stands in a record now: let it go."""


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add a source. `name` is the field of the form and the parameter of the address that names one of it."""
    _sources[name] = source


def sources() -> dict[str, Source]:
    return _sources
