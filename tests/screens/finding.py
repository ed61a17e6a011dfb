"""Find markers in what a server sent, in every shape a text can take on its way out."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# A marker holds no vowel, no 0, 1 or l; six characters already say which one it is.
KNOWN_BY, LENGTH = 6, 10
RUN = re.compile(rf"(?=([bcdfghjkmnpqrstvwxz2-9]{{{KNOWN_BY}}}))")
WHOLE = re.compile(rf"(?=([bcdfghjkmnpqrstvwxz2-9]{{{LENGTH}}}))")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# Made by chance, new on every page: they say nothing, and now and then they would look like a marker.
CHANCE = re.compile(rb'(?:name="csrfmiddlewaretoken" value="|nonce[-=]["\']?)[\w+/=-]+')


@dataclass(frozen=True)
class Finder:
    """Knows all markers by their beginning and as a whole."""

    by_start: dict[str, str]
    whole: dict[str, str]

    @classmethod
    def of(cls, markers: Iterable[str]) -> Finder:
        known = list(markers)
        return cls(
            {marker[:KNOWN_BY].lower(): marker for marker in known},
            {marker.lower(): marker for marker in known},
        )

    def find(self, sent: bytes) -> set[str]:
        """Return the markers in what was sent, however it was written down."""
        sent = CHANCE.sub(b"", sent)
        found = set()
        for text in readings(sent):
            found |= {self.by_start[run] for run in RUN.findall(text) if run in self.by_start}
        # Decoded chance is chance: there only a whole marker counts.
        for text in hidden(sent):
            found |= {self.whole[run] for run in WHOLE.findall(text) if run in self.whole}
        return found


def readings(sent: bytes) -> set[str]:
    """Read bytes as text, as HTML, as part of an address and as JSON; packed bytes are unpacked first."""
    found = set()
    for raw in [sent, *unpacked(sent)]:
        text = raw.decode("utf-8", "replace")
        unquoted = unquote_to_bytes(raw).decode("utf-8", "replace")
        found |= {text, html.unescape(text), unquoted, unjson(text)}
        found |= {wide for wide in (raw.decode("utf-16-be", "ignore"),) if raw.startswith(b"\xfe\xff")}
    return {text.lower() for text in found}


def unpacked(sent: bytes) -> Iterator[bytes]:
    if sent.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(sent)
    if sent.startswith(b"%PDF"):
        for stream in PDF_STREAM.findall(sent):
            with suppress(zlib.error):
                yield zlib.decompress(stream)


def unjson(text: str) -> str:
    r"""Read \u0042 as the letter it stands for."""
    return re.sub(r"\\u[0-9a-fA-F]{4}", lambda match: json.loads(f'"{match[0]}"', strict=False), text)


def hidden(sent: bytes) -> Iterator[str]:
    """Decode every run that could be base64, wherever in the run it may begin."""
    for run in BASE64.findall(sent):
        plain = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for start in range(min(4, len(plain))):
            part = plain[start:]
            with suppress(binascii.Error):
                whole = part[: len(part) - (len(part) % 4 == 1)]
                decoded = base64.b64decode(whole + b"=" * (-len(whole) % 4))
                yield decoded.decode("utf-8", "replace").lower()
