"""Screens of assignments: who works for whom on which written reason; writing one down, accepting, ending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegation.assignments import actions, pages
from delegation.assignments.forms import NAMED, AssignmentForm
from delegation.assignments.kinds import RULES
from delegation.assignments.models import Assignment, AssignmentKind
from delegation.contracts.forms import ReasonForm
from delegation.errors import add_errors
from delegation.offices import Desk, posted
from delegation.people import colleagues, employers
from directory.access.doors import door
from directory.access.refusals import NotAllowed, NotYet
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Relation, Role

HOME = "assignments"


def _offered(request: Desk) -> tuple[str, ...]:
    """List the kinds this capacity may write down; to nobody else there is a page."""
    offered = pages.OFFERED.get(Role(request.capacity.role))
    if offered is None:
        raise NotAllowed("who_assigns")
    return tuple(offered)


@door(verb="read", section="klantcontract", side="practice")
@require_safe
def assignments(request: Desk) -> HttpResponse:
    """Who works for a bedrijfsarts or an employer, and on which written reason."""
    offered = _offered(request)
    context = {
        "rijen": pages.lines(request.capacity, timezone.now()),
        "soorten": _choices(offered, ""),
    }
    return render(request, "delegation/assignments.html", context)


def _choices(offered: tuple[str, ...], whom: str) -> list[tuple[str, str]]:
    query = {"voor": whom} if whom else None
    kinds = [AssignmentKind(kind) for kind in offered]
    return [
        (reverse("assignment_new", args=[pages.KINDS.index(kind)], query=query), kind.label) for kind in kinds
    ]


def _relation(request: Desk) -> Relation | None:
    """Load the employee the address names, as far as this capacity may see him; a broken id names nobody."""
    try:
        key = UUID(request.GET.get("voor", ""))
    except ValueError:
        return None
    relation: Relation | None = (
        Relation.objects.filter(
            pk__in=Relation.objects.open_to(request.capacity, "read").values("pk"), pk=key
        )
        .select_related("person", "employer")
        .first()
    )
    if relation is None:
        raise Http404
    return relation


@door(verb="write", section="klantcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def assignment_new(request: Desk, n: int) -> HttpResponse:
    """Write an assignment down. Whoever must accept it and writes it himself, accepts it by writing."""
    offered = _offered(request)
    if n >= len(pages.KINDS) or pages.KINDS[n] not in offered:
        raise Http404
    kind, relation = pages.KINDS[n], _relation(request)
    form = _form(request, kind, relation)
    if request.method == "POST" and form.is_valid() and not (kind in NAMED and relation is None):
        try:
            made = actions.assign(
                by=request.user,
                kind=kind,
                relation=relation,
                key=made_by(request),
                **_employer_of(kind, relation),
                **form.said(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, DONE if made.accepted_at else PREPARED)
            return redirect(HOME)
    context: dict[str, Any] = {
        "form": form,
        "soort": kind.label,
        "bron": RULES[kind].source,
        "werknemer": relation.person.name if relation else "",
        "werkgever": relation.employer.name if relation and relation.employer else "",
        "eerst_kiezen": kind in NAMED and relation is None,
        "niemand": not form.fields["holder"].rows,  # type: ignore[attr-defined]
        "andere": [row for row in _choices(offered, request.GET.get("voor", "")) if row[1] != kind.label]
        if relation
        else [],
    }
    return render(request, "delegation/assignment_new.html", context, status=400 if form.errors else 200)


DONE = "De opdracht is vastgelegd en telt vanaf het begin."
PREPARED = "De opdracht staat klaar. Ze telt pas als de bedrijfsarts haar aanvaardt."


def _employer_of(kind: AssignmentKind, relation: Relation | None) -> dict[str, Any]:
    """An assignment of the employer's side names the employer of the employee it is about."""
    return {"employer": relation.employer} if kind in NAMED and relation else {}


def _form(request: Desk, kind: AssignmentKind, relation: Relation | None) -> AssignmentForm:
    now, practice = timezone.now(), request.capacity.practice_id
    holders: list[Engagement] = [row for role in RULES[kind].roles for row in colleagues(practice, role, now)]
    physicians = colleagues(practice, Role.BEDRIJFSARTS, now)
    is_physician = request.capacity.role == Role.BEDRIJFSARTS
    if is_physician:
        physicians = [row for row in physicians if row.pk == request.capacity.engagement_id]
    return AssignmentForm(
        posted(request),
        kind=kind,
        holders=holders,
        responsible=physicians,
        employers=employers(request.capacity),
        one_employee=relation is not None,
        physician=is_physician,
        initial={"starts_on": timezone.localdate(), "purposes": ["begeleiding"]},
    )


def _find(request: Desk, key: UUID) -> Assignment:
    _offered(request)
    row = pages.visible(request.capacity).filter(pk=key).first()
    if row is None:
        raise Http404
    return row


@door(verb="decide", section="klantcontract", side="practice")
@require_POST
@in_turn
def assignment_accept(request: Desk, key: UUID) -> HttpResponse:
    """Accept what somebody else prepared: from here on it counts."""
    row = _find(request, key)
    try:
        actions.accept(by=request.user, assignment=row)
    except NotYet:
        messages.info(request, "Deze opdracht is al aanvaard. U hoeft niets meer te doen.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "U hebt de opdracht aanvaard. Ze telt vanaf nu.")
    return redirect(HOME)


@door(verb="decide", section="klantcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def assignment_end(request: Desk, key: UUID) -> HttpResponse:
    """End an assignment now, with the reason."""
    row = _find(request, key)
    if not pages.accepts(request.capacity, row):
        raise NotAllowed("who_ends_assignment")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(by=request.user, assignment=row, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        except NotYet:
            messages.info(request, "Deze opdracht loopt niet (meer). U hoeft niets meer te doen.")
            return redirect(HOME)
        else:
            messages.success(request, "De opdracht is beëindigd. Vanaf nu geeft ze geen rechten meer.")
            return redirect(HOME)
    context = {"form": form, "soort": row.get_kind_display(), "wie": str(row.holder.user)}
    return render(request, "delegation/assignment_end.html", context, status=400 if form.errors else 200)
