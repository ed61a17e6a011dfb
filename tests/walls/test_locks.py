"""Two locks, each tried with the other taken away; and the read gate, which gives nothing that was not logged."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from consent.models import Consent, Notice
from delegation.models import Contract, ContractTask, Protocol
from directory.access.context import Capacity, NoCapacity
from directory.access.models import Ground, GroundScope, Suspension
from directory.access.querysets import GuardedQuerySet
from directory.people.models import Engagement, Person, Professional, Registration, Relation
from dossier.medical.models import MedicalPart, MedicalRecord, Signal, Werkaantekening
from dossier.models import Dossier, KeptText, Share
from tests.expectations.matrix import MEDICAL_SECTIONS, SIDES, VERBS, expected
from tests.walls import asking
from tests.walls.asking import REFUSED
from tests.walls.conftest import database
from tests.walls.seed import MEDICAL_RECORDS, SEEN, Seeded, Seeds
from tests.world import World

EVERYTHING = [f"{section}.{verb}" for section in MEDICAL_SECTIONS for verb in VERBS]
MEDICAL_HISTORIES = (
    "medical_historicalmedicalrecord",
    "medical_historicalmedicalpart",
    "consent_historicalconsent",
    "dossier_historicalshare",
)
MEDICAL_TABLES = (
    "medical_record",
    "medical_part",
    "medical_werkaantekening",
    "consent_consent",
    "dossier_share",
)


# --- the first lock taken away --------------------------------------------------------------------------------------


@pytest.fixture
def no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """An application that forgot every filter: the queryset verb gives all there is."""
    monkeypatch.setattr(GuardedQuerySet, "open_to", lambda self, capacity, verb="read": self.all())


def readable(role: str, section: str) -> set[str]:
    """Whose records of a medical section somebody of this role reads."""
    value = expected(role, section).get("read")
    return SEEN[value] if value else set()


@pytest.mark.parametrize("role", SIDES)
@pytest.mark.usefixtures("no_filter")
def test_without_any_filter_the_database_gives_no_section_the_role_has_no_cell_for(
    seeds: Seeds, role: str
) -> None:
    seeded = seeds.of(role)
    shown: dict[str, set[str]] = {section: set() for section in MEDICAL_SECTIONS}
    with seeded.actor.acts() as now:
        asking.opened(seeded.case.dossier.pk, EVERYTHING)
        found = set()
        for model in (MedicalRecord, Signal, Werkaantekening):
            query = model.objects.open_to(now.capacity, "read")
            assert " WHERE " not in str(query.query)
            rows = asking.outcome(lambda q=query: set(q.values_list("pk", flat=True)))
            found |= set() if rows == REFUSED else rows
    places = {pk: (section, whose) for section, its in seeded.headers.items() for whose, pk in its.items()}
    for pk in found:
        section, whose = places[pk]
        shown[section].add(whose)
    assert shown == {section: readable(role, section) for section in MEDICAL_SECTIONS}


# --- the second lock taken away -------------------------------------------------------------------------------------

ABOVE = "tweeluik_test_above"


@pytest.fixture(scope="module")
def login_above_the_walls(superuser: psycopg.Connection) -> Iterator[str]:
    """A login that passes row-level security and has what every hat has: a mistake somebody could make."""
    name = f"{ABOVE}_{database()}"
    superuser.execute(f'DROP ROLE IF EXISTS "{name}"')
    superuser.execute(f'CREATE ROLE "{name}" LOGIN BYPASSRLS INHERIT')
    hats = ", ".join(sorted({f"hat_{side}" for side in SIDES.values()}))
    superuser.execute(f'GRANT {hats}, hat_base TO "{name}"')
    superuser.execute(f'GRANT CONNECT ON DATABASE "{database()}" TO "{name}"')
    superuser.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{name}"')
    try:
        yield name
    finally:
        superuser.execute(f'DROP OWNED BY "{name}"')
        superuser.execute(f'DROP ROLE "{name}"')


@pytest.fixture
def above(login_above_the_walls: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serve under that login, without putting on a hat that would be below the walls again."""
    default = connections["default"]
    runtime = default.settings_dict["USER"]
    default.close()
    default.settings_dict["USER"] = login_above_the_walls
    monkeypatch.setattr(Capacity, "hat", property(lambda self: login_above_the_walls))
    try:
        yield
    finally:
        default.close()
        default.settings_dict["USER"] = runtime


