"""The screen on which somebody keeps his standard texts, and the bedrijfsarts those of the practice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from directory.access.doors import door
from directory.access.refusals import NotAllowed
from directory.accounts.once import in_turn, made_by
from dossier.models.snippet import LONGEST

from . import snippets
from .fields import PlainText
from .pages import Desk

OURS = "praktijk"


class SnippetForm(forms.Form):
    """A name, a text, where it is offered, and for whom."""

    title = PlainText(
        label="Naam",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Geef de standaardtekst een naam."},
    )
    where = forms.ChoiceField(
        label="Waar",
        error_messages={"required": "Kies waar.", "invalid_choice": "Kies een plaats uit de lijst."},
    )
    text = PlainText(
        label="Tekst",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Zonder gegevens van personen: een standaardtekst staat in geen dossier en is niet versleuteld.",
        error_messages={"required": "Schrijf de tekst."},
    )
    whose = forms.ChoiceField(
        label="Voor wie",
        choices=[("mij", "Alleen voor mij"), (OURS, "Voor de hele praktijk")],
        widget=forms.RadioSelect,
        initial="mij",
        required=False,
        error_messages={"invalid_choice": "Kies voor wie."},
    )

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = snippets.wheres()  # type: ignore[attr-defined]
        self.fields["whose"].depends = True  # type: ignore[attr-defined]  # left out, it is one's own
        if not (new and snippets.may_share()):
            del self.fields["whose"]


@door(verb="write", section="*", side="dossier")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def snippets_list(request: Desk) -> HttpResponse:
    """List them, and add one."""
    _demand()
    form = SnippetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        snippets.add(
            by=request.user,
            pk=made_by(request),
            title=data["title"],
            text=data["text"],
            where=data["where"],
            ours=data.get("whose") == OURS,
        )
        messages.success(request, "Standaardtekst bewaard.")
        return redirect("snippets")
    context = {
        "form": form,
        "groepen": [
            ("Van de praktijk", [_row(row) for row in snippets.visible().filter(owner__isnull=True)]),
            ("Alleen van u", [_row(row) for row in snippets.visible().filter(owner__isnull=False)]),
        ],
    }
    return render(request, "records/standaardteksten.html", context, status=400 if form.errors else 200)


@door(verb="write", section="*", side="dossier")
@require_http_methods(["GET", "HEAD", "POST"])
def snippet_edit(request: Desk, pk: UUID) -> HttpResponse:
    """Change one."""
    _demand()
    row = snippets.changeable(pk)
    initial = {"title": row.title, "text": row.text, "where": snippets.where_of(row)}
    form = SnippetForm(request.POST if request.method == "POST" else None, initial=initial, new=False)
    if form.is_valid():
        data = form.cleaned_data
        snippets.rewrite(by=request.user, pk=pk, title=data["title"], text=data["text"], where=data["where"])
        messages.success(request, "Standaardtekst bewaard.")
        return redirect("snippets")
    context = {"form": form, "voor_praktijk": row.owner_id is None}
    return render(request, "records/standaardtekst.html", context, status=400 if form.errors else 200)


@door(verb="write", section="*", side="dossier")
@require_POST
def snippet_remove(request: Desk, pk: UUID) -> HttpResponse:
    """Take one away."""
    _demand()
    snippets.remove(by=request.user, pk=pk)
    messages.success(request, "Standaardtekst verwijderd.")
    return redirect("snippets")


def _demand() -> None:
    if not snippets.uses_them():
        raise NotAllowed("no_cell")


def _row(row: Any) -> dict[str, Any]:
    mine = row.owner_id is not None or snippets.may_share()
    return {
        "id": row.pk,
        "title": row.title,
        "text": row.text,
        "where": snippets.where_label(row),
        "mag": mine,
    }
