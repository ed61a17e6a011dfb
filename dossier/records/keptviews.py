"""What happens to text that could not be recorded: somebody goes on with it, or destroys it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from directory.access.context import acting
from directory.access.doors import door
from directory.access.refusals import NotAllowed, NotFound, Refusal
from directory.accounts.once import in_turn
from dossier.models import Dossier, KeptText
from dossier.models.shell import Opened

from . import actions
from .answers import words_for
from .base import Header, State
from .keeping import decide, decided_by, kept, place_for_taking, taken_over, texts_of
from .kinds import Place, kind_of, panel_of, places
from .loading import names
from .pages import ANY, Desk, dossier_url, explained, form_for, words
from .places import new_url, record_url
from .views import form_page

TAKE, REMARK, DESTROY = "overnemen", "opmerking", "vernietigen"
# A moment or a task can be mended on the form itself.
MENDABLE = ("notice_late", "happened_before_right", "task_closed")


def kept_asks() -> list[str]:
    """Name what must be open to see and decide what was kept: where one writes, and what a delegate could not save."""
    asks = {
        place.ask(verb) for place in places() for verb in ("write", "read", "amend") if place.kind.by_form
    }
    return [*sorted(asks), "gedelegeerde.remark", "kennisgeving.read"]


@door(verb="write", **ANY)
@require_POST
@in_turn
@explained
def kept_decide(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Go on with a kept text in a concept of one's own, turn it into a remark, or destroy it."""
    opened = Dossier.objects.open(dossier, *kept_asks())
    if decided_by(request.user, opened, pk):
        messages.info(request, "Over deze tekst hebt u al beslist.")
        return redirect(dossier_url(dossier))
    row = kept(opened, pk)
    choice = request.POST.get("keuze")
    try:
        if choice == TAKE:
            return _take(request, opened, row)
        if choice == REMARK:
            return _remark(request, opened, row)
    except Refusal as refusal:
        return words(request, refusal, dossier)  # the text stays where it is kept
    if choice == DESTROY:
        decide(by=request.user, row=row, decision="destroyed")
        messages.success(request, "De tekst is vernietigd.")
    else:
        messages.error(request, "Kies wat er met de tekst gebeurt.")
    return redirect(dossier_url(dossier))


def _take(request: Desk, opened: Opened, row: KeptText) -> HttpResponse:
    """Make a concept of it; what stands in the way of that is shown on the form, with the text in it."""
    place = place_for_taking(opened, row)
    if place is None or not place.kind.by_form:
        raise NotAllowed("no_cell")
    author = names([row.author_id]).get(row.author_id, "een collega")
    data = {
        **taken_over(row, place, author),
        "happened_at": f"{timezone.localtime(row.happened_at or row.kept_at):%Y-%m-%dT%H:%M}",
        "form_key": str(row.pk),  # twice the same button is one concept
        "bewaard": str(row.pk),
    }
    standing = _standing(opened, row) if row.author_id == request.user.pk else None
    if standing is not None:
        return _go_on(request, opened, place, standing, data)
    form = form_for(opened, place, data)
    if form.is_valid():
        try:
            made = actions.write(by=request.user, opened=opened, entry=form.entry())
        except Refusal as refusal:
            if refusal.code not in MENDABLE:
                raise
            form.add_error("happened_at", words_for(refusal).what.format(**refusal.facts))
        else:
            decide(by=request.user, row=row, decision="taken_over")
            messages.success(request, "Overgenomen als concept. Lees het na en onderteken het.")
            return redirect(record_url(made, "record_edit"))
    return form_page(request, opened, place, form, actie_url=new_url(opened.dossier.pk, place))


def _standing(opened: Opened, row: KeptText) -> Header | None:
    """Find the record whose change was kept, if it can still be changed."""
    if row.record_id is None:
        return None
    rows = panel_of(row.panel).header.objects.open_to(acting().capacity, "read")
    found = rows.filter(dossier=opened.dossier.pk, pk=row.record_id).first()
    return found if found is not None and found.state != State.MOVED else None


def _go_on(request: Desk, opened: Opened, place: Place, record: Header, data: dict[str, Any]) -> HttpResponse:
    """Put the text back in the form of the record it was meant for."""
    signed = record.state == State.SIGNED
    initial = {
        **data,
        "form_key": uuid4(),
        "happened_at": record.happened_at,
        "revision": record.version if signed else record.revision,
    }
    form = form_for(opened, place, initial=initial, amending=signed)
    url = record_url(record, "record_amend" if signed else "record_edit")
    return form_page(request, opened, place, form, record, amending=signed, actie_url=url)


def _remark(request: Desk, opened: Opened, row: KeptText) -> HttpResponse:
    """Write it beside the delegate's record it belongs to."""
    about = _standing(opened, row)
    kind = kind_of("opmerking")
    if about is None or kind is None:
        raise NotFound("no_grant")
    author = names([row.author_id]).get(row.author_id, "een collega")
    text = "\n\n".join(texts_of(row).values())
    if row.author_id != request.user.pk:
        text = f"[Van {author}, bewaard en niet vastgelegd]\n{text}"
    place = Place(kind, about.section, about.purpose)
    actions.remark(by=request.user, opened=opened, place=place, about=about, text=text, form_key=row.pk)
    decide(by=request.user, row=row, decision="taken_over")
    messages.success(request, "De tekst staat nu als opmerking bij het stuk.")
    return redirect(record_url(about))
