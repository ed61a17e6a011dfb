"""Signals: what deviates from the ground somebody had. Each is found for who deviates, and not for his ordinary twin."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from directory.access.log import note
from directory.access.refusals import Refusal
from directory.people.models import Practice
from dossier.deviations import SETTINGS, SIGNALS
from dossier.insight.review import found
from dossier.models import Dossier, ReviewSetting
from dossier.process.models import Verzuimgeval
from dossier.records import actions
from dossier.records.rows import Entry
from tests.domain.test_absence_course import went_on
from tests.domain.test_records_tools import CASE, SICK, minutes_ago, opened
from tests.walls import asking, looking
from tests.world import OWNER, Actor, Case, World

ASK = "begeleiding.read"


def look(who: Actor, dossier: Dossier, ask: str = ASK) -> None:
    """Open a dossier, or be refused, as a page would; either stands in the log."""
    with who.acts(), suppress(Refusal):
        Dossier.objects.open(dossier.pk, ask)


def signals(world: World, practice: Practice) -> list[found.Found]:
    """Ask as the officer of the practice what deviates today."""
    officer = world.engaged("fg", practice=practice)
    with officer.acts():
        return found.signals(timezone.localdate(), timezone.localdate())


def of(case: Case, rows: list[found.Found]) -> set[str]:
    """Name the signals about somebody's looking in this dossier."""
    return {row.signal for row in rows if row.actor == case.actor.user.pk and row.dossier == case.dossier.pk}


def pair(world: World, role: str = "bedrijfsarts") -> tuple[Case, Case]:
    """Put somebody on two dossiers of a practice where nobody else works."""
    one = looking.alone(world, role)
    practice = one.dossier.practice
    other = world.case(
        role, dossier=looking.dossier_in(world, practice), actor=one.actor, physician=one.physician
    )
    return one, other


def set_number(world: World, practice: Practice, code: str, value: int) -> None:
    by = world.user("instelling")
    world.make(ReviewSetting, practice=practice, code=code, value=value, reason="test", set_by=by)


def had_reason(world: World, case: Case) -> None:
    """Let something happen in the dossier, so that looking there has a reason near."""
    with case.actor.acts():
        Dossier.objects.open(case.dossier.pk, ASK)
        note("sign", dossier=case.dossier.pk, asks=["begeleiding.write"])


@pytest.mark.parametrize(
    ("reader", "employee", "same"),
    [
        ("Anna de Vries", "Vries", True),
        ("Anna van der Meulen", "Meulen", True),
        ("Zoë Aït Lahcen", "Ait Lahcen", True),
        ("Anna Jansen-de Boer", "Boer", True),
        ("ANNA VRIES", "vries", True),
        ("Vries Bakker", "Vries", False),
        ("Anna de Vriese", "Vries", False),
    ],
)
def test_the_same_surname_is_a_signal_however_it_is_written(
    world: World, reader: str, employee: str, same: bool
) -> None:
    case, other = pair(world)
    world.change(case.actor.user, display_name=reader)
    world.change(case.dossier.person, surname=employee)
    look(case.actor, case.dossier)
    look(case.actor, other.dossier)
    rows = signals(world, case.dossier.practice)
    assert ("own_name" in of(case, rows)) is same
    assert "own_name" not in of(other, rows)


def test_the_same_address_is_a_signal_when_the_reader_is_known_as_an_employee_too(world: World) -> None:
    case, other = pair(world)
    home = {"street": "Lindehof 7", "postcode": "0100 AX", "city": "Soest"}
    myself = looking.dossier_in(world, case.dossier.practice).person
    for field, value in home.items():
        world.change(myself, **{field: value})
        world.change(case.dossier.person, **{field: value})
    world.change(myself, first_name="Nora", surname="Zeldenrijk")
    world.change(case.actor.user, display_name="Nora Zeldenrijk")
    world.change(other.dossier.person, street="Lindehof 9", postcode="0100 AX")
    for dossier in (case.dossier, other.dossier):
        look(case.actor, dossier)
    rows = signals(world, case.dossier.practice)
    assert "own_address" in of(case, rows)
    assert "own_address" not in of(other, rows)


