"""A draft and a werkaantekening are their author's alone: whoever else asks, by whatever statement, gets nothing."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.utils import timezone

from dossier.models import Dossier, Draft
from dossier.panels.asks import asks_for
from dossier.records import drafts
from tests.domain.test_records_tools import CONTACT, NOTE
from tests.walls.asking import changed, ids, insert, outcome, run
from tests.world import Case, World

EVERYTHING = ("read", "write", "amend", "find", "remark", "share", "copy", "destroy")


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture(scope="module")
def author(world: World) -> Case:
    return world.case("gedelegeerde")


@pytest.fixture(scope="module")
def draft(author: Case) -> uuid.UUID:
    data = {"form_key": str(uuid.uuid4()), "anamnese": "Alleen voor mij."}
    with author.actor.acts():
        assert drafts.save(
            by=author.actor.user, dossier=author.dossier.pk, place=CONTACT, record=None, data=data
        )
    with author.actor.acts():
        Dossier.objects.open(author.dossier.pk, CONTACT.ask("write"))
        return Draft.objects.get().pk


def everything(case: Case) -> None:
    """Open all that can be opened here."""
    asks = {ask.partition(".")[0] for ask in asks_for(case.actor.engagement.side)}
    Dossier.objects.open(
        case.dossier.pk, *(f"{section}.{verb}" for section in sorted(asks) for verb in EVERYTHING)
    )


def test_its_author_reads_it_where_he_may_write(author: Case, draft: uuid.UUID):
    with author.actor.acts():
        Dossier.objects.open(author.dossier.pk, CONTACT.ask("write"))
        assert ids("dossier_draft") == {draft}


def test_without_an_opened_dossier_not_even_he_does(author: Case, draft: uuid.UUID):
    with author.actor.acts():
        assert ids("dossier_draft") == set()


@pytest.mark.parametrize(
    "role",
    ["bedrijfsarts", "gedelegeerde", "waarnemer", "arts_onder_supervisie", "teamlid", "procesbewaker", "casemanager",
     "secretariaat"],
)  # fmt: skip
def test_nobody_else_on_the_dossier_sees_changes_or_removes_it(
    world: World, author: Case, draft: uuid.UUID, role: str
):
    actor = author.physician if role == "bedrijfsarts" else None
    case = world.case(role, dossier=author.dossier, actor=actor, physician=author.physician)
    with case.actor.acts():
        everything(case)
        assert ids("dossier_draft") == set()
        assert changed("DELETE FROM dossier_draft WHERE id = %s", draft) == 0
        assert (
            changed("UPDATE dossier_draft SET author_id = %s WHERE id = %s", case.actor.user.pk, draft)
            == "42501"
        )
        assert run("SELECT dossier_draft_put(%s, %s, 14)", draft, b"\x01weg") == [(False,)]
        named = {row[1] for row in run("SELECT * FROM dossier_in_hand('{draft,concept}', 100, 'test')")}
        assert draft not in named


@pytest.mark.parametrize("role", ["praktijkbeheerder", "fg"])
def test_the_hat_of_the_practice_has_no_privilege_on_it(
    world: World, author: Case, draft: uuid.UUID, role: str
):
    case = world.case(role, dossier=author.dossier, physician=author.physician)
    with case.actor.acts():
        assert ids("dossier_draft") == "42501"
        assert outcome(lambda: run("SELECT dossier_draft_put(%s, %s, 14)", draft, b"\x01weg")) == [(False,)]


def test_nobody_lays_a_draft_down_by_hand_not_even_for_himself(author: Case, draft: uuid.UUID):
    now = timezone.now()
    row: dict[str, Any] = {
        "id": uuid.uuid4(), "practice_id": author.dossier.practice_id, "dossier_id": author.dossier.pk,
        "author_id": author.actor.user.pk, "section": "gedelegeerde", "purpose": "begeleiding", "kind": "contactnotitie",
        "form_key": uuid.uuid4(), "saved_at": now, "expires_at": now,
    }  # fmt: skip
    with author.actor.acts():
        everything(author)
        assert insert("dossier_draft", row) == "42501"


def test_a_draft_begins_only_where_one_may_write(world: World, author: Case):
    def begun(case: Case, dossier: uuid.UUID, section: str) -> int:
        with case.actor.acts():
            form = uuid.uuid4()
            return len(
                run(
                    "SELECT * FROM dossier_draft_begin(%s, %s, %s, %s, 'x', NULL)",
                    form,
                    dossier,
                    section,
                    section,
                )
            )

    physician, keeper = world.case("bedrijfsarts"), world.case("procesbewaker")
    assert begun(physician, physician.dossier.pk, "begeleiding") == 1
    assert begun(physician, author.dossier.pk, "begeleiding") == 0
    assert begun(keeper, keeper.dossier.pk, "proces") == 1
    assert begun(keeper, keeper.dossier.pk, "begeleiding") == 0
    world.suspend(keeper.ground)
    assert begun(keeper, keeper.dossier.pk, "proces") == 0


def test_a_form_of_somebody_else_is_not_gone_on_with(world: World, author: Case, draft: uuid.UUID):
    """Who guesses the key of another's form gets a draft of his own."""
    with author.actor.acts():
        Dossier.objects.open(author.dossier.pk, CONTACT.ask("write"))
        form = Draft.objects.get().form_key
    with author.physician.acts():
        [(made, content)] = run(
            "SELECT * FROM dossier_draft_begin(%s, %s, 'begeleiding', 'begeleiding', %s, NULL)",
            form, author.dossier.pk, NOTE.kind.code,
        )  # fmt: skip
    assert made != draft
    assert content is None


def test_the_text_is_sealed_for_its_own_row(superuser: psycopg.Connection, author: Case, draft: uuid.UUID):
    """Moved to another row the ciphertext does not open; and nothing of it stands anywhere in clear."""
    text = superuser.execute("SELECT t::text FROM dossier_draft t WHERE id = %s", [draft]).fetchone()
    assert text is not None
    assert "Alleen voor mij" not in text[0]
    assert b"Alleen voor mij".hex() not in text[0]


def test_clearing_is_the_house_s_and_takes_only_what_lapsed(
    author: Case, draft: uuid.UUID, owner: psycopg.Cursor
):
    with author.actor.acts():
        assert outcome(lambda: run("SELECT dossier_lapsed()")) == "42501"
        assert outcome(lambda: run("SELECT dossier_clear(%s)", [draft])) == "42501"
    owner.execute("SELECT dossier_clear(%s)", [[draft]])
    assert owner.fetchone() == (0,)
