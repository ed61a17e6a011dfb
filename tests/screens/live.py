"""The live server, and somebody in front of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from config import devdb

DATABASES = ("tweeluik", "tweeluik_keys")


def masked(page: str) -> str:
    """Take out of a page what differs on every request: the token of its forms and the nonce."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', r'\1=""', page)


def totp(secret: str, at: float | None = None) -> str:
    """Compute the six digits of now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class Live:
    """Where it answers, and what an administrator on the machine can ask."""

    url: str
    manage: Callable[..., str]
    markers_file: Path
    log: Path
    data: Path

    @cached_property
    def logins(self) -> dict[str, dict[str, Any]]:
        return {row["username"]: row for row in json.loads(self.manage("demo", "--logins"))}

    @cached_property
    def markers(self) -> list[dict[str, Any]]:
        found = json.loads(self.markers_file.read_text())
        return (
            found if isinstance(found, list) else [{"marker": key, **value} for key, value in found.items()]
        )

    def markers_in(self, text: str, **where: str) -> set[str]:
        """Say which markers of the demo stand in a text: `markers_in(page, side="medical")`."""
        low = text.lower()
        return {
            row["marker"]
            for row in self.markers
            if all(row[name] == value for name, value in where.items()) and row["marker"][:6].lower() in low
        }

    def tables_holding(self, words: str) -> list[str]:
        """Name every table of both databases with a row that holds these words, as text or as bytes.

        Asked as the superuser of the cluster: no policy hides a row, and a text hidden by one is not thereby sealed.
        """
        found = []
        for database in DATABASES:
            above = make_conninfo(devdb.locate(self.data).superuser, dbname=database)
            with psycopg.connect(above) as connection:
                tables = connection.execute(
                    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
                ).fetchall()
                for (table,) in tables:
                    holds = connection.execute(
                        f"SELECT 1 FROM {table} AS r WHERE strpos(r::text, %s) > 0 OR strpos(r::text, %s) > 0 LIMIT 1",
                        [words, words.encode().hex()],
                    )
                    if holds.fetchone():
                        found.append(table.removeprefix("public."))
        return sorted(found)


@dataclass
class Visitor:
    """Somebody with a browser of his own, and what the browser complained of."""

    live: Live
    username: str
    context: Any
    page: Any
    complaints: list[str] = field(default_factory=list)
    clicks: int = 0
    code: str = ""

    @classmethod
    def enter(cls, live: Live, browser: Any, username: str, role: str | None = None) -> Visitor:
        """Log in with password and second factor, and choose a capacity."""
        context = browser.new_context(locale="nl-NL", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(15_000)
        page = context.new_page()
        visitor = cls(live, username, context, page)
        page.on("console", lambda message: visitor._console(message))
        page.goto(f"{live.url}/inloggen/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", live.logins[username]["password"])
        visitor.press("main form .knop--hoofd")
        visitor.give_code()
        if role is not None:
            visitor.choose(role)
        return visitor

    def give_code(self) -> None:
        """Give a code of the second factor that was not given before: each works once."""
        secret = self.live.logins[self.username]["totp_secret"]
        self.page.wait_for_selector("input[name=code]")
        while (code := totp(secret)) == self.code:
            self.page.wait_for_timeout(250)  # until the next code: nothing on the page tells when
        self.code = code
        self.page.fill("input[name=code]", code)
        self.press("main form .knop--hoofd")

    def choose(self, role: str) -> None:
        """Work in the capacity with this label from now on."""
        self.goto("/hoedanigheid/")
        if self.page.locator("input[name=code]").count():
            self.give_code()
        self.press(f".keuzekaart:has-text('{role}')")

    def works_as(self) -> str:
        """Read the capacity in the header."""
        return str(self.page.inner_text(".kop__hoedanigheid b >> nth=0"))

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def goto(self, path: str) -> Any:
        return self.page.goto(path if path.startswith("http") else self.live.url + path)

    def press(self, selector: str) -> None:
        """Press what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def click(self, selector: str) -> None:
        """Press, and count it: what a physician does thirty times a day is measured."""
        self.clicks += 1
        self.press(selector)

    def open_dossier(self, surname: str) -> str:
        """Open somebody's dossier from Vandaag; returns its address."""
        self.goto("/")
        self.click(f"tbody th a:has-text('{surname}')")
        return self.path()

    def path(self) -> str:
        return str(self.page.url).removeprefix(self.live.url)

    def get(self, path: str) -> tuple[int, str]:
        """Ask a page as this visitor without showing it; returns status and source."""
        answer = self.context.request.get(self.live.url + path)
        return answer.status, answer.text()

    def pick(self, label: str, words: str) -> None:
        """Choose the option of a list that holds these words; the demo puts a marker between first and last name."""
        field = self.page.get_by_label(label, exact=True)
        field.select_option(field.locator(f"option:has-text('{words}')").first.get_attribute("value"))

    def text(self) -> str:
        return str(self.page.inner_text("body"))


Visit = Callable[..., Visitor]
