"""The finder finds: one marker planted in every shape a text can take on its way out, and no marker where there is none."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zlib
from urllib.parse import quote

import pytest

from tests.screens.finding import Finder

MARKER, OTHER = "Bcdf2kmn7p", "Zxwv9ttq3r"
FINDER = Finder.of([MARKER, OTHER])


def encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


PLANTED = {
    "text": f"<p>De pijn {MARKER} zakt</p>",
    "cut off": f"<li>De pijn {MARKER[:6]}…</li>",
    "attribute": f'<input value="De {MARKER} pijn">',
    "title": f"<title>{MARKER}</title>",
    "comment": f"<!-- {MARKER} -->",
    "upper case": f"<b>{MARKER.upper()}</b>",
    "lower case": f"<b>{MARKER.lower()}</b>",
    "escaped by number": "".join(f"&#{ord(c)};" for c in MARKER),
    "escaped by hex": "".join(f"&#x{ord(c):x};" for c in MARKER),
    "escaped around": html.escape(f"<script>'{MARKER}'"),
    "address": f'<a href="/zoeken/?q={quote("ö " + MARKER)}">',
    "address, every letter": f'<a href="/?q={encoded(MARKER)}">',
    "json": json.dumps({"a": f"ö {MARKER}"}),
    "json, every letter": '{"a": "' + "".join(f"\\u{ord(c):04x}" for c in MARKER) + '"}',
    "header": f"Location: /x/?q={MARKER}",
    "base64": base64.b64encode(f"een tekst met {MARKER} erin".encode()).decode(),
    "base64, later": "data:" + base64.b64encode(f"xx{MARKER}".encode()).decode(),
    "base64 of addresses": base64.urlsafe_b64encode(f"ÿÿÿ {MARKER} ÿÿÿ".encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("shape", PLANTED)
def test_a_planted_marker_is_found(shape: str) -> None:
    assert FINDER.find(PLANTED[shape].encode()) == {MARKER}


def test_a_packed_page_is_unpacked() -> None:
    assert FINDER.find(gzip.compress(f"<p>{MARKER}</p>".encode())) == {MARKER}


def test_a_pdf_is_read_in_its_text_and_in_its_metadata() -> None:
    text = zlib.compress(f"BT ({MARKER}) Tj ET".encode())
    assert FINDER.find(b"%PDF-1.7\n1 0 obj\nstream\n" + text + b"\nendstream\n") == {MARKER}
    assert FINDER.find(f"%PDF-1.7\n<< /Title ({OTHER}) >>".encode()) == {OTHER}


def test_two_are_told_apart() -> None:
    assert FINDER.find(f"{MARKER} en {OTHER}".encode()) == {MARKER, OTHER}


@pytest.mark.parametrize(
    "clean", ["", "<p>De pijn zakt</p>", MARKER[:5], base64.b64encode(b"niets te vinden hier").decode()]
)
def test_what_holds_no_marker_gives_none(clean: str) -> None:
    assert FINDER.find(clean.encode()) == set()


def test_a_token_made_by_chance_is_no_marker() -> None:
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{MARKER}A1">'
    assert FINDER.find(token.encode()) == set()
