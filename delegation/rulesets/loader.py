"""Load the editions from the files beside this module; idempotent, so a label can be corrected later."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps as installed

from delegation.rulesets.models import task_id

DATA = Path(__file__).parent / "data"
FLAGS = ("invasive_possible", "reserved", "justify_without_big")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(f"neither yes nor no: {text!r}")
    return text == "yes"


def load(apps: Any = installed) -> None:
    """Write every edition with its tasks. A data migration passes its own `apps`; nothing is ever deleted."""
    edition_model = apps.get_model("delegation", "Edition")
    task_model = apps.get_model("delegation", "Task")
    editions = [edition_model(**row) for row in _rows("editions.csv")]
    _write(edition_model, editions)
    _write(task_model, [task_model(**values) for edition in editions for values in _tasks(edition.code)])


def _tasks(edition: str) -> Iterator[dict[str, Any]]:
    for order, row in enumerate(_rows(f"tasks_{edition}.csv")):
        yield {
            **row,
            **{flag: _yes(row[flag]) for flag in FLAGS},
            "id": task_id(edition, row["code"]),
            "edition_id": edition,
            "delegable": int(row["delegable"]),
            "sort_order": order,
        }


def _write(model: Any, rows: list[Any]) -> None:
    key = model._meta.pk.name
    columns = [field.name for field in model._meta.concrete_fields if field.name != key]
    model._base_manager.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=columns)
