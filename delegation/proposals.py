"""What there is to tell an employee: who works for him, at which task, under whom. Prefills the notice form.

The form lives in `consent`, which knows nothing of contracts; settings.NOTICE_PROPOSALS names this function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from delegation.assignments.models import Assignment
from delegation.checks import during
from delegation.contracts.models import Contract
from delegation.deputising.models import StandingDeputy
from delegation.deputising.running import deputisings
from delegation.people import reachable, title
from delegation.rulesets.models import Task
from delegation.supervision.models import Supervision
from directory.access.context import Capacity
from directory.access.grid import Value, the_grid
from directory.people.models import Engagement, Relation, Role


@dataclass(frozen=True)
class Proposal:
    """One notice that could be given. `key` names the person it is about and the physician he works under."""

    key: str
    kind: str
    about_id: int | None
    about: str
    responsible_id: int
    responsible: str
    function: str
    task: str
    reachable: str


def for_relation(*, capacity: Capacity, relation: Relation) -> list[Proposal]:
    """List what this capacity could tell this employee: of himself first, then of those who work under him."""
    now = timezone.now()
    physicians = _physicians(capacity, relation, now)
    found = [
        *_contracts(capacity, relation, now),
        *_deputisings(capacity, physicians, now),
        *_supervisions(capacity, now),
        *_groups(physicians, now),
        *_second_physicians(capacity, relation, now),
        *_reintegration(capacity, relation, now),
    ]
    return sorted(found, key=lambda proposal: (proposal.about_id != capacity.user_id, proposal.about))


def _physicians(capacity: Capacity, relation: Relation, at: datetime) -> set[UUID]:
    """Name the bedrijfsartsen for whom this capacity speaks: himself, or under whom he works for this employee."""
    if capacity.role == Role.BEDRIJFSARTS:
        return {capacity.engagement_id}
    assigned = Assignment.objects.filter(
        during(at, prefix="ground__"), holder=capacity.engagement_id, responsible__isnull=False
    )
    found = set(assigned.values_list("responsible", flat=True))
    return found | set(_covering(capacity, relation, at).values_list("physician", flat=True))


def _covering(capacity: Capacity, relation: Relation, at: datetime) -> QuerySet[Contract]:
    """Contracts of this capacity that hold for this employee; none for who reads no contract at all.

    Where the grid gives no cell there is no privilege either, and asking would be refused.
    """
    cell = the_grid().cells[capacity.role, "taakcontract"].values.values()
    if all(value is Value.NOTHING for value in cell):
        return Contract.objects.none()
    covers = Q(scope__relation=relation.pk)
    if relation.employer_id:
        covers |= Q(scope__employer=relation.employer_id)
    mine = Q(delegate=capacity.engagement_id) | Q(physician=capacity.engagement_id)
    rows = Contract.objects.filter(during(at, prefix="ground__"), covers, mine, practice=capacity.practice_id)
    return rows.distinct()


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
        reachable=reachable(reach or responsible),
    )


def _contracts(capacity: Capacity, relation: Relation, at: datetime) -> Iterator[Proposal]:
    rows = _covering(capacity, relation, at)
    people = ("delegate__user__professional", "physician__user__professional", "physician__practice")
    # Who has two contracts under one physician is told about once: the notice names the person, not the paper.
    told: dict[tuple[UUID, UUID], tuple[Contract, list[Task]]] = {}
    for row in rows.select_related(*people).prefetch_related("tasks__task"):
        _, tasks = told.setdefault((row.delegate_id, row.physician_id), (row, []))
        tasks += (line.task for line in row.tasks.all())
    for row, tasks in told.values():
        labels = dict.fromkeys(task.label for task in sorted(tasks, key=lambda task: task.sort_order))
        yield _proposal("delegatie", row.delegate, row.physician, ", ".join(labels))


def _deputisings(capacity: Capacity, physicians: set[UUID], at: datetime) -> Iterator[Proposal]:
    """Who stands in: told by himself, by whom he replaces, or by letter from the desk of that bedrijfsarts."""
    tells = capacity.role in (Role.BEDRIJFSARTS, Role.SECRETARIAAT)
    for found in deputisings():
        row = found.row
        mine = row.deputy_id == capacity.engagement_id or (tells and row.replaced_id in physicians)
        if mine and found.holds(at):
            task = f"waarneming voor {row.replaced.user.display_name}"
            yield _proposal("waarneming", row.deputy, row.replaced, task, reach=row.deputy)


def _supervisions(capacity: Capacity, at: datetime) -> Iterator[Proposal]:
    mine = Q(physician=capacity.engagement_id) | Q(supervisor=capacity.engagement_id)
    rows = Supervision.objects.filter(during(at, prefix="ground__"), mine, practice=capacity.practice_id)
    people = ("physician__user__professional", "supervisor__user__professional", "supervisor__practice")
    for row in rows.select_related(*people):
        yield _proposal("supervisie", row.physician, row.supervisor, "de taken van de bedrijfsarts")


def _groups(physicians: set[UUID], at: datetime) -> Iterator[Proposal]:
    """The waarneemgroep of a bedrijfsarts, named at the first contact: who is told of it need not be told later."""
    rows = StandingDeputy.objects.filter(during(at), physician__in=physicians)
    people = ("physician__user__professional", "physician__practice", "deputy__user")
    groups: dict[UUID, list[StandingDeputy]] = {}
    for row in rows.select_related(*people).order_by("deputy__user__display_name"):
        groups.setdefault(row.physician_id, []).append(row)
    for group in groups.values():
        physician = group[0].physician
        names = ", ".join(str(row.deputy.user) for row in group)
        yield Proposal(
            key=f"waarneemgroep.{physician.pk}",
            kind="waarneemgroep",
            about_id=None,
            about="De waarneemgroep",
            responsible_id=physician.user_id,
            responsible=physician.user.display_name,
            function="bedrijfsartsen van de waarneemgroep",
            task=f"nemen waar als {physician.user.display_name} er niet is: {names}",
            reachable=reachable(physician),
        )


def _second_physicians(capacity: Capacity, relation: Relation, at: datetime) -> Iterator[Proposal]:
    """A second bedrijfsarts whose division of work was written down: told by the other, never by himself."""
    if capacity.role != Role.BEDRIJFSARTS:
        return
    rows = Assignment.objects.filter(
        during(at, prefix="ground__"),
        kind="client",
        employer=relation.employer_id,
        practice=capacity.practice_id,
    ).exclude(role_division="")
    me = Engagement.objects.select_related("user__professional", "practice").get(pk=capacity.engagement_id)
    for row in rows.exclude(holder=capacity.engagement_id).select_related("holder__user__professional"):
        yield _proposal("tweede_bedrijfsarts", row.holder, me, row.role_division)


def _reintegration(capacity: Capacity, relation: Relation, at: datetime) -> Iterator[Proposal]:
    """A company that works at re-integration for the employer: without this it gets nothing of the employee."""
    if capacity.role not in (Role.BEDRIJFSARTS, Role.PRAKTIJKBEHEERDER):
        return
    rows = Assignment.objects.filter(
        during(at, prefix="ground__"), kind="reintegration", relation=relation.pk
    )
    for row in rows.select_related("holder__user__professional", "holder__practice"):
        yield _proposal("reintegratie", row.holder, row.holder, row.tasks)
