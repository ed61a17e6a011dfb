"""The bar above every page of a dossier: who this is about, and the pages beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from directory.access.grid import Verb, the_grid
from dossier.models.shell import Opened

from .names import born, filed, sick_since

# Route, label, and the section whose cell the reader's role must have. The page asks the database itself.
PAGES = (
    ("dossier", "Dossier", ""),
    ("appointments", "Afspraken", "agenda"),
    ("team", "Team", "team"),
    ("consents", "Toestemming", "toestemming"),
    ("signals", "Signaal", "signaal"),
    ("who_may", "Wie mag dit zien", "team"),
    ("who_did", "Wie heeft dit gezien", "inzage"),
)


@dataclass(frozen=True)
class Tab:
    """One page of the dossier, with the names the part `onderdelen` reads."""

    url: str
    label: str
    actief: bool


@dataclass(frozen=True)
class Bar:
    """What templates/dossier/_balk.html shows."""

    name: str
    born: str
    employer: str
    sick_since: str
    tabs: list[Tab]


def bar(opened: Opened, here: str, first_sick_day: date | None = None) -> Bar:
    """Write the bar of an opened dossier. Asks nothing: it shows what opening already gave."""
    dossier = opened.dossier
    roles = {answer.role for answer in opened.answers.values() if answer.role}
    return Bar(
        name=filed(dossier.person),
        born=born(dossier.person),
        employer=dossier.employer.name if dossier.employer else "",
        sick_since=sick_since(first_sick_day, timezone.localdate()) if first_sick_day else "",
        tabs=[
            Tab(reverse(name, args=[dossier.pk]), label, name == here)
            for name, label, section in PAGES
            if not section or _has_cell(roles, section)
        ],
    )


def _has_cell(roles: set[str], section: str) -> bool:
    return any(Verb.READ in the_grid().cells[role, section].values for role in roles)
