"""Keep the professionals of other organisations. The database decides, under the hat, who may."""

from __future__ import annotations

import calendar
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from directory.people.models import Practice
from directory.people.writing import change, store
from directory.professions.models import ExternalProfessional, ExternalRegistration, Profession
from directory.reference.values import setting

# The account model belongs to a higher layer; here it is only somebody who acts.
User = models.Model


@transaction.atomic
def add_professional(
    *,
    practice: Practice,
    surname: str,
    organisation: str,
    profession: Profession,
    by: User,
    initials: str = "",
    prefix: str = "",
    title: str = "",
    city: str = "",
    phone: str = "",
    email: str = "",
    key: UUID | None = None,
) -> ExternalProfessional:
    """Add a professional of another organisation. The same key twice is one professional."""
    made = ExternalProfessional.objects.filter(pk=key).first() if key else None
    return made or store(
        ExternalProfessional(
            id=key or uuid4(),
            practice=practice,
            initials=initials,
            prefix=prefix,
            surname=surname,
            organisation=organisation,
            profession=profession,
            title=title,
            city=city,
            phone=phone,
            email=email,
        )
    )


@transaction.atomic
def change_professional(
    *, professional: ExternalProfessional, by: User, **values: object
) -> ExternalProfessional:
    """Correct what is known of a professional, or take him out of use."""
    # The filing key is made of the name, so it is written with it.
    return change(professional, **values, sort_key="")


@transaction.atomic
def add_registration(
    *,
    professional: ExternalProfessional,
    register: str,
    number: str,
    checked_on: date,
    result: str,
    by: User,
    detail: str = "",
    ends_on: date | None = None,
    key: UUID | None = None,
) -> ExternalRegistration:
    """Record a registration as its register shows it now. The same key twice is one registration."""
    _not_ahead(checked_on)
    made = ExternalRegistration.objects.filter(pk=key).first() if key else None
    return made or store(
        ExternalRegistration(
            id=key or uuid4(),
            practice_id=professional.practice_id,
            professional=professional,
            register=register,
            detail=detail,
            number=number,
            ends_on=ends_on,
            checked_on=checked_on,
            result=result,
            checked_by=by,
            recheck_on=_recheck(professional.practice_id, checked_on, ends_on),
        )
    )


@transaction.atomic
def record_check(
    *,
    registration: ExternalRegistration,
    checked_on: date,
    result: str,
    by: User,
    ends_on: date | None = None,
) -> ExternalRegistration:
    """Record that somebody looked again, what the register showed, and when to look next."""
    _not_ahead(checked_on)
    return change(
        registration,
        checked_on=checked_on,
        result=result,
        checked_by=by,
        ends_on=ends_on,
        recheck_on=_recheck(registration.practice_id, checked_on, ends_on),
    )


def _not_ahead(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(
            {"checked_on": "Deze dag moet nog komen. Vul in wanneer u hebt gekeken."}, code="ahead"
        )


def _recheck(practice: UUID, checked_on: date, ends_on: date | None) -> date:
    """Count the months of the practice on; where the register names an earlier end, that."""
    later = months_after(checked_on, setting(practice, "register_recheck_months") or 1)
    return min(later, ends_on) if ends_on else later


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
