"""Every right has its moments: it begins, ends, stands still, and is asked again for the moment something happened.

Questions about a moment are asked as explain asks them, through the second login. Periods are half-open: the first
moment counts, the last does not.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delegation.models import Absence, CompetenceConclusion, OwnDeclaration
from directory.access.context import begin_cursor
from directory.access.models import Ground
from directory.people.models import EngagementSuspension
from tests.walls import asking
from tests.walls.asking import REFUSED
from tests.walls.seed import Seeded, Seeds, minute
from tests.world import Case, World

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


def answer(
    case: Case, at: datetime, ask: str = "begeleiding.read", task: str | None = None
) -> tuple[str, str | None]:
    """What explain says of this person on this dossier at that moment."""
    section, verb = ask.split(".")
    with begin_cursor() as cursor:
        cursor.execute(
            "SELECT answer, code FROM access_explain(%s, %s, %s, %s, %s, %s, %s)",
            [case.actor.user.pk, case.actor.engagement.pk, case.dossier.pk, section, verb, at, task],
        )
        found = cursor.fetchone()
    assert found is not None
    return str(found[0]), found[1]


def may(case: Case, at: datetime, ask: str = "begeleiding.read") -> bool:
    return answer(case, at, ask)[0].startswith("allow")


# --- grounds ----------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(
    min_value=datetime(2025, 12, 1), max_value=datetime(2026, 11, 1), timezones=st.just(UTC)
)
LENGTHS = st.timedeltas(min_value=TICK, max_value=timedelta(days=60))
relaxed = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def newcomer(world: World) -> Case:
    """A physician without any ground yet, and the dossier of somebody else's employee."""
    actor, colleague = world.engaged("bedrijfsarts"), world.engaged("bedrijfsarts")
    return Case("bedrijfsarts", actor, world.dossier(), None, colleague)


def with_ground(world: World, newcomer: Case, **period: Any) -> Case:
    """A dossier of his own per period, so that no two grounds meet."""
    dossier = world.dossier()
    ground = world.ground("client_assignment", "bedrijfsarts", newcomer.actor, dossier, **period)
    return Case("bedrijfsarts", newcomer.actor, dossier, ground, newcomer.actor)


@relaxed
@given(starts_at=MOMENTS, length=LENGTHS)
def test_a_right_begins_with_its_ground_and_ends_with_it(
    world: World, newcomer: Case, starts_at: datetime, length: timedelta
) -> None:
    ends_at = starts_at + length
    case = with_ground(world, newcomer, starts_at=starts_at, ends_at=ends_at)
    assert answer(case, starts_at - TICK) == ("deny", "no_grant")
    assert may(case, starts_at)
    assert may(case, ends_at - TICK)
    assert answer(case, ends_at) == ("deny", "no_grant")
    assert answer(case, ends_at + TICK) == ("deny", "no_grant")


@relaxed
@given(starts_at=MOMENTS, length=LENGTHS)
def test_a_suspension_is_a_period_of_its_own(
    world: World, newcomer: Case, starts_at: datetime, length: timedelta
) -> None:
    """Before it and after it the right is there; in between somebody can mend it, so the answer is not yet."""
    case = with_ground(world, newcomer, starts_at=world.long_ago)
    world.suspend(case.ground, starts_at=starts_at, ends_at=starts_at + length)
    assert may(case, starts_at - TICK)
    assert answer(case, starts_at) == ("not_yet", "suspended")
    assert answer(case, starts_at + length - TICK) == ("not_yet", "suspended")
    assert may(case, starts_at + length)


def test_an_engagement_counts_from_its_acceptance_and_stops_at_its_end(world: World) -> None:
    case = world.case("gedelegeerde")
    begins, accepted, ends = world.now - 9 * DAY, world.now - 8 * DAY, world.now - 2 * DAY
    ask = "gedelegeerde.read"
    engagement = type(case.actor.engagement).objects.using("owner").filter(pk=case.actor.engagement.pk)
    assert may(case, begins - TICK, ask)
    with connections[
        "owner"
    ].cursor() as cursor:  # an engagement stays as it began, but not before these walls
        cursor.execute("ALTER TABLE people_engagement DISABLE TRIGGER people_engagement_stays")
        engagement.update(starts_at=begins, accepted_at=accepted, ends_at=ends)
        cursor.execute("ALTER TABLE people_engagement ENABLE TRIGGER people_engagement_stays")
    for at, expected in (
        (begins - TICK, False),
        (accepted - TICK, False),
        (accepted, True),
        (ends - TICK, True),
    ):
        assert may(case, at, ask) == expected, at
    assert answer(case, ends, ask) == ("deny", "no_capacity")


