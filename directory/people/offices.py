"""The door of the views: does the grid give this capacity the verb on this object of the practice?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from directory.access.context import Capacity
from directory.access.refusals import NotAllowed


class Desk(HttpRequest):
    """A request inside the middleware: somebody is logged in and works in one capacity."""

    user: Any  # an account: its model belongs to a higher layer
    capacity: Capacity


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; an empty POST is an answer too, where `request.POST or None` is not."""
    return request.POST if request.method == "POST" else None


def may(request: HttpRequest, office: str, *verbs: str) -> bool:
    """Say whether any of these verbs is open, as the database decides."""
    user: Any = request.user
    return any(user.has_perm(f"practice.{office}.{verb}") for verb in verbs)


def demand(request: HttpRequest, office: str, *verbs: str) -> None:
    """Refuse with "mag niet" when the grid gives none of these verbs, whether or not something is there."""
    if not may(request, office, *verbs):
        raise NotAllowed("no_cell")
