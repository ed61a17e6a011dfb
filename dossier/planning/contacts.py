"""Nieuw contact: somebody walks in at the open spreekuur, and is written down at once."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from delegation.offices import Desk, demand, posted
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn
from directory.people.models import Relation, Role
from dossier.agenda import contacts
from dossier.panels.names import born, filed
from dossier.records.kinds import places
from dossier.records.places import new_url

from .forms import ContactForm


def _physician(request: Desk) -> None:
    demand(request, "personen", "find")
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("no_cell")


@door(verb="find", section="personen", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: Desk) -> HttpResponse:
    """Find an employee of one's clients by surname and birth date. Whether he has a dossier is not said."""
    _physician(request)
    form = ContactForm(posted(request))
    rows: list[Relation] = []
    searched = request.method == "POST" and form.is_valid()
    if searched:
        rows = contacts.people(request.capacity, **_named(form))
    context = {
        "form": form,
        "gezocht": searched,
        "rijen": [
            {
                "naam": filed(row.person),
                "geboren": born(row.person),
                "werkgever": row.employer.name if row.employer else row.get_kind_display(),
                "url": reverse("contact_open", args=[row.pk]),
            }
            for row in rows
        ],
    }
    return render(request, "planning/contact.html", context, status=400 if form.errors else 200)


def _named(form: ContactForm) -> dict[str, object]:
    return {"surname": form.cleaned_data["surname"], "born": form.cleaned_data["birth_date"]}


@door(verb="write", section="personen", side="practice")
@require_POST
@in_turn
def contact_open(request: Desk, pk: UUID) -> HttpResponse:
    """Open the dossier on one's own hand, and go on to the note."""
    _physician(request)
    relation = Relation.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if relation is None:
        raise Http404
    dossier = contacts.begin(by=request.user, capacity=request.capacity, relation=relation)
    place = next(place for place in places("medical") if place.section == contacts.PURPOSE)
    return redirect(new_url(dossier, place))