def test_a_suspended_engagement_stands_still(world: World) -> None:
    case = world.case("bedrijfsarts")
    starts_at, ends_at = world.now - 5 * DAY, world.now - 3 * DAY
    world.make(
        EngagementSuspension,
        practice=world.practice,
        engagement=case.actor.engagement,
        starts_at=starts_at,
        ends_at=ends_at,
        reason="proef",
        by=case.actor.user,
    )
    assert may(case, starts_at - TICK)
    assert answer(case, starts_at) == ("deny", "no_capacity")
    assert not may(case, ends_at - TICK)
    assert may(case, ends_at)


# --- dates ------------------------------------------------------------------------------------------------------


def midnight(day: date) -> datetime:
    """Make the first moment of a day in the Netherlands."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM).astimezone(UTC)


# The two nights in which the clock is changed, the days around them, and a new year.
NIGHTS = [
    date(2026, 3, 28),
    date(2026, 3, 29),
    date(2026, 3, 30),
    date(2026, 10, 24),
    date(2026, 10, 25),
    date(2026, 10, 26),
    date(2026, 1, 1),
]


@pytest.mark.parametrize("day", NIGHTS, ids=str)
def test_a_registration_that_ends_on_a_day_ends_with_the_midnight_before_it(world: World, day: date) -> None:
    """Dates are Dutch days, in summer and in winter and in the nights between."""
    case = world.case("bedrijfsarts")
    registration = case.actor.user.professional.registrations.using("owner").get(register="big_arts")
    world.change(registration, ends_on=day)
    assert may(case, midnight(day) - TICK)
    assert answer(case, midnight(day)) == ("not_yet", "registration_big")
    assert not may(case, midnight(day) + timedelta(hours=25))


@pytest.mark.parametrize("day", NIGHTS, ids=str)
def test_a_registration_that_begins_on_a_day_begins_with_its_midnight(world: World, day: date) -> None:
    case = world.case("bedrijfsarts")
    registration = case.actor.user.professional.registrations.using("owner").get(
        register="specialist_bedrijfsarts"
    )
    world.change(registration, starts_on=day)
    assert answer(case, midnight(day) - TICK) == ("not_yet", "registration_specialist")
    assert may(case, midnight(day))


@pytest.mark.parametrize("day", NIGHTS, ids=str)
def test_a_deputy_s_period_is_exact_in_the_nights_the_clock_is_changed(world: World, day: date) -> None:
    """From a Dutch midnight to the next: 23, 24 or 25 hours, and not a microsecond beside them."""
    case = world.case("waarnemer")
    world.end(case.ground)
    starts_at, ends_at = midnight(day), midnight(day + timedelta(days=1))
    hours = {date(2026, 3, 29): 23, date(2026, 10, 25): 25}.get(day, 24)
    assert ends_at - starts_at == timedelta(hours=hours)
    other = world.engaged("waarnemer")
    world.ground(
        "deputising",
        "waarnemer",
        other,
        case.dossier,
        responsible=case.physician,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    world.notice(case.dossier, "waarneming", other.user, case.physician.user)
    deputy = Case("waarnemer", other, case.dossier, None, case.physician)
    assert not may(deputy, starts_at - TICK)
    assert may(deputy, starts_at)
    assert may(deputy, ends_at - TICK)
    assert not may(deputy, ends_at)


def test_the_hour_that_comes_twice_is_two_hours(world: World, newcomer: Case) -> None:
    """Half past two on 25 October 2026 comes twice; a right that begins with the second is not there at the first."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=0).astimezone(UTC)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1).astimezone(UTC)
    assert second - first == timedelta(hours=1)
    case = with_ground(world, newcomer, starts_at=second, ends_at=second + DAY)
    assert not may(case, first)
    assert not may(case, second - TICK)
    assert may(case, second)


def test_an_employment_that_ended_ends_the_employer_s_side_with_the_day(world: World) -> None:
    case = world.case("casemanager")
    day = timezone.localdate() - 10 * DAY
    world.change(case.dossier.relation, ends_on=day)
    ask = "werkgeverdeel.read"
    assert may(case, midnight(day) - TICK, ask)
    assert answer(case, midnight(day), ask) == ("not_yet", "employment_ended")


