"""What there is to tell an employee: who works for him, at which task, under whom. Prefills the notice form.

The form lives in `consent`, which knows nothing of contracts; settings.NOTICE_PROPOSALS names this function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from delegation.checks import during
from delegation.contracts.models import Contract
from delegation.deputising.models import Deputising
from delegation.people import title
from delegation.rulesets.models import Task
from delegation.supervision.models import Supervision
from directory.access.context import Capacity
from directory.people.models import Engagement, Relation


@dataclass(frozen=True)
class Proposal:
    """One notice that could be given. `key` names the person it is about and the physician he works under."""

    key: str
    kind: str
    about_id: int
    about: str
    responsible_id: int
    responsible: str
    function: str
    task: str
    reachable: str


def for_relation(*, capacity: Capacity, relation: Relation) -> list[Proposal]:
    """List what this capacity could tell this employee: of himself first, then of those who work under him."""
    now = timezone.now()
    found = [
        *_contracts(capacity, relation, now),
        *_deputisings(capacity, now),
        *_supervisions(capacity, now),
    ]
    return sorted(found, key=lambda proposal: (proposal.about_id != capacity.user_id, proposal.about))


def _proposal(
    kind: str, about: Engagement, responsible: Engagement, task: str, reach: Engagement | None = None
) -> Proposal:
    return Proposal(
        key=f"{about.pk}.{responsible.pk}",
        kind=kind,
        about_id=about.user_id,
        about=about.user.display_name,
        responsible_id=responsible.user_id,
        responsible=responsible.user.display_name,
        function=title(about),
        task=task,
        reachable=_reachable(reach or responsible),
    )


def _reachable(engagement: Engagement) -> str:
    """Give a telephone number to start from; when he can be reached is for people to add."""
    professional = getattr(engagement.user, "professional", None)
    number = (professional.phone if professional else "") or engagement.practice.phone
    return f"Telefoon {number}, op werkdagen" if number else ""


def _contracts(capacity: Capacity, relation: Relation, at: datetime) -> Iterator[Proposal]:
    covers = Q(scope__relation=relation.pk)
    if relation.employer_id:
        covers |= Q(scope__employer=relation.employer_id)
    mine = Q(delegate=capacity.engagement_id) | Q(physician=capacity.engagement_id)
    rows = Contract.objects.filter(during(at, prefix="ground__"), covers, mine, practice=capacity.practice_id)
    people = ("delegate__user__professional", "physician__user__professional", "physician__practice")
    # Who has two contracts under one physician is told about once: the notice names the person, not the paper.
    told: dict[tuple[UUID, UUID], tuple[Contract, list[Task]]] = {}
    for row in rows.select_related(*people).prefetch_related("tasks__task").distinct():
        _, tasks = told.setdefault((row.delegate_id, row.physician_id), (row, []))
        tasks += (line.task for line in row.tasks.all())
    for row, tasks in told.values():
        labels = dict.fromkeys(task.label for task in sorted(tasks, key=lambda task: task.sort_order))
        yield _proposal("delegatie", row.delegate, row.physician, ", ".join(labels))


def _deputisings(capacity: Capacity, at: datetime) -> Iterator[Proposal]:
    mine = Q(deputy=capacity.engagement_id) | Q(replaced=capacity.engagement_id)
    rows = Deputising.objects.filter(
        during(at, prefix="ground__"), mine, ground__isnull=False, practice=capacity.practice_id
    )
    people = ("deputy__user__professional", "replaced__user", "deputy__practice")
    for row in rows.select_related(*people):
        task = f"waarneming voor {row.replaced.user.display_name}"
        yield _proposal("waarneming", row.deputy, row.replaced, task, reach=row.deputy)


def _supervisions(capacity: Capacity, at: datetime) -> Iterator[Proposal]:
    mine = Q(physician=capacity.engagement_id) | Q(supervisor=capacity.engagement_id)
    rows = Supervision.objects.filter(during(at, prefix="ground__"), mine, practice=capacity.practice_id)
    people = ("physician__user__professional", "supervisor__user__professional", "supervisor__practice")
    for row in rows.select_related(*people):
        yield _proposal("supervisie", row.physician, row.supervisor, "de taken van de bedrijfsarts")
