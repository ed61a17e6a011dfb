"""The agenda: one's own days, several calendars side by side, and the blocks one publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegation.errors import add_errors
from delegation.offices import Desk, demand, may, posted
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Role
from dossier.agenda import actions, moments, roster
from dossier.agenda.models import Entry, Room
from dossier.models import Dossier
from dossier.panels import days as pages
from dossier.panels.names import born, filed
from dossier.today.typed import read

from .forms import BlockForm

DAY, WEEK = "dag", "week"
MOST = 8  # calendars beside each other
FOUND = 50


@dataclass(frozen=True)
class View:
    """What the address asks: which day, a day or a week, whose calendars."""

    day: date
    week: bool
    chosen: list[UUID]

    @property
    def days(self) -> list[date]:
        if not self.week:
            return [self.day]
        monday = self.day - timedelta(days=self.day.weekday())
        return [monday + timedelta(days=n) for n in range(5 if self.day.weekday() < 5 else 7)]

    def url(self, *, days: int = 0, week: bool | None = None, day: date | None = None) -> str:
        query = {
            "dag": f"{(day or self.day) + timedelta(days=days):%Y-%m-%d}",
            "beeld": WEEK if (self.week if week is None else week) else DAY,
            "wie": [str(one) for one in self.chosen],
        }
        return reverse("agenda", query=query)


def _day(text: str) -> date:
    """Read a day from an address; anything else, and what no agenda reaches, is today."""
    today = timezone.localdate()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if abs(found - today) < timedelta(days=3660) else today


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: MOST * 2]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _view(query: QueryDict, reader: pages.Reader, known: list[Engagement]) -> View:
    asked = set(_uuids(query.getlist("wie")))
    own = reader.capacity.engagement_id
    chosen = [row.pk for row in known if row.pk in asked]
    if not chosen:
        # One's own; of who plans for a physician, also his.
        begins = {own, *reader.keeps, *(roster.under(reader.capacity) if reader.plans_for_others else ())}
        chosen = [row.pk for row in known if row.pk in begins]
    if not chosen:
        chosen = [row.pk for row in known if row.role == Role.BEDRIJFSARTS]
    return View(_day(query.get("dag", "")), query.get("beeld") == WEEK, chosen[:MOST])


@door(verb="read", section="agenda", side="process")
@require_safe
def agenda(request: Desk) -> HttpResponse:
    """Show calendars: what one may see by name, the rest as taken; to an employer's casemanager only when and where."""
    demand(request, "agenda", "read", "find", "write", "roster")
    capacity = request.capacity
    if capacity.side == "employer":
        return render(request, "planning/verwacht.html", {"rijen": pages.for_employer(capacity)})
    reader = pages.reader_of(capacity)
    known = roster.calendars(capacity)
    view = _view(request.GET, reader, known)
    shown = [row for row in known if row.pk in view.chosen]
    step = 7 if view.week else 1
    context = {
        "kolommen": pages.columns(reader, shown, view.days) if shown else [],
        "meer": len(shown) > 1,
        "week": view.week,
        "titel": _title(view),
        "vorige": view.url(days=-step),
        "volgende": view.url(days=step),
        "vandaag": view.url(day=timezone.localdate()),
        "ander_beeld": view.url(week=not view.week),
        "agendas": [
            {"pk": row.pk, "naam": str(row.user), "rol": row.get_role_display(), "aan": row.pk in view.chosen}
            for row in known
        ],
        "dag": f"{view.day:%Y-%m-%d}",
        "beeld": WEEK if view.week else DAY,
        "mag_plannen": reader.plans,
        "mag_blokken": reader.publishes,
        "mag_koppelen": reader.plans and capacity.side != "desk",
        "mag_contact": capacity.role == Role.BEDRIJFSARTS,
        "mag_ruimtes": may(request, "accounts", "write"),
    }
    return render(request, "planning/agenda.html", context)


def _title(view: View) -> str:
    if not view.week:
        return date_format(view.day, "l j F Y")
    return (
        f"Week {view.day.isocalendar().week}, {date_format(view.days[0], 'j F')} tot en met "
        + date_format(view.days[-1], "j F Y")
    )


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Desk) -> HttpResponse:
    """Find the employee for whom an appointment is made. The time that was chosen travels in the address."""
    demand(request, "agenda", "write")
    typed = read(request.POST.get("q", ""))
    dossiers: list[Dossier] = []
    if typed.searchable:
        dossiers = Dossier.objects.search(key=typed.key, born=typed.born, n=FOUND)
    query = {name: request.GET[name] for name in ("wie", "dag", "om") if request.GET.get(name)}
    context = {
        "q": typed.text,
        "gezocht": typed.searchable,
        "fout": typed.problem,
        "vol": len(dossiers) == FOUND,
        "hier": reverse("agenda_find", query=query),
        "rijen": [
            {
                "naam": filed(row.person),
                "geboren": born(row.person),
                "werkgever": row.employer.name if row.employer else "",
                "url": reverse("appointment_new", args=[row.pk], query=query),
            }
            for row in dossiers
        ],
    }
    return render(request, "planning/boeken.html", context)


@door(verb="write", section="agenda", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def block_new(request: Desk) -> HttpResponse:
    """Publish time in one's own calendar that nobody can book, before anybody asked for it."""
    demand(request, "agenda", "write")
    if not pages.reader_of(request.capacity).publishes:
        raise NotAllowed("no_cell")
    rooms = Room.objects.select_related("location").order_by("location__name", "name")
    form = BlockForm(posted(request), rooms=rooms, initial={"minutes": 120})
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            made = actions.publish(
                by=request.user,
                engagement=Engagement.objects.get(pk=request.capacity.engagement_id),
                starts_at=moments.moment(found["day"], found["time"]),
                minutes=found["minutes"],
                room=found["room"],
                weeks=found["weeks"],
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                "Het blok staat in uw agenda." if len(made) == 1 else "De blokken staan in uw agenda.",
            )
            return redirect(reverse("agenda", query={"dag": f"{found['day']:%Y-%m-%d}"}))
    return render(request, "planning/blok.html", {"form": form}, status=400 if form.errors else 200)


@door(verb="write", section="agenda", side="process")
@require_POST
@in_turn
def block_withdraw(request: Desk, pk: UUID) -> HttpResponse:
    """Withdraw a block of one's own that holds nothing."""
    demand(request, "agenda", "write")
    block = (
        Entry.objects.open_to(request.capacity, "read")
        .filter(pk=pk, dossier__isnull=True, engagement=request.capacity.engagement_id)
        .first()
    )
    if block is None:
        raise Http404
    day = timezone.localdate(block.starts_at)
    try:
        actions.withdraw(by=request.user, block=block)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Het blok is ingetrokken; de tijd is weer vrij.")
    return redirect(reverse("agenda", query={"dag": f"{day:%Y-%m-%d}"}))
