"""Secret by its existence: what happens on the medical side changes not one byte of any page outside it.

One world, read before and after. Between the two only medical facts are added: voluntary appointments inside published
blocks, open spreekuur contacts, a second opinion, a machtiging, a nurse for PMO on the team. The clock stands still and
the random ids of a page are the same both times; masked are the csrf token and the csp nonce, and nothing else.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from directory.access.doors import door_of
from directory.access.models import GroundScope
from directory.people.models import Employer, Person, Practice
from dossier.agenda import moments
from dossier.agenda.models import Entry
from dossier.planning import calendars
from dossier.records.places import code_of
from tests.accounts.conftest import with_password
from tests.domain.bad_input import send
from tests.domain.test_agenda import book, publish
from tests.domain.test_pages import enter
from tests.domain.test_records_tools import NOTE, note, place
from tests.world import OWNER, Actor, Case, World

OPEN_SPREEKUUR = place("notitie_open_spreekuur")
OUTSIDE = ("procesbewaker", "signaleerder", "overig_a", "casemanager", "overig_b", "praktijkbeheerder", "fg")
LINK = re.compile(r'href="(/[^"#]*)"')
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
# The log says who looked, and reading it is what it is for; it also grows by being read.
THE_LOG = ("log_review", "who_did")
SECTIONS = (0, 1, 8, 9, 14, 16, 17, 22)  # begeleiding, voluntary ones, and the process side
PER_PATH = 2


@dataclass
class Practising:
    """A practice with one dossier that everybody outside may know, and a client whose people have none."""

    physician: Case
    colleague: Actor
    nurse: Actor
    walker: Any
    day: date
    readers: dict[str, Client] = field(default_factory=dict)

    @property
    def hour(self) -> datetime:
        return moments.moment(self.day, datetime.min.time().replace(hour=13))


@contextmanager
def still(now: datetime) -> Iterator[None]:
    """Let the clock stand, and give the ids of a page in the same order every time."""
    with mock.patch("django.utils.timezone.now", return_value=now):
        yield


def same_ids() -> Any:
    numbers = itertools.count(1)
    return mock.patch.object(os, "urandom", lambda size: next(numbers).to_bytes(size, "big"))


def asked(
    client: Client, path: str, now: datetime, data: dict[str, str] | None = None
) -> tuple[int, bytes, str]:
    cache.clear()
    with still(now), same_ids():
        answer = client.get(path) if data is None else client.post(path, data)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("Content-Security-Policy", "Content-Length")
    }
    return answer.status_code, TOKEN.sub(rb"\1-", answer.content), repr(headers)


def is_read(path: str) -> bool:
    """Say whether a page can show a record: the account's own pages run as a login that reads none."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return False
    door = door_of(match.func, match.url_name)
    return door is not None and not door.bare and match.url_name not in THE_LOG


def begins(here: Practising) -> list[str]:
    """List where a reader begins: the first page, the agenda, and whatever of the dossier has an address."""
    dossier, day = here.physician.dossier.pk, f"{here.day:%Y-%m-%d}"
    names = ("dossier", "team", "who_may", "appointments", "appointment_new")
    return [
        "/",
        reverse("agenda", query={"dag": day, "beeld": "week"}),
        reverse("agenda", query={"dag": day, "wie": str(here.physician.actor.engagement.pk)}),
        *(reverse(name, args=[dossier]) for name in names),
        *(reverse("dossier_section", args=[dossier, n]) for n in SECTIONS),
        reverse("record_new", args=[dossier, code_of(dossier, OPEN_SPREEKUUR)]),
    ]


def read_all(here: Practising, now: datetime, *who: str) -> dict[str, tuple[int, bytes, str]]:
    """Read every page that these readers can reach by a link or a search; all of them, when nobody is named."""
    found = {}
    for name in who or here.readers:
        client, waiting = here.readers[name], begins(here)
        seen: dict[str, int] = {}
        while waiting:
            path = waiting.pop(0)
            bare = path.partition("?")[0]
            if f"{name} {path}" in found or seen.get(bare, 0) >= PER_PATH or not is_read(path):
                continue
            seen[bare] = seen.get(bare, 0) + 1
            found[f"{name} {path}"] = answer = asked(client, path, now)
            waiting += [unescape(link) for link in LINK.findall(answer[1].decode("utf-8", "replace"))]
        for word in ("Werknemer", "Inloopster"):
            found[f"{name} zoekt {word}"] = asked(client, reverse("zoeken"), now, {"q": word})
            found[f"{name} plant {word}"] = asked(client, reverse("agenda_find"), now, {"q": word})
    return found


