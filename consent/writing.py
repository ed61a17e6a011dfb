"""How the actions write: the model's constraints speak first, the database has the last word."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def check(row: models.Model) -> None:
    """Turn a broken invariant into a ValidationError; foreign keys are left to the database."""
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    row.validate_constraints()


def store(row: Row) -> Row:
    """Insert a checked row."""
    check(row)
    row.save(force_insert=True)
    return row
