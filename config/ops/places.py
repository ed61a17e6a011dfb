"""The three places: dumps, key dumps, and the list of endings. Nobody who copies one of them holds another.

A dump of the main database and a dump of the key store open each other: together they are every dossier in the
practice. The list of endings must survive the loss of both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .problems import Stop

KINDS = {"main": "de hoofddatabase", "keys": "de sleutelopslag", "endings": "de lijst van wat eindigde"}


def claim(folder: Path, kind: str) -> Path:
    """Take a folder for one kind of file, for good. Raises Stop when it is another's, or others can look in."""
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise Stop(f"Anderen kunnen in {folder} kijken. Herstel het met: chmod 700 {folder}")
    for place in (folder, *folder.parents):  # a folder inside another's is copied along with it
        taken = place / ".tweeluik-place"
        if taken.exists() and taken.read_text().strip() != kind:
            raise Stop(
                f"{place} is voor {KINDS[taken.read_text().strip()]}. Kies voor {KINDS[kind]} een andere plaats: "
                "wie de ene map kopieert, mag de andere niet hebben."
            )
    mark = folder / ".tweeluik-place"
    if not mark.exists():
        with private(mark) as file:
            file.write(kind.encode() + b"\n")
    return folder


def demand_apart(*folders: Path) -> None:
    """Refuse folders that are the same, or lie in each other. Raises Stop."""
    real = [folder.resolve() for folder in folders]
    for n, one in enumerate(real):
        for other in real[n + 1 :]:
            if one.is_relative_to(other) or other.is_relative_to(one):
                raise Stop(
                    f"{one} en {other} liggen in elkaar. De back-up, de sleutels en de lijst horen elk op een eigen "
                    "plaats: wie de ene map kopieert, mag de andere niet hebben."
                )


@contextmanager
def private(path: Path) -> Iterator[BinaryIO]:
    """Write a file that only we can read, and that is there whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        settle(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Make the names in a folder survive a loss of power, as the contents do."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
