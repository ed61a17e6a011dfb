"""Shape what is typed in the directory; the rules are in actions and in the database."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from directory.people.models import Registration
from directory.people.models.professional import Profession as OfColleague
from directory.professions.models import REFUSED, CheckResult, Profession


def day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SearchForm(forms.Form):
    """What somebody types to find a person, an organisation or a profession."""

    q = forms.CharField(label="Zoek op naam, organisatie of beroep", max_length=80, required=False)


class ProfessionalForm(forms.Form):
    """A professional of another organisation. There is no field for a remark: it would fill with who is treated."""

    surname = forms.CharField(label="Achternaam", max_length=100, help_text="Zonder tussenvoegsel.")
    prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    initials = forms.CharField(label="Voorletters", max_length=20, required=False)
    organisation = forms.CharField(label="Organisatie", max_length=120)
    profession = forms.ModelChoiceField(
        label="Beroep",
        queryset=Profession.objects.exclude(pk=REFUSED).order_by("name"),
        empty_label="Kies een beroep",
        to_field_name="number",
        error_messages={"invalid_choice": "Kies een beroep uit de lijst."},
    )
    title = forms.CharField(
        label="Functie",
        max_length=120,
        required=False,
        help_text="Zoals de organisatie die noemt. Rechten volgen er nooit uit.",
    )
    city = forms.CharField(label="Plaats", max_length=80, required=False)
    phone = forms.CharField(label="Telefoon", max_length=30, required=False)
    email = forms.EmailField(label="E-mail", required=False, max_length=254)


class ProfessionalEditForm(ProfessionalForm):
    """The same, of somebody who may have left."""

    in_use = forms.BooleanField(
        label="Nog in gebruik",
        required=False,
        help_text="Zonder vinkje staat deze professional niet meer in de lijst; wat er was, blijft bewaard.",
    )


class _CheckFields(forms.Form):
    """When somebody looked in the register, and what it showed."""

    checked_on = forms.DateField(label="Nagekeken op", widget=day())
    result = forms.ChoiceField(
        label="Uitkomst", choices=[("", "Kies wat het register zei"), *CheckResult.choices]
    )
    ends_on = forms.DateField(
        label="Ingeschreven tot",
        widget=day(),
        required=False,
        help_text="De eerste dag die niet meer meetelt. Leeg als het register geen einde noemt.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].initial = timezone.localdate()

    def clean_checked_on(self) -> date:
        looked: date = self.cleaned_data["checked_on"]
        if looked > timezone.localdate():
            raise forms.ValidationError("Deze dag moet nog komen. Vul in wanneer u hebt gekeken.")
        return looked


class CheckForm(_CheckFields):
    pass


class _NumberFields(forms.Form):
    """Which register, and the number in it."""

    register = forms.ChoiceField(
        label="Register", choices=[("", "Kies een register"), *Registration.Register.choices]
    )
    number = forms.CharField(
        label="Nummer", max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )


class ExternalRegistrationForm(_CheckFields, _NumberFields):
    """A registration of a professional of another organisation."""

    detail = forms.CharField(
        label="Welk register, of welk niveau",
        max_length=60,
        required=False,
        help_text="Bij een ander register de naam; bij RNVC het niveau, Crov of Rccm.",
    )
    field_order = ["register", "detail", "number", "checked_on", "result", "ends_on"]


class ColleagueRegistrationForm(_CheckFields, _NumberFields):
    """A registration of a colleague: what he does may rest on it, so its period counts."""

    starts_on = forms.DateField(label="Ingeschreven vanaf", widget=day())
    field_order = ["register", "number", "starts_on", "ends_on", "checked_on", "result"]


class ColleagueForm(forms.Form):
    """The profession of a colleague; what he may do does not follow from it."""

    profession = forms.ChoiceField(label="Beroep", choices=[("", "Kies een beroep"), *OfColleague.choices])
    title = forms.CharField(label="Titel of functie", max_length=120, required=False)
    phone = forms.CharField(label="Telefoon", max_length=30, required=False)
