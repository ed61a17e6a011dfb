"""The models of delegation, each beside the concept it belongs to."""

from delegation.assignments.models import Assignment
from delegation.competence.models import CompetenceConclusion, OwnDeclaration
from delegation.competence.protocols import Protocol, ProtocolRead, ProtocolVersion
from delegation.contracts.models import Contract, ContractScope, ContractTask
from delegation.deputising.models import Absence, Deputising, StandingDeputy
from delegation.rulesets.models import Edition, Task
from delegation.separation.models import SeparationDecision
from delegation.supervision.models import Supervision, TakeOver

__all__ = [
    "Absence",
    "Assignment",
    "CompetenceConclusion",
    "Contract",
    "ContractScope",
    "ContractTask",
    "Deputising",
    "Edition",
    "OwnDeclaration",
    "Protocol",
    "ProtocolRead",
    "ProtocolVersion",
    "SeparationDecision",
    "StandingDeputy",
    "Supervision",
    "TakeOver",
    "Task",
]
