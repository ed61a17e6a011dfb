"""What the contract screens show, gathered in few questions and handed to the templates as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from delegation.checks import during
from delegation.competence.models import CompetenceConclusion, OwnDeclaration
from delegation.competence.protocol_actions import current_version
from delegation.contracts.missing import Missing, missing, task_field
from delegation.contracts.models import Contract, ContractScope, ContractTask
from delegation.contracts.state import State, standing_still, state
from delegation.dates import first_day, last_day, show_day, show_moment, show_period
from delegation.people import employer_names, named, relation_names
from directory.access.context import Capacity
from directory.access.models import Suspension

# How much of competence somebody sees: all of it, whether it was concluded, or nothing.
Insight = Literal["all", "status", "none"]
PEOPLE = ("delegate__user__professional", "physician__user__professional", "edition", "protocol", "ground")


@dataclass(frozen=True)
class Tag:
    soort: str
    tekst: str


@dataclass(frozen=True)
class ContractRow:
    """One line of the list."""

    url: str
    delegate: str
    physician: str
    edition: str
    period: str
    tag: Tag


@dataclass(frozen=True)
class TaskRow:
    """One task of a contract with both judgements about it, and where they can be given."""

    task_id: UUID
    label: str
    recorded_in: str
    competence: Tag
    concluded: bool
    limits: str
    own: Tag
    declared: str
    justification: str
    missing: list[Missing]


@dataclass(frozen=True)
class ContractPage:
    contract: Contract
    state: State
    facts: list[tuple[str, str]]
    tasks: list[TaskRow]
    gaps: list[Missing]
    suspension: str = ""
    protocol_url: str = ""
    actions: list[tuple[str, str, str]] = field(default_factory=list)  # address, label, kind of button


def visible(capacity: Capacity) -> QuerySet[Contract]:
    """Contracts this capacity may read, with the people on them.

    The rule stands in a subquery: it names columns without their table, and the people have the same ones.
    """
    may_read = Contract.objects.open_to(capacity, "read").values("pk")
    return Contract.objects.filter(pk__in=may_read).select_related(*PEOPLE)


def contract_rows(capacity: Capacity, at: datetime) -> list[ContractRow]:
    """The list: drafts first, then what runs, then what is over; the newest of each first."""
    ready = Exists(ContractTask.objects.filter(contract=OuterRef("pk"))) & Exists(
        ContractScope.objects.filter(contract=OuterRef("pk"))
    )
    filled = Q(protocol__isnull=False, consultation_interval__gte=1, supervision_plan__regex=r"\S")
    rows = list(
        visible(capacity).alias(ready=ready).annotate(complete=Q(ready & filled)).order_by("-drafted_at")
    )
    suspended = standing_still([row.ground_id for row in rows], at)
    found = []
    for row in rows:
        status = state(row, suspended=suspended, complete=row.complete, at=at)
        found.append((ORDER.index(status.code), _row(row, status)))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


ORDER = (
    "awaits_signature", "draft", "awaits_acceptance", "suspended", "not_begun", "valid", "withdrawn", "expired",
)  # fmt: skip


def _row(contract: Contract, status: State) -> ContractRow:
    return ContractRow(
        url=reverse("contract", args=[contract.pk]),
        delegate=named(contract.delegate),
        physician=contract.physician.user.display_name,
        edition=contract.edition.name,
        period=show_period(contract.starts_at, contract.ends_at),
        tag=Tag(status.tone, status.label),
    )


def contract_page(
    contract: Contract, at: datetime, *, is_physician: bool, insight: Insight = "all"
) -> ContractPage:
    """Everything one contract shows. The gaps before signing are collected for its own physician only."""
    rows = list(contract.tasks.select_related("task").order_by("task__sort_order"))
    gaps = missing(contract, at=at) if contract.is_draft and is_physician else []
    suspended = standing_still([contract.ground_id], at)
    complete = bool(
        rows and contract.protocol_id and contract.consultation_interval and contract.supervision_plan
    )
    return ContractPage(
        contract=contract,
        state=state(contract, suspended=suspended, complete=complete, at=at),
        facts=_facts(contract, at),
        tasks=task_rows(contract, rows, gaps, at, insight),
        gaps=[gap for gap in gaps if not gap.field.startswith("task-")],
        suspension=_suspension(contract, at) if suspended else "",
        protocol_url=reverse("protocol", args=[contract.protocol_id]) if contract.protocol_id else "",
    )


def _facts(contract: Contract, at: datetime) -> list[tuple[str, str]]:
    version = current_version(contract.protocol_id, at) if contract.protocol_id else None
    protocol = ", ".join(str(part) for part in (contract.protocol, version) if part)
    interval = contract.consultation_interval
    facts = [
        ("Gedelegeerde", named(contract.delegate)),
        ("Bedrijfsarts", named(contract.physician)),
        ("Takenlijst", f"{contract.edition.name} ({contract.edition.source})"),
        ("Periode", show_period(contract.starts_at, contract.ends_at)),
        ("Geldt voor", scope_text(contract)),
        ("Protocol", protocol or "nog niet gekozen"),
        ("Overleg", _every(interval)),
        ("Toezicht", contract.supervision_plan or "nog niet beschreven"),
    ]
    if contract.over_maximum_reason:
        facts.append(("Boven het maximum", contract.over_maximum_reason))
    if contract.signed_at:
        facts.append(("Ondertekend", f"door de bedrijfsarts op {show_moment(contract.signed_at)}"))
    if contract.accepted_at:
        facts.append(("Aanvaard", f"door de gedelegeerde op {show_moment(contract.accepted_at)}"))
    ground = contract.ground
    if ground is not None and ground.ended_reason:
        ended = show_moment(ground.ends_at) if ground.ends_at else ""
        facts.append(("Ingetrokken", f"per {ended}: {ground.ended_reason}"))
    return facts


def _every(weeks: int | None) -> str:
    if not weeks:
        return "nog niet ingevuld"
    return "elke week" if weeks == 1 else f"elke {weeks} weken"


def scope_text(contract: Contract) -> str:
    """Name the clients and employees this capacity may see, and count the rest."""
    rows = list(contract.scope.all())
    names = employer_names(row.employer_id for row in rows if row.employer_id)
    names |= relation_names(row.relation_id for row in rows if row.relation_id)
    known = sorted(names.values())
    if rest := len(rows) - len(known):
        known.append(f"{rest} andere" if known else f"{rest} aangewezen")
    return ", ".join(known) or "nog niet gekozen"


def task_rows(
    contract: Contract, rows: Iterable[ContractTask], gaps: Iterable[Missing], at: datetime, insight: Insight
) -> list[TaskRow]:
    """Join each task with the conclusion of this bedrijfsarts and the declaration of this delegate.

    With insight "status" only whether there is a conclusion; its words and the declaration are not asked for.
    """
    user = contract.delegate.user_id
    physician = contract.physician.user_id
    wanted = Q(task__in=[row.task_id for row in rows]) & during(at)
    concluded: dict[UUID, CompetenceConclusion] = {}
    declared: dict[UUID, OwnDeclaration] = {}
    if insight != "none":
        found = CompetenceConclusion.objects.filter(wanted, delegate=user, physician=physician)
        if insight == "status":
            found = found.only("task", "starts_at", "ends_at")
        concluded = {conclusion.task_id: conclusion for conclusion in found}
    if insight == "all":
        declared = {own.task_id: own for own in OwnDeclaration.objects.filter(wanted, user=user)}
    by_field: dict[str, list[Missing]] = {}
    for gap in gaps:
        by_field.setdefault(gap.field, []).append(gap)
    return [
        _task_row(
            row,
            concluded.get(row.task_id),
            declared.get(row.task_id),
            by_field.get(task_field(row), []),
            words=insight == "all",
        )
        for row in rows
    ]


def _task_row(
    row: ContractTask,
    conclusion: CompetenceConclusion | None,
    own: OwnDeclaration | None,
    gaps: list[Missing],
    *,
    words: bool,
) -> TaskRow:
    if conclusion is None:
        competence = Tag("wacht", "Nog niet vastgesteld")
    elif conclusion.ends_at is None:
        competence = Tag("ok", f"Vastgesteld op {show_day(first_day(conclusion.starts_at))}")
    else:
        competence = Tag("ok", f"Vastgesteld t/m {show_day(last_day(conclusion.ends_at))}")
    said = Tag("wacht", "Nog niet verklaard")
    if own is not None:
        said = Tag("ok", "Acht zich bekwaam") if own.competent else Tag("fout", "Acht zich niet bekwaam")
    return TaskRow(
        task_id=row.task_id,
        label=row.task.label,
        recorded_in=row.task.get_record_side_display(),
        competence=competence,
        concluded=conclusion is not None,
        limits=conclusion.limits if conclusion and words else "",
        own=said,
        declared="" if own is None else ("ja" if own.competent else "nee"),
        justification=row.justification,
        missing=gaps,
    )


def _suspension(contract: Contract, at: datetime) -> str:
    row = Suspension.objects.filter(during(at), ground=contract.ground_id).first()
    return f"Geschorst sinds {show_moment(row.starts_at)}: {row.reason}" if row else ""
