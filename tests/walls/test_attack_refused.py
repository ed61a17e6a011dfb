"""Ways around the walls that were tried with raw SQL, and are closed: each beside what must stay open."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from tests.domain.test_records_tools import CONTACT, minutes_ago, note
from tests.walls import asking, looking
from tests.walls.seed import Seeded, Seeds
from tests.world import Case, World

DELEGATED = ("gedelegeerde.read", "gedelegeerde.write", "gedelegeerde.amend", "gedelegeerde.remark")
MONTH_AGO = 30 * 24 * 60


@pytest.fixture
def delegate(world: World) -> Case:
    return looking.alone(world, "gedelegeerde")


def physician_of(case: Case) -> Case:
    """See the same dossier through the physician it rests on."""
    return Case("bedrijfsarts", case.physician, case.dossier, None, case.physician)


@pytest.mark.parametrize(
    ("columns", "let_in"),
    [
        ("SELECT starts_at, ends_at FROM {t}", True),
        ("SELECT count(*) FROM {t} WHERE how_verified LIKE 'm%%'", False),
        ("SELECT id FROM {t} ORDER BY limits", False),
        ("SELECT to_jsonb(q) FROM {t} q", False),
        ("SELECT 1 FROM delegation_historicalcompetenceconclusion", False),
    ],
)
def test_the_practice_neither_reads_nor_guesses_how_somebody_was_found_competent(
    world: World, delegate: Case, columns: str, let_in: bool
) -> None:
    keeper = world.engaged("praktijkbeheerder", practice=delegate.dossier.practice)
    with keeper.acts():
        found = asking.outcome(
            lambda: len(asking.run(columns.format(t="delegation_competenceconclusion"))) > 0
        )
    assert found == (True if let_in else asking.REFUSED)


def test_no_action_notes_an_opening(delegate: Case) -> None:
    """A row of that kind would open the dossier; of no kind at all it is no row."""
    note_of = "SELECT access_note(%s, %s, NULL, ARRAY['begeleiding.read'], 'x')"
    with delegate.physician.acts():
        for kind in ("open", "list"):
            assert (
                asking.outcome(lambda k=kind: asking.run(note_of, k, delegate.dossier.pk)) == asking.REFUSED
            )
        assert asking.outcome(lambda: asking.run(note_of, None, delegate.dossier.pk)) == "23502"
        asking.run(note_of, "share", delegate.dossier.pk)
        assert asking.ids("dossier_dossier") == set(), "noted is not opened"
        asking.opened(delegate.dossier.pk, ["begeleiding.read"])
        assert asking.ids("dossier_dossier") == {delegate.dossier.pk}


def test_two_notices_in_one_statement_are_both_recorded_now(world: World, delegate: Case) -> None:
    told = "(%s, %s, %s, 'delegatie', %s, %s, 'x', 'x', 'x', true, %s, %s, 'gesprek', %s)"
    keys = (uuid.uuid4(), uuid.uuid4())
    values: list[Any] = []
    for key in keys:
        me, physician = delegate.actor.user.pk, delegate.physician.user.pk
        place = (key, delegate.dossier.practice_id, delegate.dossier.relation_id)
        values += [*place, me, physician, minutes_ago(5), me, minutes_ago(MONTH_AGO)]
    before = timezone.now()
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ["kennisgeving.write", "kennisgeving.read"])
        asking.run(
            "INSERT INTO consent_notice (id, practice_id, relation_id, kind, about_id, responsible_id, function, "
            "task, reachable, right_to_speak, given_at, given_by_id, means, recorded_at) "
            f"VALUES {told}, {told}",
            *values,
        )
        found = asking.run(
            "SELECT recorded_at, given_at FROM consent_notice WHERE id IN (%s, %s)", keys[0], keys[1]
        )
    assert len(found) == 2
    assert all(given < before <= recorded for recorded, given in found), found


def test_a_remark_stands_beside_a_record_of_its_own_section(
    world: World, superuser: psycopg.Connection, delegate: Case
) -> None:
    theirs, elsewhere = note(delegate, CONTACT), note(physician_of(delegate))
    seeds = Seeds(world, superuser)
    case = physician_of(delegate)
    ground = seeds.connection.execute(
        "SELECT id FROM access_ground WHERE holder_id = %s", [case.actor.engagement.pk]
    ).fetchone()
    assert ground is not None
    row = seeds.header(
        Seeded(Case("bedrijfsarts", case.actor, case.dossier, None, case.actor), case.actor),
        "gedelegeerde",
        ground_id=ground[0],
        purpose=theirs.purpose,
    )
    with case.actor.acts():
        asking.opened(case.dossier.pk, [*DELEGATED, "begeleiding.read"])
        assert asking.insert("medical_record", row | {"about_id": theirs.pk}) is True
        assert asking.insert("medical_record", row | {"about_id": elsewhere.pk}) == "23503"
        assert asking.insert("medical_record", row | {"about_id": uuid.uuid4()}) == "23503"


def test_a_part_never_moves_to_another_record(delegate: Case) -> None:
    case = physician_of(delegate)
    concept, signed = note(case, sign=False), note(case)
    move = "UPDATE medical_part SET record_id = %s, code = 'elders' WHERE record_id = %s"
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["begeleiding.read", "begeleiding.write", "begeleiding.amend"])
        assert asking.changed(move, signed.pk, concept.pk) == "23514"
        shield = "UPDATE medical_part SET shielded = false WHERE record_id = %s"
        assert asking.changed(shield, concept.pk) == 1, "his own concept he may change"


def test_what_was_accepted_is_neither_accepted_again_nor_taken_back(delegate: Case) -> None:
    contract = delegate.facts["contract"].pk
    with delegate.actor.acts():
        for moment in (None, timezone.now() - timedelta(days=30), timezone.now()):
            who = None if moment is None else delegate.actor.user.pk
            change = "UPDATE delegation_contract SET accepted_at = %s, accepted_by_id = %s WHERE id = %s"
            assert asking.changed(change, moment, who, contract) == "23514"
        assert asking.run("SELECT accepted_by_id FROM delegation_contract WHERE id = %s", contract) == [
            (delegate.actor.user.pk,)
        ]
