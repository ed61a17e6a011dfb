"""Screens of the two signatures: the bedrijfsarts signs, the delegate accepts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.competence.actions import conclude
from delegation.competence.protocol_actions import current_version
from delegation.contracts import actions
from delegation.contracts.forms import AcceptForm, SignForm
from delegation.contracts.missing import missing, task_field
from delegation.contracts.models import Contract, ContractTask
from delegation.contracts.pages import contract_page
from delegation.contracts.views import find, is_delegate, is_physician
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from directory.access.doors import door
from directory.access.refusals import NotAllowed, NotYet
from directory.accounts.factor import ask_again, fresh_second_factor
from directory.accounts.once import in_turn


@door(verb="sign", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_sign(request: Desk, key: UUID) -> HttpResponse:
    """Sign, after the conclusions about competence that are still missing, given on the same page.

    A conclusion is an act of its own and is recorded first: neither a stale second factor nor another gap loses it.
    """
    row = find(request, key)
    if not is_physician(request, row):
        raise NotAllowed("only_physician_signs")
    demand(request, "taakcontract", "sign")
    if not row.is_draft:
        raise NotYet("already_signed")
    lines = _without_conclusion(row)
    form = SignForm(posted(request), tasks=lines)
    if request.method == "POST" and (form.is_valid() or not lines):
        _conclude(request, row, form)
        if not fresh_second_factor(request):
            messages.info(request, "Uw oordelen zijn bewaard. Bevestig nog één keer wie u bent en teken dan.")
            return ask_again(request, reverse("contract_sign", args=[row.pk]))
        try:
            actions.sign(by=request.user, contract=row)
        except ValidationError:
            row = find(request, key)
            form = SignForm(None, tasks=_without_conclusion(row))
            messages.warning(
                request, "Nog niet ondertekend. Uw oordelen zijn bewaard; hieronder staat wat er ontbreekt."
            )
        else:
            messages.success(
                request, "Ondertekend. De gedelegeerde kan de overeenkomst nu lezen en aanvaarden."
            )
            return redirect("contract", key=row.pk)
    page = contract_page(row, timezone.now(), is_physician=True)
    context = {
        "pagina": page,
        "overeenkomst": row,
        "form": form,
        "groepen": form.groups(),
        "overig": [gap for line in page.tasks for gap in line.missing if gap.code != "no_competence"],
    }
    return render(request, "delegation/contract_sign.html", context, status=400 if form.errors else 200)


def _without_conclusion(row: Contract) -> list[ContractTask]:
    wanted = {gap.field for gap in missing(row, at=timezone.now()) if gap.code == "no_competence"}
    lines = row.tasks.select_related("task").order_by("task__sort_order")
    return [line for line in lines if task_field(line) in wanted]


@transaction.atomic
def _conclude(request: Desk, row: Contract, form: SignForm) -> None:
    given = form.verified() if form.tasks else {}
    for line in form.tasks:
        conclude(
            by=request.user,
            practice=row.practice,
            delegate=row.delegate.user,
            task=line.task,
            how_verified=given[line.task_id].how_verified,
            limits=given[line.task_id].limits,
            review_at=given[line.task_id].review_at,
        )


@door(verb="cosign", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_accept(request: Desk, key: UUID) -> HttpResponse:
    """Accept as the delegate, with a choice per task; nothing is chosen beforehand."""
    row = find(request, key)
    if not is_delegate(request, row):
        raise NotAllowed("only_delegate_accepts")
    if row.is_draft:
        raise NotYet("physician_signs_first")
    if row.accepted_at is not None:
        return redirect("contract", key=row.pk)
    now = timezone.now()
    lines = list(row.tasks.select_related("task").order_by("task__sort_order"))
    form = AcceptForm(posted(request), tasks=lines)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept(by=request.user, contract=row, declarations=form.declarations())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Aanvaard. Vergeet niet het protocol te lezen en te bevestigen.")
            return redirect("contract", key=row.pk)
    page = contract_page(row, now, is_physician=False)
    limits = {line.task_id: line.limits for line in page.tasks}
    context = {
        "pagina": page,
        "overeenkomst": row,
        "form": form,
        "taken": [(form[f"task-{line.task_id}"], limits.get(line.task_id, "")) for line in lines],
        "protocol": current_version(row.protocol_id, now) if row.protocol_id else None,
    }
    return render(request, "delegation/contract_accept.html", context, status=400 if form.errors else 200)
