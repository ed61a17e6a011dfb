"""Te beoordelen: what was signed under supervision and not looked at, and the judgement beside the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from delegation.dates import show_day, show_moment
from delegation.offices import Desk
from directory.access.doors import door
from directory.access.grid import the_grid
from directory.access.refusals import NotAllowed, NotYet
from directory.accounts.once import in_turn
from directory.people.models import Role
from dossier.medical.models import MedicalRecord
from dossier.medical.review import Review, waiting
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.panels.bar import bar
from dossier.panels.names import born, filed
from dossier.records.kinds import panel_of
from dossier.records.loading import RecordView, names, present
from dossier.records.rows import hold_keys

from . import actions
from .forms import ReviewForm

PAGE = 50
BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
SECTIONS = tuple(code for code, section in the_grid().sections.items() if section.side == "medical")
ASKS = ("supervisie.read", "supervisie.write", "team.read", *(f"{code}.read" for code in SECTIONS))


@dataclass(frozen=True)
class Row:
    """One dossier in which something waits."""

    url: str
    name: str
    born: str
    many: int
    since: str


@dataclass(frozen=True)
class Judged:
    """One record with what the supervisor said of it."""

    key: UUID
    url: str
    record: RecordView | None
    when: str
    reviewed: str
    remark: str
    error: str = ""
    typed: str = ""


@door(verb="find", section="supervisie", side="medical")
@require_safe
def reviews(request: Desk) -> HttpResponse:
    """List the dossiers in which something of a supervised physician waits, the longest waiting first."""
    if request.capacity.role not in (Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE):
        raise NotAllowed("only_physician_supervises")
    found = waiting(PAGE, _moment(request.GET.get("na", "")) or BEGIN)
    dossiers = Dossier.objects.listed([pk for pk, _, _ in found])
    context = {
        "rijen": [
            Row(
                url=reverse("dossier_reviews", args=[pk]),
                name=filed(dossiers[pk].person),
                born=born(dossiers[pk].person),
                many=many,
                since=show_day(timezone.localdate(oldest)),
            )
            for pk, many, oldest in found
            if pk in dossiers
        ],
        "ouder": reverse("reviews", query={"na": found[-1][2].isoformat()}) if len(found) == PAGE else "",
    }
    return render(request, "oversight/te_beoordelen.html", context)


def _moment(text: str) -> datetime | None:
    """Read the place in the list from the address; anything else is the beginning."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _open(pk: UUID) -> Opened:
    opened = Dossier.objects.open(pk, *ASKS, purpose="supervisie")
    opened.need("supervisie.read")
    return opened


@door(verb="read", section="supervisie", side="medical")
@require_safe
def dossier_reviews(request: Desk, pk: UUID) -> HttpResponse:
    """What was signed under supervision in this dossier, with the judgement; a physician sees his own."""
    return _show(request, _open(pk))


def _show(request: Desk, opened: Opened, wrong: dict[UUID, ReviewForm] | None = None) -> HttpResponse:
    found = list(
        Review.objects.open_to(request.capacity, "read")
        .filter(dossier=opened.dossier.pk)
        .order_by("-signed_at", "pk")
    )
    context: dict[str, Any] = {
        "balk": bar(opened, "team"),
        "stukken": _judged(request, opened, found, wrong or {}),
        "mag_beoordelen": opened.may(actions.ASK),
        "dossier_id": opened.dossier.pk,
    }
    return render(request, "oversight/dossier.html", context, status=400 if wrong else 200)


def _judged(
    request: Desk, opened: Opened, found: list[Review], wrong: dict[UUID, ReviewForm]
) -> list[Judged]:
    """Put each judgement beside its text: what was looked at must be there to look at."""
    headers = MedicalRecord.objects.open_to(request.capacity, "read").filter(
        pk__in=[row.record_id for row in found]
    )
    views = present(opened, panel_of("medical"), list(headers))
    hold_keys(row.pk for row in found if row.reviewed_at)
    people = names(row.reviewed_by_id for row in found if row.reviewed_by_id)
    return [
        Judged(
            key=row.pk,
            url=""
            if row.reviewed_at or row.physician_id == request.user.pk
            else reverse("review_done", args=[opened.dossier.pk, row.pk]),
            record=views.get(row.record_id),
            when=show_moment(row.signed_at),
            reviewed=f"{show_moment(row.reviewed_at)}, {people.get(row.reviewed_by_id or 0, 'de bedrijfsarts')}"
            if row.reviewed_at
            else "",
            remark=row.remark or "",
            error=" ".join(wrong[row.pk].errors.get("opmerking", [])) if row.pk in wrong else "",
            typed=wrong[row.pk].data.get("opmerking", "") if row.pk in wrong else "",
        )
        for row in found
    ]


@door(verb="write", section="supervisie", side="medical")
@require_POST
@in_turn
def review_done(request: Desk, pk: UUID, key: UUID) -> HttpResponse:
    """Record that the supervisor looked at this."""
    opened = _open(pk)
    opened.need(actions.ASK)
    row = Review.objects.open_to(request.capacity, "read").filter(pk=key, dossier=pk).first()
    if row is None:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, opened, {key: form})
    try:
        actions.review(by=request.user, opened=opened, row=row, remark=form.cleaned_data["opmerking"])
    except NotYet as refusal:
        if refusal.code != "already_reviewed":
            raise
        messages.info(request, "Dit was al beoordeeld. U hoeft niets meer te doen.")
    else:
        messages.success(request, "Beoordeeld. De arts onder supervisie ziet dit in het dossier.")
    return redirect("dossier_reviews", pk)
