"""How a case went on: which one runs in a dossier, and the form with which anybody of the process reports recovery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from delegation.dates import show_day
from directory.access.context import Capacity, acting
from dossier.records.base import Header, State

from .cases import DayField
from .coded import Columns
from .models import Verzuimgeval, Verzuimverloop

NO_CASE = "Er loopt in dit dossier geen ziekmelding. Leg eerst een ziekmelding vast."
CASE_RUNS = (
    "Er loopt al een ziekmelding in dit dossier. Meld daarvan eerst het herstel, of pas die melding aan."
)
BEFORE_CASE = "Deze dag ligt vóór de eerste ziektedag. Pas de datum aan."
# What the database refuses when a record is signed, in the words of its form (models/running.py).
MESSAGES = {
    "case_runs": {forms.forms.NON_FIELD_ERRORS: [CASE_RUNS]},
    "no_case_runs": {forms.forms.NON_FIELD_ERRORS: [NO_CASE]},
    "before_case": {"from_day": [BEFORE_CASE]},
}


@dataclass(frozen=True)
class Running:
    """The case that runs: its series, since when, and for which part since the last report."""

    series: UUID
    first_sick_day: date
    percentage: int


def running(capacity: Capacity, dossiers: Iterable[UUID]) -> dict[UUID, Running]:
    """Say per opened dossier which case runs. Two statements for all of them.

    A correction is a new version beside the former, so only the last signed version counts, of case and course.
    """
    wanted = list(dossiers)
    signed = {"dossier__in": wanted, "record__state": State.SIGNED}
    cases = (
        Verzuimgeval.objects.open_to(capacity, "read")
        .filter(**signed)
        .values_list("dossier_id", "record__series", "first_sick_day", "recovered_on", "absence_percentage")
        .order_by("record__version")
    )
    last = {series: row for row in cases for series in (row[1],)}
    if not last:
        return {}
    course = (
        Verzuimverloop.objects.open_to(capacity, "read")
        .filter(**signed)
        .values_list("record__series", "case_series", "from_day", "absence_percentage", "record__written_at")
        .order_by("record__version")
    )
    reports: dict[UUID, list[tuple[Any, ...]]] = {}
    for report in {row[0]: row[1:] for row in course}.values():
        reports.setdefault(report[0], []).append(report[1:])
    found: dict[UUID, Running] = {}
    for dossier, series, first, recovered, percentage in last.values():
        since = sorted(reports.get(series, []), key=lambda row: (row[0], row[2]))
        if recovered is None and all(part for _, part, _ in since):
            found[dossier] = Running(series, first, since[-1][1] if since else percentage)
    return found


class CourseDetails(Columns):
    """The columns of Verzuimverloop."""

    model, names = Verzuimverloop, ("from_day", "absence_percentage")

    def fields(self) -> dict[str, forms.Field]:
        number = {"invalid": "Vul een heel getal in.", "required": "Vul een getal in."}
        return {
            "from_day": DayField(label="Vanaf", initial=timezone.localdate),
            "absence_percentage": forms.IntegerField(
                label="Verzuimpercentage vanaf die dag",
                initial=0,
                min_value=0,
                max_value=100,
                error_messages=number,
                help_text="0 is hersteld.",
            ),
        }

    def problems(self, values: Mapping[str, Any]) -> dict[str | None, list[str]]:
        return {}  # each field says so itself; the case it belongs to is asked when it is stored

    def shown(self, row: Verzuimverloop) -> list[tuple[str, str]]:
        return _shown(row)

    def fixed(self, record: Header) -> dict[str, Any]:
        """Name the case that runs; a new version stays with the case of the former. Raises ValidationError without."""
        capacity = acting().capacity
        if record.version > 1:
            former = Verzuimverloop.objects.open_to(capacity, "read").filter(record__series=record.series)
            return {"case_series": former.values_list("case_series", flat=True)[:1].get()}
        case = running(capacity, [record.dossier_id]).get(record.dossier_id)
        if case is None:
            raise ValidationError(NO_CASE)
        return {"case_series": case.series}


def _shown(row: Verzuimverloop) -> list[tuple[str, str]]:
    if row.absence_percentage == 0:
        return [("Hersteld per", show_day(row.from_day))]
    return [("Vanaf", show_day(row.from_day)), ("Verzuimpercentage", f"{row.absence_percentage}%")]
