"""Nog te informeren: whom a deputy calls or writes, and the one line that opens the dossier (Leidraad §3.1).

No dossier opens here: the list holds a name and a telephone number, and the notice is what lets the deputy in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from consent.notices.actions import give
from consent.notices.models import Notice, NoticeKind, NoticeMeans
from consent.notices.opening import open_for_notices
from delegation.offices import Desk
from delegation.people import reachable, title
from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.models import User
from directory.accounts.once import in_turn, made_by
from directory.people.models import Engagement, Role
from dossier.models import Dossier
from dossier.panels.names import born, filed
from dossier.records.loading import names

PAGE = 50


class TellForm(forms.Form):
    """How the employee was told; when is now."""

    means = forms.ChoiceField(label="Hoe verteld", choices=NoticeMeans.choices)


@dataclass(frozen=True)
class Row:
    """One employee to inform. `tell_url` takes the notice."""

    name: str
    born: str
    phone: str
    employer: str
    replaced: str
    tell_url: str


def _rows(found: list[tuple[Dossier, int, datetime]]) -> list[Row]:
    """Write the list out: names and telephone numbers of the dossiers that the list itself named in the log."""
    physicians = names(replaced for _, replaced, _ in found)
    return [
        Row(
            name=filed(dossier.person),
            born=born(dossier.person),
            phone=dossier.person.phone,
            employer=dossier.employer.name if dossier.employer else "",
            replaced=physicians.get(replaced, ""),
            tell_url=reverse("untold_tell", args=[dossier.pk]),
        )
        for dossier, replaced, _ in found
    ]


def _only_physicians(request: Desk) -> None:
    """Refuse the page to whoever can never stand in; whether somebody does, the database says row by row."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("only_physicians_stand_in")


def _moment(text: str) -> datetime | None:
    """Read the place in the list from the address; anything else is the beginning."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _list(request: Desk, form: TellForm | None = None, wrong: str = "") -> HttpResponse:
    before = _moment(request.GET.get("voor", ""))
    found = Dossier.objects.untold(PAGE, before)
    context: dict[str, Any] = {
        "rijen": _rows(found),
        "manieren": NoticeMeans.choices,
        "form": form,
        "fout_bij": wrong,
        "ouder": reverse("untold", query={"voor": found[-1][2].isoformat()}) if len(found) == PAGE else "",
        "eerste": reverse("untold") if before else "",
    }
    return render(request, "deputies/informeren.html", context, status=400 if form else 200)


@door(verb="find", section="team", side="process")
@require_safe
def untold(request: Desk) -> HttpResponse:
    """List the employees who do not know yet that the reader stands in, the newest dossiers first."""
    _only_physicians(request)
    return _list(request)


@door(verb="write", section="kennisgeving", side="process")
@require_POST
@in_turn
def untold_tell(request: Desk, pk: UUID) -> HttpResponse:
    """Record in one line that this employee was told now; from the next statement on the dossier is open."""
    _only_physicians(request)
    relation = open_for_notices(pk)
    form = TellForm(request.POST)
    if not form.is_valid():
        return _list(request, form, reverse("untold_tell", args=[pk]))
    replaced = Dossier.objects.replaced_on(pk)
    key = made_by(request)
    if replaced is None and not Notice.objects.filter(pk=key).exists():
        messages.info(request, "Deze werknemer is al geïnformeerd. Het dossier is open.")
    elif replaced is not None:
        me = Engagement.objects.select_related("user__professional", "practice").get(
            pk=request.capacity.engagement_id
        )
        physician = User.objects.only("display_name").get(pk=replaced)
        give(
            by=request.user,
            relation=relation,
            kind=NoticeKind.WAARNEMING,
            about=request.user,
            responsible=physician,
            function=title(me),
            task=f"waarneming voor {physician.display_name}",
            reachable=reachable(me),
            means=form.cleaned_data["means"],
            key=key,
        )
        messages.success(
            request, f"Vastgelegd: {filed(relation.person)} weet dat u waarneemt. Het dossier is open."
        )
    if request.POST.get("daarna") == "openen":
        return redirect("dossier", pk)
    return redirect("untold")
