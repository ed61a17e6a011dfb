"""A week in the agenda: rooms, blocks, and who comes when. Booked by those who keep each calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from directory.people.models import Practice
from directory.reference.models import Location
from dossier.agenda import actions, housing, moments, roster
from dossier.agenda.kinds import HIDDEN_SECTIONS, KINDS
from dossier.agenda.models import Entry, Room, State
from dossier.models import Dossier
from dossier.models.shell import Opened

from .logins import MEANDER
from .stage import Stage

# Where the location is (dossier/demo/directory.py), and the room.
ROOMS = (("Soest", "Spreekkamer 1"), ("Soest", "Spreekkamer 2"), ("Leusden", "Spreekkamer"))
PHYSICIAN, COLLEAGUE, DELEGATE, KEEPER, DESK = (
    "bedrijfsarts",
    "bedrijfsarts-collega",
    "pob",
    "procesbewaker",
    "secretariaat",
)


@dataclass(frozen=True)
class Visit:
    """One appointment: which working day of the demo, when, with whom, booked by whom. `room` numbers ROOMS."""

    day: int
    at: str
    who: str
    key: str
    kind: str = "verzuimconsult"
    room: int | None = 0
    by: str = DESK


# Day 0 is today or, in a weekend, the Monday that follows.
BLOCKS = (
    (0, "13:00", 120, PHYSICIAN, 0, 8),
    (3, "09:00", 120, PHYSICIAN, 0, 8),
    (1, "13:30", 180, COLLEAGUE, 2, 8),
    (4, "13:30", 120, COLLEAGUE, 2, 8),
)
VISITS = (
    Visit(0, "09:00", PHYSICIAN, "monteur"),
    Visit(0, "09:30", PHYSICIAN, "magazijn"),
    Visit(0, "10:00", PHYSICIAN, "chauffeur", "verzuimconsult_telefonisch", None),
    Visit(0, "10:30", PHYSICIAN, "lerares"),
    Visit(0, "11:15", PHYSICIAN, "planner", "driegesprek"),
    Visit(0, "13:00", PHYSICIAN, "dongen9", "open_spreekuur", by=PHYSICIAN),
    Visit(0, "13:40", PHYSICIAN, "veste7", "pmo"),
    Visit(0, "15:30", PHYSICIAN, "conrector"),
    Visit(1, "09:00", PHYSICIAN, "dongen5"),
    Visit(1, "09:30", PHYSICIAN, "dongen6"),
    Visit(1, "10:30", PHYSICIAN, "veste5", "verzuimconsult_telefonisch", None),
    Visit(2, "09:00", PHYSICIAN, "dongen8"),
    Visit(2, "11:00", PHYSICIAN, "veste6", "driegesprek"),
    Visit(3, "09:20", PHYSICIAN, "grens", "beroepsziekte", by=PHYSICIAN),
    Visit(3, "13:30", PHYSICIAN, "veste8"),
    Visit(0, "09:00", DELEGATE, "dongen10", room=1, by=DELEGATE),
    Visit(0, "10:00", DELEGATE, "dongen8", room=1, by=DELEGATE),
    Visit(1, "14:00", DELEGATE, "magazijn", room=1),
    Visit(2, "13:00", DELEGATE, "chauffeur", "verzuimconsult_telefonisch", None),
    Visit(0, "09:00", COLLEAGUE, "zorg", room=2),
    Visit(0, "09:45", COLLEAGUE, "amstel4", room=2),
    Visit(1, "10:00", COLLEAGUE, "amstel5", room=2),
    Visit(1, "13:30", COLLEAGUE, "prik", "vaccinatie", 2),
    Visit(1, "14:00", COLLEAGUE, "vrijwillig", "open_spreekuur", 2, COLLEAGUE),
    Visit(2, "15:00", KEEPER, "conrector", "procesgesprek", None, KEEPER),
)
# What became of visits of the week before: working days ago, hour, whom with, who, and how it ended.
BEFORE = (
    (1, "10:00", PHYSICIAN, "monteur", State.HELD, ""),
    (1, "10:30", PHYSICIAN, "dongen6", State.NO_SHOW, ""),
    (2, "14:00", PHYSICIAN, "lerares", State.HELD, ""),
    (3, "09:30", PHYSICIAN, "veste5", State.CANCELLED, "werknemer"),
)


def plan(stage: Stage) -> None:
    """Fill the agenda of some weeks."""
    rooms = _rooms(stage)
    days = list(_working(1))
    for n, at, minutes, who, room, weeks in BLOCKS:
        begin = moments.moment(days[n], time.fromisoformat(at))
        later = timedelta(0) if begin > timezone.now() else timedelta(weeks=1)
        with stage.acts(who) as by:
            actions.publish(
                by=by,
                engagement=stage.engagement(who),
                starts_at=moments.moment(days[n] + later, time.fromisoformat(at)),
                minutes=minutes,
                room=rooms[room],
                weeks=weeks,
                key=uuid4(),
            )
    for visit in VISITS:
        _book(stage, visit, days[visit.day], rooms)
    back = list(_working(-1))
    for n, at, who, key, outcome, reason in BEFORE:
        made = _book(stage, Visit(0, at, who, key), back[n], rooms)
        with stage.acts(DESK) as by:
            opened = _open(stage, key, DESK)
            row = Entry.objects.get(pk=made.pk)
            actions.close(by=by, opened=opened, entry=row, outcome=outcome, reason=reason)


def _rooms(stage: Stage) -> list[Room]:
    with stage.acts("beheerder") as by:
        practice = Practice.objects.get(pk=stage.practices[MEANDER].pk)
        locations = {row.city: row for row in Location.objects.filter(practice=practice)}
        return [
            housing.add_room(
                by=by,
                practice=practice,
                location=locations[city],
                name=stage.text(room, "agenda.Room", "name", "beheerder", room=60),
                key=uuid4(),
            )
            for city, room in ROOMS
        ]


def _working(step: int) -> Iterator[date]:
    """Walk the working days from today on, or back."""
    day = timezone.localdate()
    found = 0
    while found < 10:
        if day.isoweekday() < 6:
            found += 1
            yield day
        day += timedelta(days=step)


def _open(stage: Stage, key: str, by: str) -> Opened:
    asks = ["agenda.write", "agenda.find"]
    if by in (PHYSICIAN, COLLEAGUE):
        asks += [f"{section}.find" for section in HIDDEN_SECTIONS]
    return Dossier.objects.open(stage.dossiers[key], *asks, purpose="demo")


def _book(stage: Stage, visit: Visit, day: date, rooms: list[Room]) -> Entry:
    begin = moments.moment(day, time.fromisoformat(visit.at))
    with stage.acts(visit.by) as by:
        if KINDS[visit.kind].hidden:
            begin = _in_block(stage, visit, begin)
        return actions.book(
            by=by,
            opened=_open(stage, visit.key, visit.by),
            kind=visit.kind,
            engagement=stage.engagement(visit.who),
            starts_at=begin,
            room=None if visit.room is None else rooms[visit.room],
            key=uuid4(),
        )


def _in_block(stage: Stage, visit: Visit, begin: datetime) -> datetime:
    """Put a voluntary visit in the block of its hour, or of a week later when that hour had passed today."""
    minutes = KINDS[visit.kind].minutes
    there = roster.block_around(stage.engagement(visit.who).pk, begin, moments.lasting(begin, minutes))
    return begin if there else moments.lasting(begin, 7 * 24 * 60)
