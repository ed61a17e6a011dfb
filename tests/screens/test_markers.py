"""Every text of the demo holds a marker of its own; everybody reads all he can reach, and meets only his own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.screens import allowed
from tests.screens.crawling import Reader
from tests.screens.finding import Finder
from tests.screens.live import Live

pytestmark = pytest.mark.slow
AT_ONCE = 4  # as many as the server answers at the same time
Met = dict[str, dict[str, str]]  # reader → marker → where he met it first


@pytest.fixture(scope="module")
def finder(live: Live) -> Finder:
    return Finder.of(row["marker"] for row in live.markers)


@pytest.fixture(scope="module")
def keys(live: Live) -> dict[str, str]:
    """Name the employee of every dossier: the demo adds them in one order."""
    surnames = [row for row in live.markers if (row["model"], row["field"]) == ("people.Person", "surname")]
    return {row["dossier"]: key for row, key in zip(surnames, allowed.ORDER, strict=True) if row["dossier"]}


@pytest.fixture(scope="module")
def readers(live: Live) -> dict[str, Reader]:
    """Let everybody log in and read all that a link or a search leads him to, some at the same time."""

    def reading(who: str) -> Reader:
        reader = Reader(live, who).log_in()
        reader.crawl()
        return reader

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(allowed.READERS, pool.map(reading, allowed.READERS), strict=True))


@pytest.fixture(scope="module")
def knocked(live: Live, readers: dict[str, Reader], finder: Finder) -> int:
    """Let everybody try, besides, the addresses at which others met something medical; returns how many."""
    medical = {row["marker"] for row in live.markers if row["side"] == "medical"}
    doors = {
        url
        for who in ("bedrijfsarts", "bedrijfsarts-collega", "pob", "andere-praktijk")
        for url, page in readers[who].read.items()
        if url.startswith("/dossier/") and medical & finder.find(page.body)
    }

    def knocking(reader: Reader) -> None:
        for url in sorted(doors - set(reader.read)):
            reader.read[url] = reader.send(url)
        reader.line.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(knocking, readers.values()))
    return len(doors)


@pytest.fixture(scope="module")
def met(readers: dict[str, Reader], knocked: int, finder: Finder) -> Met:
    """Say who met which marker: in an address, a heading or a body, whatever its status."""
    found: Met = {}
    for who, reader in readers.items():
        found[who] = {}
        for url, page in reader.read.items():
            for marker in finder.find(page.body) | finder.find(page.headers) | finder.find(url.encode()):
                found[who].setdefault(marker, f"{page.status} {url}")
    return found


def about(live: Live, keys: dict[str, str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Give every marker with the employee it is about. Of people their initials come first, also without a dossier."""
    people, now = iter(allowed.ORDER), ""
    for row in live.markers:
        if row["model"] == "people.Person" and row["field"] == "initials":
            now = next(people)
        yield row, now if row["section"] == "personen" else keys.get(row["dossier"], "")


def shared_with_delegate(live: Live, keys: dict[str, str]) -> set[str]:
    """Name the two notes that were shared with the delegate: of the one its new version, of the other all three parts."""
    found = set()
    for key in ("monteur", "lerares"):
        notes = [
            row
            for row, whose in about(live, keys)
            if whose == key and row["section"] == "begeleiding" and row["author"] == "bedrijfsarts"
        ]
        if key == "monteur":
            reason = next(at for at, row in enumerate(notes) if row["field"] == "reason")
            found |= {row["marker"] for row in notes[reason:]}
        else:
            found |= {row["marker"] for row in notes[6:9]}
    return found


def test_nobody_meets_what_is_not_his(live: Live, keys: dict[str, str], met: Met) -> None:
    shared, leaks = shared_with_delegate(live, keys), []
    for row, key in about(live, keys):
        for who, seen in met.items():
            if row["marker"] in seen and not allowed.may_meet(who, row, key, shared):
                what = f"{row['model']}.{row['field']} {row['section']} of {key or '-'} by {row['author']}"
                leaks.append(f"{who} met {what} at {seen[row['marker']]}")
    assert leaks == []


def test_who_works_on_a_dossier_meets_all_that_is_in_it(live: Live, keys: dict[str, str], met: Met) -> None:
    for who, dossiers in allowed.MEDICAL.items():
        there = [
            row
            for row, key in about(live, keys)
            if key in dossiers and row["side"] in ("medical", "process") and row["model"] != "consent.Notice"
        ]
        texts = [row for row in there if row["model"].endswith("Part")]
        missed = [f"{row['field']} {row['section']}" for row in texts if row["marker"] not in met[who]]
        assert texts, who
        assert missed == [], who


def test_a_delegate_meets_what_was_shared_with_him(live: Live, keys: dict[str, str], met: Met) -> None:
    shared = shared_with_delegate(live, keys)
    assert len(shared) > 8
    assert shared & set(met["pob"])


def test_everybody_who_comes_in_reads_pages(readers: dict[str, Reader], knocked: int) -> None:
    assert knocked > 50
    for who, reader in readers.items():
        assert sum(page.status == 200 for page in reader.read.values()) >= 5, who


def test_no_page_breaks(readers: dict[str, Reader], knocked: int) -> None:
    broken = [
        (who, p.url) for who, reader in readers.items() for p in reader.read.values() if p.status >= 500
    ]
    assert broken == []


def test_who_has_left_comes_in_nowhere(live: Live, finder: Finder) -> None:
    reader = Reader(live, "oud-medewerker").log_in()
    reader.crawl()
    assert all(not finder.find(page.body) or "/sessies" in url for url, page in reader.read.items())


def test_what_the_server_writes_down_holds_no_marker(
    live: Live, readers: dict[str, Reader], finder: Finder
) -> None:
    written = live.log.read_bytes()
    assert b"tweeluik" in written.lower()
    assert finder.find(written) == set()


def test_no_process_carries_a_marker_in_its_arguments(finder: Finder, readers: dict[str, Reader]) -> None:
    running = b""
    for process in Path("/proc").glob("[0-9]*/cmdline"):  # a bare system has no ps
        with contextlib.suppress(OSError):  # it ended meanwhile
            running += process.read_bytes() + b"\n"
    assert b"config.launch" in running
    assert finder.find(running) == set()
