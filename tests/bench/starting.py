"""What adds grants: a contract with a new delegate over many dossiers, and a new dossier under all that cover it.

A contract is its ground, its scope, and a grant with its history per dossier; a founding is the shell and a grant for
everybody whose ground reaches it. One transaction each, commit included. What was made is taken away afterwards.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from django.utils import timezone

from directory.access import ground as grounds
from directory.people.models import Employer
from dossier.grid import PURPOSES
from dossier.models.shell import found
from tests.world import OWNER

from . import databases
from .practice import STAFF, Practice, Subject
from .report import Limit, Section, ms
from .timing import Clock


def measure(practice: Practice, rounds: int) -> Section:
    physician = practice.subjects[practice.delegate.visible]
    with physician.acts():
        named = [f"Werkgever {n}" for n in range(physician.visible // STAFF)]
        employers = list(Employer.objects.filter(name__in=named))
    promises: dict[str, tuple[Callable[[], tuple[Clock, int]], int]] = {
        "contract over the whole caseload": (lambda: _start(practice, physician, caseload=True), 1000),
        f"contract over {len(employers)} employers": (
            lambda: _start(practice, physician, employers=employers),
            1000,
        ),
        "new dossier": (lambda: _found(practice, physician, named[0]), 100),
    }
    rows, limits = [], []
    for what, (act, most) in promises.items():
        done = [act() for _ in range(rounds)]
        spent, walls = [clock.ms for clock, _ in done], [clock.wall for clock, _ in done]
        rows.append(
            (
                what,
                f"{done[0][1]:,}",
                ms(statistics.median(spent)),
                ms(statistics.median(walls)),
                ms(max(walls)),
            )
        )
        limits.append(Limit(f"{what}: median", statistics.median(spent), most, " ms"))
    columns = ("act", "grants", "processor, ms", "wall, ms", "slowest wall, ms")
    return Section("Starting", __doc__ or "", columns, rows, limits)


def _start(practice: Practice, physician: Subject, **scope: object) -> tuple[Clock, int]:
    delegate = practice.world.engaged("gedelegeerde")
    with Clock() as clock, physician.acts():
        ground = grounds.lay(
            kind="contract",
            role="gedelegeerde",
            holder=delegate.engagement,
            responsible=physician.actor.engagement,
            by=physician.actor.user,
            signed_at=(now := timezone.now()),
            starts_at=now,
            purposes=PURPOSES,
            **scope,  # type: ignore[arg-type]
        )
    made = _remove("ground_id", ground.pk)
    assert made == physician.visible
    return clock, made


def _found(practice: Practice, physician: Subject, name: str) -> tuple[Clock, int]:
    relation = practice.world.relation(employer=Employer.objects.using(OWNER).get(name=name))
    with Clock() as clock, physician.acts():
        dossier = found(relation=relation)
    made = _remove("content_object_id", dossier)
    with databases.without_triggers() as server:
        server.execute("DELETE FROM dossier_dossier WHERE id = %s", [dossier])
    assert made > 3
    return clock, made


def _remove(column: str, value: object) -> int:
    """Take grants and their history away again, and count them: there is one version for each."""
    with databases.without_triggers() as server:
        made, versions = (
            server.execute(f"DELETE FROM {table} WHERE {column} = %s", [value]).rowcount
            for table in ("dossier_dossiergrant", "dossier_historicaldossiergrant")
        )
    assert made == versions
    return made
