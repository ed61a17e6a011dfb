"""Forms of deputising and absence: they check shape; who may arrange what is decided by actions and database."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from delegation.fields import DayField, EngagementField, PeriodForm
from delegation.people import named
from directory.people.models import Engagement


class DeputiseForm(PeriodForm):
    """Who stands in for whom, from when until when, and why."""

    replaced = EngagementField(label="Waarneming voor")
    deputy = EngagementField(label="Waarnemer")
    starts_on = DayField(label="Begin")
    ends_on = DayField(label="Tot en met")
    reason = forms.CharField(
        label="Reden",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bijvoorbeeld vakantie of afwezigheid. Schrijf niet waarom iemand ziek is.",
    )

    def __init__(
        self, *args: Any, replaced: list[Engagement], deputies: list[Engagement], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("replaced", replaced), ("deputy", deputies)):
            cast("EngagementField", self.fields[name]).offer(rows)


class AbsenceForm(PeriodForm):
    """Who is away, from when, and until when if that is known."""

    physician = EngagementField(label="Bedrijfsarts")
    starts_on = DayField(label="Afwezig vanaf")
    ends_on = DayField(label="Tot en met", required=False, help_text="Leeg als dat nog niet bekend is.")

    def __init__(self, *args: Any, physicians: list[Engagement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("EngagementField", self.fields["physician"]).offer(physicians)


class StandingForm(forms.Form):
    """Which colleagues may stand in."""

    deputies = forms.MultipleChoiceField(
        label="Wie mogen voor u waarnemen?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één collega."},
    )

    def __init__(self, *args: Any, colleagues: list[Engagement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = colleagues
        choices = [(str(row.pk), named(row)) for row in colleagues]
        cast("forms.MultipleChoiceField", self.fields["deputies"]).choices = choices

    def picked(self) -> list[Engagement]:
        wanted = set(self.cleaned_data["deputies"])
        return [row for row in self.rows if str(row.pk) in wanted]
