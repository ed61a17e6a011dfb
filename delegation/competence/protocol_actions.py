"""Acts about protocols: publish a version, confirm to have read it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from delegation.checks import only_roles
from delegation.competence.protocols import Protocol, ProtocolRead, ProtocolVersion
from directory.people.models import Practice, Role
from directory.people.writing import store

if TYPE_CHECKING:
    from directory.accounts.models import User


def current_version(protocol_id: UUID, at: datetime) -> ProtocolVersion | None:
    """Return the version in force: the highest one that has begun."""
    versions = ProtocolVersion.objects.filter(protocol=protocol_id, in_force_from__lte=at)
    return versions.order_by("-version").first()


@transaction.atomic
def publish_version(
    *,
    by: User,
    practice: Practice,
    protocol: Protocol | None = None,
    name: str = "",
    position: str,
    division: str,
    responsibilities: str,
    in_force_from: datetime | None = None,
    key: UUID | None = None,
) -> ProtocolVersion:
    """Publish the next version of a protocol, or the first of a new one. The same key twice is one version.

    From then on delegates who work with it confirm it before they record anything (bijlage 5, opdracht).
    """
    only_roles(by, practice.pk, Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER, code="who_publishes_protocols")
    now = timezone.now()
    if in_force_from is not None and in_force_from < now:
        raise ValidationError(
            {"in_force_from": "Een versie geldt nooit met terugwerkende kracht. Kies vandaag of later."}
        )
    if key and (made := ProtocolVersion.objects.filter(pk=key).first()):
        return made
    if protocol is None:
        protocol = store(Protocol(practice=practice, name=name.strip()))
    newest = protocol.versions.aggregate(newest=Max("version"))["newest"] or 0
    return store(
        ProtocolVersion(
            id=key or uuid4(),
            practice=practice,
            protocol=protocol,
            version=newest + 1,
            in_force_from=in_force_from or now,
            position=position.strip(),
            division=division.strip(),
            responsibilities=responsibilities.strip(),
        )
    )


@transaction.atomic
def confirm_read(*, by: User, version: ProtocolVersion) -> ProtocolRead:
    """Confirm to have read this version. Saying it twice changes nothing."""
    read = ProtocolRead.objects.filter(protocol_version=version, user=by).first()
    return read or store(
        ProtocolRead(
            practice_id=version.practice_id, protocol_version=version, user=by, read_at=timezone.now()
        )
    )
