"""Screens of supervision: who works under whom, taking somebody under supervision, ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from delegation.contracts.forms import ReasonForm
from delegation.dates import show_period
from delegation.errors import add_errors
from delegation.offices import Desk, posted
from delegation.people import colleagues, employers, named
from delegation.supervision import actions
from delegation.supervision.forms import SupervisionForm, purposes
from delegation.supervision.models import Supervision
from directory.access.doors import door
from directory.access.refusals import NotAllowed, NotYet
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Role

BOTH = (Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE)


@dataclass(frozen=True)
class Line:
    """One supervision."""

    physician: str
    supervisor: str
    scope: str
    period: str
    tone: str
    tag: str
    end_url: str


def _mine(request: Desk) -> list[Supervision]:
    """Supervisions of the reader, as either of the two; the ground is seen by nobody else."""
    me = request.capacity.engagement_id
    people = ("supervisor__user__professional", "physician__user__professional", "ground")
    may_read = Supervision.objects.open_to(request.capacity, "read").values("pk")
    rows = Supervision.objects.filter(Q(supervisor=me) | Q(physician=me), pk__in=may_read)
    return list(
        rows.select_related(*people)
        .prefetch_related("ground__scope__employer", "ground__scope__relation__person")
        .order_by("-ground__starts_at", "pk")
    )


def _line(row: Supervision, me: UUID, at: datetime) -> Line:
    ground = row.ground
    over = ground.ends_at is not None and ground.ends_at <= at
    tone, tag = ("neutraal", "Beëindigd") if over else ("ok", "Loopt")
    if ground.starts_at > at:
        tone, tag = "info", "Begint later"
    scope = [
        name
        for part in ground.scope.all()
        if (
            name := part.employer.name
            if part.employer
            else part.relation.person.name
            if part.relation
            else ""
        )
    ]
    labels = dict(purposes())
    return Line(
        physician=named(row.physician),
        supervisor=named(row.supervisor),
        scope=f"{', '.join(scope) or 'alle werknemers van de supervisor'} · "
        f"{', '.join(labels.get(code, code).lower() for code in ground.purposes)}",
        period=show_period(ground.starts_at, ground.ends_at),
        tone=tone,
        tag=tag,
        end_url=reverse("supervision_end", args=[row.pk]) if row.supervisor_id == me and not over else "",
    )


@door(verb="read", section="supervisie", side="medical")
@require_safe
def supervisions(request: Desk) -> HttpResponse:
    """Who works under supervision of the reader, or under whom the reader works."""
    if request.capacity.role not in BOTH:
        raise NotAllowed("only_physician_supervises")
    now = timezone.now()
    lines = [_line(row, request.capacity.engagement_id, now) for row in _mine(request)]
    context = {
        "rijen": lines,
        "mag_aanstellen": request.capacity.role == Role.BEDRIJFSARTS,
    }
    return render(request, "delegation/supervisions.html", context)


def _self(request: Desk) -> Engagement:
    """Load the reader's own engagement, as bedrijfsarts: nobody takes somebody under the supervision of another."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("only_physician_supervises")
    return Engagement.objects.select_related("user").get(pk=request.capacity.engagement_id)


@door(verb="write", section="supervisie", side="medical")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def supervision_begin(request: Desk) -> HttpResponse:
    """Take a physician under one's own supervision."""
    me, now = _self(request), timezone.now()
    form = SupervisionForm(
        posted(request),
        physicians=colleagues(request.capacity.practice_id, Role.ARTS_ONDER_SUPERVISIE, now),
        employers=employers(request.capacity),
        initial={"starts_on": timezone.localdate(), "purposes": ["begeleiding"]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint(
                by=request.user,
                supervisor=me,
                physician=form.cleaned_data["physician"],
                starts_at=form.starts_at(),
                ends_at=form.ends_at(),
                purposes=form.cleaned_data["purposes"],
                employers=form.picked_employers(),
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                "De supervisie is vastgelegd. Een dossier gaat open als de werknemer van de supervisie weet.",
            )
            return redirect("supervisions")
    context = {"form": form, "niemand": not form.fields["physician"].rows}  # type: ignore[attr-defined]
    return render(request, "delegation/supervision_begin.html", context, status=400 if form.errors else 200)


@door(verb="write", section="supervisie", side="medical")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def supervision_end(request: Desk, key: UUID) -> HttpResponse:
    """End a supervision now, with the reason."""
    me = _self(request)
    row = next((one for one in _mine(request) if one.pk == key and one.supervisor_id == me.pk), None)
    if row is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(by=request.user, supervision=row, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        except NotYet:
            messages.info(request, "Deze supervisie was al beëindigd. U hoeft niets meer te doen.")
            return redirect("supervisions")
        else:
            messages.success(request, "De supervisie is beëindigd. Wat is ondertekend, blijft zoals het is.")
            return redirect("supervisions")
    context = {"form": form, "arts": str(row.physician.user)}
    return render(request, "delegation/supervision_end.html", context, status=400 if form.errors else 200)
