"""The form of a supervision: whom, how long, for which employees and which purposes."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from delegation.fields import DayField, EngagementField, PeriodForm
from directory.access.grid import the_grid
from directory.people.models import Employer, Engagement


def purposes() -> list[tuple[str, str]]:
    return [(section.code, section.label) for section in the_grid().sections.values() if section.purpose]


class SupervisionForm(PeriodForm):
    """Without employers it is the whole caseload of the supervisor."""

    physician = EngagementField(label="Arts onder supervisie")
    starts_on = DayField(label="Begin")
    ends_on = DayField(label="Tot en met", required=False, help_text="Leeg als het einde nog niet vaststaat.")
    employers = forms.MultipleChoiceField(
        label="Alleen voor werknemers van",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kiest u niets, dan geldt het voor alle werknemers die u begeleidt.",
    )
    purposes = forms.MultipleChoiceField(
        label="Waarvoor",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één onderdeel."},
    )

    def __init__(
        self, *args: Any, physicians: list[Engagement], employers: list[Employer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clients = employers
        cast("EngagementField", self.fields["physician"]).offer(physicians)
        clients = [(str(row.pk), row.name) for row in employers]
        cast("forms.MultipleChoiceField", self.fields["employers"]).choices = clients
        cast("forms.MultipleChoiceField", self.fields["purposes"]).choices = purposes()

    def picked_employers(self) -> list[Employer]:
        wanted = set(self.cleaned_data["employers"])
        return [row for row in self.clients if str(row.pk) in wanted]
