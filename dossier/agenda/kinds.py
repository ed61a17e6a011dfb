"""The closed list of appointments: data/kinds.csv. Whether a kind is secret by its existence is its side.

`process` may be known to whoever plans it; `medical` is a voluntary contact, or one whose name tells why (Leidraad
casemanagement §3.1). `employer` says of which kinds an employer may know time and place (003 §3.4 B-II).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

BLOCK = "blok"


@dataclass(frozen=True)
class AppointmentKind:
    """One kind of appointment; `minutes` is how long it usually takes."""

    code: str
    label: str
    section: str
    side: str
    minutes: int
    employer: bool

    @property
    def hidden(self) -> bool:
        return self.side == "medical"


def _read() -> dict[str, AppointmentKind]:
    with (Path(__file__).parent / "data" / "kinds.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: AppointmentKind(
                **{name: row[name] for name in ("code", "label", "section", "side")},
                minutes=int(row["minutes"]),
                employer=row["employer"] == "ja",
            )
            for row in csv.DictReader(file)
        }


KINDS = _read()
HIDDEN_SECTIONS = tuple(dict.fromkeys(kind.section for kind in KINDS.values() if kind.hidden))
FOR_EMPLOYER = tuple(kind.code for kind in KINDS.values() if kind.employer)


def label_of(code: str) -> str:
    return KINDS[code].label if code in KINDS else "Niet boekbaar"
