"""Verify the log: hashes, trees, chain and signatures inside, and the whole against the roots that stand outside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import psycopg

from . import tree
from .sealing import statement_of
from .statement import BEFORE_THE_FIRST, Root, Statement, holds

FRESH = timedelta(days=1)  # an outside root that is older proves too little of the last day
CLOCK = timedelta(minutes=1)  # clocks are corrected; a row that is out by more was dated by somebody
CHECKPOINTS, ROWS = 500, 20_000  # at a time


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong, by a row or by a checkpoint."""

    code: str
    words: str
    checkpoint: int | None = None
    row: int | None = None
    at: datetime | None = None


@dataclass
class Verdict:
    """What a verification found."""

    rows: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    fault: Fault | None = None
    outside: Statement | None = None  # the newest root outside that stands here as well
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def fresh(self) -> bool:
        return self.outside is not None and self.asked_at - self.outside.at <= FRESH

    @property
    def proven(self) -> bool:
        return self.fault is None and self.fresh


class Wrong(Exception):
    """Carries the first fault up."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def verify(
    cursor: psycopg.Cursor[Any], trusted: Mapping[str, bytes], outside: Iterable[Root], now: datetime
) -> Verdict:
    """Verify everything, oldest first, and stop at the first fault. `trusted`: public keys by their id."""
    verdict = Verdict(asked_at=now)
    try:
        kept = _outside(outside, trusted)
        _inside(cursor, trusted, kept, verdict)
        if kept and max(kept) > verdict.checkpoints:
            number = min(number for number in kept if number > verdict.checkpoints)
            _stop("cut", f"Controlepunt {number} staat buiten en is hier verdwenen.", checkpoint=number)
        _unsealed(cursor, verdict)
    except Wrong as wrong:
        verdict.fault = wrong.fault
    return verdict


def _stop(code: str, words: str, **where: Any) -> NoReturn:
    raise Wrong(Fault(code, words, **where))


def _outside(outside: Iterable[Root], trusted: Mapping[str, bytes]) -> dict[int, Statement]:
    """Take the roots from outside by number; each must be ours, and two of one number the same."""
    kept: dict[int, Statement] = {}
    for root in outside:
        number = root.statement.number
        public = trusted.get(root.statement.key)
        if public is None or not holds(root.statement, root.signature, public):
            _stop(
                "outside_signature",
                f"Buiten staat een controlepunt {number} dat niet met deze sleutel is ondertekend.",
                checkpoint=number,
            )
        if kept.setdefault(number, root.statement) != root.statement:
            _stop("fork", f"Buiten staan twee verschillende controlepunten {number}.", checkpoint=number)
    return kept


def _inside(
    cursor: psycopg.Cursor[Any],
    trusted: Mapping[str, bytes],
    kept: Mapping[int, Statement],
    verdict: Verdict,
) -> None:
    former = BEFORE_THE_FIRST
    sealings = Sealings()
    for statement, signature, rows in _sealed(cursor):
        number = statement.number
        if number != verdict.checkpoints + 1:
            gone = verdict.checkpoints + 1
            _stop("gap", f"Controlepunt {gone} is verdwenen.", checkpoint=gone)
        public = trusted.get(statement.key)
        if public is None:
            _stop("key", f"Controlepunt {number} is met een andere sleutel ondertekend.", checkpoint=number)
        if not holds(statement, signature, public):
            _stop("signature", f"De handtekening onder controlepunt {number} klopt niet.", checkpoint=number)
        if statement.previous != former:
            _stop("chain", f"Controlepunt {number} sluit niet aan op het vorige.", checkpoint=number)
        if kept.get(number, statement) != statement:
            _stop("outside", f"Controlepunt {number} staat buiten anders dan hier.", checkpoint=number)
        leaves = [_row(row, statement, sealings) for row in rows]
        places = [row[1] for row in rows]
        if places != list(range(statement.rows)) or tree.root(leaves) != statement.root:
            _stop(
                "tree", f"De wortel van controlepunt {number} klopt niet met zijn regels.", checkpoint=number
            )
        former = statement.digest()
        sealings.add(statement)
        verdict.checkpoints, verdict.rows = number, verdict.rows + len(leaves)
        if number in kept:
            verdict.outside = statement


Row = tuple[int, int, int, datetime, bytes, int | None, bool, bool]


def _row(row: Row, statement: Statement, sealings: Sealings) -> bytes:
    """Judge one sealed row, and give the hash it was sealed with."""
    _, _, number, at, leaf, xid, there, same = row
    where = {"checkpoint": statement.number, "row": number, "at": at}
    name = f"Regel {number} van {at.astimezone(UTC).isoformat()}"
    if not there or xid is None:
        _stop("gone", f"{name} is verdwenen: zij staat in controlepunt {statement.number}.", **where)
    if not same:
        _stop("edited", f"{name} is gewijzigd: de hash klopt niet.", **where)
    if not sealings.began_before(xid, at) or at > statement.at + CLOCK:
        _stop("dated", f"{name} draagt een tijd die niet kan: toen liep haar transactie niet.", **where)
    return bytes(leaf)


class Sealings:
    """When which transaction sealed. A row of a later transaction cannot be older than that sealing."""

    def __init__(self) -> None:
        self.xids: list[int] = []
        self.moments: list[datetime] = []

    def add(self, statement: Statement) -> None:
        if self.xids and statement.xid < self.xids[-1]:  # restored into another server: numbers began anew
            self.xids, self.moments = [], []
        self.xids.append(statement.xid)
        self.moments.append(statement.at)

    def began_before(self, xid: int, at: datetime) -> bool:
        earlier = bisect_left(self.xids, xid)
        return earlier == 0 or at >= self.moments[earlier - 1] - CLOCK


def _sealed(cursor: psycopg.Cursor[Any]) -> Iterator[tuple[Statement, bytes, list[Row]]]:
    """Read checkpoint after checkpoint with its rows, many at a time."""
    after = 0
    while True:
        cursor.execute("SELECT * FROM access_checkpoints(%s, %s)", [after, CHECKPOINTS])
        page = [statement_of(row) for row in cursor.fetchall()]
        if not page:
            return
        while page:
            part: list[tuple[Statement, bytes]] = []
            size = 0
            while page and (not part or size + page[0][0].rows <= ROWS):
                part.append(page.pop(0))
                size += part[-1][0].rows
            first, last = part[0][0].number, part[-1][0].number
            cursor.execute(
                "SELECT * FROM access_sealed_rows(%s, %s, %s, %s, %s, %s)",
                [first, last, *_bounds([statement for statement, _ in part])],
            )
            rows: dict[int, list[Row]] = {}
            for row in cursor.fetchall():
                rows.setdefault(row[0], []).append(row)
            for statement, signature in part:
                yield statement, signature, rows.pop(statement.number, [])
            after = last


def _bounds(part: list[Statement]) -> list[Any]:
    """Give the lowest and highest number and moment of the rows of these checkpoints; nothing when they have none."""
    ids = [number for one in part for number in (one.first_id, one.last_id) if number is not None]
    moments = [moment for one in part for moment in (one.first_at, one.last_at) if moment is not None]
    return [
        *(min(ids, default=None), max(ids, default=None)),
        *(min(moments, default=None), max(moments, default=None)),
    ]


def _unsealed(cursor: psycopg.Cursor[Any], verdict: Verdict) -> None:
    cursor.execute("SELECT * FROM access_unsealed()")
    count, wrong, wrong_at, late, late_at = cursor.fetchone() or (0, None, None, None, None)
    verdict.unsealed = count
    if wrong is not None and wrong_at is not None:
        words = f"Regel {wrong} van {wrong_at.astimezone(UTC).isoformat()} is gewijzigd: de hash klopt niet."
        _stop("edited", words, row=wrong, at=wrong_at)
    if late is not None and late_at is not None:
        moment = late_at.astimezone(UTC).isoformat()
        words = f"Regel {late} van {moment} is later toegevoegd: haar transactie was al verzegeld."
        _stop("added", words, row=late, at=late_at)
