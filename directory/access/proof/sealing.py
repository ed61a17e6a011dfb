"""Seal the rows of finished transactions: one checkpoint, signed and chained to the former."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from directory.access.context import begin_cursor

from . import tree
from .statement import BEFORE_THE_FIRST, Root, Statement, key_id

MOST = 10_000  # rows in one checkpoint; a log that was never sealed takes several
SILENCE = timedelta(hours=1)  # an hour in which nothing was written is sealed too: that also can be denied
COLUMNS = (
    *("number", "at", "rows", "first_id", "last_id", "first_at", "last_at"),
    *("xid", "mark", "root", "previous", "key", "signature"),
)


class NoKey(Exception):
    """There is no key to sign with. The text says, in Dutch, how one is made."""


class SigningKey:
    """The private key of this log: 32 bytes as hex in a file of the keys folder that only its user reads."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    @classmethod
    def load(cls, file: Path | None = None) -> SigningKey:
        """Read the key. Raises NoKey; never makes one, for a new key under an old log is what a forger has."""
        file = file or settings.LOG_KEY_FILE
        if not file.exists():
            raise NoKey(f"De sleutel {file} ontbreekt. Eenmalig: (umask 077; openssl rand -hex 32 > {file})")
        try:
            return cls(bytes.fromhex(file.read_text().strip()))
        except (ValueError, UnicodeDecodeError):
            raise NoKey(f"In {file} staat geen sleutel: daar horen 64 tekens 0-9 en a-f.") from None

    def sign(self, statement: Statement) -> bytes:
        return self._private.sign(statement.signed())


def statement_of(row: tuple[Any, ...]) -> tuple[Statement, bytes]:
    """Read a row of the checkpoints: what it says, and its signature."""
    given = dict(zip(COLUMNS, row, strict=True))
    signature = bytes(given.pop("signature"))
    return Statement(
        **{**given, "root": bytes(given["root"]), "previous": bytes(given["previous"])}
    ), signature


@contextmanager
def second_login() -> Iterator[psycopg.Cursor[Any]]:
    """Open one transaction of the login that keeps the log's house."""
    with transaction.atomic(using="begin"), begin_cursor() as cursor:
        yield cursor


def seal(key: SigningKey, *, most: int = MOST) -> Statement | None:
    """Seal what can be sealed now, in one transaction. None when there is nothing, or somebody else is sealing."""
    with second_login() as cursor:
        return seal_with(cursor, key, most=most)


def seal_with(cursor: psycopg.Cursor[Any], key: SigningKey, *, most: int = MOST) -> Statement | None:
    """Seal over a cursor that is inside a transaction."""
    cursor.execute("SELECT * FROM access_next_checkpoint(%s, %s)", [most, SILENCE])
    found = cursor.fetchone()
    if found is None:
        return None
    number, at, xid, mark, ids, times, leaves = found
    former = newest_with(cursor)
    statement = Statement(
        number=number,
        at=at,
        rows=len(ids),
        first_id=min(ids, default=None),
        last_id=max(ids, default=None),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        xid=xid,
        mark=mark,
        root=tree.root([bytes(leaf) for leaf in leaves]),
        previous=former[0].digest() if former else BEFORE_THE_FIRST,
        key=key.id,
    )
    values = [*(getattr(statement, name) for name in COLUMNS[:-1]), key.sign(statement)]
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(
        f"SELECT access_seal(ROW({marks})::access_checkpoint, %s, %s, %s)",
        [*values, ids, times, [bytes(leaf) for leaf in leaves]],
    )
    return statement


def seal_all(key: SigningKey, *, most: int = MOST) -> list[Statement]:
    """Seal until nothing is left that was finished: a log that was never sealed takes more than one checkpoint."""
    made = []
    while (statement := seal(key, most=most)) is not None:
        made.append(statement)
        if statement.rows < most:
            break
    return made


def newest_with(cursor: psycopg.Cursor[Any]) -> tuple[Statement, bytes] | None:
    cursor.execute("SELECT * FROM access_last_checkpoint()")
    row = cursor.fetchone()
    return statement_of(row) if row else None


def newest_root(key: SigningKey) -> Root | None:
    """Give the newest checkpoint as it goes outside. None when this key signed it not: it was only just replaced."""
    with second_login() as cursor:
        found = newest_with(cursor)
    return Root(*found, key.public) if found and found[0].key == key.id else None
