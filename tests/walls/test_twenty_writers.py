"""Twenty connections change one record at once: every text becomes a version or is kept, and none is written over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.http import HttpResponse

from dossier.records import actions
from dossier.records.answers import Conflict
from dossier.records.base import Header
from dossier.records.keeping import Typed, keep, kept, texts_of
from dossier.records.loading import load_panel
from dossier.records.places import record_url
from dossier.records.rows import Entry, versions
from dossier.records.rows import texts_of as says
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form
from tests.domain.test_records_tools import NOTE, entry, note, opened
from tests.walls import looking
from tests.world import Case, World

WRITERS, EACH = 20, 10


@pytest.fixture
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


@contextmanager
def at_once(writers: int) -> Iterator[Callable[[Callable[[int], Any]], list[Any]]]:
    """Run something in as many threads, each with database connections of its own; returns what each returned."""
    with ThreadPoolExecutor(writers) as pool:

        def run(work: Callable[[int], Any]) -> list[Any]:
            def alone(number: int) -> Any:
                try:
                    return work(number)
                finally:
                    connections.close_all()

            return list(pool.map(alone, range(writers)))

        yield run


@dataclass(frozen=True)
class Sent:
    """One text that was sent, and what became of it."""

    text: str
    version: int | None = None  # the number it got
    kept: UUID | None = None  # or where it waits


def send(case: Case, record: Header, text: str, seen: int, form_key: UUID | None = None) -> Sent:
    """Send a new version as the page does: what is overtaken is kept, and the rest of the request undone."""
    new = entry(NOTE, record.happened_at, anamnese=text)
    new = replace(new, form_key=form_key) if form_key else new
    with case.actor.acts():
        try:
            made = actions.amend(
                by=case.actor.user,
                opened=opened(case, NOTE),
                record=record,
                entry=new,
                reason="Aangevuld",
                seen=seen,
                sign=True,
            )
            return Sent(text, version=made.version)
        except Conflict:
            found = keep(Typed(case.dossier.pk, NOTE, {"anamnese": text}, record=record.pk), "conflict")
            transaction.set_rollback(True)
            return Sent(text, kept=found)


def newest(case: Case, record: Header) -> Header:
    with case.actor.acts():
        opened(case, NOTE)
        return versions(record)[-1]


def stands(case: Case, record: Header) -> dict[int, str]:
    """Read what every version says, by its number."""
    with case.actor.acts():
        opened(case, NOTE)
        return {row.version: says(NOTE, row)["anamnese"] for row in versions(record)}


def waits(case: Case, row: UUID) -> str:
    """Read one kept text back as its author."""
    with case.actor.acts():
        return texts_of(kept(opened(case, NOTE), row))["anamnese"]


def every_text_is_found_once(case: Case, record: Header, sent: list[Sent]) -> None:
    found = stands(case, record)
    assert list(found) == list(range(1, len(found) + 1)), "a gap, or a number twice"
    made = {one.version: one.text for one in sent if one.version is not None}
    waiting = {one.kept: one.text for one in sent if one.kept is not None}
    assert len(made) + len(waiting) == len(sent), "a text became neither, or two became one"
    assert made == {number: text for number, text in found.items() if number > 1}
    assert {row: waits(case, row) for row in waiting} == waiting


def test_two_hundred_edits_over_twenty_connections_lose_no_text(physician: Case) -> None:
    record = note(physician, anamnese="Zoals het begon.")
    together = Barrier(WRITERS, timeout=120)

    def write(number: int) -> list[Sent]:
        done = []
        for turn in range(EACH):
            seen = newest(physician, record).version
            if turn == 0:
                together.wait()  # everybody saw the first version: one of them can follow it
            done.append(send(physician, record, f"Schrijver {number}, tekst {turn}.", seen))
        return done

    with at_once(WRITERS) as run:
        sent = [one for done in run(write) for one in done]
    assert len({one.text for one in sent}) == WRITERS * EACH
    assert len([one for one in sent if one.kept]) >= WRITERS - 1
    assert len([one for one in sent if one.version]) >= EACH  # nobody waits for ever
    every_text_is_found_once(physician, record, sent)


def test_twenty_windows_on_one_concept_lose_no_text(physician: Case) -> None:
    """A concept has no versions: whoever is first changes it, and the others keep what they typed."""
    record = note(physician, sign=False, anamnese="Zoals het begon.")
    together = Barrier(WRITERS, timeout=120)

    def write(number: int) -> Sent:
        text = f"Venster {number}."
        together.wait()
        with physician.actor.acts():
            try:
                row = actions.save_again(
                    by=physician.actor.user,
                    opened=opened(physician, NOTE),
                    record=record,
                    entry=entry(NOTE, record.happened_at, anamnese=text),
                    revision=1,
                )
                return Sent(text, version=row.revision)
            except Conflict:
                found = keep(
                    Typed(physician.dossier.pk, NOTE, {"anamnese": text}, record=record.pk), "conflict"
                )
                transaction.set_rollback(True)
                return Sent(text, kept=found)

    with at_once(WRITERS) as run:
        sent = run(write)
    (first,) = [one for one in sent if one.version]
    assert (first.version, stands(physician, record)) == (2, {1: first.text})
    waiting = {one.kept: one.text for one in sent if one.kept}
    assert len(waiting) == WRITERS - 1
    assert {row: waits(physician, row) for row in waiting} == waiting


# --- the same form, sent twice at the same moment -------------------------------------------------------------


@pytest.mark.parametrize("turn", range(5))
def test_one_form_sent_over_two_connections_at_once_is_one_version(physician: Case, turn: int) -> None:
    record, together = note(physician), Barrier(2, timeout=60)
    key = entry(NOTE).form_key

    def write(number: int) -> Sent:
        together.wait()
        return send(physician, record, "Een keer verstuurd.", 1, key)

    with at_once(2) as run:
        sent = run(write)
    assert sent == [Sent("Een keer verstuurd.", version=2)] * 2
    assert stands(physician, record) == {1: "Slaapt zes uur.", 2: "Een keer verstuurd."}


@pytest.mark.parametrize("turn", range(5))
def test_one_new_form_sent_over_two_connections_at_once_is_one_record(physician: Case, turn: int) -> None:
    new: Entry = entry(NOTE, anamnese="Een keer verstuurd.")
    together = Barrier(2, timeout=60)

    def write(number: int) -> UUID:
        together.wait()
        with physician.actor.acts():
            row = actions.write(by=physician.actor.user, opened=opened(physician, NOTE), entry=new, sign=True)
            return row.pk

    with at_once(2) as run:
        first, second = run(write)
    assert first == second
    with physician.actor.acts():
        assert [view.id for view in load_panel(opened(physician, NOTE), "medical").records] == [first]


# --- the same over real pages ---------------------------------------------------------------------------------


def hidden(page: HttpResponse, name: str) -> str:
    """Read a hidden field from the page itself: what a test client keeps of a page, threads would share."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]+)"', page.content.decode())
    assert found is not None, name
    return found[1]


