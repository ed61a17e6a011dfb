"""Change who exists. These verbs only write rows: the database decides, under the hat, who may."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from directory.people.models import (
    ROLE_SIDES,
    Employer,
    Engagement,
    EngagementSuspension,
    Person,
    Practice,
    Professional,
    Registration,
    Relation,
    SecrecyDeclaration,
)
from directory.people.writing import change, store

# The account model belongs to a higher layer; here it is only somebody who acts or is engaged.
User = models.Model


@transaction.atomic
def make_practice(
    *, name: str, by: User, kvk_number: str = "", phone: str = "", solo: bool = False
) -> Practice:
    """Found a practice: the tenant of everything that follows."""
    return store(Practice(name=name, kvk_number=kvk_number, phone=phone, solo=solo))


@transaction.atomic
def add_employer(
    *, practice: Practice, name: str, by: User, kvk_number: str = "", key: UUID | None = None
) -> Employer:
    """Add an employer for whose staff the practice works. The same key twice is one employer."""
    made = Employer.objects.filter(pk=key).first() if key else None
    return made or store(Employer(id=key or uuid4(), practice=practice, name=name, kvk_number=kvk_number))


@transaction.atomic
def add_person(
    *,
    practice: Practice,
    initials: str,
    surname: str,
    birth_date: date,
    by: User,
    first_name: str = "",
    prefix: str = "",
    phone: str = "",
    email: str = "",
    street: str = "",
    postcode: str = "",
    city: str = "",
    key: UUID | None = None,
) -> Person:
    """Add a person; a dossier needs a relation besides."""
    return store(
        Person(
            id=key or uuid4(),
            practice=practice,
            initials=initials,
            first_name=first_name,
            prefix=prefix,
            surname=surname,
            birth_date=birth_date,
            phone=phone,
            email=email,
            street=street,
            postcode=postcode,
            city=city,
        )
    )


@transaction.atomic
def add_relation(
    *,
    person: Person,
    kind: str,
    starts_on: date,
    by: User,
    employer: Employer | None = None,
    ends_on: date | None = None,
    personnel_number: str = "",
    department: str = "",
) -> Relation:
    """Record in which relation a person is met: his employment, an application, himself."""
    return store(
        Relation(
            practice_id=person.practice_id,
            person=person,
            employer=employer,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            personnel_number=personnel_number,
            department=department,
        )
    )


@transaction.atomic
def end_relation(*, relation: Relation, ends_on: date, by: User) -> Relation:
    """End a relation on the first day that no longer counts."""
    return change(relation, ends_on=ends_on)


@transaction.atomic
def add_professional(
    *, user: User, profession: str, by: User, title: str = "", phone: str = ""
) -> Professional:
    """Record the profession of an account."""
    return store(Professional(user=user, profession=profession, title=title, phone=phone))


@transaction.atomic
def add_registration(
    *,
    professional: Professional,
    register: str,
    number: str,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    checked_at: datetime | None = None,
    check_result: str = "",
) -> Registration:
    """Record a registration as its register shows it."""
    return store(
        Registration(
            professional=professional,
            register=register,
            number=number,
            starts_on=starts_on,
            ends_on=ends_on,
            checked_at=checked_at,
            check_result=check_result,
        )
    )


@transaction.atomic
def record_check(
    *,
    registration: Registration,
    result: str,
    by: User,
    ends_on: date | None = None,
    at: datetime | None = None,
) -> Registration:
    """Record that the register was consulted; an end date that it showed stops the right on that day."""
    shown = {} if ends_on is None else {"ends_on": ends_on}
    return change(registration, checked_at=at or timezone.now(), check_result=result, **shown)


@transaction.atomic
def renew(
    *,
    registration: Registration,
    ends_on: date | None,
    checked_at: datetime,
    check_result: str,
    by: User,
) -> Registration:
    """Take over what the register shows now: until when somebody stands in it, or that it names no end."""
    return change(registration, ends_on=ends_on, checked_at=checked_at, check_result=check_result)


@transaction.atomic
def engage(
    *,
    practice: Practice,
    user: User,
    role: str,
    by: User,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    side: str | None = None,
    key: UUID | None = None,
) -> Engagement:
    """Prepare an engagement; under the bedrijfsarts it counts once he accepts it."""
    return store(
        Engagement(
            id=key or uuid4(),
            practice=practice,
            user=user,
            role=role,
            # An unknown role keeps an empty side, so that the constraint refuses it and says why.
            side=side if side is not None else ROLE_SIDES.get(role, ""),
            starts_at=starts_at or timezone.now(),
            ends_at=ends_at,
            prepared_by=by,
        )
    )


@transaction.atomic
def accept_engagement(*, engagement: Engagement, by: User, at: datetime | None = None) -> Engagement:
    """Accept, as bedrijfsarts, whom somebody else prepared: from here on it counts."""
    if not engagement.needs_acceptance:
        raise ValidationError("Deze werkrelatie wacht niet (meer) op aanvaarding.", code="not_waiting")
    return change(engagement, accepted_by=by, accepted_at=at or timezone.now())


@transaction.atomic
def end_engagement(
    *, engagement: Engagement, reason: str, by: User, at: datetime | None = None
) -> Engagement:
    """End an engagement, or call it off before it began; no end is ever moved to a later moment."""
    moment = max(at or timezone.now(), engagement.starts_at)
    if engagement.ends_at is not None and engagement.ends_at <= moment:
        raise ValidationError("Deze werkrelatie is al eerder geëindigd.", code="ended")
    return change(engagement, ends_at=moment, ended_reason=reason)


@transaction.atomic
def suspend_engagement(
    *,
    engagement: Engagement,
    reason: str,
    by: User,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> EngagementSuspension:
    """Suspend an engagement from now on, or over a period."""
    return store(
        EngagementSuspension(
            practice_id=engagement.practice_id,
            engagement=engagement,
            starts_at=starts_at or timezone.now(),
            ends_at=ends_at,
            reason=reason,
            by=by,
        )
    )


@transaction.atomic
def resume_engagement(
    *, suspension: EngagementSuspension, by: User, at: datetime | None = None
) -> EngagementSuspension:
    """Lift a suspension; the period in which it held stays on record."""
    moment = max(at or timezone.now(), suspension.starts_at)
    if suspension.ends_at is not None and suspension.ends_at <= moment:
        raise ValidationError("Deze schorsing is al opgeheven.", code="resumed")
    return change(suspension, ends_at=moment)


@transaction.atomic
def sign_secrecy(
    *, practice: Practice, kind: str, by: User, at: datetime | None = None
) -> SecrecyDeclaration:
    """Sign a secrecy declaration: always one's own, so the signer is who acts."""
    return store(SecrecyDeclaration(practice=practice, user=by, kind=kind, signed_at=at or timezone.now()))
