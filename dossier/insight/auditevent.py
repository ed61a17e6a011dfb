"""Rows of the access log as FHIR R4 AuditEvent, by the fields of NEN 7513. No content, no name, no medical value.

Who reads it decides how much is said: outside the medical side the parts of the medical file go under one name, and a
role or a ground that exists only for a voluntary contact goes under its side, for it would be the medical fact.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from directory.access.grid import the_grid
from directory.access.models import ORDINARY, AccessLog

DCM = "http://dicom.nema.org/resources/ontology/DCM"
ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
SOURCE = "http://terminology.hl7.org/CodeSystem/security-source-type"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
OURS = "urn:tweeluik"

# EventID and EventActionCode per kind of row (NEN 7513 annex; DICOM PS3.16 CID 400): what is not here is an act on the
# patient record.
RECORD = ("110110", "Patient Record")
QUERY, ALERT = ("110112", "Query"), ("110113", "Security Alert")
KINDS: dict[str, tuple[tuple[str, str], str]] = {
    "open": (RECORD, "R"),
    "list": (RECORD, "R"),
    "history": (RECORD, "R"),
    "search": (QUERY, "E"),
    "explain": (QUERY, "E"),
    "found": (RECORD, "C"),
    "write": (RECORD, "C"),
    "sign": (RECORD, "C"),
    "remark": (RECORD, "C"),
    "take_over": (RECORD, "C"),
    "amend": (RECORD, "U"),
    "share": (RECORD, "U"),
    "unshare": (RECORD, "U"),
    "move": (RECORD, "U"),
    "destroy": (RECORD, "D"),
    "print": (("110106", "Export"), "E"),
    "export": (("110106", "Export"), "E"),
    "release": (("110106", "Export"), "E"),
    "dispatch": (("110106", "Export"), "E"),
    "switch": (("110114", "User Authentication"), "E"),
    "log_review": (("110101", "Audit Log Used"), "R"),
    "refused": (ALERT, "E"),
    "error": (ALERT, "E"),
}
OTHER = (RECORD, "E")
# Roles that somebody has only where an employee came of his own accord, or asked another physician.
TELLING = ("bedrijfsarts_doelgebonden", "second_opinionarts")


def event(row: AccessLog, *, medical: bool, dossier: UUID | None) -> dict[str, Any]:
    """Write one row out. `medical`: for a reader on the medical side; `dossier`: of this one and no other."""
    what, action = KINDS.get(row.kind, OTHER)
    told = medical or not (
        row.role in TELLING or (row.ground_kind is not None and row.ground_kind not in ORDINARY)
    )
    found: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": str(row.pk),
        "type": {"system": DCM, "code": what[0], "display": what[1]},
        "subtype": [{"system": f"{OURS}:kind", "code": row.kind}],
        "action": action,
        "recorded": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "outcome": _outcome(row),
        "agent": _agents(row, told=told, medical=medical),
        "source": {
            "site": str(row.practice),
            "observer": {"identifier": {"system": f"{OURS}:system", "value": "tweeluik"}},
            "type": [{"system": SOURCE, "code": "4", "display": "Application Server"}],
        },
    }
    if row.code and told:
        found["outcomeDesc"] = row.code
    if entities := _entities(row, medical=medical, dossier=dossier):
        found["entity"] = entities
    return found


def _outcome(row: AccessLog) -> str:
    """Say success, minor failure or serious failure (RFC 3881 §5.1.4)."""
    if row.outcome == "ok":
        return "0"
    return "8" if row.kind == "error" else "4"


def _agents(row: AccessLog, *, told: bool, medical: bool) -> list[dict[str, Any]]:
    policies = [f"{OURS}:protocol:{row.protocol}"]
    if row.ground and told:  # behandelrelatieprotocol: the kind and the number of the ground
        policies.append(f"{OURS}:ground:{row.ground_kind}:{row.ground}")
    if row.consent and medical:  # toestemmingsprofiel; only what began voluntarily asks one
        policies.append(f"{OURS}:consent:{row.consent}")
    acting: dict[str, Any] = {
        "role": [{"coding": [{"system": f"{OURS}:role", "code": row.role if told else row.side}]}],
        "who": _who("account", row.actor),
        "altId": str(row.engagement),
        "requestor": True,
        "policy": policies,
    }
    if row.origin:
        # 2 is an IP address, 1 a name: a job of the server itself has no address (RFC 3881 §5.3.2).
        kind = "2" if row.origin[0].isdigit() or ":" in row.origin else "1"
        acting["network"] = {"address": row.origin, "type": kind}
    agents = [acting]
    if row.on_behalf_of is not None:
        responsible = {"coding": [{"system": PARTICIPATION, "code": "RESP"}]}
        agents.append({"type": responsible, "who": _who("account", row.on_behalf_of), "requestor": False})
    return agents


def _who(kind: str, value: object) -> dict[str, Any]:
    return {"identifier": {"system": f"{OURS}:{kind}", "value": str(value)}}


def _entities(row: AccessLog, *, medical: bool, dossier: UUID | None) -> list[dict[str, Any]]:
    asks = _asks(row.asks, medical=medical)
    sections = sorted({ask.partition(".")[0] for ask in asks})
    label = {"securityLabel": [{"system": f"{OURS}:section", "code": code} for code in sections]}
    detail = {"detail": [{"type": "ask", "valueString": ask} for ask in asks]}
    said = (label | detail) if asks else {}
    found: list[dict[str, Any]] = [
        {"what": _who("dossier", one), "type": _code(ENTITY, "1"), "role": _code(ROLE, "1"), **said}
        for one in row.dossiers
        if dossier in (None, one)
    ]
    if row.record is not None:
        record = {"what": _who("record", row.record), "type": _code(ENTITY, "2"), "role": _code(ROLE, "4")}
        if row.version is not None:
            record["detail"] = [{"type": "version", "valueString": str(row.version)}]
        found.append(record)
    if row.query is not None:  # by what was searched, never for what
        query = base64.b64encode(row.query.encode()).decode()
        found.append({"type": _code(ENTITY, "2"), "role": _code(ROLE, "24"), "query": query})
    if not found and said:
        found.append({"type": _code(ENTITY, "2"), "role": _code(ROLE, "13"), **said})
    return found


def _code(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


def _asks(asks: Iterable[str], *, medical: bool) -> list[str]:
    """Name section and verb; to a reader outside the medical side all medical sections have one name."""
    sections = the_grid().sections
    said = set()
    for ask in asks:
        section, _, verb = ask.partition(".")
        part = sections.get(section)
        shut = part is None or part.side in ("medical", "signal")
        said.add(ask if medical or not shut else f"medical.{verb}")
    return sorted(said)
