"""The forms of clients: an employer, an employee with his relation, and who will begleiden."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from directory.people.models import Engagement, Relation


def day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class EmployerForm(forms.Form):
    """A new client."""

    name = forms.CharField(label="Naam van de werkgever", max_length=120)
    kvk_number = forms.CharField(
        label="KvK-nummer",
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class EmployeeForm(forms.Form):
    """A new employee with the relation in which he is met. Nothing about health, nor that somebody is ill."""

    surname = forms.CharField(label="Achternaam", max_length=100, help_text="Zonder tussenvoegsel.")
    prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    initials = forms.CharField(label="Voorletters", max_length=20)
    first_name = forms.CharField(label="Roepnaam", max_length=60, required=False)
    birth_date = forms.DateField(label="Geboortedatum", widget=day())
    kind = forms.ChoiceField(
        label="Relatie",
        choices=[(k.value, k.label) for k in Relation.Kind if k != Relation.Kind.PRIVATE],
        initial=Relation.Kind.EMPLOYMENT,
    )
    starts_on = forms.DateField(label="Begin", widget=day())
    department = forms.CharField(label="Afdeling", max_length=80, required=False)
    personnel_number = forms.CharField(label="Personeelsnummer", max_length=30, required=False)
    phone = forms.CharField(label="Telefoon", max_length=30, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    street = forms.CharField(label="Straat en huisnummer", max_length=120, required=False)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    city = forms.CharField(label="Woonplaats", max_length=80, required=False)

    PERSON = (
        "surname",
        "prefix",
        "initials",
        "first_name",
        "birth_date",
        "phone",
        "email",
        "street",
        "postcode",
        "city",
    )
    RELATION = ("kind", "starts_on", "department", "personnel_number")

    def values(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born > timezone.localdate():
            raise forms.ValidationError("Deze geboortedatum ligt in de toekomst.")
        return born


class GuidanceForm(forms.Form):
    """The written reason on which a bedrijfsarts begleidt the people of a client."""

    holder = forms.ModelChoiceField(
        label="Bedrijfsarts", queryset=Engagement.objects.none(), empty_label=None
    )
    tasks = forms.CharField(
        label="Opdracht",
        widget=forms.Textarea(attrs={"rows": 2}),
        initial="Verzuimbegeleiding en preventieve zorg voor de werknemers van deze werkgever",
    )
    role_division = forms.CharField(
        label="Rolverdeling met een andere bedrijfsarts",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="Alleen als hier al een bedrijfsarts werkt: wie doet wat. De werknemer wordt dat verteld.",
    )

    def __init__(self, *args: Any, physicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["holder"]
        field.queryset = physicians
        field.label_from_instance = lambda engagement: str(engagement.user)
