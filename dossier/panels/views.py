"""The dossier page, and one section by its number."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from delegation.offices import Desk
from directory.access.doors import door
from dossier.models import Dossier

from .bar import bar


@door(verb="read", section="team", side="process")
@require_safe
def dossier(request: Desk, pk: UUID) -> HttpResponse:
    opened = Dossier.objects.open(pk, "team.read")
    return render(request, "dossier/dossier.html", {"balk": bar(opened, "dossier")})


@door(verb="read", section="team", side="process")
@require_safe
def section(request: Desk, pk: UUID, n: int) -> HttpResponse:
    return dossier(request, pk)
