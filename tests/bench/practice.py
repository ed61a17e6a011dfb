"""The practice that is measured: 100,000 dossiers, people with few and with many of them, a delegate, and notes.

People, grounds, contract and notes are made as the tests make them, so every guard holds and every note is sealed under
its own key. The mass behind them (persons, relations, dossiers, grants, notices, other people's records) is loaded by
INSERT ... SELECT, with triggers asleep; the history of grants and parts is added afterwards.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from django.utils import timezone
from psycopg.sql import SQL, Literal

from consent.models import Notice
from directory.access.context import Acting, Capacity, begin, bound
from directory.access.keystore import add_key
from directory.access.models import Ground, GroundScope
from directory.accounts.models import User
from directory.people.models import Employer, Person, Relation
from dossier.medical.models import MedicalPart, MedicalRecord
from dossier.models import Dossier, DossierGrant
from tests.world import DELEGATED, OWNER, Actor, World

from . import databases
from .bulk import load, load_history

STAFF = 200  # dossiers per employer
SIZES = (10, 100, 1_000, 10_000, 50_000, 100_000)
NOTES, MEASURED = 20, 5  # notes in a measured dossier; measured dossiers per person
COLLEAGUES = 20  # physicians who share the practice between them, each with a delegate
TEXT = "De werknemer vertelt hoe het ging sinds het vorige gesprek. " * 12  # 700 characters

# A prime, so that the order in time has nothing to do with the order on disk.
NUMBERED = """
CREATE TEMP TABLE loaded AS SELECT n, n %% %(employers)s AS employer_n, n / %(employers)s AS nth,
  now() - (n::bigint * 7919 %% %(dossiers)s) * interval '1 minute' AS sort_at,
  gen_random_uuid() AS person, gen_random_uuid() AS relation, gen_random_uuid() AS dossier, NULL::uuid AS employer
