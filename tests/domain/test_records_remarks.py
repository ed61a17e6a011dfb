"""A remark beside one's own record is read with it: supervision that the delegate cannot read is none (bijlage 5)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache

from dossier.records.base import Header
from dossier.records.places import record_url
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import text_of
from tests.domain.test_records_tools import CONTACT, note
from tests.walls import asking
from tests.world import Case, World

WORDS = "Vraag de volgende keer ook naar de nachten."


@pytest.fixture(autouse=True)
def _no_throttle(_databases: None) -> None:
    cache.clear()


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def remarked(case: Case, record: Header, words: str = WORDS) -> None:
    """Let the bedrijfsarts remark beside it, on her screen."""
    sent = {"opmerking": words, "form_key": str(uuid4())}
    answer = enter(case.physician).post(record_url(record, "record_remark"), sent)
    assert answer.status_code == 302


def test_a_delegate_reads_what_the_bedrijfsarts_remarked_beside_his_record(world: World, delegate: Case):
    record = note(delegate, CONTACT, anamnese="Slaapt slecht.")
    assert WORDS not in text_of(enter(delegate.actor).get(record_url(record)))
    remarked(delegate, record)
    page = text_of(enter(delegate.actor).get(record_url(record)))
    assert "Slaapt slecht." in page
    assert WORDS in page


def test_a_colleague_with_a_file_of_his_own_does_not(world: World, delegate: Case):
    other = world.case("gedelegeerde", dossier=delegate.dossier, physician=delegate.physician)
    record, his = note(delegate, CONTACT), note(other, CONTACT)
    remarked(delegate, record)
    remarked(delegate, his, "Goed zo.")
    for case, mine, others in ((delegate, WORDS, "Goed zo."), (other, "Goed zo.", WORDS)):
        own = record if case is delegate else his
        page = text_of(enter(case.actor).get(record_url(own)))
        assert mine in page
        assert others not in page
    assert enter(other.actor).get(record_url(record)).status_code == 404
    with other.actor.acts():
        asking.opened(other.dossier.pk, ["gedelegeerde.read"])
        assert len(asking.ids("medical_record")) == len(asking.ids("medical_part", "record_id")) == 2


def test_what_holds_back_his_own_record_holds_back_the_remark(world: World, delegate: Case):
    record = note(delegate, CONTACT)
    remarked(delegate, record)
    world.suspend(delegate.ground)
    assert enter(delegate.actor).get(record_url(record)).status_code == 403
    with delegate.actor.acts():
        asking.opened(delegate.dossier.pk, ["gedelegeerde.read", "team.read"])
        assert asking.ids("medical_record") == set()
