"""Ways in which the newest root leaves this system. Which ones are used is the setting LOG_ANCHORS."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from .sealing import second_login
from .statement import Root

SUBJECT = "Tweeluik: controlegetal"  # always the same: a subject is read by whoever passes the mail on
BODY = (
    "Bewaar dit bericht. Met de regel hieronder is later te zien of er iets uit het toegangslog is\n"
    "verdwenen of daarin is veranderd. Er staat geen gegeven van een persoon in.\n\n{line}\n"
)


class Anchor(Protocol):
    """A way outside. `every` is the least time between two roots sent by the loop."""

    way: str
    every: timedelta

    def send(self, root: Root) -> None: ...


class File:
    """Add a line to a file that stands elsewhere: another computer, or a store that only adds."""

    def __init__(self, location: str, every: float = 0) -> None:
        self.way = "file"
        self.every = timedelta(seconds=every)
        self.location = Path(location)

    def send(self, root: Root) -> None:
        """Append and wait for the disk. Raises OSError; never makes the folder, which a lost mount would hide."""
        handle = os.open(self.location, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            line = f"{root.line()}\n".encode()
            if os.write(handle, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(handle)
        finally:
            os.close(handle)


class Mail:
    """Mail the line to people outside, once a day unless said otherwise."""

    def __init__(self, to: list[str], every: float = 24 * 60 * 60) -> None:
        self.way = "mail"
        self.every = timedelta(seconds=every)
        self.to = list(to)

    def send(self, root: Root) -> None:
        EmailMessage(SUBJECT, BODY.format(line=root.line()), to=self.to).send()


def anchors() -> list[Anchor]:
    """Make the ways of the setting: dotted path and options, as Django writes its own back ends."""
    return [import_string(one["BACKEND"])(**_options(one)) for one in settings.LOG_ANCHORS]


def _options(one: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in one.items() if name != "BACKEND"}


def outside_file() -> Path | None:
    """Name the file of roots that this system itself writes, where a verification looks when it is given none."""
    return next((anchor.location for anchor in anchors() if isinstance(anchor, File)), None)


def due(anchor: Anchor, root: Root, now: datetime) -> bool:
    """Say whether the loop may send this root by this way: one that was not sent yet, and not too soon."""
    with second_login() as cursor:
        cursor.execute("SELECT number, at FROM access_last_anchoring(%s)", [anchor.way])
        row = cursor.fetchone()
    return row is None or (row[0] < root.statement.number and row[1] + anchor.every <= now)


def send(anchor: Anchor, root: Root) -> None:
    """Send, and then note that it was sent."""
    anchor.send(root)
    with second_login() as cursor:
        cursor.execute("SELECT access_anchored(%s, %s)", [root.statement.number, anchor.way])
