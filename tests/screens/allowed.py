"""Who may meet which marker of the demo, written by hand from what its people agreed with each other.

Keys are those of the demo's employees. What is not written here may not be met: a text of a new model fails until
somebody decides about it.
"""

from __future__ import annotations

from typing import Any

DONGEN = {f"dongen{n}" for n in range(5, 20)} | {"monteur", "magazijn", "chauffeur", "planner", "oudploeg"}
VESTE = {f"veste{n}" for n in range(5, 21)} | {"lerares", "conrector", "grens", "geengrens"}
AMSTEL = {f"amstel{n}" for n in range(4, 21)} | {"zorg", "vrijwillig", "prik"}
NOORD = {f"noord{n}" for n in range(1, 5)}
CASELOAD = DONGEN | VESTE

# In the order in which the demo adds its people: so a marked surname says whose dossier it is.
ORDER = (
    *("monteur", "magazijn", "chauffeur", "planner", *(f"dongen{n}" for n in range(5, 20)), "oudploeg"),
    *("lerares", "conrector", "grens", "geengrens", *(f"veste{n}" for n in range(5, 21))),
    *("zorg", "vrijwillig", "prik", *(f"amstel{n}" for n in range(4, 21))),
    *(f"noord{n}" for n in range(1, 5)),
    "eigen",
)

# Everybody who comes in, in every capacity he has.
READERS = (
    *("bedrijfsarts", "bedrijfsarts-collega", "waarnemer", "waarnemer-verlopen", "anios", "pob"),
    *("pob-zonder-delegatie", "procesbewaker", "casemanager", "casemanager-2", "tweepetten/casemanager"),
    *("tweepetten/gedelegeerde", "secretariaat", "beheerder", "fg", "andere-praktijk", "andere-beheerder"),
)
ELSEWHERE = {"andere-praktijk", "andere-beheerder"}
EMPLOYERS = {"casemanager", "casemanager-2", "tweepetten/casemanager"}

# The left panel: who begleidt, who stands in for her now, who was introduced as working under her supervision.
MEDICAL = {
    "bedrijfsarts": CASELOAD | {"eigen"},
    "waarnemer": CASELOAD,
    "bedrijfsarts-collega": AMSTEL,
    "andere-praktijk": NOORD,
    "anios": {"chauffeur", "planner", "dongen9", "veste7", "conrector"},
}
# The right panel opens before the employee was told. A delegate where his contract reaches; of the two hats not for
# whom nobody decided that they can be kept apart.
PROCESS = MEDICAL | {
    "anios": CASELOAD,
    "pob": DONGEN | {"lerares"},
    "tweepetten/gedelegeerde": {"grens", "veste5", "veste6"},
    "procesbewaker": CASELOAD,
}
EMPLOYER_PART = PROCESS | {
    "secretariaat": CASELOAD | (AMSTEL - {"vrijwillig"}),
    "casemanager": {"monteur", "magazijn", "planner", "dongen5", "dongen6", "dongen9"},
    "casemanager-2": {"lerares", "conrector", "veste5", "veste6"},
    "tweepetten/casemanager": {"grens"},
}
# Who somebody is and where he works: everybody who works for him, and who keeps the administration. Whom a guard
# still holds back knows that there is somebody.
NAMES = EMPLOYER_PART | {
    "waarnemer": CASELOAD | AMSTEL | {"eigen"},
    "anios": CASELOAD | AMSTEL | {"eigen"},
    "tweepetten/gedelegeerde": {"grens", "geengrens", "veste5", "veste6"},
    "tweepetten/casemanager": {"grens", "geengrens"},
    "secretariaat": CASELOAD | AMSTEL | {"eigen"},
    "beheerder": CASELOAD | AMSTEL | {"eigen"},
    "andere-beheerder": NOORD,
}
# He reads who looked in a dossier: the heading says whose it is, and of voluntary ones not even that.
HEADING = {"fg": CASELOAD | (AMSTEL - {"vrijwillig"})}
IN_HEADING = {"initials", "prefix", "surname"}
ADDRESS = {"phone", "email", "street", "postcode", "city"}

