"""Records as facts: one of each kind of relation to the reader, in every section, laid down from above the walls.

On the dossier of somebody of a role there stand, per section: a concept and a signed record of his own, one by
somebody else, one by somebody else that was shared with him, and one by somebody else that a consent names for every
verb. What he then sees of these five says exactly which value his cell has.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.utils import timezone
from psycopg import sql

from tests.expectations.matrix import MEDICAL_SECTIONS, PROCESS_SECTIONS, VERBS
from tests.world import Actor, Case, World

WHOSE = ("mine", "signed", "other", "shared", "consented")
OWN = {"mine", "signed"}
SEEN = {"all": set(WHOSE), "own": OWN, "shared": {"shared"}, "consent": {"consented"}}

JUNK = b"\x01" + bytes(12) + b"no text, and no key that opens it"

# Sections that are records with a header and parts; the others have a table of their own.
APART = ("signaal", "werkaantekening", "kennisgeving", "team", "inzage")
MEDICAL_RECORDS = tuple(section for section in MEDICAL_SECTIONS if section not in APART)
PROCESS_RECORDS = tuple(section for section in PROCESS_SECTIONS if section not in APART)

# A task of the contract under which a delegate may write in this section; elsewhere any task will do.
TASKS = {"toestemming": "P3", "proces": "P2", "werkgeverdeel": "P1", "agenda": "P2", "vrijgave": "M13"}


def task_for(section: str) -> str:
    return TASKS.get(section, "M2")


def panel(section: str) -> str:
    """Name the panel whose tables hold the records of a section."""
    return "medical" if section in MEDICAL_RECORDS else "process"


def purpose(section: str, role: str = "") -> str:
    """Name the purpose a record of this section carries: only a delegate's file has one of another name."""
    sick_leave = "pmo" if role == "bedrijfsarts_doelgebonden" else "begeleiding"
    return sick_leave if section == "gedelegeerde" else section


def behalf(case: Case) -> Any:
    """Name on whose behalf somebody works here: whose ground it is, or nobody's for who stands for himself."""
    if case.ground is None or case.ground.responsible_id is None:
        return None
    return case.ground.responsible.user_id


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@dataclass
class Seeded:
    """Somebody of a role on his dossier, with what stands in it: section → whose → id."""

    case: Case
    colleague: Actor
    headers: dict[str, dict[str, uuid.UUID]] = field(default_factory=dict)
    parts: dict[str, dict[str, uuid.UUID]] = field(default_factory=dict)
    series: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.case.actor


