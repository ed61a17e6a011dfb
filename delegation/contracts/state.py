"""Which state a contract is in, read from its signature, its ground and that ground's suspensions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from delegation.checks import during
from delegation.contracts.models import Contract
from directory.access.models import Suspension


@dataclass(frozen=True)
class State:
    """A word for people and a tone for its tag (ok, wacht, fout, stil)."""

    code: str
    label: str
    tone: str

    @property
    def is_open(self) -> bool:
        """Say whether the bedrijfsarts can still suspend or end it."""
        return self.code in {"valid", "suspended", "awaits_acceptance", "not_begun"}


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y")


def last_day(end: datetime) -> str:
    """Name the last day that counts: periods are half-open, people say "t/m"."""
    return day(end - timedelta(microseconds=1))


def state(contract: Contract, *, suspended: Collection[UUID], complete: bool, at: datetime) -> State:
    """Say the state. `suspended`: the grounds that stand still now; `complete`: a draft can be signed."""
    ground = contract.ground
    if contract.signed_at is None:
        return (
            State("awaits_signature", "Wacht op ondertekening", "wacht")
            if complete
            else State("draft", "Concept", "stil")
        )
    ends_at = ground.ends_at if ground is not None and ground.ends_at is not None else contract.ends_at
    if ends_at <= at:
        early = ends_at < contract.ends_at
        return State("withdrawn", "Ingetrokken", "fout") if early else State("expired", "Verlopen", "stil")
    if contract.ground_id in suspended:
        return State("suspended", "Geschorst", "fout")
    if contract.accepted_at is None:
        return State("awaits_acceptance", "Wacht op ondertekening door de gedelegeerde", "wacht")
    if contract.starts_at > at:
        return State("not_begun", f"Gaat in op {day(contract.starts_at)}", "wacht")
    return State("valid", f"Geldig t/m {last_day(ends_at)}", "ok")


def standing_still(grounds: Collection[UUID | None], at: datetime) -> frozenset[UUID]:
    """Return the grounds among these that are suspended at a moment."""
    rows = Suspension.objects.filter(during(at), ground__in=[ground for ground in grounds if ground])
    return frozenset(rows.values_list("ground_id", flat=True))
