"""What was measured and what was promised, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """One promise beside its measured value. A broken one fails the bench."""

    what: str
    value: float
    most: float
    unit: str = ""
    digits: int = 0

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def row(self) -> tuple[str, ...]:
        verdict = "yes" if self.holds else "**no**"
        return (
            self.what,
            f"**≤ {self.most:,g}{self.unit}**",
            f"{self.value:,.{self.digits}f}{self.unit}",
            verdict,
        )


@dataclass(frozen=True)
class Section:
    """Figures that belong together, how they were measured, and what they are held to."""

    title: str
    method: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    limits: Sequence[Limit]

    @property
    def holds(self) -> bool:
        return all(limit.holds for limit in self.limits)

    def text(self) -> str:
        limits = table(("limit", "at most", "measured", "holds"), [limit.row() for limit in self.limits])
        return f"## {self.title}\n\n{self.method.strip()}\n\n{table(self.columns, self.rows)}\n{limits}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def ms(value: float) -> str:
    return f"{value:,.2f}"


def times(value: float) -> str:
    return f"{value:.1f}×"
