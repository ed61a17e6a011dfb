"""What the page frame knows: in which capacity one works, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from .grid import the_grid


@dataclass(frozen=True)
class Hoedanigheid:
    """The capacity as the header shows it."""

    rol: str
    praktijk: str
    kant: str
    zoeken: bool


# name of the route → label and the sides that have it
NAVIGATION = (
    ("today", "Vandaag", ("medical", "process", "signal", "desk", "employer")),
    ("contracts", "Delegatie", ("medical", "admin")),
    ("protocols", "Protocollen", ("medical",)),
    ("clients", "Klanten en werknemers", ("medical", "process", "signal", "desk", "admin")),
    ("accounts_list", "Medewerkers", ("admin",)),
    ("log_review", "Logcontrole", ("admin",)),
)


def capacity(request: HttpRequest) -> dict[str, Any]:
    """Give the header its capacity bar and navigation. Queries nothing."""
    bound = getattr(request, "capacity", None)
    if bound is None:
        return {"hoedanigheid": None, "navigatie": []}
    role = the_grid().roles[bound.role]
    links = []
    for name, label, sides in NAVIGATION:
        if bound.side in sides and (name not in ONLY_FOR or bound.role in ONLY_FOR[name]):
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            links.append({"url": url, "label": label, "actief": request.path.startswith(url)})
    return {
        "hoedanigheid": Hoedanigheid(role.label, bound.practice_name, bound.side, bound.side != "admin"),
        "navigatie": links,
    }


ONLY_FOR = {
    "accounts_list": ("praktijkbeheerder",),
    "log_review": ("fg",),
}
