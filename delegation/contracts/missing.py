"""What is missing before a contract may be signed: all of it at once, with what to do and the source.

The list stands on the sign page and stops the signature. Whether the rights of a signed contract still hold
is decided elsewhere, by the guards, at every statement (Leidraad casemanagement §2.3.1, bijlage 4 en 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from delegation.checks import (
    PHYSICIAN_REGISTERS,
    RESERVED_ACT_REGISTERS,
    during,
    has_big,
    is_running,
    registers,
    secrecy_signed,
)
from delegation.competence.models import CompetenceConclusion, OwnDeclaration
from delegation.competence.protocol_actions import current_version
from delegation.contracts.models import Contract, ContractTask
from directory.people.models import Registration, SecrecyDeclaration
from directory.reference.values import setting

COMPETENCE = "bijlage 5, bekwaamheid; Wet BIG art. 38"
SUPERVISION = "bijlage 5, toezicht"
ASSIGNMENT = "bijlage 5, opdracht"


@dataclass(frozen=True)
class Missing:
    """One gap. `field` is where the form mends it; tasks have a field of their own."""

    field: str
    code: str
    text: str
    source: str


def task_field(row: ContractTask) -> str:
    return f"task-{row.task_id}"


def missing(contract: Contract, *, at: datetime) -> list[Missing]:
    """Collect every gap, in the order in which the sign page shows its parts."""
    tasks = list(contract.tasks.select_related("task").order_by("task__sort_order"))
    return [
        *_parties(contract, at),
        *_extent(contract, tasks, at),
        *_tasks(contract, tasks, at),
        *_supervision(contract, at),
        *_maximum(contract, at),
    ]


def _parties(contract: Contract, at: datetime) -> Iterator[Missing]:
    physician, delegate = contract.physician, contract.delegate
    if not is_running(physician, at):
        yield Missing(
            "physician", "physician_not_at_work", "De werkrelatie van de bedrijfsarts loopt niet.", ASSIGNMENT
        )
    if not is_running(delegate, at):
        yield Missing(
            "delegate",
            "delegate_not_at_work",
            "De werkrelatie van de gedelegeerde loopt nog niet, is geëindigd of wacht op uw aanvaarding.",
            ASSIGNMENT,
        )
    held = registers(physician.user_id, at)
    for register in PHYSICIAN_REGISTERS:
        if register not in held:
            label = Registration.Register(register).label
            yield Missing(
                "physician",
                f"no_{register}",
                (
                    f"Uw inschrijving ({label}) ontbreekt of is geëindigd. Laat de praktijk het register "
                    "raadplegen."
                ),
                "Wie-doet-wat §3.1; Wet BIG",
            )
    kind = SecrecyDeclaration.Kind.AFGELEID_BEROEPSGEHEIM
    if not secrecy_signed(delegate.user_id, contract.practice_id, kind, at):
        yield Missing(
            "delegate",
            "no_secrecy",
            "De gedelegeerde heeft de verklaring van afgeleid beroepsgeheim nog niet getekend. Vraag daarom.",
            "§1.2, §3.4 A-I",
        )


def _extent(contract: Contract, tasks: list[ContractTask], at: datetime) -> Iterator[Missing]:
    if contract.ends_at <= at:
        yield Missing(
            "ends_on", "already_ended", "De einddatum is voorbij. Kies een latere datum.", ASSIGNMENT
        )
    if not tasks:
        yield Missing(
            "tasks", "no_tasks", "Er staat geen taak in de overeenkomst. Kies er ten minste één.", "bijlage 4"
        )
    if not contract.scope.exists():
        yield Missing(
            "employers",
            "no_scope",
            "Kies voor welke werkgever of werknemer deze overeenkomst geldt.",
            "§1.2, §3.1",
        )


def _tasks(contract: Contract, tasks: list[ContractTask], at: datetime) -> Iterator[Missing]:
    user = contract.delegate.user_id
    now = Q(task__in=[row.task_id for row in tasks]) & during(at)
    concluded = set(
        CompetenceConclusion.objects.filter(
            now, delegate=user, physician=contract.physician.user_id
        ).values_list("task", flat=True)
    )
    declined = set(
        OwnDeclaration.objects.filter(now, user=user, competent=False).values_list("task", flat=True)
    )
    held = registers(user, at)
    big_only = setting(contract.practice_id, "big_only_for_judgement", at)
    for row in tasks:
        label, field = row.task.label, task_field(row)
        if row.task_id in declined:
            yield Missing(
                field,
                "own_incompetent",
                (
                    f"{label}: de gedelegeerde acht zich hiervoor niet bekwaam. Haal de taak uit de "
                    "overeenkomst."
                ),
                "bijlage 5: onbekwaam is onbevoegd",
            )
        if row.task_id not in concluded:
            yield Missing(
                field,
                "no_competence",
                f"{label}: leg vast hoe u de bekwaamheid in de praktijk hebt vastgesteld.",
                COMPETENCE,
            )
        if row.task.reserved and held.isdisjoint(RESERVED_ACT_REGISTERS):
            yield Missing(
                field,
                "reserved_without_big",
                f"{label} is een voorbehouden handeling. Dat vraagt een BIG-inschrijving die haar draagt, "
                "zoals die van een verpleegkundige.",
                "bijlage 5, voetnoot 37",
            )
        elif row.task.justify_without_big and not has_big(held):
            if big_only:
                yield Missing(
                    field, "big_only", f"{label}: uw praktijk vraagt hier een BIG-inschrijving.", "bijlage 4"
                )
            elif not row.justification.strip():
                yield Missing(
                    field,
                    "no_justification",
                    f"{label}: de gedelegeerde heeft geen BIG-inschrijving. Onderbouw waarom dit toch kan.",
                    "bijlage 4; bijlage 5, bekwaamheid",
                )


def _supervision(contract: Contract, at: datetime) -> Iterator[Missing]:
    if not contract.supervision_plan.strip():
        yield Missing(
            "supervision_plan", "no_supervision", "Beschrijf hoe u toezicht houdt op deze taken.", SUPERVISION
        )
    if not contract.consultation_interval:
        yield Missing(
            "consultation_interval", "no_interval", "Vul in hoe vaak u samen overlegt.", SUPERVISION
        )
    if contract.protocol_id is None:
        yield Missing(
            "protocol", "no_protocol", "Kies het protocol waarmee de gedelegeerde werkt.", ASSIGNMENT
        )
    elif current_version(contract.protocol_id, at) is None:
        yield Missing(
            "protocol", "no_protocol_version", "Van dit protocol is nog geen versie van kracht.", ASSIGNMENT
        )


def _maximum(contract: Contract, at: datetime) -> Iterator[Missing]:
    # No number stands in the sources, so where the practice chose none there is no maximum.
    maximum = setting(contract.practice_id, "max_delegates_per_bedrijfsarts", at)
    if maximum is None or contract.over_maximum_reason.strip():
        return
    others = delegates_now(contract, at) - {contract.delegate.user_id}
    if len(others) >= maximum:
        yield Missing(
            "over_maximum_reason",
            "over_maximum",
            f"U delegeert al aan {len(others)} mensen; uw praktijk houdt {maximum} aan. Schrijf op waarom "
            "het er meer kunnen zijn.",
            SUPERVISION,
        )


def delegates_now(contract: Contract, at: datetime) -> set[int]:
    """The people to whom this bedrijfsarts delegates at a moment."""
    running = Contract.objects.filter(
        during(at, prefix="ground__"),
        physician__user=contract.physician.user_id,
        practice=contract.practice_id,
    )
    return set(running.values_list("delegate__user", flat=True))
