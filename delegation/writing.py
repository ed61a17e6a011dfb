"""How the actions write: the model's constraints speak first, the database has the last word."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def check(row: models.Model) -> None:
    """Turn a broken invariant into a message. Raises ValidationError.

    Foreign keys are left to the database: their row may be one that this hat cannot see.
    """
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    row.validate_constraints()


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
