"""Explain one answer: mag, mag met voorwaarde, nog niet, mag niet; with rule, ground, guard and source.

Asks the compiled functions over the second login, for anybody and any moment, without opening or returning data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from directory.access.context import begin_cursor
from directory.access.grid import the_grid
from directory.access.words import words_of

ANSWERS = {
    "allow": "mag",
    "allow_with_condition": "mag, met voorwaarde",
    "not_yet": "nog niet",
    "deny": "mag niet",
}


class Unknown(LookupError):
    """The person, capacity, section or verb that was asked about does not exist."""


@dataclass(frozen=True)
class Explanation:
    """One of the four answers, with why."""

    answer: str  # allow | allow_with_condition | not_yet | deny
    code: str
    section: str
    verb: str
    role: str
    cell: str
    value: str
    ground: str
    ground_kind: str
    condition: str
    missing: str
    mender: str
    source: str

    @property
    def dutch(self) -> str:
        return ANSWERS[self.answer]

    def as_dict(self) -> dict[str, Any]:
        return {"antwoord": self.dutch, **asdict(self)}


def capacity(username: str, wanted: str) -> tuple[int, UUID, str]:
    """Find an engagement of a user by its id or role, ended ones included. Raises Unknown."""
    with begin_cursor() as cursor:
        cursor.execute("SELECT user_id, engagement, role FROM access_engagements(%s)", [username])
        rows = cursor.fetchall()
    found = [row for row in rows if wanted in (str(row[1]), row[2])]
    if not found:
        raise Unknown(f"{username} heeft geen hoedanigheid {wanted!r}")
    return found[0][0], found[0][1], found[0][2]


def explain(
    *,
    user_id: int,
    engagement: UUID,
    section: str,
    verb: str,
    at: datetime,
    dossier: UUID | None = None,
    record: UUID | None = None,
    task: str | None = None,
) -> Explanation:
    """Ask one question of the database and put words to the answer. Raises Unknown for a cell that does not exist."""
    grid = the_grid()
    if section not in grid.sections or verb not in {str(v) for v in _verbs()}:
        raise Unknown(f"onbekend onderdeel of werkwoord: {section} {verb}")
    with begin_cursor() as cursor:
        if grid.sections[section].side == "practice":
            cursor.execute(
                "SELECT answer, code, role, value, NULL, NULL FROM access_explain_office(%s, %s, %s, %s, %s)",
                [user_id, engagement, section, verb, at],
            )
        else:
            cursor.execute(
                "SELECT answer, code, role, value, ground, kind FROM access_explain(%s, %s, %s, %s, %s, %s, %s, %s)",
                [user_id, engagement, dossier, section, verb, at, task, record],
            )
        answer, code, role, value, ground, kind = cursor.fetchone()
    if answer.startswith("allow") and section == "taakcontract" and task and not delegable(task):
        answer, code = "deny", "code_1"  # not even in a draft: the database has no room for it either
    return _worded(answer, code, role, value, ground, kind, section, verb)


def delegable(task: str) -> bool:
    with begin_cursor() as cursor:
        cursor.execute("SELECT access_delegable(%s)", [task])
        return bool(cursor.fetchone()[0])


def _verbs() -> Any:
    from directory.access.grid import Verb

    return Verb


def _worded(
    answer: str,
    code: str | None,
    role: str | None,
    value: str | None,
    ground: UUID | None,
    kind: str | None,
    section: str,
    verb: str,
) -> Explanation:
    grid = the_grid()
    words = words_of(code, answer) if code else None
    row = grid.roles.get(role or "")
    return Explanation(
        answer=answer,
        code=code or "",
        section=section,
        verb=verb,
        role=role or "",
        cell=str(grid.cells[role, section]) if row and role else "",
        value=value or "",
        ground=str(ground or ""),
        ground_kind=kind or "",
        condition=row.condition if row and answer == "allow_with_condition" else "",
        missing=words.what if words else "",
        mender=words.how if words else "",
        source=(words.source if words else "") or (row.source if row else ""),
    )
