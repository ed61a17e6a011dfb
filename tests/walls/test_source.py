"""What no code of ours may do, held by reading the code: each of these once leaked somewhere (docs/ASVS.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("config", "consent", "delegation", "directory", "dossier")
# What is forbidden, and the one place that may.
NAMES = {
    "model_to_dict": set[str](),  # a field that is added later would go out with it
    "mark_safe": {"directory/accounts/views/second_factor.py"},  # a picture drawn by us: paths, no text
    "csrf_exempt": set[str](),
    "StreamingHttpResponse": set[str](),  # it would run after the commit, without its log row
    "FileResponse": set[str](),
}
MODULES = {
    "django.core.cache": set[str](),  # what is medical is in no cache; throttles are allauth's
    "django.core.serializers": set[str](),
    "pickle": set[str](),
    "marshal": set[str](),
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def used(tree: ast.Module) -> set[str]:
    """Every name that is imported or used, and every module imported from."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


@pytest.mark.parametrize("what", [*NAMES, *MODULES])
def test_no_code_of_ours_uses(what: str) -> None:
    allowed = {**NAMES, **MODULES}[what]
    assert {path for path, tree in sources() if what in used(tree)} == allowed


def test_the_reading_finds_what_is_used() -> None:
    seen = ast.parse("from django.core.cache import cache\nimport pickle\nx.mark_safe(1)")
    assert {"django.core.cache", "pickle", "mark_safe"} <= used(seen)
    assert len(list(sources())) > 100


def test_no_form_takes_every_field_there_is() -> None:
    """A field that is added later would be open to whoever sends it."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                assert node.value.value != "__all__", path


def test_no_template_shows_a_text_as_markup() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b|\bautoescape\s+off|\|\s*safeseq\b", text), path


def test_everything_that_is_installed_stands_in_the_lock() -> None:
    locked = {
        name.lower()
        for name in re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", (ROOT / "requirements.txt").read_text(), re.M
        )
    }
    ours = {re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower() for found in distributions()}
    assert ours - {re.sub(r"[-_.]+", "-", name) for name in locked} <= {"pip", "setuptools", "wheel"}


def test_every_line_of_the_lock_has_its_hashes() -> None:
    lines = (ROOT / "requirements.txt").read_text().split("\n")
    pinned = [n for n, line in enumerate(lines) if re.match(r"^[A-Za-z0-9._-]+(\[.*\])?==", line)]
    assert len(pinned) > 30
    assert [lines[n] for n in pinned if "--hash=sha256:" not in lines[n + 1]] == []


def test_every_test_that_the_asvs_page_names_exists_and_every_row_says_yes_or_no() -> None:
    page = (ROOT / "docs" / "ASVS.md").read_text()
    there = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 60
    assert named - there == set()
    rows = [line for line in page.splitlines() if re.match(r"\| V\d", line)]
    assert len(rows) > 80
    assert [row for row in rows if not re.search(r"\| \*\*(yes|no)\*\* \| .+ \|$", row)] == []
