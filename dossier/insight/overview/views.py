"""The overview for the employee: who looked in his file, in plain words, to hand over. Making it is logged."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.dates import show_day
from delegation.errors import add_errors
from delegation.offices import Desk, posted
from directory.access import log
from directory.access.doors import door
from directory.access.grid import the_grid
from directory.accounts.once import in_turn, made_by
from directory.people.models import Practice
from dossier.insight import log_lines
from dossier.models import Dossier, Verzoek
from dossier.panels.bar import bar

from . import actions, requests
from .forms import AnswerForm, RequestForm

# Paper is read by people: what does not fit is asked for by period.
MOST = 5000


@door(verb="copy", section="inzage", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def log_request(request: Desk, pk: UUID) -> HttpResponse:
    """Record that the employee, or somebody who may for him, asks who looked; then make the overview."""
    opened = Dossier.objects.open(pk, *requests.ASKS, purpose="log_request")
    opened.need("inzage.copy")
    form = RequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record(by=request.user, opened=opened, key=made_by(request), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Het verzoek is vastgelegd. Hieronder staat het overzicht.")
            return redirect("log_overview", pk, made.pk)
    context = {"balk": bar(opened, "who_did"), "form": form}
    return render(request, "insight/verzoek.html", context, status=400 if form.errors else 200)


@door(verb="copy", section="inzage", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def log_overview(request: Desk, pk: UUID, verzoek: UUID) -> HttpResponse:
    """The overview one request asks for, as it is handed over; and, below it, how it was."""
    opened = Dossier.objects.open(pk, *requests.ASKS, purpose="overview")
    opened.need("inzage.copy")
    rows = Verzoek.objects.open_to(request.capacity, "read").select_related("answered_by")
    asked = rows.filter(pk=verzoek, dossier=opened.dossier).first()
    if asked is None:
        raise Http404
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(by=request.user, opened=opened, request=asked, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Vastgelegd: het overzicht is gegeven.")
            return redirect("who_did", pk)
    medical = request.capacity.side == "medical"
    found = log_lines.of_dossier(pk, None, since=asked.since, until=asked.until, n=MOST)
    written = log_lines.lines(found, medical=medical)
    log.note("export", dossier=pk, asks=["inzage.copy"])
    context = {
        "balk": bar(opened, "who_did"),
        "verzoek": requests.line(asked, makes=True),
        "beantwoord": asked.answered_on is not None,
        "form": form,
        "werknemer": opened.dossier.person.name,
        "praktijk": Practice.objects.open_to(request.capacity, "read")
        .filter(pk=request.capacity.practice_id)
        .first(),
        "maker": request.user.display_name,
        "maker_rol": the_grid().roles[request.capacity.role].label,
        "gemaakt": show_day(timezone.localdate()),
        "volledig": medical,
        "afgekapt": len(found) == MOST,
        "dagen": [(day, list(lines)) for day, lines in groupby(written, key=lambda line: line.day)],
        "terug": reverse("who_did", args=[pk]),
    }
    return render(request, "insight/overzicht.html", context, status=400 if form.errors else 200)
