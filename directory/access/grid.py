"""The grid's own language: roles, sections, verbs, values, guards, and a table that is silent about nothing.

What stands in the grid is decided in `dossier/grid.py`; this module only says what a grid *is*. It is compiled to SQL
once (`compile.py`); no Python twin of the decision exists, so nothing here answers "may she?".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verb(StrEnum):
    """What can be done. The closed list: a word outside it cannot be written in a cell."""

    FIND = "find"
    READ = "read"
    WRITE = "write"
    AMEND = "amend"
    REMARK = "remark"
    SHARE = "share"
    RELEASE = "release"
    DISPATCH = "dispatch"
    COPY = "copy"
    TEAM = "team"
    TRANSFER = "transfer"
    SIGN = "sign"
    COSIGN = "cosign"
    SUSPEND = "suspend"
    REVOKE = "revoke"
    END = "end"
    PREPARE = "prepare"
    CONFIRM = "confirm"
    DECIDE = "decide"
    DESTROY = "destroy"
    STATUS = "status"
    INDEX = "index"
    ROSTER = "roster"
    REOPEN = "reopen"


LETTERS = {
    "Z": Verb.FIND,
    "R": Verb.READ,
    "S": Verb.WRITE,
    "A": Verb.AMEND,
    "K": Verb.REMARK,
    "D": Verb.SHARE,
    "V": Verb.RELEASE,
    "X": Verb.DISPATCH,
    "C": Verb.COPY,
    "T": Verb.TEAM,
    "O": Verb.TRANSFER,
}

# Verbs that leave a record behind: they ask the guards of the moment the fact happened, too.
WRITING = (Verb.WRITE, Verb.AMEND, Verb.REMARK, Verb.SHARE, Verb.RELEASE)


class Value(StrEnum):
    """How far a verb reaches. NOTHING is written down, never left out."""

    NOTHING = "nothing"
    ALL = "all"
    OWN = "own"
    SHARED = "shared"
    CONSENT = "consent"


SIGNS = {"": Value.ALL, "°": Value.OWN, "+": Value.SHARED, "!": Value.CONSENT}

SIDES = ("medical", "process", "signal", "desk", "employer", "admin")

# A medical capacity also writes the process side under the same bedrijfsarts (A-I and A-II are one pair of hands);
# nobody else wears a role of another side.
WEARS = {side: (side,) for side in SIDES} | {"medical": ("medical", "process", "signal")}


@dataclass(frozen=True)
class Guard:
    """A live condition: its SQL, what is missing when it fails, who can mend that, and where it is written.

    `sql` sees: `g` (grant), `gr` (ground), `c` (who asks: user_id, engagement_id, role, side) and `at`
    (the moment asked about). `scope` names the verbs and sections it holds back (see Grid.scopes). A guard that
    looks at the ground only, not at the dossier, says so with `per_ground`: lists ask it once instead of per row.
    """

    code: str
    sql: str
    missing: str
    mender: str
    source: str
    scope: str = "every"
    per_ground: bool = False


@dataclass(frozen=True)
class Role:
    """What a grant makes of somebody on one dossier. Never a job title."""

    code: str
    label: str
    side: str | None  # None: nobody logs in as this; the row is written down all the same
    source: str
    guards: tuple[Guard, ...] = ()
    condition: str = ""  # what is stored with the act: "mag, met voorwaarde"


@dataclass(frozen=True)
class Section:
    """A part of the dossier with its own purpose, or an object of the practice."""

    code: str
    label: str
    side: str  # medical | signal | process | practice
    purpose: bool = False  # a grant reaches it only when the grant names this purpose
    voluntary: bool = False  # its existence is a medical fact; nothing leaves it without consent


@dataclass(frozen=True)
class Limit:
    """A bracket word of the grid: what it means and where it is held."""

    code: str
    meaning: str
    held_by: str


@dataclass(frozen=True)
class Cell:
    """Each verb of one role in one section, with its value and the limits written behind it."""

    values: Mapping[Verb, Value]
    limits: Mapping[Verb, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.values:
            return "—"
        letter = {verb: sign for sign, verb in LETTERS.items()}
        sign = {value: mark for mark, value in SIGNS.items()}
        words = []
        for verb, value in self.values.items():
            limits = "".join(f":{limit}" for limit in self.limits.get(verb, ()))
            words.append(f"{letter.get(verb, str(verb))}{sign[value]}{limits}")
        return " ".join(words)


WORD = re.compile(r"^(?P<verb>[A-Za-z_]+?)(?P<sign>[°+!]?)(?P<limits>(:\w+)*)$")


def cell(text: str, limits: Mapping[str, Limit]) -> Cell:
    """Read one cell, such as `R S:P2 A° sign`; a dash is NOTHING.

    Raises ValueError for a word, sign or limit outside the closed lists.
    """
    if text.strip() == "—":
        return Cell({})
    values: dict[Verb, Value] = {}
    held: dict[Verb, tuple[str, ...]] = {}
    for word in text.split():
        match = WORD.match(word)
        if match is None:
            raise ValueError(f"not a word of the grid: {word!r}")
        verb = LETTERS.get(match["verb"]) or Verb(match["verb"])
        if verb in values:
            raise ValueError(f"twice {verb} in {text!r}")
        values[verb] = SIGNS[match["sign"]]
        names = tuple(name for name in match["limits"].split(":") if name)
        if unknown := [name for name in names if name not in limits]:
            raise ValueError(f"unknown limit {unknown} in {text!r}")
        if names:
            held[verb] = names
    if not values:
        raise ValueError("an empty cell does not exist: write —")
    if Verb.READ in values and Verb.FIND not in values:
        values = {Verb.FIND: values[Verb.READ], **values}  # reading includes finding
    return Cell(values, held)


class Grid:
    """Role × section → cell. Total: a role that is silent about a section is refused."""

    def __init__(
        self,
        *,
        roles: Iterable[Role],
        sections: Iterable[Section],
        limits: Iterable[Limit],
        rows: Mapping[str, Mapping[str, str]],
        scopes: Mapping[str, tuple[tuple[Verb, ...], tuple[str, ...]]],
        everyone: Iterable[Guard] = (),
        tasked: Iterable[str] = (),
        task_state: str = "SELECT NULL::text, NULL::text WHERE false",
        laying: Mapping[str, str] | None = None,
        rulings: Mapping[str, tuple[str, str, str]] | None = None,
    ) -> None:
        self.roles = {role.code: role for role in roles}
        self.sections = {section.code: section for section in sections}
        self.limits = {limit.code: limit for limit in limits}
        self.scopes = dict(scopes)
        self.everyone = tuple(everyone)
        self.tasked = tuple(tasked)  # roles that do only the tasks a contract names
        self.task_state = task_state  # per task of the contract: NULL, or the code of what is missing
        self.laying = dict(laying or {})  # kind of ground → who may lay it
        self.rulings = dict(rulings or {})  # words of the answers that are no guard: code → what, how, source
        if set(rows) != set(self.roles):
            raise ValueError(f"rows and roles differ: {sorted(set(rows) ^ set(self.roles))}")
        self.cells: dict[tuple[str, str], Cell] = {}
        for role, row in rows.items():
            if set(row) != set(self.sections):
                raise ValueError(f"{role}: the grid is silent about {sorted(set(self.sections) ^ set(row))}")
            for section, text in row.items():
                self.cells[role, section] = cell(text, self.limits)

    def __iter__(self) -> Iterator[tuple[Role, Section, Cell]]:
        for (role, section), content in self.cells.items():
            yield self.roles[role], self.sections[section], content

    def guards(self, role: Role) -> tuple[Guard, ...]:
        return self.everyone + role.guards

    def guard(self, code: str) -> Guard | None:
        """Find a guard by its code, over all roles."""
        for role in self.roles.values():
            for guard in self.guards(role):
                if guard.code == code:
                    return guard
        return None

    def privileges(self, sections: Iterable[str]) -> dict[str, set[str]]:
        """Derive which hat may SELECT, INSERT and UPDATE a table that holds these sections.

        A hat without any such cell gets nothing at all: a forgotten filter is then "permission denied".
        """
        held: dict[str, set[str]] = {}
        making = {*WRITING, Verb.TEAM, Verb.PREPARE, Verb.SIGN, Verb.CONFIRM, Verb.DECIDE}
        changing = making | {Verb.SUSPEND, Verb.REVOKE, Verb.END, Verb.COSIGN, Verb.DISPATCH, Verb.DESTROY}
        wanted = set(sections)
        for role, section, content in self:
            if section.code not in wanted or role.side is None:
                continue
            rights = set()
            if content.values.keys() & {Verb.FIND, Verb.READ}:
                rights.add("SELECT")
            if content.values.keys() & making:
                rights |= {"SELECT", "INSERT"}
            if content.values.keys() & changing:
                rights |= {"SELECT", "UPDATE"}
            for side, worn in WEARS.items():
                if rights and role.side in worn:
                    held.setdefault(f"hat_{side}", set()).update(rights)
        return held


_grid: Grid | None = None


def register(grid: Grid) -> Grid:
    """Make this the grid of the product. Called once, where the grid is declared."""
    global _grid
    _grid = grid
    return grid


def the_grid() -> Grid:
    if _grid is None:
        raise RuntimeError("the grid is not declared yet: dossier.grid must be imported first")
    return _grid
