"""The page of one record, with the verbs the reader may use on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from delegation.models import Task
from directory.access.grid import Verb
from dossier.models.shell import Opened

from .base import Header, State
from .history import history
from .kinds import Place, panel_of
from .loading import RecordView, names, present, shown
from .pages import Desk, dossier_url, person_bar, side_of
from .places import code_of, record_url
from .rows import visible
from .sharing import ON_REQUEST, receivers, shares_of

VERBS = ("read", "write", "amend", "remark", "share")
NAMES = ("edit", "amend", "sign", "move", "share", "remark")


@dataclass(frozen=True)
class Shared:
    """One running share, as a line."""

    who: str
    task: str
    since: str
    url: str


def show(
    request: Desk, opened: Opened, place: Place, row: Header, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Render one record; also when one of its verbs has something to say."""
    versions = history(opened, row)
    view = next(version.view for version in versions if version.view.id == row.pk)
    newest = versions[0].view.id == row.pk
    may = _may(opened, place, row, newest=newest, mine=row.author_id == request.user.pk)
    context = {
        "persoon": person_bar(opened),
        "kant": side_of(place),
        "stuk": view,
        "versies": versions,
        "nieuwste": newest,
        "mag": may,
        "gedeeld": _shared(place, row) if may["delen"] else [],
        "ontvangers": receivers(opened, row.purpose) if may["delen"] else [],
        "opmerkingen": _remarks(opened, place, row),
        "form_key": uuid4(),
        "adres": {name: record_url(row, f"record_{name}") for name in NAMES},
        "terug_url": dossier_url(opened.dossier.pk),
        "tekenen_fout": "",
        "opmerking": "",
        "opmerking_fout": "",
        "delen_fout": "",
        **extra,
    }
    return render(request, "records/stuk.html", context, status=status)


def _may(opened: Opened, place: Place, row: Header, *, newest: bool, mine: bool) -> dict[str, bool]:
    """Say which verbs the page offers. The database decides again when one is used."""
    concept, signed = row.state == State.CONCEPT, row.state == State.SIGNED
    amend = opened.answers.get(place.ask(Verb.AMEND))
    may_amend = amend is not None and amend.allowed and (mine or amend.value == "all")
    by_hand = place.kind.by_form
    return {
        "wijzigen": by_hand
        and concept
        and mine
        and (may_amend if row.version > 1 else opened.may(place.ask("write"))),
        "aanpassen": by_hand and signed and newest and may_amend,
        "opmerken": signed and not mine and opened.may(place.ask(Verb.REMARK)),
        "delen": signed and opened.may(place.ask(Verb.SHARE)),
        "verplaatsen": by_hand and mine and may_amend and row.state != State.MOVED,
    }


def _shared(place: Place, row: Header) -> list[Shared]:
    given = shares_of([row.pk]).get(row.pk, [])
    who = names(share.receiver_id for share in given)
    code = code_of(row.dossier_id, place)
    return [
        Shared(
            who=who.get(share.receiver_id, "een collega"),
            task=_task(share.task),
            since=shown(share.starts_at),
            url=reverse("record_unshare", args=[row.dossier_id, code, row.pk, share.pk]),
        )
        for share in given
    ]


def _task(code: str) -> str:
    """Say a task in words. Editions name the same code alike."""
    if code == ON_REQUEST:
        return "op verzoek"
    label = Task.objects.filter(code=code).values_list("label", flat=True).first()
    return str(label or code)


def _remarks(opened: Opened, place: Place, row: Header) -> list[RecordView]:
    if row.state == State.MOVED:  # what was remarked is about somebody else than this dossier
        return []
    rows = list(visible(row).filter(about__series=row.series).order_by("happened_at", "written_at"))
    views: dict[UUID, RecordView] = present(opened, panel_of(place.kind.panel), rows) if rows else {}
    return [views[remark.pk] for remark in rows]
