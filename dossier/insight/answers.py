"""Who may see this dossier, and why: what the database answers for everybody on the team, gathered per person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from directory.access.grid import Cell, Value, Verb, the_grid
from dossier.models import Dossier
from dossier.team.people import Member

from .words import missing

ALLOW = ("allow", "allow_with_condition")


@dataclass(frozen=True)
class Given:
    """What the database said of one person, in one role, about one section."""

    section: str
    read: tuple[str, str]  # answer and code
    write: tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Sections about which the same can be said of one person."""

    tone: str
    tag: str
    title: str
    sections: str
    mender: str = ""


@dataclass(frozen=True)
class Person:
    """One person on the team with everything that may be said of him."""

    member: Member
    groups: list[Group]
    condition: str
    reasons: list[str]


def ask(dossier: Dossier) -> dict[tuple[int, UUID], list[Given]]:
    """Ask the database for everybody at once; the decision is made there and nowhere else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, ground, section, verb, answer, code FROM access_team_answers(%s)", [dossier.pk]
        )
        said: dict[tuple[int, UUID], dict[str, dict[str, tuple[str, str]]]] = {}
        for user, ground, section, verb, answer, code in cursor.fetchall():
            said.setdefault((user, ground), {}).setdefault(section, {})[verb] = (answer, code or "")
    return {
        who: [Given(section, verbs["read"], verbs["write"]) for section, verbs in sections.items()]
        for who, sections in said.items()
    }


def people(members: Iterable[Member], said: dict[tuple[int, UUID], list[Given]]) -> list[Person]:
    """Write per person what he may, what is missing, and what is not his.

    The database answers for a person in a role over all his grounds at once, so he stands here once, with each reason.
    """
    found: dict[tuple[int, str], Person] = {}
    for member in members:
        given = said.get((member.user_id, member.ground_id))
        if not given or member.ended:
            continue
        reason = ", ".join(part for part in (member.why, member.period) if part)
        key = (member.user_id, member.role)
        if key in found:
            if reason not in found[key].reasons:
                found[key].reasons.append(reason)
            continue
        conditioned = any("allow_with_condition" in (one.read[0], one.write[0]) for one in given)
        condition = the_grid().roles[member.role].condition if conditioned else ""
        found[key] = Person(member, _groups(member.role, given), condition, [reason])
    return list(found.values())


READS = {
    Value.ALL: "Lezen",
    Value.OWN: "Het eigen werk lezen",
    Value.SHARED: "Lezen wat is gedeeld",
    Value.CONSENT: "Lezen waarvoor toestemming is",
}
# The four answers, in the order and the words of the screen.
TAGS = {"allow": ("ok", "Mag"), "allow_with_condition": ("info", "Mag, met voorwaarde")}
TAGS |= {"not_yet": ("wacht", "Nog niet"), "deny": ("neutraal", "Mag niet")}


def _groups(role: str, given: list[Given]) -> list[Group]:
    """Gather the sections about which the same is said."""
    grid = the_grid()
    everything = [one.section for one in given]
    gathered: dict[tuple[str, str, str], list[str]] = {}
    for one in given:
        for said in _said(grid.cells[role, one.section], one):
            gathered.setdefault(said, []).append(one.section)
    order = list(TAGS)
    return [
        Group(
            *TAGS[answer],
            title=title,
            sections=_named(sections, everything),
            mender=mender,
        )
        for (answer, title, mender), sections in sorted(
            gathered.items(), key=lambda item: order.index(item[0][0])
        )
    ]


WHOLE = {"medical": "het hele medisch dossier", "process": "het hele procesdossier"}


def _named(sections: list[str], everything: list[str]) -> str:
    """Name sections, a whole panel in one go: what is the same everywhere is said once."""
    grid = the_grid()
    names, rest = [], list(sections)
    for side, name in WHOLE.items():
        panel = [
            code for code in everything if (grid.sections[code].side == "process") == (side == "process")
        ]
        if panel and set(panel) <= set(sections):
            names.append(name)
            rest = [code for code in rest if code not in panel]
    return ", ".join([*names, *(grid.sections[code].label for code in rest)])


def _said(cell: Cell, given: Given) -> Iterator[tuple[str, str, str]]:
    """Say it in one line, or in two when reading is open and writing waits: answer, words, who mends."""
    reads, writes = given.read[0] in ALLOW, given.write[0] in ALLOW
    if reads:
        title = READS[cell.values.get(Verb.READ, Value.ALL)]
        yield given.read[0], f"{title} en vastleggen" if writes else title, ""
    elif writes:
        yield given.write[0], "Vastleggen, niet lezen", ""
    waits = given.read if given.read[0] == "not_yet" else given.write
    if waits[0] == "not_yet" and not writes:
        what, who = missing(waits[1])
        yield "not_yet", f"Vastleggen: {what}" if reads else what, who
    elif not reads and not writes:
        yield "deny", "Niet lezen en niet vastleggen", ""
