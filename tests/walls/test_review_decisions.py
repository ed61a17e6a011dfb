"""What is decided about a signal, and by whom: by the officer alone, never about himself, added and never changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.utils import timezone

from directory.accounts.models import User
from dossier.insight.review import actions, found
from dossier.models import ReviewDecision, ReviewSample, ReviewSetting
from tests.walls import asking, looking
from tests.walls.test_review_signals import look, looked, signals
from tests.world import OWNER, Actor, Case, World

TABLE = "dossier_reviewdecision"
TODAY = timezone.localdate


def me(who: Actor) -> User:
    """Name somebody as the request does: loaded from above the walls, he would take his rows there."""
    return User(pk=who.user.pk)


def deviating(world: World) -> tuple[Case, Actor, found.Found]:
    """Somebody who looked without a reason near, the officer of his practice, and the signal."""
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier)
    officer = world.engaged("fg", practice=case.dossier.practice)
    with officer.acts():
        [row] = found.signals(TODAY(), TODAY())
    return case, officer, row


def decide(who: Actor, row: found.Found, outcome: str = "verklaard", **more: Any) -> ReviewDecision:
    with who.acts():
        return actions.decide(
            by=me(who), found=row, outcome=outcome, reason="Kende de werknemer niet.", **more
        )


def values(who: Actor, row: found.Found, **other: Any) -> dict[str, Any]:
    """Write a whole row by hand, as somebody with a cursor would."""
    return {
        "id": uuid4(),
        "practice_id": who.engagement.practice_id,
        "fingerprint": row.fingerprint,
        "day": row.day,
        "signal": "own_name",
        "actor": 0,
        "role": "",
        "hidden": False,
        "first_at": timezone.now(),
        "times": 1,
        "outcome": "verklaard",
        "reason": "x",
        "follow_up": "",
        "decided_by_id": who.user.pk,
        "decided_at": timezone.now(),
    } | other


def test_the_officer_decides_and_it_says_what_it_was_about(
    world: World, superuser: psycopg.Connection
) -> None:
    case, officer, row = deviating(world)
    made = decide(officer, row)
    stored = ReviewDecision.objects.using(OWNER).get(pk=made.pk)
    assert (stored.signal, stored.actor, stored.dossier) == (
        "nothing_near",
        case.actor.user.pk,
        case.dossier.pk,
    )
    assert (stored.decided_by, stored.times) == (officer.user, 1)
    [line] = looking.rows(superuser, kind="log_decide", actor=officer.user.pk)
    assert (line["asks"], line["dossiers"]) == (["logcontrole.decide"], [])


def test_what_was_decided_does_not_come_back_for_a_decision(world: World) -> None:
    _, officer, row = deviating(world)
    decide(officer, row)
    with officer.acts() as now:
        [line] = found.lines(now.capacity, found.signals(TODAY(), TODAY()))
        assert (line.state, line.tag) == (found.DONE, "Verklaard")


def test_other_facts_are_a_signal_again(world: World) -> None:
    """A fourth refusal on the same day is not what was explained after the third."""
    case, _, _ = deviating(world)
    officer = world.engaged("fg", practice=case.dossier.practice)
    for _ in range(3):
        look(case.actor, case.dossier, "verzending.write")
    [row] = [row for row in signals(world, case.dossier.practice) if row.signal == "refusals"]
    decide(officer, row)
    look(case.actor, case.dossier, "verzending.write")
    with officer.acts() as now:
        lines = found.lines(now.capacity, found.signals(TODAY(), TODAY()))
    assert {line.state for line in lines if line.found.signal == "refusals"} == {found.OPEN}


def test_a_breach_says_what_follows_and_stays_until_it_is_explained(world: World) -> None:
    _, officer, row = deviating(world)
    with pytest.raises(ValidationError, match="Schrijf op wat er volgt"):
        decide(officer, row, "inbreuk")
    decide(officer, row, "inbreuk", follow_up="Gesprek morgen.")
    decide(officer, row)
    with officer.acts() as now:
        [line] = found.lines(now.capacity, [row])
    assert [decided.label for decided in line.decisions] == ["Verklaard", "Inbreuk vermoed"]
    assert line.state == found.DONE


def test_the_same_key_is_one_decision(world: World) -> None:
    _, officer, row = deviating(world)
    key = uuid4()
    assert decide(officer, row, key=key).pk == decide(officer, row, key=key).pk == key
    assert ReviewDecision.objects.using(OWNER).filter(fingerprint=row.fingerprint).count() == 1


def test_nobody_judges_his_own_looking_whatever_hat_he_wears(world: World) -> None:
    """A practice of one person: officer and physician are the same; the database knows it too."""
    case = looking.alone(world, "bedrijfsarts")
    hat = world.engaged("fg", practice=case.dossier.practice, user=case.actor.user)
    look(case.actor, case.dossier)
    with hat.acts():
        [row] = found.signals(TODAY(), TODAY())
        with pytest.raises(ValidationError, match="wat u zelf hebt bekeken"):
            actions.decide(by=me(hat), found=row, outcome="verklaard", reason="Ik was het zelf.")
        assert asking.insert(TABLE, values(hat, row)) == "23514"
    other = world.engaged("fg", practice=case.dossier.practice)
    assert decide(other, row).pk


@pytest.mark.parametrize(
    "role",
    [
        "bedrijfsarts",
        "waarnemer",
        "gedelegeerde",
        "procesbewaker",
        "casemanager",
        "secretariaat",
        "praktijkbeheerder",
    ],
)
def test_nobody_but_the_officer_decides_not_even_by_hand(world: World, role: str) -> None:
    _, officer, row = deviating(world)
    other = world.engaged(role, practice=officer.engagement.practice)
    with other.acts():
        assert asking.insert(TABLE, values(other, row)) == "42501"
    with other.acts(), pytest.raises(DatabaseError):
        actions.decide(by=me(other), found=row, outcome="verklaard", reason="Niet aan mij.")
    with officer.acts():
        assert asking.insert(TABLE, values(officer, row)) is True


def test_a_decision_is_about_a_signal_that_is_there_and_in_one_s_own_name(world: World) -> None:
    _, officer, row = deviating(world)
    with officer.acts():
        assert asking.insert(TABLE, values(officer, row, fingerprint=uuid4())) == "23514"
        assert asking.insert(TABLE, values(officer, row, day=TODAY() - timedelta(days=3))) == "23514"
        assert asking.insert(TABLE, values(officer, row, decided_by_id=world.user("ander").pk)) == "42501"
        assert asking.insert(TABLE, values(officer, row, practice_id=world.practice.pk)) in ("42501", "23514")


def test_an_officer_of_another_practice_neither_decides_nor_reads(world: World) -> None:
    _, officer, row = deviating(world)
    made = decide(officer, row)
    stranger = looking.stranger(world, "fg")
    with stranger.acts():
        assert (
            asking.insert(TABLE, values(stranger, row, practice_id=officer.engagement.practice_id)) == "42501"
        )
        assert made.pk not in asking.ids(TABLE)


def test_a_decision_is_never_changed_nor_taken_away(world: World, superuser: psycopg.Connection) -> None:
    _, officer, row = deviating(world)
    made = decide(officer, row)
    with officer.acts():
        assert asking.changed(f"UPDATE {TABLE} SET reason = 'anders' WHERE id = %s", made.pk) == "42501"
        assert asking.changed(f"DELETE FROM {TABLE} WHERE id = %s", made.pk) == "42501"
    with connections["owner"].cursor() as cursor, pytest.raises(DatabaseError, match="frozen"):
        cursor.execute(f"UPDATE {TABLE} SET reason = 'anders' WHERE id = %s", [made.pk])


def test_the_officer_cannot_read_of_which_dossier_it_was(world: World) -> None:
    _, officer, row = deviating(world)
    decide(officer, row)
    with officer.acts():
        assert asking.outcome(lambda: asking.run(f"SELECT dossier FROM {TABLE}")) == "42501"
        assert asking.outcome(lambda: len(asking.run(f"SELECT id, reason FROM {TABLE}"))) == 1


def test_the_physician_reads_what_was_decided_on_his_own_dossiers(world: World) -> None:
    case, officer, row = deviating(world)
    made = decide(officer, row)
    colleague = world.engaged("bedrijfsarts", practice=case.dossier.practice)
    with case.actor.acts() as now:
        [line] = found.lines(now.capacity, found.signals(TODAY(), TODAY()))
        assert [decided.label for decided in line.decisions] == ["Verklaard"]
        assert asking.ids(TABLE) == {made.pk}
    with colleague.acts():
        assert asking.ids(TABLE) == set()


# -- the sample ----------------------------------------------------------------------------------------


def last_month() -> date:
    return found.earlier_months(TODAY(), 1)[0]


def drawn(world: World, n: int = 12) -> tuple[Actor, list[found.Found]]:
    """A practice with lookings last month, and what its officer draws of them."""
    case = looking.alone(world, "bedrijfsarts")
    middle = timezone.now().replace(day=1, hour=12) - timedelta(days=10)
    for minute in range(n):
        looked(case, middle + timedelta(minutes=minute))
    officer = world.engaged("fg", practice=case.dossier.practice)
    by = world.user("instelling")
    world.make(
        ReviewSetting, practice=case.dossier.practice, code="sample_size", value=5, reason="test", set_by=by
    )
    with officer.acts():
        actions.draw(by=me(officer), month=last_month())
        return officer, found.sample(last_month())


def test_the_lot_draws_so_many_and_everybody_draws_the_same(world: World) -> None:
    officer, rows = drawn(world)
    assert len(rows) == 5
    other = world.engaged("fg", practice=officer.engagement.practice)
    with other.acts():
        assert found.sample(last_month()) == rows


def test_nobody_draws_twice_nor_chooses_the_lot(world: World) -> None:
    officer, rows = drawn(world)
    sample = ReviewSample.objects.using(OWNER).get(practice=officer.engagement.practice)
    with officer.acts():
        assert actions.draw(by=me(officer), month=last_month()).pk == sample.pk
        assert found.sample(last_month()) == rows
        assert asking.changed("UPDATE dossier_reviewsample SET seed = gen_random_uuid()") == "42501"
    wanted = UUID(int=1)
    made = by_hand(officer, month=found.earlier_months(TODAY(), 2)[1], seed=wanted, size=1)
    assert made is True
    with officer.acts():
        earlier = ReviewSample(
            practice_id=officer.engagement.practice_id,
            month=found.earlier_months(TODAY(), 2)[1],
            seed=wanted,
            drawn_by=me(officer),
        )
        earlier.save(force_insert=True)
    assert ReviewSample.objects.using(OWNER).get(pk=earlier.pk).seed != wanted


def by_hand(who: Actor, **other: Any) -> Any:
    with who.acts():
        row = {"id": uuid4(), "practice_id": who.engagement.practice_id, "size": 5, "seed": uuid4()}
        return asking.insert(
            "dossier_reviewsample", row | {"drawn_by_id": who.user.pk, "drawn_at": timezone.now()} | other
        )


def test_a_month_that_runs_is_not_drawn(world: World) -> None:
    officer = world.engaged("fg", practice=looking.practice_of(world))
    with officer.acts(), pytest.raises(ValidationError, match="loopt nog"):
        actions.draw(by=me(officer), month=TODAY().replace(day=1))
    assert by_hand(officer, month=TODAY().replace(day=1)) == "23514"
    assert by_hand(officer, month=last_month() + timedelta(days=1)) == "23514"
    assert by_hand(officer, month=last_month()) is True


@pytest.mark.parametrize("role", ["bedrijfsarts", "praktijkbeheerder", "secretariaat"])
def test_nobody_but_the_officer_draws_or_sets_a_number(world: World, role: str) -> None:
    officer, _ = drawn(world)
    other = world.engaged(role, practice=officer.engagement.practice)
    assert by_hand(other, month=found.earlier_months(TODAY(), 3)[2]) == "42501"
    number = {
        "id": uuid4(),
        "practice_id": officer.engagement.practice_id,
        "code": "refusals",
        "value": 9,
        "reason": "x",
    }
    for who, answer in ((other, "42501"), (officer, True)):
        with who.acts():
            assert asking.insert("dossier_reviewsetting", number | {"set_by_id": who.user.pk}) == answer


def test_a_drawn_looking_is_judged_like_a_signal(world: World) -> None:
    officer, rows = drawn(world)
    decide(officer, rows[0])
    with officer.acts() as now:
        lines = found.lines(now.capacity, found.sample(last_month()))
    assert [line.state for line in lines].count(found.DONE) == 1
    stored = ReviewDecision.objects.using(OWNER).get(fingerprint=rows[0].fingerprint)
    assert stored.signal == "sample"


def test_a_number_outside_its_bounds_is_refused_and_a_change_says_why(world: World) -> None:
    officer = world.engaged("fg", practice=looking.practice_of(world))
    with officer.acts():
        with pytest.raises(ValidationError, match="waarom u dit getal kiest"):
            actions.set_numbers(by=me(officer), numbers={"refusals": 4}, reason=" ")
        with pytest.raises(ValidationError, match="tussen de grenzen"):
            actions.set_numbers(by=me(officer), numbers={"refusals": 400}, reason="Meer.")
        assert actions.set_numbers(
            by=me(officer), numbers={"refusals": 4, "own_days": 30}, reason="Rustiger."
        ) == ["refusals"]
        assert actions.set_numbers(by=me(officer), numbers={"refusals": 5}, reason="Nog rustiger.") == [
            "refusals"
        ]
    stored = ReviewSetting.objects.using(OWNER).get(practice=officer.engagement.practice)
    assert (stored.value, stored.reason) == (5, "Nog rustiger.")
