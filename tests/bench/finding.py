"""Finding a dossier by the beginning of a name: one that everybody in the practice shares, and one that few do."""

from __future__ import annotations

from functools import partial

from dossier.models import Dossier

from .practice import Practice, Subject
from .report import Limit, Section, ms
from .timing import Clock, medians

COMMON, RARE = "werknemer", "werknemer123"


def measure(practice: Practice, rounds: int) -> Section:
    subjects = [*practice.subjects.values(), practice.delegate]
    cases = {(key, s.label): partial(_find, s, key) for s in subjects for key in (COMMON, RARE)}
    found = medians(cases, rounds)
    return Section(
        "Finding by name",
        __doc__ or "",
        ("visible dossiers", "common name, ms", "rare name, ms"),
        [(s.label, ms(found[COMMON, s.label]), ms(found[RARE, s.label])) for s in subjects],
        [Limit("slowest", max(found.values()), 100, " ms", 1)],
    )


def _find(subject: Subject, key: str) -> float:
    with subject.acts(), Clock() as clock:
        shown = Dossier.objects.search(key=key, born=None)
    assert key == RARE or len(shown) == min(50, subject.visible)
    return clock.ms