FROM generate_series(0, %(dossiers)s - 1) n
"""


@dataclass
class Subject:
    """Somebody whose work is measured: how many dossiers he sees, and in which of them notes stand."""

    label: str
    actor: Actor
    visible: int
    section: str
    ground: Ground
    capacity: Capacity = field(init=False)
    dossiers: list[uuid.UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        user, engagement = self.actor.user.pk, self.actor.engagement.pk
        self.capacity = begin(session_key=uuid.uuid4().hex, user_id=user, engagement_id=engagement)

    @contextmanager
    def acts(self, reason: str = "bench") -> Iterator[Acting]:
        """Act as in a request: one transaction under the hat, with a capacity that stays over many requests."""
        with bound(self.capacity, reason=reason) as now:
            yield now

    @property
    def shell(self) -> Dossier:
        """The first measured dossier, as something to ask a permission on."""
        return Dossier(pk=self.dossiers[0])


class Practice:
    """Loads the practice. `subjects` are physicians by the number of dossiers they see."""

    subjects: dict[int, Subject]
    spread: Subject
    delegate: Subject

    def __init__(self, dossiers: int) -> None:
        self.world = World()
        self.total = dossiers
        self.measured: set[uuid.UUID] = set()
        self.employers = max(1, dossiers // STAFF)
        self.server = databases.without_triggers()
        self.system = User.objects.using(OWNER).get(username="systeem")
        self._people()
        self._physicians()
        self._colleagues()
        self._delegate()
        self._first_versions(DossierGrant)
        self._background_records()
        self._first_versions(MedicalPart)
        self.server.execute("ANALYZE")
        for subject in (*self.subjects.values(), self.spread, self.delegate):
            self._notes(subject)
        self.server.execute("VACUUM (ANALYZE)")

    # -- the mass --------------------------------------------------------------------------------------

    def _people(self) -> None:
        self.server.execute(NUMBERED % {"employers": self.employers, "dossiers": self.total})
        practice, long_ago = self.world.practice, self.world.long_ago
        every = f"generate_series(0, {self.employers - 1}) n"
        self._load(Employer, every, practice=practice, name=SQL("'Werkgever ' || n"))
        self.server.execute(
            "UPDATE loaded SET employer = e.id FROM people_employer e WHERE e.name = 'Werkgever ' || loaded.employer_n"
        )
        self.server.execute("CREATE INDEX ON loaded (employer_n)")
        self.server.execute("ANALYZE loaded")
        self._load(
            Person,
            "loaded",
            id=SQL("person"),
            practice=practice,
            initials="T.",
            surname=SQL("'Werknemer' || n"),
            sort_key=SQL("'werknemer' || n"),
            birth_date=SQL("date '1960-01-01' + n % 14000"),
        )
        self._load(
            Relation,
            "loaded",
            id=SQL("relation"),
            practice=practice,
            person=SQL("person"),
            employer=SQL("employer"),
            kind="employment",
            starts_on=date(2015, 1, 1),
        )
        self._load(
            Dossier,
            "loaded",
            id=SQL("dossier"),
            practice=practice,
            relation=SQL("relation"),
            person=SQL("person"),
            employer=SQL("employer"),
            founded_at=long_ago,
            founded_by=self.system,
            process_from=long_ago,
            sort_at=SQL("sort_at"),
        )

    def _physicians(self) -> None:
        """Physicians who see a few employees of one employer, or the whole staff of many."""
        self.subjects = {}
        for visible in (size for size in SIZES if size <= self.total):
            if visible < STAFF:
                which, scope = f"employer_n = 0 AND nth < {visible}", "relation"
            else:
                which, scope = f"employer_n < {visible // STAFF}", "employer"
            self.subjects[visible] = self._physician(f"{visible:,}", visible, [which], scope)
        visible = max(size for size in self.subjects if size <= 10_000)
        parts = [f"employer_n < {visible // STAFF} AND employer_n % 20 = {part}" for part in range(20)]
        self.spread = self._physician(f"{visible:,} on 20 grounds", visible, parts, "employer")

    def _physician(self, label: str, visible: int, parts: list[str], scope: str) -> Subject:
        actor = self.world.engaged("bedrijfsarts")
        for which in parts:
            ground = self.world.ground("client_assignment", "bedrijfsarts", actor)
            # At the same moment as the others who are measured: nobody came first, so nobody waits for the other.
            self.server.execute("UPDATE access_ground SET recorded_at = starts_at WHERE id = %s", [ground.pk])
            self._grants(ground, actor, which, scope)
        return Subject(label, actor, visible, "begeleiding", ground)

    def _colleagues(self) -> None:
        """Give every dossier a physician, a delegate and a desk. They began later, so nobody is in the way."""
        later = self.world.long_ago + timedelta(days=1)
        for n in range(COLLEAGUES):
            physician = self.world.engaged("bedrijfsarts")
            for kind, role in (
                ("client_assignment", "bedrijfsarts"),
                ("contract", "gedelegeerde"),
                ("desk", "secretariaat"),
            ):
                actor = physician if role == "bedrijfsarts" else self.world.engaged(role)
                under = None if actor is physician else physician
                ground = self.world.ground(kind, role, actor, responsible=under, starts_at=later)
                self._grants(ground, actor, f"employer_n % {COLLEAGUES} = {n}", "employer")

    def _delegate(self) -> None:
        """A delegate over the whole caseload of a physician, with everything a delegate asks."""
        visible = self.spread.visible
        physician, actor = self.subjects[visible].actor, self.world.engaged("gedelegeerde")
        self.world.secrecy(actor, "afgeleid_beroepsgeheim")
        ground = self.world.ground("contract", "gedelegeerde", actor, responsible=physician)
        self.world.contract(ground, actor, physician, DELEGATED)
        self.world.make(GroundScope, practice=ground.practice, ground=ground, caseload=True)
        which = f"employer_n < {visible // STAFF}"
        self._grants(ground, actor, which)
        self._load(
            Notice,
            f"(SELECT * FROM loaded WHERE {which}) l",
            practice=ground.practice,
            relation=SQL("relation"),
            kind="delegatie",
            about=actor.user,
            responsible=physician.user,
            function="praktijkondersteuner",
            task="anamnese",
            reachable="dagelijks per telefoon",
            right_to_speak=True,
            given_at=self.world.long_ago,
            given_by=actor.user,
            means="gesprek",
        )
        self.delegate = Subject(f"delegate, {visible:,}", actor, visible, "gedelegeerde", ground)

    def _grants(self, ground: Ground, actor: Actor, which: str, scope: str | None = None) -> None:
        """Compile a ground by hand: its scope, and the grants the kernel would make of it."""
        loaded = f"(SELECT * FROM loaded WHERE {which}) l"
        if scope:
            named = f"(SELECT DISTINCT {scope} FROM loaded WHERE {which}) l"
            self._load(GroundScope, named, practice=ground.practice, ground=ground, **{scope: SQL(scope)})
        permission = Permission.objects.using(OWNER).get(
            codename=ground.role, content_type__app_label="dossier"
        )
        self._load(
            DossierGrant,
            loaded,
            practice=ground.practice,
            user=actor.user,
            permission=permission,
            content_object=SQL("dossier"),
            ground=ground,
            given_by=ground.given_by,
            given_at=ground.starts_at,
            role=ground.role,
            purposes=ground.purposes,
            sort_at=SQL("sort_at"),
        )

    def _background_records(self) -> None:
        """Two notes of a colleague in every dossier, so that the tables have their size. Their text is noise."""
        self.server.execute(
            "CREATE TEMP TABLE written AS SELECT gen_random_uuid() AS record, gen_random_uuid() AS form, l.dossier, "
            "g.user_id, gr.holder_id, g.ground_id, g.practice_id, "
            "date_trunc('minute', l.sort_at) - k * interval '60 days' AS at "
            "FROM loaded l JOIN dossier_dossiergrant g ON g.content_object_id = l.dossier AND g.role = 'bedrijfsarts' "
            "JOIN access_ground gr ON gr.id = g.ground_id, generate_series(1, 2) k WHERE gr.starts_at > %s",
            [self.world.long_ago],
        )
        shared = {
            "practice": SQL("practice_id"),
            "dossier": SQL("dossier"),
            "section": "begeleiding",
            "purpose": "begeleiding",
            "author": SQL("user_id"),
            "happened_at": SQL("at"),
        }
        self._load(
            MedicalRecord,
            "written",
            **shared,
            id=SQL("record"),
            kind="consult",
            engagement=SQL("holder_id"),
            role="bedrijfsarts",
            ground=SQL("ground_id"),
            state="signed",
            series=SQL("record"),
            written_at=SQL("at"),
            signed_at=SQL("at"),
            form_key=SQL("form"),
        )
        noise = Literal(b"\x01" + os.urandom(len(TEXT) + 28))
        self._load(
            MedicalPart, "written", **shared, record=SQL("record"), code="verslag", task="M3", content=noise
        )

    def _load(self, model: type[models.Model], source: str, **columns: Any) -> None:
        load(self.server, model, source, **columns)

    def _first_versions(self, model: Any) -> None:
        load_history(self.server, model, self.system.pk)

    # -- what is read ----------------------------------------------------------------------------------

    def _notes(self, subject: Subject) -> None:
        """Write notes in some of his dossiers, newest and oldest, that nobody else is measured in."""
        grants = self.server.execute(
            "SELECT content_object_id FROM dossier_dossiergrant WHERE user_id = %s ORDER BY sort_at DESC",
            [subject.actor.user.pk],
        ).fetchall()
        step = len(grants) // MEASURED
        for start in range(0, step * MEASURED, step):
            free = next(row[0] for row in grants[start:] if row[0] not in self.measured)
            self.measured.add(free)
            subject.dossiers.append(free)
        for dossier in subject.dossiers:
            write_notes(subject, dossier, NOTES)


def header(subject: Subject, dossier: uuid.UUID, happened_at: datetime, **values: Any) -> MedicalRecord:
    """Make an unsaved record of this subject."""
    pk = uuid.uuid4()
    return MedicalRecord(
        id=pk,
        practice_id=subject.capacity.practice_id,
        dossier_id=dossier,
        section=subject.section,
        purpose="begeleiding",
        kind="consult",
        author_id=subject.capacity.user_id,
        engagement_id=subject.capacity.engagement_id,
        role=subject.ground.role,
        ground_id=subject.ground.pk,
        on_behalf_of_id=subject.ground.responsible.user_id if subject.ground.responsible else None,
        series=pk,
        happened_at=happened_at,
        form_key=uuid.uuid4(),
        **values,
    )


def part(record: MedicalRecord, code: str = "verslag") -> MedicalPart:
    """Make the unsaved text of a record."""
    return MedicalPart(
        practice_id=record.practice_id,
        dossier_id=record.dossier_id,
        record_id=record.pk,
        section=record.section,
        purpose=record.purpose,
        author_id=record.author_id,
        code=code,
        task="M7",
        content=TEXT,
        happened_at=record.happened_at,
    )


def write_notes(subject: Subject, dossier: uuid.UUID, count: int) -> list[uuid.UUID]:
    """Write and sign notes as a page would: opened, sealed under keys of their own, through the policies."""
    now = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    made = []
    with subject.acts() as acting:
        opened = Dossier.objects.open(dossier, f"{subject.section}.read", f"{subject.section}.write")
        answer = opened.need(f"{subject.section}.write")  # of several grounds, the one of this dossier
        for n in range(count):
            record = header(subject, dossier, now - timedelta(days=n))
            record.ground_id, record.on_behalf_of_id = answer.ground, answer.responsible
            acting.keys[record.pk] = add_key(record.pk)
            record.save(force_insert=True)
            part(record).save(force_insert=True)
            record.state, record.signed_at, record.revision = "signed", timezone.now(), 2
            record.save(update_fields=["state", "signed_at", "revision"])
            made.append(record.pk)
    return made
