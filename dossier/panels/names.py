"""How a person is written: filed by surname in lists and headings, with the birth date that tells two apart."""

from __future__ import annotations

from datetime import date

from delegation.dates import show_day
from directory.people.models import Person


def filed(person: Person) -> str:
    """Write a name as it is filed: "Meulen, E. van der"."""
    rest = " ".join(part for part in (person.initials, person.prefix) if part)
    return f"{person.surname}, {rest}" if rest else person.surname


def born(person: Person) -> str:
    return show_day(person.birth_date)


def week_of(first_day: date, today: date) -> int:
    """Count the weeks of an absence as people do: the first week is week 1."""
    return (today - first_day).days // 7 + 1


def sick_since(first_day: date, today: date) -> str:
    return f"{show_day(first_day)}, week {week_of(first_day, today)}"
