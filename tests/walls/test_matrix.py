"""Every cell of the grid through three doors, against what was written by hand in tests/expectations/matrix.py.

The doors: opening and `.open_to` in the application, `has_perm`, and the database alone. Every role stands in good
standing on a dossier that holds, per section, records of his own, of a colleague, shared with him and named by a
consent, so a cell shows both what it lets through and what it keeps.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from consent.models import Consent, Notice
from delegation.models import CompetenceConclusion, Contract
from directory.access.models import AccessLog
from dossier.medical.models import MedicalPart, MedicalRecord, Signal, Werkaantekening
from dossier.models import Dossier
from dossier.process.models import ProcessPart, ProcessRecord
from tests.expectations.matrix import (
    CONDITIONED,
    MEDICAL_SECTIONS,
    NEVER_LOGS_IN,
    OBJECTS,
    ROLES,
    SECTIONS,
    SIDES,
    VERBS,
    expected,
    office,
)
from tests.walls import asking
from tests.walls.asking import REFUSED
from tests.walls.seed import MEDICAL_RECORDS, OWN, PROCESS_RECORDS, SEEN, Seeded, Seeds, panel
from tests.world import World

CELLS = [(role, section) for role in SIDES for section in SECTIONS]
MODELS = {"medical": (MedicalRecord, MedicalPart), "process": (ProcessRecord, ProcessPart)}
TABLES = (
    "medical_record",
    "process_record",
    "medical_part",
    "process_part",
    "medical_signal",
    "medical_werkaantekening",
)

# Verbs that no table of a section holds: their answer is the whole of them, until the act itself has a table.
WITHOUT_ROWS = {
    "dispatch",
    "copy",
    "transfer",
    "decide",
    "release",
    "prepare",
    "status",
    "index",
    "roster",
    "reopen",
    "confirm",
    "sign",
    "cosign",
    "suspend",
    "revoke",
    "end",
}

OUTSIDE = ("signaleerder", "procesbewaker", "overig_a", "casemanager", "overig_b")


def cells(*names: str, of: Any = CELLS) -> Any:
    """Parametrise over cells."""
    found = [pytest.param(*pair, id="-".join(pair)) for pair in of]
    return pytest.mark.parametrize(("role", *names), found)


def seen(role: str, section: str, verb: str) -> set[str]:
    """Whose records of this section the role reaches with this verb."""
    return SEEN[expected(role, section)[verb]] if verb in expected(role, section) else set()


def asks(section: str, verbs: Any = VERBS) -> list[str]:
    return [f"{section}.{verb}" for verb in verbs]


# --- the cell itself ------------------------------------------------------------------------------------------


@cells("section", of=[(role, section) for role in ROLES for section in (*SECTIONS, *OBJECTS)])
def test_the_compiled_cell_says_what_was_written_by_hand(
    owner: psycopg.Cursor, role: str, section: str
) -> None:
    owner.execute("SELECT v, access_cell(%s, %s, v) FROM unnest(%s::text[]) v", [role, section, list(VERBS)])
    assert dict(owner.fetchall()) == {verb: expected(role, section).get(verb, "nothing") for verb in VERBS}


def test_the_database_knows_no_verb_the_hand_did_not_write(owner: psycopg.Cursor) -> None:
    owner.execute(
        "SELECT count(DISTINCT role), count(DISTINCT section), array_agg(DISTINCT verb) FROM jsonb_each(access_grid()) "
        "r(role, sections), jsonb_each(sections) s(section, verbs), jsonb_object_keys(verbs) verb"
    )
    roles, sections, verbs = owner.fetchone()
    assert set(verbs) <= set(VERBS)
    assert sections == len(SECTIONS) + len(OBJECTS)
    assert roles <= len(ROLES)
    owner.execute("SELECT array_agg(r) FROM jsonb_object_keys(access_grid()) r")
    assert set(owner.fetchone()[0]) == set(ROLES)


# --- the dossier: opening, and asking the application -----------------------------------------------------------


@cells("section")
def test_opening_answers_per_verb_as_written_by_hand(seeds: Seeds, role: str, section: str) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    allowed = "allow_with_condition" if role in CONDITIONED else "allow"
    with seeded.actor.acts():
        answers = asking.opened(seeded.case.dossier.pk, asks(section))
        assert {verb: answers[f"{section}.{verb}"].answer for verb in VERBS} == {
            verb: allowed if verb in cell else "deny" for verb in VERBS
        }
        assert {verb: answers[f"{section}.{verb}"].value for verb in cell} == cell
        # Outside the medical side one is told why: this is no matter of asking for a wider role.
        why = "no_medical" if role in OUTSIDE and section in MEDICAL_SECTIONS else "no_cell"
        assert {answers[f"{section}.{verb}"].code for verb in VERBS if verb not in cell} <= {why}


@cells("section")
def test_has_perm_on_the_dossier_says_the_same(seeds: Seeds, role: str, section: str) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    user = seeded.actor.user
    with seeded.actor.acts():
        found = {verb for verb in VERBS if user.has_perm(f"dossier.{section}.{verb}", seeded.case.dossier)}
        assert found == set(cell)
        other = seeded.colleague.user
        assert not any(other.has_perm(f"dossier.{section}.{verb}", seeded.case.dossier) for verb in cell)


RECORD_CELLS = [pair for pair in CELLS if pair[1] in (*MEDICAL_RECORDS, *PROCESS_RECORDS)]


@cells("section", of=RECORD_CELLS)
def test_the_queryset_verb_gives_exactly_those_records(seeds: Seeds, role: str, section: str) -> None:
    """What cannot be read or found cannot be loaded by another verb either."""
    seeded, cell = seeds.of(role), expected(role, section)
    header, part = MODELS[panel(section)]
    visible = seen(role, section, "read") | seen(role, section, "find")
    with seeded.actor.acts() as now:
        if not cell:
            asking.opened(seeded.case.dossier.pk, asks(section))
        else:
            Dossier.objects.open(seeded.case.dossier.pk, *asks(section))

        def rows(model: Any, verb: str) -> set[str]:
            places = seeded.headers if model is header else seeded.parts
            names = {pk: whose for whose, pk in places[section].items()}
            found = asking.outcome(
                lambda: set(model.objects.open_to(now.capacity, verb).values_list("pk", flat=True))
            )
            return set() if found == REFUSED else {names[pk] for pk in found}

        for verb in VERBS:
            reached = visible if verb == "read" else seen(role, section, verb) & visible
            assert rows(header, verb) == reached, verb
        for verb in ("read", "write", "amend", "remark"):
            assert rows(part, verb) == seen(role, section, verb) & seen(role, section, "read"), verb


@cells("section", of=RECORD_CELLS)
def test_has_perm_on_a_record_asks_the_record_itself(seeds: Seeds, role: str, section: str) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    header, _ = MODELS[panel(section)]
    visible = seen(role, section, "read") | seen(role, section, "find")
    user = seeded.actor.user
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        for verb in {"read", "write", *list(cell)[-1:]}:
            reached = visible if verb == "read" else seen(role, section, verb) & visible
            found = set()
            for whose, pk in seeded.headers[section].items():
                record = header(pk=pk, dossier_id=seeded.case.dossier.pk)
                if (
                    asking.outcome(lambda r=record, v=verb: user.has_perm(f"dossier.{section}.{v}", r))
                    is True
                ):
                    found.add(whose)
            assert found == reached, verb


# --- the dossier: the database alone ------------------------------------------------------------------------------


def shown(table: str) -> set[uuid.UUID]:
    """What the database shows of a table to somebody who filters nothing; nothing at all when it is closed to him."""
    found = asking.ids(table)
    return set() if found == REFUSED else found


@cells("section")
def test_reading_shows_exactly_those_records(seeds: Seeds, role: str, section: str) -> None:
    """Opened for reading one section, no filter anywhere: all that any table of records gives."""
    seeded, names = seeds.of(role), seen(role, section, "read")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section, ["read"]))
        found = {table: shown(table) for table in TABLES}
    wanted: dict[str, set[uuid.UUID]] = {table: set() for table in TABLES}
    if section in seeded.headers:
        wanted[header_table(section)] = {seeded.headers[section][whose] for whose in names}
    if section in seeded.parts:
        wanted[f"{panel(section)}_part"] = {seeded.parts[section][whose] for whose in names}
    assert found == wanted


@cells("section")
def test_finding_shows_headings_and_never_content(seeds: Seeds, role: str, section: str) -> None:
    seeded = seeds.of(role)
    headings = {"medical_record", "process_record"}
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section, ["find"]))
        found = {table: shown(table) for table in TABLES}
    wanted: dict[str, set[uuid.UUID]] = {table: set() for table in TABLES}
    if section in (*MEDICAL_RECORDS, *PROCESS_RECORDS):
        wanted[header_table(section)] = {
            seeded.headers[section][whose] for whose in seen(role, section, "find")
        }
    assert {table: rows for table, rows in found.items() if table not in headings} == {
        table: set() for table in TABLES if table not in headings
    }
    assert found == wanted


@cells("section")
def test_no_other_verb_shows_a_record(seeds: Seeds, role: str, section: str) -> None:
    seeded = seeds.of(role)
    others = [verb for verb in VERBS if verb not in ("read", "find")]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section, others))
        assert {table: shown(table) for table in TABLES} == {table: set() for table in TABLES}


def header_table(section: str) -> str:
    return {"signaal": "medical_signal", "werkaantekening": "medical_werkaantekening"}.get(
        section, f"{panel(section)}_record"
    )


def let_in(condition: bool) -> Any:
    return True if condition else REFUSED


@cells("section", of=RECORD_CELLS)
def test_writing_amending_and_remarking_are_let_in_by_their_own_verb(
    seeds: Seeds, role: str, section: str
) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    table, made = f"{panel(section)}_record", seeds.header
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        written = made(seeded, section)
        assert asking.insert(table, written) == let_in("write" in cell)
        version = made(seeded, section, version=2, series=seeded.series[section, "signed"])
        assert asking.insert(table, version) == let_in("amend" in cell)
        remark = made(seeded, section, about_id=seeded.headers[section]["other"])
        assert asking.insert(table, remark) == let_in("remark" in cell)
        part = seeds.part(
            {**written, "id": seeded.headers[section]["mine"], "author_id": seeded.actor.user.pk},
            code="nieuw",
            happened_at=written["happened_at"],
        )
        assert asking.insert(f"{panel(section)}_part", part) == let_in(
            cell.keys() & {"write", "amend", "remark"}
        )


@cells("section", of=RECORD_CELLS)
def test_a_new_version_of_another_s_record_needs_more_than_amending_one_s_own(
    seeds: Seeds, role: str, section: str
) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    version = seeds.header(seeded, section, version=2, series=seeded.series[section, "other"])
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        assert asking.insert(f"{panel(section)}_record", version) == let_in(cell.get("amend") == "all")


@cells("section", of=RECORD_CELLS)
def test_nobody_writes_in_the_name_of_somebody_else(seeds: Seeds, role: str, section: str) -> None:
    seeded, table = seeds.of(role), f"{panel(section)}_record"
    others = {
        "author_id": seeded.colleague.user.pk,
        "engagement_id": seeded.colleague.engagement.pk,
        "practice_id": seeds.world.other_practice.pk,
    }
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        for name, value in others.items():
            assert asking.insert(table, seeds.header(seeded, section, **{name: value})) == REFUSED, name


@cells("section", of=RECORD_CELLS)
def test_a_concept_is_changed_by_its_author_alone(seeds: Seeds, role: str, section: str) -> None:
    seeded, cell = seeds.of(role), expected(role, section)
    table = f"{panel(section)}_record"
    mine = "mine" in (seen(role, section, "read") | seen(role, section, "find"))
    change = f'UPDATE "{table}" SET revision = revision + 1 WHERE id = %s'
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        found = asking.changed(change, seeded.headers[section]["mine"])
        assert (found == 1) == bool(mine and cell.keys() & {"write", "amend"})
        assert asking.changed(change, seeded.headers[section]["other"]) in (0, REFUSED)
        assert asking.changed(f'DELETE FROM "{table}"') == REFUSED


SHARE_CELLS = [pair for pair in CELLS if pair[1] in (*MEDICAL_RECORDS, "signaal")]


@cells("section", of=SHARE_CELLS)
def test_sharing_is_let_in_for_the_records_the_cell_names(seeds: Seeds, role: str, section: str) -> None:
    """To somebody in whose role it can arrive, as what it is; to anybody else the database refuses."""
    seeded = seeds.new(role)
    case = seeded.case
    receiver = seeds.world.case("gedelegeerde", dossier=case.dossier, physician=case.physician).actor
    consent = Consent.objects.using("owner").filter(relation=case.dossier.relation_id).first()
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        found = set()
        for whose, record in seeded.headers[section].items():
            row = seeds.share(
                seeded,
                section,
                record,
                receiver_id=receiver.user.pk,
                given_by_id=seeded.actor.user.pk,
                consent_id=consent.pk,
            )
            if asking.insert("dossier_share", row) is True:
                found.add(whose)
            nowhere = {**row, "id": uuid.uuid4(), "receiver_id": seeded.colleague.user.pk}
            assert asking.insert("dossier_share", nowhere) == REFUSED
            of_another = {**row, "id": uuid.uuid4(), "consent_id": uuid.uuid4()}
            assert asking.insert("dossier_share", of_another) == REFUSED
            other_place = "blootstelling" if section == "begeleiding" else "begeleiding"
            elsewhere = {**row, "id": uuid.uuid4(), "section": other_place, "purpose": other_place}
            assert asking.insert("dossier_share", elsewhere) == REFUSED
            forged = {**row, "id": uuid.uuid4(), "given_by_id": seeded.case.physician.user.pk}
            if role != "bedrijfsarts":
                assert asking.insert("dossier_share", forged) == REFUSED
    # No cell lets anybody read what was shared from the own file of another: there nothing can arrive.
    assert found == (set() if section == "gedelegeerde" else seen(role, section, "share"))


# --- sections with a table of their own ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", SIDES)
def test_the_signal_is_written_by_the_signalling_process_guard_alone(seeds: Seeds, role: str) -> None:
    seeded = seeds.of(role)
    with seeded.actor.acts() as now:
        asking.opened(seeded.case.dossier.pk, asks("signaal"))
        row = seeds.signal(seeded)
        assert asking.insert("medical_signal", row) == let_in("write" in expected(role, "signaal"))
        assert asking.insert("medical_signal", {**row, "author_id": seeded.colleague.user.pk}) == REFUSED
        assert asking.changed("UPDATE medical_signal SET category = category") == REFUSED
        assert asking.changed("DELETE FROM medical_signal") == REFUSED
        found = asking.outcome(
            lambda: set(Signal.objects.open_to(now.capacity, "read").values_list("pk", flat=True))
        )
        wanted = {seeded.headers["signaal"][whose] for whose in seen(role, "signaal", "read")}
        assert (set() if found == REFUSED else found) == wanted


@pytest.mark.parametrize("role", SIDES)
def test_a_private_note_is_its_author_s_alone(seeds: Seeds, role: str) -> None:
    seeded, cell = seeds.of(role), expected(role, "werkaantekening")
    table, notes = "medical_werkaantekening", seeded.headers["werkaantekening"]
    change = f"UPDATE {table} SET destroy_before = destroy_before WHERE id = %s"
    with seeded.actor.acts() as now:
        asking.opened(seeded.case.dossier.pk, asks("werkaantekening"))
        assert asking.insert(table, seeds.note(seeded)) == let_in("write" in cell)
        assert asking.insert(table, seeds.note(seeded, author_id=seeded.colleague.user.pk)) == REFUSED
        assert (asking.changed(change, notes["mine"]) == 1) == ("write" in cell)
        assert asking.changed(change, notes["other"]) in (0, REFUSED)
        assert asking.changed(f"DELETE FROM {table} WHERE id = %s", notes["other"]) in (0, REFUSED)
        found = asking.outcome(
            lambda: set(Werkaantekening.objects.open_to(now.capacity, "read").values_list("pk", flat=True))
        )
        wanted = {notes[whose] for whose in OWN} if "read" in cell else set()
        assert (set() if found == REFUSED else found) == wanted


@pytest.mark.parametrize("role", SIDES)
def test_a_private_note_is_destroyed_where_the_cell_says_destroy(seeds: Seeds, role: str) -> None:
    seeded = seeds.of(role)
    mine = seeded.headers["werkaantekening"]["mine"]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks("werkaantekening"))
        gone = asking.changed("DELETE FROM medical_werkaantekening WHERE id = %s", mine)
    assert (gone == 1) == ("destroy" in expected(role, "werkaantekening"))


def notice(seeded: Seeded, seeds: Seeds) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "practice_id": seeded.case.dossier.practice_id,
        "relation_id": seeded.case.dossier.relation_id,
        "recorded_at": seeds.world.now,
        "kind": "waarneemgroep",
        "function": "",
        "task": "",
        "reachable": "",
        "right_to_speak": False,
        "given_at": seeds.world.now - timedelta(days=1),
        "given_by_id": seeded.actor.user.pk,
        "means": "brief",
    }


@pytest.mark.parametrize("role", SIDES)
def test_notices_are_read_and_given_where_the_cell_says_so(seeds: Seeds, role: str) -> None:
    seeded, cell = seeds.of(role), expected(role, "kennisgeving")
    told = seeds.world.notice(seeded.case.dossier, "delegatie", seeded.actor.user, seeded.case.physician.user)
    with seeded.actor.acts() as now:
        before = asking.ids("consent_notice")
        assert before in (set(), REFUSED)
        asking.opened(seeded.case.dossier.pk, asks("kennisgeving"))
        found = asking.ids("consent_notice")
        assert (told.pk in found if found != REFUSED else False) == ("read" in cell)
        loaded = asking.outcome(
            lambda: Notice.objects.open_to(now.capacity, "read").filter(pk=told.pk).exists()
        )
        assert (loaded is True) == ("read" in cell)
        assert asking.insert("consent_notice", notice(seeded, seeds)) == let_in("write" in cell)
        forged = notice(seeded, seeds) | {"given_by_id": seeded.colleague.user.pk}
        assert asking.insert("consent_notice", forged) == REFUSED
        assert asking.changed("UPDATE consent_notice SET task = 'x'") == REFUSED
        assert asking.changed("DELETE FROM consent_notice") == REFUSED


# Roles whose work says that somebody is treated, or why; they are on no list outside the medical side.
HIDDEN = {"bedrijfsarts_doelgebonden", "gedelegeerde", "teamlid", "second_opinionarts", "dossierbewaarder"}


@pytest.mark.parametrize("role", SIDES)
def test_the_team_is_seen_where_the_cell_says_so(seeds: Seeds, role: str) -> None:
    """The employer's side learns who the physician is; the process side not who works in a voluntary section."""
    seeded = seeds.of(role)
    world, dossier = seeds.world, seeded.case.dossier
    for other in ("gedelegeerde", "procesbewaker"):
        if other != role:
            world.case(other, dossier=dossier, physician=seeded.case.physician)
    with seeded.actor.acts():
        assert asking.ids("dossier_dossiergrant", "role") in (set(), REFUSED)
        asking.opened(dossier.pk, asks("team"))
        found = asking.ids("dossier_dossiergrant", "role")
        assert found != REFUSED
    if "read" not in expected(role, "team"):
        assert found == set()
    elif SIDES[role] == "medical" or role == "fg":
        assert {"bedrijfsarts", "gedelegeerde", "procesbewaker"} <= found
    elif SIDES[role] == "employer":
        assert found == {"bedrijfsarts"}
    else:
        assert {"bedrijfsarts", "procesbewaker"} <= found
        assert not found & HIDDEN


