"""What stands beside a dump: when, of what, how many rows of each table, and the hash of the file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from .places import private
from .problems import Stop


@dataclass(frozen=True)
class Manifest:
    kind: str  # main or keys
    at: str  # the moment of the snapshot, by the clock of the database
    dump: str  # the name of the file beside it
    sha256: str
    size: int
    encrypted: bool
    server: str  # the version of PostgreSQL
    rows: dict[str, int]
    walls: dict[str, int]  # how many policies, triggers and walled tables there were
    migrations: list[str]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.dump.split('.')[0]}.json"
        with private(path) as file:
            file.write(json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n")
        return path


def read(path: Path) -> Manifest:
    """Read the manifest, and the whole dump once: a dump that changed is not restored. Raises Stop."""
    try:
        found = Manifest(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise Stop(f"{path} is geen beschrijving van een back-up ({type(error).__name__}).") from None
    dump = path.parent / found.dump
    if not dump.exists():
        raise Stop(f"Het bestand {dump} hoort bij {path.name} en is er niet.")
    if hashed(dump) != found.sha256:
        raise Stop(f"{dump} is niet wat er is weggeschreven: de hash klopt niet. Neem een andere back-up.")
    return found


def newest(folder: Path) -> Path:
    """Find the youngest backup of a folder; names begin with their moment. Raises Stop."""
    found = sorted(folder.glob("*-????????T??????Z.json"))
    if not found:
        raise Stop(f"In {folder} staat geen back-up.")
    return found[-1]


def hashed(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
