"""A physician starts a contract with a new delegate: the ground, its scope, and a grant with its history per dossier.

Everything in one transaction, commit included; a new delegate per round. What was made is taken away afterwards.
"""

from __future__ import annotations

import statistics
from typing import Any

from django.utils import timezone

from directory.access import ground as grounds
from directory.people.models import Employer
from dossier.grid import PURPOSES

from . import databases
from .practice import STAFF, Practice
from .report import Limit, Section
from .timing import Clock


def measure(practice: Practice, rounds: int) -> Section:
    physician = practice.subjects[practice.delegate.visible]
    with physician.acts():
        named = [f"Werkgever {n}" for n in range(physician.visible // STAFF)]
        employers = list(Employer.objects.filter(name__in=named))
    scopes: dict[str, dict[str, Any]] = {
        "whole caseload": {"caseload": True},
        f"{len(employers)} employers": {"employers": employers},
    }
    rows, limits = [], []
    for label, scope in scopes.items():
        found = [_start(practice, scope) for _ in range(rounds)]
        middle = statistics.median(found)
        rows.append((label, str(rounds), f"{min(found):,.0f}", f"{middle:,.0f}", f"{max(found):,.0f}"))
        limits.append(Limit(f"{physician.visible:,} dossiers, {label}: median", middle, 1000, " ms"))
    columns = ("scope", "rounds", "fastest, ms", "median, ms", "slowest, ms")
    return Section("Starting a contract", __doc__ or "", columns, rows, limits)


def _start(practice: Practice, scope: dict[str, Any]) -> float:
    physician = practice.subjects[practice.delegate.visible]
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
            **scope,
        )
    with databases.without_triggers() as server:
        for table in ("dossier_dossiergrant", "dossier_historicaldossiergrant"):
            removed = server.execute(f"DELETE FROM {table} WHERE ground_id = %s", [ground.pk]).rowcount
            assert removed == physician.visible, f"{table}: {removed}"
    return clock.ms
