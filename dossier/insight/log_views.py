"""Who has seen a dossier, for whoever begleidt it; and the log of the practice, for its officer. Both are noted too."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from delegation.dates import show_moment
from delegation.offices import Desk, demand, may
from directory.access import log
from directory.access.doors import door
from dossier.models import Dossier
from dossier.panels.bar import bar

from . import log_lines, log_words
from .overview import requests
from .review.tabs import tabs

OUTCOMES = {"gelukt": "ok", "geweigerd": "refused"}


@door(verb="read", section="inzage", side="process")
@require_safe
def who_did(request: Desk, pk: UUID) -> HttpResponse:
    """Who has seen this dossier: as what, on whose behalf, which part, and what was refused."""
    opened = Dossier.objects.open(pk, "inzage.read", *requests.ASKS, purpose="who_did")
    opened.need("inzage.read")
    rows = log_lines.of_dossier(pk, log_lines.Place.read(request.GET.get("voor", "")))
    written = log_lines.lines(rows, medical=request.capacity.side == "medical")
    older = log_lines.older(rows)
    context = {
        "balk": bar(opened, "who_did"),
        "volledig": request.capacity.side == "medical",
        "dagen": [(day, list(of_day)) for day, of_day in groupby(written, key=lambda line: line.day)],
        "ouder": reverse("who_did", args=[pk], query={"voor": older}) if older else "",
        "verzoeken": requests.of_dossier(request.capacity, opened),
        "verzoek_url": reverse("log_request", args=[pk]) if opened.may("inzage.copy") else "",
        "signalen_url": reverse("review_signals") if may(request, "logcontrole", "read") else "",
    }
    return render(request, "insight/wie_zag.html", context)


@door(verb="read", section="logcontrole", side="practice")
@require_safe
def log_review(request: Desk) -> HttpResponse:
    """The log of the practice without its content: no section, no dossier, only who did what kind of thing."""
    demand(request, "logcontrole", "write")  # who reviews; a physician reads of his own dossiers there
    kind, outcome = request.GET.get("soort", ""), request.GET.get("uitkomst", "")
    shown = log_lines.of_practice(
        kind if kind in log_words.KINDS else None,
        OUTCOMES.get(outcome),
        log_lines.Place.read(request.GET.get("voor", "")),
    )
    chosen = {
        name: value
        for name, value, known in (("soort", kind, log_words.KINDS), ("uitkomst", outcome, OUTCOMES))
        if value in known
    }
    older = log_lines.older(shown)
    sealed, anchored = log.state()
    context = {
        "tabs": tabs(request, "log_review"),
        "verzegeld": sealed and show_moment(sealed),
        "buiten": anchored and show_moment(anchored),
        "rijen": log_lines.review(shown),
        "soorten": log_words.KINDS.items(),
        "uitkomsten": OUTCOMES,
        "gekozen": chosen,
        "ouder": reverse("log_review", query={**chosen, "voor": older}) if older else "",
        "eerste": reverse("log_review", query=chosen) if request.GET.get("voor") else "",
        "zoeken_url": reverse("zoeken"),
    }
    return render(request, "insight/logcontrole.html", context)
