"""Load the professions and their registers from the files beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps as installed

from directory.reference.loader import rows, write, yes

DATA = Path(__file__).parent / "data"


def load(apps: Any = installed) -> None:
    """Write every profession with its registers. A data migration passes its own `apps`."""
    profession = apps.get_model("professions", "Profession")
    register = apps.get_model("professions", "ProfessionRegister")
    flags = ("big_by_person", "zorgdomein")
    write(
        profession,
        [
            profession(**{**row, "number": int(row["number"]), **{flag: yes(row[flag]) for flag in flags}})
            for row in rows(DATA / "professions.csv")
        ],
    )
    write(
        register,
        [
            register(
                code=f"{row['profession']}/{row['name']}"[:120],
                profession_id=row["profession"],
                name=row["name"],
                obligation=row["obligation"],
                demands=row["demands"],
                sort_order=order,
            )
            for order, row in enumerate(rows(DATA / "registers.csv"))
        ],
    )
