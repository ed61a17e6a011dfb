"""Forms of the contract: they check shape; what it may say is decided by actions and database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from delegation.contracts.actions import Terms, Verified
from delegation.contracts.models import Contract, ContractTask
from delegation.contracts.options import Options
from delegation.dates import end_of, first_day, last_day, start_of
from delegation.people import named
from delegation.rulesets.models import Task

Row = TypeVar("Row", bound=models.Model)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _find(rows: Iterable[Row], keys: Iterable[str]) -> list[Row]:
    wanted = set(keys)
    return [row for row in rows if str(row.pk) in wanted]


@dataclass(frozen=True)
class PickedTask:
    """One line of the task picker, as the template shows it."""

    task: Task
    field_id: str
    checked: bool
    justification: forms.BoundField | None


class DraftForm(forms.Form):
    """What a draft says. The tasks are drawn by hand, in groups, from `task_groups`."""

    physician = forms.ChoiceField(label="Bedrijfsarts")
    delegate = forms.ChoiceField(label="Gedelegeerde")
    starts_on = forms.DateField(label="Begin", widget=DateInput())
    ends_on = forms.DateField(label="Tot en met", widget=DateInput())
    employers = forms.MultipleChoiceField(
        label="Voor alle werknemers van", required=False, widget=forms.CheckboxSelectMultiple
    )
    relations = forms.MultipleChoiceField(
        label="Voor deze werknemer", required=False, widget=forms.CheckboxSelectMultiple
    )
    tasks = forms.MultipleChoiceField(label="Taken", required=False)
    protocol = forms.ChoiceField(
        label="Protocol waarmee wordt gewerkt", required=False, help_text="Nodig vóór ondertekening."
    )
    supervision_plan = forms.CharField(
        label="Toezicht",
        required=False,
        widget=forms.Textarea,
        help_text="Hoe houdt u zicht op dit werk? Maatwerk; nodig vóór ondertekening.",
    )
    consultation_interval = forms.IntegerField(
        label="Overleg elke (weken)", required=False, min_value=1, max_value=52
    )
    over_maximum_reason = forms.CharField(
        label="Reden boven het maximum aantal gedelegeerden",
        required=False,
        widget=forms.Textarea,
        help_text="Alleen nodig als u al aan meer mensen delegeert dan uw praktijk aanhoudt.",
    )

    def __init__(self, *args: Any, options: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self._choices("physician", [(str(row.pk), named(row)) for row in options.physicians])
        self._choices("delegate", [("", "Kies …"), *((str(row.pk), named(row)) for row in options.delegates)])
        self._choices("employers", [(str(row.pk), row.name) for row in options.employers])
        self._choices("relations", [(str(key), name) for key, name in options.relation_names.items()])
        self._choices("tasks", [(str(row.pk), row.label) for row in options.tasks])
        protocols = [(str(row.pk), row.name) for row in options.protocols]
        self._choices("protocol", [("", "Nog niet gekozen"), *protocols])
        if not options.relation_names:
            del self.fields["relations"]
        for task in options.tasks:
            if task.justify_without_big:
                self.fields[self._justify(task)] = forms.CharField(
                    label=f"Onderbouwing voor {task.label.lower()}",
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @staticmethod
    def _justify(task: Task) -> str:
        return f"justify-{task.pk}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "De einddatum ligt vóór het begin. Kies een latere datum.")
        return data

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields besides the task picker, in order."""
        return [self[name] for name in self.base_fields if name in self.fields and name != "tasks"]

    def task_groups(self) -> list[tuple[str, list[PickedTask]]]:
        """The tasks under the heading of their category; those of code 1 are shown, never offered."""
        chosen = {str(key) for key in self["tasks"].value() or ()}
        groups: dict[str, list[PickedTask]] = {}
        for number, task in enumerate(self.options.tasks):
            groups.setdefault(task.get_category_display(), []).append(
                PickedTask(
                    task=task,
                    field_id=f"id_tasks_{number}",
                    checked=str(task.pk) in chosen,
                    justification=self[self._justify(task)] if task.justify_without_big else None,
                )
            )
        return list(groups.items())

    def terms(self) -> Terms:
        """Turn the cleaned form into what the action asks for."""
        data, options = self.cleaned_data, self.options
        tasks = _find(options.tasks, data["tasks"])
        return Terms(
            edition=options.edition,
            delegate=_find(options.delegates, [data["delegate"]])[0],
            physician=_find(options.physicians, [data["physician"]])[0],
            starts_at=start_of(data["starts_on"]),
            ends_at=end_of(data["ends_on"]),
            tasks={task.pk: data.get(self._justify(task), "") for task in tasks},
            employers=_find(options.employers, data["employers"]),
            relations=_find(options.relations, data.get("relations", ())),
            supervision_plan=data["supervision_plan"],
            consultation_interval=data["consultation_interval"],
            protocol=next(iter(_find(options.protocols, [data["protocol"]])), None),
            over_maximum_reason=data["over_maximum_reason"],
        )


