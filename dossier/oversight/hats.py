"""Twee petten: the bedrijfsarts decides whether two tasks for one employee can be kept apart (Leidraad §1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from delegation.errors import add_errors
from delegation.fields import DayField
from delegation.offices import Desk, posted
from delegation.separation import actions
from directory.access.doors import door
from directory.access.grid import the_grid
from directory.access.refusals import NotAllowed
from directory.accounts.models import User
from directory.accounts.once import in_turn, made_by
from directory.people.models import Role
from dossier.models import Dossier, DossierGrant, hats
from dossier.models.shell import Opened
from dossier.panels.bar import bar
from dossier.panels.names import born, filed
from dossier.records.loading import names

MOST = 200
STATES = {
    None: ("wacht", "Nog niet besloten"),
    True: ("ok", "Kan gescheiden blijven"),
    False: ("fout", "Kan niet gescheiden blijven"),
}


class SeparationForm(forms.Form):
    """Whether both tasks can be kept apart, why, and how."""

    separable = forms.TypedChoiceField(
        label="Kunnen beide taken gescheiden blijven?",
        choices=[
            ("ja", "Ja, met de grenzen hieronder"),
            ("nee", "Nee: beide blijven dicht, één taak moet vervallen"),
        ],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Waarom?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    boundaries = forms.CharField(
        label="Hoe wordt de grens bewaakt?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nodig als het gescheiden kan: bijvoorbeeld andere dagen, geen verslag in beide dossiers.",
    )
    review_on = DayField(label="Opnieuw bekijken op", required=False)


@dataclass(frozen=True)
class Row:
    """One person with two hats for one employee."""

    who: str
    employee: str
    born: str
    url: str
    tone: str
    tag: str


@door(verb="find", section="team", side="process")
@require_safe
def two_hats(request: Desk) -> HttpResponse:
    """List who works on both sides for an employee of the reader, those without a decision first."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("only_physician_separates")
    found = hats.ask(MOST)
    dossiers = Dossier.objects.listed(row[0] for row in found)
    people = names(who for _, who, _, _ in found)
    rows = [
        Row(
            who=people.get(who, ""),
            employee=filed(dossiers[pk].person),
            born=born(dossiers[pk].person),
            url=reverse("separation", args=[pk, hat]),
            tone=STATES[decided][0],
            tag=STATES[decided][1],
        )
        for pk, who, hat, decided in sorted(found, key=lambda row: (row[3] is not None, str(row[0])))
        if pk in dossiers
    ]
    return render(request, "oversight/twee_petten.html", {"rijen": rows})


def _both(opened: Opened, hat: UUID) -> tuple[int, list[tuple[str, str]]]:
    """Find who it is about, and in which two roles he stands on this dossier or a sister of it."""
    row = next((row for row in hats.ask(MOST) if row[0] == opened.dossier.pk and row[2] == hat), None)
    if row is None:
        raise Http404
    grants = DossierGrant.objects.filter(content_object=opened.dossier.pk, user=row[1]).select_related(
        "ground"
    )
    roles = [
        (
            the_grid().roles[grant.role].label,
            "werkgeverszijde" if grant.role in EMPLOYERS else "onder de bedrijfsarts",
        )
        for grant in grants.order_by("ground__starts_at", "pk")
    ]
    return row[1], list(dict.fromkeys(roles))


EMPLOYERS = ("casemanager", "overig_b")


@door(verb="team", section="team", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def separation(request: Desk, pk: UUID, hat: UUID) -> HttpResponse:
    """Decide about two hats for one employee; a new decision replaces the running one."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("only_physician_separates")
    opened = Dossier.objects.open(pk, "team.team", "team.read", purpose="team")
    opened.need("team.team")
    user, roles = _both(opened, hat)
    form = SeparationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(
                by=request.user,
                user=User(pk=user),
                person=opened.dossier.person,
                key=made_by(request),
                **form.cleaned_data,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Het besluit is vastgelegd en geldt vanaf nu.")
            return redirect("two_hats")
    context: dict[str, Any] = {
        "balk": bar(opened, "team"),
        "form": form,
        "wie": names([user]).get(user, ""),
        "rollen": roles,
    }
    return render(request, "oversight/besluit.html", context, status=400 if form.errors else 200)
