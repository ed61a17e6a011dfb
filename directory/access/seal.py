"""Text that is ciphertext in the database, opened on first use with a key of the request's ring.

AES-256-GCM; the associated data is table|column|dossier|record|row, so a text that was moved to another dossier,
record or column does not open. A sealed table always carries `dossier_id` and the id of the record that owns the key,
and neither ever changes.
"""

from __future__ import annotations

import os
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .context import acting

VERSION = b"\x01"


class Sealed:
    """Ciphertext as it came from the database. Has no readable form on purpose."""

    __slots__ = ("blob",)

    def __init__(self, blob: bytes) -> None:
        self.blob = bytes(blob)

    def __str__(self) -> str:
        raise TypeError("sealed text: read it from the record, not from values()")

    def __repr__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.blob == self.blob

    __hash__ = None  # type: ignore[assignment]


class SealedAttribute(DeferredAttribute):
    """Unseal on first reading. Defines __set__, or instance.__dict__ would win and nothing would be unsealed."""

    field: SealedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.unseal(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """A text sealed under the key of its record. `key` names the attribute that holds the record's id."""

    descriptor_class = SealedAttribute
    origin: Any

    def __init__(self, *args: Any, key: str = "record_id", **kwargs: Any) -> None:
        self.key = key
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "key": self.key}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        if not hasattr(self, "origin"):  # history copies the field: the copy seals as the table it came from
            self.origin = cls
        super().contribute_to_class(cls, name, private_only)

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def _place(self, obj: Any) -> bytes:
        table = self.origin._meta.db_table
        row = getattr(obj, self.origin._meta.pk.attname)
        return f"{table}|{self.attname}|{obj.dossier_id}|{getattr(obj, self.key)}|{row}".encode()

    def unseal(self, obj: Any, sealed: Sealed) -> str:
        """Open a text. Raises KeyGone without the key, InvalidTag when it stood elsewhere."""
        key = acting().keys.of(getattr(obj, self.key))
        return key.decrypt(sealed.blob[1:13], sealed.blob[13:], self._place(obj)).decode()

    def seal(self, obj: Any, text: str) -> Sealed:
        nonce = os.urandom(12)
        key = acting().keys.of(getattr(obj, self.key))
        return Sealed(VERSION + nonce + key.encrypt(nonce, text.encode(), self._place(obj)))

    def pre_save(self, obj: Any, add: bool) -> Any:
        value = obj.__dict__.get(self.attname)
        return value if value is None or isinstance(value, Sealed) else self.seal(obj, value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: no update(), no lookup by value")
        return value.blob

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("sealed text is not serialised")
