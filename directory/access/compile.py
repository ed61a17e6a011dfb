"""Compile grid and guards to the SQL functions all doors ask. Run by makemigrations, frozen in the migration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from .grid import SIDES, WEARS, Grid, Guard, Role, Value, Verb

SQL = Path(__file__).parent / "sql"
PATH = "SET search_path = pg_catalog, public, pg_temp"
DEFINERS = {
    "definer": f"LANGUAGE sql STABLE SECURITY DEFINER {PATH}",
    "definer_plpgsql": f"LANGUAGE plpgsql STABLE SECURITY DEFINER {PATH}",
    "volatile_plpgsql": f"LANGUAGE plpgsql VOLATILE SECURITY DEFINER {PATH}",
}


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def array(items: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(literal(item) for item in items) + "]::text[]"


def _grid_json(grid: Grid) -> str:
    table: dict[str, dict[str, dict[str, str]]] = {}
    for role, section, content in grid:
        table.setdefault(role.code, {})[section.code] = {
            str(verb): str(value) for verb, value in content.values.items() if value is not Value.NOTHING
        }
    return json.dumps(table, sort_keys=True, separators=(",", ":"))


def protocol(grid: Grid) -> str:
    """Name the version of grid and guards; it stands in every log row (NEN 7513, autorisatieprotocol)."""
    guards = [(role.code, g.code, g.sql, g.scope) for role in grid.roles.values() for g in grid.guards(role)]
    digest = hashlib.sha256((_grid_json(grid) + repr(guards)).encode()).hexdigest()
    return digest[:12]


def _guard_case(guard: Guard) -> str:
    return f"CASE WHEN NOT coalesce(({guard.sql}), false) THEN {literal(f'{guard.scope}:{guard.code}')} END"


def _role_guards(grid: Grid, role: Role) -> str:
    cases = ",\n        ".join(_guard_case(guard) for guard in grid.guards(role))
    return f"WHEN {literal(role.code)} THEN missing := ARRAY[{cases}];"


def _ground_guards(grid: Grid, role: Role) -> str:
    held = [f"({g.sql})" for g in grid.guards(role) if g.scope == "every" and g.per_ground]
    return f"WHEN {literal(role.code)} THEN {' AND '.join(held) or 'true'}"


def _wears(grid: Grid) -> str:
    lines = []
    for side in SIDES:
        roles = [role.code for role in grid.roles.values() if role.side in WEARS[side]]
        lines.append(f"WHEN {literal(side)} THEN g.role = ANY ({array(roles)})")
    return "\n      ".join(lines)


def _scopes(grid: Grid) -> str:
    lines = []
    for name, (verbs, sections) in grid.scopes.items():
        if name == "every":
            continue
        tests = []
        if verbs:
            tests.append(f"verb = ANY ({array(verbs)})")
        if sections:
            tests.append(f"section = ANY ({array(sections)})")
        lines.append(f"WHEN {literal(name)} THEN {' AND '.join(tests)}")
    return "\n    ".join(lines)


def compile_proof() -> str:
    """Write the bodies of the functions that seal and verify the log. They know no grid."""
    return (SQL / "proof.sql").read_text().format(**DEFINERS)


def compile_functions(grid: Grid) -> str:
    """Write the bodies of all access functions for this grid. Pure: same grid, same text."""
    live = [role for role in grid.roles.values() if role.side]
    words = {
        **DEFINERS,
        "grid": _grid_json(grid),
        "protocol": literal(protocol(grid)),
        "verbs": array(Verb),
        "purpose_sections": array(s.code for s in grid.sections.values() if s.purpose),
        "voluntary_sections": array(s.code for s in grid.sections.values() if s.voluntary),
        "scopes": _scopes(grid),
        "guards": "\n      ".join(_role_guards(grid, role) for role in live),
        "ground_guards": "\n        ".join(_ground_guards(grid, role) for role in live),
        "wears": _wears(grid),
        "tasked_roles": array(grid.tasked),
        "conditioned_roles": array(role.code for role in live if role.condition),
        "medical_roles": array(role.code for role in live if role.side == "medical"),
        "outside_roles": array(role.code for role in live if role.side in ("process", "signal", "employer")),
        "medical_sections": array(s.code for s in grid.sections.values() if s.side in ("medical", "signal")),
        "all_roles": array(role.code for role in live),
        "dossier_sections": array(s.code for s in grid.sections.values() if s.side != "practice"),
        "process_sections": array(s.code for s in grid.sections.values() if s.side == "process"),
        "list_asks": array(f"{s.code}.find" for s in grid.sections.values() if s.side != "practice"),
        "task_state": grid.task_state,
        "laying": "\n    ".join(f"WHEN {literal(kind)} THEN {test}" for kind, test in grid.laying.items()),
    }
    files = ("context", "standing", "log", "gate", "grants", "explain")
    return "\n".join((SQL / f"{name}.sql").read_text().format(**words) for name in files)