# What somebody who may change the team puts on it: a team member, or a casemanager on a written assignment.
PUTS = {"bedrijfsarts": ("team", "teamlid"), "praktijkbeheerder": ("employer_assignment", "casemanager")}


@pytest.mark.parametrize("role", SIDES)
def test_the_team_is_changed_by_whom_the_cell_names(seeds: Seeds, role: str) -> None:
    """One dossier more under a ground one gave oneself; and no grant is ever written by hand."""
    seeded, world = seeds.of(role), seeds.world
    assert (role in PUTS) == ("team" in expected(role, "team"))
    kind, gives = PUTS.get(role, ("team", "teamlid"))
    holder = world.engaged(gives)
    responsible = seeded.case.physician if gives == "teamlid" else None
    mine = world.ground(kind, gives, holder, responsible=responsible, given_by=seeded.actor.user)
    theirs = world.ground(kind, gives, holder, responsible=responsible, given_by=seeded.colleague.user)
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks("team"))
        add = "SELECT access_grant(%s, %s)"
        found = asking.outcome(lambda: asking.run(add, mine.pk, seeded.case.dossier.pk))
        assert found == ([(1,)] if role in PUTS else REFUSED)
        assert asking.outcome(lambda: asking.run(add, theirs.pk, seeded.case.dossier.pk)) == REFUSED
        row = {
            "practice_id": seeded.case.dossier.practice_id,
            "user_id": seeded.actor.user.pk,
            "permission_id": 1,
            "content_object_id": seeded.case.dossier.pk,
            "ground_id": mine.pk,
            "given_by_id": seeded.actor.user.pk,
            "given_at": timezone.now(),
            "role": "bedrijfsarts",
            "purposes": [],
            "sort_at": timezone.now(),
        }
        assert asking.insert("dossier_dossiergrant", row) == REFUSED
        assert asking.changed("UPDATE dossier_dossiergrant SET role = 'bedrijfsarts'") == REFUSED


