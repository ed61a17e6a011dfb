"""A calendar as a page shows it: per day and per professional what is taken, what stands in a block, what is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from delegation.dates import end_of, start_of
from directory.access.context import Capacity
from directory.people.models import Engagement
from dossier.agenda import roster
from dossier.agenda.models import Entry, Room, State
from dossier.agenda.moments import span
from dossier.agenda.walls import BLOCK_ROLES, OWN_CALENDAR
from dossier.models import Dossier
from dossier.panels.names import born, filed

OPENS, CLOSES = time(8), time(17, 30)  # the hours between which free time is offered
SHORTEST = timedelta(minutes=10)
TONES = {State.HELD: "ok", State.NO_SHOW: "wacht", State.CANCELLED: "neutraal"}
BY_PHONE = "telefonisch of beeldbellen"
BLOCK = "Niet boekbaar"


@dataclass
class Item:
    """One line of a day."""

    starts_at: datetime
    ends_at: datetime
    when: str
    what: str
    who: str = ""
    born: str = ""
    url: str = ""
    place: str = ""
    tag: str = ""
    tone: str = ""
    close_url: str = ""
    withdraw_url: str = ""
    book_url: str = ""
    secret: bool = False
    inside: list[Item] = field(default_factory=list)


@dataclass
class Column:
    """One professional on one day."""

    who: str
    day: str
    today: bool
    items: list[Item]


@dataclass(frozen=True)
class Reader:
    """Who looks, and what he plans: his own calendar, those he keeps, or any."""

    capacity: Capacity
    keeps: frozenset[UUID]

    @property
    def plans(self) -> bool:
        return self.capacity.side not in ("admin", "employer")

    @property
    def plans_for_others(self) -> bool:
        return (
            self.plans
            and self.capacity.side in ("process", "signal")
            and self.capacity.role not in OWN_CALENDAR
        )

    def books(self, engagement: UUID) -> bool:
        """Say whether it is of use to offer free time here."""
        own = engagement == self.capacity.engagement_id
        return self.plans and (own or self.capacity.role not in OWN_CALENDAR)

    def keeps_blocks(self, engagement: UUID) -> bool:
        """Say whether this reader is told what lies inside a block."""
        own = engagement == self.capacity.engagement_id and self.capacity.side == "medical"
        return own or engagement in self.keeps

    @property
    def publishes(self) -> bool:
        return self.capacity.role in BLOCK_ROLES


def reader_of(capacity: Capacity) -> Reader:
    return Reader(capacity, frozenset(roster.works_for()) if capacity.side == "desk" else frozenset())


def places(rooms: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Name rooms, in one statement."""
    wanted = {room for room in rooms if room}
    found: dict[UUID | None, str] = {None: BY_PHONE}
    if wanted:
        for room in Room.objects.filter(pk__in=wanted).select_related("location"):
            found[room.pk] = str(room)
    return found


def entries(capacity: Capacity, calendars: list[UUID], since: datetime, until: datetime) -> list[Entry]:
    """Look into calendars: the appointments one may see there, with whom. Leaves the log row first."""
    if not roster.look(calendars, since, until):
        return []
    may_see = Entry.objects.open_to(capacity, "find").values("pk")
    rows = Entry.objects.filter(
        pk__in=may_see,
        engagement__in=calendars,
        dossier__isnull=False,
        starts_at__lt=until,
        ends_at__gt=since,
    ).exclude(state=State.CANCELLED)
    return list(rows.select_related("dossier__person").order_by("starts_at", "pk"))


def columns(reader: Reader, calendars: list[Engagement], days: list[date]) -> list[Column]:
    """Write the days of these calendars out. One look, one roster, one list of rooms for all of them."""
    since, until = start_of(days[0]), end_of(days[-1])
    ids = [calendar.pk for calendar in calendars]
    seen = entries(reader.capacity, ids, since, until) if reader.plans else []
    taken = [line for line in roster.lines(since, until) if line.engagement in ids]
    named = places([row.room_id for row in seen] + [line.room for line in taken])
    today = timezone.localdate()
    found = []
    for day in days:
        begin, end = start_of(day), end_of(day)
        for calendar in calendars:
            mine = [row for row in seen if row.engagement_id == calendar.pk and begin <= row.starts_at < end]
            lines = [
                line for line in taken if line.engagement == calendar.pk and begin <= line.starts_at < end
            ]
            items = _day(reader, calendar.pk, day, mine, lines, named)
            found.append(Column(str(calendar.user), date_format(day, "l j F"), day == today, items))
    return found


def _day(
    reader: Reader,
    calendar: UUID,
    day: date,
    rows: list[Entry],
    lines: list[roster.Line],
    named: dict[UUID | None, str],
) -> list[Item]:
    by_entry = {row.pk: row for row in rows}
    items: list[Item] = [appointment(row, named) for row in rows if not row.hidden]
    for line in lines:
        if line.layer == roster.BLOCK:
            items.append(_block(reader, line, rows, lines, named))
        elif line.layer == roster.TAKEN and line.entry not in by_entry:
            items.append(Item(line.starts_at, line.ends_at, span(line.starts_at, line.ends_at), "Bezet"))
    if reader.books(calendar):
        outer = [(line.starts_at, line.ends_at) for line in lines if line.layer != roster.INSIDE]
        items += [
            _free(calendar, begin, end)
            for begin, end in _gaps(_at(day, OPENS), _at(day, CLOSES), outer)
            if day.isoweekday() < 6
        ]
    return sorted(items, key=lambda item: (item.starts_at, item.ends_at))


