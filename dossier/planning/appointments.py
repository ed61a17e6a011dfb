"""The appointments of one dossier: list, book, move, close, and the neutral invitation."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from delegation.errors import add_errors
from delegation.offices import Desk, posted
from directory.access import log
from directory.access.context import Capacity
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Practice
from dossier.agenda import actions, moments, roster
from dossier.agenda.kinds import HIDDEN_SECTIONS
from dossier.agenda.models import Entry, Room, State
from dossier.agenda.moments import span
from dossier.agenda.walls import OWN_CALENDAR
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.panels import days as pages
from dossier.panels.bar import bar

from .forms import AppointmentForm, CloseForm, MoveForm

READ, WRITE = "agenda.read", "agenda.write"
SEES_HIDDEN = ("medical", "desk")


def _asks(capacity: Capacity, *verbs: str) -> list[str]:
    """List what is asked of a dossier: outside the medical side no other section is ever named."""
    found = [READ if capacity.side != "desk" else "agenda.find", *(f"agenda.{verb}" for verb in verbs)]
    if capacity.side == "desk":
        found.append(READ)
    if capacity.side == "medical":
        found += [f"{section}.find" for section in HIDDEN_SECTIONS]
    return found


def _open(request: Desk, dossier: UUID, *verbs: str) -> Opened:
    asks = _asks(request.capacity, *verbs)
    opened = Dossier.objects.open(dossier, *asks, purpose="agenda")
    for ask in [f"agenda.{verb}" for verb in verbs] or [READ]:
        opened.need(ask)
    return opened


def _entry(request: Desk, opened: Opened, pk: UUID) -> Entry:
    """Load one appointment of this dossier, or the page of what does not exist."""
    may_see = Entry.objects.open_to(request.capacity, "read").filter(pk=pk, dossier=opened.dossier.pk)
    row = (
        Entry.objects.filter(pk__in=may_see.values("pk"))
        .select_related("engagement__user", "room__location")
        .first()
    )
    if row is None:
        raise Http404
    return row


@door(verb="read", section="agenda", side="process")
@require_safe
def appointments(request: Desk, dossier: UUID) -> HttpResponse:
    """List the appointments of a dossier, those to come first; to the employer's side when and where, and no more."""
    opened = _open(request, dossier)
    context: dict[str, Any] = {"balk": bar(opened, "appointments")}
    if request.capacity.side == "employer":
        context["rijen"] = pages.of_one()
        return render(request, "planning/verwacht_een.html", context)
    ids = Entry.objects.open_to(request.capacity, "read").filter(dossier=opened.dossier.pk).values("pk")
    rows = list(
        Entry.objects.filter(pk__in=ids).select_related("engagement__user").order_by("-starts_at", "pk")[:100]
    )
    named = pages.places(row.room_id for row in rows)
    now = timezone.now()
    mine = [_row(request, row, named) for row in rows]
    context |= {
        "komend": [line for row, line in zip(rows, mine, strict=True) if row.ends_at > now][::-1],
        "eerder": [line for row, line in zip(rows, mine, strict=True) if row.ends_at <= now],
        "nieuw_url": reverse("appointment_new", args=[dossier])
        if request.user.has_perm("dossier.agenda.write", opened.dossier)
        else "",
    }
    return render(request, "planning/afspraken.html", context)


def _row(request: Desk, row: Entry, named: dict[Any, str]) -> dict[str, Any]:
    here = [row.dossier_id, row.pk]
    planned, mine = row.state == State.PLANNED, _plans(request.capacity, row)
    tag = State(row.state).label
    if row.state == State.CANCELLED:
        tag = row.get_reason_display()
    return {
        "wanneer": f"{date_format(timezone.localtime(row.starts_at), 'l j F Y')}, {span(row.starts_at, row.ends_at)}",
        "soort": row.label,
        "bij": str(row.engagement.user),
        "plaats": pages.place_of(row, named),
        "stand": "" if planned else tag,
        "toon": pages.TONES.get(State(row.state), ""),
        "verzetten": reverse("appointment_move", args=here) if planned and mine else "",
        "afronden": reverse("appointment_close", args=here) if row.state != State.CANCELLED and mine else "",
        "uitnodiging": reverse("appointment_letter", args=here) if planned else "",
        "verborgen": row.hidden,
    }


