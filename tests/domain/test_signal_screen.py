"""The coded signal: one answer that says which guideline applies, a medical secret outside the procesdossier.

Source: Leidraad casemanagement (2019) §3.4 A-II.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from dossier.medical.models import Signal
from dossier.models import Dossier
from tests.domain.test_deputising_screens import text_of
from tests.domain.test_pages import enter
from tests.world import Actor, Case, World


@pytest.fixture
def keeper(world: World) -> Case:
    return world.case("signaleerder")


def said(**more: Any) -> dict[str, Any]:
    moment = timezone.localtime() - timedelta(minutes=2)
    return {"category": "psychisch", "happened_at": moment.strftime("%Y-%m-%dT%H:%M")} | more


def count(case: Case, by: Actor) -> int:
    with by.acts():
        Dossier.objects.open(case.dossier.pk, "signaal.read", "team.read")
        return Signal.objects.count()


def test_whoever_has_the_signalling_task_records_it_once_and_reads_what_follows(keeper: Case) -> None:
    desk, address = enter(keeper.actor), reverse("signals", args=[keeper.dossier.pk])
    form = said(form_key=str(uuid4()))
    for _ in range(2):
        assert desk.post(address, form).status_code == 302
    assert count(keeper, keeper.actor) == 1
    assert "De richtlijn voor psychische problemen geldt" in text_of(desk.get(address))


def test_the_bedrijfsarts_reads_it_and_records_none(keeper: Case) -> None:
    enter(keeper.actor).post(reverse("signals", args=[keeper.dossier.pk]), said())
    desk, address = enter(keeper.physician), reverse("signals", args=[keeper.dossier.pk])
    assert "Psychische klachten" in text_of(desk.get(address))
    assert desk.post(address, said()).status_code == 403
    assert count(keeper, keeper.physician) == 1


@pytest.mark.parametrize("role", ["procesbewaker", "casemanager", "secretariaat", "overig_a"])
def test_the_process_side_has_neither_page_nor_table(world: World, keeper: Case, role: str) -> None:
    enter(keeper.actor).post(reverse("signals", args=[keeper.dossier.pk]), said())
    other = world.case(role, dossier=keeper.dossier, physician=keeper.physician).actor
    assert enter(other).get(reverse("signals", args=[keeper.dossier.pk])).status_code == 403
    with pytest.raises(DatabaseError, match="permission denied"), other.acts():
        Signal.objects.count()


def test_another_keeper_with_the_task_does_not_read_it(world: World, keeper: Case) -> None:
    enter(keeper.actor).post(reverse("signals", args=[keeper.dossier.pk]), said())
    other = world.case("signaleerder", dossier=keeper.dossier, physician=keeper.physician).actor
    assert count(keeper, other) == 0
    assert "Er is nog niets gevraagd" in text_of(
        enter(other).get(reverse("signals", args=[keeper.dossier.pk]))
    )


def test_words_instead_of_a_code_are_no_answer(keeper: Case) -> None:
    desk, address = enter(keeper.actor), reverse("signals", args=[keeper.dossier.pk])
    assert desk.post(address, said(category="hoofdpijn en somber")).status_code == 400
    assert desk.post(address, said(happened_at="2026-02-31T10:00")).status_code == 400
    assert count(keeper, keeper.actor) == 0
