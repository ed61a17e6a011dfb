"""What the tests of records share: places, entries, and people who write."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections
from django.utils import timezone

from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.records import actions
from dossier.records.kinds import Place, kind_of
from dossier.records.rows import Entry
from tests.world import Case

CROSSING = ("proces.read", "proces.write", "proces.amend", "kennisgeving.read")


def place(kind: str, section: str = "", purpose: str = "") -> Place:
    found = kind_of(kind)
    assert found is not None
    section = section or found.sections[0]
    return Place(found, section, purpose or (found.purposes[0] if found.purposes else section))


def opened(case: Case, at: Place, *more: str) -> Opened:
    verbs = ("write", "read", "amend", "remark", "share")
    return Dossier.objects.open(case.dossier.pk, *(at.ask(verb) for verb in verbs), *CROSSING, *more)


def minutes_ago(n: int) -> datetime:
    return (timezone.now() - timedelta(minutes=n)).replace(second=0, microsecond=0)


def entry(at: Place, happened_at: datetime | None = None, **texts: str) -> Entry:
    return Entry(at, happened_at or minutes_ago(5), texts)


CASE = {
    "first_sick_day": timezone.localdate(),
    "reported_on": timezone.localdate(),
    "recovered_on": None,
    "expected_days": 14,
    "absence_percentage": 100,
    "safety_net": False,
    "work_accident": False,
    "traffic_accident": False,
}
NOTE, CONTACT, STEP, SICK, COURSE = (
    place("spreekuurnotitie"),
    place("contactnotitie"),
    place("procesnotitie"),
    place("verzuimgeval"),
    place("verzuimverloop"),
)


def note(case: Case, at: Place = NOTE, *, sign: bool = True, when: datetime | None = None, **texts: str):
    """Let somebody write a record of his own."""
    with case.actor.acts():
        return actions.write(
            by=case.actor.user,
            opened=opened(case, at),
            entry=entry(at, when, **(texts or {at.kind.parts[0].code: "Slaapt zes uur."})),
            sign=sign,
        )


def amended(case: Case, record, seen: int = 1, reason: str = "Vergeten", **texts: str):
    with case.actor.acts():
        return actions.amend(
            by=case.actor.user,
            opened=opened(case, NOTE),
            record=record,
            entry=entry(NOTE, record.happened_at, **texts),
            reason=reason,
            seen=seen,
            sign=True,
        )


def log_of(record: UUID) -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT kind FROM access_log WHERE record = %s ORDER BY at, id", [record])
        return [row[0] for row in cursor.fetchall()]
