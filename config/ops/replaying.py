"""End again, in a restored database, what ended after the backup was made.

Done above the walls and with triggers asleep: they rightly refuse an end in the past. The history of each change is
written here, in the name of the system account, with the reason that it was a restore.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from .endings import ACCOUNTS, CLOSE_BY_BEING_THERE, GIVEN_BACK, LONGEST, Line, columns_of, tracked

REASON = "Opnieuw beëindigd na terugzetten van een back-up"
NOBODY = "00000000-0000-0000-0000-000000000000"


def keys(store: psycopg.Connection[Any], lines: Iterable[Line]) -> int:
    """Destroy again every key that was destroyed, with its first moment; returns how many had come back."""
    back = 0
    with store.transaction():
        for line in lines:
            if line.get("t") != "key":
                continue
            back += store.execute("DELETE FROM public.record_key WHERE record_id = %s", [line["id"]]).rowcount
            store.execute(
                "INSERT INTO public.destroyed (record_id, destroyed_at, by) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [line["id"], line["at"], line["by"]],
            )
    return back


def rights(server: psycopg.Connection[Any], lines: Iterable[Line], since: datetime) -> Counter[str]:
    """End again what ended since a moment; returns how many rows of which table. All of it, or nothing."""
    of = {table: (history, columns) for table, history, columns in tracked(server)}
    ends: dict[tuple[str, bool, str], Line] = {}
    for line in sorted(
        (line for line in lines if "t" in line and datetime.fromisoformat(line["at"]) >= since - LONGEST),
        key=lambda line: (line["at"], line["n"]),
    ):
        # The last word counts: an end that was taken back is no end. A suspension has a begin and an end of its own.
        ends[line["t"], "row" in line, line["id"]] = line
    done: Counter[str] = Counter()
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        # First what must be there to be ended: a suspension may have been lifted again.
        for (table, _, _), line in sorted(ends.items(), key=lambda item: "row" not in item[1]):
            if table == "account":
                done[table] += _account(server, line)
            elif table not in of:
                continue
            elif "row" in line and table in CLOSE_BY_BEING_THERE:
                done[table] += _begin(server, table, of[table][0], line["row"])
            elif line.get("gone") and table in GIVEN_BACK:
                done[table] += _give_back(server, table, of[table][0], line["id"])
            elif "set" in line:
                done[table] += _end(server, table, of[table], line)
    return +done


def sessions(server: psycopg.Connection[Any]) -> int:
    """End every session and capacity, and every invitation: those of then are nobody's now."""
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        server.execute("UPDATE public.access_sessioncontext SET ended_at = now() WHERE ended_at IS NULL")
        server.execute("UPDATE public.accounts_invitation SET expires_at = now() WHERE expires_at > now()")
        return server.execute("DELETE FROM public.accounts_session").rowcount


def _end(server: psycopg.Connection[Any], table: str, of: tuple[str, list[str]], line: Line) -> int:
    """Set the columns that say the end, typed by the row itself, and write the version."""
    history, columns = of
    said = {name: value for name, value in line["set"].items() if name in columns}
    names = sql.SQL(", ").join(map(sql.Identifier, said))
    typed = sql.SQL(", ").join(sql.SQL("(f.r).{}").format(sql.Identifier(name)) for name in said)
    changed = server.execute(
        sql.SQL(
            "UPDATE public.{table} t SET ({names}) = ROW({typed}) FROM "
            "(SELECT jsonb_populate_record(NULL::public.{table}, %s) AS r) f "
            "WHERE t.id::text = %s AND ROW({now}) IS DISTINCT FROM ROW({typed})"
        ).format(
            table=sql.Identifier(table),
            names=names,
            typed=typed,
            now=sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in said),
        ),
        [Jsonb(said), line["id"]],
    ).rowcount
    if changed:
        _remember(server, table, history, line["id"], "~")
    return changed


def _begin(server: psycopg.Connection[Any], table: str, history: str, row: Line) -> int:
    """Lay a suspension again, unless what it suspended is not in the backup: then there is nothing to hold back."""
    over = {"access_suspension": ("access_ground", "ground_id")}.get(
        table, ("people_engagement", "engagement_id")
    )
    there = server.execute(
        sql.SQL("SELECT 1 FROM public.{} WHERE id = %s").format(sql.Identifier(over[0])), [row[over[1]]]
    ).fetchone()
    if there is None:
        return 0
    made = server.execute(
        sql.SQL(
            "INSERT INTO public.{table} SELECT (jsonb_populate_record(NULL::public.{table}, %s)).* "
            "WHERE NOT EXISTS (SELECT FROM public.{table} WHERE id::text = %s)"
        ).format(table=sql.Identifier(table)),
        [Jsonb(row | {"reason": "De reden is met de database verloren gegaan."}), row["id"]],
    ).rowcount
    if made:
        _remember(server, table, history, row["id"], "+")
    return made


def _give_back(server: psycopg.Connection[Any], table: str, history: str, row: str) -> int:
    _remember(server, table, history, row, "-")
    gone = sql.SQL("DELETE FROM public.{} WHERE id::text = %s").format(sql.Identifier(table))
    return server.execute(gone, [row]).rowcount


def _remember(server: psycopg.Connection[Any], table: str, history: str, row: str, kind: str) -> None:
    """Write the version as the sleeping trigger would have."""
    tracked_columns = [name for name in columns_of(server, history) if not name.startswith("history_")]
    names = sql.SQL(", ").join(map(sql.Identifier, tracked_columns))
    server.execute(
        sql.SQL(
            "INSERT INTO public.{history} ({names}, history_date, history_type, history_user_id, history_engagement, "
            "history_change_reason) SELECT {values}, clock_timestamp(), %s, u.id, %s, %s FROM public.{table} t "
            "CROSS JOIN public.accounts_user u WHERE u.username = 'systeem' AND t.id::text = %s"
        ).format(
            history=sql.Identifier(history),
            table=sql.Identifier(table),
            names=names,
            values=sql.SQL(", ").join(
                sql.SQL("t.{}").format(sql.Identifier(name)) for name in tracked_columns
            ),
        ),
        [kind, NOBODY, REASON, row],
    )


def _account(server: psycopg.Connection[Any], line: Line) -> int:
    """Close an account that was closed; a password or second factor that is not the last one opens nothing any more.

    Who is met by that gets a new invitation: the old password may have been changed because somebody else knew it.
    """
    now = {
        str(user): (active, password, factor)
        for user, active, password, factor in server.execute(ACCOUNTS).fetchall()
    }
    if line["id"] not in now:
        return 0
    active, password, factor = now[line["id"]]
    if active and not line["active"]:
        server.execute("UPDATE public.accounts_user SET is_active = false WHERE id = %s", [line["id"]])
    if password != line["password"]:
        server.execute("UPDATE public.accounts_user SET password = '!' WHERE id = %s", [line["id"]])
    if factor != line["factor"]:
        server.execute("DELETE FROM public.mfa_authenticator WHERE user_id = %s", [line["id"]])
        server.execute("UPDATE public.accounts_user SET password = '!' WHERE id = %s", [line["id"]])
    return int((active, password, factor) != (line["active"], line["password"], line["factor"]))
