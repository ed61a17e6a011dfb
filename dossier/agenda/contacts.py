"""Nieuw contact: an employee comes of his own accord, and a bedrijfsarts opens a dossier on his own hand.

What colleagues wrote stays unseen: the ground gives one purpose, open spreekuur. Outside the medical side such a
dossier does not exist until the process begins (Leidraad casemanagement §3.1).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from delegation.dates import start_of
from directory.access import ground as grounds
from directory.access.context import Capacity
from directory.access.models import Ground
from directory.access.refusals import NotAllowed
from directory.people.models import Engagement, Relation, Role
from directory.people.models.names import plain
from dossier.models import Dossier
from dossier.models.shell import found

if TYPE_CHECKING:
    from directory.accounts.models import User

PURPOSE = "open_spreekuur"
MOST = 20


def people(capacity: Capacity, surname: str, born: date) -> list[Relation]:
    """Find the employees of one's clients with this surname and birth date: a list of people, not of dossiers."""
    may_read = Relation.objects.open_to(capacity, "read").values("pk")
    today = timezone.localdate()
    rows = Relation.objects.filter(pk__in=may_read, person__birth_date=born, starts_on__lte=today)
    rows = rows.filter(person__sort_key__startswith=plain(surname)).select_related("person", "employer")
    # "Berg" files as "berg van den": whoever types "Ber" has not named him.
    named = [
        row for row in rows.order_by("-starts_on", "pk")[:MOST] if plain(row.person.surname) == plain(surname)
    ]
    return [row for row in named if row.ends_on is None or row.ends_on > today]


@transaction.atomic
def begin(*, by: User, capacity: Capacity, relation: Relation) -> UUID:
    """Open the dossier of a relation for the purpose of this contact. Returns the id of the dossier.

    Twice the same is one ground. Raises NotAllowed for whoever is no bedrijfsarts: he alone opens on his own hand.
    """
    if capacity.role != Role.BEDRIJFSARTS:
        raise NotAllowed("no_cell")
    dossier = found(relation=relation, process=False)
    if not by.has_perm(f"dossier.{PURPOSE}.write", Dossier(pk=dossier)) or not _laid(capacity, relation):
        # Of today, so that what was said before the dossier opened can be recorded at its own hour (ADR 8).
        came = start_of(timezone.localdate())
        grounds.lay(
            kind="self_referral",
            role="bedrijfsarts_doelgebonden",
            holder=Engagement.objects.get(pk=capacity.engagement_id),
            by=by,
            signed_at=came,
            starts_at=came,
            purposes=[PURPOSE],
            relations=[relation],
        )
    return dossier


def _laid(capacity: Capacity, relation: Relation) -> bool:
    rows = Ground.objects.open_to(capacity, "read").filter(
        holder=capacity.engagement_id,
        kind="self_referral",
        ends_at__isnull=True,
        purposes__contains=[PURPOSE],
    )
    return bool(rows.filter(scope__relation=relation).exists())
