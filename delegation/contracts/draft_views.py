"""Screens to prepare a contract: a new draft, changing one, renewing what ends. A draft grants nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.contracts import actions
from delegation.contracts.forms import DraftForm, initial_of
from delegation.contracts.models import Contract
from delegation.contracts.options import Options, options
from delegation.contracts.views import find
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by

FIRST_EDITION = "2018"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _options(request: Desk, edition: str, relations: list[UUID]) -> Options:
    found = options(request.capacity, edition_code=edition, relation_ids=relations, at=timezone.now())
    if found is None:
        raise Http404
    return found


@door(verb="prepare", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_draft(request: Desk) -> HttpResponse:
    """A new draft: empty, for one employee (`voor`), or with the words of a contract that ends (`van`)."""
    demand(request, "taakcontract", "write", "prepare")
    former = _uuid(request.GET.get("van", ""))
    initial: dict[str, Any] = {"starts_on": timezone.localdate()}
    edition = request.GET.get("lijst", FIRST_EDITION)
    relations = [key for text in request.GET.getlist("voor") if (key := _uuid(text))]
    if former is not None:
        row = find(request, former)
        edition = row.edition_id
        relations += _relations(row)
        initial = initial_of(row, row.tasks.all()) | {"starts_on": timezone.localdate(), "ends_on": None}
    elif relations:
        initial["relations"] = [str(key) for key in relations]
    choices = _options(request, edition, relations)
    if len(choices.physicians) == 1:
        initial.setdefault("physician", str(choices.physicians[0].pk))
    form = DraftForm(posted(request), options=choices, initial=initial)
    return _save(request, form, None)


@door(verb="prepare", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_edit(request: Desk, key: UUID) -> HttpResponse:
    demand(request, "taakcontract", "write", "prepare")
    row = find(request, key)
    if not row.is_draft:
        raise NotAllowed("signed_never_changes")
    choices = _options(request, row.edition_id, _relations(row))
    form = DraftForm(posted(request), options=choices, initial=initial_of(row, row.tasks.all()))
    return _save(request, form, row)


def _relations(row: Contract) -> list[UUID]:
    return [line.relation_id for line in row.scope.all() if line.relation_id]


def _save(request: Desk, form: DraftForm, row: Contract | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                row = actions.draft(by=request.user, terms=form.terms(), key=made_by(request))
            else:
                actions.change_draft(by=request.user, contract=row, terms=form.terms())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Concept bewaard. Het telt pas na ondertekening door de bedrijfsarts.")
            return redirect("contract", key=row.pk)
    context = {
        "form": form,
        "overeenkomst": row,
        "groepen": form.task_groups(),
        "velden": form.plain_fields(),
        "lijsten": form.options.editions if row is None else [],
        "lijst": form.options.edition,
        "geen_gedelegeerden": not form.options.delegates,
    }
    return render(request, "delegation/contract_draft.html", context, status=400 if form.errors else 200)
