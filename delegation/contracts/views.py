"""Screens of the contract: the list, one contract, and acting on it. They hold no rules."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegation.competence.actions import declare
from delegation.contracts import actions
from delegation.contracts.forms import ReasonForm
from delegation.contracts.models import Contract
from delegation.contracts.pages import ContractPage, Insight, contract_page, contract_rows, visible
from delegation.errors import add_errors
from delegation.offices import Desk, demand, may, posted
from directory.access.doors import door
from directory.accounts.once import in_turn
from directory.people.models import Role


def find(request: Desk, key: UUID) -> Contract:
    """Load one contract, or the page that something non-existent gets."""
    demand(request, "taakcontract", "read")
    contract = visible(request.capacity).filter(pk=key).first()
    if contract is None:
        raise Http404
    return contract


def is_physician(request: Desk, contract: Contract) -> bool:
    return contract.physician_id == request.capacity.engagement_id


def is_delegate(request: Desk, contract: Contract) -> bool:
    return contract.delegate_id == request.capacity.engagement_id


@door(verb="read", section="taakcontract", side="practice")
@require_safe
def contracts(request: Desk) -> HttpResponse:
    demand(request, "taakcontract", "read")
    context = {
        "rijen": contract_rows(request.capacity, timezone.now()),
        "mag_opstellen": may(request, "taakcontract", "write", "prepare"),
        "ernaast": _beside(request),
    }
    return render(request, "delegation/contracts.html", context)


def _beside(request: Desk) -> list[tuple[str, str]]:
    """Lead to the other reasons on which people work under a bedrijfsarts; they have no entry in the menu."""
    found = []
    if may(request, "professionals", "read"):
        found.append((reverse("deputising"), "Waarneming en afwezigheid"))
    if request.capacity.role in (Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER):
        found.append((reverse("assignments"), "Opdrachten"))
    if request.capacity.role in (Role.BEDRIJFSARTS, Role.ARTS_ONDER_SUPERVISIE):
        found.append((reverse("supervisions"), "Supervisie"))
    if request.capacity.role == Role.BEDRIJFSARTS:
        found.append((reverse("two_hats"), "Twee petten"))
    return found


@door(verb="read", section="taakcontract", side="practice")
@require_safe
def contract(request: Desk, key: UUID) -> HttpResponse:
    return _show(request, find(request, key))


def _show(request: Desk, row: Contract) -> HttpResponse:
    insight = _insight(request)
    page = contract_page(row, timezone.now(), is_physician=is_physician(request, row), insight=insight)
    context = {
        "pagina": page,
        "overeenkomst": row,
        "knoppen": _buttons(request, row, page),
        "mag_oordelen": is_physician(request, row) and (row.is_draft or page.state.is_open),
        "is_bedrijfsarts": is_physician(request, row),
        "is_gedelegeerde": is_delegate(request, row),
        "inzicht": insight,
    }
    return render(request, "delegation/contract.html", context)


def _insight(request: Desk) -> Insight:
    if may(request, "bekwaamheid", "read"):
        return "all"
    return "status" if may(request, "bekwaamheid", "status") else "none"


def _buttons(request: Desk, row: Contract, page: ContractPage) -> list[tuple[str, str, str]]:
    """The acts that can be tried from here: address, label and kind of button."""
    found: list[tuple[str, str, str]] = []
    code = page.state.code
    if row.is_draft:
        if is_physician(request, row):
            found.append(("contract_sign", "Ondertekenen", "hoofd"))
        if may(request, "taakcontract", "write", "prepare"):
            found.append(("contract_edit", "Concept wijzigen", ""))
    elif page.state.is_open:
        if code == "awaits_acceptance" and is_delegate(request, row):
            found.append(("contract_accept", "Lezen en aanvaarden", "hoofd"))
        if may(request, "taakcontract", "suspend"):
            found.append(
                ("contract_resume", "Schorsing opheffen", "hoofd")
                if code == "suspended"
                else ("contract_suspend", "Schorsen", "")
            )
        if is_physician(request, row):
            found.append(("contract_end", "Intrekken", "gevaar"))
    return [(reverse(name, args=[row.pk]), label, kind) for name, label, kind in found]


PARAGRAPH_231 = "Leidraad casemanagement (2019), §2.3.1"
ACTS = {
    "suspend": (
        "Overeenkomst schorsen",
        "De gedelegeerde kan vanaf nu niets meer openen of vastleggen onder deze overeenkomst. Wat getypt was "
        "blijft bewaard. U kunt de schorsing weer opheffen.",
        "Schorsen",
        PARAGRAPH_231,
    ),
    "resume": (
        "Schorsing opheffen",
        "De gedelegeerde kan vanaf nu weer werken onder deze overeenkomst.",
        "Schorsing opheffen",
        PARAGRAPH_231,
    ),
    "end": (
        "Overeenkomst intrekken",
        "Vanaf nu geeft deze overeenkomst geen rechten meer. Terugdraaien kan niet: voor een nieuwe periode maakt "
        "en tekent u een nieuwe overeenkomst. Het werk van de gedelegeerde blijft in het dossier.",
        "Intrekken",
        "Leidraad casemanagement (2019), bijlage 5, opdracht",
    ),
}


DONE = {
    "suspend": "De overeenkomst is geschorst.",
    "resume": "De schorsing is opgeheven.",
    "end": "De overeenkomst is ingetrokken.",
}
# The verb of the grid each act asks; without it there is not even a page to fill in.
VERBS = {"suspend": "suspend", "resume": "suspend", "end": "revoke"}


def _act(request: Desk, key: UUID, act: str) -> HttpResponse:
    demand(request, "taakcontract", VERBS[act])
    row = find(request, key)
    form = ReasonForm(posted(request))
    if act == "resume":
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        try:
            if act == "resume":
                actions.resume(by=request.user, contract=row)
            elif act == "suspend":
                actions.suspend(by=request.user, contract=row, reason=form.cleaned_data["reason"])
            else:
                actions.end(by=request.user, contract=row, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, DONE[act])
            return redirect("contract", key=row.pk)
    title, text, button, source = ACTS[act]
    context = {
        "form": form, "titel": title, "tekst": text, "knop": button, "bron": source, "overeenkomst": row,
        "gevaar": act == "end",
    }  # fmt: skip
    return render(request, "delegation/contract_act.html", context, status=400 if form.errors else 200)


@door(verb="suspend", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_suspend(request: Desk, key: UUID) -> HttpResponse:
    return _act(request, key, "suspend")


@door(verb="suspend", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_resume(request: Desk, key: UUID) -> HttpResponse:
    return _act(request, key, "resume")


@door(verb="revoke", section="taakcontract", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def contract_end(request: Desk, key: UUID) -> HttpResponse:
    return _act(request, key, "end")


@door(verb="write", section="bekwaamheid", side="practice")
@require_POST
@in_turn
def task_declare(request: Desk, key: UUID, task: UUID) -> HttpResponse:
    """Change the own declaration, at any moment: onbekwaam is onbevoegd (bijlage 5, bekwaamheid)."""
    row = find(request, key)
    line = row.tasks.select_related("task").filter(task=task).first()
    if line is None or not is_delegate(request, row):
        raise Http404
    chosen = request.POST.get("bekwaam")
    if chosen not in ("ja", "nee"):
        messages.error(request, f"{line.task.label}: kies of u deze taak bekwaam kunt doen.")
        return redirect("contract", key=row.pk)
    declare(by=request.user, practice=row.practice, task=line.task, competent=chosen == "ja")
    messages.success(request, f"{line.task.label}: uw verklaring is vastgelegd.")
    return redirect("contract", key=row.pk)
