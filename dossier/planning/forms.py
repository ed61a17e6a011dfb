"""The forms of the agenda: shape only. Whether a time is free, the database says."""

from __future__ import annotations

from typing import Any

from django import forms

from directory.people.models import Engagement
from directory.reference.models import Location
from dossier.agenda.actions import WEEKS
from dossier.agenda.kinds import KINDS
from dossier.agenda.models import Reason, State

INVALID_TIME = {
    "invalid": "Dit tijdstip bestaat niet. Schrijf bijvoorbeeld 10:30.",
    "required": "Vul het tijdstip in.",
}
LONGEST = 720


def day_field(label: str = "Dag") -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": "Deze dag bestaat niet. Schrijf bijvoorbeeld 20-11-2026.",
            "required": "Vul de dag in.",
        },
    )


def time_field(label: str = "Tijd") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=INVALID_TIME,
    )


def minutes_field(*, required: bool = True, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label="Minuten",
        min_value=5,
        max_value=LONGEST,
        required=required,
        help_text=hint,
        error_messages={
            "min_value": "Kies minstens 5 minuten.",
            "max_value": "Kies hoogstens 720 minuten.",
            "invalid": "Vul een aantal minuten in, in cijfers.",
            "required": "Vul het aantal minuten in.",
        },
    )


class RoomField(forms.ModelChoiceField):
    """A room, or none: by telephone, or by video."""

    default_error_messages = {"invalid_choice": "Kies een ruimte uit de lijst."}

    def __init__(self, rooms: Any, **kwargs: Any) -> None:
        super().__init__(
            queryset=rooms,
            label="Ruimte",
            required=False,
            empty_label="Geen: telefonisch of beeldbellen",
            **kwargs,
        )


class CalendarField(forms.ModelChoiceField):
    """The calendar of a professional, by name and role."""

    default_error_messages = {
        "invalid_choice": "Kies een agenda uit de lijst.",
        "required": "Kies een agenda.",
    }

    def label_from_instance(self, row: Engagement) -> str:
        return f"{row.user}, {row.get_role_display()}"


class AppointmentForm(forms.Form):
    """A new appointment. Kinds that are secret by their existence are offered to the medical side and the desk only."""

    kind = forms.ChoiceField(label="Soort", error_messages={"invalid_choice": "Kies een soort uit de lijst."})
    engagement = CalendarField(queryset=Engagement.objects.none(), label="Agenda van", empty_label=None)
    day = day_field()
    time = time_field()
    minutes = minutes_field(required=False, hint="Leeg: zo lang als deze soort gewoonlijk duurt.")

    def __init__(self, *args: Any, calendars: Any, rooms: Any, hidden: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        ordinary = [(k.code, k.label) for k in KINDS.values() if not k.hidden]
        voluntary = [(k.code, k.label) for k in KINDS.values() if k.hidden]
        kind.choices = [("Verzuim", ordinary), ("Alleen in een blok", voluntary)] if hidden else ordinary
        self.fields["engagement"].queryset = calendars
        self.fields["room"] = RoomField(rooms, help_text=IN_BLOCK if hidden else "")


IN_BLOCK = "In een blok: leeg, of de ruimte van het blok."


class MoveForm(forms.Form):
    """Another time or room for an appointment."""

    day = day_field()
    time = time_field()
    minutes = minutes_field()

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"] = RoomField(rooms)


class CloseForm(forms.Form):
    """What became of an appointment. Who called it off is asked; why never."""

    outcome = forms.ChoiceField(
        label="Wat is er gebeurd?",
        choices=[(s.value, s.label.capitalize()) for s in State if s is not State.PLANNED],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies wat er is gebeurd.",
            "invalid_choice": "Kies een van de mogelijkheden.",
        },
    )
    reason = forms.ChoiceField(
        label="Bij afzeggen: door wie?",
        choices=[("", "Kies"), *((r.value, r.label.capitalize()) for r in Reason)],
        required=False,
        help_text="De reden vraagt u niet en legt u niet vast.",
        error_messages={"invalid_choice": "Kies een van de mogelijkheden."},
    )

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("outcome") == State.CANCELLED and not found.get("reason") and "reason" in found:
            self.add_error("reason", "Kies wie de afspraak afzegt.")


class BlockForm(forms.Form):
    """Time that nobody can book, published beforehand."""

    day = day_field("Eerste dag")
    time = time_field("Van")
    minutes = minutes_field()
    weeks = forms.IntegerField(
        label="Aantal weken",
        min_value=1,
        max_value=WEEKS,
        initial=1,
        help_text="Elke week op deze dag en tijd.",
        error_messages={
            "min_value": "Kies minstens 1 week.",
            "max_value": f"Kies hoogstens {WEEKS} weken.",
            "invalid": "Vul een aantal weken in, in cijfers.",
            "required": "Vul het aantal weken in.",
        },
    )

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"] = RoomField(rooms)


class RoomForm(forms.Form):
    """A room of one of the locations of the practice."""

    location = forms.ModelChoiceField(
        Location.objects.none(),
        label="Vestiging",
        empty_label="Kies …",
        error_messages={
            "required": "Kies de vestiging.",
            "invalid_choice": "Deze vestiging is er niet. Kies er een uit de lijst.",
        },
    )
    name = forms.CharField(label="Ruimte", max_length=60, error_messages={"required": "Vul de ruimte in."})

    def __init__(self, data: Any = None, *, locations: Any) -> None:
        super().__init__(data)
        self.fields["location"].queryset = locations


class ContactForm(forms.Form):
    """Surname and birth date, both: one alone would be browsing among the people of one's clients."""

    surname = forms.CharField(
        label="Achternaam",
        max_length=100,
        help_text="Zonder tussenvoegsel.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Vul de achternaam in."},
    )
    birth_date = forms.DateField(
        label="Geboortedatum",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": "Deze datum bestaat niet. Schrijf bijvoorbeeld 14-03-1981.",
            "required": "Vul de geboortedatum in.",
        },
    )
