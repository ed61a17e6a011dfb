"""Take and leave a capacity: the session says which, the database holds the context."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.http import HttpRequest

from directory.access import context

CHOSEN = "capacity"


def take(request: HttpRequest, engagement_id: str) -> None:
    """Begin working in this capacity; raises NoCapacity when the engagement is not live."""
    leave(request)
    # First the final key: the token of the context is derived from it.
    request.session.cycle_key()
    taken = context.begin(
        session_key=request.session.session_key, user_id=request.user.pk, engagement_id=engagement_id
    )
    request.session[CHOSEN] = {
        "engagement": str(taken.engagement_id),
        "practice": str(taken.practice_id),
        "practice_name": taken.practice_name,
        "role": taken.role,
        "side": taken.side,
    }


def leave(request: HttpRequest) -> None:
    """End the context of this session, if it has one."""
    chosen: dict[str, Any] | None = request.session.pop(CHOSEN, None)
    if chosen and request.session.session_key:
        context.end(session_key=request.session.session_key, engagement_id=chosen["engagement"])


@contextmanager
def kept(request: HttpRequest) -> Iterator[None]:
    """Carry the capacity over a change of the session key, on which its token rests."""
    chosen = request.session.get(CHOSEN)
    leave(request)
    yield
    if chosen:
        with suppress(context.NoCapacity):
            take(request, chosen["engagement"])
