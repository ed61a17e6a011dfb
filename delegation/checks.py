"""The questions the actions ask before they write: who acts, and does what he acts under hold now?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from directory.access.grid import the_grid
from directory.access.models import Ground
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Engagement, Registration, Role, SecrecyDeclaration

if TYPE_CHECKING:
    from directory.accounts.models import User

# Without both there is no bedrijfsarts (reading A13: BIG register and register of specialists).
PHYSICIAN_REGISTERS = (Registration.Register.BIG_ARTS, Registration.Register.SPECIALIST_BEDRIJFSARTS)
# Entries that carry a reserved act on somebody else's order (Wet BIG art. 38; bijlage 5, voetnoot 37).
RESERVED_ACT_REGISTERS = (Registration.Register.BIG_ARTS, Registration.Register.BIG_VERPLEEGKUNDIGE)


def during(at: datetime, *, prefix: str = "") -> Q:
    """Rows whose half-open period holds `at`."""
    return Q(**{f"{prefix}starts_at__lte": at}) & (
        Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
    )


def is_running(engagement: Engagement, at: datetime) -> bool:
    """Say whether somebody is at work: begun, not ended, and accepted where acceptance is asked."""
    begun = engagement.starts_at <= at and (engagement.ends_at is None or at < engagement.ends_at)
    return begun and not engagement.needs_acceptance


def engaged(by: User, practice_id: UUID, *roles: Role) -> bool:
    """Say whether this user now works in the practice in one of these roles."""
    rows = Engagement.objects.filter(during(timezone.now()), user=by, practice=practice_id, role__in=roles)
    return any(not row.needs_acceptance for row in rows)


def only(by: User, engagement: Engagement, role: Role, code: str) -> None:
    """Refuse anybody but the holder of this engagement, in this role."""
    if engagement.user_id != by.pk or engagement.role != role:
        raise NotAllowed(code)


def only_roles(by: User, practice_id: UUID, *roles: Role, code: str) -> None:
    if not engaged(by, practice_id, *roles):
        raise NotAllowed(code)


def not_ended(ground: Ground) -> Ground:
    """Refuse to act on what is over: a ground is shortened once, and never moved."""
    if ground.ends_at is not None and ground.ends_at <= timezone.now():
        raise NotYet("already_ended")
    return ground


def all_purposes() -> list[str]:
    """List every purpose: whoever guides an employee, or stands in, has the whole dossier (§3.1)."""
    return [section.code for section in the_grid().sections.values() if section.purpose]


def registers(user_id: int, at: datetime) -> frozenset[str]:
    """List the registers in which this user stands on that day; the end date itself no longer counts."""
    today = timezone.localdate(at)
    rows = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), professional__user=user_id, starts_on__lte=today
    )
    return frozenset(rows.values_list("register", flat=True))


def has_big(held: frozenset[str]) -> bool:
    return any(register.startswith("big_") for register in held)


def secrecy_signed(user_id: int, practice_id: UUID, kind: str, at: datetime) -> bool:
    return SecrecyDeclaration.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
        user=user_id,
        practice=practice_id,
        kind=kind,
        signed_at__lte=at,
    ).exists()
