"""Restore a backup beside what is there, and let nobody in before it tells what is true today.

In this order: the dump, every row count, the walls, the hashes of the log, what ended since, sessions, the keys of the
records. Only then may the logins connect: until the last step the new database is closed to all of them.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from . import endings, manifest, replaying
from .dumping import applied, count, count_walls
from .problems import Stop
from .programs import login, program, why

CONFIG = Path(__file__).resolve().parents[1]
OWNERS = {"main": ("tweeluik_owner", "database.sql"), "keys": ("tweeluik_keys_owner", "keystore.sql")}
SEALED = """
SELECT c.relname, CASE WHEN EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'record_id')
  THEN 'record_id' ELSE 'id' END
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ '^access_|_historical'
GROUP BY 1, c.oid
"""


@dataclass
class Report:
    """What was restored, and what was ended again."""

    made_at: datetime
    until: datetime  # the list of endings tells until here; what ended later is not in it
    rows: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    sessions: int = 0
    log_rows: int = 0


def main(admin: str, backup: Path, name: str, list_of: Path, *, store: str, identity: str = "") -> Report:
    """Restore the main database under a new name. `store` reaches the key store it will work with. Raises Stop."""
    found = _of_kind(backup, "main")
    report = Report(found.moment, endings.covered(list_of, found.moment))
    into = _bare(admin, name, "main")
    _fill(into, backup.parent / found.dump, identity)
    with psycopg.connect(into, autocommit=True) as server:
        report.rows = _compare(server, found)
        report.log_rows = _check_log(server)
        report.ended = replaying.rights(server, endings.read(list_of), found.moment)
        report.sessions = replaying.sessions(server)
        server.execute("SELECT access_make_partitions()")
        _demand_keys(server, store)
        server.execute("ANALYZE")
    open_up(into, "main")
    return report


def keys(admin: str, backup: Path, name: str, list_of: Path, *, identity: str = "") -> Report:
    """Restore the key store under a new name, without the keys that were destroyed since. Raises Stop."""
    found = _of_kind(backup, "keys")
    report = Report(found.moment, endings.covered(list_of, found.moment))
    into = _bare(admin, name, "keys")
    _fill(into, backup.parent / found.dump, identity)
    with psycopg.connect(into, autocommit=True) as store:
        report.rows = _compare(store, found)
        report.ended["key"] = replaying.keys(store, endings.read(list_of))
    open_up(into, "keys")
    return report


def replay(admin: str, name: str, keys_name: str, list_of: Path, since: datetime) -> Report:
    """End again what ended since a moment, in databases that were brought back by the server's own WAL. Raises Stop."""
    report = Report(since, endings.covered(list_of, since))
    with psycopg.connect(make_conninfo(admin, dbname=name), autocommit=True) as server:
        report.log_rows = _check_log(server)
        report.ended = replaying.rights(server, endings.read(list_of), since)
        report.sessions = replaying.sessions(server)
        server.execute("SELECT access_make_partitions()")
    with psycopg.connect(make_conninfo(admin, dbname=keys_name), autocommit=True) as store:
        report.ended["key"] = replaying.keys(store, endings.read(list_of))
    return report


def open_up(into: str, kind: str) -> None:
    """Let the logins of Tweeluik in: the last step, and the only one that does."""
    with psycopg.connect(into) as server:
        server.execute((CONFIG / OWNERS[kind][1]).read_bytes())


def _of_kind(backup: Path, kind: str) -> manifest.Manifest:
    found = manifest.read(backup)
    if found.kind != kind:
        raise Stop(
            f"{backup} is geen back-up van {'de hoofddatabase' if kind == 'main' else 'de sleutelopslag'}."
        )
    return found


