"""Signaal voor richtlijn: one coded answer, kept as a medical secret outside the procesdossier (Leidraad §3.4 A-II)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.errors import add_errors
from delegation.offices import Desk, posted
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from dossier.medical.models import Signal, SignalCategory
from dossier.models import Dossier
from dossier.panels.bar import bar
from dossier.records.loading import names, shown
from dossier.records.rows import hold_keys

from . import actions

# What follows from the answer; the guideline is named, the complaint never.
FOLLOWS = {
    SignalCategory.PSYCHISCH: "De richtlijn voor psychische problemen geldt: plan het spreekuur volgens die richtlijn.",
    SignalCategory.ANDERS: "De gewone termijnen gelden.",
}


class SignalForm(forms.Form):
    """Just enough to choose a guideline: a category from a closed list, and when it was asked."""

    category = forms.ChoiceField(
        label="Welke soort klachten noemt de werknemer?",
        choices=SignalCategory.choices,
        widget=forms.RadioSelect,
        help_text="Vraag niet verder: aard, oorzaak en behandeling horen bij de bedrijfsarts.",
    )
    happened_at = forms.DateTimeField(
        label="Gevraagd op",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


@dataclass(frozen=True)
class Row:
    """One signal, as a line."""

    when: str
    who: str
    category: str
    follows: str


@door(verb="read", section="signaal", side="signal")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def signals(request: Desk, pk: UUID) -> HttpResponse:
    """Show what was signalled, and record one: for whoever has the signalling task."""
    opened = Dossier.objects.open(pk, "signaal.read", actions.WRITE, purpose="signaal")
    opened.need("signaal.read")
    if request.method == "POST":
        opened.need(actions.WRITE)
    form = SignalForm(posted(request), initial={"happened_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.signal(by=request.user, opened=opened, key=made_by(request), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Het signaal is vastgelegd, buiten het procesdossier.")
            return redirect("signals", pk)
    found = list(
        Signal.objects.open_to(request.capacity, "read").filter(dossier=pk).order_by("-happened_at", "pk")
    )
    hold_keys(row.pk for row in found)
    people, labels = names(row.author_id for row in found), dict(SignalCategory.choices)
    context = {
        "balk": bar(opened, "signals"),
        "rijen": [
            Row(
                when=shown(row.happened_at),
                who=people.get(row.author_id, "de procesbewaker"),
                category=labels.get(row.category, row.category),
                follows=FOLLOWS.get(SignalCategory(row.category), ""),
            )
            for row in found
        ],
        "form": form,
        "mag_vastleggen": opened.may(actions.WRITE),
    }
    return render(request, "signals/signaal.html", context, status=400 if form.errors else 200)