def initial_of(contract: Contract, tasks: Iterable[ContractTask]) -> dict[str, Any]:
    """Fill the form with what a contract says, to change a draft or to renew what ends."""
    scope = list(contract.scope.all())
    return {
        "physician": str(contract.physician_id),
        "delegate": str(contract.delegate_id),
        "starts_on": first_day(contract.starts_at),
        "ends_on": last_day(contract.ends_at),
        "employers": [str(row.employer_id) for row in scope if row.employer_id],
        "relations": [str(row.relation_id) for row in scope if row.relation_id],
        "tasks": [str(row.task_id) for row in tasks],
        "protocol": str(contract.protocol_id or ""),
        "supervision_plan": contract.supervision_plan,
        "consultation_interval": contract.consultation_interval,
        "over_maximum_reason": contract.over_maximum_reason,
        **{f"justify-{row.task_id}": row.justification for row in tasks},
    }


def review_field(task: str, help_text: str = "") -> forms.DateField:
    """Ask when to judge again: a day to come, since from that day on the task is closed."""

    def after_today(day: date) -> None:
        if day <= timezone.localdate():
            raise ValidationError(f"Kies een dag na vandaag voor: {task}.")

    return forms.DateField(
        label="Herbeoordelen op",
        required=False,
        widget=DateInput(),
        help_text=help_text,
        validators=[after_today],
    )


class SignForm(forms.Form):
    """Per task without a conclusion: how it was verified in practice, the limits, and when to look again."""

    def __init__(self, *args: Any, tasks: Iterable[ContractTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = list(tasks)
        for row in self.tasks:
            self.fields[f"how-{row.task_id}"] = forms.CharField(
                label="Hoe hebt u dit in de praktijk vastgesteld?",
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Bijvoorbeeld samen gezien, casus besproken. Een diploma alleen volstaat niet.",
                error_messages={"required": f"Beschrijf hoe u dit vaststelde voor: {row.task.label}."},
            )
            self.fields[f"limits-{row.task_id}"] = forms.CharField(
                label="Grenzen",
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={
                    "required": f"Beschrijf de grenzen, of schrijf dat die er niet zijn, voor: {row.task.label}."
                },
            )
            self.fields[f"review-{row.task_id}"] = review_field(row.task.label)

    def groups(self) -> list[tuple[ContractTask, list[forms.BoundField]]]:
        """Each task with its three fields."""
        parts = ("how", "limits", "review")
        return [(row, [self[f"{part}-{row.task_id}"] for part in parts]) for row in self.tasks]

    def verified(self) -> dict[UUID, Verified]:
        """The conclusions, per task."""
        data = self.cleaned_data
        return {
            row.task_id: Verified(
                how_verified=data[f"how-{row.task_id}"],
                limits=data[f"limits-{row.task_id}"],
                review_at=start_of(review) if (review := data[f"review-{row.task_id}"]) else None,
            )
            for row in self.tasks
        }


COMPETENT = [("ja", "Ik acht mij bekwaam voor deze taak"), ("nee", "Ik acht mij hiervoor niet bekwaam")]


class AcceptForm(forms.Form):
    """One choice per task; nothing is chosen beforehand."""

    def __init__(self, *args: Any, tasks: Iterable[ContractTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = list(tasks)
        for row in self.tasks:
            self.fields[f"task-{row.task_id}"] = forms.ChoiceField(
                label=row.task.label, choices=COMPETENT, widget=forms.RadioSelect
            )

    def declarations(self) -> dict[UUID, bool]:
        return {row.task_id: self.cleaned_data[f"task-{row.task_id}"] == "ja" for row in self.tasks}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reden", widget=forms.Textarea)
