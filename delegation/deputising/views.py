"""Screens of deputising and absence. They hold no rules: actions and database decide who may arrange what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from delegation.checks import during
from delegation.contracts.forms import ReasonForm
from delegation.dates import end_of
from delegation.deputising import absence as absence_actions
from delegation.deputising import actions, pages, standing
from delegation.deputising.forms import AbsenceForm, DeputiseForm, StandingForm
from delegation.deputising.models import Absence, Deputising, StandingDeputy
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from delegation.people import colleagues
from directory.access.doors import door
from directory.access.refusals import NotAllowed, Refusal
from directory.accounts.factor import ask_again, fresh_second_factor
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Role

HOME = "deputising"


def _physicians(request: Desk) -> list[Engagement]:
    return colleagues(request.capacity.practice_id, Role.BEDRIJFSARTS, timezone.now())


def _roles(request: Desk, code: str, *roles: Role) -> None:
    """Refuse the page to whoever could never send it; the action asks again who acts."""
    if request.capacity.role not in roles:
        raise NotAllowed(code)


@door(verb="read", section="professionals", side="practice")
@require_safe
def deputising(request: Desk) -> HttpResponse:
    """Who stands in for whom, who is away, and who may stand in: for everybody who works with them."""
    demand(request, "professionals", "read")
    now, role = timezone.now(), request.capacity.role
    context = {
        "waarnemingen": pages.deputisings(request.capacity, now),
        "afwezigen": pages.absences(request.capacity, now),
        "regelingen": pages.standings(request.capacity, now),
        "mag_regelen": role in (Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER),
        "mag_tekenen": role == Role.BEDRIJFSARTS,
    }
    return render(request, "delegation/deputising.html", context)


def _choices(request: Desk) -> dict[str, list[Engagement]]:
    """Say between whom one can choose: the practice all, a bedrijfsarts himself and who named him beforehand."""
    everybody = _physicians(request)
    if request.capacity.role == Role.PRAKTIJKBEHEERDER:
        return {"replaced": everybody, "deputies": everybody}
    me = request.capacity.engagement_id
    for_whom = set(
        StandingDeputy.objects.filter(during(timezone.now()), deputy=me).values_list("physician", flat=True)
    )
    replaced = [row for row in everybody if row.pk == me or row.pk in for_whom]
    return {"replaced": replaced, "deputies": everybody}


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def deputising_begin(request: Desk) -> HttpResponse:
    """Let a colleague stand in over a period; whoever was named beforehand begins himself."""
    _roles(request, "who_appoints_deputies", Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER)
    form = DeputiseForm(posted(request), initial={"starts_on": timezone.localdate()}, **_choices(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.begin(
                by=request.user,
                replaced=form.cleaned_data["replaced"],
                deputy=form.cleaned_data["deputy"],
                starts_at=form.starts_at(),
                ends_at=end_of(form.cleaned_data["ends_on"]),
                reason=form.cleaned_data["reason"],
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        except NotAllowed:
            # Between these two nothing was signed: said beside the choice, and nothing typed is lost.
            form.add_error("deputy", NOT_BETWEEN)
        else:
            return _begun(request, row)
    context = {"form": form, "regelingen": request.capacity.role == Role.BEDRIJFSARTS}
    return render(request, "delegation/deputising_begin.html", context, status=400 if form.errors else 200)


NOT_BETWEEN = (
    "Dit kunt u niet regelen: deze collega staat niet in de waarneemregeling, of u bent geen van beiden. "
    "Vraag de bedrijfsarts of de praktijkbeheerder."
)


def _begun(request: Desk, row: Deputising) -> HttpResponse:
    """Lead the deputy to those who must be told; anybody else back to the page of deputising."""
    if row.deputy_id == request.capacity.engagement_id:
        messages.success(request, "De waarneming is vastgelegd. Vertel de werknemers wie er nu waarneemt.")
        return redirect("untold")
    messages.success(
        request, "De waarneming is vastgelegd. De waarnemer ziet wie er nog geïnformeerd moet worden."
    )
    return redirect(HOME)


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def standing_sign(request: Desk) -> HttpResponse:
    """Sign who may stand in for oneself, before it is needed."""
    _roles(request, "only_physician_signs_standing", Role.BEDRIJFSARTS)
    if not fresh_second_factor(request):  # before anything is chosen: what was ticked would be gone
        return ask_again(request)
    me = next((row for row in _physicians(request) if row.pk == request.capacity.engagement_id), None)
    if me is None:
        raise Http404
    named = set(standing.running(me, timezone.now()))
    others = [row for row in _physicians(request) if row.pk != me.pk and row.pk not in named]
    form = StandingForm(posted(request), colleagues=others)
    if request.method == "POST" and form.is_valid():
        try:
            standing.sign(by=request.user, physician=me, deputies=form.picked())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, "Ondertekend. Wie u hebt aangewezen kan voortaan zelf een waarneming laten ingaan."
            )
            return redirect(HOME)
    context = {"form": form, "niemand": not others}
    return render(request, "delegation/standing_sign.html", context, status=400 if form.errors else 200)


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def absence_record(request: Desk) -> HttpResponse:
    """Record that a bedrijfsarts is away: himself, or for the practice."""
    _roles(request, "who_records_absence", Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER)
    physicians = _physicians(request)
    if request.capacity.role == Role.BEDRIJFSARTS:
        physicians = [row for row in physicians if row.pk == request.capacity.engagement_id]
    form = AbsenceForm(posted(request), physicians=physicians, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            absence_actions.record(
                by=request.user,
                physician=form.cleaned_data["physician"],
                starts_at=form.starts_at(),
                ends_at=form.ends_at(),
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, "De afwezigheid is vastgelegd. Zonder waarnemer kunnen gedelegeerden alleen lezen."
            )
            return redirect(HOME)
    return render(request, "delegation/absence.html", {"form": form}, status=400 if form.errors else 200)


def _find(request: Desk, model: Any, key: UUID, *joined: str) -> Any:
    demand(request, "professionals", "read")
    may_read = model.objects.open_to(request.capacity, "read").values("pk")
    row = model.objects.filter(pk__in=may_read, pk=key).select_related(*joined).first()
    if row is None:
        raise Http404
    return row


def _end(
    request: Desk, form: forms.Form, act: Callable[[], object], words: dict[str, str], done: str
) -> HttpResponse:
    """Show what ending means, and do it once."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            add_errors(form, error)
        except Refusal as refusal:
            if refusal.code not in ("already_ended", "standing_ended", "deputising_not_active"):
                raise
            messages.info(request, "Dit was al beëindigd. U hoeft niets meer te doen.")
            return redirect(HOME)
        else:
            messages.success(request, done)
            return redirect(HOME)
    return render(
        request, "delegation/deputising_act.html", {"form": form, **words}, status=400 if form.errors else 200
    )


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def deputising_end(request: Desk, key: UUID) -> HttpResponse:
    """End a deputising before its time, with the reason: either of the two, or the practice."""
    row = _find(request, Deputising, key, "replaced__user", "deputy__user", "ground")
    if not pages.concerns(request.capacity, row.replaced_id, row.deputy_id):
        raise NotAllowed("who_activates_deputising")
    form = ReasonForm(posted(request))
    words = {
        "titel": "Waarneming beëindigen",
        "tekst": f"{row.deputy.user} opent vanaf nu geen dossiers meer als waarnemer van {row.replaced.user}. Wat is "
        "vastgelegd blijft in het dossier; een concept dat niet is ondertekend, blijft daar als zodanig zichtbaar voor "
        "de eigen bedrijfsarts.",
        "knop": "Beëindigen",
        "bron": "Leidraad casemanagement (2019), §3.1",
    }
    return _end(
        request,
        form,
        lambda: actions.end(by=request.user, deputising=row, reason=form.cleaned_data["reason"]),
        words,
        "De waarneming is beëindigd.",
    )


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def absence_end(request: Desk, key: UUID) -> HttpResponse:
    """End an absence now, or call off one that is still to come."""
    row = _find(request, Absence, key, "physician__user")
    if not pages.concerns(request.capacity, row.physician_id):
        raise NotAllowed("who_records_absence")
    form = forms.Form(posted(request))
    words = {
        "titel": "Afwezigheid beëindigen",
        "tekst": f"{row.physician.user} is er weer: gedelegeerden kunnen vanaf nu weer vastleggen. Een waarneming die "
        "loopt, eindigt hiermee niet.",
        "knop": "Weer aanwezig",
        "bron": "Leidraad casemanagement (2019), bijlage 5, toezicht",
    }
    return _end(
        request,
        form,
        lambda: absence_actions.end(by=request.user, absence=row),
        words,
        "De afwezigheid is beëindigd.",
    )


@door(verb="write", section="professionals", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def standing_end(request: Desk, key: UUID) -> HttpResponse:
    """Take a colleague out of the arrangement: whoever signed it, or the colleague himself."""
    row = _find(request, StandingDeputy, key, "physician__user", "deputy__user")
    if request.capacity.engagement_id not in (row.physician_id, row.deputy_id):
        raise NotAllowed("who_ends_standing")
    form = forms.Form(posted(request))
    words = {
        "titel": "Uit de waarneemregeling halen",
        "tekst": f"{row.deputy.user} kan voortaan geen waarneming voor {row.physician.user} meer zelf laten ingaan. "
        "Een waarneming die al loopt, loopt door tot haar einde.",
        "knop": "Uit de regeling halen",
        "bron": "Leidraad casemanagement (2019), §3.1",
    }
    return _end(
        request,
        form,
        lambda: standing.end(by=request.user, standing=row),
        words,
        "De waarneemregeling is aangepast.",
    )