def _block(
    reader: Reader,
    line: roster.Line,
    rows: list[Entry],
    lines: list[roster.Line],
    named: dict[UUID | None, str],
) -> Item:
    """Write a block: for who keeps it with what lies inside, for everybody else the same whatever does."""
    item = Item(line.starts_at, line.ends_at, span(line.starts_at, line.ends_at), BLOCK)
    within = [
        row for row in rows if row.hidden and line.starts_at <= row.starts_at and row.ends_at <= line.ends_at
    ]
    item.inside = [appointment(row, named) for row in within]
    if not reader.keeps_blocks(line.engagement):
        return item
    item.place = named.get(line.room, "") if line.room else ""
    if line.engagement == reader.capacity.engagement_id and line.ends_at > timezone.now():
        item.withdraw_url = reverse("block_withdraw", args=[line.entry])
    known = {row.pk for row in within}
    inside = [
        other
        for other in lines
        if other.layer == roster.INSIDE
        and line.starts_at <= other.starts_at
        and other.ends_at <= line.ends_at
    ]
    item.inside += [
        Item(other.starts_at, other.ends_at, span(other.starts_at, other.ends_at), "Bezet")
        for other in inside
        if other.entry not in known
    ]
    times = [(other.starts_at, other.ends_at) for other in inside]
    item.inside += [
        _free(line.engagement, begin, end) for begin, end in _gaps(line.starts_at, line.ends_at, times)
    ]
    item.inside.sort(key=lambda each: (each.starts_at, each.ends_at))
    return item


def appointment(row: Entry, named: dict[UUID | None, str]) -> Item:
    """Write one appointment that the reader may see."""
    person = row.dossier.person if row.dossier else None
    state = State(row.state)
    return Item(
        row.starts_at,
        row.ends_at,
        span(row.starts_at, row.ends_at),
        row.label,
        who=filed(person) if person else "",
        born=born(person) if person else "",
        url=reverse("dossier", args=[row.dossier_id]),
        place=place_of(row, named),
        tag="" if state is State.PLANNED else state.label,
        tone=TONES.get(state, ""),
        close_url=reverse("appointment_close", args=[row.dossier_id, row.pk])
        if state is State.PLANNED
        else "",
        secret=row.hidden,
    )


def place_of(row: Entry, named: dict[UUID | None, str]) -> str:
    """Say where; of a kind that says by telephone itself, nothing more."""
    return "" if row.room_id is None and "telefonisch" in row.label else named.get(row.room_id, "")


def when(row: Entry) -> str:
    return f"{date_format(timezone.localtime(row.starts_at), 'l j F Y')}, {span(row.starts_at, row.ends_at)}"


def _free(calendar: UUID, begin: datetime, end: datetime) -> Item:
    local = timezone.localtime(begin)
    where = {"wie": calendar, "dag": f"{local:%Y-%m-%d}", "om": f"{local:%H:%M}"}
    return Item(begin, end, span(begin, end), "Vrij", book_url=reverse("agenda_find", query=where))


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _gaps(
    begin: datetime, end: datetime, taken: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """Walk the free times between what is taken; only those still to come, and long enough to be of use."""
    begin = max(begin, timezone.now().replace(second=0, microsecond=0))
    for since, until in sorted(taken):
        if since - begin >= SHORTEST and begin < end:
            yield begin, min(since, end)
        begin = max(begin, until)
    if end - begin >= SHORTEST:
        yield begin, end


def today(capacity: Capacity) -> list[Item]:
    """List the appointments of today: of one's own calendar, of the desk those of whom it works for."""
    reader = reader_of(capacity)
    if not reader.plans:
        return []
    mine = list(reader.keeps) if capacity.side == "desk" else [capacity.engagement_id]
    day = timezone.localdate()
    rows = entries(capacity, mine, start_of(day), end_of(day))
    named = places(row.room_id for row in rows)
    return [appointment(row, named) for row in rows]


def for_employer(capacity: Capacity, days: int = 28) -> list[Item]:
    """List when and where the employees of an employer's casemanager are expected: time and place, nothing else."""
    begin = start_of(timezone.localdate())
    until = begin + timedelta(days=days)
    if not roster.look(None, begin, until):
        return []
    return time_and_place(roster.expected(begin, until))


def of_one(days: int = 366) -> list[Item]:
    """List when and where the employee of the opened dossier is expected."""
    begin = start_of(timezone.localdate())
    return time_and_place(roster.expected(begin, begin + timedelta(days=days)))


def time_and_place(found: list[roster.Expected]) -> list[Item]:
    """Write out what an employer may know."""
    named = places(row.room for row in found)
    people = _people({row.dossier for row in found})
    return [
        Item(
            row.starts_at,
            row.ends_at,
            f"{date_format(timezone.localtime(row.starts_at), 'l j F')}, {span(row.starts_at, row.ends_at)}",
            "",
            who=people.get(row.dossier, ""),
            url=reverse("dossier", args=[row.dossier]),
            place=named.get(row.room, ""),
        )
        for row in found
    ]


def _people(dossiers: set[UUID]) -> dict[UUID, str]:
    rows = Dossier.objects.filter(pk__in=dossiers).select_related("person")
    return {row.pk: filed(row.person) for row in rows}
