"""The form of a werkaantekening. Which days there are is the database's to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from dossier.medical.models import MOST_DAYS
from dossier.records.fields import PlainText
from dossier.records.kinds import LONGEST

from .actions import usual_day


class PrivateForm(forms.Form):
    """What its author notes for himself, and until when."""

    text = PlainText(
        label="Werkaantekening",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Alleen voor u, buiten het dossier. Wat voor de begeleiding nodig is, hoort in het dossier.",
        error_messages={"required": "Schrijf wat u wilt onthouden."},
    )
    destroy_before = forms.DateField(
        label="Vernietigen of overnemen vóór",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Zo kort mogelijk. Vanaf deze dag kan niemand het meer lezen.",
        error_messages={
            "required": "Kies een dag.",
            "invalid": "Deze datum bestaat niet. Schrijf hem als 14-03-2027.",
        },
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        first = {"destroy_before": usual_day(), "form_key": uuid4(), **(initial or {})}
        super().__init__(data, initial=first)
        today = timezone.localdate()
        self.fields["destroy_before"].widget.attrs |= {
            "min": str(today + timedelta(days=1)),
            "max": str(today + timedelta(days=MOST_DAYS)),
        }

    def add_error(self, field: str | None, error: Any) -> None:
        """A hidden key nobody can mend himself is made anew."""
        if field == "form_key":
            self.cleaned_data["form_key"] = uuid4()
            return
        super().add_error(field, error)