@pytest.mark.parametrize("role", SIDES)
def test_who_looked_is_shown_where_the_cell_says_so(seeds: Seeds, role: str) -> None:
    """The officer reviews the whole log of his practice; nobody ever sees the log of another."""
    seeded = seeds.of(role)
    physician = seeded.case.physician
    if role != "bedrijfsarts":
        with physician.acts():
            asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
    elsewhere = seeds.world.case(
        "bedrijfsarts", actor=seeds.world.engaged("bedrijfsarts", practice=seeds.world.other_practice)
    )
    with elsewhere.actor.acts():
        asking.opened(elsewhere.dossier.pk, ["begeleiding.read"])
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks("inzage"))
        value = expected(role, "inzage").get("read")
        sql = "SELECT actor FROM access_log WHERE dossiers && ARRAY[%s]::uuid[]"
        found = asking.outcome(lambda: {row[0] for row in asking.run(sql, seeded.case.dossier.pk)})
        theirs = asking.outcome(lambda: asking.run(sql, elsewhere.dossier.pk))
    assert theirs in ([], REFUSED)
    if value is None:
        assert found in (set(), REFUSED)
    else:
        assert seeded.actor.user.pk in found
        assert (physician.user.pk in found) == (value == "all" or role == "bedrijfsarts")


