"""Everybody in good standing opens a dossier; somebody without a grant gets what a random id gets."""

import uuid

import pytest

from directory.access.refusals import NotFound
from dossier.models import Dossier
from tests.world import World

READS = {
    "bedrijfsarts": "begeleiding.read",
    "bedrijfsarts_doelgebonden": "pmo.read",
    "waarnemer": "begeleiding.read",
    "arts_onder_supervisie": "begeleiding.read",
    "gedelegeerde": "gedelegeerde.read",
    "teamlid": "begeleiding.read",
    "second_opinionarts": "second_opinion.read",
    "dossierbewaarder": "begeleiding.read",
    "signaleerder": "signaal.read",
    "procesbewaker": "proces.read",
    "overig_a": "proces.read",
    "casemanager": "werkgeverdeel.read",
    "overig_b": "vrijgave.read",
    "secretariaat": "werkgeverdeel.read",
}


@pytest.mark.parametrize("role", READS)
def test_somebody_in_good_standing_opens_the_dossier(world: World, role: str) -> None:
    case = world.case(role)
    with case.actor.acts() as now:
        opened = Dossier.objects.open(case.dossier.pk, READS[role])
        assert opened.may(READS[role])
        assert opened.dossier.person.surname.startswith("Werknemer")
        assert now.opened == 1


def test_without_a_grant_it_does_not_exist(world: World) -> None:
    case = world.case("bedrijfsarts")
    stranger = world.engaged("bedrijfsarts")
    for pk in (case.dossier.pk, uuid.uuid4()):
        with stranger.acts(), pytest.raises(NotFound):
            Dossier.objects.open(pk, "begeleiding.read")
