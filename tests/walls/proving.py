"""What the tests of the proof share: a key, the sealed log inside one transaction, and what a verifier says of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.utils import timezone
from psycopg import sql

from directory.access.proof import sealing, verifying
from directory.access.proof.sealing import SigningKey
from directory.access.proof.statement import Root

KEY = SigningKey(bytes(range(32)))
Cursor = psycopg.Cursor[Any]


def sealed_ids(cursor: Cursor, ids: Iterable[int]) -> dict[int, int]:
    """Say in which checkpoint each of these rows stands, as far as it does."""
    found = cursor.execute(
        "SELECT row_id, checkpoint_id FROM access_sealed WHERE row_id = ANY (%s)", [list(ids)]
    )
    return dict(found.fetchall())


def settled(superuser: psycopg.Connection[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Wait until these rows can be sealed: another worker's open transaction, in its own database, holds them up."""
    last, end = max(int(row["xid"]) for row in rows), time.monotonic() + 60
    while superuser.execute(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [last]
    ).fetchone() != (True,):
        assert time.monotonic() < end, "never finished"
        time.sleep(0.05)


@contextmanager
def undone(superuser: psycopg.Connection[Any]) -> Iterator[Cursor]:
    """Stand above every wall in a transaction that leaves nothing."""
    with superuser.transaction(force_rollback=True), superuser.cursor() as cursor:
        yield cursor


@contextmanager
def past_the_triggers(cursor: Cursor) -> Iterator[None]:
    """Do what only somebody can who is master of the server."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")


def roots(cursor: Cursor, key: SigningKey = KEY) -> list[Root]:
    """Take every checkpoint there is as it would stand outside."""
    cursor.execute("SELECT * FROM access_checkpoints(0, 100000)")
    return [Root(*sealing.statement_of(row), key.public) for row in cursor.fetchall()]


def verdict(
    cursor: Cursor, outside: Iterable[Root] = (), *keys: SigningKey, now: Any = None
) -> verifying.Verdict:
    trusted = {key.id: key.public for key in keys or (KEY,)}
    return verifying.verify(cursor, trusted, outside, now or timezone.now())


def edit(above: psycopg.Connection[Any], row: dict[str, Any], column: str, value: Any) -> None:
    """Change one column past the triggers, as only a superuser can."""
    above.execute("SET LOCAL session_replication_role = replica")
    if column == "id":  # a number that is always generated cannot be updated, only taken out and put back
        names = sql.SQL(", ").join(sql.Identifier(name) for name in row)
        values = [value if name == "id" else row[name] for name in row]
        above.execute("DELETE FROM access_log WHERE id = %s AND at = %s", [row["id"], row["at"]])
        marks = sql.SQL(", ").join(sql.Placeholder() * len(row))
        above.execute(
            sql.SQL("INSERT INTO access_log ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(names, marks),
            values,
        )
        return
    change = sql.SQL("UPDATE access_log SET {} = %s WHERE id = %s").format(sql.Identifier(column))
    assert above.execute(change, [value, row["id"]]).rowcount == 1


@contextmanager
def altered(above: psycopg.Connection[Any], *rows: dict[str, Any]) -> Iterator[None]:
    """Change where rows came from, for everybody to see, and put it back."""
    try:
        for row in rows:
            with above.transaction():
                edit(above, row, "origin", "6.6.6.6")
        yield
    finally:
        for row in rows:
            with above.transaction():
                edit(above, row, "origin", row["origin"])
