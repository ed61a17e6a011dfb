"""What a checkpoint says, as the bytes that are signed, and the line in which it goes outside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DOMAIN = (
    b"tweeluik log checkpoint 1\n"  # a signature under something else never passes for one of a checkpoint
)
BEFORE_THE_FIRST = bytes(32)


class Unreadable(ValueError):
    """This is no statement of a checkpoint."""


@dataclass(frozen=True)
class Statement:
    """One checkpoint: which rows, when, under which root, after which former one. Times are moments of the database."""

    number: int
    at: datetime
    rows: int
    first_id: int | None
    last_id: int | None
    first_at: datetime | None
    last_at: datetime | None
    xid: int  # the transaction that sealed: whoever has a later one began after `at`
    mark: int  # whatever has an earlier transaction than this one was sealed by now
    root: bytes
    previous: bytes
    key: str

    def as_dict(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def read(cls, given: Any) -> Self:
        """Read a statement back. Raises Unreadable."""
        try:
            if set(given) != {field.name for field in fields(cls)}:
                raise Unreadable("not the fields of a checkpoint")
            moments = {name: given[name] and datetime.fromisoformat(given[name]) for name in MOMENTS}
            hashes = {name: bytes.fromhex(given[name]) for name in HASHES}
            return cls(**{**given, **moments, **hashes})
        except (TypeError, ValueError, AttributeError) as error:
            raise Unreadable(str(error)) from None

    def signed(self) -> bytes:
        """Write the bytes that are signed: one spelling, whatever reads or writes them."""
        text = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return DOMAIN + text.encode("ascii")

    def digest(self) -> bytes:
        """Give what the next checkpoint names as its former: it covers this root and all that is said of it."""
        return sha256(self.signed()).digest()


MOMENTS = ("at", "first_at", "last_at")
HASHES = ("root", "previous")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def key_id(public: bytes) -> str:
    """Name a public key, in 16 characters."""
    return sha256(public).hexdigest()[:16]


def holds(statement: Statement, signature: bytes, public: bytes) -> bool:
    """Say whether this key signed this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement.signed())
    except (InvalidSignature, ValueError):
        return False
    return key_id(public) == statement.key


@dataclass(frozen=True)
class Root:
    """A checkpoint as it stands outside, with its signature and the public half of its key."""

    statement: Statement
    signature: bytes
    public: bytes

    def line(self) -> str:
        given = {
            "checkpoint": self.statement.as_dict(),
            "public_key": self.public.hex(),
            "signature": self.signature.hex(),
        }
        return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a line from outside. Raises Unreadable."""
        try:
            given = json.loads(line)
            public, signature = bytes.fromhex(given["public_key"]), bytes.fromhex(given["signature"])
            return cls(Statement.read(given["checkpoint"]), signature, public)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(str(error)) from None
