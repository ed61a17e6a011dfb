"""One colleague: roles, second factor, registrations, declarations, contracts and assignments in one place."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegation.offices import Desk, demand, may
from directory.access.doors import door
from directory.accounts.views.staff import engagements_of_practice, line_of
from directory.people.models import Professional, Role
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
    physician = next(
        (row.pk for row in rows if row.role == Role.BEDRIJFSARTS and line_of(row, now).can_end), None
    )
    context = {
        "vertrek_url": reverse("staff_departure", args=[physician]) if physician else "",
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


@door(verb="read", section="accounts", side="admin")
@require_safe
def staff_departure(request: Desk, pk: UUID) -> HttpResponse:
    """What stands still when a bedrijfsarts leaves, who could take over, and what to do in which order."""
    demand(request, "accounts", "read")
    capacity, now = request.capacity, timezone.now()
    leaving = engagements_of_practice(request).filter(pk=pk, role=Role.BEDRIJFSARTS).first()
    if leaving is None:
        raise Http404
    contracts = holdings.contracts(capacity, [leaving.pk], now)
    context = {
        "vertrekt": leaving,
        "einde": leaving.ends_at,
        "dossiers": holdings.resting_on(leaving.pk),
        "klanten": holdings.clients(capacity, leaving.pk, now),
        "overeenkomsten": contracts,
        "onder_supervisie": holdings.supervised(capacity, leaving.pk, now),
        "waarneming": holdings.deputising(capacity, [leaving.pk], now),
        "opvolgers": holdings.successors(capacity, leaving, now),
        "mag_wijzigen": may(request, "accounts", "write"),
    }
    return render(request, "staff/vertrek.html", context)
