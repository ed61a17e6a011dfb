"""Looking is not doing: no address changes anything when it is only asked (GET and HEAD), whoever asks."""

from __future__ import annotations

import pytest

from tests.domain.test_statement_faults import counts, more
from tests.walls.addresses import desk_of
from tests.world import World

# Logging in and choosing are not asked by GET either, and stand in test_urls.py.
ROLES = (
    "bedrijfsarts",
    "gedelegeerde",
    "procesbewaker",
    "casemanager",
    "secretariaat",
    "praktijkbeheerder",
    "fg",
)


@pytest.mark.parametrize("role", ROLES)
def test_asking_every_address_leaves_every_table_as_it_was(world: World, role: str) -> None:
    desk = desk_of(world, role)
    desk.client.raise_request_exception = False
    before = counts()
    answers = [desk.ask(method, label) for label in desk.urls for method in ("GET", "HEAD")]
    assert more(before) == {}
    assert sum(answer.status_code == 200 for answer in answers) > 10
