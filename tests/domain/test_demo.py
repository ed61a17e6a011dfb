"""The demo: its people, its stories and its markers as data, and the databases it keeps away from.

Whether all of it can be built is shown where a server runs on it; the walls would refuse what a story may not do.
"""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.validators import validate_email

from directory.people.models import ROLE_SIDES, Role
from dossier.demo import agreements, building, consenting, logins, markers, people, state, stories, telling
from dossier.demo.recording import place_of
from dossier.management.commands import demo
from tests.world import World

MEANDER, NOORD = "Arbopraktijk De Meander", "Bedrijfsartsen Noord"
EXPECTED = {
    "bedrijfsarts": {("bedrijfsarts", MEANDER)},
    "bedrijfsarts-collega": {("bedrijfsarts", MEANDER)},
    "waarnemer": {("bedrijfsarts", MEANDER)},
    "waarnemer-verlopen": {("bedrijfsarts", MEANDER)},
    "anios": {("arts_onder_supervisie", MEANDER)},
    "pob": {("gedelegeerde", MEANDER)},
    "pob-zonder-delegatie": {("gedelegeerde", MEANDER)},
    "procesbewaker": {("procesbewaker", MEANDER)},
    "casemanager": {("casemanager", MEANDER)},
    "casemanager-2": {("casemanager", MEANDER)},
    "tweepetten": {("casemanager", MEANDER), ("gedelegeerde", MEANDER)},
    "secretariaat": {("secretariaat", MEANDER)},
    "beheerder": {("praktijkbeheerder", MEANDER)},
    "fg": {("fg", MEANDER)},
    "andere-praktijk": {("bedrijfsarts", NOORD)},
    "andere-beheerder": {("praktijkbeheerder", NOORD)},
    "oud-medewerker": set(),
}
# What a process keeper or an employer may never write: none of it stands on the right of any story.
MEDICAL = re.compile(
    r"\b(pijn|klacht|ziekte|arts|behandel|diagnose|medic|infarct|burn|rug|slaap|psych|therap|angst|vermoeid|onderzoek|"
    r"huisarts|operatie|alcohol|bloed|covid|zwanger|depress)",
    re.IGNORECASE,
)


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


# -- logins ----------------------------------------------------------------------------------------------------


def test_everybody_of_the_list_has_his_capacities() -> None:
    found = {
        row["username"]: {(each["role"], each["practice"]) for each in row["capacities"]}
        for row in logins.as_json()
    }
    assert found == EXPECTED


def test_logins_are_json_with_one_login_per_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "is_done", lambda: True)
    text = said("--logins")
    rows = json.loads(text)
    assert [set(row) for row in rows] == [{"username", "password", "totp_secret", "capacities"}] * len(rows)
    assert len(text.splitlines()) == len(rows) + 2


def test_passwords_would_be_accepted_on_the_screen() -> None:
    for login in logins.LOGINS:
        validate_password(login.password)
    assert len({login.password for login in logins.LOGINS}) == len(logins.LOGINS)


def test_second_factors_are_seeds_of_twenty_bytes_each_their_own() -> None:
    seeds = {login.totp_secret for login in logins.LOGINS}
    assert len(seeds) == len(logins.LOGINS)
    assert all(len(base64.b32decode(seed)) == 20 for seed in seeds)


def test_logins_are_the_same_in_every_demo() -> None:
    assert logins.BY_NAME["bedrijfsarts"].password == "mug-linde-zwaan-akker"
    assert logins.BY_NAME["bedrijfsarts"].totp_secret == "3FUQ6GO7EVRAQ2NECKMFF6PQM3QUNPFD"


def test_every_role_has_its_side_and_nobody_bears_the_refused_title() -> None:
    for login in logins.LOGINS:
        assert all(role in ROLE_SIDES for _, role in login.engagements)
        assert "arbo-arts" not in f"{login.profession} {login.title}"


# -- people ----------------------------------------------------------------------------------------------------


def test_sixty_employees_of_three_employers() -> None:
    mine = {client.key for client in people.CLIENTS if client.practice == MEANDER}
    assert len(mine) == 3
    assert len([row for row in people.employees() if row.employer in mine]) == 60
    keys = [row.key for row in people.employees()]
    assert len(set(keys)) == len(keys)
    assert set(keys) > people.WITHOUT_DOSSIER | people.VOLUNTARY


def test_names_are_dutch_names_of_today() -> None:
    rows = people.employees()
    assert len([row for row in rows if row.prefix]) >= 12
    assert len([row for row in rows if not f"{row.first_name}{row.surname}".isascii()]) >= 12
    assert len({(row.first_name, row.prefix, row.surname) for row in rows}) == len(rows)


def test_nobody_can_be_reached_where_the_demo_says() -> None:
    for row in people.employees():
        assert row.postcode.startswith("0"), "a Dutch postcode never begins with a nought"
        assert people.phone_of(row.key).startswith("0600 ")


# -- stories ---------------------------------------------------------------------------------------------------


def test_stories_are_of_employees_with_a_dossier_by_people_who_work_there() -> None:
    with_dossier = {row.key for row in people.employees() if row.has_dossier}
    for story in stories.stories():
        assert story.key in with_dossier
        assert story.authors <= set(logins.BY_NAME)
    assert {agreed.key for agreed in consenting.AGREED} <= with_dossier


@pytest.mark.parametrize("story", stories.stories(), ids=lambda story: story.key)
def test_a_note_has_the_parts_of_its_kind(story: stories.Story) -> None:
    for note in story.notes:
        kind = place_of(note.kind).kind
        changed = note.correction.texts if note.correction else {}
        assert set(note.texts) | set(changed) <= {part.code for part in kind.parts}
        assert note.days == 0 or note.at


