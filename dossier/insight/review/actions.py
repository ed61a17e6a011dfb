"""Acts of log review: a decision about a signal, the draw of a month, another number. Each stands in the log."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.access.context import acting
from directory.people.writing import change, store
from dossier.deviations import SETTINGS
from dossier.models import ReviewDecision, ReviewSample, ReviewSetting

from .found import Found, next_month

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def decide(
    *, by: User, found: Found, outcome: str, reason: str, follow_up: str = "", key: UUID | None = None
) -> ReviewDecision:
    """Record what is decided about a signal; the newest decision counts. The same key twice is one decision.

    The database looks the signal up again and refuses one that is not there, and one's own looking.
    """
    if key and (made := ReviewDecision.objects.only("id").filter(pk=key).first()):
        return made
    if found.actor == by.pk:
        raise ValidationError("Dit gaat over wat u zelf hebt bekeken. Een ander beoordeelt dat.")
    decision = store(
        ReviewDecision(
            id=key or uuid4(),
            practice_id=acting().capacity.practice_id,
            fingerprint=found.fingerprint,
            day=found.day,
            outcome=outcome,
            reason=reason.strip(),
            follow_up=follow_up.strip(),
            decided_by=by,
        )
    )
    log.note("log_decide", asks=["logcontrole.decide"])
    return decision


@transaction.atomic
def draw(*, by: User, month: date) -> ReviewSample:
    """Draw the sample of a month that ended, once: the seed is the database's. Drawn already is drawn."""
    practice = acting().capacity.practice_id
    if next_month(month) > timezone.localdate():
        raise ValidationError("Deze maand loopt nog. Trek de steekproef als de maand voorbij is.")
    known = ReviewSample.objects.filter(practice=practice, month=month).first()
    if known is not None:
        return known
    made = store(ReviewSample(practice_id=practice, month=month, drawn_by=by))
    log.note("log_sample", asks=["logcontrole.write"])
    return made


@transaction.atomic
def set_numbers(*, by: User, numbers: dict[str, int], reason: str) -> list[str]:
    """Set the numbers that differ from those in force, with one reason; returns their codes."""
    practice = acting().capacity.practice_id
    known = {row.code: row for row in ReviewSetting.objects.filter(practice=practice)}
    changed = []
    for code, value in numbers.items():
        row = known.get(code)
        if value == (row.value if row else SETTINGS[code].default):
            continue
        if not reason.strip():
            raise ValidationError({"reason": "Schrijf op waarom u dit getal kiest."})
        if row is None:
            row = ReviewSetting(
                practice_id=practice, code=code, value=value, reason=reason.strip(), set_by=by
            )
            store(row)
        else:
            change(row, value=value, reason=reason.strip(), set_by=by)
        changed.append(code)
    if changed:
        log.note("log_setting", asks=["logcontrole.write"])
    return changed
