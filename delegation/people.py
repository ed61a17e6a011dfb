"""Names for the screens: who somebody is, and what he may be chosen for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from delegation.checks import during
from directory.access.context import Capacity
from directory.people.models import Employer, Engagement, Relation, Role


def colleagues(practice_id: UUID, role: Role, at: datetime) -> list[Engagement]:
    """List who works in a practice in a role now, by name."""
    rows = Engagement.objects.filter(during(at), practice=practice_id, role=role).select_related(
        "user__professional"
    )
    return sorted(rows, key=lambda row: row.user.display_name.casefold())


def title(engagement: Engagement) -> str:
    """Say what somebody is: his own function, else the role."""
    professional = getattr(engagement.user, "professional", None)
    return str(professional) if professional else engagement.get_role_display()


def named(engagement: Engagement) -> str:
    return f"{engagement.user.display_name} ({title(engagement)})"


def reachable(engagement: Engagement) -> str:
    """Give a telephone number to start from; when he can be reached is for people to add."""
    professional = getattr(engagement.user, "professional", None)
    number = (professional.phone if professional else "") or engagement.practice.phone
    return f"Telefoon {number}, op werkdagen" if number else ""


def employers(capacity: Capacity) -> list[Employer]:
    return list(Employer.objects.filter(practice=capacity.practice_id).order_by("name"))


def employer_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names this capacity may see; the rest is left out, never guessed."""
    return dict(Employer.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def relation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = Relation.objects.filter(pk__in=list(ids)).select_related("person")
    return {row.pk: row.person.name for row in rows}