def different(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name what is there on one side only, or differs in a byte."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def told(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Show the lines that tell."""
    lines = []
    for path in different(before, after)[:10]:
        old, new = (set(str(side.get(path, ("", b""))[1], "utf-8").splitlines()) for side in (before, after))
        lines += [path, *sorted(old ^ new)[:6]]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def here(world: World) -> Practising:
    practice = world.make(Practice, name="Praktijk Stilte")
    employer = world.make(Employer, practice=practice, name="Drukkerij Zwijger")
    physician_actor = world.engaged("bedrijfsarts", practice=practice)
    dossier = world.dossier(world.relation(employer=employer, practice=practice))
    physician = world.case("bedrijfsarts", dossier=dossier, actor=physician_actor, physician=physician_actor)
    world.make(GroundScope, practice=practice, ground=physician.ground, employer=employer)
    colleague = world.engaged("bedrijfsarts", practice=practice)
    other = world.make(Employer, practice=practice, name="Weverij Inloop")
    ground = world.ground("client_assignment", "bedrijfsarts", colleague)
    for one in (other, employer):
        world.make(GroundScope, practice=practice, ground=ground, employer=one)
    world.grant(ground, dossier, colleague.user)
    walker = world.relation(employer=other, practice=practice)
    person = Person.objects.using(OWNER).get(pk=walker.person_id)
    world.change(person, surname="Inloopster", sort_key="", birth_date=date(1991, 2, 3))
    readers = {}
    for role in OUTSIDE:
        actor = world.engaged(role, practice=practice)
        with_password(world, actor.user)
        case = world.case(role, dossier=dossier, actor=actor, physician=physician_actor)
        if case.ground is not None and case.ground.responsible_id:
            world.make(GroundScope, practice=practice, ground=case.ground, caseload=True)
        readers[role] = enter(actor)
    # A desk that works for the colleague alone: of this physician's calendar it knows what everybody knows.
    desk = world.engaged("secretariaat", practice=practice)
    with_password(world, desk.user)
    theirs = world.dossier(world.relation(employer=other, practice=practice))
    world.case("secretariaat", dossier=theirs, actor=desk, physician=colleague)
    readers["secretariaat zonder recht"] = enter(desk)
    day = timezone.localdate() + timedelta(days=7)
    made = Practising(physician, colleague, world.engaged("teamlid", practice=practice), walker, day, readers)
    publish(physician_actor, made.hour, minutes=240)
    book(physician, made.hour - timedelta(hours=3))
    note(physician, NOTE)
    return made


def medical_facts(world: World, here: Practising) -> None:
    """Add everything that may not be known to have happened."""
    physician, dossier = here.physician, here.physician.dossier
    for n, kind in enumerate(("open_spreekuur", "pmo", "vaccinatie", "beroepsziekte")):
        book(physician, here.hour + timedelta(hours=n), kind=kind, minutes=40)
    note(physician, OPEN_SPREEKUUR)
    # Somebody walks in who had no dossier, and somebody whose dossier is a colleague's.
    client = enter(here.colleague)
    for relation in (here.walker, dossier.relation):
        opened = client.post(reverse("contact_open", args=[relation.pk]))
        words = {
            "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
            "form_key": str(uuid4()),
            "revision": "1",
            "bewaard": "",
            "doe": "ondertekenen",
        }
        assert send(client, opened.url, {**words, "anamnese": "Uit eigen beweging."}).status_code == 302
    second = world.engaged("second_opinionarts", practice=dossier.practice)
    world.ground("second_opinion", "second_opinionarts", second, dossier, given_by=physician.actor.user)
    for section, verb in (("second_opinion", "read"), ("toestemming", "read"), ("begeleiding", "release")):
        world.consent(dossier, section, verb, physician.actor.user)
    world.ground("team", "teamlid", here.nurse, dossier, responsible=physician.actor, purposes=("pmo",))


def leaking(real: Any) -> Any:
    """Plant a leak: a number in the heading of the agenda that grows with what is hidden."""

    def title(view: Any) -> str:
        hidden = Entry.objects.using(OWNER).filter(side="medical", engagement__in=view.chosen).count()
        return f"{real(view)} ({hidden})"

    return title


@pytest.mark.slow
def test_no_page_outside_changes_by_a_byte_and_a_planted_leak_is_found(
    world: World, here: Practising
) -> None:
    now = timezone.now().replace(microsecond=0)
    agenda = reverse(
        "agenda", query={"dag": f"{here.day:%Y-%m-%d}", "wie": str(here.physician.actor.engagement.pk)}
    )
    keeper = here.readers["procesbewaker"]

    def planted() -> dict[str, Any]:
        with mock.patch.object(calendars, "_title", leaking(calendars._title)):
            return {agenda: asked(keeper, agenda, now)}

    world.engaged("second_opinionarts", practice=here.physician.dossier.practice)
    for client in here.readers.values():  # one's own last dossiers stand on Vandaag, from the first look on
        asked(client, reverse("dossier", args=[here.physician.dossier.pk]), now)
    before, with_leak = read_all(here, now), planted()
    again = read_all(here, now, "procesbewaker")
    itself = {path: page for path, page in before.items() if path.startswith("procesbewaker ")}
    assert different(itself, again) == [], "a page that differs by itself proves nothing"
    medical_facts(world, here)
    after = read_all(here, now)
    assert len(before) > 150
    assert sum(status == 200 for status, _, _ in before.values()) > 60
    assert different(before, after) == [], told(before, after)
    assert different(with_leak, planted()) == [agenda]


def test_the_medical_side_does_see_it(here: Practising) -> None:
    """The twin of every silence: whoever may know, knows."""
    client = enter(here.physician.actor)
    text = client.get(reverse("agenda", query={"dag": f"{here.day:%Y-%m-%d}"})).content.decode()
    for word in ("Open spreekuur", "PMO", "Vaccinatie", "Onderzoek beroepsziekte"):
        assert word in text
