"""Opening a dossier, the headers and texts of its twenty notes, their keys, and the deciphering.

*Raw* is the same as prepared SQL under the same hat, without keys and deciphering. Each person reads five dossiers in
turn.
"""

from __future__ import annotations

import itertools
import uuid

import psycopg
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from directory.access.context import Acting
from directory.access.keystore import fetch_keys
from dossier.medical.models import MedicalPart, MedicalRecord
from dossier.models import Dossier

from .practice import NOTES, TEXT, Practice, Subject
from .report import Limit, Section, ms
from .timing import Clock, medians, spread

OPEN = "SELECT * FROM access_open(%s, %s, '')"
SHELL = (
    "SELECT x.*, r.*, p.*, e.* FROM dossier_dossier x JOIN people_relation r ON r.id = x.relation_id "
    "JOIN people_person p ON p.id = x.person_id LEFT JOIN people_employer e ON e.id = x.employer_id WHERE x.id = %s"
)
HEADERS = "SELECT id FROM medical_record WHERE dossier_id = %s ORDER BY happened_at DESC LIMIT 20"
PARTS = "SELECT * FROM medical_part WHERE record_id = ANY (%s)"


def measure(practice: Practice, rounds: int) -> Section:
    subjects = [*practice.subjects.values(), practice.delegate]
    cases = {}
    for subject in subjects:
        turn = itertools.cycle(subject.dossiers)
        cases["django", subject.label] = lambda s=subject, t=turn: _django(s, next(t))
        cases["raw", subject.label] = lambda s=subject, t=turn: _raw(s, next(t))
    found = medians(cases, rounds)
    flat = [subject.label for size, subject in practice.subjects.items() if size <= 50_000]
    return Section(
        "Reading one dossier",
        __doc__ or "",
        ("visible dossiers", "Django, ms", "raw, ms", "statements"),
        [
            (s.label, ms(found["django", s.label]), ms(found["raw", s.label]), str(_statements(s)))
            for s in subjects
        ],
        [
            Limit(
                f"slowest to fastest of {flat[0]} to {flat[-1]} visible, {name}",
                spread({label: found[kind, label] for label in flat}),
                1.5,
                "×",
                2,
            )
            for kind, name in (("django", "Django"), ("raw", "raw"))
        ],
    )


def read(now: Acting, dossier: uuid.UUID, section: str) -> int:
    """Read as a page would, and return how much text came out."""
    Dossier.objects.open(dossier, f"{section}.read")
    records = MedicalRecord.objects.open_to(now.capacity).filter(dossier=dossier).order_by("-happened_at")
    headers = [header.pk for header in records[:NOTES]]
    now.keys.update(fetch_keys(headers))
    parts = MedicalPart.objects.open_to(now.capacity).filter(record__in=headers)
    return sum(len(part.content) for part in parts)


def _django(subject: Subject, dossier: uuid.UUID) -> float:
    with subject.acts() as now, Clock() as clock:
        length = read(now, dossier, subject.section)
    assert length == NOTES * len(TEXT)
    return clock.ms


def _raw(subject: Subject, dossier: uuid.UUID) -> float:
    with subject.acts(), psycopg.Cursor(connection.connection) as cursor, Clock() as clock:
        cursor.execute(OPEN, [dossier, [f"{subject.section}.read"]]).fetchall()
        cursor.execute(SHELL, [dossier]).fetchall()
        headers = cursor.execute(HEADERS, [dossier]).fetchall()
        parts = cursor.execute(PARTS, [[header[0] for header in headers]]).fetchall()
    assert len(headers) == len(parts) == NOTES
    return clock.ms


def _statements(subject: Subject) -> int:
    main, store = (CaptureQueriesContext(connections[alias]) for alias in ("default", "keys"))
    with subject.acts() as now, main, store:
        read(now, subject.dossiers[0], subject.section)
    return len(main) + len(store)
