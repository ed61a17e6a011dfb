"""No page of a dossier without its committed row in the log: who, in which capacity, which part, when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.utils import timezone

from directory.access.management.commands.routes import routes
from directory.access.models import AccessLog
from tests.domain.test_pages import enter
from tests.walls.addresses import Desk, desk_of
from tests.world import OWNER, Actor, World

# What each page that shows something of a dossier asked for, at least: label → role, asked.
ASKED = {
    "dossier": ("bedrijfsarts", "begeleiding.read"),
    "dossier_section begeleiding": ("bedrijfsarts", "begeleiding.read"),
    "dossier_section open_spreekuur": ("bedrijfsarts", "open_spreekuur.read"),
    "dossier_section proces": ("procesbewaker", "proces.read"),
    "dossier_section werkgeverdeel": ("casemanager", "werkgeverdeel.read"),
    "team": ("procesbewaker", "team.read"),
    "who_may": ("bedrijfsarts", "team.read"),
    "who_did": ("bedrijfsarts", "inzage.read"),
    "log_request": ("bedrijfsarts", "inzage.copy"),
    "log_overview": ("bedrijfsarts", "inzage.copy"),
    "notice_give": ("gedelegeerde", "kennisgeving.write"),
    "record_new spreekuur": ("bedrijfsarts", "begeleiding.write"),
    "record_new contact": ("gedelegeerde", "gedelegeerde.write"),
    "record_new proces": ("procesbewaker", "proces.write"),
    "record spreekuur": ("bedrijfsarts", "begeleiding.read"),
    "record contact": ("gedelegeerde", "gedelegeerde.read"),
    "record proces": ("procesbewaker", "proces.read"),
    "record_edit concept": ("bedrijfsarts", "begeleiding.read"),
    "record_amend spreekuur": ("bedrijfsarts", "begeleiding.amend"),
    "record_move spreekuur": ("bedrijfsarts", "begeleiding.amend"),
}
# Headings of many dossiers stand in one row that names them.
LISTS = {"today": "list", "start": "list"}
# These answer to a form only, or show nothing of one dossier when they are opened.
NO_CONTENT = {"zoeken", "record_sign", "record_remark", "record_share", "record_unshare", "kept_decide"}
SIDES = ("medical", "process", "dossier")


@pytest.fixture(scope="module")
def desks(world: World) -> dict[str, Desk]:
    roles = {role for role, _ in ASKED.values()}
    return {role: desk_of(world, role) for role in sorted(roles)}


def rows_since(actor: Actor, moment: object) -> list[AccessLog]:
    """Read what was committed about somebody, over another connection than the page had."""
    return list(AccessLog.objects.using(OWNER).filter(actor=actor.user.pk, at__gte=moment))


def test_every_page_of_a_dossier_is_in_these_tables() -> None:
    found = {r["name"] for r in routes() if r["side"] in SIDES and r["name"] != "accounts_accept"}
    assert found == {label.split()[0] for label in ASKED} | set(LISTS) | NO_CONTENT


@pytest.mark.parametrize("label", ASKED)
def test_a_page_that_was_shown_stands_in_the_log(desks: dict[str, Desk], label: str) -> None:
    role, asked = ASKED[label]
    desk, before = desks[role], timezone.now()
    assert desk.ask("GET", label).status_code == 200
    rows = [row for row in rows_since(desk.case.actor, before) if desk.case.dossier.pk in row.dossiers]
    assert any(asked in row.asks and row.outcome == "ok" for row in rows), [row.asks for row in rows]
    assert {row.engagement for row in rows} == {desk.case.actor.engagement.pk}
    assert all(before <= row.at <= timezone.now() for row in rows)


@pytest.mark.parametrize("label", LISTS)
def test_a_list_stands_in_the_log_with_every_dossier_it_names(desks: dict[str, Desk], label: str) -> None:
    desk, before = desks["bedrijfsarts"], timezone.now()
    assert desk.ask("GET", label).status_code == 200
    rows = [row for row in rows_since(desk.case.actor, before) if row.kind == LISTS[label]]
    assert [desk.case.dossier.pk in row.dossiers for row in rows] == [True]


@pytest.mark.parametrize("label", ASKED)
def test_a_refusal_stands_in_the_log_too(world: World, desks: dict[str, Desk], label: str) -> None:
    desk, before = desks[ASKED[label][0]], timezone.now()
    stranger = world.engaged("bedrijfsarts", practice=desk.case.dossier.practice)
    assert enter(stranger).get(desk.urls[label]).status_code == 404
    rows = rows_since(stranger, before)
    assert [row.outcome for row in rows] == ["refused"]
    assert desk.case.dossier.pk in rows[0].dossiers


@contextmanager
def log_that_fails(superuser: psycopg.Connection, actor: Actor) -> Iterator[None]:
    """Let the log take no row about this one person, as if its month were missing; for nobody else."""
    superuser.execute(
        "CREATE FUNCTION test_log_full() RETURNS trigger LANGUAGE plpgsql AS "
        "$f$ BEGIN RAISE EXCEPTION 'no partition' USING ERRCODE = '23514'; END $f$"
    )
    try:
        superuser.execute(
            "CREATE TRIGGER test_log_full BEFORE INSERT ON access_log FOR EACH ROW "
            f"WHEN (NEW.actor = {int(actor.user.pk)}) EXECUTE FUNCTION test_log_full()"
        )
        yield
    finally:
        superuser.execute("DROP FUNCTION test_log_full() CASCADE")


@pytest.mark.parametrize("label", [*ASKED, *LISTS])
def test_what_cannot_be_logged_is_not_shown(
    desks: dict[str, Desk], superuser: psycopg.Connection, label: str
) -> None:
    desk = desks[ASKED.get(label, ("bedrijfsarts", ""))[0]]
    desk.client.raise_request_exception = False
    surname = desk.case.dossier.person.surname
    with log_that_fails(superuser, desk.case.actor):
        answer = desk.ask("GET", label)
        assert answer.status_code == 500
        assert surname not in answer.content.decode()
        assert "Er ging iets mis" in answer.content.decode()
    again = desk.ask("GET", label)
    assert again.status_code == 200
    assert surname in again.content.decode()
