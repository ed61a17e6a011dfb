"""What waits on Vandaag because of who works with whom: deputies, those they replace, and what they left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.urls import reverse
from django.utils import timezone

from delegation.checks import during
from delegation.contracts.pages import visible
from delegation.dates import last_day, show_day
from delegation.deputising.running import Running, deputisings
from delegation.models import Absence, Assignment
from directory.access.context import Capacity
from directory.people.models import Role
from dossier.medical.models import MedicalRecord
from dossier.medical.review import waiting as waiting_reviews
from dossier.models import Dossier, hats
from dossier.panels.names import filed
from dossier.panels.reach import reach
from dossier.process.models import ProcessRecord
from dossier.records.base import State
from dossier.records.loading import names

from .board import Waiting

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PANELS = ((MedicalRecord, "medisch"), (ProcessRecord, "proces"))


def waiting(capacity: Capacity, dossiers: list[Dossier], at: datetime) -> list[Waiting]:
    """List what deputising asks of the reader, or changes for him."""
    if capacity.role == Role.BEDRIJFSARTS:
        running = _running(at)
        return [
            *_to_tell(capacity, running),
            *_for_me(capacity, running),
            *_left_behind(capacity, dossiers, at),
            *_to_review(),
            *_to_separate(),
            *_to_accept(capacity),
        ]
    return list(_whom_to_ask(capacity, at)) if capacity.role == Role.GEDELEGEERDE else []


def _running(at: datetime) -> list[Running]:
    return [found for found in deputisings() if found.holds(at)]


def _until(found: Running) -> str:
    return f"t/m {show_day(last_day(found.ends_at))}"


def _to_tell(capacity: Capacity, running: list[Running]) -> Iterator[Waiting]:
    """Employees who must hear that the reader stands in, before their dossiers open."""
    mine = [found for found in running if found.row.deputy_id == capacity.engagement_id]
    if mine and Dossier.objects.untold(1):
        yield Waiting(
            url=reverse("untold"),
            what="Werknemers informeren dat u waarneemt",
            who=", ".join(dict.fromkeys(f"Voor {found.row.replaced.user}" for found in mine)),
            since=_until(mine[0]),
        )


def _for_me(capacity: Capacity, running: list[Running]) -> Iterator[Waiting]:
    """Who stands in for the reader because somebody else arranged it: he was not there, so he hears it here."""
    for found in running:
        row = found.row
        if row.replaced_id == capacity.engagement_id and row.appointed_by_id != capacity.user_id:
            yield Waiting(
                url=reverse("deputising"),
                what="Neemt voor u waar; dit is tijdens uw afwezigheid geregeld",
                who=str(row.deputy.user),
                since=_until(found),
            )


def _left_behind(capacity: Capacity, dossiers: list[Dossier], at: datetime) -> Iterator[Waiting]:
    """Concepts of a deputy whose deputising is over: he reaches them no longer, and unsigned they stand there."""
    by_id = {dossier.pk: dossier for dossier in dossiers}
    for model, side in PANELS:
        headings = model.objects.open_to(capacity, "find").filter(
            dossier__in=by_id,
            role="waarnemer",
            state=State.CONCEPT,
            on_behalf_of=capacity.user_id,
            ground__ends_at__lte=at,
        )
        for dossier in headings.order_by("written_at").values_list("dossier_id", flat=True):
            yield Waiting(
                url=reverse("dossier", args=[dossier]),
                what="Concept van uw waarnemer, niet ondertekend",
                who=filed(by_id[dossier].person),
                since="waarneming beëindigd",
                side=side,
            )


def _to_review() -> Iterator[Waiting]:
    """What a supervised physician signed, and the reader did not look at yet: the longest waiting says since when."""
    for pk, _, oldest in waiting_reviews(1, LONG_AGO):
        yield Waiting(
            url=reverse("reviews"),
            what="Onder uw supervisie ondertekend, nog niet beoordeeld",
            who=filed(Dossier.objects.listed([pk])[pk].person),
            since=f"oudste sinds {show_day(timezone.localdate(oldest))}",
            side="medisch",
        )


def _to_separate() -> Iterator[Waiting]:
    """Two hats about which nobody decided: they block somebody, on both sides."""
    for _, who, _, decided in hats.ask(20):
        if decided is None:
            yield Waiting(
                url=reverse("two_hats"),
                what="Werkt voor een werknemer aan beide kanten: besluit of dit gescheiden kan",
                who=names([who]).get(who, ""),
                since="tot uw besluit gaat geen van beide taken door",
            )
            return


def _to_accept(capacity: Capacity) -> Iterator[Waiting]:
    """Work under the reader that somebody else prepared; it counts once he accepts it himself."""
    rows = reach(Assignment, capacity, "holder__user").filter(
        accepted_at__isnull=True, responsible=capacity.engagement_id
    )
    for row in rows.order_by("prepared_at", "pk"):
        yield Waiting(
            url=reverse("assignments"),
            what=f"Opdracht om te aanvaarden: {row.get_kind_display()}",
            who=str(row.holder.user),
            since=f"sinds {show_day(timezone.localdate(row.prepared_at))}",
        )


def _whom_to_ask(capacity: Capacity, at: datetime) -> Iterator[Waiting]:
    """Tell a delegate to whom his questions go while his bedrijfsarts is away."""
    contracts = visible(capacity).filter(during(at, prefix="ground__"), delegate=capacity.engagement_id)
    physicians = {row.physician_id: row.physician for row in contracts}
    covering = [found for found in _running(at) if found.row.replaced_id in physicians]
    away = reach(Absence, capacity).filter(during(at), physician__in=list(physicians))
    alone = set(away.values_list("physician", flat=True)) - {found.row.replaced_id for found in covering}
    for found in covering:
        yield Waiting(
            url=reverse("deputising"),
            what=f"Neemt waar voor {found.row.replaced.user}: uw vragen gaan naar deze bedrijfsarts",
            who=str(found.row.deputy.user),
            since=_until(found),
        )
    for pk in sorted(alone):
        yield Waiting(
            url=reverse("deputising"),
            what="Is afwezig, zonder waarnemer: u kunt lezen en nog niet vastleggen",
            who=str(physicians[pk].user),
            since="",
        )
