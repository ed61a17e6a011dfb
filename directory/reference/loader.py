"""Load what is the same in every practice: what can be set, and the national holidays, from the files beside this."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps as installed

DATA = Path(__file__).parent / "data"


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def yes(text: str) -> bool:
    """Read a coded yes or no. Raises ValueError for anything else."""
    if text not in {"yes", "no"}:
        raise ValueError(f"neither yes nor no: {text!r}")
    return text == "yes"


def write(model: Any, made: list[Any]) -> None:
    """Insert or refresh rows by their key; nothing is ever deleted."""
    key = model._meta.pk.name
    columns = [field.name for field in model._meta.concrete_fields if field.name != key]
    model._base_manager.bulk_create(made, update_conflicts=True, unique_fields=[key], update_fields=columns)


def load(apps: Any = installed) -> None:
    """Write the definitions and the holidays. A data migration passes its own `apps`."""
    definition, holiday = (
        apps.get_model("reference", "SettingDefinition"),
        apps.get_model("reference", "Holiday"),
    )
    write(definition, [definition(**_definition(row)) for row in rows(DATA / "settings.csv")])
    days = rows(DATA / "holidays.csv")
    write(holiday, [holiday(**{**row, "day": date.fromisoformat(row["day"])}) for row in days])


def _definition(row: dict[str, str]) -> dict[str, Any]:
    whole = {name: int(row[name]) for name in ("number", "lowest", "highest")}
    flags = {name: yes(row[name]) for name in ("may_be_empty", "medical")}
    default = {"default_value": int(row["default_value"]) if row["default_value"] else None}
    return {**row, **whole, **flags, **default}
