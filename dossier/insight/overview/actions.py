"""Acts around the overview for the employee: a request is recorded, and answered once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.people.writing import change, store
from dossier.models import Verzoek
from dossier.models.shell import Opened

if TYPE_CHECKING:
    from directory.accounts.models import User

COPY = "inzage.copy"


@transaction.atomic
def record(
    *,
    by: User,
    opened: Opened,
    asked_on: date,
    asked_by: str,
    identity: str,
    representative: str = "",
    since: date | None = None,
    until: date | None = None,
    key: UUID | None = None,
) -> Verzoek:
    """Record that the log was asked for, by whom, and how one knows. The same key twice is one request."""
    if key and (made := Verzoek.objects.filter(pk=key).first()):
        return made
    if asked_on > timezone.localdate():
        raise ValidationError({"asked_on": "Deze datum ligt in de toekomst."})
    made = store(
        Verzoek(
            id=key or uuid4(),
            practice_id=opened.dossier.practice_id,
            dossier_id=opened.dossier.pk,
            asked_on=asked_on,
            asked_by=asked_by,
            representative=representative.strip(),
            identity=identity,
            since=since,
            until=until,
            recorded_by=by,
        )
    )
    log.note("request", dossier=opened.dossier.pk, asks=[COPY])
    return made


@transaction.atomic
def answer(*, by: User, opened: Opened, request: Verzoek, answered_on: date, handed_over: str) -> Verzoek:
    """Record how and when the overview reached the employee. Answered already is answered."""
    if request.answered_on is not None:
        return request
    if answered_on > timezone.localdate():
        raise ValidationError({"answered_on": "Deze datum ligt in de toekomst."})
    if answered_on < request.asked_on:
        raise ValidationError(
            {"answered_on": "Dit ligt vóór de dag waarop het is gevraagd. Pas de datum aan."}
        )
    change(request, answered_on=answered_on, answered_by=by, handed_over=handed_over)
    log.note("answered", dossier=opened.dossier.pk, asks=[COPY])
    return request