def test_the_log_outside_the_dossier_s_own_is_the_officer_s(seeds: Seeds) -> None:
    """Without opening anything: the officer reads the log, the physician reads nothing of it."""
    for role, reads in (("fg", True), ("bedrijfsarts", False), ("praktijkbeheerder", False)):
        seeded = seeds.of(role)
        with seeds.of("bedrijfsarts").actor.acts():
            asking.opened(seeds.of("bedrijfsarts").case.dossier.pk, ["begeleiding.read"])
        with seeded.actor.acts():
            assert bool(AccessLog.objects.exists()) == reads


# --- purposes and tasks -------------------------------------------------------------------------------------------


PURPOSES = MEDICAL_SECTIONS[: MEDICAL_SECTIONS.index("second_opinion")]


@pytest.mark.parametrize("purpose", [p for p in PURPOSES if expected("bedrijfsarts_doelgebonden", p)])
def test_a_physician_for_one_purpose_reaches_that_purpose_alone(world: World, purpose: str) -> None:
    case = world.case("bedrijfsarts_doelgebonden")
    world.end(case.ground)
    world.ground("self_referral", "bedrijfsarts_doelgebonden", case.actor, case.dossier, purposes=(purpose,))
    with case.actor.acts():
        answers = asking.opened(case.dossier.pk, [f"{section}.read" for section in PURPOSES])
        assert {ask for ask, answer in answers.items() if answer.allowed} == {f"{purpose}.read"}