@pytest.mark.parametrize("role", SIDES)
@pytest.mark.usefixtures("above")
def test_without_row_level_security_the_application_gives_what_the_cell_gives(
    seeds: Seeds, role: str
) -> None:
    seeded = seeds.of(role)
    stranger = seeds.of("gedelegeerde" if role == "bedrijfsarts" else "bedrijfsarts")
    places = {pk: (section, whose) for section, its in seeded.headers.items() for whose, pk in its.items()}
    with seeded.actor.acts() as now:
        assert MedicalRecord.objects.filter(dossier=stranger.case.dossier).exists(), "the wall still stands"
        asking.opened(seeded.case.dossier.pk, EVERYTHING)
        for model, sections in (
            (MedicalRecord, MEDICAL_RECORDS),
            (Signal, ("signaal",)),
            (Werkaantekening, ("werkaantekening",)),
        ):
            rows = {
                places[pk] for pk in model.objects.open_to(now.capacity, "read").values_list("pk", flat=True)
            }
            assert rows == {(section, whose) for section in sections for whose in readable(role, section)}
        parts = set(MedicalPart.objects.open_to(now.capacity, "read").values_list("record_id", flat=True))
        headers = set(MedicalRecord.objects.open_to(now.capacity, "read").values_list("pk", flat=True))
        assert parts == headers
        consents = Consent.objects.open_to(now.capacity, "read")
        assert consents.exists() == (expected(role, "toestemming").get("read") == "all")
        assert not consents.exclude(relation=seeded.case.dossier.relation_id).exists()
        assert not Share.objects.open_to(now.capacity).exclude(dossier=seeded.case.dossier).exists()
        assert not KeptText.objects.open_to(now.capacity).exists()
        notices = Notice.objects.open_to(now.capacity, "read")
        assert not notices.exclude(relation=seeded.case.dossier.relation_id).exists()


@pytest.mark.usefixtures("above")
@pytest.mark.parametrize(
    "model",
    [
        Ground,
        Contract,
        Protocol,
        Person,
        Relation,
        Engagement,
        GroundScope,
        Suspension,
        ContractTask,
        Professional,
        Registration,
    ],
)
def test_without_row_level_security_the_application_shows_nothing_of_another_practice(
    world: World, model: Any
) -> None:
    here = world.engaged("bedrijfsarts")
    abroad = world.engaged("bedrijfsarts", practice=world.other_practice)
    theirs = world.case("gedelegeerde", actor=world.engaged("gedelegeerde", practice=world.other_practice))
    world.suspend(theirs.ground)
    with here.acts() as now:
        everything = set(model.objects.values_list("pk", flat=True))
        seen = set(model.objects.open_to(now.capacity).values_list("pk", flat=True))
    place = {
        Professional: "user__engagements__practice",
        Registration: "professional__user__engagements__practice",
    }
    field = place.get(model, "practice")
    foreign = set(
        model.objects.using("owner")
        .filter(**{field: abroad.engagement.practice_id})
        .values_list("pk", flat=True)
    )
    assert foreign & everything, "nothing was there to leak"
    assert seen & foreign == set()


# --- a forgotten filter ---------------------------------------------------------------------------------------------

OUTSIDE = (
    "procesbewaker",
    "overig_a",
    "secretariaat",
    "casemanager",
    "overig_b",
    "praktijkbeheerder",
    "fg",
    "signaleerder",
)


@pytest.mark.parametrize("role", OUTSIDE)
def test_a_forgotten_filter_outside_the_medical_side_is_permission_denied(seeds: Seeds, role: str) -> None:
    tables = [*MEDICAL_TABLES, *MEDICAL_HISTORIES]
    if role != "signaleerder":
        tables += ["medical_signal", "medical_historicalsignal"]
    if SIDES[role] == "admin":
        tables += [
            "dossier_kepttext",
            "dossier_draft",
            "dossier_standardtext",
            "process_record",
            "process_part",
            "process_historicalprocesspart",
        ]
    if SIDES[role] == "desk":
        tables += [
            "process_historicalprocessrecord",
            "process_historicalprocesspart",
            "dossier_historicalshare",
        ]
    seeded = seeds.of(role)
    with seeded.actor.acts():
        asking.opened(
            seeded.case.dossier.pk, [f"{s}.{v}" for s in (*MEDICAL_SECTIONS, "proces") for v in VERBS]
        )
        for table in tables:
            for sql in (f"SELECT count(*) FROM {table}", f"SELECT EXISTS (SELECT 1 FROM {table})"):
                assert asking.outcome(lambda s=sql: asking.run(s)) == REFUSED, sql


