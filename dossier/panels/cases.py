"""Which absence runs now: what a list and the person bar say besides a name.

A correction is a new version beside the former, so only the last signed version of a case counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import DateField
from django.db.models.expressions import RawSQL

from directory.access.context import Capacity
from dossier.models import Dossier
from dossier.models.shell import DossierQuerySet
from dossier.process.models import Verzuimgeval
from dossier.records.base import State

ASK = "werkgeverdeel.read"
FIRST_SICK_DAY = """
SELECT c.first_sick_day FROM process_verzuimgeval c JOIN process_record h ON h.id = c.record_id
WHERE c.dossier_id = dossier_dossier.id AND c.recovered_on IS NULL AND h.state = %s
  AND c.record_id IN (SELECT process_verzuimgeval.record_id FROM process_verzuimgeval WHERE <rule>)
  AND NOT EXISTS (SELECT 1 FROM process_record l WHERE l.dossier_id = h.dossier_id AND l.series = h.series
    AND l.version > h.version AND l.state = h.state)
ORDER BY c.first_sick_day DESC LIMIT 1
"""


def running(capacity: Capacity, dossiers: Iterable[UUID]) -> dict[UUID, date]:
    """Say per opened dossier the first sick day of the case that runs. One statement for all of them."""
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


def with_first_sick_day() -> DossierQuerySet:
    """Load the day along with the shell of one dossier, so that it costs no statement of its own.

    By hand, because the rule of the table names it, and inside a query Django gives it another name.
    """
    sql = FIRST_SICK_DAY.replace("<rule>", Verzuimgeval.open_rule("read"))
    day = RawSQL(sql, [State.SIGNED], DateField())  # noqa: S611 - no value enters the text
    found: DossierQuerySet = Dossier.objects.annotate(first_sick_day=day)
    return found
