"""Every scenario comes out as it was written down beforehand, and so does its neighbour one fact away."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dossier import explanation
from tests.expectations.scenarios import SCENARIOS, WAITING, Answer, Question, Scenario
from tests.world import World

# The cases of access, dossier and delegation whose actor has an account: kernel, panels, delegation.
# fmt: off
WRITTEN_DOWN = [
    "S001", "S002", "S005", "S006", "S007", "S008", "S012", "S016", "S020", "S021", "S023", "S024",
    "S025", "S026", "S028", "S030", "S031", "S032", "S035", "S036", "S038", "S039", "S040", "S042",
    "S044", "S047", "S048", "S049", "S050", "S051", "S052", "S053", "S055", "S057", "S059", "S067",
    "S069", "S073", "S074", "S077", "S078", "S081", "S089", "S090", "S091", "S094", "S100", "S120",
    "S122", "S124", "S127", "S177", "S197", "S198", "S202", "S203", "S205", "S210", "S212", "S223",
    "S224", "S225", "S226", "S227", "S230", "S235", "S237", "S242",
]
# fmt: on
AT_LEAST = 55

# What each class of the written cases may be called by the product. Somebody whose role itself carries a condition
# (a delegate, a team member) is always answered with it, also where the case just says that he may.
REFUSING = {"deny": {"deny", "not_yet"}, "require": {"not_yet"}}
ALLOWING = {"allow": {"allow", "allow_with_condition"}, "allow_with_condition": {"allow_with_condition"}}


def asked(question: Question) -> Answer:
    found = explanation.explain(
        user_id=question.actor.user.pk,
        engagement=question.actor.engagement.pk,
        section=question.section,
        verb=question.verb,
        at=question.at or timezone.now(),
        dossier=question.dossier.pk if question.dossier else None,
        record=question.record,
        task=question.task,
    )
    refused = found.answer in ("deny", "not_yet")
    assert bool(found.code) == bool(found.missing) == bool(found.mender) == refused, found
    return Answer(found.answer, found.code, found.condition)


def check(world: World, scenario: Scenario, *, fact: bool) -> None:
    answer = scenario.given if fact else scenario.without
    count = 0
    for question in scenario.build(world, fact):
        place = f"{question.section}.{question.verb} {question.task or ''}"
        assert asked(question) == (question.answer or answer), place
        count += 1
    assert count


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_the_scenario(world: World, scenario: Scenario) -> None:
    check(world, scenario, fact=scenario.expected in ALLOWING)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_its_neighbour_one_fact_away(world: World, scenario: Scenario) -> None:
    check(world, scenario, fact=scenario.expected not in ALLOWING)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_its_answers_are_of_the_class_that_was_written_down(scenario: Scenario) -> None:
    """On one side of the fact somebody may, on the other he may not (yet), with a code."""
    assert scenario.given.answer in ALLOWING.get(scenario.expected, ALLOWING["allow"])
    assert scenario.without.answer in REFUSING.get(scenario.expected, REFUSING["deny"])
    assert scenario.without.code
    assert not scenario.given.code


def test_every_case_is_covered_or_waits(capsys: pytest.CaptureFixture[str]) -> None:
    covered = Counter(scenario.code for scenario in SCENARIOS)
    assert set(covered.values()) == {1}
    assert not covered.keys() & WAITING.keys()
    assert sorted([*covered, *WAITING]) == WRITTEN_DOWN
    assert len(covered) >= AT_LEAST
    with capsys.disabled():
        print(f"\n{len(covered)} of {len(WRITTEN_DOWN)} scenarios come out as expected; {len(WAITING)} wait:")
        for code, capability in WAITING.items():
            print(f"  {code}: {capability}")


# --- the same through the command ---------------------------------------------------------------------------


def command(*arguments: str) -> dict[str, str]:
    out = StringIO()
    call_command("access", "explain", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def arguments(question: Question) -> list[str]:
    named: dict[str, object] = {
        "--as": question.actor.user.username,
        "--capacity": question.actor.engagement.pk,
        "--section": question.section,
        "--verb": question.verb,
        "--dossier": question.dossier.pk if question.dossier else None,
        "--record": question.record,
        "--task": question.task,
        "--at": question.at.isoformat() if isinstance(question.at, datetime) else None,
    }
    return [str(part) for pair in named.items() if pair[1] is not None for part in pair]


DUTCH = {
    "allow": "mag",
    "allow_with_condition": "mag, met voorwaarde",
    "not_yet": "nog niet",
    "deny": "mag niet",
}
BY_COMMAND = ("S001", "S006", "S016", "S020", "S035", "S055", "S059", "S089", "S120")


@pytest.mark.parametrize("fact", [False, True], ids=["without", "given"])
@pytest.mark.parametrize("code", BY_COMMAND)
def test_the_command_says_the_same(world: World, code: str, fact: bool) -> None:
    scenario = next(s for s in SCENARIOS if s.code == code)
    answer = scenario.given if fact else scenario.without
    for question in scenario.build(world, fact):
        wanted = question.answer or answer
        said = command(*arguments(question))
        assert (said["antwoord"], said["answer"], said["code"]) == (
            DUTCH[wanted.answer],
            wanted.answer,
            wanted.code,
        )
        assert said["condition"] == wanted.condition
        if wanted.answer == "not_yet":
            assert said["missing"]
            assert said["mender"]
            assert said["source"]


def test_the_command_finds_a_capacity_by_its_role(world: World) -> None:
    case = world.case("procesbewaker")
    whom = ("--as", case.actor.user.username)
    what = ("--dossier", str(case.dossier.pk), "--section", "proces", "--verb", "read")
    said = command(*whom, "--capacity", "procesbewaker", *what)
    assert said["antwoord"] == "mag"
    assert said["ground_kind"] == "process_assignment"
    assert said["cell"] == "Z R S A°"
    with pytest.raises(CommandError, match="geen hoedanigheid"):
        command(*whom, "--capacity", "bedrijfsarts", *what)