def test_a_physician_for_one_purpose_reads_the_delegate_s_file_of_that_purpose_alone(
    seeds: Seeds, superuser: psycopg.Connection
) -> None:
    seeded = seeds.new("bedrijfsarts_doelgebonden")
    world, case = seeds.world, seeded.case
    world.end(case.ground)
    world.ground(
        "self_referral", "bedrijfsarts_doelgebonden", case.actor, case.dossier, purposes=("vaccinatie",)
    )
    row = seeds.header(seeded, "gedelegeerde", purpose="vaccinatie", author_id=seeded.colleague.user.pk)
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        seeds.insert("medical_record", **row)
    with case.actor.acts():
        asking.opened(case.dossier.pk, asks("gedelegeerde"))
        assert asking.ids("medical_record") == {row["id"]}


TASKED = {
    "toestemming": {"P3"},
    "proces": {"P2"},
    "werkgeverdeel": {"P1", "P2"},
    "agenda": {"P2", "M14"},
}


@pytest.mark.parametrize("section", TASKED)
def test_a_delegate_writes_in_a_section_only_under_the_tasks_that_belong_there(
    seeds: Seeds, section: str
) -> None:
    """Bijlage 4: P3 is the signature, P2 the process notes; a medical task opens no process record."""
    seeded = seeds.of("gedelegeerde")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks(section))
        found = set()
        for task in ("M2", "M3", "M6", "M7", "P1", "P2", "P3", "M13", "M14"):
            header = seeds.header(seeded, section, id=seeded.headers[section]["mine"])
            part = seeds.part(header, code="nieuw", task=task)
            if asking.insert(f"{panel(section)}_part", part) is True:
                found.add(task)
    assert found == TASKED[section]