def _plans(capacity: Capacity, row: Entry) -> bool:
    """Say whether a button is of use: the database decides."""
    own = row.engagement_id == capacity.engagement_id
    return own or (capacity.role not in OWN_CALENDAR and (not row.hidden or capacity.side == "desk"))


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def appointment_new(request: Desk, dossier: UUID) -> HttpResponse:
    """Book an appointment. What is not free is said beside the field, and what was chosen stays."""
    opened = _open(request, dossier, "write")
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            made = actions.book(
                by=request.user,
                opened=opened,
                kind=found["kind"],
                engagement=found["engagement"],
                starts_at=moments.moment(found["day"], found["time"]),
                minutes=found["minutes"],
                room=found["room"],
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"De afspraak staat op {pages.when(made)}.")
            return redirect("appointments", dossier)
    context = {"balk": bar(opened, "appointments"), "form": form, "dossier_id": dossier}
    return render(request, "planning/afspraak.html", context, status=400 if form.errors else 200)


def _form(request: Desk) -> AppointmentForm:
    """Make the form, with what the address proposes: the time that was pointed at in an agenda."""
    capacity = request.capacity
    known = roster.calendars(capacity)
    offered = [
        row.pk for row in known if capacity.role not in OWN_CALENDAR or row.pk == capacity.engagement_id
    ]
    calendars = (
        Engagement.objects.filter(pk__in=offered).select_related("user").order_by("user__display_name")
    )
    initial: dict[str, Any] = {"engagement": capacity.engagement_id, "day": timezone.localdate()}
    if (wie := request.GET.get("wie", "")) in {str(pk) for pk in offered}:
        initial["engagement"] = wie
    try:
        initial["day"] = date.fromisoformat(request.GET.get("dag", ""))
        initial["time"] = time.fromisoformat(request.GET.get("om", "")[:5])
    except ValueError:
        pass
    return AppointmentForm(
        posted(request),
        initial=initial,
        calendars=calendars,
        rooms=Room.objects.select_related("location").order_by("location__name", "name"),
        hidden=capacity.side in SEES_HIDDEN,
    )


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def move(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Move an appointment to another time or room."""
    opened = _open(request, dossier, "write")
    row = _entry(request, opened, pk)
    local = timezone.localtime(row.starts_at)
    initial = {
        "day": local.date(),
        "time": local.time(),
        "minutes": int((row.ends_at - row.starts_at).total_seconds() // 60),
        "room": row.room_id,
    }
    rooms = Room.objects.select_related("location").order_by("location__name", "name")
    form = MoveForm(posted(request), initial=initial, rooms=rooms)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            actions.move(
                by=request.user,
                opened=opened,
                entry=row,
                starts_at=moments.moment(found["day"], found["time"]),
                minutes=found["minutes"],
                room=found["room"],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"De afspraak is verzet naar {pages.when(row)}.")
            return redirect("appointments", dossier)
    return _answer(request, opened, row, form, "planning/verzetten.html")


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def close(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Record what became of an appointment."""
    opened = _open(request, dossier, "write")
    row = _entry(request, opened, pk)
    initial = {"outcome": State.HELD if row.starts_at <= timezone.now() else State.CANCELLED}
    form = CloseForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(by=request.user, opened=opened, entry=row, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De afspraak is afgerond.")
            return redirect("appointments", dossier)
    return _answer(request, opened, row, form, "planning/afronden.html")


def _answer(request: Desk, opened: Opened, row: Entry, form: Any, template: str) -> HttpResponse:
    context = {
        "balk": bar(opened, "appointments"),
        "form": form,
        "dossier_id": opened.dossier.pk,
        "afspraak": f"{row.label}, {pages.when(row)}, bij {row.engagement.user}",
    }
    return render(request, template, context, status=400 if form.errors else 200)


@door(verb="read", section="agenda", side="process")
@require_safe
def letter(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Write the invitation to the employee's own address: the same words whatever the appointment is for."""
    opened = _open(request, dossier, "write")
    row = _entry(request, opened, pk)
    if row.state != State.PLANNED:
        raise Http404
    person = opened.dossier.person
    log.note("print", dossier=dossier, record=row.pk, asks=[READ])
    context = {
        "praktijk": Practice.objects.get(pk=request.capacity.practice_id),
        "naam": person.name,
        "adres": [line for line in (person.street, f"{person.postcode} {person.city}".strip()) if line],
        "vandaag": date_format(timezone.localdate(), "j F Y"),
        "dag": date_format(timezone.localtime(row.starts_at), "l j F Y"),
        "tijd": span(row.starts_at, row.ends_at),
        "bij": str(row.engagement.user),
        "locatie": row.room.location if row.room else None,
        "ruimte": row.room.name if row.room else "",
        "terug": reverse("appointments", args=[dossier]),
    }
    return render(request, "planning/uitnodiging.html", context)
