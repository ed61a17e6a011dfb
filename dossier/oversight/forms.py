"""The form of a judgement: one remark, which may stay empty."""

from __future__ import annotations

from django import forms


class ReviewForm(forms.Form):
    """That the supervisor looked; a remark if there is one."""

    opmerking = forms.CharField(
        label="Opmerking aan de arts onder supervisie",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
