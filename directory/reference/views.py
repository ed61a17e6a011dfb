"""The practice: where it is, when it is closed, and the way to what it keeps about itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.access.doors import door
from directory.people.errors import add_errors
from directory.people.models import Practice
from directory.people.offices import Desk, demand, may, posted
from directory.people.once import in_turn, made_by
from directory.reference import actions
from directory.reference.forms import ClosingForm, LocationEditForm, LocationForm
from directory.reference.models import ClosingDays, Holiday, Location

OFFICE = "accounts"  # what the administrator keeps, besides the people


@door(verb="read", section=OFFICE, side="practice")
@require_safe
def practice(request: Desk) -> HttpResponse:
    """The practice as everybody who works there knows it."""
    capacity, today = request.capacity, timezone.localdate()
    locations = Location.objects.open_to(capacity, "read").order_by("name")
    closed = ClosingDays.objects.open_to(capacity, "read").filter(withdrawn=False, last_day__gte=today)
    writes = may(request, OFFICE, "write")
    context = {
        "praktijk": Practice.objects.open_to(capacity, "read").get(pk=capacity.practice_id),
        "vestigingen": [row for row in locations if row.in_use or writes],
        "gesloten": closed.order_by("first_day"),
        "feestdagen": Holiday.objects.filter(day__gte=today, day__lt=today + timedelta(days=366)),
        "mag_wijzigen": writes,
        "mag_professionals": may(request, "professionals", "read"),
        "mag_instellingen": may(request, OFFICE, "read") or may(request, "taakcontract", "sign"),
    }
    return render(request, "reference/praktijk.html", context)


def _practice(request: Desk) -> Practice:
    return Practice(pk=request.capacity.practice_id)


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def location_add(request: Desk) -> HttpResponse:
    """Add a place where the practice receives people."""
    demand(request, OFFICE, "write")
    form = LocationForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            actions.add_location(
                practice=_practice(request), by=request.user, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De vestiging is toegevoegd.")
            return redirect("practice")
    return _form(request, form, "Vestiging toevoegen", "Toevoegen")


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def location_edit(request: Desk, pk: UUID) -> HttpResponse:
    """Correct a location, or take it out of use."""
    demand(request, OFFICE, "write")
    row = Location.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if row is None:
        raise Http404
    now = {name: getattr(row, name) for name in LocationEditForm.base_fields}
    form = LocationEditForm(posted(request), initial=now)
    if form.is_bound and form.is_valid():
        try:
            actions.change_location(location=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De vestiging is gewijzigd.")
            return redirect("practice")
    return _form(request, form, "Vestiging wijzigen", "Wijzigen")


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def closing_add(request: Desk) -> HttpResponse:
    """Say on which days the practice is closed."""
    demand(request, OFFICE, "write")
    form = ClosingForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            actions.close_on(
                practice=_practice(request), by=request.user, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De sluitingsdagen zijn vastgelegd.")
            return redirect("practice")
    return _form(request, form, "Sluitingsdagen toevoegen", "Vastleggen")


@door(verb="write", section=OFFICE, side="practice")
@require_POST
@in_turn
def closing_withdraw(request: Desk, pk: UUID) -> HttpResponse:
    """Take closing days back."""
    demand(request, OFFICE, "write")
    row = ClosingDays.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if row is None:
        raise Http404
    actions.withdraw(days=row, by=request.user)
    messages.success(request, "De sluitingsdagen zijn ingetrokken.")
    return redirect("practice")


def _form(request: Desk, form: Any, heading: str, button: str) -> HttpResponse:
    context = {"form": form, "kop": heading, "knop": button}
    return render(request, "reference/formulier.html", context, status=400 if form.errors else 200)