def test_the_same_question_is_answered_on_the_medical_side(seeds: Seeds) -> None:
    seeded = seeds.of("bedrijfsarts")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, EVERYTHING)
        for table in ("medical_record", "medical_part", "consent_consent", "dossier_share", "medical_signal"):
            assert asking.run(f"SELECT count(*) FROM {table}") > [(0,)], table


def test_a_kept_text_is_shown_to_its_author_and_the_physician_and_to_no_other_side(
    seeds: Seeds, superuser: psycopg.Connection
) -> None:
    """What a delegate could not save waits for him, or for the bedrijfsarts; the process side sees none of it."""
    seeded = seeds.of("gedelegeerde")
    case, world = seeded.case, seeds.world
    guard = world.case("procesbewaker", dossier=case.dossier, physician=case.physician)
    row = {
        "id": uuid.uuid4(),
        "practice_id": case.dossier.practice_id,
        "dossier_id": case.dossier.pk,
        "author_id": case.actor.user.pk,
        "panel": "medical",
        "section": "gedelegeerde",
        "purpose": "begeleiding",
        "kind": "proef",
        "reason": "notice",
        "content": b"\x01junk",
        "kept_at": world.now,
        "decision": "",
    }
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        seeds.insert("dossier_kepttext", **row)
    asks = ["gedelegeerde.read", "gedelegeerde.write", "proces.read", "proces.write"]
    for actor, sees in ((case.actor, True), (case.physician, True), (guard.actor, False)):
        with actor.acts():
            assert asking.ids("dossier_kepttext") == set(), "shown before anything was opened"
            asking.opened(case.dossier.pk, asks)
            assert asking.ids("dossier_kepttext") == ({row["id"]} if sees else set())


# --- the read gate --------------------------------------------------------------------------------------------------


def records() -> int:
    return int(asking.run("SELECT count(*) FROM medical_record")[0][0])


@pytest.fixture
def physician(seeds: Seeds) -> Seeded:
    return seeds.of("bedrijfsarts")


def test_without_opening_nothing_is_shown(physician: Seeded) -> None:
    with physician.actor.acts() as now:
        for table in (
            "medical_record",
            "medical_part",
            "process_record",
            "medical_signal",
            "dossier_dossier",
        ):
            assert asking.ids(table) == set()
        assert not MedicalRecord.objects.open_to(now.capacity, "read").exists()
        asking.opened(physician.case.dossier.pk, ["begeleiding.read"])
        assert records() == len(SEEN["all"])


def test_opening_and_reading_in_one_statement_shows_nothing(physician: Seeded) -> None:
    """A statement sees the log as it was when it began: what it opens itself, it cannot read."""
    with physician.actor.acts():
        answered, read = asking.run(
            "WITH opened AS MATERIALIZED (SELECT * FROM access_open(%s, ARRAY['begeleiding.read'], '')) "
            "SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM medical_record)",
            physician.case.dossier.pk,
        )[0]
        assert (answered, read) == (1, 0)
        assert records() == len(SEEN["all"])


def test_what_one_request_opened_the_next_does_not_see(physician: Seeded) -> None:
    for _ in range(2):
        with physician.actor.acts():
            assert records() == 0
            asking.opened(physician.case.dossier.pk, ["begeleiding.read"])
            assert records() == len(SEEN["all"])


COLUMNS = (
    "at, xid, request, kind, outcome, code, actor, engagement, practice, role, side, purpose, asks, dossiers, origin, "
    "protocol, leaf"
)


def planted(superuser: psycopg.Connection, copied: str, **changes: Any) -> None:
    """Copy the log row of that request, with these columns changed, from above the walls."""
    changes.setdefault("origin", "planted")
    names = [name.strip() for name in COLUMNS.split(",")]
    values = [f"%({name})s" if name in changes else name for name in names]
    superuser.execute(
        f"INSERT INTO access_log ({COLUMNS}) SELECT {', '.join(values)} FROM access_log "
        "WHERE request = %(copied)s AND kind = 'open' ORDER BY id LIMIT 1",
        {**changes, "copied": copied},
    )


