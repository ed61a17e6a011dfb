"""The screen on which somebody assesses whether a text in the wrong dossier is a breach."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.dates import show_moment
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn
from dossier.models import Dossier
from dossier.models.breach import Outcome

from . import breach
from .fields import PlainText
from .keptviews import kept_asks
from .loading import names
from .pages import Desk, dossier_url, gives_back, person_bar
from .rows import hold_keys


class BreachForm(forms.Form):
    """Whether somebody can have read it, what follows, and why."""

    seen = forms.TypedChoiceField(
        label="Kan iemand het hebben gelezen die dat niet mocht?",
        choices=[("ja", "Ja, of het is niet uit te sluiten"), ("nee", "Nee")],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies ja of nee.", "invalid_choice": "Kies ja of nee."},
    )
    outcome = forms.ChoiceField(
        label="Wat volgt hieruit?",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat hieruit volgt.", "invalid_choice": "Kies wat hieruit volgt."},
    )
    reason = PlainText(
        label="Waarom",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Deze afweging blijft bewaard. Schrijf er geen medische gegevens in.",
        error_messages={"required": "Schrijf op waarom u dit besluit."},
    )


@door(verb="amend", section="*", side="dossier")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@gives_back("reason", "Waarom")
def breach_assess(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Show who opened that part while the text stood there, and record the decision."""
    opened = Dossier.objects.open(dossier, breach.LOOKED, *kept_asks())
    opened.need(breach.LOOKED)
    row = breach.one(opened, pk)
    if not breach.may_assess(opened, row):
        raise NotAllowed("no_cell")
    form = BreachForm(request.POST if request.method == "POST" and row.assessed_at is None else None)
    if request.method == "POST" and row.assessed_at is not None:
        messages.info(request, "Hierover is al besloten.")
        return redirect(dossier_url(dossier))
    if form.is_valid():
        breach.decide(by=request.user, opened=opened, pk=pk, **form.cleaned_data)
        messages.success(request, "Besluit vastgelegd. De oude tekst is vernietigd.")
        return redirect(dossier_url(dossier))
    context = {
        "form": form,
        # The officer of data protection reads no heading of a dossier that began voluntarily.
        "persoon": None if request.capacity.side == "admin" else person_bar(opened),
        "blik": breach.looks(row),
        "geschreven": show_moment(row.written_at),
        "verplaatst": show_moment(row.moved_at),
        "door": names([row.moved_by_id]).get(row.moved_by_id, "een collega"),
        "klok": _clock(row),
        "besluit": _decision(row),
        "terug_url": dossier_url(dossier),
    }
    return render(request, "records/afweging.html", context, status=400 if form.errors else 200)


def _clock(row: Any) -> dict[str, Any]:
    """Say how long there is to report: 72 hours from the moment one knew."""
    until = row.moved_at + breach.HOURS
    left = int((until - timezone.now()).total_seconds() // 3600)
    return {"tot": show_moment(until), "uren": left, "voorbij": left < 0}


def _decision(row: Any) -> list[tuple[str, str]]:
    if row.assessed_at is None:
        return []
    hold_keys([row.pk])
    who = names([row.assessed_by_id]).get(row.assessed_by_id, "een collega")
    return [
        ("Besloten", f"{show_moment(row.assessed_at)}, {who}"),
        ("Kan gelezen zijn", "ja, of niet uit te sluiten" if row.seen else "nee"),
        ("Besluit", Outcome(row.outcome).label),
        ("Waarom", row.reason or ""),
    ]