def test_the_dossier_of_a_colleague_is_a_signal_also_of_one_who_left(world: World) -> None:
    case, other = pair(world)
    colleague = world.engaged("secretariaat", practice=case.dossier.practice)
    world.change(colleague.user, display_name="Fenna Oldeman")
    world.change(colleague.engagement, ends_at=timezone.now() - timedelta(days=30))
    world.change(case.dossier.person, first_name="Fenna", surname="Oldeman")
    for dossier in (case.dossier, other.dossier):
        look(case.actor, dossier)
    rows = signals(world, case.dossier.practice)
    assert "colleague" in of(case, rows)
    assert "colleague" not in of(other, rows)


def test_a_refusal_outside_one_s_scope_is_a_signal_and_not_the_end_of_a_contract(world: World) -> None:
    case = looking.alone(world, "gedelegeerde")
    elsewhere = looking.dossier_in(world, case.dossier.practice)
    look(case.actor, elsewhere)
    look(case.actor, case.dossier, "gedelegeerde.read")
    rows = signals(world, case.dossier.practice)
    there = {row.signal for row in rows if row.actor == case.actor.user.pk and row.hidden is False}
    assert "outside_scope" in there
    assert not {"outside_scope", "after_end"} & of(case, rows)


def test_after_the_end_of_a_contract_a_refusal_says_so(world: World) -> None:
    case = looking.alone(world, "gedelegeerde")
    look(case.actor, case.dossier, "gedelegeerde.read")
    world.end(case.ground)
    look(case.actor, case.dossier, "gedelegeerde.read")
    assert {"after_end"} == of(case, signals(world, case.dossier.practice)) & {"after_end", "outside_scope"}


def test_looking_without_anything_near_is_a_signal(world: World) -> None:
    case, other = pair(world)
    look(case.actor, case.dossier)
    had_reason(world, other)
    rows = signals(world, case.dossier.practice)
    assert "nothing_near" in of(case, rows)
    assert "nothing_near" not in of(other, rows)


