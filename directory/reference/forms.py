"""Shape what is typed about the practice itself; the rules are in actions and in the database."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from directory.reference.models import SettingDefinition, SettingKind


def day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SettingForm(forms.Form):
    """A value within its bounds, from when, and why."""

    value = forms.IntegerField(widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    starts_on = forms.DateField(label="Vanaf", widget=day())
    reason = forms.CharField(
        label="Waarom kiest uw praktijk dit?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Kort en zonder gegevens over werknemers.",
    )

    def __init__(self, *args: Any, definition: SettingDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if definition.kind == SettingKind.YES_NO:
            self.fields["value"] = forms.TypedChoiceField(
                label="Keuze", choices=[("", "Kies ja of nee"), ("1", "ja"), ("0", "nee")], coerce=int
            )
            self.order_fields(["value", "starts_on", "reason"])
        value: Any = self.fields["value"]
        value.required = not definition.may_be_empty
        self.fields["starts_on"].initial = timezone.localdate()
        if definition.kind == SettingKind.YES_NO:
            return
        value.label = f"Waarde, in {definition.unit}"
        value.help_text = f"Van {definition.lowest} tot en met {definition.highest}." + (
            " Leeg betekent: geen getal." if definition.may_be_empty else ""
        )

    def clean_starts_on(self) -> date:
        first: date = self.cleaned_data["starts_on"]
        if first < timezone.localdate():
            raise forms.ValidationError(
                "Een instelling geldt vanaf vandaag of later, nooit met terugwerkende kracht."
            )
        return first

    def starts_at(self) -> datetime:
        """Turn the day into a moment; today means now, since nothing begins before it is recorded."""
        first: date = self.cleaned_data["starts_on"]
        if first == timezone.localdate():
            return timezone.now()
        return timezone.make_aware(datetime.combine(first, time.min))


class LocationForm(forms.Form):
    """A place where the practice receives people."""

    name = forms.CharField(label="Naam", max_length=80)
    street = forms.CharField(label="Straat en huisnummer", max_length=120)
    postcode = forms.CharField(label="Postcode", max_length=10)
    city = forms.CharField(label="Plaats", max_length=80)
    phone = forms.CharField(label="Telefoon", max_length=30, required=False)


class LocationEditForm(LocationForm):
    """The same, of a place that may have closed."""

    in_use = forms.BooleanField(label="Nog in gebruik", required=False)


class ClosingForm(forms.Form):
    """Days on which the practice is closed besides the national holidays."""

    name = forms.CharField(
        label="Omschrijving", max_length=80, help_text="Bijvoorbeeld: tussen kerst en nieuwjaar."
    )
    first_day = forms.DateField(label="Eerste dag", widget=day())
    last_day = forms.DateField(label="Laatste dag", widget=day())