def test_a_delegate_does_in_his_own_file_exactly_what_his_contract_delegates(seeds: Seeds) -> None:
    seeded = seeds.of("gedelegeerde")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks("gedelegeerde"))
        found = set()
        for task in ("M1", "M2", "M4", "M6", "M7", "M10", "M15", "onbekend"):
            header = seeds.header(seeded, "gedelegeerde", id=seeded.headers["gedelegeerde"]["mine"])
            if asking.insert("medical_part", seeds.part(header, code="nieuw", task=task)) is True:
                found.add(task)
    assert found == {"M2", "M6", "M7"}


@pytest.mark.parametrize("section", ["agenda", "kennisgeving", "verzoek"])
def test_a_team_member_needs_no_request_outside_the_medical_sections(world: World, section: str) -> None:
    """The request is asked for what he records medically; the agenda and a notice are everyday work."""
    case = world.case("teamlid")
    with case.actor.acts():
        answers = asking.opened(case.dossier.pk, [f"{section}.write", "begeleiding.write"])
        assert answers[f"{section}.write"].allowed
        assert answers["begeleiding.write"].code == "on_request"


# --- roles nobody logs in as ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", NEVER_LOGS_IN)
def test_a_role_nobody_logs_in_as_opens_nothing(
    world: World, superuser: psycopg.Connection, role: str
) -> None:
    """Even with a grant that names it, laid down from above the walls."""
    case = world.case("gedelegeerde")
    with case.actor.acts():
        assert asking.opened(case.dossier.pk, ["gedelegeerde.read"])["gedelegeerde.read"].allowed
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            "UPDATE dossier_dossiergrant SET role = %s WHERE ground_id = %s", [role, case.ground.pk]
        )
    with case.actor.acts():
        answers = asking.opened(case.dossier.pk, [f"{s}.{v}" for s in SECTIONS for v in VERBS])
        assert {answer.code for answer in answers.values()} == {"no_grant"}
        assert all(shown(table) == set() for table in TABLES)


@pytest.mark.parametrize("role", NEVER_LOGS_IN)
def test_nobody_can_be_engaged_in_a_role_nobody_logs_in_as(
    world: World, superuser: psycopg.Connection, role: str
) -> None:
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "user_id": world.user().pk,
        "role": role,
        "side": "medical",
        "starts_at": world.now,
        "recorded_at": world.now,
        "ended_reason": "",
    }
    with pytest.raises(psycopg.errors.CheckViolation, match="engagement_role_side"):
        Seeds(world, superuser).insert("people_engagement", **row)


# --- objects of the practice ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "object_"), [(role, object_) for role in SIDES for object_ in OBJECTS])
def test_an_object_of_the_practice_is_had_as_written_by_hand(seeds: Seeds, role: str, object_: str) -> None:
    seeded, cell = seeds.of(role), office(role, object_)
    user = seeded.actor.user
    with seeded.actor.acts():
        rows = asking.run("SELECT v, access_office(%s, v) FROM unnest(%s::text[]) v", object_, list(VERBS))
        assert {verb: value for verb, value in rows if value != "nothing"} == cell
        assert {verb for verb in VERBS if user.has_perm(f"practice.{object_}.{verb}")} == set(cell)
        assert not any(seeded.colleague.user.has_perm(f"practice.{object_}.{verb}") for verb in cell)


# What stands in no table yet, or is decided by the functions above alone.
WITHOUT_A_TABLE = {
    "klantcontract": "the contract with a client has no table yet; its employer stands in people_employer",
    "accounts": "who works here is seen by the whole practice; only changing it is asked here",
}


@pytest.mark.parametrize("role", SIDES)
def test_contracts_are_read_drafted_and_changed_as_written(seeds: Seeds, role: str) -> None:
    seeded, cell = seeds.of(role), office(role, "taakcontract")
    world = seeds.world
    other = world.case("gedelegeerde").facts["contract"]
    mine = None
    if role != "gedelegeerde":
        if SIDES[role] in ("medical", "signal", "process") and role not in ("bedrijfsarts",):
            giver = world.case("bedrijfsarts")
            ground = world.ground("contract", "gedelegeerde", seeded.actor, responsible=giver.actor)
            mine = world.contract(ground, seeded.actor, giver.actor, tasks=())
    else:
        mine = seeded.case.facts["contract"]
    laid_ready = world.make(
        Contract,
        practice=world.practice,
        edition_id="2018",
        delegate=other.delegate,
        physician=other.physician,
        starts_at=world.now,
        ends_at=world.now + timedelta(days=30),
        drafted_by=other.signed_by,
        drafted_at=world.now,
    )
    draft = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "recorded_at": world.now,
        "edition_id": "2018",
        "delegate_id": other.delegate_id,
        "physician_id": seeded.actor.engagement.pk,
        "starts_at": world.now,
        "ends_at": world.now + timedelta(days=30),
        "supervision_plan": "",
        "over_maximum_reason": "",
        "drafted_by_id": seeded.actor.user.pk,
        "drafted_at": world.now,
    }
    with seeded.actor.acts():
        found = asking.ids("delegation_contract")
        value = cell.get("read")
        assert (found != REFUSED and other.pk in found) == (value == "all")
        if mine is not None:
            assert (found != REFUSED and mine.pk in found) == (value in ("all", "own"))
        elif value == "own":
            pytest.fail("a role that reads its own contracts must have one here")
        drafts = asking.insert("delegation_contract", draft)
        assert drafts == let_in(cell.keys() & {"write", "prepare"})
        change = "UPDATE delegation_contract SET consultation_interval = 2 WHERE id = %s"
        touched = asking.changed(change, laid_ready.pk)
        assert (touched == 1) == bool({"write", "prepare", "sign"} & cell.keys() and value == "all")
        assert asking.changed(change, other.pk) in (0, REFUSED, "23514")  # what was signed stays as it is
        assert asking.changed("DELETE FROM delegation_contract") == REFUSED