def looked(case: Case, at: datetime, *, dossier: Dossier | None = None) -> None:
    """Let a line of the log be of an earlier moment: the log is only added to, and the owner may."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_log (at, xid, request, kind, outcome, actor, engagement, practice, role, side, ground, "
            "ground_kind, purpose, asks, dossiers, origin, protocol) VALUES (%s, pg_current_xact_id(), %s, 'open', 'ok', "
            "%s, %s, %s, %s, 'medical', %s, 'client_assignment', '', %s, %s, 'test', 'test')",
            [
                at,
                str(uuid4()),
                case.actor.user.pk,
                case.actor.engagement.pk,
                case.dossier.practice_id,
                case.role,
                case.ground.pk,
                [ASK],
                [(dossier or case.dossier).pk],
            ],
        )


def on(world: World, practice: Practice, day: date) -> list[found.Found]:
    officer = world.engaged("fg", practice=practice)
    with officer.acts():
        return found.signals(day, day)


def test_a_case_that_ran_is_a_reason_and_one_long_over_is_not(world: World) -> None:
    """The case is written down now; the looking was weeks ago, when nothing else happened."""
    case, other = pair(world)
    before = timezone.now() - timedelta(days=25)
    for one, recovered in ((case, 45), (other, None)):
        sick(one, 60, recovered)
        reader = Case(
            "bedrijfsarts",
            world.engaged("bedrijfsarts", practice=one.dossier.practice),
            one.dossier,
            one.ground,
            one.physician,
        )
        looked(reader, before)
        rows = on(world, one.dossier.practice, timezone.localdate(before))
        assert ("nothing_near" in of(reader, rows)) is (recovered is not None)


def test_a_recovery_told_in_the_course_of_a_case_ends_the_reason_too(world: World) -> None:
    case, other = pair(world)
    before = timezone.now() - timedelta(days=25)
    for one in (case, other):
        sick(one, 60, None)
    went_on(case, day=timezone.localdate() - timedelta(days=45))
    went_on(other, percentage=50, day=timezone.localdate() - timedelta(days=45))
    colleague = world.engaged("bedrijfsarts", practice=case.dossier.practice)
    for one in (case, other):
        reader = Case("bedrijfsarts", colleague, one.dossier, one.ground, one.physician)
        looked(reader, before)
        rows = on(world, one.dossier.practice, timezone.localdate(before))
        assert ("nothing_near" in of(reader, rows)) is (one is case)


def sick(case: Case, began: int, recovered: int | None) -> None:
    """Report somebody sick, so many days ago, and perhaps recovered."""
    today = timezone.localdate()
    since = today - timedelta(days=began)
    details = CASE | {"first_sick_day": since, "reported_on": since}
    details["recovered_on"] = None if recovered is None else today - timedelta(days=recovered)
    with case.actor.acts():
        actions.write(
            by=case.actor.user,
            opened=opened(case, SICK),
            entry=Entry(SICK, minutes_ago(5), {}, details=details),
            sign=True,
        )


def test_many_dossiers_are_a_signal_only_without_reason_and_beyond_one_s_own_usual(world: World) -> None:
    """Whoever stands in on a Monday opens as many, and in each something runs."""
    idle = looking.alone(world, "bedrijfsarts")
    practice = idle.dossier.practice
    set_number(world, practice, "many_least", 3)
    standing_in = world.case(
        "bedrijfsarts",
        dossier=looking.dossier_in(world, practice),
        actor=world.engaged("bedrijfsarts", practice=practice),
    )
    used_to_it = world.case(
        "bedrijfsarts",
        dossier=looking.dossier_in(world, practice),
        actor=world.engaged("bedrijfsarts", practice=practice),
    )
    for who in (idle, standing_in, used_to_it):
        for _ in range(4):
            dossier = looking.dossier_in(world, practice)
            world.ground("client_assignment", "bedrijfsarts", who.actor, dossier)
            if who is standing_in:
                had_reason(world, Case("bedrijfsarts", who.actor, dossier, who.ground, who.physician))
            look(who.actor, dossier)
            if who is used_to_it:
                looked(who, timezone.now() - timedelta(days=5), dossier=dossier)
    many = {row.actor: row for row in signals(world, practice) if row.signal == "many"}
    assert set(many) == {idle.actor.user.pk}
    assert many[idle.actor.user.pk].reach == 4
    assert many[idle.actor.user.pk].dossier is None


def test_a_purpose_opened_on_one_s_own_hand_is_always_shown_and_never_whose(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    visited = world.engaged("bedrijfsarts_doelgebonden", practice=case.dossier.practice)
    world.ground("self_referral", "bedrijfsarts_doelgebonden", visited, case.dossier)
    [shown] = [row for row in signals(world, case.dossier.practice) if row.signal == "own_hand"]
    assert (shown.actor, shown.dossier, shown.hidden) == (visited.user.pk, None, True)
    with case.actor.acts():
        [known] = [
            row
            for row in found.signals(timezone.localdate(), timezone.localdate())
            if row.signal == "own_hand"
        ]
    assert (known.fingerprint, known.dossier, known.hidden) == (shown.fingerprint, case.dossier.pk, False)


def test_three_refusals_on_one_day_are_a_signal_and_two_are_not(world: World) -> None:
    case, other = pair(world)
    for one, times in ((case, 3), (other, 2)):
        for _ in range(times):
            look(one.actor, one.dossier, "verzending.write")
    rows = signals(world, case.dossier.practice)
    assert "refusals" in of(case, rows)
    assert "refusals" not in of(other, rows)
    set_number(world, case.dossier.practice, "refusals", 2)
    assert "refusals" in of(other, signals(world, case.dossier.practice))


def test_looking_in_a_voluntary_part_does_not_tell_the_officer_where(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier, "open_spreekuur.read")
    [row] = [row for row in signals(world, case.dossier.practice) if row.signal == "nothing_near"]
    assert (row.dossier, row.hidden) == (None, True)


def test_a_dossier_without_a_process_side_is_never_named_to_the_officer(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    world.change(case.dossier, process_from=None)
    look(case.actor, case.dossier)
    rows = [row for row in signals(world, case.dossier.practice) if row.actor == case.actor.user.pk]
    assert rows
    assert {row.dossier for row in rows} == {None}


def test_a_physician_is_shown_his_own_dossiers_and_no_others(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    colleague = world.case(
        "bedrijfsarts",
        dossier=looking.dossier_in(world, case.dossier.practice),
        actor=world.engaged("bedrijfsarts", practice=case.dossier.practice),
    )
    for one in (case, colleague):
        look(one.actor, one.dossier)
    with case.actor.acts():
        rows = found.signals(timezone.localdate(), timezone.localdate())
    assert {row.dossier for row in rows} == {case.dossier.pk}


@pytest.mark.parametrize("role", ["gedelegeerde", "procesbewaker", "casemanager", "secretariaat"])
def test_nobody_else_is_shown_a_signal(world: World, role: str) -> None:
    case = looking.alone(world, role)
    look(case.actor, case.dossier)
    look(case.actor, looking.dossier_in(world, case.dossier.practice))
    with case.actor.acts():
        assert found.signals(timezone.localdate(), timezone.localdate()) == []
    assert signals(world, case.dossier.practice)


def test_a_colleague_in_another_practice_is_no_colleague(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    elsewhere = world.engaged("secretariaat")
    world.change(elsewhere.user, display_name="Mirthe Zandbergen")
    world.change(case.dossier.person, first_name="Mirthe", surname="Zandbergen")
    look(case.actor, case.dossier)
    assert "colleague" not in of(case, signals(world, case.dossier.practice))


def test_the_signals_of_another_practice_are_not_shown(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier)
    stranger = looking.practice_of(world)
    assert signals(world, stranger) == []


def test_the_same_facts_are_the_same_signal_however_long_the_period(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier)
    today = timezone.localdate()
    officer = world.engaged("fg", practice=case.dossier.practice)
    with officer.acts():
        short = {(row.signal, row.fingerprint) for row in found.signals(today, today)}
        long = {(row.signal, row.fingerprint) for row in found.signals(today - timedelta(days=29), today)}
    assert short == long != set()


def test_more_than_a_month_is_not_answered(world: World) -> None:
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier)
    officer = world.engaged("fg", practice=case.dossier.practice)
    with officer.acts():
        assert found.signals(timezone.localdate() - timedelta(days=40), timezone.localdate()) == []


def test_reading_the_signals_stands_in_the_log(world: World, superuser: psycopg.Connection) -> None:
    practice = looking.practice_of(world)
    officer = world.engaged("fg", practice=practice)
    with officer.acts() as now:
        found.signals(timezone.localdate(), timezone.localdate())
    row = looking.row(superuser, request=now.nonce)
    assert (row["kind"], row["purpose"], row["asks"]) == ("log_review", "signals", ["logcontrole.read"])


def test_every_signal_says_why_and_every_number_is_one_of_a_signal_or_the_sample() -> None:
    assert len({signal.code for signal in SIGNALS}) == len(SIGNALS) == 9
    for signal in SIGNALS:
        assert signal.explains.endswith(".")
        assert "" not in (signal.label, signal.source)
    for number in SETTINGS.values():
        assert number.least <= number.default <= number.most
        assert "" not in (number.why, number.source)


def test_the_case_is_read_for_who_reviews_and_by_nobody_s_hand(world: World) -> None:
    """The owner acts for nobody in a migration; then he reads no case, and is not refused either."""
    case = looking.alone(world, "bedrijfsarts")
    sick(case, 10, None)
    assert not Verzuimgeval.objects.using(OWNER).filter(dossier=case.dossier).exists()
    officer = world.engaged("fg", practice=case.dossier.practice)
    with officer.acts():
        assert asking.ids("process_verzuimgeval", "record_id") == "42501"
    with case.actor.acts():
        assert asking.ids("process_verzuimgeval", "record_id") == set()
        Dossier.objects.open(case.dossier.pk, "werkgeverdeel.read")
        assert len(asking.ids("process_verzuimgeval", "record_id")) == 1
