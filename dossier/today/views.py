"""Vandaag and Zoeken: headings of many dossiers, with one log row that names them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from delegation.offices import Desk, may
from directory.access.doors import door
from dossier.models import Dossier
from dossier.panels import days

from . import board, colleagues, in_hand
from .typed import Typed, read

PAGE = 50
# Where somebody without dossiers of his own begins.
BEGINS = {"praktijkbeheerder": "accounts_list", "fg": "log_review"}


@door(verb="find", section="team", side="process")
@require_safe
def today(request: Desk) -> HttpResponse:
    """The newest dossiers of this capacity, and before them what waits for the reader."""
    capacity = request.capacity
    if elsewhere := BEGINS.get(capacity.role):
        return redirect(elsewhere)
    before = _moment(request.GET.get("voor", ""))
    dossiers = Dossier.objects.newest(PAGE, before)
    waiting: list[board.Waiting] = []
    lines: list[in_hand.Line] = []
    if before is None:
        now = timezone.now()
        rows, _ = in_hand.load(*in_hand.WRITING, in_hand.PRIVATE, in_hand.BREACH)
        lines = in_hand.lines(rows)
        waiting = board.in_time(in_hand.breaches(rows) + in_hand.reminders(rows)) + board.unfinished(lines)
        waiting += colleagues.waiting(capacity, dossiers, now)
        waiting += board.to_sign(capacity, now) + board.to_accept(capacity) + board.to_choose(capacity)
        waiting += board.registrations(capacity, may_read=may(request, "professionals", "read"))
    older = ""
    if len(dossiers) == PAGE:
        older = reverse("today", query={"voor": dossiers[-1].sort_at.isoformat()})
    context = {
        "afspraken": days.today(capacity) if before is None else [],
        "rijen": board.rows(capacity, dossiers, {line.dossier for line in lines if not line.author}),
        "recent": board.recent() if before is None else [],
        "alle_concepten": len(lines) > board.CARDS,
        "wacht": waiting,
        "ouder": older,
        "eerste": reverse("today") if before else "",
        "klanten_url": _clients_url(request) if not dossiers else "",
    }
    return render(request, "today/vandaag.html", context)


@door(verb="find", section="team", side="process")
@require_safe
def concepts(request: Desk) -> HttpResponse:
    """What the reader has not finished, over all his dossiers: headings only, newest first."""
    rows, _ = in_hand.load(*in_hand.WRITING)
    found = in_hand.lines(rows)
    context = {
        "eigen": [line for line in found if not line.author],
        "van_waarnemer": [line for line in found if line.author],
        "vol": len(rows) == in_hand.MOST,
    }
    return render(request, "today/concepten.html", context)


def _clients_url(request: Desk) -> str:
    """Say where to go on when nothing was found; only for who may look among the clients."""
    return reverse("clients") if may(request, "personen", "read", "write") else ""


def _moment(text: str) -> datetime | None:
    """Read the place in the list from the address; anything else is the beginning."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@door(verb="find", section="team", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Desk) -> HttpResponse:
    """Search by surname or birth date. What was typed travels by POST and is stored nowhere."""
    typed = read(request.POST.get("q", ""))
    dossiers: list[Dossier] = []
    if typed.searchable:
        dossiers = Dossier.objects.search(key=typed.key, born=typed.born, n=PAGE)
    if only := _only_one(typed, dossiers):
        return redirect("dossier", only.pk)
    context = {
        "q": typed.text,
        "gezocht": typed.searchable,
        "fout": typed.problem,
        "rijen": board.rows(request.capacity, dossiers),
        "vol": len(dossiers) == PAGE,
        "klanten_url": _clients_url(request) if not dossiers else "",
    }
    return render(request, "today/zoeken.html", context)


def _only_one(typed: Typed, dossiers: list[Dossier]) -> Dossier | None:
    """Open at once only what was named in full: the beginning of a name may be somebody else's."""
    if len(dossiers) != 1:
        return None
    person = dossiers[0].person
    return dossiers[0] if typed.names(person) else None
