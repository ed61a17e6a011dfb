"""The dossier's own functions in the database, and who may call them. Written from the grid, like the kernel's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connections

from directory.access.compile import DEFINERS, array
from directory.access.grid import the_grid
from directory.access.walls import SqlConstraint

FILE = Path(__file__).parent / "sql" / "writing.sql"
# A bound context uses the first; the second login keeps house, as nobody.
CALLED_BY = {
    "hat_base": "dossier_writes_here dossier_draft_begin dossier_draft_put dossier_in_hand dossier_recent",
    "tweeluik_begin": "dossier_lapsed dossier_clear",
}


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


def grant_functions(using: str = "default", **kwargs: Any) -> None:
    """Say who may call what. Runs as the owner after migrate, when the kernel has closed everything."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = 'tweeluik_owner'")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            "SELECT p.proname, p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace AND p.proname ^@ 'dossier_'"
        )
        signatures = dict(cursor.fetchall())
        for role, names in CALLED_BY.items():
            for name in names.split():
                if name in signatures:
                    cursor.execute(f"GRANT EXECUTE ON FUNCTION {signatures[name]} TO {role}")
