"""What is done with a record by one button: sign, remark, share, stop sharing, move."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from directory.access.doors import door
from directory.access.grid import Verb
from directory.access.refusals import NotAllowed
from directory.people.models.names import plain
from dossier.models import Dossier, Share
from dossier.models.shell import Opened

from . import actions, moving, sharing
from .base import State
from .fields import text_field
from .keeping import Typed
from .kinds import Place, kinds
from .pages import ANY, Desk, dossier_url, explained, filed, find, open_for, person_bar, saving, side_of
from .places import place_of, record_url
from .showing import VERBS, show


@door(verb="write", **ANY)
@require_POST
@explained
def record_sign(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """Sign one's own concept as it stands."""
    place = place_of(dossier, code)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "read", "write", "amend", signs=True, around=("team.read",))
        row = find(opened, place, pk)
        try:
            actions.sign(by=request.user, opened=opened, record=row, place=place)
        except ValidationError as error:  # what the concept says does not hold any more
            return show(request, opened, place, row, status=400, tekenen_fout=" ".join(error.messages))
        messages.success(request, "Ondertekend.")
        return redirect(dossier_url(dossier))

    return saving(request, Typed(dossier, place), attempt)


@door(verb="remark", **ANY)
@require_POST
@explained
def record_remark(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """Write beside another's record. It is signed at once."""
    place = place_of(dossier, code)
    kind = next(
        (k for k in kinds(place.kind.panel) if k.verb is Verb.REMARK and place.section in k.sections), None
    )
    if kind is None:
        raise Http404
    beside, part = Place(kind, place.section, place.purpose), kind.parts[0]
    text = request.POST.get(part.code, "")

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "remark", "read")
        row = find(opened, place, pk)
        try:
            clean = text_field(part, required=True).clean(text)
            key = forms.UUIDField().clean(request.POST.get("form_key", ""))
        except ValidationError as error:
            extra = {"opmerking": text, "opmerking_fout": " ".join(error.messages)}
            return show(request, opened, place, row, status=400, **extra)
        actions.remark(by=request.user, opened=opened, place=beside, about=row, text=clean, form_key=key)
        messages.success(request, "De opmerking is vastgelegd.")
        return redirect(record_url(row))

    return saving(request, Typed(dossier, beside, {part.code: text} if text else {}, record=pk), attempt)


@door(verb="share", **ANY)
@require_POST
@explained
def record_share(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """Share this version with one colleague for one task."""
    place = place_of(dossier, code)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "share", *VERBS, around=("team.read", "toestemming.read"))
        row = find(opened, place, pk)
        user, _, task = request.POST.get("met", "").partition("/")
        try:
            if not user.isdecimal():
                raise ValidationError("Kies met wie u dit deelt, en voor welke taak.")
            sharing.share(
                by=request.user, opened=opened, record=row, place=place, receiver=int(user[:18]), task=task
            )
        except ValidationError as error:
            return show(request, opened, place, row, status=400, delen_fout=" ".join(error.messages))
        messages.success(request, "Gedeeld. De collega leest deze versie, en geen latere.")
        return redirect(record_url(row))

    return saving(request, Typed(dossier, place), attempt)


@door(verb="share", **ANY)
@require_POST
@explained
def record_unshare(request: Desk, dossier: UUID, code: str, pk: UUID, share: UUID) -> HttpResponse:
    """Stop sharing, from this moment."""
    place = place_of(dossier, code)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "share", "read")
        row = find(opened, place, pk)
        given = Share.objects.open_to(request.capacity, "read").filter(record_id=row.pk, pk=share).first()
        if given is None:
            raise Http404
        sharing.unshare(by=request.user, opened=opened, given=given, place=place)
        messages.success(request, "Dit wordt niet meer gedeeld.")
        return redirect(record_url(row))

    return saving(request, Typed(dossier, place), attempt)


@door(verb="amend", **ANY)
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def record_move(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """Written in the wrong dossier: find the right one, and move."""
    place = place_of(dossier, code)
    if request.method != "POST":
        opened = open_for(dossier, place, "amend", "read")
        return _choose(request, opened, place, pk)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "amend", "read", "write", "share", signs=True)
        if "naar" not in request.POST:
            return _choose(request, opened, place, pk)
        row = find(opened, place, pk)
        if row.state == State.MOVED:
            return redirect(dossier_url(dossier))  # sent twice
        try:
            target = UUID(request.POST["naar"])
        except ValueError:
            raise Http404 from None
        to = open_for(target, place, "write", "read", "amend", signs=True)
        new = moving.move(by=request.user, opened=opened, to=to, record=row, place=place)
        messages.success(
            request,
            "Verplaatst. In het andere dossier staat alleen nog dat er iets stond. "
            "Daar moet nu worden afgewogen of dit een datalek is.",
        )
        return redirect(record_url(new))

    return saving(request, Typed(dossier, place), attempt)


def _choose(request: Desk, opened: Opened, place: Place, pk: UUID) -> HttpResponse:
    """Show what is moved, and where it could go: one's own dossiers by surname or birth date."""
    row = find(opened, place, pk)
    if row.author_id != request.user.pk:
        raise NotAllowed("not_author")
    text = request.POST.get("q", "").strip()[:80]
    found = [other for other in _search(text) if other.pk != opened.dossier.pk]
    context = {
        "persoon": person_bar(opened),
        "kant": side_of(place),
        "label": place.kind.label,
        "q": text,
        "gevonden": [(str(other.pk), _line(other)) for other in found],
        "terug_url": record_url(row),
    }
    return render(request, "records/verplaatsen.html", context)


def _search(text: str) -> list[Dossier]:
    if not text:
        return []
    try:
        return Dossier.objects.search(key=None, born=forms.DateField().clean(text), n=20)
    except ValidationError:
        key = plain(text.split(",")[0])
        return Dossier.objects.search(key=key, born=None, n=20) if key else []


def _line(dossier: Dossier) -> str:
    employer = dossier.employer.name if dossier.employer else ""
    return " · ".join(part for part in (filed(dossier.person), employer) if part)
