"""The list of endings: what a restore must end again, kept outside every dump.

A backup of last night brings back a key that was destroyed this morning and a right that ended at noon. So every few
minutes what ended is written to a file per day, on a place of its own: keys destroyed, periods that were closed,
suspensions, texts that were shielded, grants given back, accounts closed, and logins that changed. Only ids, table
names and moments; never a reason, a name or a text.

The histories tell what ended, and those are written by trigger: no action can forget to report here.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from . import places
from .dumping import snapshot
from .problems import Stop

# What says, in a tracked table, that something is over. tests/ops holds every such column to a place here.
ENDS = ("ends_at", "ends_on", "shielded")
CLOSE_BY_BEING_THERE = ("access_suspension", "people_engagementsuspension")
GIVEN_BACK = ("dossier_dossiergrant",)
# A transaction is seen when it commits, and its rows say when they were written: look back further than one lasts.
LONGEST = timedelta(hours=1)

TRACKED = """
SELECT c.relname, left(p.proname, -6) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND p.proname LIKE '%\\_write'
AND to_regclass('public.' || left(p.proname, -6)) IS NOT NULL AND c.relnamespace = 'public'::regnamespace
GROUP BY 1, 2 ORDER BY 1
"""
ACCOUNTS = """
SELECT u.id, u.is_active, encode(sha256(convert_to(u.password, 'UTF8')), 'hex'),
  encode(sha256(convert_to(coalesce((SELECT string_agg(m.type || m.data::text, '|' ORDER BY m.id)
    FROM mfa_authenticator m WHERE m.user_id = u.id AND m.type <> 'recovery_codes'), ''), 'UTF8')), 'hex')
