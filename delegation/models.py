"""The models of delegation, each beside the concept it belongs to."""

from .assignments.models import Assignment
from .competence.models import CompetenceConclusion, OwnDeclaration
from .competence.protocols import Protocol, ProtocolRead, ProtocolVersion
from .contracts.models import Contract, ContractScope, ContractTask
from .deputising.models import Absence, Deputising
from .rulesets.models import Edition, Task
from .separation.models import SeparationDecision
from .supervision.models import Supervision, TakeOver

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
    "Supervision",
    "TakeOver",
    "Task",
]
