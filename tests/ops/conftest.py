"""One server of the drill for all of these tests, and the drill itself, done once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.ops import drilling
from tests.ops.stand import Stand, archive_of, stand


@pytest.fixture(scope="session", autouse=True)
def _databases() -> None:
    """Make no test databases: the drill has its own server."""


@dataclass
class Drilled:
    """The server after the drill, and what the drill measured."""

    stand: Stand
    drill: drilling.Drill


@pytest.fixture(scope="session")
def server() -> Iterator[Stand]:
    """A server with a small practice."""
    with stand(archive=True) as made:
        made.build()
        yield made


@pytest.fixture(scope="session")
def drilled(server: Stand) -> Drilled:
    return Drilled(server, drilling.whole(server, archive_of(server.cluster)))


Fresh = Callable[[], Stand]


@pytest.fixture(scope="session")
def fresh(server: Stand) -> Fresh:
    """A copy of the practice as it began, in databases and folders of its own."""
    numbers = itertools.count(1)

    def make() -> Stand:
        n = next(numbers)
        for name in ("begin", "begin_keys"):
            server.copy_database(name, f"{name}_{n}")
        places = {
            f"TWEELUIK_BACKUP_{kind.upper()}": str(server.folder / f"{n}-{kind}")
            for kind in ("main", "keys", "endings")
        }
        return server.on(main=f"begin_{n}", store=f"begin_keys_{n}", more=places)

    return make
