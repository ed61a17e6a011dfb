"""The act of recording that the employee was told: the bedrijfsarts's duty first, the delegate's too."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from consent.notices.models import Notice
from directory.people.models import Relation
from directory.people.writing import store

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def give(
    *,
    by: User,
    relation: Relation,
    kind: str,
    about: User | None,
    responsible: User | None = None,
    function: str = "",
    task: str = "",
    reachable: str = "",
    right_to_speak: bool = False,
    given_at: datetime | None = None,
    means: str = "gesprek",
    key: UUID | None = None,
) -> Notice:
    """Record what the employee was told, by whom and at which minute. The same key twice is one notice.

    A notice given after a consult does not open that consult: the guards compare its minute with the moment
    the consult took place (Leidraad casemanagement §3.4 A-I). Raises ValidationError naming what is missing.
    """
    if key and (made := Notice.objects.filter(pk=key).first()):
        return made
    now = timezone.now()
    return store(
        Notice(
            id=key or uuid4(),
            practice_id=relation.practice_id,
            relation=relation,
            kind=kind,
            about=about,
            responsible=responsible,
            function=function.strip(),
            task=task.strip(),
            reachable=reachable.strip(),
            right_to_speak=right_to_speak,
            given_at=(given_at or now).replace(second=0, microsecond=0),
            given_by=by,
            means=means,
            recorded_at=now,
        )
    )
