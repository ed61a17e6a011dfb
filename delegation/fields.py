"""What forms of this app share: a day somebody can mean, a period that ends after it begins, a person from a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from delegation.contracts.forms import DateInput
from delegation.dates import end_of, start_of
from delegation.people import named
from directory.people.models import Engagement

EMPTY = [("", "Kies …")]
# Years nobody means are slips of the keyboard; past the last of them there is no next day either.
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
NO_SUCH_YEAR = "Kies een datum van deze tijd: van 1990 tot en met 2100."


class DayField(forms.DateField):
    """A day between 1990 and 2100."""

    def __init__(self, **kwargs: Any) -> None:
        limits = [MinValueValidator(FIRST, NO_SUCH_YEAR), MaxValueValidator(LAST, NO_SUCH_YEAR)]
        super().__init__(widget=DateInput(), validators=limits, **kwargs)


class PeriodForm(forms.Form):
    """A begin, and an end that is the last day that counts. Subclasses declare `starts_on` and `ends_on`."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = found.get("starts_on"), found.get("ends_on")
        if begin and end and end < begin:
            self.add_error("ends_on", "Deze dag ligt vóór het begin. Pas een van beide aan.")
        return found

    def starts_at(self) -> datetime:
        return start_of(self.cleaned_data["starts_on"])

    def ends_at(self) -> datetime | None:
        day = self.cleaned_data.get("ends_on")
        return end_of(day) if day else None


class EngagementField(forms.ChoiceField):
    """Somebody who works here, chosen from `rows`; the only one there is, is chosen already."""

    rows: list[Engagement]

    def offer(self, rows: Iterable[Engagement]) -> None:
        self.rows = list(rows)
        choices = [(str(row.pk), named(row)) for row in self.rows]
        self.choices = choices if len(choices) == 1 else EMPTY + choices

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return next((row for row in self.rows if str(row.pk) == key), None)
