"""How an absence goes on: one case runs at a time, and whoever hears of recovery reports it beside the ziekmelding."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from directory.access.refusals import Refusal
from dossier.process.course import BEFORE_CASE, CASE_RUNS, NO_CASE, running
from dossier.records import actions
from dossier.records.base import Header
from dossier.records.places import new_url, record_url
from dossier.records.rows import Entry
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import moment, text_of
from tests.domain.test_records_tools import CASE, COURSE, SICK, minutes_ago, opened
from tests.expectations.scenarios import delegation
from tests.walls import asking
from tests.world import Case, World

TODAY = timezone.localdate()
BEGAN = TODAY - timedelta(days=20)


def beside(world: World, case: Case, role: str) -> Case:
    """Let somebody else work on the same dossier; the bedrijfsarts does already."""
    if role == "bedrijfsarts":
        return Case(role, case.physician, case.dossier, None, case.physician)
    actor = world.engaged(role, practice=case.dossier.practice)
    return world.case(role, dossier=case.dossier, actor=actor, physician=case.physician)


def reported(case: Case, *, sign: bool = True, **changes: Any) -> Header:
    with case.actor.acts():
        details = {**CASE, "first_sick_day": BEGAN, "reported_on": BEGAN, **changes}
        entry = Entry(SICK, minutes_ago(5), {}, details=details)
        return actions.write(by=case.actor.user, opened=opened(case, SICK), entry=entry, sign=sign)


def went_on(case: Case, percentage: int = 0, day: date = TODAY, *, sign: bool = True) -> Header:
    with case.actor.acts():
        details = {"from_day": day, "absence_percentage": percentage}
        entry = Entry(COURSE, minutes_ago(5), {}, details=details)
        return actions.write(by=case.actor.user, opened=opened(case, COURSE), entry=entry, sign=sign)


def amended(case: Case, record: Header, percentage: int) -> Header:
    with case.actor.acts():
        details = {"from_day": TODAY, "absence_percentage": percentage}
        entry = Entry(COURSE, record.happened_at, {}, details=details)
        return actions.amend(
            by=case.actor.user,
            opened=opened(case, COURSE),
            record=record,
            entry=entry,
            reason="Verkeerd verstaan",
            seen=record.version,
            sign=True,
        )


def part_of(case: Case) -> int | None:
    """Say for which part somebody is sick now; None is not at all."""
    with case.actor.acts() as now:
        opened(case, SICK)
        found = running(now.capacity, [case.dossier.pk]).get(case.dossier.pk)
    return found.percentage if found else None


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return " ".join(error.value.messages)


# --- one case at a time -----------------------------------------------------------------------------------------


def test_a_second_ziekmelding_waits_for_the_recovery_of_the_first(world: World) -> None:
    case = world.case("procesbewaker")
    manager = beside(world, case, "casemanager")
    reported(manager)
    assert refused(reported, case) == CASE_RUNS
    went_on(case)
    reported(case, first_sick_day=TODAY, reported_on=TODAY)
    assert part_of(manager) == 100


def test_a_case_that_is_over_when_it_is_reported_may_stand_beside_the_one_that_runs(world: World) -> None:
    case = world.case("procesbewaker")
    reported(case)
    old = TODAY - timedelta(days=90)
    reported(case, first_sick_day=old, reported_on=old, recovered_on=old + timedelta(days=3))
    assert part_of(case) == 100


def test_a_concept_is_no_case_yet_and_meets_the_rule_when_it_is_signed(world: World) -> None:
    case = world.case("procesbewaker")
    concept = reported(case, sign=False)
    manager = beside(world, case, "casemanager")
    reported(manager)
    client = enter(case.actor)
    answer = client.post(record_url(concept, "record_sign"))
    assert answer.status_code == 400
    assert CASE_RUNS in text_of(answer)
    went_on(manager)
    assert client.post(record_url(concept, "record_sign")).status_code == 302


def test_of_two_who_report_at_the_same_moment_one_is_told(world: World) -> None:
    case = world.case("procesbewaker")
    people = [case, beside(world, case, "casemanager"), beside(world, case, "secretariaat")]
    start, said = threading.Barrier(len(people)), []

    def report(one: Case) -> None:
        try:
            start.wait(20)
            reported(one)
            said.append("ok")
        except ValidationError as error:
            said.append(" ".join(error.messages))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=report, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == sorted(["ok", CASE_RUNS, CASE_RUNS])


# --- recovery ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bedrijfsarts", "procesbewaker", "casemanager", "secretariaat"])
def test_recovery_is_reported_by_whoever_hears_of_it(world: World, who: str) -> None:
    case = world.case("signaleerder")
    reported(case)
    went_on(beside(world, case, who))
    assert part_of(case) is None


def test_somebody_recovers_in_parts(world: World) -> None:
    case = world.case("casemanager")
    reported(case)
    went_on(case, 50, TODAY - timedelta(days=7))
    assert part_of(case) == 50
    went_on(case, 75, TODAY - timedelta(days=3))
    went_on(case, 25, TODAY)
    assert part_of(case) == 25
    went_on(case, 0)
    assert part_of(case) is None


def test_the_later_day_counts_whatever_was_written_down_first(world: World) -> None:
    case = world.case("casemanager")
    reported(case)
    went_on(case, 25, TODAY)
    went_on(case, 50, TODAY - timedelta(days=7))
    assert part_of(case) == 25


def test_without_a_case_there_is_nothing_to_recover_from(world: World) -> None:
    case = world.case("procesbewaker")
    assert refused(went_on, case) == NO_CASE
    reported(case)
    went_on(case)
    assert refused(went_on, case) == NO_CASE


def test_nobody_recovers_before_he_was_sick(world: World) -> None:
    case = world.case("procesbewaker")
    reported(case)
    assert refused(went_on, case, 0, BEGAN - timedelta(days=1)) == BEFORE_CASE
    went_on(case, 0, BEGAN)


def test_a_recovery_that_was_none_is_taken_back_while_no_other_case_runs(world: World) -> None:
    case = world.case("procesbewaker")
    reported(case)
    recovery = went_on(case)
    amended(case, recovery, 50)
    assert part_of(case) == 50
    again = went_on(case)
    reported(case, first_sick_day=TODAY, reported_on=TODAY)
    assert refused(amended, case, again, 50) == CASE_RUNS


def test_two_recoveries_of_one_case_are_one(world: World) -> None:
    case = world.case("procesbewaker")
    reported(case)
    other = beside(world, case, "casemanager")
    waiting = went_on(other, sign=False)
    went_on(case)
    with other.actor.acts():
        assert (
            refused(
                actions.sign,
                by=other.actor.user,
                opened=opened(other, COURSE),
                record=waiting,
                place=COURSE,
            )
            == NO_CASE
        )


# --- who may, and what the page says ------------------------------------------------------------------------------


def test_the_dossier_leads_to_recovery_where_a_case_runs_and_nowhere_else(world: World) -> None:
    case = world.case("casemanager")
    client, page = enter(case.actor), reverse("dossier", args=[case.dossier.pk])
    assert "Herstel melden" not in text_of(client.get(page))
    reported(beside(world, case, "procesbewaker"))
    assert "Herstel melden" in text_of(client.get(page))
    form = client.get(new_url(case.dossier.pk, COURSE))
    assert "Waarom iemand weer meer of minder werkt, kunt u niet vragen" in text_of(form)
    sent = {
        "happened_at": moment(),
        "form_key": form.context["form"]["form_key"].value(),
        "from_day": f"{TODAY}",
        "absence_percentage": "0",
        "doe": "ondertekenen",
    }
    assert client.post(new_url(case.dossier.pk, COURSE), sent).status_code == 302
    answer = client.get(page)
    assert "Hersteld per" in text_of(answer)
    assert "Herstel melden" not in text_of(answer)
    assert answer.context["balk"].sick_since == ""


def test_a_form_without_a_case_says_what_to_do_and_keeps_what_was_typed(world: World) -> None:
    case = world.case("casemanager")
    client, url = enter(case.actor), new_url(case.dossier.pk, COURSE)
    form = client.get(url)
    sent = {
        "happened_at": moment(),
        "form_key": form.context["form"]["form_key"].value(),
        "from_day": f"{TODAY}",
        "absence_percentage": "40",
        "werkafspraken": "Vier uur per dag, administratie.",
        "doe": "ondertekenen",
    }
    answer = client.post(url, sent)
    assert answer.status_code == 400
    assert NO_CASE in text_of(answer)
    assert "Vier uur per dag, administratie." in text_of(answer)


def test_a_delegate_needs_the_task_of_the_process(world: World) -> None:
    case = world.case("gedelegeerde")
    reported(beside(world, case, "procesbewaker"))
    went_on(case, 50)
    other = delegation(world, tasks=("M2", "M7"))
    reported(beside(world, other, "procesbewaker"))
    with pytest.raises(Refusal):
        went_on(other, 50)


@pytest.mark.parametrize("role", ["overig_b", "fg"])
def test_who_has_no_such_task_cannot_write_it_by_hand_either(world: World, role: str) -> None:
    case = world.case("procesbewaker")
    reported(case)
    other = (
        beside(world, case, role)
        if role == "overig_b"
        else Case(role, world.engaged(role), case.dossier, None, case.physician)
    )
    with other.actor.acts() as now:
        asking.opened(case.dossier.pk, ["werkgeverdeel.write", "werkgeverdeel.read"])
        insert = (
            "INSERT INTO process_verzuimverloop (record_id, practice_id, dossier_id, author_id, case_series, from_day, "
            "absence_percentage) VALUES (gen_random_uuid(), %s, %s, %s, gen_random_uuid(), current_date, 0)"
        )
        assert (
            asking.changed(insert, now.capacity.practice_id, case.dossier.pk, now.capacity.user_id) == "42501"
        )


def test_a_signed_report_never_changes(world: World) -> None:
    case = world.case("procesbewaker")
    reported(case)
    record = went_on(case, 50)
    with case.actor.acts():
        asking.opened(case.dossier.pk, ["werkgeverdeel.write", "werkgeverdeel.read", "werkgeverdeel.amend"])
        change = "UPDATE process_verzuimverloop SET absence_percentage = 0 WHERE record_id = %s"
        assert asking.changed(change, record.pk) == "23514"
