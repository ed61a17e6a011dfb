"""What the page frame knows: in which capacity one works, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from .grid import Value, Verb, the_grid


@dataclass(frozen=True)
class Hoedanigheid:
    """The capacity as the header shows it."""

    rol: str
    praktijk: str
    kant: str
    zoeken: bool


@dataclass(frozen=True)
class Place:
    """One entry of the main menu, for whoever has one of these cells of the grid.

    The menu decides nothing: behind each address the database is asked again.
    """

    name: str
    label: str
    section: str = ""
    verbs: tuple[Verb, ...] = ()
    values: tuple[Value, ...] = (Value.ALL, Value.OWN)
    not_for: tuple[str, ...] = ()  # sides whose one page already holds everything behind this entry

    def is_for(self, role: str, side: str) -> bool:
        if side in self.not_for:
            return False
        if not self.section:
            return True
        cell = the_grid().cells[role, self.section].values
        return any(cell.get(verb) in self.values for verb in self.verbs)


NAVIGATION = (
    Place("today", "Vandaag", not_for=("admin",)),
    Place("clients", "Klanten", "personen", (Verb.READ, Verb.WRITE), not_for=("employer",)),
    Place("contracts", "Delegatie", "taakcontract", (Verb.READ,)),
    Place("protocols", "Protocollen", "protocol", (Verb.READ,)),
    Place("professionals", "Professionals", "professionals", (Verb.READ,)),
    Place("accounts_list", "Medewerkers", "accounts", (Verb.READ,)),
    # A physician's own value reaches refusals on his own dossiers, which the dossier itself shows.
    Place("log_review", "Logcontrole", "logcontrole", (Verb.READ,), (Value.ALL,)),
)


def capacity(request: HttpRequest) -> dict[str, Any]:
    """Give the header its capacity bar and navigation. Queries nothing."""
    bound = getattr(request, "capacity", None)
    if bound is None:
        return {"hoedanigheid": None, "navigatie": []}
    role = the_grid().roles[bound.role]
    return {
        "hoedanigheid": Hoedanigheid(role.label, bound.practice_name, bound.side, bound.side != "admin"),
        "navigatie": [
            {"url": url, "label": place.label, "actief": _here(request.path, url)}
            for place in NAVIGATION
            if place.is_for(bound.role, bound.side) and (url := _url(place.name))
        ],
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a copy that leaves this part out has no entry for it either
        return ""


def _here(path: str, url: str) -> bool:
    """The beginning of the site is the beginning of every path, so it counts only when it is the whole path."""
    return path == url if url == "/" else path.startswith(url)
