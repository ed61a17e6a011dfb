"""Acts of supervision, and of taking a case over from a delegate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from delegation.checks import PHYSICIAN_REGISTERS, not_ended, only, registers
from delegation.contracts.models import Contract
from delegation.supervision.models import Supervision, TakeOver
from directory.access import ground as grounds
from directory.people.models import Employer, Engagement, Registration, Relation, Role
from directory.people.writing import change, check, store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def appoint(
    *,
    by: User,
    supervisor: Engagement,
    physician: Engagement,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    purposes: Iterable[str] = ("begeleiding",),
    employers: Iterable[Employer] = (),
    relations: Iterable[Relation] = (),
    key: UUID | None = None,
) -> Supervision:
    """Take a physician under one's own supervision; without a narrower scope for one's whole caseload.

    The same key twice is one supervision.

    Supervision is no delegation: the physician does medical tasks of code 1 himself, the bedrijfsarts answers
    for them and is on the same dossier (bijlage 4, voetnoot 33).
    """
    only(by, supervisor, Role.BEDRIJFSARTS, "only_physician_supervises")
    if key and (made := Supervision.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    errors: dict[str, str] = {}
    if physician.role != Role.ARTS_ONDER_SUPERVISIE or physician.practice_id != supervisor.practice_id:
        errors["physician"] = "Kies een arts onder supervisie die in deze praktijk werkt."
    elif Registration.Register.BIG_ARTS not in registers(physician.user_id, now):
        errors["physician"] = (
            "Deze arts staat volgens ons niet in het BIG-register. Laat het register raadplegen."
        )
    if not registers(by.pk, now).issuperset(PHYSICIAN_REGISTERS):
        errors["supervisor"] = "Uw eigen inschrijving als bedrijfsarts ontbreekt of is geëindigd."
    if errors:
        raise ValidationError(errors)
    if ends_at is not None and ends_at <= max(starts_at or now, now):
        raise ValidationError({"ends_on": "Kies een einde dat na het begin ligt en niet voorbij is."})
    employers, relations = list(employers), list(relations)
    supervision = Supervision(
        id=key or uuid4(), practice_id=supervisor.practice_id, supervisor=supervisor, physician=physician
    )
    check(supervision)
    supervision.ground = grounds.lay(
        kind="supervision",
        role=Role.ARTS_ONDER_SUPERVISIE,
        holder=physician,
        responsible=supervisor,
        by=by,
        signed_at=now,
        starts_at=max(starts_at or now, now),
        ends_at=ends_at,
        purposes=purposes,
        employers=employers,
        relations=relations,
        caseload=not employers and not relations,
    )
    supervision.save(force_insert=True)
    return supervision


@transaction.atomic
def end(*, by: User, supervision: Supervision, reason: str) -> None:
    """End a supervision now; what was written under it stays as it was stamped."""
    only(by, supervision.supervisor, Role.BEDRIJFSARTS, "only_physician_supervises")
    if not reason.strip():
        raise ValidationError({"reason": "Vul de reden in."})
    grounds.end(not_ended(supervision.ground), by=by, reason=reason.strip())


@transaction.atomic
def take_over(
    *, by: User, contract: Contract, relation: Relation, reason: str, key: UUID | None = None
) -> TakeOver:
    """Do one case oneself from now; always possible for the delegating bedrijfsarts (bijlage 5, opdracht).

    The same key twice is one take-over.
    """
    only(by, contract.physician, Role.BEDRIJFSARTS, "only_physician_takes_over")
    if key and (made := TakeOver.objects.filter(pk=key).first()):
        return made
    return store(
        TakeOver(
            id=key or uuid4(),
            practice_id=contract.practice_id,
            relation=relation,
            contract=contract,
            by=by,
            reason=reason.strip(),
            starts_at=timezone.now(),
        )
    )


@transaction.atomic
def give_back(*, by: User, take_over: TakeOver) -> TakeOver:
    """Let the delegate go on with the case."""
    only(by, take_over.contract.physician, Role.BEDRIJFSARTS, "only_physician_takes_over")
    if take_over.ends_at is not None:
        raise ValidationError({"ends_at": "Dit geval is al teruggegeven."})
    return change(take_over, ends_at=timezone.now())
