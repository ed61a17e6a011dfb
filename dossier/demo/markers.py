"""Give every text of the demo a marker of its own, so that whoever finds one elsewhere knows what leaked.

A marker looks like no word in any language, and its first six characters already say which one it is: a text that is
cut off still tells. Without `--markers` nothing is marked, and every text is as its author wrote it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

LENGTH = 10
KNOWN_BY = 6
# No vowels, so no word; no capitals but the first, and no 0, 1 or l that a reader confuses.
_FIRST = "BCDFGHJKMNPQRSTVWXZ"
_REST = "bcdfghjkmnpqrstvwxz23456789"


def marker(number: int, attempt: int = 0) -> str:
    """Make the marker of this number: the same one every time, so that two runs can be compared."""
    digest = hashlib.sha256(f"tweeluik.demo.marker/{number}/{attempt}".encode()).digest()
    return _FIRST[digest[0] % len(_FIRST)] + "".join(_REST[byte % len(_REST)] for byte in digest[1:LENGTH])


@dataclass
class Marked:
    """Where one marker stands. `dossier` is the id as it stands in addresses, empty outside a dossier."""

    marker: str
    model: str
    field: str
    section: str
    side: str
    dossier: str
    author: str
    relation: str = field(default="", repr=False)


class Markers:
    """Put a marker in each text, and remember where it went. Switched off it returns the text as it is."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.given: list[Marked] = []
        self._known: set[str] = set()

    def put(
        self,
        text: str,
        *,
        model: str,
        field: str,
        author: str,
        side: str,
        section: str = "",
        dossier: object = "",
        relation: str = "",
        room: int = 0,
    ) -> str:
        """Mark a text. In running text the marker comes second, where a text that is cut off still shows it.

        `room` is what the column holds; a text that leaves no space for the marker gives way to it. An empty text
        stays empty: nothing was written there.
        """
        if not self.on or not text:
            return text
        mark = self._new()
        self.given.append(Marked(mark, model, field, section, side, str(dossier), author, relation))
        first, _, rest = text.partition(" ")
        marked = f"{first} {mark} {rest}" if rest and not room else f"{text} {mark}"
        return marked if not room or len(marked) <= room else mark

    def address(self, text: str, **where: str) -> str:
        """Mark an e-mail address: before the @, where it stays an address."""
        name, _, host = text.partition("@")
        return f"{self.put(name, **where).replace(' ', '.')}@{host}" if text else ""

    def _new(self) -> str:
        attempt = 0
        while (found := marker(len(self.given), attempt))[:KNOWN_BY].lower() in self._known:
            attempt += 1
        self._known.add(found[:KNOWN_BY].lower())
        return found

    def belongs(self, relation: str, dossier: object) -> None:
        """Name the dossier of what was written about somebody before he had one."""
        for marked in self.given:
            if marked.relation == relation and not marked.dossier:
                marked.dossier = str(dossier)

    def write(self, file: Path) -> None:
        rows = [asdict(marked) for marked in self.given]
        for row in rows:
            del row["relation"]
        file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
