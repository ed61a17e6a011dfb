"""Screens of the werkaantekening: of its author, on a dossier where he may write one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from directory.access.doors import door
from directory.accounts.once import in_turn
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.records.pages import Desk, dossier_url, gives_back, person_bar

from . import actions
from .forms import PrivateForm

HERE = {"section": "werkaantekening", "side": "medical"}


@door(verb="write", **HERE)
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@gives_back("text", "Werkaantekening")
def private_new(request: Desk, dossier: UUID) -> HttpResponse:
    """Write one."""
    opened = _open(dossier)
    form = PrivateForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        data = form.cleaned_data
        actions.write(
            by=request.user,
            opened=opened,
            text=data["text"],
            destroy_before=data["destroy_before"],
            form_key=data["form_key"] or form.initial["form_key"],
        )

    return _answer(request, opened, form, save)


@door(verb="write", **HERE)
@require_http_methods(["GET", "HEAD", "POST"])
@gives_back("text", "Werkaantekening")
def private_edit(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Write over one."""
    opened = _open(dossier)
    row = actions.one(opened, pk)
    initial = {"text": row.content, "destroy_before": row.destroy_before}
    form = PrivateForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> None:
        data = form.cleaned_data
        actions.change(
            by=request.user, opened=opened, pk=pk, text=data["text"], destroy_before=data["destroy_before"]
        )

    return _answer(request, opened, form, save)


@door(verb="write", **HERE)
@require_POST
def private_destroy(request: Desk, dossier: UUID, pk: UUID) -> HttpResponse:
    """Destroy one."""
    opened = _open(dossier)
    actions.destroy(by=request.user, opened=opened, pk=pk)
    messages.success(request, "De werkaantekening is vernietigd.")
    return redirect(dossier_url(dossier))


def _open(dossier: UUID) -> Opened:
    opened: Opened = Dossier.objects.open(dossier, *actions.ASKS)
    opened.need(actions.WRITE)
    return opened


def _answer(request: Desk, opened: Opened, form: PrivateForm, save: Callable[[], None]) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            save()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Bewaard, alleen voor u.")
            return redirect(reverse("dossier", args=[opened.dossier.pk]) + "#werkaantekeningen")
    context = {"form": form, "persoon": person_bar(opened), "terug_url": dossier_url(opened.dossier.pk)}
    return render(request, "medical/werkaantekening.html", context, status=400 if form.errors else 200)
