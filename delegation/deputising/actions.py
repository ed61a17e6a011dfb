"""Acts of deputising (Leidraad casemanagement §3.1; readings C17 and C24)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from delegation.checks import (
    PHYSICIAN_REGISTERS,
    all_purposes,
    engaged,
    is_running,
    not_ended,
    registers,
)
from delegation.deputising.models import Deputising
from delegation.deputising.standing import between
from directory.access import ground as grounds
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Engagement, Role
from directory.people.writing import change, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def begin(
    *,
    by: User,
    replaced: Engagement,
    deputy: Engagement,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    key: UUID | None = None,
) -> Deputising:
    """Appoint and let it run over a period, in one act. The same key twice is one deputising.

    The replaced bedrijfsarts and the practice may do so for any colleague; a colleague himself for whoever named him
    beforehand. Raises ValidationError when it runs already.
    """
    if key and (made := Deputising.objects.filter(pk=key).first()):
        return made
    since = max(starts_at, timezone.now())
    same = Deputising.objects.filter(
        Q(ground__ends_at__isnull=True) | Q(ground__ends_at__gt=since),
        ground__starts_at__lt=ends_at,
        replaced=replaced,
        deputy=deputy,
    )
    if same.exists():
        raise ValidationError(
            {
                "starts_on": "In deze periode loopt deze waarneming al. Beëindig die eerst, of kies andere dagen."
            }
        )
    row = appoint(by=by, replaced=replaced, deputy=deputy, reason=reason, key=key)
    return activate(by=by, deputising=row, starts_at=starts_at, ends_at=ends_at)


@transaction.atomic
def appoint(
    *, by: User, replaced: Engagement, deputy: Engagement, reason: str, key: UUID | None = None
) -> Deputising:
    """Appoint a deputy formally: the practice, the replaced bedrijfsarts, or whom he named beforehand.

    It opens nothing by itself.
    """
    standing = between(replaced, deputy, timezone.now())
    if not _own_or_practice(by, replaced) and (standing is None or by.pk != deputy.user_id):
        raise NotAllowed("who_appoints_deputies")
    if deputy.role != Role.BEDRIJFSARTS or replaced.role != Role.BEDRIJFSARTS:
        raise ValidationError({"deputy": "Waarnemen doet een bedrijfsarts voor een bedrijfsarts."})
    if deputy.practice_id != replaced.practice_id:
        raise ValidationError({"deputy": "Kies een bedrijfsarts die in deze praktijk werkt."})
    return store(
        Deputising(
            id=key or uuid4(),
            practice_id=replaced.practice_id,
            replaced=replaced,
            deputy=deputy,
            standing=standing,
            appointed_by=by,
            appointed_at=timezone.now(),
            reason=reason.strip(),
        )
    )


@transaction.atomic
def activate(
    *,
    by: User,
    deputising: Deputising,
    starts_at: datetime,
    ends_at: datetime,
    purposes: Sequence[str] | None = None,
) -> Deputising:
    """Let the deputising run over a period: the replaced physician, the practice, or whom he named beforehand.

    The scope is every dossier of the replaced physician, new ones included. Each employee must still be told
    before his dossier opens.
    """
    now = timezone.now()
    if not _own_or_practice(by, deputising.replaced) and not _named(by, deputising, now):
        raise NotAllowed("who_activates_deputising")
    if deputising.ground_id is not None:
        raise NotYet("deputising_already_active")
    if not is_running(deputising.deputy, now):
        raise ValidationError(
            {"deputy": "De werkrelatie van de waarnemer loopt niet of wacht op aanvaarding."}
        )
    held = registers(deputising.deputy.user_id, now)
    if not held.issuperset(PHYSICIAN_REGISTERS):
        raise ValidationError(
            {"deputy": "De waarnemer staat niet in het BIG-register én het specialistenregister."}
        )
    if ends_at <= max(starts_at, now):
        raise ValidationError({"ends_on": "Kies een einde dat na het begin ligt en niet voorbij is."})
    ground = grounds.lay(
        kind="deputising",
        role="waarnemer",
        holder=deputising.deputy,
        responsible=deputising.replaced,
        by=by,
        signed_at=now,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        purposes=all_purposes() if purposes is None else purposes,
        caseload=True,
    )
    return change(deputising, ground=ground)


@transaction.atomic
def end(*, by: User, deputising: Deputising, reason: str) -> None:
    """End a deputising now. Handing back what was written stays with the two physicians."""
    if by.pk != deputising.deputy.user_id and not _own_or_practice(by, deputising.replaced):
        raise NotAllowed("who_activates_deputising")
    if not reason.strip():
        raise ValidationError({"reason": "Vul de reden in."})
    if deputising.ground is None:
        raise NotYet("deputising_not_active")
    grounds.end(not_ended(deputising.ground), by=by, reason=reason.strip())


def _named(by: User, deputising: Deputising, at: datetime) -> bool:
    """Say whether this is the colleague who was named beforehand, by an arrangement that still runs."""
    return (
        by.pk == deputising.deputy.user_id and between(deputising.replaced, deputising.deputy, at) is not None
    )


def _own_or_practice(by: User, replaced: Engagement) -> bool:
    return by.pk == replaced.user_id or engaged(by, replaced.practice_id, Role.PRAKTIJKBEHEERDER)
