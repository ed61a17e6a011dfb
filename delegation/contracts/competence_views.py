"""Judging competence again while a contract runs: a new conclusion, or withdrawing the one in force."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delegation.checks import during
from delegation.competence import actions
from delegation.competence.models import CompetenceConclusion
from delegation.contracts.forms import ReasonForm, review_field
from delegation.contracts.models import Contract, ContractTask
from delegation.contracts.views import find, is_physician
from delegation.dates import show_period, start_of
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by


class ConcludeForm(forms.Form):
    how_verified = forms.CharField(
        label="Hoe hebt u dit in de praktijk vastgesteld?",
        widget=forms.Textarea,
        help_text="Bijvoorbeeld samen gezien, casus besproken. Een diploma alleen volstaat niet.",
    )
    limits = forms.CharField(label="Grenzen", widget=forms.Textarea)
    review_on = review_field("deze taak", "Vanaf deze dag is de taak gesloten tot u opnieuw oordeelt.")


def _line(request: Desk, key: UUID, task: UUID) -> tuple[Contract, ContractTask, CompetenceConclusion | None]:
    row = find(request, key)
    if not is_physician(request, row):
        raise NotAllowed("only_physician_concludes")
    demand(request, "bekwaamheid", "write")
    line = row.tasks.select_related("task").filter(task=task).first()
    if line is None:
        raise Http404
    running = CompetenceConclusion.objects.filter(
        during(timezone.now()), physician=request.user, delegate=row.delegate.user_id, task=task
    ).first()
    return row, line, running


def _judged(request: Desk, row: Contract, line: ContractTask) -> bool:
    """Say whether the reader ever judged this person in this task: then there was something to withdraw."""
    return CompetenceConclusion.objects.filter(
        physician=request.user, delegate=row.delegate.user_id, task=line.task_id
    ).exists()


@door(verb="write", section="bekwaamheid", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def task_competence(request: Desk, key: UUID, task: UUID) -> HttpResponse:
    row, line, running = _line(request, key, task)
    initial = {"how_verified": running.how_verified, "limits": running.limits} if running else {}
    form = ConcludeForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        review = form.cleaned_data["review_on"]
        try:
            actions.conclude(
                by=request.user,
                practice=row.practice,
                delegate=row.delegate.user,
                task=line.task,
                how_verified=form.cleaned_data["how_verified"],
                limits=form.cleaned_data["limits"],
                review_at=start_of(review) if review else None,
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{line.task.label}: uw oordeel is vastgelegd.")
            return redirect("contract", key=row.pk)
    context = {
        "form": form,
        "overeenkomst": row,
        "taak": line.task,
        "lopend": show_period(running.starts_at, running.ends_at) if running else "",
    }
    return render(request, "delegation/task_competence.html", context, status=400 if form.errors else 200)


@door(verb="write", section="bekwaamheid", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def task_competence_withdraw(request: Desk, key: UUID, task: UUID) -> HttpResponse:
    row, line, running = _line(request, key, task)
    if running is None and not _judged(request, row, line):
        raise Http404
    if running is None:
        messages.info(request, f"{line.task.label}: uw oordeel loopt niet (meer).")
        return redirect("contract", key=row.pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(by=request.user, conclusion=running, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{line.task.label}: uw oordeel is ingetrokken. De taak is gesloten.")
            return redirect("contract", key=row.pk)
    context = {
        "form": form,
        "titel": f"Bekwaamheidsoordeel intrekken: {line.task.label}",
        "tekst": "De gedelegeerde kan deze taak vanaf nu niet meer vastleggen, onder geen overeenkomst met u.",
        "knop": "Intrekken",
        "bron": "Leidraad casemanagement (2019), bijlage 5, bekwaamheid; Wet BIG art. 38",
        "overeenkomst": row,
        "gevaar": True,
    }
    return render(request, "delegation/contract_act.html", context, status=400 if form.errors else 200)
