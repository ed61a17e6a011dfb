"""The form of an assignment: only the fields its kind asks; what it may say is decided by action and database."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from delegation.assignments.kinds import RULES
from delegation.assignments.models import AssignmentKind
from delegation.fields import DayField, EngagementField, PeriodForm
from delegation.supervision.forms import purposes
from directory.people.models import Employer, Engagement

UNDER_PHYSICIAN = tuple(kind for kind, rule in RULES.items() if rule.accepted_by == "responsible")
# Which fields besides holder, tasks and period each kind asks for (Leidraad §1.2, §2.3.2, §3.4; BW 7:454).
FACILITATED = (AssignmentKind.PROCESS, AssignmentKind.SIGNAL, AssignmentKind.EMPLOYER)
BY_PRINCIPAL = (AssignmentKind.EMPLOYER, AssignmentKind.REINTEGRATION)
# These are about one employee by name, never about a whole company.
NAMED = (AssignmentKind.EMPLOYER, AssignmentKind.REINTEGRATION, AssignmentKind.CUSTODY)
TASKS_HELP = {
    AssignmentKind.CUSTODY: "Voor welk verzoek: inzage, vernietiging, klacht of overdracht?",
    AssignmentKind.TEAM: "Wat doet dit teamlid op uw verzoek?",
}


class AssignmentForm(PeriodForm):
    """Who gets which tasks, under whom or on whose written assignment, and how long."""

    holder = EngagementField(label="Opdracht aan")
    responsible = EngagementField(label="Verantwoordelijke bedrijfsarts")
    employer = forms.ChoiceField(
        label="Alleen voor werknemers van",
        required=False,
        help_text="Kiest u niets, dan geldt het voor alle werknemers die de bedrijfsarts begeleidt.",
    )
    purposes = forms.MultipleChoiceField(
        label="Waarvoor",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één onderdeel."},
    )
    tasks = forms.CharField(label="Taken", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    facilities = forms.CharField(
        label="Faciliteiten",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Tijd, scholing en wat er verder nodig is om de taken te doen.",
    )
    principal = forms.CharField(label="Wie gaf de opdracht?", max_length=300)
    document_reference = forms.CharField(label="Waar is de schriftelijke opdracht te vinden?", max_length=300)
    starts_on = DayField(label="Begin")
    ends_on = DayField(label="Tot en met", required=False)

    def __init__(
        self,
        *args: Any,
        kind: AssignmentKind,
        holders: list[Engagement],
        responsible: list[Engagement],
        employers: list[Employer],
        one_employee: bool,
        physician: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clients = {str(row.pk): row for row in employers}
        cast("EngagementField", self.fields["holder"]).offer(holders)
        cast("EngagementField", self.fields["responsible"]).offer(responsible)
        clients = [
            ("", "alle werknemers van de bedrijfsarts"),
            *((key, row.name) for key, row in self.clients.items()),
        ]
        cast("forms.ChoiceField", self.fields["employer"]).choices = clients
        cast("forms.MultipleChoiceField", self.fields["purposes"]).choices = purposes()
        self.fields["tasks"].help_text = TASKS_HELP.get(kind, "")
        self.fields["ends_on"].required = kind == AssignmentKind.CUSTODY
        asked = {
            "responsible": kind in UNDER_PHYSICIAN,
            "employer": kind in UNDER_PHYSICIAN and not one_employee,
            # For what somebody works is for the bedrijfsarts to say, when he accepts it himself.
            "purposes": kind == AssignmentKind.TEAM and physician,
            "facilities": kind in FACILITATED,
            "principal": kind in BY_PRINCIPAL,
            "document_reference": kind in BY_PRINCIPAL,
        }
        for name, wanted in asked.items():
            if not wanted:
                del self.fields[name]

    def said(self) -> dict[str, Any]:
        """Turn the cleaned form into what the action asks for."""
        data = dict(self.cleaned_data)
        data.pop("starts_on"), data.pop("ends_on")
        if (client := data.pop("employer", None)) is not None:
            data["employer"] = self.clients.get(client)
        return data | {"starts_at": self.starts_at(), "ends_at": self.ends_at()}