@pytest.fixture
def whole_again(superuser: psycopg.Connection) -> Iterator[None]:
    """Take planted rows out of the log again: it would rightly never verify any more."""
    yield
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("DELETE FROM access_log WHERE origin = 'planted'")


@pytest.mark.usefixtures("whole_again")
def test_a_copied_log_row_opens_nothing(
    seeds: Seeds, physician: Seeded, superuser: psycopg.Connection
) -> None:
    """Every part of the row is asked: the transaction, the request, who, in which capacity, and that it was granted."""
    dossier = physician.case.dossier.pk
    with physician.actor.acts() as first:
        asking.opened(dossier, ["begeleiding.read"])
        assert records() == len(SEEN["all"])
    with physician.actor.acts() as now:
        xid = asking.run("SELECT pg_current_xact_id()::text")[0][0]
        at = asking.run("SELECT clock_timestamp()")[0][0]
        right = {"at": at, "xid": xid, "request": now.nonce}
        wrong = (
            {},
            {"at": at, "xid": xid},
            {"at": at, "request": now.nonce},
            {**right, "at": seeds.world.now},
            {**right, "kind": "note"},
            {**right, "kind": "found"},
            {**right, "outcome": "refused"},
            {**right, "engagement": physician.colleague.engagement.pk},
            {**right, "actor": physician.colleague.user.pk},
            {**right, "asks": []},
            {**right, "asks": ["open_spreekuur.read"], "dossiers": []},
        )
        for changes in wrong:
            planted(superuser, first.nonce, **changes)
            assert records() == 0, changes
        planted(superuser, first.nonce, **right)
        assert records() == len(SEEN["all"]), "not even the true row opens: this test proves nothing"


@pytest.mark.usefixtures("whole_again")
def test_a_true_log_row_opens_nothing_for_whom_the_guards_refuse(
    seeds: Seeds, superuser: psycopg.Connection
) -> None:
    """The log says what was asked for; the grid and the guards are asked again at every statement."""
    seeded = seeds.of("procesbewaker")
    doctor = seeds.new("bedrijfsarts")
    with seeded.actor.acts() as first:
        asking.opened(seeded.case.dossier.pk, ["proces.read"])
    with seeded.actor.acts() as now:
        asking.opened(seeded.case.dossier.pk, ["proces.read"])
        right = {
            "at": asking.run("SELECT clock_timestamp()")[0][0],
            "xid": asking.run("SELECT pg_current_xact_id()::text")[0][0],
            "request": now.nonce,
        }
        before = asking.ids("process_record")
        assert before
        planted(superuser, first.nonce, **right, asks=EVERYTHING, dossiers=[doctor.case.dossier.pk])
        assert asking.ids("process_record") == before
        assert asking.ids("medical_record") == REFUSED


def test_opening_one_section_opens_no_other(physician: Seeded) -> None:
    with physician.actor.acts():
        asking.opened(physician.case.dossier.pk, ["pmo.read"])
        assert asking.ids("medical_record") == set(physician.headers["pmo"].values())
        asking.opened(physician.case.dossier.pk, ["keuring.read"])
        assert asking.ids("medical_record") == {
            *physician.headers["pmo"].values(),
            *physician.headers["keuring"].values(),
        }


def test_opening_one_dossier_opens_no_other(seeds: Seeds, physician: Seeded) -> None:
    second = seeds.new("bedrijfsarts", actor=physician.actor, physician=physician.actor)
    with physician.actor.acts():
        asking.opened(second.case.dossier.pk, ["begeleiding.read"])
        assert asking.ids("medical_record") == set(second.headers["begeleiding"].values())
        assert asking.ids("dossier_dossier") == {second.case.dossier.pk}


def test_a_dossier_is_never_opened_inside_a_savepoint(physician: Seeded) -> None:
    """Rolled back to it, the log row would be gone and what was read would not."""
    with physician.actor.acts():
        with transaction.atomic(), pytest.raises(NoCapacity, match="savepoint"):
            Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
        assert Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read").may("begeleiding.read")