# --- facts behind the guards ------------------------------------------------------------------------------------


def test_a_notice_counts_from_the_moment_it_was_given(world: World) -> None:
    case = world.case("gedelegeerde")
    told = world.now - 3 * DAY
    world.change(case.facts["notice"], given_at=told)
    for ask in ("gedelegeerde.read", "gedelegeerde.write", "begeleiding.read"):
        assert answer(case, told - TICK, ask) == ("not_yet", "notice"), ask
        assert may(case, told, ask)
    assert may(case, told - TICK, "proces.read"), "the process side needs no notice"


def test_absence_without_a_deputy_holds_back_writing_for_its_period(world: World) -> None:
    case = world.case("gedelegeerde")
    starts_at, ends_at = world.now - 6 * DAY, world.now - 4 * DAY
    world.make(
        Absence,
        practice=world.practice,
        physician=case.physician.engagement,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    ask = "gedelegeerde.write"
    assert may(case, starts_at - TICK, ask)
    assert answer(case, starts_at, ask) == ("not_yet", "supervision_cover")
    assert may(case, starts_at, "gedelegeerde.read")
    assert answer(case, ends_at - TICK, ask) == ("not_yet", "supervision_cover")
    assert may(case, ends_at, ask)


def test_a_delegate_who_calls_himself_not_competent_is_not_authorised_from_that_moment(world: World) -> None:
    case = world.case("gedelegeerde")
    task = case.facts["contract"].tasks.using("owner").get(task__code="M2").task
    refuses = world.now - DAY
    declared = OwnDeclaration.objects.using("owner").get(user=case.actor.user, task=task)
    world.change(declared, ends_at=refuses)
    world.make(
        OwnDeclaration,
        practice=world.practice,
        user=case.actor.user,
        task=task,
        competent=False,
        starts_at=refuses,
    )
    assert answer(case, refuses - TICK, "gedelegeerde.write", "M2")[0].startswith("allow")
    assert answer(case, refuses, "gedelegeerde.write", "M2") == ("deny", "own_incompetent")
    assert answer(case, refuses, "gedelegeerde.write", "M3")[0].startswith("allow")


def test_a_conclusion_past_its_review_date_holds_the_task_back(world: World) -> None:
    case = world.case("gedelegeerde")
    task = case.facts["contract"].tasks.using("owner").get(task__code="M6").task
    review = world.now - DAY
    conclusion = CompetenceConclusion.objects.using("owner").get(delegate=case.actor.user, task=task)
    world.change(conclusion, ends_at=review)
    assert answer(case, review - TICK, "gedelegeerde.write", "M6")[0].startswith("allow")
    assert answer(case, review, "gedelegeerde.write", "M6") == ("not_yet", "competence")


def test_a_consent_that_was_withdrawn_closes_what_it_opened(seeds: Seeds) -> None:
    """At the next statement: what it named is gone, what others named stays."""
    seeded = seeds.new("bedrijfsarts")
    asks = ["second_opinion.read"]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks)
        assert asking.ids("medical_record") == {seeded.headers["second_opinion"]["consented"]}
        withdraw(seeds, "consent_consent", "item = %s", seeded.headers["second_opinion"]["consented"])
        assert asking.ids("medical_record") == set()


def withdraw(seeds: Seeds, table: str, condition: str, *values: Any) -> None:
    """End the period of these rows now, beside the running transaction."""
    with seeds.connection.transaction():
        seeds.connection.execute("SET LOCAL session_replication_role = replica")
        found = seeds.connection.execute(
            f"UPDATE {table} SET ends_at = clock_timestamp() WHERE {condition}", values
        )
        assert found.rowcount


# --- revocation while a page is open ------------------------------------------------------------------------------


def test_an_ended_ground_closes_at_the_next_statement(seeds: Seeds) -> None:
    seeded = seeds.new("bedrijfsarts")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["begeleiding.read", "begeleiding.write"])
        assert asking.ids("medical_record") == set(seeded.headers["begeleiding"].values())
        seeds.world.end(seeded.case.ground)
        assert asking.ids("medical_record") == set()
        assert asking.insert("medical_record", seeds.header(seeded, "begeleiding")) == REFUSED
    with seeded.actor.acts():
        answers = asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
        assert answers["begeleiding.read"].code == "no_grant"


