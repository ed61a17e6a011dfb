"""Read what somebody types to find an employee: the beginning of a surname, or a birth date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from directory.people.models import Person
from directory.people.models.names import plain

DATE = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
# Filing puts these after the surname ("van der Meulen" files under "meulen"), people type them before it.
PREFIXES = {
    "van",
    "der",
    "den",
    "de",
    "het",
    "in",
    "op",
    "ter",
    "ten",
    "te",
    "t",
    "aan",
    "bij",
    "over",
    "uit",
}
LONGEST = 80


@dataclass(frozen=True)
class Typed:
    """What was typed, and how it can be searched."""

    text: str
    key: str | None = None
    born: date | None = None
    problem: str = ""

    @property
    def searchable(self) -> bool:
        return self.key is not None or self.born is not None

    def names(self, person: Person) -> bool:
        """Say whether this names the person in full, not only the beginning of his name."""
        return self.born == person.birth_date or self.key == plain(person.surname)


def read(text: str) -> Typed:
    """Read one line of typing. A number that is no date is said to be none."""
    text = text.strip()[:LONGEST]
    if not text:
        return Typed(text)
    if match := DATE.match(text):
        day, month, year = map(int, match.groups())
        try:
            return Typed(text, born=date(year, month, day))
        except ValueError:
            return Typed(text, problem="Deze datum bestaat niet. Schrijf hem als 14-03-1981.")
    if any(letter.isdigit() for letter in text):
        return Typed(text, problem="Schrijf een geboortedatum als 14-03-1981.")
    words = plain(text.split(",")[0]).split()
    while len(words) > 1 and words[0] in PREFIXES:
        words.pop(0)
    key = " ".join(words)
    return Typed(text, key=key) if key else Typed(text, problem="Typ het begin van een achternaam.")
