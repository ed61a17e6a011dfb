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


class CourseDetails:
    """Form, rows and storage of the columns of Verzuimverloop."""

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

    def initial(self, record: Header) -> dict[str, Any]:
        row = self._rows([record]).get(record.pk)
        return {name: getattr(row, name) for name in self.fields()} if row else {}

    def store(self, record: Header, values: Mapping[str, Any]) -> None:
        """Write the row of a new record beside the case that runs, or change that of a concept.

        A new version stays with the case of the former. Raises ValidationError when no case runs.
        """
        known = {name: values[name] for name in ("from_day", "absence_percentage")}
        row = self._rows([record]).get(record.pk)
        if row is None:
            Verzuimverloop(
                record_id=record.pk,
                practice_id=record.practice_id,
                dossier_id=record.dossier_id,
                author_id=record.author_id,
                case_series=self._case(record),
                **known,
            ).save(force_insert=True)
            return
        changed = [name for name, value in known.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, known[name])
        if changed:
            row.save(update_fields=changed)

    def rows(self, records: list[Header]) -> dict[UUID, list[tuple[str, str]]]:
        return {pk: _shown(row) for pk, row in self._rows(records).items()}

    def _case(self, record: Header) -> UUID:
        capacity = acting().capacity
        if record.version > 1:
            former = Verzuimverloop.objects.open_to(capacity, "read").filter(record__series=record.series)
            return former.values_list("case_series", flat=True)[:1].get()
        case = running(capacity, [record.dossier_id]).get(record.dossier_id)
        if case is None:
            raise ValidationError(NO_CASE)
        return case.series

    def _rows(self, records: list[Header]) -> dict[UUID, Verzuimverloop]:
        found = Verzuimverloop.objects.open_to(acting().capacity, "read")
        return {row.pk: row for row in found.filter(record__in=[record.pk for record in records])}


def _shown(row: Verzuimverloop) -> list[tuple[str, str]]:
    if row.absence_percentage == 0:
        return [("Hersteld per", show_day(row.from_day))]
    return [("Vanaf", show_day(row.from_day)), ("Verzuimpercentage", f"{row.absence_percentage}%")]
