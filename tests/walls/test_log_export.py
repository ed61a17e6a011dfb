"""The log handed out as FHIR AuditEvent: whole for who follows the dossier, without a medical word for who may not know.

The shape is checked against the R4 definition of the resource, written out here by hand.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.access.models import AccessLog
from dossier.insight.auditevent import event
from dossier.models import Dossier
from tests.domain.test_records_tools import note
from tests.walls import looking
from tests.world import Actor, Case, World

Events = list[dict[str, Any]]
VOLUNTARY = ("open_spreekuur", "pmo", "keuring", "vaccinatie", "overig")


@pytest.fixture
def physician(world: World) -> Case:
    """A physician who opened her dossier and signed a note in it."""
    case = looking.alone(world, "bedrijfsarts")
    note(case)
    return case


@pytest.fixture
def officer(world: World, physician: Case) -> Actor:
    return world.engaged("fg", practice=physician.dossier.practice)


Export = Callable[..., Events]


@pytest.fixture
def export(capsys: pytest.CaptureFixture[str]) -> Export:
    """Export as somebody; returns what came out, line by line."""

    def run(by: Actor, *arguments: Any) -> Events:
        capsys.readouterr()
        who = ["--as", by.user.username, "--capacity", str(by.engagement.pk)]
        call_command("audit", "export", *who, *map(str, arguments))
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def today() -> list[str]:
    day = timezone.localdate().isoformat()
    return ["--from", day, "--until", day]


# --- shape ----------------------------------------------------------------------------------------------------

# hl7.org/fhir/R4/auditevent.html: which elements there are, and which must be.
RESOURCE = {"resourceType", "id", "type", "subtype", "action", "period", "recorded", "outcome", "outcomeDesc"}
RESOURCE |= {"purposeOfEvent", "agent", "source", "entity"}
AGENT = {"type", "role", "who", "altId", "name", "requestor", "location", "policy", "media", "network"}
ENTITY = {"what", "type", "role", "lifecycle", "securityLabel", "name", "description", "query", "detail"}
CODING = {"system", "version", "code", "display", "userSelected"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def coding(given: dict[str, Any]) -> None:
    assert set(given) <= CODING
    assert given["system"].startswith(("http://", "urn:"))
    assert re.fullmatch(r"\S+( \S+)*", given["code"])


def reference(given: dict[str, Any]) -> None:
    assert set(given) == {"identifier"}
    assert set(given["identifier"]) == {"system", "value"}
    assert given["identifier"]["value"]


def no_nothing(given: Any) -> None:
    """FHIR knows no null and no empty list, object or text."""
    assert given not in (None, "", [], {})
    for value in given.values() if isinstance(given, dict) else given if isinstance(given, list) else ():
        no_nothing(value)


def is_audit_event(given: dict[str, Any]) -> None:
    no_nothing(given)
    assert set(given) <= RESOURCE
    assert given["resourceType"] == "AuditEvent"
    assert ID.fullmatch(given["id"])
    coding(given["type"])
    for one in given.get("subtype", []):
        coding(one)
    assert given["action"] in "CRUDE"
    assert INSTANT.fullmatch(given["recorded"])
    assert given["outcome"] in ("0", "4", "8", "12")
    assert sum(agent["requestor"] for agent in given["agent"]) == 1
    for agent in given["agent"]:
        assert set(agent) <= AGENT
        assert isinstance(agent["requestor"], bool)
        reference(agent["who"])
        for concept in [*agent.get("role", []), *([agent["type"]] if "type" in agent else [])]:
            assert set(concept) == {"coding"}
            for one in concept["coding"]:
                coding(one)
        assert all(policy.startswith("urn:") for policy in agent.get("policy", []))
        if "network" in agent:
            assert set(agent["network"]) == {"address", "type"}
            assert agent["network"]["type"] in "12345"
    source = given["source"]
    assert set(source) <= {"site", "observer", "type"}
    reference(source["observer"])
    for one in source["type"]:
        coding(one)
    for entity in given.get("entity", []):
        assert set(entity) <= ENTITY
        assert not {"name", "query"} <= set(entity), "sev-1 of the resource: one of the two"
        if "what" in entity:
            reference(entity["what"])
        for one in (entity["type"], entity["role"], *entity.get("securityLabel", [])):
            coding(one)
        if "query" in entity:
            base64.b64decode(entity["query"], validate=True)
        for one in entity.get("detail", []):
            assert set(one) == {"type", "valueString"}


def test_every_kind_of_row_is_an_audit_event_of_r4(superuser: psycopg.Connection, physician: Case) -> None:
    """The rows of everything this suite did before; written out for both readers."""
    rows = looking.rows(superuser, practice=physician.dossier.practice_id)
    everything = superuser.execute("SELECT DISTINCT ON (kind, outcome, role) id FROM access_log").fetchall()
    for (number,) in everything:
        rows += looking.rows(superuser, id=number)
    assert rows
    for row in rows:
        for medical in (True, False):
            is_audit_event(event(AccessLog(**row), medical=medical, dossier=None))


# --- who gets what --------------------------------------------------------------------------------------------


def labels(events: Events) -> set[str]:
    return {
        label["code"]
        for one in events
        for entity in one.get("entity", [])
        for label in entity.get("securityLabel", [])
    }


def test_the_officer_gets_the_day_without_a_medical_section(
    physician: Case, officer: Actor, export: Export
) -> None:
    events = export(officer, *today())
    for one in events:
        is_audit_event(one)
    codes = {one["subtype"][0]["code"] for one in events}
    assert {"open", "sign"} <= codes
    assert "medical" in labels(events)
    text = json.dumps(events)
    for word in (*VOLUNTARY, "begeleiding", "toestemming", "beroepsziekte", "second_opinion", "signaal"):
        assert word not in text, word


def test_the_physician_gets_her_dossier_with_sections_and_versions(physician: Case, export: Export) -> None:
    record = str(note(physician).pk)
    events = export(physician.actor, "--dossier", physician.dossier.pk)
    for one in events:
        is_audit_event(one)
    assert "begeleiding" in labels(events)
    named = [
        (one["subtype"][0]["code"], entity["detail"])
        for one in events
        for entity in one.get("entity", [])
        if entity.get("what", {}).get("identifier", {}).get("value") == record
    ]
    assert named == [("sign", [{"type": "version", "valueString": "1"}])]
    assert any(f"urn:tweeluik:ground:client_assignment:{physician.ground.pk}" in str(one) for one in events)


def test_both_get_the_same_rows(physician: Case, officer: Actor, export: Export) -> None:
    mine = export(physician.actor, "--dossier", physician.dossier.pk)
    theirs = export(officer, "--dossier", physician.dossier.pk)
    seen = {one["id"] for one in mine}
    assert {one["id"] for one in theirs} > seen, "and the row about her export"
    assert len(seen) >= 2


def test_of_a_list_with_more_dossiers_only_the_one_that_was_asked_is_named(
    world: World, physician: Case, export: Export
) -> None:
    second = world.case(
        "bedrijfsarts",
        dossier=looking.dossier_in(world, physician.dossier.practice),
        actor=physician.actor,
        physician=physician.actor,
    )
    with physician.actor.acts():
        assert len(Dossier.objects.newest()) == 2
    events = export(physician.actor, "--dossier", physician.dossier.pk)
    assert any(one["subtype"][0]["code"] == "list" for one in events)
    assert str(second.dossier.pk) not in json.dumps(events)
    assert str(physician.dossier.pk) in json.dumps(events)


def test_a_role_or_ground_that_betrays_a_voluntary_contact_goes_under_its_side(
    world: World, export: Export
) -> None:
    case = looking.alone(world, "bedrijfsarts_doelgebonden")
    looking.openings(case, "open_spreekuur.read")
    events = export(world.engaged("fg", practice=case.dossier.practice), *today())
    (opening,) = [one for one in events if one["subtype"][0]["code"] == "open"]
    assert opening["agent"][0]["role"][0]["coding"][0]["code"] == "medical"
    for word in ("doelgebonden", "self_referral", "open_spreekuur"):
        assert word not in json.dumps(events), word


def test_a_second_opinion_is_told_to_the_medical_side_alone() -> None:
    row = AccessLog(kind="open", outcome="refused", code="second_opinion_consent", role="second_opinionarts")
    row.pk, row.at, row.side, row.actor, row.asks, row.dossiers = 1, timezone.now(), "medical", 1, [], []
    row.practice, row.engagement, row.protocol, row.origin = uuid4(), uuid4(), "x", "job"
    row.ground, row.ground_kind = uuid4(), "second_opinion"
    whole, coarse = (json.dumps(event(row, medical=medical, dossier=None)) for medical in (True, False))
    assert whole.count("second_opinion") == 3
    assert "second_opinion" not in coarse


@pytest.mark.parametrize(
    "role", ["procesbewaker", "casemanager", "secretariaat", "gedelegeerde", "praktijkbeheerder"]
)
def test_nobody_else_gets_a_line(
    world: World, physician: Case, export: Export, role: str, superuser: psycopg.Connection
) -> None:
    if role == "praktijkbeheerder":
        by = world.engaged(role, practice=physician.dossier.practice)
    else:
        by = world.case(role, dossier=physician.dossier, physician=physician.actor).actor
    for arguments in (["--dossier", physician.dossier.pk], today()):
        with pytest.raises(CommandError, match="mag deze persoon nu niet"):
            export(by, *arguments)
    refused = looking.rows(superuser, actor=by.user.pk, outcome="refused")
    assert len(refused) == 2, "a refusal is a line itself"


def test_a_physician_gets_neither_a_dossier_of_another_nor_the_log_of_the_practice(
    world: World, physician: Case, export: Export
) -> None:
    other = looking.alone(world, "bedrijfsarts")
    for arguments in (["--dossier", other.dossier.pk], ["--dossier", uuid4()], today()):
        with pytest.raises(CommandError, match="mag deze persoon nu niet"):
            export(physician.actor, *arguments)


def test_an_officer_gets_nothing_of_another_practice(world: World, officer: Actor, export: Export) -> None:
    other = looking.alone(world, "bedrijfsarts")
    looking.openings(other, "begeleiding.read")
    assert export(officer, *today())
    assert str(other.dossier.pk) not in json.dumps(export(officer, *today()))
    assert export(officer, "--dossier", other.dossier.pk) == []


# --- it is logged, and only then leaves -----------------------------------------------------------------------


def test_an_export_is_a_line_of_the_log_itself(
    physician: Case, officer: Actor, export: Export, superuser: psycopg.Connection
) -> None:
    export(physician.actor, "--dossier", physician.dossier.pk)
    row = looking.row(superuser, actor=physician.actor.user.pk, kind="export")
    assert (row["asks"], row["dossiers"]) == (["inzage.copy"], [physician.dossier.pk])
    assert row["ground"] == physician.ground.pk
    export(officer, *today())
    row = looking.row(superuser, actor=officer.user.pk, kind="export")
    assert (row["asks"], row["dossiers"]) == (["logcontrole.read"], [])


def test_what_is_not_logged_does_not_leave(
    officer: Actor, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log.ndjson"
    export(officer, *today(), "--output", file)
    assert file.read_text().count("AuditEvent") > 1
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="kan niet worden gemaakt"):
        export(officer, *today(), "--output", file)  # what stands there is not written over

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("dossier.insight.exporting.log.note", broken)
    with pytest.raises(RuntimeError):
        export(officer, *today(), "--output", tmp_path / "tweede.ndjson")
    assert not (tmp_path / "tweede.ndjson").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "gisteren", "--until", "2026-01-01"], "geen dag"),
        (["--from", "2026-02-30", "--until", "2026-03-01"], "geen dag"),
        (["--from", "2026-02-02", "--until", "2026-02-01"], "vóór de eerste"),
        (["--from", "0001-01-01", "--until", "9999-12-31"], ""),
        (["--dossier", "x"], "geen geldig nummer"),
        ([], "Geef een dossier"),
    ],
)
def test_what_was_typed_wrong_is_said(
    officer: Actor, export: Export, arguments: list[str], words: str
) -> None:
    if not words:
        assert export(officer, *arguments)
        return
    with pytest.raises(CommandError, match=words):
        export(officer, *arguments)
