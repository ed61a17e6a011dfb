"""Put the errors of an action beside the fields they are about."""

from __future__ import annotations

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Add each message to its field; what has no field here stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.error_dict.items():
        form.add_error(None if name == NON_FIELD_ERRORS or name not in form.fields else name, messages)