@pytest.mark.parametrize("story", stories.stories(), ids=lambda story: story.key)
def test_a_sickness_case_is_possible(story: stories.Story) -> None:
    for case in story.sick:
        assert case.first >= case.reported >= 0
        assert case.back is None or case.first >= case.back >= 0


def test_the_process_side_says_nothing_medical() -> None:
    right = [case.doing for story in stories.stories() for case in story.sick]
    right += [
        text
        for story in stories.stories()
        for note in story.notes
        if place_of(note.kind).kind.panel == "process"
        for text in note.texts.values()
    ]
    found = [text for text in right if MEDICAL.search(text)]
    assert len(right) > 20
    assert not found


def test_delegates_write_only_where_the_employee_was_told() -> None:
    told = {(row.about, key) for row in telling.TELLINGS for key in row.keys or telling.caseload()}
    wrote = {
        (note.by, story.key)
        for story in stories.stories()
        for note in story.notes
        if note.kind == "contactnotitie"
    }
    assert wrote
    assert wrote <= told
    assert ("pob", "planner") not in told, "one employee nobody told about the pob, to show what then happens"


def test_two_hats_once_with_and_once_without_a_decision() -> None:
    contract = next(deal for deal in agreements.DEALS if deal.delegate == "tweepetten")
    assert {"grens", "geengrens"} == set(agreements.CASEMANAGERS["tweepetten"]) & set(contract.relations)
    assert (MEANDER, Role.CASEMANAGER) in logins.BY_NAME["tweepetten"].engagements


def test_one_contract_waits_for_a_signature_and_one_for_acceptance() -> None:
    assert [deal.delegate for deal in agreements.DEALS if not deal.signed] == ["pob-zonder-delegatie"]
    assert [deal.delegate for deal in agreements.DEALS if deal.signed and not deal.accepted] == ["pob"]


# -- markers ---------------------------------------------------------------------------------------------------


def where(**values: str) -> dict[str, str]:
    return {"model": "m.M", "field": "f", "author": "pob", "side": "medical", **values}


def test_markers_differ_in_their_first_six_characters() -> None:
    found = markers.Markers(on=True)
    for _ in range(5000):
        found.put("tekst", **where())
    assert len({each.marker[: markers.KNOWN_BY].lower() for each in found.given}) == 5000


def test_a_marker_is_no_word_and_the_same_in_every_demo() -> None:
    assert markers.marker(0) == "Xffvgk9qbs"
    for number in range(500):
        assert not set(markers.marker(number).lower()) & set("aeiouy01l")


def test_a_marker_stands_second_in_a_text_and_last_in_a_name() -> None:
    found = markers.Markers(on=True)
    assert found.put("Belt na gisteren.", **where()) == f"Belt {found.given[0].marker} na gisteren."
    assert found.put("El Khattabi", **where(), room=100) == f"El Khattabi {found.given[1].marker}"
    assert found.put("0100 AX", **where(), room=10) == found.given[2].marker
    assert found.put("", **where()) == ""
    assert len(found.given) == 3


def test_a_marked_address_is_an_address() -> None:
    found = markers.Markers(on=True)
    address = found.address("monteur@post.example", **where())
    validate_email(address)
    assert found.given[0].marker in address
    assert found.address("", **where()) == ""


def test_without_markers_a_text_is_as_it_was_written() -> None:
    found = markers.Markers(on=False)
    assert found.put("Belt na gisteren.", **where()) == "Belt na gisteren."
    assert found.address("monteur@post.example", **where()) == "monteur@post.example"
    assert found.given == []


def test_the_list_says_where_each_marker_stands(tmp_path: Path) -> None:
    found = markers.Markers(on=True)
    found.put("Hoekstra", **where(relation="monteur"))
    found.put("Tekst", **where(dossier="d2", section="begeleiding"))
    found.belongs("monteur", "d1")
    found.write(tmp_path / "markers.json")
    rows = json.loads((tmp_path / "markers.json").read_text())
    assert [row["dossier"] for row in rows] == ["d1", "d2"]
    assert set(rows[0]) == {"marker", "model", "field", "section", "side", "dossier", "author"}


# -- where it may be made --------------------------------------------------------------------------------------


@pytest.fixture
def never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**options: object) -> None:
        raise AssertionError("the demo was built")

    monkeypatch.setattr(demo, "build", fail)


@pytest.mark.usefixtures("never_built")
def test_a_database_with_another_practice_is_refused(world: World) -> None:
    world.engaged("bedrijfsarts")
    with pytest.raises(CommandError, match="staat al een praktijk"):
        said()


@pytest.mark.usefixtures("never_built")
def test_a_server_that_others_reach_is_refused(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["dossiers.example"]
    with pytest.raises(CommandError, match="eigen computer"):
        said()


@pytest.mark.usefixtures("never_built")
def test_a_second_time_does_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(state, "is_done", lambda: True)
    assert said() == ""
    with pytest.raises(CommandError, match="zonder merktekens"):
        said("--markers", str(tmp_path / "markers.json"))


@pytest.mark.parametrize(("there", "code"), [(True, 0), (False, 1)])
def test_done_is_an_exit_code(monkeypatch: pytest.MonkeyPatch, there: bool, code: int) -> None:
    monkeypatch.setattr(state, "is_done", lambda: there)
    with pytest.raises(SystemExit) as left:
        said("--done")
    assert left.value.code == code


def test_a_world_of_others_is_no_demo(world: World) -> None:
    assert not state.is_done()
    with pytest.raises(CommandError, match="Maak haar met"):
        said("--logins")


def test_the_practices_of_the_demo_say_so() -> None:
    assert logins.KVK == {MEANDER: "00000001", NOORD: "00000002"}


def test_the_logins_come_last() -> None:
    assert building.ACTS[-1].__name__ == "let_in"
