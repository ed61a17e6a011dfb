"""Every cell of the compiled grid is changed once or twice; the check of that cell must then fail.

A matrix that would pass with another grid checks nothing. The change is made where the decision is made, in the
function `access_grid()` of the database, by the owner, in a transaction that is rolled back.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from directory.access import context
from tests.expectations.matrix import NEVER_LOGS_IN, OBJECTS, SECTIONS, SIDES, expected, office
from tests.walls.seed import Seeds
from tests.world import Case

Cell = dict[str, str]
SWAPPED = {"all": "own", "own": "all", "shared": "all", "consent": "all"}


def mutations(cell: Cell, sound: set[str]) -> Iterator[tuple[str, str, Cell]]:
    """Change a cell: what was done, the verb that shows it, the changed cell. Only verbs in `sound` are touched."""
    if not cell:
        yield "empty becomes R", "read", {"read": "all", "find": "all"}
        return
    verb = sorted(sound)[0]
    yield f"{verb} dropped", verb, {name: value for name, value in cell.items() if name != verb}
    verb = sorted(sound)[-1]
    yield f"{verb} {cell[verb]} becomes {SWAPPED[cell[verb]]}", verb, cell | {verb: SWAPPED[cell[verb]]}


class Mutant:
    """The compiled grid under the owner's hands: one cell altered at a time, and everything else as it was."""

    def __init__(self, owner: psycopg.Cursor) -> None:
        self.owner = owner
        self.grid: dict[str, dict[str, Cell]] = self.one("SELECT access_grid()")
        self.killed = 0
        self.survived: list[str] = []

    def one(self, sql: str, *values: Any) -> Any:
        self.owner.execute(sql, values)
        found = self.owner.fetchone()
        return found[0] if found else None

    def become(self, grid: Any) -> None:
        self.owner.execute(
            "CREATE OR REPLACE FUNCTION access_grid() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$ "
            f"SELECT $grid${json.dumps(grid)}$grid$::jsonb $f$"
        )

    def judge(self, role: str, column: str, hand: Cell, ask: Any) -> None:
        """Change this cell in every way, and see that asking then contradicts what was written by hand."""
        cell = self.grid[role][column]
        sound = {verb for verb in cell if hand.get(verb) == cell[verb]}
        assert bool(cell) == bool(sound), f"{role} {column} agrees with the hand in no verb"
        for what, verb, changed in mutations(cell, sound):
            right = hand.get(verb, "nothing")
            assert ask(verb) == right, f"{role} {column} {verb} is wrong before it is changed"
            grid = copy.copy(self.grid)
            grid[role] = self.grid[role] | {column: changed}
            self.become(grid)
            if ask(verb) == right:
                self.survived.append(f"{role} {column}: {what}")
            else:
                self.killed += 1
            self.become(self.grid)

    def settle(self, what: str) -> None:
        total = self.killed + len(self.survived)
        print(f"\n{what}: {self.killed} of {total} mutations killed")
        assert total
        assert self.survived == []


@pytest.fixture
def mutant(owner: psycopg.Cursor) -> Mutant:
    return Mutant(owner)


def test_every_changed_cell_of_the_dossier_is_noticed(mutant: Mutant, seeds: Seeds) -> None:
    """Asked as opening and has_perm ask: the answer to somebody in good standing on his own dossier."""
    for role in SIDES:
        case = seeds.of(role).case
        for section in SECTIONS:
            mutant.judge(role, section, expected(role, section), answers(mutant, case, section))
    mutant.settle("dossier")


def answers(mutant: Mutant, case: Case, section: str) -> Any:
    engagement = case.actor.engagement

    def ask(verb: str) -> str:
        found = mutant.one(
            # A refusal must be the cell's own: another reason in its place is a difference, too.
            "SELECT CASE WHEN answer LIKE 'allow%%' THEN value WHEN code IN ('no_cell', 'no_medical') THEN 'nothing' ELSE code END "
            "FROM access_answer(%s, %s, %s, %s, %s, %s, statement_timestamp())",
            case.actor.user.pk,
            engagement.pk,
            engagement.side,
            case.dossier.pk,
            section,
            verb,
        )
        return str(found)

    return ask


def test_every_changed_cell_of_the_practice_is_noticed(mutant: Mutant, seeds: Seeds) -> None:
    """Asked under the capacity's own token; where another cell of the same person hides it, the cell itself."""
    hidden = 0
    for role in SIDES:
        actor = seeds.of(role).actor
        key = secrets.token_hex(16)
        capacity = context.begin(session_key=key, user_id=actor.user.pk, engagement_id=actor.engagement.pk)
        mutant.one("SELECT set_config('app.session', %s, true)", capacity.token)
        for object_ in OBJECTS:
            hand = expected(role, object_)
            if office(role, object_) == hand and role not in ("waarnemer", "bedrijfsarts_doelgebonden"):
                mutant.judge(role, object_, hand, offices(mutant, object_))
            else:
                hidden += 1
                mutant.judge(role, object_, hand, compiled(mutant, role, object_))
        context.end(session_key=key, engagement_id=actor.engagement.pk)
    print(f"\n{hidden} cells of the practice are seen in no capacity alone; their compiled cell was asked")
    mutant.settle("practice")


def offices(mutant: Mutant, object_: str) -> Any:
    return lambda verb: mutant.one("SELECT access_office(%s, %s)", object_, verb)


def compiled(mutant: Mutant, role: str, column: str) -> Any:
    return lambda verb: mutant.one("SELECT access_cell(%s, %s, %s)", role, column, verb)


def test_every_changed_cell_of_a_role_nobody_logs_in_as_is_noticed(mutant: Mutant) -> None:
    for role in NEVER_LOGS_IN:
        for column in (*SECTIONS, *OBJECTS):
            mutant.judge(role, column, expected(role, column), compiled(mutant, role, column))
    mutant.settle("never logged in as")


def test_the_grid_is_as_it_was(mutant: Mutant) -> None:
    """A mutant that is rolled back leaves nothing: the grid the database holds is one that names its own protocol."""
    before = mutant.one("SELECT md5(access_grid()::text)")
    mutant.become({})
    assert mutant.one("SELECT md5(access_grid()::text)") != before
    mutant.owner.connection.rollback()
    assert mutant.one("SELECT md5(access_grid()::text)") == before
