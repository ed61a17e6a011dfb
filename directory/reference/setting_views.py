"""Settings: what the practice chose, what holds without a choice, and why it is to be chosen at all."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.access.doors import door
from directory.people.dates import show_moment
from directory.people.errors import add_errors
from directory.people.models import Practice
from directory.people.offices import Desk, demand, may, posted
from directory.people.once import in_turn, made_by
from directory.reference import actions
from directory.reference.forms import SettingForm
from directory.reference.models import Setting, SettingDefinition

OFFICE = "accounts"
WAITS = "Vastgelegd. Dit telt zodra een bedrijfsarts het aanvaardt."


@dataclass(frozen=True)
class Choice:
    """One choice of the practice as the page shows it."""

    value: str
    since: str
    by: str
    reason: str
    state: str  # waits | coming | now | past
    accept_url: str = ""


@dataclass(frozen=True)
class Line:
    """One setting: what holds now, what waits, and what held before."""

    definition: SettingDefinition
    now: str
    default: str
    is_default: bool
    ahead: list[Choice]
    past: list[Choice]


def _lines(request: Desk, *, accepts: bool) -> list[Line]:
    rows = (
        Setting.objects.filter(pk__in=Setting.objects.open_to(request.capacity, "read").values("pk"))
        .select_related("set_by", "accepted_by")
        .order_by("-in_force_from", "-recorded_at")
    )
    by_code: dict[str, list[Setting]] = {}
    for row in rows:
        by_code.setdefault(row.definition_id, []).append(row)
    now = timezone.now()
    return [
        _line(definition, by_code.get(definition.code, []), now, accepts=accepts)
        for definition in SettingDefinition.objects.order_by("number")
    ]


def _line(definition: SettingDefinition, rows: list[Setting], now: datetime, *, accepts: bool) -> Line:
    begun = [row for row in rows if row.in_force_from is not None and row.in_force_from <= now]
    live = begun[0] if begun else None
    ahead = [row for row in rows if row not in begun]
    return Line(
        definition=definition,
        now=definition.said(live.value if live else definition.default_value),
        default=definition.said(definition.default_value),
        is_default=live is None,
        ahead=[_choice(definition, row, now, accepts=accepts) for row in ahead],
        past=[_choice(definition, row, now, accepts=False) for row in begun],
    )


def _choice(definition: SettingDefinition, row: Setting, now: datetime, *, accepts: bool) -> Choice:
    waits = row.in_force_from is None
    return Choice(
        value=definition.said(row.value),
        since=show_moment(row.in_force_from or row.starts_at),
        by=str(row.set_by) + (f", aanvaard door {row.accepted_by}" if row.accepted_by else ""),
        reason=row.reason,
        state="waits" if waits else "coming" if row.in_force_from > now else "past",
        accept_url=reverse("setting_accept", args=[row.pk]) if waits and accepts else "",
    )


@door(verb="read", section=OFFICE, side="practice")
@require_safe
def setting_list(request: Desk) -> HttpResponse:
    """List every setting with what holds now, its meaning, why it is to be chosen, and its source."""
    accepts = may(request, "taakcontract", "sign")
    if not accepts:
        demand(request, OFFICE, "read")
    context = {"regels": _lines(request, accepts=accepts), "mag_wijzigen": may(request, OFFICE, "write")}
    return render(request, "reference/instellingen.html", context)


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def setting_choose(request: Desk, number: int) -> HttpResponse:
    """Choose another value, from today or a later day, with the reason."""
    demand(request, OFFICE, "write")
    definition = SettingDefinition.objects.filter(number=number).first()
    if definition is None:
        raise Http404
    form = SettingForm(posted(request), definition=definition)
    if form.is_bound and form.is_valid():
        try:
            row = actions.choose(
                practice=Practice(pk=request.capacity.practice_id),
                definition=definition,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                starts_at=form.starts_at(),
                by=request.user,
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            waits = definition.medical and row.accepted_at is None
            messages.success(request, WAITS if waits else "De instelling is vastgelegd.")
            return redirect("settings")
    context = {
        "form": form,
        "instelling": definition,
        "standaard": definition.said(definition.default_value),
    }
    return render(request, "reference/instelling.html", context, status=400 if form.errors else 200)


@door(verb="sign", section="taakcontract", side="practice")
@require_POST
@in_turn
def setting_accept(request: Desk, pk: UUID) -> HttpResponse:
    """Accept, as bedrijfsarts, a choice that touches care."""
    demand(request, "taakcontract", "sign")
    row = Setting.objects.open_to(request.capacity, "read").filter(pk=pk, definition__medical=True).first()
    if row is None:
        raise Http404
    try:
        actions.accept(setting=row, by=request.user)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.success(request, "Aanvaard. De instelling telt vanaf nu.")
    return redirect("settings")
