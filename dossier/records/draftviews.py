"""A form that saves itself while somebody types, and what he does with it afterwards."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from directory.access.doors import door
from directory.accounts.middleware import polling
from directory.accounts.once import in_turn
from dossier.models import Dossier

from . import drafts
from .keptviews import kept_asks
from .pages import ANY, Desk, dossier_url, explained
from .places import place_of


@polling
@door(verb="write", **ANY)
@require_POST
@in_turn
def draft_save(request: Desk, dossier: UUID, code: str, pk: UUID | None = None) -> HttpResponse:
    """Store what is being typed; answers one line for the page. Only words that changed are a sign of life."""
    place = place_of(dossier, code)
    if not place.kind.by_form:
        raise Http404
    changed = drafts.save(by=request.user, dossier=dossier, place=place, record=pk, data=request.POST)
    if not changed:
        return HttpResponse(status=204)
    now = timezone.localtime()
    response = HttpResponse(f"Concept bewaard om {now:%H:%M}, alleen voor u.", content_type="text/plain")
    response.sign_of_life = True  # type: ignore[attr-defined]
    return response


@door(verb="write", **ANY)
@require_POST
@in_turn
@explained
def draft_discard(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Throw a draft away, and its key."""
    opened = Dossier.objects.open(dossier, *kept_asks())
    drafts.throw_away(by=request.user, opened=opened, pk=pk)
    messages.success(request, "Weggegooid.")
    return redirect(dossier_url(dossier))