def _bare(admin: str, name: str, kind: str) -> str:
    """Make an empty database that none of our logins may enter. Raises Stop when the name is taken."""
    owner = OWNERS[kind][0]
    try:
        server = psycopg.connect(admin, autocommit=True)
    except psycopg.OperationalError:
        raise Stop("De server is niet te bereiken als beheerder (ADMIN_DATABASE_URL).") from None
    with server:
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            raise Stop(f"De database {name} is er al. Kies een andere naam: er wordt niets overschreven.")
        if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [owner]).rowcount:
            raise Stop("De rollen van Tweeluik zijn er nog niet. Voer eerst config/roles.sql uit.")
        making = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
        server.execute(making.format(sql.Identifier(name), sql.Identifier(owner)))
        server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    return make_conninfo(admin, dbname=name)


def _fill(into: str, dump: Path, identity: str) -> None:
    with psycopg.connect(into) as server:
        pg_restore = program("pg_restore", server)
        name = server.info.dbname
    command = [pg_restore, "--exit-on-error", f"--dbname={name}"]
    if dump.suffix != ".age":
        done = subprocess.run([*command, dump], env=login(into), capture_output=True, check=False)
    else:
        if not identity:
            raise Stop(
                "Deze back-up is versleuteld. Geef het bestand met de sleutel van age: --identity BESTAND"
            )
        opening = ["age", "--decrypt", "--identity", identity, dump]
        with subprocess.Popen(opening, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as opened:
            done = subprocess.run(
                command, env=login(into), stdin=opened.stdout, capture_output=True, check=False
            )
        if opened.returncode:
            raise Stop("age kon de back-up niet openen. Is dit de goede sleutel?")
    if done.returncode:
        raise why("pg_restore", done.stderr)


def _compare(server: psycopg.Connection[Any], found: manifest.Manifest) -> int:
    """Hold every table, every wall and every migration to the manifest; returns the number of rows. Raises Stop."""
    rows = count(server)
    differ = [
        f"{table}: {rows.get(table, 0)} in plaats van {found.rows.get(table, 0)}"
        for table in sorted({*rows, *found.rows})
        if rows.get(table) != found.rows.get(table)
    ]
    if differ:
        raise Stop(f"Niet alle regels zijn terug: {'; '.join(differ[:5])}. De database blijft dicht.")
    if count_walls(server) != found.walls:
        raise Stop("Niet alle beleidsregels of triggers zijn terug. De database blijft dicht.")
    if applied(server) != found.migrations:
        raise Stop("De migraties zijn andere dan bij de back-up. De database blijft dicht.")
    return sum(rows.values())


def _check_log(server: psycopg.Connection[Any]) -> int:
    """Recompute the hash of every row of the log; returns how many. Raises Stop."""
    asking = "SELECT checked, wrong_id FROM access_verify('2000-01-01')"
    checked, wrong = server.execute(asking).fetchone()
    if wrong is not None:
        raise Stop(f"Regel {wrong} van het toegangslog klopt niet met zijn hash. De database blijft dicht.")
    return checked


def _demand_keys(server: psycopg.Connection[Any], store: str) -> None:
    """Every sealed text has its key, or it was destroyed. Raises Stop: the keys are then the older ones."""
    records: set[str] = set()
    for table, column in server.execute(SEALED).fetchall():
        asking = sql.SQL("SELECT DISTINCT {}::text FROM public.{}")
        records |= {
            row
            for (row,) in server.execute(
                asking.format(sql.Identifier(column), sql.Identifier(table))
            ).fetchall()
        }
    with psycopg.connect(store) as beside:
        beside.execute("CREATE TEMP TABLE wanted (id uuid)")
        with beside.cursor() as cursor, cursor.copy("COPY wanted FROM STDIN") as copy:
            for record in records:
                copy.write_row([record])
        missing = beside.execute(
            "SELECT count(*) FROM wanted w WHERE NOT EXISTS (SELECT FROM public.record_key k WHERE k.record_id = w.id) "
            "AND NOT EXISTS (SELECT FROM public.destroyed d WHERE d.record_id = w.id)"
        ).fetchone()[0]
        beside.rollback()
    if missing:
        raise Stop(
            f"Van {missing} stukken is de sleutel er niet, en vernietigd is zij ook niet. Neem een back-up van de "
            "sleutels die jonger is dan die van de dossiers. De database blijft dicht."
        )
