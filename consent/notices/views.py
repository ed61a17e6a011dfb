"""The screen on which somebody records what the employee was told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from consent.notices.actions import give
from consent.notices.models import Notice, NoticeMeans
from consent.notices.opening import open_for_notices
from consent.notices.proposals import Proposal, proposals
from directory.access.context import Capacity
from directory.access.doors import door
from directory.accounts.factor import safe_next
from directory.accounts.models import User
from directory.accounts.once import in_turn, made_by
from directory.people.models import Relation


class Desk(HttpRequest):
    """A request inside the middleware: somebody is logged in and works in one capacity."""

    user: User
    capacity: Capacity


class NoticeForm(forms.Form):
    """The five items, and when and how they were told."""

    function = forms.CharField(label="Functie", max_length=120)
    task = forms.CharField(label="Taak", widget=forms.Textarea(attrs={"rows": 2}))
    reachable = forms.CharField(
        label="Hoe en wanneer is de bedrijfsarts bereikbaar?", widget=forms.Textarea(attrs={"rows": 2})
    )
    right_to_speak = forms.BooleanField(
        label="Ik heb verteld dat de werknemer de bedrijfsarts altijd kan spreken",
        error_messages={"required": "Vertel dit aan de werknemer en vink het aan."},
    )
    given_at = forms.DateTimeField(
        label="Verteld op",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="Vertel het aan het begin van het gesprek. Wat u daarna hoort, kunt u dan vastleggen.",
    )
    means = forms.ChoiceField(label="Hoe verteld", choices=NoticeMeans.choices, widget=forms.RadioSelect)


@dataclass(frozen=True)
class Told:
    """An earlier notice, as a line."""

    when: str
    what: str
    by: str


def _earlier(request: Desk, relation: Relation) -> list[Told]:
    """Earlier notices, as far as one may read them: outside the medical side only one's own."""
    rows = Notice.objects.open_to(request.capacity, "read").filter(relation=relation)
    return [
        Told(
            when=date_format(timezone.localtime(row.given_at), "j b Y, H:i"),
            what=", ".join(part for part in (row.about and row.about.display_name, row.function) if part)
            or row.get_kind_display(),
            by=row.given_by.display_name,
        )
        for row in rows.select_related("about", "given_by").order_by("-given_at")
    ]


def _chosen(found: list[Proposal], key: str) -> Proposal | None:
    return next((row for row in found if str(row.key) == key), found[0] if found else None)


def _typed(form: NoticeForm) -> list[tuple[str, str]]:
    """Give back what was written when there is nothing left to tell."""
    texts = ("function", "task", "reachable")
    return [(str(form[name].label), form.data[name]) for name in texts if form.data.get(name)]


def _told(request: Desk) -> HttpResponse:
    messages.success(request, "Vastgelegd: de werknemer is geïnformeerd.")
    return redirect(safe_next(request, request.get_full_path()))


# A notice about somebody else than who stood on the screen would be a false record.
SOMEBODY_ELSE = (
    "Over wie dit ging, staat hier niet meer. Controleer over wie het nu gaat en verstuur opnieuw."
)


@door(verb="write", section="kennisgeving", side="process")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def notice_give(request: Desk, dossier: UUID) -> HttpResponse:
    """Five items, prefilled from contract and physician; the moment is this minute unless one says otherwise."""
    relation = open_for_notices(dossier)
    key = made_by(request)
    if Notice.objects.filter(pk=key).exists():  # sent twice: what was told is no longer proposed
        return _told(request)
    found = proposals(capacity=request.capacity, relation=relation)
    wanted = request.POST.get("wie", request.GET.get("wie", ""))
    chosen = _chosen(found, wanted)
    initial = {"given_at": timezone.localtime(), "means": NoticeMeans.GESPREK}
    if chosen is not None:
        initial |= {"function": chosen.function, "task": chosen.task, "reachable": chosen.reachable}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and chosen is not None and wanted not in ("", str(chosen.key)):
        form.add_error(None, SOMEBODY_ELSE)
    elif request.method == "POST" and chosen is not None and form.is_valid():
        try:
            give(
                by=request.user,
                relation=relation,
                kind=chosen.kind,
                about=User(pk=chosen.about_id) if chosen.about_id else None,
                responsible=User(pk=chosen.responsible_id),
                key=key,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _told(request)
    context = {
        "form": form,
        "voorstel": chosen,
        "voorstellen": found if len(found) > 1 else [],
        "naam": relation.person.name,
        "werkgever": relation.employer.name if relation.employer else "",
        "eerder": _earlier(request, relation),
        "volgende": safe_next(request, ""),
        "velden": _typed(form) if form.is_bound and chosen is None else [],
    }
    return render(request, "consent/notice.html", context, status=400 if form.errors else 200)
