"""Klanten: employers, their employees, and the way to a dossier. No page here knows who is ill."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from delegation.assignments import actions as assignments
from delegation.checks import during
from delegation.errors import add_errors
from delegation.models import Assignment
from delegation.offices import Desk, demand, may
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from directory.people import actions as people
from directory.people.models import Employer, Engagement, Person, Practice, Relation, Role
from dossier.models import Dossier
from dossier.models.shell import found
from dossier.panels.reach import reach
from dossier.today.typed import Typed, read

from . import lists
from .forms import EmployeeForm, EmployerForm, GuidanceForm

# Who gets the button. Whether a dossier may be founded is decided where it is founded.
FOUNDERS = frozenset(
    {Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE, Role.PROCESBEWAKER, Role.SIGNALEERDER, Role.SECRETARIAAT}
)
NOT_YOURS = (
    "Het dossier is er, maar u werkt er in deze hoedanigheid niet aan. Dat kan nadat u een opdracht voor deze "
    "werknemer of werkgever hebt aanvaard."
)


def _employer(request: Desk, pk: UUID) -> Employer:
    """Load one employer, or the page that something non-existent gets."""
    demand(request, "personen", "find", "read", "write")
    employer = Employer.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if employer is None:
        raise Http404
    return employer


@door(verb="find", section="personen", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: Desk) -> HttpResponse:
    """List the employers this capacity works for; what is typed to find one travels by POST."""
    demand(request, "personen", "find", "read", "write")
    name = request.POST.get("naam", "").replace("\0", "").strip()[:120]
    found_rows = lists.employers(request.capacity, name)
    context = {
        "naam": name,
        "werkgevers": found_rows[: lists.PAGE],
        "vol": len(found_rows) > lists.PAGE,
        "mag_toevoegen": may(request, "klantcontract", "write"),
    }
    return render(request, "clients/klanten.html", context)


@door(verb="write", section="klantcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def client_add(request: Desk) -> HttpResponse:
    """Add an employer for whose staff the practice works."""
    demand(request, "klantcontract", "write")
    form = EmployerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        practice = Practice(pk=request.capacity.practice_id)
        try:
            employer = people.add_employer(
                practice=practice, by=request.user, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De klant is toegevoegd.")
            return redirect("client", employer.pk)
    return render(request, "clients/klant_nieuw.html", {"form": form}, status=400 if form.errors else 200)


@door(verb="find", section="personen", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
def client(request: Desk, pk: UUID) -> HttpResponse:
    """One employer: who begleidt there, and the employees by name, fifty at a time."""
    employer = _employer(request, pk)
    capacity = request.capacity
    typed = read(request.POST.get("q", ""))
    shown, more = _employees(request, employer, typed)
    may_found = capacity.role in FOUNDERS
    context = {
        "werkgever": employer,
        "q": typed.text,
        "fout": typed.problem,
        "rijen": [
            lists.employee(row, may_found=may_found, may_assign=capacity.role == Role.PRAKTIJKBEHEERDER)
            for row in shown
        ],
        "ouder": reverse("client", args=[pk], query={"na": shown[-1].pk}) if more and not typed.text else "",
        "eerste": reverse("client", args=[pk]) if request.GET.get("na") else "",
        "vol": more and bool(typed.text),
        "begeleiding": lists.guidance(capacity, employer, timezone.now()),
        "mag_begeleiden": capacity.role in (Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER),
        "mag_toevoegen": may(request, "personen", "write"),
    }
    return render(request, "clients/klant.html", context)


def _employees(request: Desk, employer: Employer, typed: Typed) -> tuple[list[Relation], bool]:
    if typed.problem:
        return [], False
    after = request.GET.get("na", "") if not typed.searchable else ""
    try:
        last = UUID(after) if after else None
    except ValueError:
        last = None
    return lists.employees(request.capacity, employer, key=typed.key, birth_date=typed.born, after=last)


@door(verb="write", section="personen", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def employee_add(request: Desk, pk: UUID) -> HttpResponse:
    """Add an employee to a client: the person and the relation in which he is met, both or neither."""
    employer = _employer(request, pk)
    demand(request, "personen", "write")
    form = EmployeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, employer, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De werknemer is toegevoegd.")
            return redirect("client", pk)
    context = {"form": form, "werkgever": employer}
    return render(request, "clients/werknemer_nieuw.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _add(request: Desk, employer: Employer, form: EmployeeForm) -> None:
    """Add who he is and in which relation he is met. The same form twice is one person."""
    key = made_by(request)
    if Person.objects.filter(pk=key).exists():
        return
    practice = Practice(pk=request.capacity.practice_id)
    person = people.add_person(practice=practice, by=request.user, key=key, **form.values(form.PERSON))
    people.add_relation(person=person, employer=employer, by=request.user, **form.values(form.RELATION))


@door(verb="write", section="personen", side="practice")
@require_POST
@in_turn
def dossier_found(request: Desk, pk: UUID) -> HttpResponse:
    """Found the dossier of an employee, or find the one there is; only who works on it goes on to it."""
    demand(request, "personen", "find", "read", "write")
    relation = Relation.objects.open_to(request.capacity, "read").filter(pk=pk).first()
    if relation is None:
        raise Http404
    dossier = Dossier(pk=found(relation=relation, process=True))
    if request.user.has_perm("dossier.team.find", dossier):
        return redirect("dossier", dossier.pk)
    messages.warning(request, NOT_YOURS)
    return redirect("client", relation.employer_id) if relation.employer_id else redirect("clients")


@door(verb="decide", section="klantcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def client_guide(request: Desk, pk: UUID) -> HttpResponse:
    """Assign a bedrijfsarts to a client; whoever assigns himself accepts by that."""
    employer = _employer(request, pk)
    demand(request, "klantcontract", "write")
    physicians = reach(Engagement, request.capacity, "user").filter(
        during(timezone.now()), practice=request.capacity.practice_id, role=Role.BEDRIJFSARTS
    )
    if request.capacity.role == Role.BEDRIJFSARTS:
        physicians = physicians.filter(pk=request.capacity.engagement_id)
    form = GuidanceForm(request.POST or None, physicians=physicians.order_by("user__display_name"))
    if request.method == "POST" and form.is_valid():
        try:
            assignments.assign(
                by=request.user, kind="client", employer=employer, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "De opdracht is vastgelegd.")
            return redirect("client", pk)
    context = {"form": form, "werkgever": employer}
    return render(request, "clients/begeleiding.html", context, status=400 if form.errors else 200)


@door(verb="decide", section="klantcontract", side="practice")
@require_POST
@in_turn
def client_accept(request: Desk, pk: UUID) -> HttpResponse:
    """Accept, as bedrijfsarts, the client that somebody else prepared: from here on the dossiers open."""
    demand(request, "klantcontract", "decide")
    assignment = (
        reach(Assignment, request.capacity, "holder", "employer", "responsible", "relation")
        .filter(pk=pk, kind="client", holder=request.capacity.engagement_id)
        .first()
    )
    if assignment is None:
        raise Http404
    if assignment.accepted_at is not None:
        messages.info(request, "Deze opdracht hebt u al aanvaard.")
        return redirect("client", assignment.employer_id)
    try:
        assignments.accept(by=request.user, assignment=assignment)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "U begeleidt vanaf nu de werknemers van deze klant.")
    return redirect("client", assignment.employer_id)
