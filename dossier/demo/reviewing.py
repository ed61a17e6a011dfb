"""What the officer meets on a first day: looking that deviates, one that was explained, and a request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.utils import timezone

from directory.access.refusals import Refusal
from dossier.insight.overview import actions as overview
from dossier.insight.overview import requests
from dossier.insight.review import actions as review
from dossier.insight.review import found
from dossier.models import Dossier

from .stage import Stage


@dataclass(frozen=True)
class Tried:
    """Somebody who tried to open a dossier, so many times. The walls refuse it, and it stands in the log."""

    who: str
    key: str
    ask: str
    times: int = 1


TRIED = (
    Tried("oud-medewerker", "magazijn", "gedelegeerde.read"),
    Tried("pob", "zorg", "gedelegeerde.read"),
    Tried("procesbewaker", "monteur", "inzage.read", times=3),
)
EXPLAINED = "outside_scope"


def review_log(stage: Stage) -> None:
    """Look, be refused, and let the officer explain one of it; then let an employee ask who looked."""
    for tried in TRIED:
        for _ in range(tried.times):
            with stage.acts(tried.who), suppress(Refusal):
                Dossier.objects.open(stage.dossiers[tried.key], tried.ask, purpose="demo")
    with stage.acts("fg") as by:
        today = timezone.localdate()
        for row in found.signals(today, today):
            if row.signal == EXPLAINED and row.actor == stage.users["pob"].pk:
                reason = "Zij opende een oude koppeling uit haar agenda. De koppeling is verwijderd."
                marked = stage.text(reason, "dossier.ReviewDecision", "reason", "fg")
                review.decide(by=by, found=row, outcome="verklaard", reason=marked)
    with stage.acts("bedrijfsarts") as by:
        opened = Dossier.objects.open(stage.dossiers["monteur"], *requests.ASKS, purpose="demo")
        overview.record(
            by=by,
            opened=opened,
            asked_on=timezone.localdate(),
            asked_by="werknemer",
            identity="legitimatie",
        )
