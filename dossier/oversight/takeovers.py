"""Zaak overnemen: the bedrijfsarts does one case himself from now, and gives it back (Leidraad bijlage 5, opdracht)."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from delegation.contracts.forms import ReasonForm
from delegation.contracts.pages import visible
from delegation.errors import add_errors
from delegation.models import Contract, TakeOver
from delegation.offices import Desk, posted
from delegation.supervision import actions
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by
from directory.people.models import Relation
from dossier.models import Dossier
from dossier.panels.bar import bar


def running(contract: Contract, relation: Relation) -> TakeOver | None:
    """Find the take-over of this case from this delegate that runs now."""
    rows = TakeOver.objects.filter(contract=contract, relation=relation, ends_at__isnull=True)
    return rows.select_related("contract__physician").first()


@door(verb="team", section="team", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def take_over(request: Desk, pk: UUID, key: UUID) -> HttpResponse:
    """Take the case over from a delegate with the reason, or give it back when it was taken over."""
    opened = Dossier.objects.open(pk, "team.team", "team.read", purpose="team")
    opened.need("team.team")
    contract = visible(request.capacity).filter(pk=key, ground__grants__content_object=pk).first()
    if contract is None:
        raise Http404
    if contract.physician_id != request.capacity.engagement_id:
        raise NotAllowed("only_physician_takes_over")
    relation = opened.dossier.relation
    taken, giving = running(contract, relation), request.POST.get("doe") == "teruggeven"
    form: forms.Form = (
        ReasonForm(posted(request)) if taken is None and not giving else forms.Form(posted(request))
    )
    if request.method == "POST" and form.is_valid():
        try:
            if giving and taken is not None:
                actions.give_back(by=request.user, take_over=taken)
            elif not giving and taken is None:
                actions.take_over(
                    by=request.user,
                    contract=contract,
                    relation=relation,
                    reason=form.cleaned_data["reason"],
                    key=made_by(request),
                )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, GIVEN_BACK if giving else TAKEN)
            return redirect("team", pk)
    context = {
        "balk": bar(opened, "team"),
        "form": form,
        "overgenomen": taken is not None,
        "wie": str(contract.delegate.user),
        "terug_url": reverse("team", args=[pk]),
    }
    return render(request, "oversight/overnemen.html", context, status=400 if form.errors else 200)


TAKEN = "U hebt de zaak overgenomen. De gedelegeerde leest nog, en legt hier niets meer vast."
GIVEN_BACK = "De zaak is teruggegeven. De gedelegeerde kan verder."
