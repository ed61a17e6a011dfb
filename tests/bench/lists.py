"""The first page of fifty, newest first: `Dossier.objects.newest(50)`.

*Raw* is the baseline: the same two statements (choose and log, then the rows behind their walls) as prepared SQL
under the same hat. *Bare index* is the floor: one covering index over what a page shows, with no walls, no log and no
grounds. Buffers are blocks touched, functions included. The limit of 700 is held to choosing and logging the fifty, which
grows with what somebody may see; showing the names of fifty people costs what three tables cost, and their walls.
"""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from dossier.models import Dossier

from . import databases
from .practice import Practice, Subject
from .report import Limit, Section, ms, times
from .timing import Clock, buffers, medians, spread

PAGE = 50
CHOOSE = "SELECT * FROM access_list(%s, %s, 'list')"
ROWS = (
    "SELECT x.*, p.*, e.* FROM dossier_dossier x "
    "JOIN people_person p ON p.id = x.person_id LEFT JOIN people_employer e ON e.id = x.employer_id "
    "WHERE x.id = ANY (%s)"
)
COVERING = """
CREATE TABLE bench_covering AS
  SELECT g.user_id, g.sort_at, g.content_object_id AS dossier, p.initials, p.prefix, p.surname, p.birth_date,
    e.name AS employer
  FROM dossier_dossiergrant g JOIN dossier_dossier x ON x.id = g.content_object_id
  JOIN people_person p ON p.id = x.person_id JOIN people_employer e ON e.id = x.employer_id
  WHERE g.user_id = ANY (%s);
CREATE INDEX ON bench_covering (user_id, sort_at DESC)
  INCLUDE (dossier, initials, prefix, surname, birth_date, employer);
"""
FLOOR = "SELECT * FROM bench_covering WHERE user_id = %s AND sort_at < %s ORDER BY sort_at DESC LIMIT 50"


def measure(practice: Practice, rounds: int) -> Section:
    subjects = [*practice.subjects.values(), practice.spread, practice.delegate]
    cases = {}
    with databases.superuser() as server:
        _make_floor(server, subjects)
        for subject in subjects:
            cases["django", subject.label] = lambda s=subject: _django(s)
            cases["raw", subject.label] = lambda s=subject: _raw(s)
            cases["floor", subject.label] = lambda s=subject: _floor(server, s)
        found = medians(cases, rounds)
        touched = {subject.label: _buffers(server, subject) for subject in subjects}
    rows, ratios = [], []
    for subject in subjects:
        django, raw, floor = (found[kind, subject.label] for kind in ("django", "raw", "floor"))
        ratios.append(django / raw)
        speed = (ms(django), ms(raw), ms(floor), times(django / raw), times(raw / floor))
        rows.append((subject.label, *speed, *map(str, touched[subject.label])))
    chosen = {label: blocks[0] for label, blocks in touched.items()}
    flat = {
        size: chosen[practice.subjects[size].label]
        for size in (100, 10_000, 100_000)
        if size in practice.subjects
    }
    return Section(
        "A list of fifty",
        __doc__ or "",
        (
            "visible dossiers",
            "Django, ms",
            "raw, ms",
            "bare index, ms",
            "Django to raw",
            "raw to bare index",
            "buffers of access_list",
            "of the rows",
            "of the rows without walls",
        ),
        rows,
        [
            Limit("Django to raw, worst", max(ratios), 12, "×", 1),
            Limit("buffers of access_list, worst", max(chosen.values()), 700),
            Limit(
                f"buffers of access_list for {', '.join(f'{size:,}' for size in flat)} visible: most to least",
                spread(flat),
                1.25,
                "×",
                2,
            ),
        ],
    )


def _make_floor(server: psycopg.Connection[Any], subjects: list[Subject]) -> None:
    users = [subject.actor.user.pk for subject in subjects]
    server.execute("DROP TABLE IF EXISTS bench_covering")
    psycopg.ClientCursor(server).execute(COVERING, [users])
    server.execute("VACUUM (ANALYZE) bench_covering")


def _django(subject: Subject) -> float:
    with subject.acts(), Clock() as clock:
        shown = Dossier.objects.newest(PAGE)
    assert len(shown) == min(PAGE, subject.visible)
    return clock.ms


def _raw(subject: Subject) -> float:
    with subject.acts(), psycopg.Cursor(connection.connection) as cursor, Clock() as clock:
        shown = cursor.execute(ROWS, [_choose(cursor)]).fetchall()
    assert len(shown) == min(PAGE, subject.visible)
    return clock.ms


def _floor(server: psycopg.Connection[Any], subject: Subject) -> float:
    with Clock(server) as clock:
        shown = server.execute(FLOOR, [subject.actor.user.pk, timezone.now()]).fetchall()
    assert len(shown) == min(PAGE, subject.visible)
    return clock.ms


def _choose(cursor: psycopg.Cursor[Any]) -> list[uuid.UUID]:
    return [row[0] for row in cursor.execute(CHOOSE, [PAGE, timezone.now()]).fetchall()]


def _buffers(server: psycopg.Connection[Any], subject: Subject) -> tuple[int, int, int]:
    """Count for choosing, and for the rows with and without walls.

    Of a few runs the least: the first reads the catalogue, and now and then one tidies the index of the log.
    """
    found = []
    for _ in range(5):
        with subject.acts(), psycopg.ClientCursor(connection.connection) as cursor:
            choosing = buffers(cursor, CHOOSE, [PAGE, timezone.now()])
        with subject.acts(), psycopg.ClientCursor(connection.connection) as cursor:
            ids = _choose(cursor)
            showing = buffers(cursor, ROWS, [ids])
        found.append((choosing, showing, buffers(psycopg.ClientCursor(server), ROWS, [ids])))
    choosing, showing, bare = map(min, zip(*found, strict=True))
    return choosing, showing, bare
