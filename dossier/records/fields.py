"""What people type: text without invisible signs, and a moment to the minute."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .kinds import LONGEST, PartKind

# Control characters but newline and tab, and the signs that turn the direction of reading: with these a text can show
# something else than it says ("geen" can be made to read as something else in the copy the employee gets).
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OLDEST = 1900


def as_uuid(text: str) -> UUID | None:
    """Read a hidden id; what is none is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def this_minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


class PlainText(forms.CharField):
    """Text as typed. Ends of lines are made one; what cannot be seen is refused, with the line it stands on."""

    default_error_messages = {
        "required": "Vul dit in.",
        "max_length": "Dit zijn %(show_value)s tekens; er passen er %(limit_value)s. Kort de tekst in.",
        "null_characters_not_allowed": "In deze tekst staat een onzichtbaar teken. Haal het weg.",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave maxlength out: a browser cuts pasted text off without a word; here it is refused, and kept."""
        return {}

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if found := INVISIBLE.search(value):
            line = value.count("\n", 0, found.start()) + 1
            before = value[max(0, found.start() - 20) : found.start()].splitlines()
            near = f" na “{before[-1].strip()}”" if before and before[-1].strip() else ""
            raise ValidationError(
                f"Op regel {line}{near} staat een onzichtbaar stuurteken. Haal het weg; zo’n teken komt vaak mee "
                "als u tekst uit een ander programma plakt.",
                code="invisible",
            )


def text_field(part: PartKind, *, required: bool = False) -> PlainText:
    """Make the field of a part: a plain textarea, which dictation software understands, or one line."""
    if part.line:
        widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
    else:
        widget = forms.Textarea(attrs={"rows": part.rows})
    return PlainText(
        label=part.label,
        help_text=part.hint,
        required=required,
        max_length=min(part.limit, LONGEST),
        widget=widget,
        template_name=None if part.line else "records/veld.html",  # type: ignore[call-arg]
    )


class MomentField(forms.DateTimeField):
    """When it happened: a minute in Amsterdam, never in the future."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 60})
    default_error_messages = {
        "required": "Vul datum en tijd in.",
        "invalid": "Deze datum of tijd bestaat niet. Schrijf bijvoorbeeld 20-11-2026 10:40.",
    }

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M"]
        super().__init__(input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return super().to_python(value)
        naive = self._naive(str(value).strip())
        if naive.year < OLDEST:
            raise ValidationError("Controleer het jaartal.", code="too_old")
        zone = timezone.get_current_timezone()
        moments = [naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0)]
        if timezone.make_naive(moments[0], zone).replace(fold=0) != naive:
            raise ValidationError(
                "Dit moment was er niet: die nacht ging de klok een uur vooruit.", code="skipped"
            )
        # In the night that has an hour twice, the later of the two that has been.
        past = [moment for moment in moments if moment <= timezone.now()]
        if not past:
            raise ValidationError("Dit moment ligt in de toekomst.", code="future")
        return past[0].replace(second=0, microsecond=0)

    def _naive(self, text: str) -> datetime:
        for pattern in self.input_formats or []:
            try:
                return datetime.strptime(text, pattern)
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")
