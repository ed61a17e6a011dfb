"""Colleagues: their profession and their registrations, recorded and renewed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from directory.access.doors import door
from directory.people import actions as people
from directory.people.errors import add_errors
from directory.people.models import Engagement, Professional, Registration
from directory.people.offices import Desk, demand, may, posted
from directory.people.once import in_turn
from directory.professions import lists
from directory.professions.endings import endings, moment_of
from directory.professions.forms import CheckForm, ColleagueForm, ColleagueRegistrationForm
from directory.professions.models import CheckResult, Profession

OFFICE = "professionals"


def _colleague(request: Desk, pk: UUID) -> Professional:
    found = lists.colleagues(request.capacity).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@door(verb="read", section=OFFICE, side="practice")
@require_safe
def colleague(request: Desk, pk: UUID) -> HttpResponse:
    """One colleague: profession, registrations, and what is to be done about them."""
    demand(request, OFFICE, "read")
    row, today = _colleague(request, pk), timezone.localdate()
    profession = Profession.objects.filter(pk=lists.profession_of(row)).first()
    context = {
        "persoon": row,
        "beroep": profession,
        "inschrijvingen": lists.colleague_entries(row, today),
        "meldingen": endings(request.capacity.practice_id, [row.user_id]),
        "mag_wijzigen": may(request, OFFICE, "write"),
    }
    return render(request, "professions/collega.html", context)


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def colleague_add(request: Desk, pk: UUID) -> HttpResponse:
    """Record the profession of who works here: registrations hang on it."""
    demand(request, OFFICE, "write")
    engagement = (
        Engagement.objects.open_to(request.capacity, "read")
        .filter(pk=pk, practice=request.capacity.practice_id)
        .first()
    )
    if engagement is None:
        raise Http404
    there = lists.colleagues(request.capacity).filter(user=engagement.user_id).first()
    if there is not None:
        return redirect("colleague", there.pk)
    form = ColleagueForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = people.add_professional(user=engagement.user, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Het beroep is vastgelegd. Leg nu de inschrijvingen vast.")
            return redirect("colleague", made.pk)
    back = reverse("professionals")
    return _form(request, form, "Beroep vastleggen", back, engagement.user.display_name)


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def registration_add(request: Desk, pk: UUID) -> HttpResponse:
    """Record a registration of a colleague. Sent twice it is one: a second would overlap the first."""
    demand(request, OFFICE, "write")
    row = _colleague(request, pk)
    form = ColleagueRegistrationForm(posted(request))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            people.add_registration(
                professional=row,
                register=data["register"],
                number=data["number"],
                starts_on=data["starts_on"],
                by=request.user,
                **_shown(data),
            )
        except ValidationError as error:
            if _is_there(row, data):
                return redirect("colleague", pk)
            add_errors(form, error)
        else:
            messages.success(request, "De inschrijving is vastgelegd.")
            return redirect("colleague", pk)
    return _form(
        request, form, "Inschrijving toevoegen", reverse("colleague", args=[pk]), row.user.display_name
    )


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def registration_check(request: Desk, pk: UUID) -> HttpResponse:
    """Record that the register was looked at; a later end date renews what rests on it."""
    demand(request, OFFICE, "write")
    found = Registration.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if found is None:
        raise Http404
    row = _colleague(request, found.professional_id)
    back = reverse("colleague", args=[row.pk])
    form = CheckForm(posted(request), initial={"ends_on": found.ends_on})
    if form.is_bound and form.is_valid():
        try:
            people.renew(registration=found, by=request.user, **_shown(form.cleaned_data))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De raadpleging is vastgelegd.")
            return redirect(back)
    return _form(request, form, "Register nagekeken", back, row.user.display_name, str(found))


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    """Say what the register showed: a registration that it does not (any longer) hold, ends on the day one looked."""
    gone = data["result"] in (CheckResult.ENDED, CheckResult.NOT_FOUND)
    return {
        "ends_on": min(data["ends_on"] or data["checked_on"], data["checked_on"])
        if gone
        else data["ends_on"],
        "checked_at": moment_of(data["checked_on"]),
        "check_result": CheckResult(data["result"]).label,
    }


def _is_there(row: Professional, data: dict[str, Any]) -> bool:
    same = ("register", "number", "starts_on")
    return any(all(getattr(each, name) == data[name] for name in same) for each in row.registrations.all())


def _form(
    request: Desk, form: Any, heading: str, back: str, who: object = "", what: str = ""
) -> HttpResponse:
    context = {"form": form, "kop": heading, "knop": "Vastleggen", "terug": back, "wie": who, "wat": what}
    return render(request, "professions/formulier.html", context, status=400 if form.errors else 200)