def test_a_suspended_contract_closes_at_the_next_statement_and_opens_after_it(seeds: Seeds) -> None:
    seeded = seeds.new("gedelegeerde")
    asks = ["gedelegeerde.read", "gedelegeerde.write"]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks)
        assert asking.ids("medical_record")
        suspension = seeds.world.suspend(seeded.case.ground)
        assert asking.ids("medical_record") == set()
        assert asking.insert("medical_record", seeds.header(seeded, "gedelegeerde")) == REFUSED
    with seeded.actor.acts():
        assert asking.opened(seeded.case.dossier.pk, asks)["gedelegeerde.read"].code == "suspended"
    seeds.world.change(suspension, ends_at=timezone.now())
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, asks)
        assert asking.ids("medical_record")


@pytest.mark.parametrize("how", ["the account", "the engagement", "the context"])
def test_a_capacity_that_ends_refuses_the_next_statement(seeds: Seeds, how: str) -> None:
    """Not an empty page: the database says that nobody is acting any more."""
    seeded = seeds.new("bedrijfsarts")
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
        assert asking.ids("medical_record")
        if how == "the account":
            seeds.world.change(seeded.actor.user, is_active=False)
        elif how == "the engagement":
            seeds.world.change(seeded.actor.engagement, ends_at=timezone.now())
        else:
            withdraw_context(seeds, seeded)
        assert asking.ids("medical_record") == REFUSED
        found = asking.outcome(lambda: asking.opened(seeded.case.dossier.pk, ["begeleiding.read"]))
        assert found == REFUSED


def withdraw_context(seeds: Seeds, seeded: Seeded) -> None:
    seeds.connection.execute(
        "UPDATE access_sessioncontext SET ended_at = clock_timestamp() WHERE engagement_id = %s",
        [seeded.actor.engagement.pk],
    )


def test_a_context_ends_after_its_hours(seeds: Seeds) -> None:
    seeded = seeds.of("bedrijfsarts")
    with seeded.actor.acts():
        assert asking.run("SELECT access_user()") == [(seeded.actor.user.pk,)]
        seeds.connection.execute(
            "UPDATE access_sessioncontext SET expires_at = clock_timestamp() WHERE engagement_id = %s",
            [seeded.actor.engagement.pk],
        )
        assert asking.outcome(lambda: asking.run("SELECT access_user()")) == REFUSED


def test_a_share_that_was_taken_back_is_gone_at_the_next_statement(seeds: Seeds) -> None:
    seeded = seeds.new("gedelegeerde")
    shared = seeded.headers["begeleiding"]["shared"]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["begeleiding.read"])
        assert asking.ids("medical_record") == {shared}
        withdraw(seeds, "dossier_share", "record_id = %s", shared)
        assert asking.ids("medical_record") == set()


def test_a_share_of_a_voluntary_contact_ends_with_the_consent_it_rests_on(seeds: Seeds) -> None:
    seeded = seeds.new("gedelegeerde")
    shared = seeded.headers["open_spreekuur"]["shared"]
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["open_spreekuur.read"])
        assert asking.ids("medical_record") == {shared}
        withdraw(
            seeds,
            "consent_consent",
            "id = (SELECT consent_id FROM dossier_share WHERE record_id = %s)",
            shared,
        )
        assert asking.ids("medical_record") == set()


# --- the moment something happened ----------------------------------------------------------------------------------


def write(seeds: Seeds, seeded: Seeded, happened_at: datetime) -> Any:
    """Try to record in the delegate's own file what happened at that moment."""
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["gedelegeerde.read", "gedelegeerde.write"])
        return asking.insert("medical_record", seeds.header(seeded, "gedelegeerde", happened_at=happened_at))


def write_part(seeds: Seeds, seeded: Seeded, happened_at: datetime, task: str = "M2") -> Any:
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["gedelegeerde.read", "gedelegeerde.write"])
        header = seeds.header(seeded, "gedelegeerde", id=seeded.headers["gedelegeerde"]["mine"])
        part = seeds.part(header, code="nieuw", task=task, happened_at=happened_at)
        return asking.insert("medical_part", part)


@pytest.fixture
def delegate(seeds: Seeds) -> Seeded:
    """A delegate told of three days ago, at noon and half a minute."""
    seeded = seeds.new("gedelegeerde")
    told = minute(seeds.world.now - 3 * DAY) + timedelta(seconds=30)
    seeds.world.change(seeded.case.facts["notice"], given_at=told)
    return seeded


