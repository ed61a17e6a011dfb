"""Take and leave a capacity: the session says which, the database holds the context."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from directory.access import context
from directory.reference.values import settings_of

CHOSEN = "capacity"
# The practice's own limits, read once when a capacity is taken: no page pays for them.
LIMITS = ("idle_minutes_medical", "idle_minutes_other", "session_hours", "fresh_factor_minutes")
MEDICAL_SIDES = ("medical", "signal")


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
        "limits": _limits(taken.practice_id, taken.side),
    }


def _limits(practice: UUID | str, side: str) -> dict[str, int]:
    chosen = settings_of(practice, LIMITS)
    idle = chosen["idle_minutes_medical" if side in MEDICAL_SIDES else "idle_minutes_other"]
    return {
        "idle": 60 * (idle or 0),
        "session": 3600 * (chosen["session_hours"] or 0),
        "fresh": 60 * (chosen["fresh_factor_minutes"] or 0),
    }


def limit(request: HttpRequest, name: str) -> int | None:
    """Return a limit of this session in seconds: `idle`, `session` or `fresh`; None before a capacity is taken."""
    chosen: dict[str, Any] | None = request.session.get(CHOSEN)
    if not chosen:
        return None
    # A session from before there were limits asks now; every other carries its own.
    limits = chosen.get("limits") or _limits(chosen["practice"], chosen["side"])
    return int(limits[name])


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
