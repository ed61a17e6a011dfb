"""One colleague: roles, second factor, registrations, declarations, contracts and assignments in one place."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegation.offices import Desk, demand
from directory.access.doors import door
from directory.accounts.views.staff import engagements_of_practice, line_of
from directory.people.models import Professional
from directory.professions.endings import endings
from directory.professions.lists import colleague_entries
from dossier.staff import holdings


@door(verb="read", section="accounts", side="admin")
@require_safe
def staff_person(request: Desk, pk: UUID) -> HttpResponse:
    """What a colleague holds here, and so what ends when he leaves or changes his role."""
    demand(request, "accounts", "read")
    capacity, now = request.capacity, timezone.now()
    named = engagements_of_practice(request).filter(pk=pk).first()
    if named is None:
        raise Http404
    rows = engagements_of_practice(request).filter(user=named.user_id).order_by("-starts_at", "pk")
    lines = [line_of(row, now) for row in rows]
    keys = [row.pk for row in rows]
    professional = Professional.objects.open_to(capacity, "read").filter(user=named.user_id).first()
    context = {
        "medewerker": named.user,
        "rollen": lines,
        "tweede_factor": holdings.has_second_factor(named.user_id),
        "collega_url": reverse("colleague", args=[professional.pk]) if professional else "",
        "inschrijvingen": colleague_entries(professional, timezone.localdate()) if professional else [],
        "meldingen": endings(capacity.practice_id, [named.user_id]),
        "delen": [
            ("Overeenkomsten", holdings.contracts(capacity, keys, now)),
            ("Opdrachten", holdings.assignments(capacity, keys, now)),
            ("Waarneming", holdings.deputising(capacity, keys, now)),
            ("Verklaringen", holdings.secrecy(capacity, named.user_id, now)),
        ],
    }
    return render(request, "staff/medewerker.html", context)
