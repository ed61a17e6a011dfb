"""Rooms of the practice, and the secret address of one's own calendar."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from delegation.dates import show_moment
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from directory.access.doors import bare, door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by
from directory.people.models import Practice
from directory.reference.models import Location
from dossier.agenda import feeds, housing
from dossier.agenda.models import Room

from .forms import RoomForm


@door(verb="write", section="accounts", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def rooms(request: Desk) -> HttpResponse:
    """List the rooms with their location, and add one: the administrator keeps them."""
    demand(request, "accounts", "write")
    locations = Location.objects.open_to(request.capacity, "read").filter(in_use=True).order_by("name")
    form = RoomForm(posted(request), locations=locations)
    if request.method == "POST" and form.is_valid():
        try:
            housing.add_room(
                by=request.user,
                practice=Practice(pk=request.capacity.practice_id),
                key=made_by(request),
                **form.cleaned_data,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De ruimte is toegevoegd.")
            return redirect("rooms")
    known = Room.objects.open_to(request.capacity, "read").values("pk")
    rows = Room.objects.filter(pk__in=known).select_related("location").order_by("location__name", "name")
    return render(
        request, "planning/ruimtes.html", {"form": form, "rijen": rows}, status=400 if form.errors else 200
    )


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def feed(request: Desk) -> HttpResponse:
    """Make or end the address for one's own calendar program. The address is shown once."""
    demand(request, "agenda", "write")
    if request.capacity.side == "desk":
        raise NotAllowed("no_cell")
    address = ""
    if request.method == "POST":
        if request.POST.get("doe") == "beeindigen":
            feeds.revoke(by=request.user, capacity=request.capacity)
            messages.success(request, "Het adres werkt niet meer.")
            return redirect("feed")
        token = feeds.make(by=request.user, capacity=request.capacity)
        address = request.build_absolute_uri(reverse("ical", args=[token]))
    running = feeds.current(request.capacity)
    context = {"adres": address, "sinds": show_moment(running.made_at) if running else ""}
    return render(request, "planning/koppeling.html", context)


@bare
@login_not_required
@require_safe
def ical(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program when somebody is taken. No session, no name, no kind."""
    text = feeds.read(token[:100])
    if text is None:
        raise Http404
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store, private"}
    )