def test_an_error_somebody_swallows_withholds_the_page(
    physician: Seeded, superuser: psycopg.Connection
) -> None:
    """COMMIT of a failed transaction is a silent ROLLBACK: a page shown without its log row. So it is refused."""
    page = []

    def swallow() -> None:
        with physician.actor.acts() as now:
            Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
            page.append((now, MedicalRecord.objects.open_to(now.capacity, "read").count()))
            with contextlib.suppress(DatabaseError):
                asking.run("SELECT 1 / 0")

    with pytest.raises(NoCapacity, match="swallowed"):
        swallow()
    ((now, read),) = page
    assert read == len(SEEN["all"]), "nothing was read: there was nothing to withhold"
    assert superuser.execute("SELECT 1 FROM access_log WHERE request = %s", [now.nonce]).fetchall() == []
    with physician.actor.acts() as now:
        Dossier.objects.open(physician.case.dossier.pk, "begeleiding.read")
        asking.outcome(lambda: asking.run("SELECT 1 / 0"))
    assert superuser.execute("SELECT 1 FROM access_log WHERE request = %s", [now.nonce]).fetchall() == [(1,)]


def test_a_capacity_never_nests_and_only_the_bound_one_asks(seeds: Seeds, physician: Seeded) -> None:
    other = seeds.of("waarnemer")
    with other.actor.acts() as first:
        theirs = first.capacity
    with physician.actor.acts() as now:
        with pytest.raises(NoCapacity, match="nests"), other.actor.acts():
            pass
        with pytest.raises(NoCapacity, match="bound"):
            MedicalRecord.objects.open_to(theirs, "read")
        assert MedicalRecord.objects.open_to(now.capacity, "read").count() == 0


def test_outside_a_capacity_nothing_is_asked_and_nothing_shown() -> None:
    for table in ("medical_record", "process_record", "dossier_dossier", "access_log", "people_person"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
    with pytest.raises(NoCapacity):
        Dossier.objects.open(uuid.uuid4(), "begeleiding.read")


# --- has_perm asks for whom it is asked -----------------------------------------------------------------------------


def test_has_perm_says_no_for_everybody_but_the_bound_person(physician: Seeded) -> None:
    record = MedicalRecord(pk=physician.headers["begeleiding"]["other"], dossier_id=physician.case.dossier.pk)
    with physician.actor.acts():
        asking.opened(physician.case.dossier.pk, ["begeleiding.read"])
        assert physician.actor.user.has_perm("dossier.begeleiding.read", record)
        assert not physician.colleague.user.has_perm("dossier.begeleiding.read", record)


def test_has_perm_on_a_record_says_no_for_another_section(physician: Seeded) -> None:
    record = MedicalRecord(
        pk=physician.headers["begeleiding"]["other"],
        dossier_id=physician.case.dossier.pk,
        section="begeleiding",
    )
    with physician.actor.acts():
        asking.opened(physician.case.dossier.pk, ["begeleiding.read", "proces.read"])
        assert physician.actor.user.has_perm("dossier.begeleiding.read", record)
        assert not physician.actor.user.has_perm("dossier.proces.read", record)


# --- signed is immutable ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asks", [["begeleiding.write"], ["begeleiding.write", "begeleiding.read"]])
def test_what_was_signed_stays_however_little_was_opened(
    seeds: Seeds, physician: Seeded, asks: list[str]
) -> None:
    """An UPDATE without a WHERE asks nothing of the rule for reading; the signature must hold all the same."""
    signed, mine = physician.parts["begeleiding"]["signed"], physician.parts["begeleiding"]["mine"]
    with physician.actor.acts():
        asking.opened(physician.case.dossier.pk, asks)
        assert asking.changed("UPDATE medical_part SET content = '\\x00'") == "23514"
        header = seeds.header(physician, "begeleiding", id=physician.headers["begeleiding"]["signed"])
        assert asking.insert("medical_part", seeds.part(header, code="nieuw")) == "23514"
        concept = seeds.header(physician, "begeleiding", id=physician.headers["begeleiding"]["mine"])
        assert asking.insert("medical_part", seeds.part(concept, code="nieuw")) is True
        if len(asks) == 2:
            change = "UPDATE medical_part SET content = '\\x00' WHERE id = %s"
            assert asking.changed(change, signed) == "23514"
            assert asking.changed(change, mine) == 1
