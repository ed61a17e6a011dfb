"""The secrets that live in files outside the data folder, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

WRAPPING_KEY = "wrapping.key"  # wraps the key of every sealed record: without it no medical text can be read
LOG_KEY = (
    "log.key"  # signs the checkpoints of the access log (Ed25519); a new one opens nothing and proves nothing
)
SECRET_KEY = "secret.key"  # noqa: S105  Django's SECRET_KEY: a new one only ends the sessions


def make(folder: Path, name: str) -> None:
    """Write a fresh key of 32 bytes, as hex, unless there is one. Never overwrites."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Born private: a chmod afterwards would leave a moment in which others could open it.
        with open(folder / name, "x", opener=_private) as file:
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        pass


def demand_private(file: Path) -> Path:
    """A key that others can read is no key: refuse to start with it. Absent is fine, reading then says so."""
    if file.exists() and file.stat().st_mode & 0o077:
        raise ImproperlyConfigured(
            f"Anderen kunnen de sleutel {file} lezen. Herstel het met: chmod 600 {file}"
        )
    return file


def read(file: Path) -> str:
    """The key in a private file, or an empty text when it is absent."""
    return demand_private(file).read_text().strip() if file.exists() else ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
