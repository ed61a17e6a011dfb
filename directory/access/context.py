"""Who acts: one transaction, one capacity, bound in the database.

The token is derived from the session key with SECRET_KEY and stored nowhere; the database holds its hash. It travels
as a server-bound parameter, so it never stands in a query text that pg_stat_activity shows.
"""

from __future__ import annotations

import contextlib
import contextvars
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from django.db import connection, connections, transaction
from django.utils.crypto import salted_hmac

from .keystore import KeyRing

if TYPE_CHECKING:
    from django.http import HttpRequest


class NoCapacity(RuntimeError):
    """Nobody is acting, or the capacity cannot be had."""


@dataclass(frozen=True)
class Capacity:
    """One engagement of one account in one practice. Its side decides the hat."""

    user_id: int
    engagement_id: UUID
    practice_id: UUID
    practice_name: str
    role: str
    side: str
    token: str = field(repr=False)

    @property
    def hat(self) -> str:
        return f"hat_{self.side}"


@dataclass
class Acting:
    """What one request carries: the capacity, its nonce, its keys, and how much it opened."""

    capacity: Capacity
    nonce: str
    origin: str
    depth: int
    keys: KeyRing = field(default_factory=KeyRing)
    opened: int = 0
    asked: tuple[UUID, tuple[str, ...]] | None = (
        None  # what was asked of which dossier last: a refusal is logged with it
    )


_current: contextvars.ContextVar[Acting | None] = contextvars.ContextVar("acting", default=None)


def acting() -> Acting:
    """Return who acts. Raises NoCapacity: a missing actor is loud, never an empty page."""
    now = _current.get()
    if now is None:
        raise NoCapacity("nobody is acting here")
    return now


def is_acting() -> bool:
    return _current.get() is not None


def token_for(session_key: str, engagement_id: UUID | str) -> str:
    return salted_hmac("tweeluik.capacity", f"{session_key}|{engagement_id}", algorithm="sha256").hexdigest()


def begin_cursor() -> Any:
    other = connections["begin"]
    other.close_if_health_check_failed()
    other.ensure_connection()
    return psycopg.Cursor(other.connection)  # bound on the server: nothing of the token in the query text


def engagements_of(user_id: int) -> list[dict[str, Any]]:
    """List the live capacities of a user; by the second login, since the bare login reads no guarded table."""
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT engagement, practice, practice_name, role, side FROM access_capacities(%s)", [user_id]
        )
        keys = ("id", "practice", "practice_name", "role", "side")
        return [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]


def _hash(token: str) -> bytes:
    import hashlib

    return hashlib.sha256(token.encode()).digest()


def begin(*, session_key: str, user_id: int, engagement_id: UUID | str, kind: str = "session") -> Capacity:
    """Make the context of a capacity. Raises NoCapacity when this engagement is not the user's or not live."""
    found = [row for row in engagements_of(user_id) if str(row["id"]) == str(engagement_id)]
    if not found:
        raise NoCapacity("no such capacity")
    row = found[0]
    token = token_for(session_key, row["id"])
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT access_begin(%s, %s, %s, %s, %s, %s)",
            [_hash(token), user_id, row["id"], kind, timedelta(hours=8), _hash(session_key).hex()],
        )
    return Capacity(
        user_id, row["id"], row["practice"], row["practice_name"], row["role"], row["side"], token
    )


def end(*, session_key: str, engagement_id: UUID | str) -> None:
    """End a context; harmless when it is not there."""
    with begin_cursor() as cursor:
        cursor.execute("SELECT access_finish(%s)", [_hash(token_for(session_key, engagement_id))])


def capacity_of(request: HttpRequest) -> Capacity | None:
    """Read the chosen capacity back from the session; the database decides whether it still lives."""
    chosen = request.session.get("capacity")
    if not chosen or not request.user.is_authenticated or not request.session.session_key:
        return None
    return Capacity(
        user_id=int(request.user.pk),
        engagement_id=UUID(chosen["engagement"]),
        practice_id=UUID(chosen["practice"]),
        practice_name=chosen["practice_name"],
        role=chosen["role"],
        side=chosen["side"],
        token=token_for(request.session.session_key, chosen["engagement"]),
    )


SET = (
    "SELECT set_config('app.session', %s, true), set_config('app.request', %s, true), "
    "set_config('app.reason', %s, true), set_config('app.origin', %s, true), set_config('role', %s, true)"
)


@contextlib.contextmanager
def bound(capacity: Capacity, *, reason: str = "", origin: str = "") -> Iterator[Acting]:
    """Run a block as this capacity: own transaction, own hat, own keys; all handed back at the end.

    Raises NoCapacity when a capacity is acting already (it never nests), and when the transaction failed inside and
    somebody swallowed it: COMMIT would then be a silent ROLLBACK, a page without its log row.
    """
    if _current.get() is not None:
        raise NoCapacity("a capacity never nests")
    with transaction.atomic(durable=True):
        nonce = secrets.token_hex(16)
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(SET, [capacity.token, nonce, reason, origin, capacity.hat])
        now = Acting(capacity, nonce, origin, len(connection.savepoint_ids))
        mark = _current.set(now)
        try:
            yield now
            if not connection.needs_rollback and _status() == "INERROR":
                raise NoCapacity("the transaction failed inside the block and somebody swallowed it")
        finally:
            _current.reset(mark)
            if not connection.needs_rollback and connection.connection and _status() == "INTRANS":
                with psycopg.Cursor(
                    connection.connection
                ) as cursor:  # matters when an outer (test) transaction goes on
                    cursor.execute(SET, ["", "", "", "", "none"])


def _status() -> str:
    return str(connection.connection.info.transaction_status.name)


@contextlib.contextmanager
def acting_as(user_id: int, engagement_id: UUID | str, *, reason: str) -> Iterator[Acting]:
    """Run a command or job as one capacity, under a context row of its own that ends with the block."""
    key = secrets.token_hex(16)
    capacity = begin(session_key=key, user_id=user_id, engagement_id=engagement_id, kind="job")
    try:
        with bound(capacity, reason=reason, origin="job") as now:
            yield now
    finally:
        end(session_key=key, engagement_id=engagement_id)
