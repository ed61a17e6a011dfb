"""What must be written although the request rolls back: refusals and errors, over a connection of their own."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection, connections

from .context import Acting

logger = logging.getLogger("tweeluik.access")


def note(
    kind: str,
    *,
    dossier: UUID | None = None,
    record: UUID | None = None,
    asks: Iterable[str] = (),
    detail: str = "",
) -> None:
    """Log an act (sign, share, switch ...) in the transaction of the act. No medical word in `detail`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_note(%s, %s, %s, %s, %s)", [kind, dossier, record, list(asks), detail])


def state() -> tuple[datetime | None, datetime | None]:
    """Say when the log was last sealed, and when a root of it was last sent outside; to who reviews it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed, anchored FROM access_log_state()")
        sealed, anchored = cursor.fetchone() or (None, None)
    return sealed, anchored


def refused(
    now: Acting, *, kind: str, code: str, dossier: UUID | None = None, asks: Iterable[str] = ()
) -> None:
    """Log a refusal or an error whose own transaction is rolled back."""
    try:
        with second_cursor() as cursor:
            cursor.execute(
                "SELECT access_refused(%s, %s, %s, %s, %s, %s, %s)",
                [now.capacity.token, now.nonce, now.origin, kind, code, dossier, list(asks)],
            )
    except (DatabaseError, psycopg.Error):  # the cursor is psycopg's own, and so are its errors
        logger.exception("a refusal could not be logged")


def second_cursor() -> psycopg.Cursor[tuple[object, ...]]:
    """Open a server-binding cursor on the second connection: what it sends survives the rollback of the first."""
    other = connections["second"]
    other.close_if_health_check_failed()  # a cursor of Django's own asks it; after a restart the old one is dead
    other.ensure_connection()
    return psycopg.Cursor(other.connection)
