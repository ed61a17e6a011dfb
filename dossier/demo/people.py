"""The employers and the employees of the demo. Everybody is invented; a postcode never begins with a nought."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .logins import MEANDER, NOORD


@dataclass(frozen=True)
class Client:
    """One employer: its practice, and the bedrijfsarts who begleidt its people."""

    key: str
    name: str
    practice: str
    physician: str


CLIENTS = (
    Client("dongen", "Van Dongen Transport", MEANDER, "bedrijfsarts"),
    Client("veste", "Scholengroep De Veste", MEANDER, "bedrijfsarts"),
    Client("amstel", "Zorggroep Amstelrand", MEANDER, "bedrijfsarts-collega"),
    Client("noord", "Zuivelfabriek De Noordpolder", NOORD, "andere-praktijk"),
)
# Working there, but never ill and never come: they have no dossier.
_WITHOUT = "dongen12 dongen17 dongen18 dongen19 veste11 veste15 veste18 amstel11 amstel14 amstel17 noord4"
WITHOUT_DOSSIER = frozenset(_WITHOUT.split())
# Their dossier holds one voluntary contact, so outside the medical side it does not exist.
VOLUNTARY = frozenset({"vrijwillig", "eigen"})


@dataclass(frozen=True)
class Employee:
    """Somebody in one relation. `employer` is empty for who came on his own initiative."""

    key: str
    employer: str
    initials: str
    first_name: str
    prefix: str
    surname: str
    birth_date: date
    department: str
    starts_on: date
    street: str
    postcode: str
    city: str

    @property
    def has_dossier(self) -> bool:
        return self.key not in WITHOUT_DOSSIER


@cache
def employees() -> tuple[Employee, ...]:
    with (Path(__file__).parent / "employees.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Employee(
                **{k: v for k, v in row.items() if k not in ("birth_date", "starts_on")},
                birth_date=date.fromisoformat(row["birth_date"]),
                starts_on=date.fromisoformat(row["starts_on"]),
            )
            for row in csv.DictReader(file)
        )


def of(employer: str, *, dossier: bool = True) -> list[Employee]:
    """List the employees of one employer, those with a dossier."""
    return [row for row in employees() if row.employer == employer and (row.has_dossier or not dossier)]


def phone_of(key: str) -> str:
    """Make a number that nobody can have."""
    return f"0600 000 {[row.key for row in employees()].index(key) + 1:03d}"
