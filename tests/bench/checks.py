"""One question about one dossier: `user.has_perm("dossier.begeleiding.read", dossier)`.

Beside it the function it asks, as prepared SQL, and a probe: whether there is a grant on a running ground, with no
guards, no grid, no capacity and no wall, prepared, above all walls.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from . import databases
from .practice import Practice, Subject
from .report import Limit, Section, times
from .timing import Clock, medians

PROBE = (
    "SELECT g.role FROM dossier_dossiergrant g JOIN access_ground gr ON gr.id = g.ground_id "
    "WHERE g.content_object_id = %s AND g.user_id = %s AND gr.holder_id = %s "
    "AND gr.starts_at <= statement_timestamp() AND (gr.ends_at IS NULL OR gr.ends_at > statement_timestamp())"
)
MAY = "SELECT access_may(%s, %s, 'read')"


def measure(practice: Practice, rounds: int) -> Section:
    subjects = [*practice.subjects.values(), practice.delegate]
    cases = {}
    with databases.superuser() as server:
        for subject in subjects:
            cases["django", subject.label] = lambda s=subject: _django(s)
            cases["sql", subject.label] = lambda s=subject: _sql(s)
            cases["probe", subject.label] = lambda s=subject: _probe(server, s)
        found = medians(cases, rounds)
    rows, ratios = [], []
    for subject in subjects:
        django, sql, probe = (found[kind, subject.label] for kind in ("django", "sql", "probe"))
        ratios.append(django / probe)
        rows.append((subject.label, f"{django:.3f}", f"{sql:.3f}", f"{probe:.3f}", times(django / probe)))
    return Section(
        "One question",
        __doc__ or "",
        ("visible dossiers", "has_perm, ms", "access_may, ms", "probe, ms", "has_perm to probe"),
        rows,
        [
            Limit("queries of one has_perm", max(map(_queries, subjects)), 1),
            Limit("has_perm to probe, worst", max(ratios), 8, "×", 1),
        ],
    )


def _ask(subject: Subject) -> bool:
    return bool(subject.actor.user.has_perm(f"dossier.{subject.section}.read", subject.shell))


def _queries(subject: Subject) -> int:
    with subject.acts(), CaptureQueriesContext(connection) as captured:
        assert _ask(subject)
    return len(captured)


def _django(subject: Subject) -> float:
    with subject.acts(), Clock() as clock:
        allowed = _ask(subject)
    assert allowed
    return clock.ms


def _sql(subject: Subject) -> float:
    with subject.acts(), psycopg.Cursor(connection.connection) as cursor, Clock() as clock:
        found = cursor.execute(MAY, [subject.dossiers[0], subject.section]).fetchone()
    assert found != ("nothing",)
    return clock.ms


def _probe(server: psycopg.Connection[Any], subject: Subject) -> float:
    values = [subject.dossiers[0], subject.actor.user.pk, subject.actor.engagement.pk]
    with Clock(server) as clock:
        found = server.execute(PROBE, values).fetchone()
    assert found
    return clock.ms
