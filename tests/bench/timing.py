"""How time and work are measured: interleaved rounds, medians, and the blocks a statement touched."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Sample = Callable[[], float]  # does one thing and returns the milliseconds that count

SEED = 20261122
WARMING = 7  # PostgreSQL settles on a plan after five executions


class Clock:
    """Times a block: `with Clock() as clock: ...`, then `clock.ms`."""

    ms: float

    def __enter__(self) -> Clock:
        self._start = time.perf_counter()
        return self

    def __exit__(self, *failure: object) -> None:
        self.ms = (time.perf_counter() - self._start) * 1000


def interleaved(cases: Mapping[Any, Sample], rounds: int) -> dict[Any, list[float]]:
    """Run all cases once per round, in another order each round: what disturbs one disturbs all."""
    order, shuffled = list(cases), random.Random(SEED)
    for case in cases.values():
        for _ in range(WARMING):
            case()
    found: dict[Any, list[float]] = {name: [] for name in cases}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            shuffled.shuffle(order)
            for name in order:
                found[name].append(cases[name]())
    finally:
        gc.enable()
    return found


def medians(cases: Mapping[Any, Sample], rounds: int) -> dict[Any, float]:
    return {name: statistics.median(times) for name, times in interleaved(cases, rounds).items()}


def percentile(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def spread(values: Mapping[Any, float]) -> float:
    """How many times the smallest the largest is."""
    return max(values.values()) / min(values.values())


def buffers(cursor: Any, statement: str, values: list[Any] | None = None) -> int:
    """Count the blocks of a statement, those of the functions inside it included."""
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}", values)
    plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])
