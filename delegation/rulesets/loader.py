"""Load the editions from the files beside this module. Idempotent, so a later release can correct a label or source."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps as installed

from .models import task_id

DATA = Path(__file__).parent / "data"


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
    tasks = []
    for edition in editions:
        for order, row in enumerate(_rows(f"tasks_{edition.code}.csv")):
            flags = {name: _yes(row.pop(name)) for name in ("invasive_possible", "reserved", "justify_without_big")}
            key = task_id(edition.code, row["code"])
            tasks.append(
                task_model(
                    id=key,
                    edition_id=edition.code,
                    sort_order=order,
                    **row | {"delegable": int(row["delegable"])},
                    **flags,
                )
            )
    for model, key, rows in ((edition_model, "code", editions), (task_model, "id", tasks)):
        columns = [field.name for field in model._meta.concrete_fields if field.name != key]
        model._base_manager.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=columns)
