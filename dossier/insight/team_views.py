"""Team, and who may see a dossier: both open the team section and show what the database says of everybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegation.assignments.models import AssignmentKind
from delegation.assignments.pages import KINDS
from delegation.contracts.pages import visible as contracts
from delegation.dates import show_moment
from delegation.models import TakeOver
from delegation.offices import Desk, may
from directory.access.doors import door
from directory.people.models import Role
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.panels.bar import bar
from dossier.team.people import Member, members

from . import answers


@door(verb="read", section="team", side="process")
@require_safe
def team(request: Desk, pk: UUID) -> HttpResponse:
    """Who works on this dossier and why, with who worked on it before."""
    opened = Dossier.objects.open(pk, "team.read", purpose="team")
    found = members(request.capacity, opened.dossier, timezone.now())
    context = {
        "balk": bar(opened, "team"),
        "leden": [member for member in found if not member.ended],
        "eerder": [member for member in found if member.ended],
        "delegatie_url": reverse("contracts") if may(request, "taakcontract", "read") else "",
        "supervisie_url": _oversight_url(request, pk, found),
        "toevoegen_url": _add_url(request, opened),
        "overnames": _take_overs(request, opened, found),
    }
    return render(request, "insight/team.html", context)


def _take_overs(request: Desk, opened: Opened, found: list[Member]) -> list[tuple[str, str]]:
    """Lead the bedrijfsarts to taking this case over from each of his delegates, or to giving it back."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        return []
    grounds = [member.ground_id for member in found if member.role == Role.GEDELEGEERDE and not member.ended]
    mine = contracts(request.capacity).filter(ground__in=grounds, physician=request.capacity.engagement_id)
    taken = set(
        TakeOver.objects.filter(
            relation=opened.dossier.relation_id, contract__in=mine, ends_at__isnull=True
        ).values_list("contract", flat=True)
    )
    return [
        (
            reverse("take_over", args=[opened.dossier.pk, row.pk]),
            f"{'Teruggeven aan' if row.pk in taken else 'Overnemen van'} {row.delegate.user}",
        )
        for row in mine.order_by("delegate__user__display_name", "pk")
    ]


def _add_url(request: Desk, opened: Opened) -> str:
    """Lead the bedrijfsarts to an assignment for this one employee."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        return ""
    team = KINDS.index(AssignmentKind.TEAM)
    return reverse("assignment_new", args=[team], query={"voor": opened.dossier.relation_id})


def _oversight_url(request: Desk, pk: UUID, found: list[Member]) -> str:
    """Lead to what was signed under supervision, where anybody works so; the page asks the database itself."""
    looks = request.capacity.role in (Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE)
    supervised = any(member.role == Role.ARTS_ONDER_SUPERVISIE for member in found)
    return reverse("dossier_reviews", args=[pk]) if looks and supervised else ""


@door(verb="read", section="team", side="process")
@require_safe
def who_may(request: Desk, pk: UUID) -> HttpResponse:
    """Who may see this dossier, and why: for every person on the team, section by section, at this moment."""
    opened = Dossier.objects.open(pk, "team.read", purpose="who_may")
    now = timezone.now()
    team_now = members(request.capacity, opened.dossier, now)
    context = {
        "balk": bar(opened, "who_may"),
        "moment": show_moment(now),
        "ziet_iedereen": request.capacity.side == "medical",
        "mensen": answers.people(team_now, answers.ask(opened.dossier)),
    }
    return render(request, "insight/wie_mag.html", context)
