"""A dump of one database, beside a manifest with the rows of every table, counted in the very same snapshot.

Never with --enable-row-security: where a policy hides rows, that writes an empty table and exits with 0 (measured: 0
of 100,000). The login passes the policies instead (BYPASSRLS), and a restore compares every count.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

from . import manifest
from .places import claim, private, settle
from .problems import Stop
from .programs import login, program, why

TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
AND c.relkind = 'r' ORDER BY c.relname
"""
WALLS = """
SELECT (SELECT count(*) FROM pg_policy),
  (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
  (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity),
  (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity)
"""


def dump(conninfo: str, folder: Path, kind: str, *, recipient: str = "") -> Path:
    """Write one dump and its manifest; returns the manifest. Raises Stop; then nothing is left behind."""
    folder = claim(folder, kind)
    seal = _sealer(recipient)
    with snapshot(conninfo) as (server, name):
        at = server.execute("SELECT statement_timestamp()").fetchone()[0].astimezone(UTC)
        rows, walls, migrations = count(server), count_walls(server), applied(server)
        path = folder / f"{kind}-{at:%Y%m%dT%H%M%SZ}.dump{'.age' if seal else ''}"
        if path.exists():
            raise Stop(f"{path} is er al. Wacht een seconde en probeer het opnieuw.")
        pg_dump = program("pg_dump", server)
        with private(path) as file:
            _run([pg_dump, "--format=custom", f"--snapshot={name}"], login(conninfo), seal, file)
        written = manifest.Manifest(
            kind=kind,
            at=at.isoformat(),
            dump=path.name,
            sha256=manifest.hashed(path),
            size=path.stat().st_size,
            encrypted=bool(seal),
            server=str(server.info.server_version // 10_000),
            rows=rows,
            walls=walls,
            migrations=migrations,
        )
    # Last: a dump without its manifest is not a backup, and is never taken for one.
    return written.write(folder)


def rotate(folder: Path, days: int) -> list[str]:
    """Delete what is older than so many days, never the youngest; returns the names. Keys destroyed leave with it."""
    limit = datetime.now(UTC) - timedelta(days=days)
    gone = []
    for path in sorted(folder.glob("*-????????T??????Z.json"))[:-1]:
        made = datetime.strptime(path.stem.rpartition("-")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if made < limit:
            for dump in folder.glob(f"{path.stem}.dump*"):
                dump.unlink()
            path.unlink()
            gone.append(path.stem)
    settle(folder)
    return gone


@contextmanager
def snapshot(conninfo: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """Hold one picture of a database for as long as the block runs, with the name under which others see it too."""
    try:
        server = psycopg.connect(conninfo)
    except psycopg.OperationalError:
        raise Stop("De database is niet te bereiken. Draait zij, en klopt het adres?") from None
    with server:
        _demand_passes_policies(server)
        server.execute("SET default_transaction_isolation = 'repeatable read'")
        server.commit()
        # A policy that would hide a row is an error here, never a smaller count.
        server.execute("SET LOCAL row_security = off")
        yield server, server.execute("SELECT pg_export_snapshot()").fetchone()[0]


def count(server: psycopg.Connection[Any]) -> dict[str, int]:
    """Count the rows of every table, each month of the log by itself."""
    found = {}
    for (name,) in server.execute(TABLES).fetchall():
        counting = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        found[name] = server.execute(counting).fetchone()[0]
    return found


def count_walls(server: psycopg.Connection[Any]) -> dict[str, int]:
    return dict(
        zip(("policies", "triggers", "walled", "forced"), server.execute(WALLS).fetchone(), strict=True)
    )


def applied(server: psycopg.Connection[Any]) -> list[str]:
    """Name the migrations of this database; the key store has none."""
    if server.execute("SELECT to_regclass('public.django_migrations')").fetchone()[0] is None:
        return []
    rows = server.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def _demand_passes_policies(server: psycopg.Connection[Any]) -> None:
    passes = server.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not passes.fetchone()[0]:
        raise Stop(
            "Deze login ziet niet alle regels: een back-up ermee zou leeg kunnen zijn zonder dat iets faalt. Gebruik "
            "tweeluik_backup (BYPASSRLS, zie config/roles.sql)."
        )


def _sealer(recipient: str) -> list[str]:
    if not recipient:
        return []
    if not (age := shutil.which("age")):
        raise Stop("Versleutelen kan niet: het programma age ontbreekt. Op Debian: apt-get install -y age")
    return [age, "--encrypt", "--recipient", recipient]


def _run(command: list[str], environment: dict[str, str], seal: list[str], file: BinaryIO) -> None:
    """Run pg_dump, through age where asked: the text in clear then never touches a disk."""
    target = subprocess.PIPE if seal else file
    with subprocess.Popen(command, env=environment, stdout=target, stderr=subprocess.PIPE) as dumping:
        sealed = b""
        if seal:
            sealing = subprocess.run(
                seal, stdin=dumping.stdout, stdout=file, stderr=subprocess.PIPE, check=False
            )
            sealed = sealing.stderr if sealing.returncode else b""
        _, errors = dumping.communicate() if not seal else (b"", dumping.stderr.read())
    if sealed:
        raise Stop("age kon niet versleutelen. Klopt de ontvanger (age1...)?")
    if dumping.returncode:
        raise why("pg_dump", errors)
