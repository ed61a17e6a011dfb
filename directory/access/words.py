"""The words of a refusal: what is missing, what you can do, and where it is written. Never a code, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from .grid import the_grid


@dataclass(frozen=True)
class Words:
    """One refusal as a screen shows it."""

    what: str
    how: str
    source: str
    answer: str  # deny | not_yet


def words_of(code: str, answer: str = "deny") -> Words:
    """Look up the words of a code: a guard speaks for itself, the rest stands in the grid's list of rulings."""
    if guard := the_grid().guard(code):
        return Words(guard.missing, guard.mender, guard.source, "not_yet")
    what, how, source = the_grid().rulings.get(code, the_grid().rulings["no_cell"])
    return Words(what, how, source, answer)
