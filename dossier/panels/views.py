"""The dossier page with its panels, and one section by its number. The views ask; the database answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegation.dates import show_day
from delegation.offices import Desk
from directory.access.doors import door
from directory.access.refusals import NotYet
from directory.people.models import Person, Relation
from dossier.models import Dossier
from dossier.models.shell import Opened

from . import cases, page
from .asks import SECTIONS, asks_for
from .bar import bar
from .waits import wait


@door(verb="read", section="*", side="dossier")
@require_safe
def dossier(request: Desk, pk: UUID) -> HttpResponse:
    """Show one dossier: every section this capacity may see, and what is missing where it may not yet."""
    asks = asks_for(request.capacity.side)
    shell = cases.with_first_sick_day() if cases.ASK in asks else Dossier.objects
    try:
        opened = shell.open(pk, *asks)
    except NotYet as refusal:
        return _not_yet(request, pk, refusal)
    return _show(request, opened)


@door(verb="read", section="*", side="dossier")
@require_safe
def section(request: Desk, pk: UUID, n: int) -> HttpResponse:
    """Show one section by its number in the grid, or say why not: the same whether or not something is there."""
    if n >= len(SECTIONS):
        raise Http404
    code = SECTIONS[n]
    try:
        shell = cases.with_first_sick_day() if f"{code}.read" == cases.ASK else Dossier.objects
        opened = shell.open(pk, f"{code}.read")
        opened.need(f"{code}.read")
    except NotYet as refusal:
        return _not_yet(request, pk, refusal)
    return _show(request, opened)


def _show(request: Desk, opened: Opened) -> HttpResponse:
    dossier_id = opened.dossier.pk
    panels = page.build(request, opened)
    context = {
        "balk": bar(opened, "dossier", getattr(opened.dossier, "first_sick_day", None)),
        "pagina": panels,
        "gegevens": _facts(request, opened),
        # Only those who treat, and whom they answer for, have something to tell; elsewhere the page stays empty.
        "informeren": request.capacity.side == "medical"
        and opened.may("kennisgeving.write")
        and not panels.asks_to_inform,
        "dossier_id": dossier_id,
    }
    return render(request, "dossier/dossier.html", context)


def _not_yet(request: Desk, pk: UUID, refusal: NotYet) -> HttpResponse:
    """Say what is missing and lead to where it is mended, when nothing at all opened."""
    context = {"wacht": wait(pk, refusal.code)}
    return render(request, "dossier/nog_niet.html", context, status=refusal.status)


def _facts(request: Desk, opened: Opened) -> list[tuple[str, str]]:
    """List how somebody can be reached and where he works. His own address is no business of his employer."""
    if request.capacity.side == "admin":
        return []  # the officer reads who looked: the heading says whose dossier it is, and that is all he needs
    relation: Relation = opened.dossier.relation
    person: Person = opened.dossier.person
    facts: list[tuple[str, Any]] = [
        ("Relatie", f"{relation.get_kind_display()} sinds {show_day(relation.starts_on)}"),
        ("Einde", show_day(relation.ends_on) if relation.ends_on else ""),
        ("Afdeling", relation.department),
        ("Personeelsnummer", relation.personnel_number),
    ]
    if request.capacity.side != "employer":
        facts += [
            ("Telefoon", person.phone),
            ("E-mail", person.email),
            (
                "Adres",
                ", ".join(
                    part for part in (person.street, f"{person.postcode} {person.city}".strip()) if part
                ),
            ),
        ]
    # To whom a voluntary contact does not exist, the dossier began when its process side did.
    began = opened.dossier.founded_at if request.capacity.side == "medical" else opened.dossier.process_from
    facts.append(("Dossier sinds", show_day(timezone.localdate(began)) if began else ""))
    return [(label, value) for label, value in facts if value]