# Objects of the practice, per model: who may read them.
PHYSICIANS = {"bedrijfsarts", "bedrijfsarts-collega", "waarnemer", "waarnemer-verlopen"}
DELEGATES = {"pob", "pob-zonder-delegatie", "tweepetten/gedelegeerde"}
INSIDE = {reader for reader in READERS if reader not in ELSEWHERE}
TEAM = INSIDE - EMPLOYERS
CONTRACT = PHYSICIANS | DELEGATES | {"anios", "beheerder", "fg"}
OBJECTS = {
    "delegation.Contract": CONTRACT,
    "delegation.ContractTask": CONTRACT,
    "delegation.CompetenceConclusion": PHYSICIANS | DELEGATES | {"anios"},
    "delegation.Protocol": TEAM,
    "delegation.ProtocolVersion": TEAM,
    "delegation.Assignment": PHYSICIANS | {"anios", "beheerder", "fg", *EMPLOYERS},
    "delegation.Deputising": PHYSICIANS | {"anios", "beheerder", "fg"},
    # What the officer decided; the physician would read it of his own dossiers, and this one is of none of hers.
    "dossier.ReviewDecision": {"fg", "bedrijfsarts-collega"},
    "delegation.SeparationDecision": PHYSICIANS | {"tweepetten/gedelegeerde", "tweepetten/casemanager"},
    "access.Ground": PHYSICIANS | {"anios", "beheerder", "fg", "pob"},
    "people.Employer": INSIDE,
    "professions.ExternalProfessional": TEAM,
    "reference.Location": INSIDE,
    "reference.ClosingDays": INSIDE,
    "reference.Setting": PHYSICIANS | {"beheerder", "fg"},
    "people.Professional": INSIDE,
    "people.Registration": TEAM,
    # Where somebody is expected, his employer may know; the practice knows its own house.
    "agenda.Room": INSIDE,
    "people.Engagement": {"bedrijfsarts", "beheerder", "fg"},
}
# Of their colleagues the employer's people learn who the physician is, not who works on the medical side.
HIDDEN_FROM_EMPLOYERS = {"pob", "pob-zonder-delegatie", "anios", "oud-medewerker"}


def person(reader: str) -> str:
    return reader.partition("/")[0]


def may_meet(reader: str, row: dict[str, Any], key: str, shared: set[str]) -> bool:
    """Say whether this reader may meet this marker; `key` is the employee it is about, if any."""
    model, side, section = row["model"], row["side"], row["section"]
    if (person(row["author"]) in ELSEWHERE) != (reader in ELSEWHERE):
        return False
    own = row["author"] == person(reader)
    if model in ("dossier.Draft", "medical.Werkaantekening"):
        return own and reader in ("bedrijfsarts", "pob")  # its author's alone
    if model == "dossier.StandardText":
        panel, _, whose = row["field"].partition(".")
        users = PHYSICIANS | DELEGATES | {"anios"}
        users = users if panel == "medical" else users | {"procesbewaker", "secretariaat"}
        return reader in users and (own or whose == "ours")
    if side == "medical":
        wrote = own and reader in ("pob", "tweepetten/gedelegeerde") and key in PROCESS[reader]
        # What the bedrijfsarts remarks in the files of delegates stands beside records of pob, all of it.
        beside = reader == "pob" and row["field"] == "opmerking" and key in PROCESS["pob"]
        given = beside or (reader == "pob" and row["marker"] in shared)
        return key in MEDICAL.get(reader, ()) or wrote or given
    if side == "process":
        who = EMPLOYER_PART if section == "werkgeverdeel" else PROCESS
        if section == "kennisgeving" and reader in ("procesbewaker", "secretariaat"):
            return own
        return key in who.get(reader, ())
    if model in ("people.Person", "people.Relation"):
        if key in HEADING.get(reader, ()):
            return row["field"] in IN_HEADING
        return key in NAMES.get(reader, ()) and not (reader in EMPLOYERS and row["field"] in ADDRESS)
    if model == "accounts.User":
        return not (reader in EMPLOYERS and row["author"] in HIDDEN_FROM_EMPLOYERS) or own
    return reader in ELSEWHERE or reader in OBJECTS[model]