class Seeds:
    """Seeded dossiers, one per role, made once."""

    def __init__(self, world: World, connection: psycopg.Connection) -> None:
        self.world = world
        self.connection = connection
        self.made: dict[str, Seeded] = {}

    def of(self, role: str) -> Seeded:
        if role not in self.made:
            self.made[role] = self.new(role)
        return self.made[role]

    def new(self, role: str, **case: Any) -> Seeded:
        """Make somebody of this role in good standing, on a dossier with records in every section."""
        seeded = Seeded(self.world.case(role, **case), self.world.engaged("bedrijfsarts"))
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for section in (*MEDICAL_RECORDS, *PROCESS_RECORDS):
                self._records(seeded, section)
            self._signals(seeded)
            self._notes(seeded)
        return seeded

    def insert(self, table: str, **values: Any) -> None:
        """Lay down one row, whatever wall stands before the table."""
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        )
        self.connection.execute(statement, values)

    def header(self, seeded: Seeded, section: str, **values: Any) -> dict[str, Any]:
        """Say what a header holds; the values given win."""
        key = values.get("id", uuid.uuid4())
        return {
            "id": key,
            "practice_id": seeded.case.dossier.practice_id,
            "dossier_id": seeded.case.dossier.pk,
            "section": section,
            "purpose": purpose(section, seeded.case.role),
            "kind": "proef",
            "author_id": seeded.actor.user.pk,
            "engagement_id": seeded.actor.engagement.pk,
            "role": seeded.case.role,
            "ground_id": seeded.case.ground.pk if seeded.case.ground else uuid.uuid4(),
            "on_behalf_of_id": behalf(seeded.case),
            "state": "concept",
            "series": key,
            "version": 1,
            "revision": 1,
            "happened_at": minute(self.world.now - timedelta(days=2)),
            "written_at": timezone.now(),
            "form_key": uuid.uuid4(),
            **values,
        }

    def part(self, header: dict[str, Any], **values: Any) -> dict[str, Any]:
        """Say what a part under this header holds; the values given win."""
        copied = ("practice_id", "dossier_id", "section", "purpose", "author_id", "happened_at")
        return {
            "id": uuid.uuid4(),
            "record_id": header["id"],
            **{name: header[name] for name in copied},
            "code": "proef",
            "task": task_for(header["section"]),
            "content": JUNK,
            "shielded": False,
            **values,
        }

    def _records(self, seeded: Seeded, section: str) -> None:
        seeded.headers[section], seeded.parts[section] = {}, {}
        for whose in WHOSE:
            values: dict[str, Any] = {}
            if whose not in OWN:
                values = {
                    "author_id": seeded.colleague.user.pk,
                    "engagement_id": seeded.colleague.engagement.pk,
                    "role": "bedrijfsarts",
                }
            if whose != "mine":
                values |= {"state": "signed", "signed_at": timezone.now()}
            header = self.header(seeded, section, **values)
            part = self.part(header)
            self.insert(f"{panel(section)}_record", **header)
            self.insert(f"{panel(section)}_part", **part)
            seeded.headers[section][whose] = header["id"]
            seeded.parts[section][whose] = part["id"]
            seeded.series[section, whose] = header["series"]
        self._shared(seeded, section)
        self._consented(seeded, section)

    def _signals(self, seeded: Seeded) -> None:
        seeded.headers["signaal"] = {}
        for whose in WHOSE:
            author = seeded.actor if whose in OWN else seeded.colleague
            row = self.signal(seeded, author_id=author.user.pk)
            self.insert("medical_signal", **row)
            seeded.headers["signaal"][whose] = row["id"]
        self._shared(seeded, "signaal")
        self._consented(seeded, "signaal")

    def signal(self, seeded: Seeded, **values: Any) -> dict[str, Any]:
        key = values.get("id", uuid.uuid4())
        return {
            "id": key,
            "practice_id": seeded.case.dossier.practice_id,
            "dossier_id": seeded.case.dossier.pk,
            "author_id": seeded.actor.user.pk,
            "category": JUNK,
            "happened_at": minute(self.world.now - timedelta(days=2)),
            "written_at": self.world.now,
            **values,
        }

    def note(self, seeded: Seeded, **values: Any) -> dict[str, Any]:
        key = values.get("id", uuid.uuid4())
        return {
            "id": key,
            "practice_id": seeded.case.dossier.practice_id,
            "dossier_id": seeded.case.dossier.pk,
            "author_id": seeded.actor.user.pk,
            "content": JUNK,
            "written_at": self.world.now,
            "destroy_before": (self.world.now + timedelta(days=30)).date(),
            **values,
        }

    def _notes(self, seeded: Seeded) -> None:
        seeded.headers["werkaantekening"] = {}
        for whose in WHOSE:
            author = seeded.actor if whose in OWN else seeded.colleague
            row = self.note(seeded, author_id=author.user.pk)
            self.insert("medical_werkaantekening", **row)
            seeded.headers["werkaantekening"][whose] = row["id"]

    def share(self, seeded: Seeded, section: str, record: uuid.UUID, **values: Any) -> dict[str, Any]:
        """Say what a share of this record with the actor holds; the values given win."""
        task = {"gedelegeerde": "M2"}.get(seeded.case.role, "op_verzoek")
        key = values.get("id", uuid.uuid4())
        return {
            "id": key,
            "practice_id": seeded.case.dossier.practice_id,
            "dossier_id": seeded.case.dossier.pk,
            "record_id": record,
            "section": section,
            "purpose": purpose(section, seeded.case.role),
            "receiver_id": seeded.actor.user.pk,
            "task": task,
            "given_by_id": seeded.case.physician.user.pk,
            "starts_at": self.world.long_ago,
            "recorded_at": self.world.long_ago,
            **values,
        }

    def consent(
        self, seeded: Seeded, section: str, verb: str, item: uuid.UUID | None, **values: Any
    ) -> dict[str, Any]:
        """Say what a consent on this dossier holds; the values given win."""
        key = values.get("id", uuid.uuid4())
        return {
            "id": key,
            "practice_id": seeded.case.dossier.practice_id,
            "relation_id": seeded.case.dossier.relation_id,
            "section": section,
            "verb": verb,
            "receiver": "de ontvanger van de proef",
            "item": item,
            "content": "proef",
            "given_how": "mondeling",
            "recorded_by_id": seeded.case.physician.user.pk,
            "starts_at": self.world.long_ago,
            "recorded_at": self.world.long_ago,
            **values,
        }

    def _shared(self, seeded: Seeded, section: str) -> None:
        record = seeded.headers[section]["shared"]
        # Shared with the consent that a voluntary section asks, so that this never decides here.
        consent = self.consent(seeded, section, "share", item=None)
        self.insert("consent_consent", **consent)
        self.insert("dossier_share", **self.share(seeded, section, record, consent_id=consent["id"]))

    def _consented(self, seeded: Seeded, section: str) -> None:
        for verb in VERBS:
            row = self.consent(seeded, section, verb, item=seeded.headers[section]["consented"])
            self.insert("consent_consent", **row)
