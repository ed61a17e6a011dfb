"""Professionals: who they are by profession, how they are reached, and whether a register was looked at."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from directory.access.doors import door
from directory.people.errors import add_errors
from directory.people.models import Practice
from directory.people.offices import Desk, demand, may, posted
from directory.people.once import in_turn, made_by
from directory.professions import actions, lists, rules
from directory.professions.endings import endings
from directory.professions.forms import (
    CheckForm,
    ExternalRegistrationForm,
    ProfessionalEditForm,
    ProfessionalForm,
    SearchForm,
)
from directory.professions.models import (
    Domain,
    ExternalProfessional,
    ExternalRegistration,
    Profession,
    WorksUnder,
)

OFFICE = "professionals"


@door(verb="read", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
def professionals(request: Desk) -> HttpResponse:
    """Find a professional, a colleague or a profession; what is typed travels by POST, a filter is coded."""
    demand(request, OFFICE, "read")
    form, today = SearchForm(posted(request)), timezone.localdate()
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    filters = lists.Filters.read(request.GET)
    found = lists.professions(text, filters)
    people, more = lists.externals(request.capacity, text, filters, found, today)
    context = {
        "form": form,
        "q": text,
        "filters": _filters(filters),
        "gefilterd": bool(filters.domain or filters.under or filters.due),
        "personen": people,
        "vol": more,
        "nakijken": lists.due(request.capacity, today),
        "alleen_nakijken": filters.due,
        "collegas": _colleagues(request, text, filters, found),
        "beroepen": [] if filters.due else found,
        "mag_wijzigen": may(request, OFFICE, "write"),
    }
    return render(request, "professions/professionals.html", context)


def _colleagues(
    request: Desk, text: str, filters: lists.Filters, found: list[Profession]
) -> list[lists.Line]:
    today, here = timezone.localdate(), lists.working_here(request.capacity, timezone.now())
    rows = (
        lists.colleagues(request.capacity).filter(user__in=here).order_by("user__display_name")[: lists.PAGE]
    )
    rows = lists.matching_colleagues(rows, text, filters, found)
    first = {}
    if may(request, OFFICE, "write"):
        for ending in endings(request.capacity.practice_id, [row.user_id for row in rows]):
            first.setdefault(ending.registration.professional_id, ending)
    return [lists.colleague_line(row, first.get(row.pk), today) for row in rows]


def _filters(chosen: lists.Filters) -> list[tuple[str, list[dict[str, object]]]]:
    """Lay out the coded filters as links, the chosen one marked."""
    address = reverse("professionals")

    def links(name: str, options: list[tuple[str, str]], now: str) -> list[dict[str, object]]:
        every = [{"label": "Alle", "url": address, "actief": not now}]
        return every + [
            {"label": label, "url": f"{address}?{name}={code}", "actief": code == now}
            for code, label in options
        ]

    under = [(code, label) for code, label in WorksUnder.choices if code not in ("none", "unknown", "varies")]
    return [
        ("Gebied", links("gebied", list(Domain.choices), chosen.domain)),
        ("Werkt onder", links("onder", under, chosen.under)),
    ]


@door(verb="read", section=OFFICE, side="practice")
@require_safe
def profession(request: Desk, number: int) -> HttpResponse:
    """One profession: its flags, the ways to reach it, what may be exchanged in principle, and the sources."""
    demand(request, OFFICE, "read")
    row = Profession.objects.filter(number=number).first()
    if row is None:
        raise Http404
    context = {
        "beroep": row,
        "registers": row.registers.all(),
        "routes": rules.routes(row, asked_by=request.capacity.role),
        "uitwisseling": rules.exchange(row),
    }
    return render(request, "professions/beroep.html", context)


def _one(request: Desk, pk: UUID) -> ExternalProfessional:
    found = lists.one(request.capacity, pk)
    if found is None:
        raise Http404
    return found


@door(verb="read", section=OFFICE, side="practice")
@require_safe
def professional(request: Desk, pk: UUID) -> HttpResponse:
    """One professional of another organisation: BIG of the person stands apart from the profession."""
    demand(request, OFFICE, "read")
    row, today = _one(request, pk), timezone.localdate()
    big = rules.big_of(row.registrations.all(), today)
    context = {
        "persoon": row,
        "big": big,
        "inschrijvingen": lists.entries(row, today),
        "routes": rules.routes(row.profession, asked_by=request.capacity.role),
        "uitwisseling": rules.exchange_with(row.profession, big),
        "mag_wijzigen": may(request, OFFICE, "write"),
    }
    return render(request, "professions/professional.html", context)


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def professional_add(request: Desk) -> HttpResponse:
    """Add a professional of another organisation."""
    demand(request, OFFICE, "write")
    form = ProfessionalForm(posted(request))
    if form.is_bound and form.is_valid():
        practice = Practice(pk=request.capacity.practice_id)
        try:
            row = actions.add_professional(
                practice=practice, by=request.user, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De professional is toegevoegd. Leg nu vast wat het register zei.")
            return redirect("professional", row.pk)
    return _form(request, form, "Professional toevoegen", "Toevoegen", reverse("professionals"))


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def professional_edit(request: Desk, pk: UUID) -> HttpResponse:
    """Correct what is known of a professional, or take him out of use."""
    demand(request, OFFICE, "write")
    row = _one(request, pk)
    names = ProfessionalEditForm.base_fields
    now = {name: row.profession if name == "profession" else getattr(row, name) for name in names}
    form = ProfessionalEditForm(posted(request), initial={**now, "profession": row.profession.number})
    if form.is_bound and form.is_valid():
        try:
            actions.change_professional(professional=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De gegevens zijn gewijzigd.")
            return redirect("professional", pk)
    return _form(request, form, "Professional wijzigen", "Wijzigen", reverse("professional", args=[pk]))


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def registration_add(request: Desk, pk: UUID) -> HttpResponse:
    """Record a registration of a professional of another organisation."""
    demand(request, OFFICE, "write")
    row = _one(request, pk)
    form = ExternalRegistrationForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            actions.add_registration(
                professional=row, by=request.user, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De inschrijving is vastgelegd.")
            return redirect("professional", pk)
    return _form(
        request, form, "Inschrijving toevoegen", "Vastleggen", reverse("professional", args=[pk]), row
    )


@door(verb="write", section=OFFICE, side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def registration_check(request: Desk, pk: UUID) -> HttpResponse:
    """Record that somebody looked in the register again."""
    demand(request, OFFICE, "write")
    found = (
        ExternalRegistration.objects.filter(
            pk__in=ExternalRegistration.objects.open_to(request.capacity, "read").filter(pk=pk).values("pk")
        )
        .select_related("professional")
        .first()
    )
    if found is None:
        raise Http404
    back = reverse("professional", args=[found.professional_id])
    form = CheckForm(posted(request), initial={"ends_on": found.ends_on})
    if form.is_bound and form.is_valid():
        try:
            actions.record_check(registration=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De raadpleging is vastgelegd.")
            return redirect(back)
    return _form(request, form, "Register nagekeken", "Vastleggen", back, found.professional, str(found))


def _form(
    request: Desk,
    form: object,
    heading: str,
    button: str,
    back: str,
    who: object = "",
    what: str = "",
) -> HttpResponse:
    context = {"form": form, "kop": heading, "knop": button, "terug": back, "wie": who, "wat": what}
    status = 400 if getattr(form, "errors", None) else 200
    return render(request, "professions/formulier.html", context, status=status)
