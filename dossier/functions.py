"""The dossier's own functions in the database, written from the grid like the kernel's."""

from __future__ import annotations

from pathlib import Path

from directory.access.compile import DEFINERS, array
from directory.access.grid import the_grid
from directory.access.walls import SqlConstraint

FILE = Path(__file__).parent / "sql" / "writing.sql"


class OwnerReads(SqlConstraint):
    """What the definer functions, which run as the owner, may see and change of a table under FORCE."""

    def __init__(self, *, name: str, rule: str, command: str = "SELECT") -> None:
        super().__init__(name=name, rule=rule, command=command)

    def up(self, table: str) -> list[str]:
        k = self.frozen()
        return [
            f'CREATE POLICY "{self.name}" ON "{table}" FOR {k["command"]} TO tweeluik_owner USING ({k["rule"]})'
        ]

    def down(self, table: str) -> list[str]:
        return [f'DROP POLICY IF EXISTS "{self.name}" ON "{table}"']


def compile_writing() -> str:
    """Write the bodies of the functions in sql/writing.sql."""
    sections = (s.code for s in the_grid().sections.values() if s.side != "practice")
    words = {**DEFINERS, "list_asks": array(f"{code}.find" for code in sections)}
    return FILE.read_text().format(**words)
