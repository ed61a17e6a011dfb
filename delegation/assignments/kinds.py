"""What each kind of assignment is: its ground, the roles it is for, who accepts it, the secrecy it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from delegation.assignments.models import AssignmentKind
from directory.people.models import Role


@dataclass(frozen=True)
class Rule:
    """`accepted_by`: the holder himself, the bedrijfsarts he works under, or the administrator.

    The administrator accepts what the principal or the practice itself assigns; work under a bedrijfsarts
    that he prepared counts after the acceptance of that bedrijfsarts.
    """

    ground: str
    roles: tuple[Role, ...]
    accepted_by: Literal["holder", "responsible", "administrator"]
    secrecy: Literal["afgeleid_beroepsgeheim", "avg_geheimhouding", "signalering"] | None
    source: str


RULES: dict[str, Rule] = {
    AssignmentKind.CLIENT: Rule("client_assignment", (Role.BEDRIJFSARTS,), "holder", None, "§3.1"),
    AssignmentKind.PROCESS: Rule(
        "process_assignment",
        (Role.PROCESBEWAKER, Role.OVERIG_A),
        "responsible",
        "afgeleid_beroepsgeheim",
        "§1.2; Arbowet art. 14 lid 4",
    ),
    AssignmentKind.SIGNAL: Rule(
        "signal_assignment", (Role.SIGNALEERDER,), "responsible", "signalering", "§3.4 A-II"
    ),
    AssignmentKind.EMPLOYER: Rule(
        "employer_assignment",
        (Role.CASEMANAGER,),
        "administrator",
        "avg_geheimhouding",
        "§2.3.2, §3.4 B-II",
    ),
    AssignmentKind.REINTEGRATION: Rule(
        "employer_reintegration", (Role.OVERIG_B,), "administrator", "avg_geheimhouding", "§3.4"
    ),
    AssignmentKind.DESK: Rule("desk", (Role.SECRETARIAAT,), "responsible", "afgeleid_beroepsgeheim", "§3.1"),
    AssignmentKind.TEAM: Rule("team", (Role.TEAMLID,), "responsible", "afgeleid_beroepsgeheim", "§3.1"),
    AssignmentKind.CUSTODY: Rule("custody", (Role.DOSSIERBEWAARDER,), "administrator", None, "BW 7:454"),
}
