"""Small ways to ask the database something and to hear a refusal without losing the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, connection, transaction

from dossier.models.shell import Answer

REFUSED = "42501"


def sqlstate(error: BaseException) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def outcome(act: Callable[[], Any]) -> Any:
    """Do something and undo it. Returns what it returned, or the state of the database's refusal."""
    mark = transaction.savepoint()
    try:
        return act()
    except DatabaseError as error:
        return sqlstate(error)
    finally:
        transaction.savepoint_rollback(mark)


def opened(dossier: uuid.UUID, asks: Iterable[str]) -> dict[str, Answer]:
    """Open a dossier by the function alone. Returns the answer to every ask; nothing is raised."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_open(%s, %s, %s)", [dossier, list(asks), "test"])
        answers = [Answer(*row) for row in cursor.fetchall()]
    return {answer.ask: answer for answer in answers}


def run(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Send one statement; returns its rows, or none for a statement without any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def ids(table: str, column: str = "id") -> Any:
    """Read every id the database shows of a table, or hear its refusal."""
    return outcome(lambda: {row[0] for row in run(f'SELECT {column} FROM "{table}"')})


def insert(table: str, values: dict[str, Any]) -> Any:
    """Try to add one row, and take it back. True when it was let in, else the state of the refusal."""
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    return outcome(lambda: run(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', *values.values()) == [])


def changed(sql: str, *values: Any) -> Any:
    """Try to change rows, and take it back. Returns how many, or the state of the refusal."""

    def act() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    return outcome(act)
