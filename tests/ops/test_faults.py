"""Faults under a running server with people at work: what was answered stands, once, with its log row; the rest is told.

Everything goes over HTTP to a server of its own on a PostgreSQL of its own, which is killed, filled and taken away.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from config import devdb
from tests.domain.test_records_browser import moment
from tests.ops.conftest import Fresh
from tests.ops.live import Browser, Site, site
from tests.ops.stand import Stand

WRITERS = 20
LONGEST = 120.0  # seconds a writer keeps trying; far more than any of these faults lasts
AWAY = "Even niet bereikbaar"
TEXT = "Kenmerk van deze oefening"


@dataclass
class Desk:
    """One site, and twenty sessions of the bedrijfsarts."""

    site: Site
    people: dict[str, Any]

    @property
    def stand(self) -> Stand:
        return self.site.stand

    @property
    def dossier(self) -> str:
        return self.people["dossier"]

    @property
    def new(self) -> str:
        return self.people["new"]

    def browser(self, n: int = 0) -> Browser:
        return Browser(self.site, self.people["sessions"][n])

    def note(self, browser: Browser, text: str) -> str:
        return browser.form(self.new, happened_at=moment(), anamnese=text, doe="ondertekenen")


@pytest.fixture
def desk(fresh: Fresh) -> Iterator[Desk]:
    stand = fresh()
    people = stand.does("enters", "bedrijfsarts", str(WRITERS))
    with site(stand) as running:
        yield Desk(running, people)


def above(desk: Desk) -> psycopg.Connection[Any]:
    return desk.stand.above(desk.stand.main)


def notes(desk: Desk) -> dict[str, int]:
    """How often each text stands, read as its author through the product."""
    read = desk.stand.does("reads", "bedrijfsarts")
    found: dict[str, int] = {}
    for text in read.values():
        assert text, "a note of which the text is gone"
        found[text] = found.get(text, 0) + 1
    return found


def without_log(desk: Desk) -> int:
    """Signed notes of which the log has no row."""
    return desk.stand.ask(
        "SELECT count(*) FROM medical_record r WHERE NOT EXISTS (SELECT FROM access_log l WHERE l.record = r.id)"
    )


# --- twenty writers -------------------------------------------------------------------------------------------


@dataclass
class Writing:
    """What twenty people sent, and what they were told."""

    told: set[str] = field(default_factory=set)
    tries: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, desk: Desk, number: int) -> None:
        """Send notes until told to stop, each again until it is answered."""
        browser, turn = desk.browser(number), 0
        while not self.stopped.is_set():
            turn += 1
            text, until = f"{TEXT} {number}.{turn}", time.monotonic() + LONGEST
            form = self._patient(until, lambda text=text: desk.note(browser, text))
            answer = self._patient(until, lambda form=form: self._sent(browser, desk, form))
            assert answer == 302, answer
            with self.lock:
                self.told.add(text)

    def _sent(self, browser: Browser, desk: Desk, form: str) -> int:
        with self.lock:
            self.tries += 1
        answer = browser.send(desk.new, form)
        if answer.status >= 500:
            assert AWAY in answer.body or "Er ging iets mis" in answer.body, answer.body[:300]
            raise ConnectionError(answer.status)
        return answer.status

    @staticmethod
    def _patient(until: float, attempt: Callable[[], Any]) -> Any:
        """Try again while the server is away, as people do."""
        while True:
            try:
                return attempt()
            except (OSError, http.client.HTTPException, AssertionError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)


def under_writers(desk: Desk, fault: Callable[[], None]) -> Writing:
    """Let twenty people write, do it to them, and let them finish what they were at."""
    writing = Writing()
    with ThreadPoolExecutor(WRITERS) as pool:
        at_work = [pool.submit(writing.write, desk, n) for n in range(WRITERS)]
        try:
            wait_until(lambda: len(writing.told) >= WRITERS // 2)
            fault()
            more = len(writing.told) + WRITERS
            wait_until(lambda: len(writing.told) >= more)  # it works again
        finally:
            writing.stopped.set()
        for one in at_work:
            one.result()
    return writing


def wait_until(holds: Callable[[], bool], seconds: float = LONGEST) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.1)


def kill_backends(desk: Desk) -> None:
    """Kill server processes of the database with everything they were doing, one after the other."""
    with above(desk) as server:
        for _ in range(15):
            found = server.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'tweeluik_app' AND datname = current_database()"
            ).fetchall()
            if found:
                server.execute("SELECT pg_terminate_backend(%s, 5000)", [random.choice(found)[0]])
            time.sleep(0.1)


def kill_worker(desk: Desk) -> None:
    """Kill the server that answers, as systemd would find it: gone. It is started again."""
    for _ in range(2):
        desk.site.kill()
        desk.site.start()


def kill_postmaster(desk: Desk) -> None:
    """Kill PostgreSQL itself, all at once, and let it recover."""
    cluster = desk.stand.cluster
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    again(cluster)


def again(cluster: devdb.Cluster) -> None:
    """Start after a crash: until the killed process is gone, pg_ctl takes it for a server that runs."""
    for attempt in range(60):
        try:
            devdb.start(cluster)
        except (SystemExit, psycopg.OperationalError):
            if attempt == 59:
                raise
            time.sleep(0.5)
        else:
            return


@pytest.mark.slow
@pytest.mark.parametrize("fault", [kill_backends, kill_worker, kill_postmaster])
def test_whatever_is_killed_under_twenty_writers_what_was_answered_stands_once_with_its_log(
    desk: Desk, fault: Callable[[Desk], None]
) -> None:
    writing = under_writers(desk, lambda: fault(desk))
    found = notes(desk)
    assert writing.told - set(found) == set(), "acknowledged and lost"
    assert {text: n for text, n in found.items() if n != 1} == {}, "written twice"
    assert without_log(desk) == 0
    assert writing.tries >= len(writing.told) >= WRITERS


# --- something beneath is away --------------------------------------------------------------------------------


@dataclass
class Fault:
    """Something that is taken away and given back."""

    take: Callable[[Desk], None]
    give: Callable[[Desk], None]
    reads: bool = False  # whether somebody who wrote nothing still gets his page


def _as_superuser(desk: Desk, *statements: str, **names: str) -> None:
    with desk.stand.above("postgres") as server:
        for statement in statements:
            server.execute(
                sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})
            )


def close_keys(desk: Desk) -> None:
    _as_superuser(desk, "ALTER DATABASE {db} ALLOW_CONNECTIONS false", db=desk.stand.store)
    _end_all(desk, desk.stand.store)


def open_keys(desk: Desk) -> None:
    _as_superuser(desk, "ALTER DATABASE {db} ALLOW_CONNECTIONS true", db=desk.stand.store)


def no_connections(desk: Desk) -> None:
    _as_superuser(desk, "ALTER ROLE tweeluik_app CONNECTION LIMIT 0")
    _end_all(desk, desk.stand.main)


def connections_again(desk: Desk) -> None:
    _as_superuser(desk, "ALTER ROLE tweeluik_app CONNECTION LIMIT -1")


def lose_month(desk: Desk) -> None:
    with above(desk) as server:
        month = server.execute("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')").fetchone()[0]
        server.execute(
            sql.SQL("ALTER TABLE access_log DETACH PARTITION {}").format(
                sql.Identifier(f"access_log_{month}")
            )
        )
        server.execute(sql.SQL("ALTER TABLE {} RENAME TO weg").format(sql.Identifier(f"access_log_{month}")))


def month_again(desk: Desk) -> None:
    desk.stand.ops("partitions")


def _end_all(desk: Desk, database: str) -> None:
    with desk.stand.above("postgres") as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename ~ '^tweeluik'",
            [database],
        )


FAULTS = {
    "the key store is away": Fault(close_keys, open_keys),
    "the connections are used up": Fault(no_connections, connections_again),
    "the month of the log is not there": Fault(lose_month, month_again),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_what_is_away_is_said_nothing_is_shown_nothing_is_lost(desk: Desk, name: str) -> None:
    """The page says so in Dutch, gives the text back, shows nothing of the dossier; the same form works afterwards."""
    fault, browser = FAULTS[name], desk.browser()
    first = desk.note(browser, f"{TEXT} vooraf")
    assert browser.send(desk.new, first).status == 302
    assert f"{TEXT} vooraf" in browser.get(desk.dossier).body
    form = desk.note(browser, f"{TEXT} tijdens")
    logged = desk.stand.ask("SELECT count(*) FROM access_log")

    fault.take(desk)
    for answer in (browser.get(desk.dossier), browser.send(desk.new, form)):
        assert answer.status == 503, (answer.status, answer.body[:1500])
        assert AWAY in answer.body
        assert f"{TEXT} vooraf" not in answer.body
    assert f"{TEXT} tijdens" in answer.body
    assert browser.site.serving
    assert browser.get("/healthz").status == 200
    time.sleep(5.5)  # readiness keeps an answer for five seconds
    assert browser.get("/healthz/gereed").body == "niet gereed\n"

    fault.give(desk)
    assert browser.send(desk.new, form).status == 302
    assert set(notes(desk)) == {f"{TEXT} vooraf", f"{TEXT} tijdens"}
    assert without_log(desk) == 0 or name == "the month of the log is not there"
    assert desk.stand.ask("SELECT count(*) FROM access_log") > (0 if "month" in name else logged)


@pytest.mark.slow
def test_a_restart_of_the_database_is_not_noticed_by_the_next_request(desk: Desk) -> None:
    browser = desk.browser()
    form = desk.note(browser, f"{TEXT} voor de herstart")
    cluster = desk.stand.cluster
    cluster.call("pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w")
    away = browser.send(desk.new, form)
    assert away.status == 503
    assert f"{TEXT} voor de herstart" in away.body
    devdb.start(cluster)
    assert browser.send(desk.new, form).status == 302
    assert browser.get(desk.dossier).status == 200
    assert set(notes(desk)) == {f"{TEXT} voor de herstart"}


# --- the disk is full -----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(fresh: Fresh) -> Iterator[tuple[Stand, Path]]:
    """The main database on a disk of 96 MB; its WAL and the key store elsewhere."""
    stand = fresh()
    disk = stand.cluster.home / f"small-{stand.main}"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m,mode=0700", "tweeluik-small", disk],
        capture_output=True,
        check=False,
    )
    if os.geteuid() != 0 or mounted.returncode:
        pytest.skip("een kleine schijf maken mag alleen de beheerder van de computer (mount -t tmpfs)")
    try:
        space = disk / "space"
        space.mkdir(mode=0o700)
        if user := stand.cluster.user:
            for folder in (disk, space):
                os.chown(folder, user.pw_uid, user.pw_gid)
        with stand.above("postgres") as server:
            server.execute(
                sql.SQL("CREATE TABLESPACE small_disk LOCATION {}").format(sql.Literal(str(space)))
            )
            server.execute(
                sql.SQL("ALTER DATABASE {} SET TABLESPACE small_disk").format(sql.Identifier(stand.main))
            )
        yield stand, disk
        with stand.above("postgres") as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(stand.main)))
            server.execute("DROP TABLESPACE small_disk")
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


@pytest.mark.slow
def test_a_full_disk_refuses_reading_too_and_loses_nothing(small_disk: tuple[Stand, Path]) -> None:
    """No log row can be written, so nothing is shown; what was signed before stands, and work goes on with space."""
    stand, disk = small_disk
    people = stand.does("enters", "bedrijfsarts", "1")
    with site(stand) as running:
        desk = Desk(running, people)
        browser = desk.browser()
        assert browser.send(desk.new, desk.note(browser, f"{TEXT} vooraf")).status == 302
        form = desk.note(browser, f"{TEXT} met een volle schijf")
        with contextlib.suppress(OSError), open(disk / "filler", "wb", buffering=0) as filler:
            while filler.write(bytes(8192)):
                pass
        shown = _look_until_refused(desk, browser)
        refused = browser.send(desk.new, form)
        assert refused.status == 503
        assert f"{TEXT} met een volle schijf" in refused.body
        (disk / "filler").unlink()
        assert browser.get(desk.dossier).status == 200
        assert browser.send(desk.new, form).status == 302
        assert set(notes(desk)) == {f"{TEXT} vooraf", f"{TEXT} met een volle schijf"}
        assert without_log(desk) == 0
        opened = "SELECT count(*) FROM access_log WHERE kind = 'open' AND outcome = 'ok' AND origin <> 'job'"
        assert stand.ask(opened) >= shown + 2


def _look_until_refused(desk: Desk, browser: Browser) -> int:
    """Look at the dossier until the last room in the pages of the log is used; returns how often it was shown."""
    for shown in range(500):
        page = browser.get(desk.dossier)
        if page.status != 200:
            assert page.status == 503, page.body[:1500]
            assert AWAY in page.body
            assert TEXT not in page.body
            return shown
    raise AssertionError("the disk is not full")
