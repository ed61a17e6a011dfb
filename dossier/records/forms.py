"""One form for every kind: the moment, the parts whose task one may do now, and the coded columns of the kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from .fields import MomentField, PlainText, as_uuid, text_field, this_minute
from .kinds import PartKind, Place
from .rows import Entry
from .sources import sources

SIGN, KEEP = "ondertekenen", "bewaren"
STALE = "Deze pagina was niet meer heel. Uw tekst staat er nog: controleer hem en verstuur opnieuw."


class RecordForm(forms.Form):
    """What somebody writes. It checks shape; what may be recorded is decided by actions and database.

    `form_key` makes one record of a form, however often it is sent; `revision` is what the writer had before him;
    `bewaard` names the kept text that this form came from.
    """

    happened_at = MomentField(label="Datum en tijd")
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    bewaard = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        place: Place,
        parts: Iterable[PartKind],
        amending: bool = False,
        initial: Mapping[str, Any] | None = None,
        ids: str = "id",
    ) -> None:
        self.place, self.parts = place, list(parts)
        first = {"happened_at": this_minute(), "form_key": uuid4(), **(initial or {})}
        self.stale = False
        super().__init__(self._mended(data) if data is not None else None, initial=first, auto_id=f"{ids}_%s")
        if place.kind.details:
            self.fields.update(place.kind.details.fields())
        for part in self.parts:
            self.fields[part.code] = text_field(part)
        for name in sources():
            self.fields[name] = forms.UUIDField(widget=forms.HiddenInput, required=False)
        if amending:
            self.fields["reason"] = PlainText(
                label="Reden van de nieuwe versie",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="De vorige versie blijft leesbaar.",
            )

    def _mended(self, data: Mapping[str, Any]) -> QueryDict:
        """Give what is hidden a value again where it was lost or changed: nobody can mend a hidden field himself."""
        mended = QueryDict(mutable=True)
        for name, value in data.items():
            mended[name] = value
        if as_uuid(mended.get("form_key", "")) is None:
            self.stale = True
            mended["form_key"] = str(uuid4())
        for name in ("bewaard", *sources()):
            if as_uuid(mended.get(name, "")) is None:
                mended[name] = ""
        if not mended.get("revision", "")[:10].isdecimal():
            mended["revision"] = ""
        return mended

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.stale:
            self.add_error(None, STALE)
        kind = self.place.kind
        if kind.needs_text and not any(values.get(part.code) for part in self.parts) and not self.errors:
            self.add_error(self.parts[0].code if self.parts else None, "Schrijf ten minste één onderdeel.")
        if kind.details:
            for name, problems in kind.details.problems(values).items():
                self.add_error(name, problems)
        return values

    def texts(self) -> dict[str, str]:
        return {part.code: self.cleaned_data.get(part.code, "") for part in self.parts}

    def entry(self) -> Entry:
        """Turn the cleaned form into what the actions ask for."""
        data = self.cleaned_data
        details = self.place.kind.details
        return Entry(
            place=self.place,
            happened_at=data["happened_at"],
            texts=self.texts(),
            form_key=data["form_key"],
            details={name: data.get(name) for name in details.fields()} if details else {},
        )

    @property
    def revision_seen(self) -> int:
        return int(self.cleaned_data.get("revision") or 0)


def wants_signature(data: Mapping[str, Any]) -> bool:
    """Sign only on the button that says so; anything else keeps a concept."""
    return data.get("doe") == SIGN
