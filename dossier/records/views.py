"""Four screens for every kind: new, change a concept, new version, and one record with its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from directory.access.doors import door
from directory.access.refusals import NotAllowed
from dossier.models.shell import Opened

from . import actions, drafts, snippets
from .base import Header, State
from .conflicts import THEIRS
from .fields import as_uuid
from .forms import RecordForm, wants_signature
from .keeping import settle, typed
from .kinds import Place
from .loading import load_panel
from .pages import (
    ANY,
    Desk,
    add_errors,
    demand_form,
    dossier_url,
    explained,
    find,
    form_for,
    open_for,
    person_bar,
    saving,
    side_of,
)
from .places import place_of, record_url
from .rows import texts_of
from .showing import VERBS, show
from .sources import sources

EARLIER = 5  # notes beside a new one


@door(verb="write", **ANY)
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def record_new(request: Desk, dossier: UUID, code: str) -> HttpResponse:
    """A new record, beside the earlier ones; sent, it is signed or kept as a concept."""
    place = _written(dossier, code)
    if request.method != "POST":
        opened = open_for(dossier, place, "write", "read", beside=True, around=_asked(request.GET))
        demand_form(opened, place, "write")
        initial = _taken(request, opened, place) or drafts.chosen(
            opened, place, request.GET.get(drafts.ASK, "")
        )
        return form_page(request, opened, place, form_for(opened, place, initial=initial))

    def attempt() -> HttpResponse:
        around = _asked(request.POST)
        opened = open_for(dossier, place, "write", "read", beside=True, signs=True, around=around)
        demand_form(opened, place, "write")
        if snippets.inserting(request.POST):
            return form_page(request, opened, place, filled_in(request, opened, place))
        form = form_for(opened, place, request.POST)

        def save() -> Header:
            return actions.write(
                by=request.user, opened=opened, entry=form.entry(), sign=wants_signature(request.POST)
            )

        return _saved(request, opened, form, save) or form_page(request, opened, place, form)

    return saving(request, typed(request.POST, dossier=dossier, place=place), attempt)


@door(verb="write", **ANY)
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def record_edit(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """Change one's own concept. Of what is signed or somebody else's the record itself is shown."""
    place = _written(dossier, code)
    if request.method != "POST":
        opened = open_for(dossier, place, "read", "write", "amend", beside=True)
        row = find(opened, place, pk)
        draft = drafts.chosen(opened, place, request.GET.get(drafts.ASK, ""), row.pk)
        if draft and row.state == State.SIGNED:  # signed since: what was typed is a new version of it
            query = {drafts.ASK: request.GET[drafts.ASK]}
            return redirect(f"{record_url(row, 'record_amend')}?{urlencode(query)}")
        if row.state != State.CONCEPT or row.author_id != request.user.pk:
            return redirect(record_url(row))
        initial = {**_initial(place, row), "revision": row.revision, **draft}
        return form_page(request, opened, place, form_for(opened, place, initial=initial), row)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "read", "write", "amend", beside=True, signs=True)
        row = find(opened, place, pk)
        if request.POST.get("keuze") == THEIRS:
            return _left(request, opened, row)
        if row.author_id != request.user.pk:
            raise NotAllowed("not_author")
        if snippets.inserting(request.POST):
            return form_page(request, opened, place, filled_in(request, opened, place), row)
        form = form_for(opened, place, request.POST)

        def save() -> Header:
            return actions.save_again(
                by=request.user,
                opened=opened,
                record=row,
                entry=form.entry(),
                revision=form.revision_seen,
                sign=wants_signature(request.POST),
            )

        return _saved(request, opened, form, save) or form_page(request, opened, place, form, row)

    return saving(request, typed(request.POST, dossier=dossier, place=place, record=pk), attempt)


@door(verb="amend", **ANY)
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def record_amend(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """A new version of what is signed, with the reason for it; the former stays readable."""
    place = _written(dossier, code)
    if request.method != "POST":
        opened = open_for(dossier, place, "amend", "read", beside=True)
        row = find(opened, place, pk)
        demand_form(opened, place, "amend")
        actions.own_or_all(request.user, opened.need(place.ask("amend")), row)
        if row.state != State.SIGNED:
            return redirect(record_url(row))
        draft = drafts.chosen(opened, place, request.GET.get(drafts.ASK, ""), row.pk)
        initial = {**_initial(place, row), **draft, "revision": row.version}
        form = form_for(opened, place, initial=initial, amending=True)
        return form_page(request, opened, place, form, row, amending=True)

    def attempt() -> HttpResponse:
        opened = open_for(dossier, place, "amend", "read", "write", beside=True, signs=True)
        row = find(opened, place, pk)
        if request.POST.get("keuze") == THEIRS:
            return _left(request, opened, row)
        demand_form(opened, place, "amend")
        actions.own_or_all(request.user, opened.need(place.ask("amend")), row)
        if snippets.inserting(request.POST):
            form = filled_in(request, opened, place, amending=True)
            return form_page(request, opened, place, form, row, amending=True)
        form = form_for(opened, place, request.POST, amending=True)

        def save() -> Header:
            return actions.amend(
                by=request.user,
                opened=opened,
                record=row,
                entry=form.entry(),
                reason=form.cleaned_data["reason"],
                seen=form.revision_seen,
                sign=wants_signature(request.POST),
            )

        saved = _saved(request, opened, form, save)
        return saved or form_page(request, opened, place, form, row, amending=True)

    return saving(request, typed(request.POST, dossier=dossier, place=place, record=pk), attempt)


@door(verb="read", **ANY)
@require_safe
@explained
def record(request: Desk, dossier: UUID, code: str, pk: UUID) -> HttpResponse:
    """What one record says, every version with its differences, with whom it is shared, what was remarked."""
    place = place_of(dossier, code)
    opened = open_for(dossier, place, *VERBS, around=("team.read",))
    return show(request, opened, place, find(opened, place, pk))


def form_page(
    request: Desk,
    opened: Opened,
    place: Place,
    form: RecordForm,
    row: Header | None = None,
    *,
    amending: bool = False,
    **extra: Any,
) -> HttpResponse:
    """Render the form beside the earlier records of its panel."""
    key = str(form["form_key"].value())
    typed_here = drafts.waiting(opened, place, row.pk if row else None)
    earlier = load_panel(opened, place.kind.panel, page=EARLIER + 1).records
    context = {
        "form": form,
        "persoon": person_bar(opened),
        "label": place.kind.label,
        "kant": side_of(place),
        "voorlopig": place.kind.provisional,
        "uitleg": place.kind.explains,
        "nieuwe_versie": amending,
        "bestaand": row is not None,
        "eerder": [view for view in earlier if row is None or view.id != row.pk][:EARLIER],
        "klad_url": drafts.save_url(opened.dossier.pk, place, row.pk if row else None),
        "teksten": snippets.choices(place, form.parts),
        "geen_teksten": snippets.inserting(request.POST),
        "kladjes": [view for view in typed_here if view.form_key != key],
        "actie_url": "",
        "terug_url": record_url(row) if row else dossier_url(opened.dossier.pk),
        **extra,
    }
    return render(request, "records/formulier.html", context, status=400 if form.errors else 200)


def _written(dossier: UUID, code: str) -> Place:
    """Find a place that is written by form. Raises Http404 for what only another act records, such as a crossing."""
    place = place_of(dossier, code)
    if not place.kind.by_form:
        raise Http404
    return place


def _initial(place: Place, row: Header) -> dict[str, Any]:
    details = place.kind.details.initial(row) if place.kind.details else {}
    return {**details, **texts_of(place, row), "happened_at": row.happened_at}


def _saved(
    request: Desk, opened: Opened, form: RecordForm, save: Callable[[], Header]
) -> HttpResponse | None:
    """Save a form that is whole, and go back to the dossier. None when something must be mended first."""
    if not form.is_valid():
        return None
    try:
        row = save()
    except ValidationError as error:
        add_errors(form, error)
        return None
    settle(by=request.user, opened=opened, pk=form.cleaned_data["bewaard"])
    _sent(request, opened, form.cleaned_data["form_key"])
    for name, source in sources().items():
        if pk := form.cleaned_data[name]:
            source.used(by=request.user, opened=opened, pk=pk)
    if row.state == State.SIGNED:
        messages.success(request, "Ondertekend.")
    else:
        messages.success(
            request, f"Concept bewaard om {timezone.localtime():%H:%M}. Het is nog niet ondertekend."
        )
    return redirect(dossier_url(row.dossier_id))


def filled_in(request: Desk, opened: Opened, place: Place, *, amending: bool = False) -> RecordForm:
    """Give a form back with every word that stood in it, and the standard text that was asked for. Saves nothing."""
    parts = form_for(opened, place).parts
    initial = snippets.inserted(request.POST, place, parts)
    return form_for(opened, place, initial=initial, amending=amending)


def _asked(data: Mapping[str, str]) -> tuple[str, ...]:
    """Name what must be open besides, for a form into which something else is taken over."""
    return tuple(ask for name, source in sources().items() if data.get(name) for ask in source.asks)


def _taken(request: Desk, opened: Opened, place: Place) -> dict[str, Any]:
    """Fill a new form with what the address says is taken over into it."""
    for name, source in sources().items():
        pk = as_uuid(request.GET.get(name, ""))
        text = source.text(opened, pk) if pk else ""
        if text:
            return {name: pk, place.kind.parts[0].code: text}
    return {}


def _sent(request: Desk, opened: Opened, form_key: UUID | None = None) -> None:
    """Destroy the drafts of what was sent; after a page with two texts, also the draft of the form before it."""
    for key in (form_key, as_uuid(request.POST.get("klad", ""))):
        if key is not None:
            drafts.settle(by=request.user, opened=opened, form_key=key)


def _left(request: Desk, opened: Opened, row: Header) -> HttpResponse:
    """Leave what stands there now; the text that was kept meanwhile goes, since its writer chose so."""
    settle(by=request.user, opened=opened, pk=as_uuid(request.POST.get("bewaard", "")), decision="destroyed")
    _sent(request, opened)
    messages.info(request, "De tekst die er stond, is gebleven.")
    return redirect(record_url(row))
