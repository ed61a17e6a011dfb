"""What the tests of the log share: somebody in a practice of his own, and the rows as everybody finds them.

The log is never emptied, so each test looks at the rows of its own requests and of its own dossiers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from directory.people.models import Employer, Practice
from dossier.models import Dossier
from tests.world import UNDER_PHYSICIAN, Actor, Case, World


def practice_of(world: World) -> Practice:
    return world.make(Practice, name=f"Praktijk {next(world.numbers)}")


def dossier_in(world: World, practice: Practice) -> Dossier:
    employer = world.make(Employer, practice=practice, name="Drukkerij Vos")
    return world.dossier(world.relation(employer=employer, practice=practice))


def alone(world: World, role: str) -> Case:
    """Put somebody of this role in good standing on a dossier, in a practice where nobody else works."""
    practice = practice_of(world)
    physician = world.engaged("bedrijfsarts", practice=practice)
    actor = physician if role == "bedrijfsarts" else world.engaged(role, practice=practice)
    return world.case(role, dossier=dossier_in(world, practice), actor=actor, physician=physician)


def stranger(world: World, role: str = "bedrijfsarts") -> Actor:
    return world.engaged(role, practice=practice_of(world))


def on_behalf_of(case: Case) -> int | None:
    """Say for whom somebody works: who works under a physician does so on her behalf."""
    return case.physician.user.pk if case.role in UNDER_PHYSICIAN else None


def rows(connection: psycopg.Connection[Any], **where: Any) -> list[dict[str, Any]]:
    """Read the committed rows with these values, oldest first, from above every wall."""
    condition = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in where)
    query = sql.SQL("SELECT * FROM access_log WHERE {} ORDER BY id").format(condition)
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, list(where.values())).fetchall()


def row(connection: psycopg.Connection[Any], **where: Any) -> dict[str, Any]:
    (found,) = rows(connection, **where)
    return found


def openings(case: Case, *asks: str) -> str:
    """Open the dossier once per ask, in one request; returns the nonce of the request."""
    with case.actor.acts() as now:
        for ask in asks:
            Dossier.objects.open(case.dossier.pk, ask)
    return now.nonce


def table_of(moment: datetime) -> str:
    """Name the table that keeps the rows of this month."""
    return f"access_log_{moment:%Y_%m}"
