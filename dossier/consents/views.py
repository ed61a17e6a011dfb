"""Toestemming: what the employee allowed, for what and whom; recording one, and withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from consent.models import Consent
from delegation.dates import show_period
from delegation.errors import add_errors
from delegation.offices import Desk, posted
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.panels.bar import bar
from dossier.records.loading import names
from dossier.team.people import members

from . import actions
from .forms import ACTS, ConsentForm, sections

ASKS = ("toestemming.read", actions.WRITE, "team.read")
RECEIVERS = ("gedelegeerde", "teamlid")


@dataclass(frozen=True)
class Row:
    """One consent, as a line. `end_url` is there while it runs, for who may end it."""

    section: str
    act: str
    receiver: str
    content: str
    given: str
    period: str
    tone: str
    tag: str
    end_url: str


def _open(pk: UUID) -> Opened:
    opened = Dossier.objects.open(pk, *ASKS, purpose="toestemming")
    opened.need("toestemming.read")
    return opened


def _rows(request: Desk, opened: Opened, at: datetime) -> list[Row]:
    """List what the reader may know of: all of it, or what he recorded himself."""
    found = list(
        Consent.objects.open_to(request.capacity, "read")
        .filter(relation=opened.dossier.relation_id)
        .order_by("-starts_at", "pk")
    )
    people, labels = names(row.recorded_by_id for row in found), dict(sections())
    return [_row(request, opened, row, people, labels, at) for row in found]


def _row(
    request: Desk, opened: Opened, row: Consent, people: dict[int, str], labels: dict[str, str], at: datetime
) -> Row:
    over = row.ends_at is not None and row.ends_at <= at
    ends = not over and (opened.may(actions.WRITE) or row.recorded_by_id == request.user.pk)
    return Row(
        section=labels.get(row.section, row.section),
        act=ACTS.get(row.verb, row.verb),
        receiver=row.receiver,
        content=row.content,
        given=f"{row.given_how} (vastgelegd door {people.get(row.recorded_by_id, 'een collega')})",
        period=show_period(row.starts_at, row.ends_at),
        tone="neutraal" if over else "ok",
        tag="Ingetrokken of verlopen" if over else "Geldig",
        end_url=reverse("consent_withdraw", args=[opened.dossier.pk, row.pk]) if ends else "",
    )


@door(verb="read", section="toestemming", side="medical")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def consents(request: Desk, pk: UUID) -> HttpResponse:
    """Show the consents of this employee, and record one."""
    opened = _open(pk)
    if request.method == "POST":
        opened.need(actions.WRITE)
    now = timezone.now()
    team = members(request.capacity, opened.dossier, now) if opened.may("team.read") else []
    colleagues = dict.fromkeys(
        (one.user_id, one.name) for one in team if one.role in RECEIVERS and not one.ended
    )
    form = ConsentForm(posted(request), colleagues=list(colleagues))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(
                by=request.user,
                opened=opened,
                section=form.cleaned_data["section"],
                verb=form.cleaned_data["verb"],
                receiver=form.to_whom(),
                content=form.cleaned_data["content"],
                given_how=form.cleaned_data["given_how"],
                receiver_user=form.receiver_user(),
                ends_at=form.ends_at(),
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De toestemming is vastgelegd en geldt vanaf nu, voor precies dit.")
            return redirect("consents", pk)
    context = {
        "balk": bar(opened, "consents"),
        "rijen": _rows(request, opened, now),
        "form": form,
        "mag_vastleggen": form.is_bound or actions.may_record(opened),
        "dossier_id": pk,
    }
    return render(request, "consents/toestemming.html", context, status=400 if form.errors else 200)


@door(verb="write", section="toestemming", side="medical")
@require_POST
@in_turn
def consent_withdraw(request: Desk, pk: UUID, key: UUID) -> HttpResponse:
    """End a consent now: whatever rests on it closes at the next statement."""
    opened = _open(pk)
    row = (
        Consent.objects.open_to(request.capacity, "read")
        .filter(pk=key, relation=opened.dossier.relation_id)
        .first()
    )
    if row is None:
        raise Http404
    if row.recorded_by_id != request.user.pk:
        opened.need(actions.WRITE)
    try:
        actions.withdraw(by=request.user, consent=row)
    except ValidationError:
        messages.info(request, "Deze toestemming was al geëindigd. U hoeft niets meer te doen.")
    else:
        messages.success(request, "De toestemming is ingetrokken. Wat ermee is gedaan, blijft vastgelegd.")
    return redirect("consents", pk)
