"""Which state a contract is in, read from its signature, its ground and that ground's suspensions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from delegation.checks import during
from delegation.contracts.models import Contract
from delegation.dates import first_day, last_day, show_day
from directory.access.models import Suspension


@dataclass(frozen=True)
class State:
    """A word for people and a tone for its tag (ok, wacht, fout, neutraal)."""

    code: str
    label: str
    tone: str

    @property
    def is_open(self) -> bool:
        """Say whether the bedrijfsarts can still suspend or end it."""
        return self.code in {"valid", "suspended", "awaits_acceptance", "not_begun"}


def state(contract: Contract, *, suspended: Collection[UUID], complete: bool, at: datetime) -> State:
    """Say the state. `suspended`: the grounds that stand still now; `complete`: a draft can be signed."""
    ground = contract.ground
    if contract.signed_at is None:
        return (
            State("awaits_signature", "Wacht op ondertekening", "wacht")
            if complete
            else State("draft", "Concept", "neutraal")
        )
    ends_at = ground.ends_at if ground is not None and ground.ends_at is not None else contract.ends_at
    if ends_at <= at:
        early = ends_at < contract.ends_at
        return (
            State("withdrawn", "Ingetrokken", "fout") if early else State("expired", "Verlopen", "neutraal")
        )
    if contract.ground_id in suspended:
        return State("suspended", "Geschorst", "fout")
    if contract.accepted_at is None:
        return State("awaits_acceptance", "Wacht op ondertekening door de gedelegeerde", "wacht")
    if contract.starts_at > at:
        return State("not_begun", f"Gaat in op {show_day(first_day(contract.starts_at))}", "wacht")
    return State("valid", f"Geldig t/m {show_day(last_day(ends_at))}", "ok")


def standing_still(grounds: Collection[UUID | None], at: datetime) -> frozenset[UUID]:
    """Return the grounds among these that are suspended at a moment."""
    rows = Suspension.objects.filter(during(at), ground__in=[ground for ground in grounds if ground])
    return frozenset(rows.values_list("ground_id", flat=True))
