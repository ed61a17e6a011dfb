"""The styles: small enough, readable for everybody, and one with the templates that use them."""

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = {path.stem: path.read_text() for path in sorted((ROOT / "static/css").glob("*.css"))}
BUDGET = 26 * 1000  # bytes of CSS, as written

TEXT = 4.5  # WCAG 2.2 AA, 1.4.3
SHAPE = 3.0  # WCAG 2.2 AA, 1.4.11: borders of fields, focus, icons

SURFACES = ["vlak", "grond"]
SIDES = ["medisch", "proces", "werkgever"]
TONES = ["ok", "wacht", "fout", "info"]

PAIRS = [
    *product(["inkt", "inkt-2", "link", "merk", "fout"], [*SURFACES, "grond-2"], [TEXT]),
    *product(["inkt", "inkt-2", "link"], [f"{name}-licht" for name in SIDES + TONES], [TEXT]),
    *((name, f"{name}-licht", TEXT) for name in SIDES + TONES),
    *product(SIDES, SURFACES, [TEXT]),
    *product(["inkt", "merk"], ["merk-licht"], [TEXT]),
    *product(["op-merk", "op-merk-2"], ["merk", "merk-diep"], [TEXT]),
    ("merk-diep", "op-merk-2", TEXT),
    *product(["lijn-2", "focus-rand"], SURFACES, [SHAPE]),
    ("focus", "merk-diep", SHAPE),
    ("focus", "focus-rand", SHAPE),
]


def tokens(sheet: str) -> dict[str, str]:
    """The custom properties of the first :root block that are plain colours."""
    root = re.search(r":root \{(.*?)\}", sheet, re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", root))


COLOURS = tokens(SHEETS["basis"])


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


def templates() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL
        )
        for path in sorted((ROOT / "templates").rglob("*.html"))
    }


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_declared_pairs_have_enough_contrast(front, back, least):
    assert contrast(COLOURS[front], COLOURS[back]) >= least


def test_styles_stay_within_their_budget():
    assert sum(len(sheet.encode()) for sheet in SHEETS.values()) <= BUDGET


def test_colours_stand_in_the_tokens_only():
    for name in ("delen", "paginas"):
        assert re.findall(r"#[0-9a-f]{3,8}\b", without_comments(SHEETS[name])) == []


def test_every_property_used_is_declared():
    everything = without_comments("\n".join(SHEETS.values()))
    used = set(re.findall(r"var\(--([\w-]+)", everything))
    declared = set(re.findall(r"(?<![\w(-])--([\w-]+):", everything))
    assert used - declared == set()


def test_nothing_comes_from_elsewhere():
    for sheet in SHEETS.values():
        assert "@import" not in sheet
        for address in re.findall(r"url\((.*?)\)", sheet):
            assert (ROOT / "static/css" / address).resolve().is_file()


def test_templates_have_no_inline_style_script_or_foreign_address():
    for name, text in templates().items():
        text = re.sub(r"\{%.*?%\}", "", text)
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", text), name
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), name


def test_styles_and_templates_know_the_same_parts():
    """A class in the styles that no template uses is dead; a modifier with a variable counts as used."""
    text = "\n".join(templates().values())
    styled = set(re.findall(r"\.([a-z][a-z_-]+[a-z])", without_comments(SHEETS["delen"] + SHEETS["paginas"])))
    styled -= {"svg"}  # the end of a file name
    by_variable = tuple(re.findall(r"([\w-]+--)\{\{", text))
    dead = {name for name in styled if name not in text and not name.startswith(by_variable)}
    assert dead == set()