def test_twenty_edits_in_four_browsers_lose_no_text(physician: Case) -> None:
    record = note(physician, anamnese="Zoals het begon.")
    together = Barrier(4, timeout=120)

    def write(number: int) -> list[Sent]:
        client, done = enter(physician.actor), []
        for turn in range(5):
            address = record_url(newest(physician, record), "record_amend")
            seen = hidden(client.get(address), "revision")
            if turn == 0:
                together.wait()
            text = f"Browser {number}, tekst {turn}."
            page = client.post(address, form(anamnese=text, reason="Aangevuld") | {"revision": seen})
            if page.status_code == 302:
                done.append(Sent(text, version=-1))  # the page does not say which number it got
                continue
            assert page.status_code == 409
            assert text in page.content.decode()
            done.append(Sent(text, kept=UUID(hidden(page, "bewaard"))))
        return done

    with at_once(4) as run:
        sent = [one for done in run(write) for one in done]
    numbers = {text: number for number, text in stands(physician, record).items()}
    numbered = [replace(one, version=numbers.get(one.text)) if one.version else one for one in sent]
    assert len(numbered) == 20
    assert len([one for one in numbered if one.kept]) >= 3
    assert len([one for one in numbered if one.version]) >= 5
    every_text_is_found_once(physician, record, numbered)
