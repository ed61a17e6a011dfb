"""The form of a consent: for which part, which act, which receiver, which content, and how it was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms

from delegation.dates import end_of
from delegation.fields import DayField
from directory.access.grid import the_grid

# What a consent can be about, as the acts of the grid that ask one (Leidraad §3.1; BW 7:457).
ACTS = {
    "share": "delen met een collega van het team",
    "release": "vrijgeven aan iemand buiten de praktijk",
    "transfer": "overdragen aan een andere bedrijfsarts",
    "read": "inzien voor een second opinion",
}


def sections() -> list[tuple[str, str]]:
    """List the parts of the medical side that a consent can name."""
    return [
        (section.code, section.label)
        for section in the_grid().sections.values()
        if section.purpose or section.code in ("second_opinion", "gedelegeerde")
    ]


class ConsentForm(forms.Form):
    """One consent, for one part and one receiver: a consent "for anybody" does not exist."""

    section = forms.ChoiceField(label="Voor welk onderdeel?")
    verb = forms.ChoiceField(label="Waarvoor?", choices=list(ACTS.items()), widget=forms.RadioSelect)
    colleague = forms.ChoiceField(
        label="Welke collega?", required=False, help_text="Alleen bij delen binnen het team."
    )
    receiver = forms.CharField(
        label="Welke ontvanger?",
        required=False,
        max_length=200,
        help_text="Naam en functie van wie het krijgt, als dat geen collega van het team is.",
    )
    content = forms.CharField(
        label="Welke inhoud, en met welk doel?", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    given_how = forms.CharField(
        label="Hoe gaf de werknemer toestemming?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bijvoorbeeld: mondeling in het consult, of op een ondertekend formulier.",
    )
    ends_on = DayField(
        label="Geldig tot en met", required=False, help_text="Leeg: tot de werknemer haar intrekt."
    )

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(pk): (pk, name) for pk, name in colleagues}
        cast("forms.ChoiceField", self.fields["section"]).choices = [("", "Kies …"), *sections()]
        people = [("", "Geen collega"), *((key, name) for key, (_, name) in self.people.items())]
        cast("forms.ChoiceField", self.fields["colleague"]).choices = people

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        shares = data.get("verb") == "share"
        if shares and "colleague" in data and not data["colleague"]:
            self.add_error("colleague", "Kies de collega met wie u wilt delen.")
        if data.get("verb") and not shares and not (data.get("receiver") or "").strip():
            self.add_error("receiver", "Vul in voor welke ontvanger de werknemer toestemming geeft.")
        return data

    def receiver_user(self) -> int | None:
        if self.cleaned_data["verb"] != "share":
            return None
        return self.people[self.cleaned_data["colleague"]][0]

    def to_whom(self) -> str:
        if self.cleaned_data["verb"] == "share":
            return self.people[self.cleaned_data["colleague"]][1]
        return str(self.cleaned_data["receiver"])

    def ends_at(self) -> datetime | None:
        day = self.cleaned_data["ends_on"]
        return end_of(day) if day else None