@pytest.mark.parametrize("role", ["arts_onder_supervisie", "praktijkbeheerder"])
def test_whoever_only_prepares_never_signs_not_even_in_a_new_row(seeds: Seeds, role: str) -> None:
    """A contract may be laid ready; its signature is the bedrijfsarts's own, also when the row is new."""
    seeded, world = seeds.of(role), seeds.world
    given = world.case("gedelegeerde").facts["contract"]
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "recorded_at": world.now,
        "edition_id": "2018",
        "delegate_id": given.delegate_id,
        "physician_id": given.physician_id,
        "ground_id": uuid.uuid4(),
        "protocol_id": given.protocol_id,
        "starts_at": world.now,
        "ends_at": world.now + timedelta(days=30),
        "supervision_plan": "wekelijks",
        "consultation_interval": 1,
        "over_maximum_reason": "",
        "drafted_by_id": seeded.actor.user.pk,
        "drafted_at": world.now,
    }
    signature = {"signed_by_id": world.user("arts").pk, "signed_at": world.now}
    with seeded.actor.acts():
        assert asking.insert("delegation_contract", row | {"ground_id": None}) is True
        assert asking.insert("delegation_contract", row | signature) is not True


@pytest.mark.parametrize("role", SIDES)
def test_competence_is_concluded_by_the_bedrijfsarts_and_seen_by_whom_it_concerns(
    seeds: Seeds, role: str
) -> None:
    seeded, cell, world = seeds.of(role), office(role, "bekwaamheid"), seeds.world
    case = world.case("gedelegeerde")
    about = conclusion(case)
    mine = conclusion(seeded.case) if role == "gedelegeerde" else None
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "recorded_at": world.now,
        "delegate_id": case.actor.user.pk,
        "physician_id": seeded.actor.user.pk,
        "task_id": about.task_id,
        "how_verified": "meegekeken",
        "limits": "geen",
        "withdrawn_reason": "",
        "starts_at": world.now,
    }
    with seeded.actor.acts():
        found = asking.ids("delegation_competenceconclusion")
        if cell.get("read") == "all":
            assert about.pk in found
        elif "status" not in cell:
            assert found == REFUSED or about.pk not in found
        if mine is not None:
            assert mine.pk in found
        assert asking.insert("delegation_competenceconclusion", row) == let_in(cell.get("write") == "all")
        forged = row | {"physician_id": case.physician.user.pk, "id": uuid.uuid4()}
        assert asking.insert("delegation_competenceconclusion", forged) == REFUSED
        declared = {
            "id": uuid.uuid4(),
            "practice_id": world.practice.pk,
            "recorded_at": world.now,
            "user_id": seeded.actor.user.pk,
            "task_id": about.task_id,
            "competent": True,
            "starts_at": timezone.now(),
            "ends_at": world.now + timedelta(days=901),
        }
        if role == "gedelegeerde":
            declared |= {"competent": False}
            assert asking.insert("delegation_owndeclaration", declared) in (True, "23P01")
        forged = declared | {"user_id": seeded.colleague.user.pk}
        assert asking.insert("delegation_owndeclaration", forged) == REFUSED


def conclusion(case: Any) -> CompetenceConclusion:
    """One conclusion about a delegate, as the owner sees it."""
    found = CompetenceConclusion.objects.using("owner").filter(delegate=case.actor.user).first()
    assert found is not None
    return found


@pytest.mark.parametrize("role", ["praktijkbeheerder", "fg"])
def test_administrator_and_officer_learn_that_competence_was_concluded_not_how(
    seeds: Seeds, role: str
) -> None:
    seeded, case = seeds.of(role), seeds.world.case("gedelegeerde")
    about = conclusion(case)
    with seeded.actor.acts():
        task = asking.outcome(
            lambda: asking.run("SELECT task_id FROM delegation_competenceconclusion WHERE id = %s", about.pk)
        )
        assert task == [(about.task_id,)]
        how = asking.outcome(
            lambda: asking.run(
                "SELECT how_verified FROM delegation_competenceconclusion WHERE id = %s", about.pk
            )
        )
        assert how in (REFUSED, [])


SIMPLE = {
    # object: (table, a row to add, given the world)
    "protocol": ("delegation_protocol", lambda w: {"name": "Nieuw protocol"}),
    "klantcontract": ("people_employer", lambda w: {"name": "Nieuwe klant", "kvk_number": ""}),
}


