"""The live server, and somebody in front of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any


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

    @cached_property
    def logins(self) -> dict[str, dict[str, Any]]:
        return {row["username"]: row for row in json.loads(self.manage("demo", "--logins"))}

    @cached_property
    def markers(self) -> list[dict[str, Any]]:
        found = json.loads(self.markers_file.read_text())
        return (
            found if isinstance(found, list) else [{"marker": key, **value} for key, value in found.items()]
        )


@dataclass
class Visitor:
    """Somebody with a browser of his own, and what the browser complained of."""

    live: Live
    context: Any
    page: Any
    complaints: list[str] = field(default_factory=list)
    clicks: int = 0

    @classmethod
    def enter(cls, live: Live, browser: Any, username: str, role: str | None = None) -> Visitor:
        """Log in with password and second factor, and choose a capacity."""
        context = browser.new_context(locale="nl-NL", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        visitor = cls(live, context, page)
        page.on("console", lambda message: visitor._console(message))
        who = live.logins[username]
        page.goto(f"{live.url}/inloggen/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", who["password"])
        page.click("main form .knop--hoofd")
        page.wait_for_selector("input[name=code]")
        page.fill("input[name=code]", totp(who["totp_secret"]))
        page.click("main form .knop--hoofd")
        page.wait_for_load_state()
        if role is not None and page.locator(".keuzekaart").count():
            page.locator(".keuzekaart", has_text=role).first.click()
            page.wait_for_load_state()
        return visitor

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def goto(self, path: str) -> Any:
        return self.page.goto(self.live.url + path)

    def click(self, selector: str) -> None:
        """Click, and count it: what a physician does thirty times a day is measured."""
        self.clicks += 1
        self.page.click(selector)
        self.page.wait_for_load_state()

    def text(self) -> str:
        return str(self.page.inner_text("body"))
