"""Change what a practice keeps about itself. The database decides, under the hat, who may."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from directory.people.models import Practice
from directory.people.writing import change, store
from directory.reference.models import ClosingDays, Location, Setting, SettingDefinition

# The account model belongs to a higher layer; here it is only somebody who acts.
User = models.Model


@transaction.atomic
def choose(
    *,
    practice: Practice,
    definition: SettingDefinition,
    value: int | None,
    reason: str,
    by: User,
    starts_at: datetime | None = None,
    key: UUID | None = None,
) -> Setting:
    """Choose a value from now on, or from a later day. The same key twice is one choice."""
    if made := Setting.objects.filter(pk=key).first() if key else None:
        return made
    if value is None and not definition.may_be_empty:
        raise ValidationError({"value": "Vul een getal in: hier is er altijd een nodig."}, code="required")
    if value is not None and not definition.lowest <= value <= definition.highest:
        bounds = f"Kies een getal van {definition.lowest} tot en met {definition.highest}."
        raise ValidationError({"value": bounds}, code="out_of_bounds")
    return store(
        Setting(
            id=key or uuid4(),
            practice=practice,
            definition=definition,
            value=value,
            reason=reason,
            starts_at=starts_at or timezone.now(),
            set_by=by,
        )
    )


@transaction.atomic
def accept(*, setting: Setting, by: User) -> Setting:
    """Accept, as bedrijfsarts, a choice that touches care: from here on it counts."""
    if setting.accepted_at is not None:
        raise ValidationError("Deze keuze is al aanvaard.", code="accepted")
    return change(setting, accepted_at=timezone.now(), accepted_by=by)


@transaction.atomic
def add_location(
    *,
    practice: Practice,
    name: str,
    street: str,
    postcode: str,
    city: str,
    by: User,
    phone: str = "",
    key: UUID | None = None,
) -> Location:
    """Add a place where the practice receives people. The same key twice is one place."""
    made = Location.objects.filter(pk=key).first() if key else None
    return made or store(
        Location(
            id=key or uuid4(),
            practice=practice,
            name=name,
            street=street,
            postcode=postcode,
            city=city,
            phone=phone,
        )
    )


@transaction.atomic
def change_location(*, location: Location, by: User, **values: object) -> Location:
    """Correct a location, or take it out of use."""
    return change(location, **values)


@transaction.atomic
def close_on(
    *, practice: Practice, name: str, first_day: date, last_day: date, by: User, key: UUID | None = None
) -> ClosingDays:
    """Say on which days the practice is closed besides the holidays. The same key twice is one period."""
    made = ClosingDays.objects.filter(pk=key).first() if key else None
    return made or store(
        ClosingDays(id=key or uuid4(), practice=practice, name=name, first_day=first_day, last_day=last_day)
    )


@transaction.atomic
def withdraw(*, days: ClosingDays, by: User) -> ClosingDays:
    """Take closing days back; that they were announced stays in the history."""
    return change(days, withdrawn=True)