def test_what_happened_before_the_employee_was_told_cannot_be_recorded(
    seeds: Seeds, delegate: Seeded
) -> None:
    """The minute in which he was told counts as told; the minute before does not."""
    told = minute(delegate.case.facts["notice"].given_at)
    assert write(seeds, delegate, told - timedelta(minutes=1)) == REFUSED
    assert write(seeds, delegate, told - DAY) == REFUSED
    assert write(seeds, delegate, told) is True
    assert write(seeds, delegate, told + timedelta(minutes=1)) is True


def test_what_happened_before_the_contract_cannot_be_recorded(seeds: Seeds) -> None:
    world = seeds.world
    physician, dossier = world.engaged("bedrijfsarts"), world.dossier()
    world.ground("client_assignment", "bedrijfsarts", physician, dossier)
    actor = world.engaged("gedelegeerde")
    signed = minute(world.now - 5 * DAY)
    ground = world.ground("contract", "gedelegeerde", actor, dossier, responsible=physician, starts_at=signed)
    world.contract(ground, actor, physician)
    world.secrecy(actor, "afgeleid_beroepsgeheim")
    world.notice(dossier, "delegatie", actor.user, physician.user)
    seeded = Seeded(Case("gedelegeerde", actor, dossier, ground, physician), physician)
    assert write(seeds, seeded, signed - timedelta(minutes=1)) == REFUSED
    assert write(seeds, seeded, signed) is True


def test_what_happened_while_he_was_suspended_cannot_be_recorded_afterwards(seeds: Seeds) -> None:
    seeded = seeds.new("gedelegeerde")
    starts_at = minute(seeds.world.now - 5 * DAY)
    seeds.world.suspend(seeded.case.ground, starts_at=starts_at, ends_at=starts_at + DAY)
    assert write(seeds, seeded, starts_at - timedelta(minutes=1)) is True
    assert write(seeds, seeded, starts_at) == REFUSED
    assert write(seeds, seeded, starts_at + DAY - timedelta(minutes=1)) == REFUSED
    assert write(seeds, seeded, starts_at + DAY) is True


@pytest.mark.parametrize("role", ["bedrijfsarts", "gedelegeerde"])
def test_nobody_records_what_is_still_to_happen(seeds: Seeds, role: str) -> None:
    seeded = seeds.of(role)
    section = "begeleiding" if role == "bedrijfsarts" else "gedelegeerde"
    now = minute(timezone.now())
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, [f"{section}.write"])
        for ahead in (timedelta(minutes=1), DAY, timedelta(days=400)):
            row = seeds.header(seeded, section, happened_at=now + ahead)
            assert asking.insert("medical_record", row) == REFUSED, ahead
        assert asking.insert("medical_record", seeds.header(seeded, section, happened_at=now)) is True


def test_a_signal_is_not_of_the_future_nor_of_before_the_assignment(seeds: Seeds) -> None:
    world = seeds.world
    seeded = seeds.of("signaleerder")
    starts_at = minute(seeded.case.ground.starts_at)
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["signaal.write"])
        for moment, let_in in (
            (minute(world.now - DAY), True),
            (minute(timezone.now()) + timedelta(minutes=1), REFUSED),
            (starts_at - timedelta(minutes=1), REFUSED),
        ):
            assert asking.insert("medical_signal", seeds.signal(seeded, happened_at=moment)) == let_in, moment


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=400)], ids=["a minute", "a year"])
def test_no_part_of_a_record_happens_in_the_future(seeds: Seeds, ahead: timedelta) -> None:
    seeded = seeds.of("gedelegeerde")
    assert write_part(seeds, seeded, minute(timezone.now())) is True
    assert write_part(seeds, seeded, minute(timezone.now()) + ahead) == REFUSED


def test_a_part_asks_that_its_task_was_delegated_when_it_happened(seeds: Seeds) -> None:
    """Competence concluded last week does not cover what was done the week before."""
    seeded = seeds.new("gedelegeerde")
    concluded = minute(seeds.world.now - 4 * DAY)
    found = CompetenceConclusion.objects.using("owner").get(delegate=seeded.actor.user, task__code="M3")
    seeds.world.change(found, starts_at=concluded)
    assert write_part(seeds, seeded, concluded - timedelta(minutes=1), "M3") == REFUSED
    assert write_part(seeds, seeded, concluded, "M3") is True
    assert write_part(seeds, seeded, concluded - timedelta(minutes=1), "M2") is True