FROM accounts_user u ORDER BY u.id
"""

Line = dict[str, Any]


def append(main: str, keys: str, folder: Path, *, since: datetime | None = None) -> int:
    """Add what ended since the last time; returns how many lines. Raises Stop, having written nothing."""
    folder = places.claim(folder, "endings")
    with _one_at_a_time(folder), snapshot(main) as (server, _), snapshot(keys) as (store, _):
        now = server.execute("SELECT statement_timestamp()").fetchone()[0].astimezone(UTC)
        before = [*read(folder, newest=2)]
        last = next((line["until"] for line in reversed(before) if "until" in line), None)
        start = since or (datetime.fromisoformat(last) if last else now) - LONGEST
        known = {_text(line) for line in before}
        found = [
            line for line in (*_ended(server, start), *_destroyed(store, start)) if _text(line) not in known
        ]
        found += _accounts(server, now, before)
        _write(
            folder / f"endings-{now:%Y-%m-%d}.jsonl",
            [*found, {"from": start.isoformat(), "until": now.isoformat()}],
        )
    return len(found)


def read(folder: Path, *, newest: int | None = None) -> Iterator[Line]:
    """Read the list, oldest line first; of the newest so many days if asked. A torn line is passed over."""
    files = sorted(folder.glob("endings-????-??-??.jsonl"))
    for path in files[-newest:] if newest else files:
        for line in path.read_text().splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def covered(folder: Path, moment: datetime) -> datetime:
    """Say until when the list tells everything that ended after a moment. Raises Stop when it has a gap there."""
    until = moment
    for line in read(folder):
        if "until" in line and datetime.fromisoformat(line["from"]) <= until:
            until = max(until, datetime.fromisoformat(line["until"]))
    if until == moment:
        raise Stop(
            f"De lijst in {folder} begint na deze back-up, of houdt ervoor op. Wat sindsdien is vernietigd of "
            "beëindigd zou terugkomen. Vul haar aan vanuit de oude database (endings --since), of neem een andere."
        )
    return until


def last(folder: Path) -> datetime:
    """Say until when the list tells. Raises Stop when there is none."""
    marks = [line["until"] for line in read(folder, newest=2) if "until" in line]
    if not marks:
        raise Stop(f"In {folder} staat geen lijst van wat eindigde.")
    return datetime.fromisoformat(marks[-1])


def rotate(folder: Path, days: int) -> None:
    """Delete days of the list that no backup needs any more."""
    limit = f"endings-{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}.jsonl"
    for path in folder.glob("endings-????-??-??.jsonl"):
        if path.name < limit:
            path.unlink()


def tracked(server: psycopg.Connection[Any]) -> list[tuple[str, str, list[str]]]:
    """List the tables with a history in which something can end: table, history, and the columns that say so."""
    found = []
    for table, history in server.execute(TRACKED).fetchall():
        columns = [name for name in columns_of(server, history) if name in ENDS]
        if columns or table in (*CLOSE_BY_BEING_THERE, *GIVEN_BACK):
            found.append((table, history, columns))
    return found


def columns_of(server: psycopg.Connection[Any], table: str) -> list[str]:
    rows = server.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped "
        "ORDER BY attnum",
        [f"public.{table}"],
    )
    return [name for (name,) in rows.fetchall()]


def _ended(server: psycopg.Connection[Any], start: datetime) -> Iterator[Line]:
    for table, history, columns in tracked(server):
        if columns:
            yield from _changed(server, table, history, columns, start)
        if table in CLOSE_BY_BEING_THERE:
            yield from _begun(server, table, history, start)
        if table in GIVEN_BACK:
            rows = _rows(
                server,
                history,
                start,
                "SELECT h.id::text, h.history_id, h.history_date",
                "h.history_type = '-'",
            )
            yield from ({"t": table, "id": row, "n": n, "at": _iso(at), "gone": True} for row, n, at in rows)


def _changed(
    server: psycopg.Connection[Any], table: str, history: str, columns: list[str], start: datetime
) -> Iterator[Line]:
    """Versions in which an end is other than in the version before. An end that is taken back is told as well."""
    ends = sql.SQL(", ").join(sql.SQL("h.{}").format(sql.Identifier(name)) for name in columns)
    asked = sql.SQL(
        "SELECT h.id::text, h.history_id, h.history_date, to_jsonb((SELECT x FROM (SELECT {}) x))"
    ).format(ends)
    former = sql.SQL(
        "h.history_type = '~' AND ({}) IS DISTINCT FROM (SELECT ({}) FROM public.{} p WHERE p.id = h.id "
        "AND p.history_id < h.history_id ORDER BY p.history_id DESC LIMIT 1)"
    ).format(
        sql.SQL("ROW({})").format(ends),
        sql.SQL("ROW({})").format(
            sql.SQL(", ").join(sql.SQL("p.{}").format(sql.Identifier(name)) for name in columns)
        ),
        sql.Identifier(history),
    )
    for row, n, at, said in _rows(server, history, start, asked, former):
        yield {"t": table, "id": row, "n": n, "at": _iso(at), "set": said}


def _begun(server: psycopg.Connection[Any], table: str, history: str, start: datetime) -> Iterator[Line]:
    """Suspensions: a row that is there closes. All of it but the reason, which somebody wrote."""
    asked = "SELECT h.id::text, h.history_id, h.history_date, to_jsonb(h)"
    for row, n, at, said in _rows(server, history, start, asked, "h.history_type = '+'"):
        facts = {
            name: value
            for name, value in said.items()
            if not name.startswith("history_") and name != "reason"
        }
        yield {"t": table, "id": row, "n": n, "at": _iso(at), "row": facts}


def _rows(
    server: psycopg.Connection[Any], history: str, start: datetime, asked: Any, where: Any
) -> list[tuple[Any, ...]]:
    asking = sql.SQL("{} FROM public.{} h WHERE h.history_date >= %s AND {} ORDER BY h.history_id").format(
        sql.SQL(asked) if isinstance(asked, str) else asked,
        sql.Identifier(history),
        sql.SQL(where) if isinstance(where, str) else where,
    )
    return server.execute(asking, [start]).fetchall()


def _destroyed(store: psycopg.Connection[Any], start: datetime) -> Iterator[Line]:
    rows = store.execute(
        "SELECT record_id::text, destroyed_at, by FROM public.destroyed WHERE destroyed_at >= %s ORDER BY 2, 1",
        [start],
    )
    for record, at, by in rows.fetchall():
        yield {"t": "key", "id": record, "n": 0, "at": _iso(at), "by": by}


def _accounts(server: psycopg.Connection[Any], now: datetime, before: list[Line]) -> list[Line]:
    """Accounts that are other than the list last said. A digest of the login, from which nothing can be guessed.

    What is hashed is an argon2 hash with its salt, and the ciphertext of a seed.
    """
    said = {line["id"]: line for line in before if line.get("t") == "account"}
    found = []
    for user, active, password, factor in server.execute(ACCOUNTS).fetchall():
        line = {"t": "account", "id": str(user), "active": active, "password": password, "factor": factor}
        if any(said.get(str(user), {}).get(name) != value for name, value in line.items()):
            found.append(line | {"n": 0, "at": _iso(now)})
    return found


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _text(line: Line) -> str:
    return json.dumps(line, sort_keys=True, separators=(",", ":"))


def _write(path: Path, lines: list[Line]) -> None:
    new = not path.exists()
    with open(path, "ab", opener=_private) as file:
        # On a line of its own, whatever a loss of power left behind.
        file.write(("" if new else "\n").encode() + "\n".join(_text(line) for line in lines).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        places.settle(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with open(folder / ".lock", "a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
