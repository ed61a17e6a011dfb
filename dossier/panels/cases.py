"""Which absence runs now: what a list and the person bar say besides a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from directory.access.context import Capacity
from dossier.process.models import Verzuimgeval
from dossier.records.base import State


def running(capacity: Capacity, dossiers: Iterable[UUID]) -> dict[UUID, date]:
    """Say per opened dossier the first sick day of the case that runs. One statement.

    A correction is a new version beside the former, so only the last signed version of a case counts.
    """
    rows = (
        Verzuimgeval.objects.open_to(capacity, "read")
        .filter(dossier__in=list(dossiers), record__state=State.SIGNED)
        .values_list("dossier_id", "record__series", "first_sick_day", "recovered_on")
        .order_by("record__version")
    )
    last = {(dossier, series): (first, recovered) for dossier, series, first, recovered in rows}
    found: dict[UUID, date] = {}
    for (dossier, _), (first, recovered) in last.items():
        if recovered is None:
            found[dossier] = max(first, found.get(dossier, first))
    return found
