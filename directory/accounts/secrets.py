"""Seal what a copy of the database may not give away: seeds of second factors, recovery codes, sessions."""

import base64
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12
_VERSION = "1."


class Unreadable(ValueError):
    """Say that a sealed text was made with another key, for another purpose, or changed."""


@lru_cache(maxsize=8)
def _cipher(file: Path, purpose: str) -> AESGCM:
    try:
        wrapping_key = file.read_bytes().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"Zonder het sleutelbestand {file} kan niemand inloggen.") from error
    if len(wrapping_key) < 32:
        raise ImproperlyConfigured(f"Het sleutelbestand {file} is te kort om een sleutel te zijn.")
    # A key per purpose, so that nothing sealed here can be taken for something sealed elsewhere.
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"tweeluik.accounts.{purpose}".encode())
    return AESGCM(derive.derive(wrapping_key))


def seal(text: str, *, purpose: str) -> str:
    """Encrypt a text for one purpose with the key outside the database."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(Path(settings.WRAPPING_KEY_FILE), purpose).encrypt(nonce, text.encode(), None)
    return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt a text sealed for the same purpose."""
    cipher = _cipher(Path(settings.WRAPPING_KEY_FILE), purpose)
    if not sealed.startswith(_VERSION):
        raise Unreadable("not a sealed text")
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("this text was not sealed here") from error
