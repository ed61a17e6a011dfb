"""Many rows at once: INSERT ... SELECT, with what a model fills in by itself."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
from django.db import connection, models
from psycopg.sql import SQL, Composable, Identifier, Literal


def load(server: psycopg.Connection[Any], model: type[models.Model], source: str, **columns: Any) -> None:
    """Insert a row per row of the source. A column is SQL over it or a value; the others take the model's default."""
    names, expressions = [], []
    for field in model._meta.concrete_fields:
        given = columns.pop(field.name, None)
        if given is not None or not isinstance(field, models.AutoField):
            names.append(Identifier(str(field.column)))
            expressions.append(_expression(field, given))
    assert not columns, f"{model.__name__} has no {', '.join(columns)}"
    server.execute(
        SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
            Identifier(model._meta.db_table), _listed(names), _listed(expressions), SQL(source)
        )
    )


def load_history(server: psycopg.Connection[Any], model: Any, user: int) -> None:
    """Write the first version of every row there is, as the triggers would have."""
    history = model.history.model
    tracked = _listed([Identifier(field.column) for field in history.tracked_fields])
    server.execute(
        SQL(
            "INSERT INTO {} ({}, history_date, history_type, history_user_id, history_engagement) "
            "SELECT {}, now(), '+', {}, gen_random_uuid() FROM {}"
        ).format(
            Identifier(history._meta.db_table),
            tracked,
            tracked,
            Literal(user),
            Identifier(model._meta.db_table),
        )
    )


def _expression(field: Any, given: Any) -> Composable:
    if isinstance(given, Composable):
        return given
    if given is None and field.default is uuid.uuid4:
        return SQL("gen_random_uuid()")
    value = field.get_default() if given is None else getattr(given, "pk", given)
    return SQL("{}::{}").format(Literal(value), SQL(field.db_type(connection)))


def _listed(parts: list[Any]) -> Composable:
    return SQL(", ").join(parts)
