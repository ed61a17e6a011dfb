"""The entry of the agenda in the main menu, after the first: for whoever has a cell of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from directory.access import context_processors
from directory.access.context_processors import Place
from directory.access.grid import Verb

AGENDA = Place("agenda", "Agenda", "agenda", (Verb.READ, Verb.WRITE, Verb.ROSTER))


def menu(request: HttpRequest) -> dict[str, Any]:
    """Put the agenda where people look for it. Queries and decides nothing: behind it the database is asked."""
    bound = getattr(request, "capacity", None)
    found = context_processors.capacity(request)["navigatie"]
    if bound is not None and AGENDA.is_for(bound.role, bound.side):
        url = reverse(AGENDA.name)
        entry = {"url": url, "label": AGENDA.label, "actief": request.path.startswith(url)}
        found.insert(1 if found and found[0]["label"] == "Vandaag" else 0, entry)
    return {"navigatie": found}
