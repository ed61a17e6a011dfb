"""The coded columns of a sickness case: exactly what an employer may ask and record (003 §3.3), and nothing else.

Whether a safety net applies is asked, never which; whether there was an accident, never what it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from delegation.dates import show_day

from .coded import Columns
from .models import Verzuimgeval

OLDEST = date(1990, 1, 1)
RECOVERED = "Hersteld per"
# The field beside which a broken constraint is said.
BESIDE = {
    "case_reported_after_start": "reported_on",
    "case_recovered_after_start": "recovered_on",
    "case_percentage": "absence_percentage",
    "case_expected_days": "expected_days",
}
NAMES = (
    "first_sick_day",
    "reported_on",
    "recovered_on",
    "expected_days",
    "absence_percentage",
    "safety_net",
    "work_accident",
    "traffic_accident",
)


class DayField(forms.DateField):
    """A day, not impossibly long ago."""

    default_error_messages = {
        "required": "Vul een datum in.",
        "invalid": "Deze datum bestaat niet. Schrijf bijvoorbeeld 20-11-2026.",
    }
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < OLDEST:
            raise ValidationError("Controleer het jaartal.", code="too_old")


class CaseDetails(Columns):
    """The columns of Verzuimgeval."""

    model, names = Verzuimgeval, NAMES

    def fields(self) -> dict[str, forms.Field]:
        number = {"invalid": "Vul een heel getal in.", "required": "Vul een getal in."}
        return {
            "first_sick_day": DayField(label="Eerste ziektedag", initial=timezone.localdate),
            "reported_on": DayField(label="Ziekmelding op", initial=timezone.localdate),
            "expected_days": forms.IntegerField(
                label="Vermoedelijke duur (dagen)",
                required=False,
                min_value=0,
                max_value=730,
                error_messages=number,
                help_text="Wat de werknemer zelf verwacht.",
            ),
            "absence_percentage": forms.IntegerField(
                label="Verzuimpercentage", initial=100, min_value=0, max_value=100, error_messages=number
            ),
            "safety_net": forms.BooleanField(
                label="Er geldt een vangnetbepaling", required=False, help_text="Vraag niet welke."
            ),
            "work_accident": forms.BooleanField(label="Er is verband met een arbeidsongeval", required=False),
            "traffic_accident": forms.BooleanField(
                label="Het was een verkeersongeval waarbij een ander aansprakelijk kan zijn", required=False
            ),
            "recovered_on": DayField(
                label=RECOVERED, required=False, help_text="Alleen als dat bij de melding al bekend is."
            ),
        }

    def problems(self, values: Mapping[str, Any]) -> dict[str | None, list[str]]:
        found: dict[str | None, list[str]] = {}
        today = timezone.localdate()
        for name in ("first_sick_day", "reported_on"):
            if (day := values.get(name)) and day > today:
                found.setdefault(name, []).append("Deze datum ligt in de toekomst.")
        if any(values.get(name) is None for name in ("first_sick_day", "reported_on", "absence_percentage")):
            return found  # the fields say so themselves
        row = Verzuimgeval(**{name: values.get(name) for name in NAMES})
        for constraint in Verzuimgeval._meta.constraints:
            if (field := BESIDE.get(constraint.name)) is None:
                continue
            try:
                constraint.validate(Verzuimgeval, row)
            except ValidationError as error:
                found.setdefault(field, []).extend(error.messages)
        return found

    def shown(self, row: Verzuimgeval) -> list[tuple[str, str]]:
        return _shown(row)


def _shown(row: Verzuimgeval) -> list[tuple[str, str]]:
    """Write the columns out; what was not said is left out."""
    lines = [
        ("Eerste ziektedag", show_day(row.first_sick_day)),
        ("Ziekmelding op", show_day(row.reported_on)),
    ]
    if row.recovered_on:
        lines.append((RECOVERED, show_day(row.recovered_on)))
    if row.expected_days is not None:
        lines.append(("Vermoedelijke duur", f"{row.expected_days} dagen"))
    lines.append(("Verzuimpercentage", f"{row.absence_percentage}%"))
    for name, label in (
        ("safety_net", "Vangnetbepaling"),
        ("work_accident", "Verband met arbeidsongeval"),
        ("traffic_accident", "Verkeersongeval met mogelijk regres"),
    ):
        lines.append((label, "ja" if getattr(row, name) else "nee"))
    return lines
