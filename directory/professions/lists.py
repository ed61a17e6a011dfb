"""Find people and professions in the directory, and write them out as the pages show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from directory.access.context import Capacity
from directory.people.dates import show_day
from directory.people.models import Engagement, Professional, Registration
from directory.people.models.names import plain
from directory.professions.endings import Ending
from directory.professions.models import (
    Domain,
    ExternalProfessional,
    ExternalRegistration,
    Profession,
    WorksUnder,
)
from directory.professions.rules import OF_COLLEAGUES, State, big_of, runs, standing

PAGE = 100


@dataclass(frozen=True)
class Filters:
    """What the address narrows the lists to; a word outside the closed lists narrows nothing."""

    domain: str = ""
    under: str = ""
    due: bool = False

    @classmethod
    def read(cls, query: Any) -> Filters:
        domain, under = query.get("gebied", ""), query.get("onder", "")
        return cls(
            domain if domain in Domain.values else "",
            under if under in WorksUnder.values else "",
            query.get("nakijken") == "1",
        )


def professions(text: str, filters: Filters) -> list[Profession]:
    """List the professions that bear this name, or are looked for by it."""
    rows = Profession.objects.order_by("number")
    if filters.domain:
        rows = rows.filter(domain=filters.domain)
    if filters.under:
        rows = rows.filter(works_under=filters.under)
    words = plain(text)
    return [row for row in rows if words in f"{plain(row.name)} {plain(row.synonyms)}"]


@dataclass(frozen=True)
class Line:
    """One person in a list."""

    url: str
    name: str
    organisation: str
    profession: str
    state: State
    due: str = ""


def externals(
    capacity: Capacity, text: str, filters: Filters, matching: list[Profession], today: date
) -> tuple[list[Line], bool]:
    """List professionals of other organisations by filing name, and say whether there are more."""
    rows = _externals(capacity).filter(in_use=True)
    if words := plain(text):
        named = Q(sort_key__contains=words) | Q(organisation__icontains=text.strip())
        rows = rows.filter(named | Q(profession__in=[row.pk for row in matching]))
    elif filters.domain or filters.under:
        rows = rows.filter(profession__in=[row.pk for row in matching])
    if filters.due:
        rows = rows.filter(registrations__recheck_on__lte=today).distinct()
    page = list(rows.order_by("sort_key", "pk")[: PAGE + 1])
    return [_external(row, today) for row in page[:PAGE]], len(page) > PAGE


def due(capacity: Capacity, today: date) -> int:
    """Count the professionals of whom a register asks to be looked at again."""
    rows = _externals(capacity).filter(in_use=True, registrations__recheck_on__lte=today)
    return int(rows.distinct().count())


def _externals(capacity: Capacity) -> QuerySet[Any]:
    registrations = ExternalRegistration.objects.open_to(capacity, "read").order_by("register", "detail")
    return (
        ExternalProfessional.objects.open_to(capacity, "read")
        .select_related("profession")
        .prefetch_related(Prefetch("registrations", registrations))
    )


def _external(row: ExternalProfessional, today: date) -> Line:
    registrations = list(row.registrations.all())
    waits = [each for each in registrations if each.recheck_on <= today]
    return Line(
        url=reverse("professional", args=[row.pk]),
        name=", ".join(
            part for part in (row.surname, " ".join(filter(None, (row.initials, row.prefix)))) if part
        ),
        organisation=row.organisation,
        profession=row.title or row.profession.name,
        state=big_of(registrations, today),
        due="Opnieuw nakijken" if waits else "",
    )


def one(capacity: Capacity, pk: UUID) -> ExternalProfessional | None:
    return _externals(capacity).filter(pk=pk).first()


@dataclass(frozen=True)
class Entry:
    """One registration as a page shows it."""

    row: Any
    name: str
    number: str
    period: str
    checked: str
    state: State


def entries(professional: ExternalProfessional, today: date) -> list[Entry]:
    rows = list(professional.registrations.all())
    # Who looked may be somebody whom the reader does not see (any more): the check stands without a name then.
    names = dict(
        get_user_model()
        .objects.filter(pk__in=[row.checked_by_id for row in rows])
        .values_list("pk", "display_name")
    )
    return [
        Entry(
            row=row,
            name=str(row),
            number=row.number,
            period=f"tot {show_day(row.ends_on)}" if row.ends_on else "zonder einddatum",
            checked=f"{row.get_result_display()}, nagekeken op {show_day(row.checked_on)}"
            f"{f' door {names[row.checked_by_id]}' if row.checked_by_id in names else ''}; "
            f"opnieuw op {show_day(row.recheck_on)}",
            state=standing(row, today),
        )
        for row in rows
    ]


# -- colleagues -------------------------------------------------------------------------------------------------


def colleagues(capacity: Capacity) -> QuerySet[Any]:
    """Select the colleagues of whom a profession was recorded."""
    registrations = Registration.objects.open_to(capacity, "read").order_by("register", "-starts_on")
    return (
        Professional.objects.open_to(capacity, "read")
        .select_related("user")
        .defer("user__password")
        .prefetch_related(Prefetch("registrations", registrations))
    )


def working_here(capacity: Capacity, moment: Any) -> set[int]:
    """Name who works here now; a colleague who left is no longer one."""
    rows = Engagement.objects.open_to(capacity, "read").filter(practice=capacity.practice_id)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment)).exclude(side="employer")
    return set(rows.values_list("user", flat=True))


def matching_colleagues(
    rows: Collection[Professional], text: str, filters: Filters, found: list[Profession]
) -> list[Professional]:
    """Narrow colleagues to the name or the profession that is looked for."""
    words, keys = plain(text), {row.key for row in found}

    def fits(row: Professional) -> bool:
        profession = profession_of(row)
        if filters.due:
            return False
        if words:
            return words in plain(f"{row.user.display_name} {row}") or profession in keys
        return not (filters.domain or filters.under) or profession in keys

    return [row for row in rows if fits(row)]


def profession_of(row: Professional) -> str:
    """Name the profession of a colleague as the directory does; empty for a function without flags of its own."""
    return OF_COLLEAGUES.get(row.profession, "")  # type: ignore[call-overload,no-any-return]


def colleague_line(row: Professional, ending: Ending | None, today: date) -> Line:
    big = [each for each in row.registrations.all() if each.register.startswith("big_")]
    if any(runs(each, today) for each in big):
        state = State("ok", "BIG-geregistreerd")
    else:
        state = (
            State("fout", "BIG geëindigd") if big else State("neutraal", "Niet als BIG-geregistreerd bekend")
        )
    return Line(
        url=reverse("colleague", args=[row.pk]),
        name=row.user.display_name,
        organisation="",
        profession=str(row),
        state=state,
        due=ending.text if ending else "",
    )


def colleague_entries(row: Professional, today: date) -> list[Entry]:
    return [_own(each, today) for each in row.registrations.all()]


def _own(row: Registration, today: date) -> Entry:
    if runs(row, today):
        state = State("ok", "Ingeschreven")
    else:
        state = State("info", "Begint later") if row.starts_on > today else State("fout", "Geëindigd")
    checked = "nog niet nagekeken"
    if row.checked_at:
        checked = f"{row.check_result}, nagekeken op {show_day(row.checked_at.date())}"
    until = f" tot {show_day(row.ends_on)}" if row.ends_on else ", zonder einddatum"
    return Entry(row, str(row), row.number, f"vanaf {show_day(row.starts_on)}{until}", checked, state)
