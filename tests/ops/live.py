"""The server that a practice meets, on the cluster of the drill: started, asked, killed, started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from .stand import ROOT, Stand

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Answer:
    status: int
    body: str
    where: str = ""


@dataclass
class Site:
    """One server process on a port of its own."""

    stand: Stand
    port: int
    threads: int = 4
    serving: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as `./run` does, and wait until it answers."""
        options = [
            "--interface=wsgi",
            "--host=127.0.0.1",
            f"--port={self.port}",
            "--no-ws",
            "--log-level=warning",
        ]
        threads = ["--workers=1", f"--blocking-threads={self.threads}", "--blocking-threads-idle-timeout=600"]
        command = [sys.executable, "-m", "granian", *options, *threads, "config.wsgi:application"]
        settings = self.stand.settings | {"APP_PORT": str(self.port)}
        with open(self.stand.folder / "server.log", "ab") as log:
            self.serving = subprocess.Popen(
                command, cwd=ROOT, env=settings, stdout=log, stderr=log, start_new_session=True
            )
        for _ in range(600):
            with contextlib.suppress(OSError):
                if ask(self.port, "GET", "/healthz").status == 200:
                    return
            assert self.serving.poll() is None, (self.stand.folder / "server.log").read_text()[-3000:]
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """End it at once, workers and all, as a loss of power would."""
        assert self.serving
        os.killpg(self.serving.pid, signal.SIGKILL)
        self.serving.wait()

    def stop(self) -> None:
        if self.serving and self.serving.poll() is None:
            os.killpg(self.serving.pid, signal.SIGTERM)
            try:
                self.serving.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@contextlib.contextmanager
def site(stand: Stand) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Site(stand, port)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def ask(port: int, method: str, path: str, body: str = "", cookies: dict[str, str] | None = None) -> Answer:
    """One request over one connection. Raises OSError or HTTPException when the server is gone."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Host": "localhost", "Sec-Fetch-Site": "same-origin", "Origin": f"http://localhost:{port}"}
        if port:
            headers["Host"] = f"localhost:{port}"
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and cookies is not None:
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]
        return Answer(answer.status, unescape(answer.read().decode()), answer.getheader("Location") or "")
    finally:
        connection.close()


@dataclass
class Browser:
    """Somebody with a session, in front of one site."""

    site: Site
    session: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies[f"session_{self.site.port}"] = self.session

    def get(self, path: str) -> Answer:
        return ask(self.site.port, "GET", path, cookies=self.cookies)

    def form(self, path: str, **fields: str) -> str:
        """Fill in the form that stands at this address, with its hidden fields; returns what is sent."""
        page = self.get(path)
        assert page.status == 200, (page.status, page.body[:500])
        return urlencode({**dict(HIDDEN.findall(page.body)), **fields})

    def send(self, path: str, form: str) -> Answer:
        return ask(self.site.port, "POST", path, form, cookies=self.cookies)