def test_a_concept_is_not_moved_to_a_moment_it_could_not_be_written_at(
    seeds: Seeds, delegate: Seeded
) -> None:
    told = minute(delegate.case.facts["notice"].given_at)
    change = "UPDATE medical_record SET happened_at = %s, revision = revision + 1 WHERE id = %s"
    mine = delegate.headers["gedelegeerde"]["mine"]
    with delegate.actor.acts():
        asking.opened(delegate.case.dossier.pk, ["gedelegeerde.read", "gedelegeerde.write"])
        assert asking.changed(change, told, mine) == 1
        assert asking.changed(change, told - timedelta(minutes=1), mine) == REFUSED
        assert asking.changed(change, minute(timezone.now()) + DAY, mine) == REFUSED


def test_a_moment_is_a_minute_whatever_clock_the_connection_keeps(seeds: Seeds) -> None:
    """The application speaks UTC, psql and the server Dutch time; a whole minute is whole for all of them."""
    seeded = seeds.of("bedrijfsarts")
    whole = minute(timezone.now() - DAY)
    for zone in ("UTC", "Europe/Amsterdam", "Asia/Kolkata"):
        with seeded.actor.acts():
            asking.run("SELECT set_config('TimeZone', %s, true)", zone)
            asking.opened(seeded.case.dossier.pk, ["begeleiding.write"])
            for moment, let_in in (
                (whole, True),
                (whole + timedelta(seconds=1), "23514"),
                (whole + TICK, "23514"),
            ):
                row = seeds.header(seeded, "begeleiding", happened_at=moment)
                assert asking.insert("medical_record", row) == let_in, (zone, moment)


def test_no_ground_begins_before_it_was_signed(world: World) -> None:
    case = world.case("bedrijfsarts")
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "kind": "client_assignment",
        "role": "bedrijfsarts",
        "holder_id": case.actor.engagement.pk,
        "given_by_id": case.actor.user.pk,
        "purposes": [],
        "signed_at": world.now,
        "starts_at": world.now,
        "ended_reason": "",
        "recorded_at": world.now,
    }
    with case.actor.acts():
        assert asking.insert("access_ground", row) is True
        assert asking.insert("access_ground", row | {"starts_at": world.now - TICK}) == "23514"


def test_a_ground_signed_on_paper_says_when_it_was_recorded(world: World) -> None:
    """A practice that begins brings agreements along: dated back, and never recorded earlier than it was."""
    case = world.case("bedrijfsarts")
    past, before = world.now - 30 * DAY, timezone.now()
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "kind": "client_assignment",
        "role": "bedrijfsarts",
        "holder_id": case.actor.engagement.pk,
        "given_by_id": case.actor.user.pk,
        "purposes": [],
        "signed_at": past,
        "starts_at": past,
        "ended_reason": "",
        "recorded_at": past,
    }
    with case.actor.acts():
        asking.run(
            f"INSERT INTO access_ground ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
            *row.values(),
        )
    stored = Ground.objects.using("owner").get(pk=row["id"])
    assert stored.starts_at == past
    assert before <= stored.recorded_at <= timezone.now()


def test_a_notice_is_not_given_in_the_future(seeds: Seeds, superuser: psycopg.Connection) -> None:
    seeded, world = seeds.of("bedrijfsarts"), seeds.world
    row = {
        "id": uuid.uuid4(),
        "practice_id": world.practice.pk,
        "relation_id": seeded.case.dossier.relation_id,
        "recorded_at": timezone.now(),
        "kind": "waarneemgroep",
        "function": "",
        "task": "",
        "reachable": "",
        "right_to_speak": False,
        "given_at": timezone.now() - DAY,
        "given_by_id": seeded.actor.user.pk,
        "means": "brief",
    }
    ahead = timezone.now() + DAY
    with seeded.actor.acts():
        asking.opened(seeded.case.dossier.pk, ["kennisgeving.write"])
        assert asking.insert("consent_notice", row) is True
        assert asking.insert("consent_notice", row | {"given_at": ahead}) == "23514"
        forged = row | {"given_at": ahead, "recorded_at": ahead}
        assert asking.insert("consent_notice", forged) in (REFUSED, "23514")
