"""How the actions write: the model's constraints speak first, the database has the last word."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

Row = TypeVar("Row", bound=models.Model)


def check(row: models.Model) -> None:
    """Turn a broken invariant into a message beside its field. Raises ValidationError.

    The constraints speak first: they say what to do, where a field only says that it is empty. Foreign keys are
    left to the database, since their row may be one that this hat cannot see.
    """
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise ValidationError(_by_field(row, error)) from None
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})


def _by_field(row: models.Model, error: ValidationError) -> dict[str, list[ValidationError]]:
    """Read the field from a code such as `tasks_missing`; what names no field stays with the whole."""
    names = {field.name for field in row._meta.fields}
    found: dict[str, list[ValidationError]] = {}
    for name, messages in error.error_dict.items():
        for message in messages:
            field = str(message.code or "").removesuffix("_missing")
            found.setdefault(field if field in names else name, []).append(message)
    return found


def store(row: Row) -> Row:
    """Insert a checked row."""
    check(row)
    row.save(force_insert=True)
    return row


def change(row: Row, **values: object) -> Row:
    """Change exactly these columns; a row that is hidden or gone raises instead of passing in silence."""
    for name, value in values.items():
        setattr(row, name, value)
    check(row)
    row.save(force_update=True, update_fields=list(values))
    return row