@pytest.mark.parametrize("object_", SIMPLE)
@pytest.mark.parametrize("role", SIDES)
def test_protocols_and_clients_are_added_by_whom_the_cell_names(
    seeds: Seeds, role: str, object_: str
) -> None:
    seeded, cell, world = seeds.of(role), office(role, object_), seeds.world
    table, make = SIMPLE[object_]
    row = {"id": uuid.uuid4(), "practice_id": world.practice.pk, **make(world)}
    if object_ == "protocol":
        row["recorded_at"] = world.now
    with seeded.actor.acts():
        assert asking.insert(table, row) == let_in(cell.get("write") == "all")
        abroad = row | {"practice_id": world.other_practice.pk}
        assert asking.insert(table, abroad) == REFUSED
        assert asking.changed(f"DELETE FROM {table}") == REFUSED


@pytest.mark.parametrize("role", SIDES)
def test_protocols_are_read_where_the_cell_says_so(seeds: Seeds, role: str) -> None:
    seeded = seeds.of(role)
    protocol = seeds.world.case("gedelegeerde").facts["contract"].protocol_id
    with seeded.actor.acts():
        found = asking.ids("delegation_protocol")
        assert (found != REFUSED and protocol in found) == ("read" in office(role, "protocol"))


@pytest.mark.parametrize("role", SIDES)
def test_people_are_found_in_one_s_own_work_or_in_the_whole_practice(seeds: Seeds, role: str) -> None:
    """His own: whom a live ground of his names. Somebody else's employee is not there for him."""
    seeded, cell, world = seeds.of(role), office(role, "personen"), seeds.world
    stranger = world.relation(employer=world.other_employer).person
    own = seeded.case.dossier.person
    with seeded.actor.acts():
        found = asking.ids("people_person")
        assert found != REFUSED
        assert (stranger.pk in found) == (cell.get("find") == "all")
        if "find" in cell:
            assert own.pk in found
        row = {
            "id": uuid.uuid4(),
            "practice_id": world.practice.pk,
            "initials": "N.",
            "first_name": "",
            "prefix": "",
            "surname": "Nieuw",
            "birth_date": "1990-01-01",
            "phone": "",
            "email": "",
            "street": "",
            "postcode": "",
            "city": "",
            "sort_key": "nieuw n",
        }
        assert asking.insert("people_person", row) == let_in("write" in cell)
        change = "UPDATE people_person SET phone = '1' WHERE id = %s"
        assert (asking.changed(change, stranger.pk) == 1) == (cell.get("write") == "all")
        assert (asking.changed(change, own.pk) == 1) == ("write" in cell)


@pytest.mark.parametrize("role", SIDES)
def test_professionals_and_accounts_are_kept_by_whom_the_cell_names(seeds: Seeds, role: str) -> None:
    seeded, world = seeds.of(role), seeds.world
    newcomer = world.user("nieuw")
    professional = {
        "id": uuid.uuid4(),
        "user_id": newcomer.pk,
        "profession": "arts",
        "title": "",
        "phone": "",
    }
    engagement = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "user_id": newcomer.pk,
        "role": "teamlid",
        "side": "medical",
        "starts_at": world.now,
        "recorded_at": world.now,
        "prepared_by_id": seeded.actor.user.pk,
        "ended_reason": "",
    }
    with seeded.actor.acts():
        wanted = let_in("write" in office(role, "professionals"))
        assert asking.insert("people_professional", professional) == wanted
        wanted = let_in("write" in office(role, "accounts"))
        assert asking.insert("people_engagement", engagement) == wanted
        accepted = engagement | {"accepted_by_id": seeded.actor.user.pk, "accepted_at": world.now}
        assert asking.insert("people_engagement", accepted) == REFUSED


def test_an_administrator_never_accepts_a_medical_engagement_himself(seeds: Seeds) -> None:
    """He prepares; the bedrijfsarts accepts, and only then it counts."""
    world = seeds.world
    prepared = world.make(
        type(seeds.of("fg").actor.engagement),
        practice=world.practice,
        user=world.user("nieuw"),
        role="teamlid",
        side="medical",
        starts_at=world.now,
        prepared_by=seeds.of("praktijkbeheerder").actor.user,
    )
    accept = "UPDATE people_engagement SET accepted_at = now(), accepted_by_id = %s WHERE id = %s"
    for role, accepts in (
        ("praktijkbeheerder", False),
        ("fg", False),
        ("bedrijfsarts", True),
        ("waarnemer", True),
    ):
        actor = seeds.of(role).actor
        with actor.acts():
            assert (asking.changed(accept, actor.user.pk, prepared.pk) == 1) == accepts, role


def test_every_cell_of_the_grid_was_asked() -> None:
    """The figure, and that no verb stands in a cell without a door."""
    cells_asked = len(ROLES) * (len(SECTIONS) + len(OBJECTS))
    print(f"{cells_asked} cells, {cells_asked * len(VERBS)} answers written by hand and checked")
    assert cells_asked == 20 * 31
    doors = {"find", "read", "write", "amend", "remark", "share", "team", "destroy"}
    assert doors | WITHOUT_ROWS == set(VERBS)
    assert connection.vendor == "postgresql"
