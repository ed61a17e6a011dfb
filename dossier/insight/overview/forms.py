"""The forms of a request: who asks and how one knows; and how the answer was handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from dossier.insight.review.forms import LAST, OLDEST, day
from dossier.models.verzoek import AskedBy, HandedOver, Identity

CHOOSE = {"required": "Kies een mogelijkheid.", "invalid_choice": "Kies een mogelijkheid uit de lijst."}


class Days(forms.Form):
    """Days that are not impossibly far away."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in [name for name, field in self.fields.items() if isinstance(field, forms.DateField)]:
            if (value := found.get(name)) and not OLDEST <= value < LAST:
                self.add_error(name, "Controleer het jaartal.")
        return found


class RequestForm(Days):
    """What was asked. Nothing of why: nobody has to say why he wants to know."""

    asked_on = day("Gevraagd op")
    asked_by = forms.ChoiceField(
        label="Wie vraagt het", choices=AskedBy.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    representative = forms.CharField(
        label="Naam van wie namens de werknemer vraagt",
        max_length=120,
        required=False,
        help_text="Alleen als de werknemer het niet zelf vraagt.",
    )
    identity = forms.ChoiceField(
        label="Hoe u weet dat deze persoon het is",
        choices=Identity.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    since = day("Vanaf", required=False, help_text="Leeg: vanaf het begin.")
    until = day("Tot en met", required=False, help_text="Leeg: tot nu.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_on"].initial = timezone.localdate
        self.fields["representative"].depends = True


class AnswerForm(Days):
    """How the overview reached the employee."""

    answered_on = day("Gegeven op")
    handed_over = forms.ChoiceField(
        label="Hoe", choices=HandedOver.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].initial = timezone.localdate
