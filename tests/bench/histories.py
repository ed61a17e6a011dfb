"""History on six ways of writing, and what it costs a save.

Headers of the physician's own concepts, written as the runtime login under its hat. Every row must leave a version that
names the writer, his engagement and the new content. The cost is that of one save beside the same save with the history
triggers disabled: blocks of saves take turns, each with a few saves before it that do not count.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from dossier.medical.models import MedicalRecord
from dossier.models import Dossier

from . import databases
from .practice import Practice, Subject, header
from .report import Limit, Section, times
from .timing import WARMING, Clock

TABLE = MedicalRecord._meta.db_table
HISTORY = MedicalRecord.history.model._meta.db_table
MANY, BLOCK = 50, 20
Records = list[MedicalRecord]

FOUND = f"""
SELECT count(DISTINCT h.history_id) FROM {HISTORY} h JOIN {TABLE} r ON r.id = h.id
WHERE h.history_change_reason = %s AND h.id = ANY (%s) AND h.history_user_id = %s AND h.history_engagement = %s
  AND h.revision = %s AND h.history_type = %s
"""


def measure(practice: Practice, rounds: int) -> Section:
    subject = practice.subjects[10]
    missing = _missing(subject)
    costs = _costs(subject, rounds)
    rows = [(way, f"{on:.3f}", f"{off:.3f}", times(on / off)) for way, (on, off) in costs.items()]
    limits = [Limit(f"versions missing after {way}, {MANY} rows", count, 0) for way, count in missing.items()]
    limits += [
        Limit(f"{way}: with to without", on / off, 1.4, "×", 2)
        for way, (on, off) in costs.items()
        if way.startswith("save")
    ]
    columns = ("one write", "with history, ms", "without, ms", "ratio")
    return Section("History", __doc__ or "", columns, rows, limits)


# -- complete ------------------------------------------------------------------------------------------


def _save_new(records: Records) -> None:
    for record in records:
        record.save(force_insert=True)


def _save(records: Records) -> None:
    for record in records:
        record.revision += 1
        record.save()


def _bulk_create(records: Records) -> None:
    MedicalRecord.objects.bulk_create(records)


def _bulk_update(records: Records) -> None:
    for record in records:
        record.revision += 1
    MedicalRecord.objects.bulk_update(records, ["revision"])


def _update(records: Records) -> None:
    mine = MedicalRecord._base_manager.filter(pk__in=[record.pk for record in records])
    assert mine.update(revision=F("revision") + 1) == len(records)


def _raw(records: Records) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET revision = revision + 1 WHERE id = ANY (%s)", [[r.pk for r in records]]
        )


def _missing(subject: Subject) -> dict[str, int]:
    saved, created = _concepts(subject, MANY), _concepts(subject, MANY)
    ways: list[tuple[str, Callable[[Records], None], Records, int]] = [
        ("save() of a new row", _save_new, saved, 1),
        ("save() of a known row", _save, saved, 2),
        ("bulk_create()", _bulk_create, created, 1),
        ("bulk_update()", _bulk_update, created, 2),
        ("update() of a queryset", _update, created, 3),
        ("UPDATE as raw SQL", _raw, created, 4),
    ]
    missing = {}
    for name, write, records, revision in ways:
        with subject.acts(reason=name):
            _open(subject)
            write(records)
        with databases.superuser() as server:
            who = [subject.capacity.user_id, subject.capacity.engagement_id]
            kind = "+" if revision == 1 else "~"
            row = server.execute(FOUND, [name, [r.pk for r in records], *who, revision, kind]).fetchone()
        missing[name] = MANY - row[0]  # type: ignore[index]
    return missing


# -- cost ----------------------------------------------------------------------------------------------


def _costs(subject: Subject, rounds: int) -> dict[str, tuple[float, float]]:
    ways: dict[str, Callable[[], float]] = {
        "save() of a new row": lambda: _block(subject, known=False),
        "save() of a known row": lambda: _block(subject, known=True),
        f"update() of {MANY} rows": lambda: _set(subject),
    }
    found: dict[tuple[str, bool], list[float]] = {(way, on): [] for way in ways for on in (True, False)}
    try:
        for n in range(rounds):
            for on in (True, False) if n % 2 else (False, True):
                _history(on=on)
                for way, block in ways.items():
                    found[way, on].append(block())
    finally:
        _history(on=True)
    return {way: (statistics.median(found[way, True]), statistics.median(found[way, False])) for way in ways}


def _block(subject: Subject, *, known: bool) -> float:
    """Save one after the other and return the median of those that count."""
    found = []
    with subject.acts():
        _open(subject)
        for record in _concepts(subject, WARMING + BLOCK):
            if known:
                record.save(force_insert=True)
                record.revision += 1
            with Clock() as clock:
                record.save(force_insert=not known)
            found.append(clock.ms)
    return statistics.median(found[WARMING:])


def _set(subject: Subject) -> float:
    with subject.acts():
        _open(subject)
        records = _concepts(subject, MANY)
        MedicalRecord.objects.bulk_create(records)
        for _ in range(3):
            with Clock() as clock:
                _update(records)
    return clock.ms


def _history(*, on: bool) -> None:
    with databases.superuser() as server:
        for event in ("insert", "update", "delete"):
            server.execute(
                f"ALTER TABLE {TABLE} {'ENABLE' if on else 'DISABLE'} TRIGGER {HISTORY}_write_{event}"
            )


def _open(subject: Subject) -> None:
    Dossier.objects.open(subject.dossiers[0], "begeleiding.read", "begeleiding.write")


def _concepts(subject: Subject, count: int) -> Records:
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    return [header(subject, subject.dossiers[0], minute) for _ in range(count)]
