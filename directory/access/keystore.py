"""The key store: one key per record, in a second database, wrapped by a key in a file outside the data folder.

Destroying a record's key destroys the record, its history and every backup of it (BW 7:454, 7:455). The store's login
may fetch by id, add and destroy; it holds no privilege on the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db import connections


class KeyGone(Exception):
    """The key of this record was destroyed or was not fetched. Nothing is read, nothing written in clear."""


class KeyRing(dict[UUID, AESGCM]):
    """The keys one request may use."""

    def of(self, record_id: UUID) -> AESGCM:
        try:
            return self[record_id]
        except KeyError:
            raise KeyGone("no key for this record") from None


@cache
def _wrapping_key(path: str) -> bytes:
    return bytes.fromhex(Path(path).read_text().strip())


def wrapping_key() -> bytes:
    return _wrapping_key(str(settings.WRAPPING_KEY_FILE))


def add_key(record_id: UUID) -> AESGCM:
    """Make and commit the key of a record, before the record: an orphan key is harmless, an orphan text is not."""
    key = AESGCM.generate_key(256)
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT keys_add(%s, %s)", [record_id, aes_key_wrap(wrapping_key(), key)])
    return AESGCM(key)


def fetch_keys(record_ids: Iterable[UUID]) -> dict[UUID, AESGCM]:
    """Fetch keys by id, all at once. Ids whose key was destroyed are simply absent."""
    wanted = list(record_ids)
    if not wanted:
        return {}
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT record_id, wrapped FROM keys_fetch(%s)", [wanted])
        return {
            record: AESGCM(aes_key_unwrap(wrapping_key(), bytes(wrapped)))
            for record, wrapped in cursor.fetchall()
        }


def destroy_key(record_id: UUID, *, by: str) -> None:
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT keys_destroy(%s, %s)", [record_id, by])
