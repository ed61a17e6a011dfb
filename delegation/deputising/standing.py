"""Acts of the waarneemregeling: who may stand in, signed before anybody has to (Leidraad casemanagement §3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.checks import during, is_running, only
from delegation.deputising.models import StandingDeputy
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Engagement, Role
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def sign(*, by: User, physician: Engagement, deputies: Iterable[Engagement]) -> list[StandingDeputy]:
    """Name, as bedrijfsarts, the colleagues who may stand in from now on. Who is named already, stays so.

    Raises ValidationError on `deputies` for whoever is no bedrijfsarts at work in this practice.
    """
    only(by, physician, Role.BEDRIJFSARTS, "only_physician_signs_standing")
    now = timezone.now()
    deputies = list(deputies)
    for deputy in deputies:
        _may_stand_in(physician, deputy, now)
    if not deputies:
        raise ValidationError({"deputies": "Kies ten minste één collega."})
    named = set(running(physician, now))
    return [
        store(
            StandingDeputy(
                practice_id=physician.practice_id,
                physician=physician,
                deputy=deputy,
                signed_by=by,
                starts_at=now,
            )
        )
        for deputy in deputies
        if deputy.pk not in named
    ]


def _may_stand_in(physician: Engagement, deputy: Engagement, at: datetime) -> None:
    if deputy.role != Role.BEDRIJFSARTS or deputy.practice_id != physician.practice_id:
        raise ValidationError({"deputies": "Kies bedrijfsartsen die in deze praktijk werken."})
    if not is_running(deputy, at):
        raise ValidationError(
            {"deputies": f"De werkrelatie van {deputy.user} loopt niet of wacht op aanvaarding."}
        )


@transaction.atomic
def end(*, by: User, standing: StandingDeputy) -> StandingDeputy:
    """Take a colleague out of the arrangement, as either of the two. A deputising that runs goes on to its own end."""
    if by.pk not in (standing.physician.user_id, standing.deputy.user_id):
        raise NotAllowed("who_ends_standing")
    now = timezone.now()
    if standing.ends_at is not None and standing.ends_at <= now:
        raise NotYet("standing_ended")
    return change(standing, ends_at=max(now, standing.starts_at))


def running(physician: Engagement, at: datetime) -> list[object]:
    """List the engagements that may stand in for this bedrijfsarts at this moment."""
    return list(
        StandingDeputy.objects.filter(during(at), physician=physician).values_list("deputy", flat=True)
    )


def between(physician: Engagement, deputy: Engagement, at: datetime) -> StandingDeputy | None:
    """Find what the one signed about the other, as far as it runs."""
    return StandingDeputy.objects.filter(during(at), physician=physician, deputy=deputy).first()
