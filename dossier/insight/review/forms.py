"""The forms of log review: a period, a decision, the numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from dossier.deviations import SETTINGS
from dossier.models.review import REASON, Outcome

from .found import LONGEST

DAY = {
    "invalid": "Deze datum bestaat niet. Schrijf bijvoorbeeld 20-11-2026.",
    "required": "Vul een datum in.",
}
OLDEST, LAST = date(2000, 1, 1), date(2200, 1, 1)


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        error_messages=DAY,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class PeriodForm(forms.Form):
    """The days to look at: at most a month at a time."""

    van = day("Van")
    tot = day("Tot en met")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("van"), found.get("tot")
        if since and until and not OLDEST <= since <= until < LAST:
            self.add_error("tot", "De laatste dag ligt vóór de eerste, of te ver weg. Pas een van beide aan.")
        elif since and until and until - since >= timedelta(days=LONGEST):
            self.add_error("tot", f"Kies hooguit {LONGEST} dagen.")
        return found


class DecisionForm(forms.Form):
    """What is decided about one signal."""

    outcome = forms.ChoiceField(
        label="Uw oordeel",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies uw oordeel.", "invalid_choice": "Kies een oordeel uit de lijst."},
    )
    reason = forms.CharField(
        label="Waarop u dit baseert",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wat u hebt gezien of gehoord. Zonder naam van de werknemer en zonder gezondheidsgegevens.",
        error_messages={"required": "Schrijf op waarop u dit baseert."},
    )
    follow_up = forms.CharField(
        label="Wat er volgt",
        max_length=REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nodig bij een vermoede inbreuk: met wie u spreekt, en of u het binnen 72 uur meldt [AVG art. 33].",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up"].depends = True  # "not required" would not be true of a suspected breach


class NumbersForm(forms.Form):
    """Every number of log review, and one reason for what changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for setting in SETTINGS.values():
            self.fields[setting.code] = forms.IntegerField(
                label=f"{setting.label} ({setting.unit})",
                min_value=setting.least,
                max_value=setting.most,
                help_text=f"Standaard {setting.default}. {setting.why} [{setting.source}]",
                error_messages={
                    "required": "Vul een getal in.",
                    "invalid": "Vul een heel getal in.",
                    "min_value": f"Kies {setting.least} of meer.",
                    "max_value": f"Kies {setting.most} of minder.",
                },
            )
        self.fields["reason"] = forms.CharField(
            label="Waarom u iets wijzigt",
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["reason"].depends = True

    def numbers(self) -> dict[str, int]:
        return {code: self.cleaned_data[code] for code in SETTINGS}
