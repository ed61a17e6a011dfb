"""Signals: what deviates, and what is decided about it; for a physician those on his own dossiers, to read."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from delegation.errors import add_errors
from delegation.offices import Desk, demand, may, posted
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from dossier.deviations import SAMPLE

from . import actions, found
from .forms import DecisionForm, PeriodForm
from .tabs import tabs

USUAL = timedelta(days=29)


@door(verb="read", section="logcontrole", side="practice")
@require_safe
def review_signals(request: Desk) -> HttpResponse:
    """The signals of a period: what waits for a decision first, what was explained last."""
    demand(request, "logcontrole", "read")
    today = timezone.localdate()
    usual = {"van": today - USUAL, "tot": today}
    form = PeriodForm(request.GET if {"van", "tot"} & request.GET.keys() else usual)
    days = form.cleaned_data if form.is_valid() else None
    lines = found.lines(request.capacity, found.signals(days["van"], days["tot"])) if days else []
    context = {
        "tabs": tabs(request, "review_signals"),
        "form": form,
        "gezocht": days is not None,
        "beoordeelt": may(request, "logcontrole", "decide"),
        "open": [line for line in lines if line.state == found.OPEN],
        "loopt": [line for line in lines if line.state == found.RUNS],
        "afgedaan": [line for line in lines if line.state == found.DONE],
    }
    return render(request, "insight/signalen.html", context)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day.isoformat() != text or not 2000 <= day.year < 2200:
        raise Http404
    return day


@door(verb="read", section="logcontrole", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def review_signal(request: Desk, day: str, pk: UUID) -> HttpResponse:
    """One signal or drawn looking: why it is one, what was decided, and, for the officer, the decision."""
    demand(request, "logcontrole", "read")
    decides = may(request, "logcontrole", "decide")
    row = found.one(_day(day), pk, reviews=decides)
    if row is None:
        raise Http404
    if request.method == "POST":
        demand(request, "logcontrole", "decide")
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(by=request.user, found=row, key=made_by(request), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Uw oordeel is vastgelegd.")
            return redirect(_back(row))
    [line] = found.lines(request.capacity, [row])
    context = {
        "tabs": tabs(request, "review_sample" if row.signal == SAMPLE else "review_signals"),
        "regel": line,
        "form": form if decides and row.actor != request.user.pk else None,
        "eigen": row.actor == request.user.pk,
        "terug": _back(row),
    }
    return render(request, "insight/signaal.html", context, status=400 if form.errors else 200)


def _back(row: found.Found) -> str:
    if row.signal == SAMPLE:
        return reverse("review_sample", query={"maand": f"{row.day:%Y-%m}"})
    return reverse("review_signals")
