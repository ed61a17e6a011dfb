"""What every view says of itself: which verb on which section, or that it runs bare. `routes --json` reads it back.

The mark decides nothing; the functions in the database do. It makes the URL tests total: a view without a mark fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

# Views of django-allauth carry no mark of ours; they are login pages and run as the bare login.
BARE_NAMES = ("account_", "mfa_")


@dataclass(frozen=True)
class Door:
    """The verb, section and side a view asks for; bare views ask for nothing and can read no record."""

    verb: str
    section: str
    side: str
    bare: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


BARE = Door(verb="", section="", side="", bare=True)


def bare(view: View) -> View:
    """Mark a view that needs no capacity: login, second factor, choosing a capacity."""
    view.door = BARE  # type: ignore[attr-defined]
    return view


def door(*, verb: str, section: str, side: str) -> Callable[[View], View]:
    """Mark a view with what it asks for."""

    def mark(view: View) -> View:
        view.door = Door(verb=str(verb), section=section, side=side)  # type: ignore[attr-defined]
        return view

    return mark


def door_of(view: Any, url_name: str | None) -> Door | None:
    found = getattr(view, "door", None) or getattr(getattr(view, "view_class", None), "door", None)
    if found is None and (url_name or "").startswith(BARE_NAMES):
        return BARE
    return found
