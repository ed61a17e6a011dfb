"""Let somebody in, and out again at once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.accounts.models import Invitation, Session, User
from directory.people import actions as people
from directory.people.models import Engagement, EngagementSuspension, Practice, Role
from directory.reference.values import setting


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add_account(*, username: str, display_name: str, by: User | None, email: str = "") -> User:
    """Create an account nobody can enter yet: it waits for its invitation."""
    try:
        with transaction.atomic():
            return User.objects.create_user(username, display_name=display_name, email=email)
    except IntegrityError as error:
        raise ValidationError(
            {"username": "Deze gebruikersnaam is al in gebruik. Kies een andere."}, code="unique"
        ) from error


def set_single_keys(*, by: User, on: bool) -> None:
    """Switch the single-letter keys of one's own account on or off."""
    User.objects.filter(pk=by.pk).update(single_keys=on)


@transaction.atomic
def invite(*, user: User, by: User, practice: Practice | None = None) -> str:
    """Make the one link with which an account sets its password; earlier links stop working.

    How long it works is a setting of the practice that invites.
    """
    now = timezone.now()
    valid_for = timedelta(days=setting(practice and practice.pk, "invitation_days") or 0)
    Invitation.objects.filter(user=user, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user, token_hash=token_hash(token), made_at=now, expires_at=now + valid_for
    )
    return token


def find_invitation(token: str) -> Invitation | None:
    """Find the invitation of a link, while it can still be used."""
    return (
        Invitation.objects.filter(
            token_hash=token_hash(token),
            used_at__isnull=True,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .select_related("user")
        .first()
    )


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Use a link once: set the password and end whatever session the account still had."""
    now = timezone.now()
    used = Invitation.objects.filter(
        token_hash=token_hash(token), used_at__isnull=True, expires_at__gt=now
    ).update(used_at=now)
    if not used:
        raise ValidationError("Deze uitnodiging is al gebruikt of verlopen. Vraag een nieuwe.", code="used")
    user = User.objects.get(invitations__token_hash=token_hash(token))
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    return user


def _not_oneself(engagement: Engagement, by: User) -> None:
    # Otherwise the last administrator could lock everybody out, and the practice has no way back in.
    if engagement.role == Role.PRAKTIJKBEHEERDER and engagement.user_id == by.pk:
        raise ValidationError(
            "Uw eigen rol als beheerder kan alleen een andere beheerder wijzigen.", code="own"
        )


def end_sessions(*, user: User) -> None:
    """End every session of an account, as soon as what caused it is committed."""
    # After the commit the hat is off: no hat can touch the sessions, the bare login can.
    transaction.on_commit(partial(_delete_sessions, user.pk))


def _delete_sessions(user_id: int) -> None:
    Session.objects.filter(user_id=user_id).delete()


@transaction.atomic
def take_on(
    *,
    practice: Practice,
    user: User,
    role: str,
    by: User,
    starts_at: datetime | None = None,
    key: UUID | None = None,
) -> tuple[Engagement, str | None]:
    """Engage an account, and give it a link as long as it never logged in."""
    engagement = people.engage(practice=practice, user=user, role=role, by=by, starts_at=starts_at, key=key)
    if user.last_login is not None:
        return engagement, None
    return engagement, invite(user=user, by=by, practice=practice)


@transaction.atomic
def end(*, engagement: Engagement, reason: str, by: User, at: datetime | None = None) -> Engagement:
    """End an engagement and, in the same breath, the live sessions; or let it end on a later day."""
    _not_oneself(engagement, by)
    if at is None or at <= timezone.now():
        end_sessions(user=engagement.user)
    return people.end_engagement(engagement=engagement, reason=reason, by=by, at=at)


@transaction.atomic
def suspend(*, engagement: Engagement, reason: str, by: User) -> EngagementSuspension:
    """Suspend an engagement and, in the same breath, the live sessions."""
    _not_oneself(engagement, by)
    end_sessions(user=engagement.user)
    return people.suspend_engagement(engagement=engagement, reason=reason, by=by)


@transaction.atomic
def move(
    *,
    engagement: Engagement,
    role: str,
    reason: str,
    by: User,
    starts_at: datetime | None = None,
    key: UUID | None = None,
) -> Engagement:
    """Give a colleague another role in place of this one: the old one ends at the moment the new one begins.

    Under the bedrijfsarts the new role still waits for acceptance. The same key twice is one move.
    """
    if made := Engagement.objects.filter(pk=key).first() if key else None:
        return made
    _not_oneself(engagement, by)
    if role == engagement.role:
        raise ValidationError(
            {"role": "Dit is de rol die deze medewerker al heeft. Kies een andere."}, code="same"
        )
    moment = max(starts_at or timezone.now(), engagement.starts_at)
    if moment <= timezone.now():
        end_sessions(user=engagement.user)
    people.end_engagement(engagement=engagement, reason=reason, by=by, at=moment)
    return people.engage(
        practice=engagement.practice, user=engagement.user, role=role, by=by, starts_at=moment, key=key
    )


@dataclass(frozen=True)
class FirstPractice:
    practice: Practice
    links: dict[str, str]  # username → token


@transaction.atomic
def make_first_practice(
    *,
    name: str,
    admin_username: str,
    physician_username: str,
    admin_name: str = "",
    physician_name: str = "",
    kvk_number: str = "",
    phone: str = "",
) -> FirstPractice:
    """Found a practice on an empty server, with its first administrator and its first bedrijfsarts.

    One and the same username makes a one-person practice: the bedrijfsarts is administrator and officer too.
    Runs before anybody can log in, so under rights that no page has.
    """
    solo = admin_username.lower() == physician_username.lower()
    physician = add_account(
        username=physician_username, display_name=physician_name or physician_username, by=None
    )
    admin = (
        physician
        if solo
        else add_account(username=admin_username, display_name=admin_name or admin_username, by=None)
    )
    practice = people.make_practice(name=name, kvk_number=kvk_number, phone=phone, solo=solo, by=admin)
    roles = [(admin, Role.PRAKTIJKBEHEERDER), (physician, Role.BEDRIJFSARTS)]
    if solo:
        roles.append((physician, Role.FG))
    for user, role in roles:
        engagement = people.engage(practice=practice, user=user, role=role, by=admin)
        if engagement.needs_acceptance:
            # There is nobody else yet who could accept the first bedrijfsarts.
            people.accept_engagement(engagement=engagement, by=physician)
    links = {user.username: invite(user=user, by=admin) for user in {admin, physician}}
    return FirstPractice(practice=practice, links=links)
