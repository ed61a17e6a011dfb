"""The whole program on a port of its own, with the demo practice full of markers, and a real Chromium."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import devdb
from tests.screens.live import Live, Visit, Visitor

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def _databases() -> None:
    """Make no test databases: the live server has its own."""


@pytest.fixture(scope="package")
def live() -> Iterator[Live]:
    """Start `./run` from this checkout on data of its own, seeded with markers; stop it as a user would."""
    folder = Path(tempfile.mkdtemp(prefix="tweeluik-live-"))
    markers = folder / "markers.json"
    options = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    clean = {key: value for key, value in os.environ.items() if not key.endswith("DATABASE_URL")}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    clean.pop("TWEELUIK_KEYS_DIR", None)

    def manage(*arguments: str) -> str:
        command = [sys.executable, "-m", "config.launch", *options, "manage", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    manage("createcachetable")
    manage("migrate", "-v0")
    manage("demo", "--markers", str(markers))
    with (folder / "server.log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "config.launch", *options, "--port", str(port)],
            cwd=ROOT,
            env=clean,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/inloggen/", timeout=2)
                break
            assert serving.poll() is None, (folder / "server.log").read_text()
            time.sleep(0.5)
        else:
            pytest.fail("the server does not answer: " + (folder / "server.log").read_text())
        yield Live(f"http://localhost:{port}", manage, markers, folder / "server.log", folder / "data")
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
        # Made by root, the cluster lives outside its data folder.
        shutil.rmtree(devdb.locate(folder / "data").home.parent, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """A real browser. Without one these tests are skipped, except where CI demands it.

    It is gone when the last screen was seen: while it runs, Django takes the thread for an asynchronous one.
    """
    if CHROMIUM is None:
        if os.environ.get("TWEELUIK_REQUIRE_BROWSER"):
            pytest.fail("geen chromium gevonden: apt-get install chromium")
        pytest.skip("geen chromium gevonden: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def visitors(live: Live, chromium: object) -> Iterator[dict[str, Visitor]]:
    """Whoever has logged in so far: a one-time code works once in thirty seconds, so each logs in once."""
    found: dict[str, Visitor] = {}
    yield found
    for visitor in found.values():
        visitor.context.close()


@pytest.fixture(scope="package")
def visit(live: Live, chromium: object, visitors: dict[str, Visitor]) -> Visit:
    """Give the logged-in visitor of this name: `visit("bedrijfsarts")`; with a role, working in that capacity."""

    def enter(username: str, role: str | None = None) -> Visitor:
        if username not in visitors:
            visitors[username] = Visitor.enter(live, chromium, username, role)
        elif role is not None and role not in visitors[username].works_as():
            visitors[username].choose(role)
        visitors[username].clicks = 0
        return visitors[username]

    return enter
