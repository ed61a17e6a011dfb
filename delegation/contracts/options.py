"""What a draft can choose from: people, clients, protocols and the tasks of its edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from delegation.competence.protocols import Protocol
from delegation.people import colleagues, employers, relation_names
from delegation.rulesets.models import Edition, Task
from directory.access.context import Capacity
from directory.people.models import Employer, Engagement, Relation, Role


@dataclass(frozen=True)
class Options:
    """Lists, so that no template and no form asks the database again."""

    editions: list[Edition]
    edition: Edition
    tasks: list[Task]
    physicians: list[Engagement]
    delegates: list[Engagement]
    employers: list[Employer]
    relations: list[Relation]
    relation_names: dict[UUID, str]
    protocols: list[Protocol]


def options(
    capacity: Capacity, *, edition_code: str, relation_ids: list[UUID], at: datetime
) -> Options | None:
    """Collect the choices for one edition; None when that edition does not exist.

    A physician drafts in his own name only; whoever prepares chooses the physician.
    """
    editions = list(Edition.objects.order_by("code"))
    edition = next((row for row in editions if row.code == edition_code), None)
    if edition is None:
        return None
    physicians = colleagues(capacity.practice_id, Role.BEDRIJFSARTS, at)
    if capacity.role == Role.BEDRIJFSARTS:
        physicians = [row for row in physicians if row.pk == capacity.engagement_id]
    return Options(
        editions=editions,
        edition=edition,
        tasks=list(Task.objects.filter(edition=edition).order_by("sort_order")),
        physicians=physicians,
        delegates=colleagues(capacity.practice_id, Role.GEDELEGEERDE, at),
        employers=employers(capacity),
        relations=list(Relation.objects.filter(pk__in=relation_ids, practice=capacity.practice_id)),
        relation_names=relation_names(relation_ids),
        protocols=list(Protocol.objects.open_to(capacity, "read").order_by("name")),
    )
