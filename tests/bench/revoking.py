"""A contract is ended while the delegate has a dossier open, in a transaction on another connection.

Timed from the statement of the physician that ends the ground until the delegate's next statement has come back empty:
update, history, commit, and that statement. After each round the ground is put back.
"""

from __future__ import annotations

import contextlib
import statistics
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from directory.access import ground as grounds
from directory.access.context import SET
from directory.access.models import Ground

from . import databases
from .practice import NOTES, Practice, Subject
from .report import Limit, Section, ms
from .timing import WARMING, Clock, percentile

OPEN = "SELECT * FROM access_open(%s, ARRAY['gedelegeerde.read'], '')"
PARTS = "SELECT id FROM medical_part WHERE dossier_id = %s"
WRITTEN = """
SELECT coalesce(sum(n) FILTER (WHERE NOT history), 0)::int, coalesce(sum(n) FILTER (WHERE history), 0)::int
FROM (SELECT n_tup_ins + n_tup_upd + n_tup_del AS n, relname LIKE '%historical%' AS history
  FROM pg_stat_xact_user_tables) t
"""


def measure(practice: Practice, rounds: int) -> Section:
    delegate, physician = practice.delegate, practice.subjects[practice.delegate.visible]
    found: list[Clock] = []
    with databases.runtime() as other, databases.without_triggers() as server:
        for _ in range(WARMING + rounds):
            with _reading(other, delegate) as see:
                assert see() == NOTES
                with contextlib.ExitStack() as until_refused:
                    with physician.acts():
                        ground = Ground.objects.get(pk=delegate.ground.pk)
                        clock = until_refused.enter_context(Clock(other))
                        grounds.end(ground, by=physician.actor.user, reason="bench")
                    left = see()
                assert left == 0
                found.append(clock)
            _put_back(server, ground)
        rows, versions = _written(physician, delegate)
        _put_back(server, delegate.ground)
    del found[:WARMING]
    spent, walls = [clock.ms for clock in found], [clock.wall for clock in found]
    return Section(
        f"Revoking {delegate.visible:,} dossiers",
        __doc__ or "",
        (f"of {rounds} rounds", "median", "p99", "slowest"),
        [
            (name, ms(statistics.median(times)), ms(percentile(times, 99)), ms(max(times)))
            for name, times in (("processor, ms", spent), ("wall, ms", walls))
        ],
        [
            Limit("rows written", rows, 1),
            Limit("rows of history written", versions, 1),
            Limit("refused at the next statement: p99", percentile(spent, 99), 5, " ms", 2),
        ],
    )


@contextmanager
def _reading(other: psycopg.Connection[Any], subject: Subject) -> Iterator[Callable[[], int]]:
    """Open a dossier and hand over how to read its notes once more, in the same transaction."""
    dossier, capacity = subject.dossiers[0], subject.capacity
    with other.cursor() as cursor:
        cursor.execute(SET, [capacity.token, uuid.uuid4().hex, "bench", "", capacity.hat])
        cursor.execute(OPEN, [dossier]).fetchall()
        yield lambda: len(cursor.execute(PARTS, [dossier]).fetchall())
    other.rollback()


def _written(physician: Subject, delegate: Subject) -> tuple[int, int]:
    """Count what ending writes: rows, and rows of history."""
    with physician.acts(), connection.cursor() as cursor:
        ground = Ground.objects.get(pk=delegate.ground.pk)
        before = _counted(cursor)
        grounds.end(ground, by=physician.actor.user, reason="bench")
        after = _counted(cursor)
    return after[0] - before[0], after[1] - before[1]


def _counted(cursor: Any) -> tuple[int, int]:
    cursor.execute(WRITTEN)
    return cursor.fetchone()


def _put_back(server: psycopg.Connection[Any], ground: Ground) -> None:
    server.execute("UPDATE access_ground SET ends_at = NULL, ended_reason = '' WHERE id = %s", [ground.pk])
