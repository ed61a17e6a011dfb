"""How time and work are measured: interleaved rounds, medians, and the blocks a statement touched."""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from django.db import connections

Sample = Callable[[], float]  # does one thing and returns the milliseconds that count

SEED = 20261122
WARMING = 7  # PostgreSQL settles on a plan after five executions


class Clock:
    """Times a block: `with Clock() as clock: ...`.

    `clock.ms` is processor time, of this process and of its backends: on a shared computer the wall mostly tells how
    busy the neighbours were. Where the system does not tell it (a server elsewhere) it is the wall, as `clock.wall` is.
    """

    ms: float
    wall: float

    def __init__(self, *others: psycopg.Connection[Any]) -> None:
        mine = [each.connection for each in connections.all(initialized_only=True) if each.connection]
        files = [f"/proc/{each.info.backend_pid}/schedstat" for each in (*mine, *others)]
        self._backends = files if all(map(os.path.exists, files)) else None

    def __enter__(self) -> Clock:
        self._theirs = self._spent()
        self._ours = time.process_time_ns()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *failure: object) -> None:
        self.wall = (time.perf_counter() - self._began) * 1000
        ours = time.process_time_ns() - self._ours
        spent = (ours + self._spent() - self._theirs) / 1_000_000
        self.ms = self.wall if self._backends is None else spent

    def _spent(self) -> int:
        """Nanoseconds of processor time of the backends so far."""
        total = 0
        for path in self._backends or ():
            with open(path) as file:
                total += int(file.read().split()[0])
        return total


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
