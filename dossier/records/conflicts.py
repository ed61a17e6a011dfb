"""Somebody was earlier: both texts side by side, and the writer chooses. Nothing is overwritten, nothing lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .base import Header, State
from .fields import this_minute
from .keeping import Typed, labelled
from .loading import names, shown
from .places import record_url
from .rows import texts_of

THEIRS = "van_ander"
MOMENT = "Datum en tijd"


def conflict_page(request: HttpRequest, text: Typed, current: Header, kept: UUID | None) -> HttpResponse:
    """Show what was typed beside what stands there now. Whoever chooses his own text makes a version of it.

    What stands there signed can only get a new version, so the form then goes to that address.
    """
    stands = texts_of(text.place, current)
    signed = current.state == State.SIGNED
    parts = [part.code for part in text.place.kind.parts]
    mine, theirs = (dict(labelled(text.place.kind, found)) for found in (text.texts, stands))
    labels = [label for label, _ in labelled(text.place.kind, {**stands, **text.texts})]
    if text.happened_at and text.happened_at != current.happened_at:
        labels.append(MOMENT)
        mine[MOMENT], theirs[MOMENT] = shown(text.happened_at), shown(current.happened_at)
    author = names([current.author_id]).get(current.author_id, "")
    values: dict[str, Any] = {
        **{code: found for code, found in text.texts.items() if code in parts or signed},
        "happened_at": f"{timezone.localtime(text.happened_at or this_minute()):%Y-%m-%dT%H:%M}",
        "form_key": uuid4(),
        "revision": current.version if signed else current.revision,
        "bewaard": kept or "",
        "klad": request.POST.get("form_key", ""),
        "doe": request.POST.get("doe", ""),
    }
    if signed:
        values.setdefault("reason", "Tekst die tegelijk met de vorige versie werd geschreven.")
    context = {
        "velden": [
            {"label": label, "van_u": mine.get(label, ""), "van_ander": theirs.get(label, "")}
            for label in labels
        ],
        "wie": author if current.author_id != request.user.pk else "",
        # A concept keeps no moment of its changes, only of its making.
        "wanneer": shown(current.signed_at) if current.signed_at else "",
        "concept": not signed,
        "verder_url": record_url(current, "record_amend" if signed else "record_edit"),
        "formulier": _hidden(values),
    }
    return render(request, "errors/409.html", context, status=409)


def _hidden(values: dict[str, Any]) -> forms.Form:
    """Carry the text along, hidden: what is seen on the page is what is sent."""
    form = forms.Form()
    for name, value in values.items():
        form.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False, initial=value)
    return form
