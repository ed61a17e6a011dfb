"""Supervisie on the screens: taking a physician under supervision, the stamp, and looking at what was signed.

Source: Wie doet wat §3.2; Leidraad casemanagement (2019) bijlage 4, voetnoot 33.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from delegation.models import Supervision
from directory.access.models import AccessLog, Ground
from directory.people.models import Practice
from dossier.medical.models import Review
from dossier.models import Dossier
from dossier.oversight import actions
from tests.domain.bad_input import PROSE
from tests.domain.test_pages import enter
from tests.domain.test_records_tools import note
from tests.world import OWNER, Actor, Case, World

REMARK = "De redenering klopt; vraag de volgende keer ook naar het werk."


def text_of(page: HttpResponse) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", " ", page.content.decode()))


@pytest.fixture
def supervised(world: World) -> Case:
    """A physician under supervision on a dossier, of whom the employee was told."""
    return world.case("arts_onder_supervisie")


def seen_by(case: Case, by: Actor) -> list[Review]:
    """What somebody sees of what was signed under supervision, once the dossier is open."""
    with by.acts():
        Dossier.objects.open(case.dossier.pk, "supervisie.read", "team.read")
        return list(Review.objects.filter(dossier=case.dossier.pk).select_related("physician", "reviewed_by"))


def waits_for(case: Case) -> list[Review]:
    return seen_by(case, case.physician)


def forge(case: Case, by: Actor, row: Review, **said: Any) -> int:
    """Change a judgement past every action."""
    with by.acts():
        Dossier.objects.open(case.dossier.pk, "supervisie.read", "supervisie.write")
        return Review.objects.filter(pk=row.pk).update(**said)


def look(case: Case, by: Actor, row: Review, remark: str = "") -> Review:
    with by.acts():
        opened = Dossier.objects.open(
            case.dossier.pk, "supervisie.read", "supervisie.write", "begeleiding.read"
        )
        mine = Review.objects.get(pk=row.pk)
        return actions.review(by=by.user, opened=opened, row=mine, remark=remark)


# --- what arises with a signature -------------------------------------------------------------------------------


def test_what_a_supervised_physician_signs_waits_for_the_supervisor(supervised: Case) -> None:
    record = note(supervised)
    [row] = waits_for(supervised)
    assert (row.record_id, row.physician, row.reviewed_at) == (record.pk, supervised.actor.user, None)


def test_a_concept_waits_for_nobody_until_it_is_signed(supervised: Case) -> None:
    note(supervised, sign=False)
    assert waits_for(supervised) == []


def test_what_the_supervisor_signs_himself_waits_for_nobody(supervised: Case) -> None:
    note(Case("bedrijfsarts", supervised.physician, supervised.dossier, None, supervised.physician))
    assert waits_for(supervised) == []


def test_the_stamp_stands_on_the_record(supervised: Case) -> None:
    note(supervised)
    page = text_of(enter(supervised.physician).get(reverse("dossier", args=[supervised.dossier.pk])))
    assert f"onder supervisie van {supervised.physician.user.display_name}" in page


# --- looking ----------------------------------------------------------------------------------------------------


def test_the_supervisor_finds_it_reads_it_and_says_that_he_looked(supervised: Case) -> None:
    note(supervised, anamnese="Hoofdpijn sinds een week.")
    desk = enter(supervised.physician)
    assert "Onder uw supervisie ondertekend" in text_of(desk.get(reverse("today")))
    listed = desk.get(reverse("reviews"))
    address = reverse("dossier_reviews", args=[supervised.dossier.pk])
    assert address in listed.content.decode()
    page = text_of(desk.get(address))
    assert "Hoofdpijn sinds een week." in page
    assert "Nog niet beoordeeld" in page
    [row] = waits_for(supervised)
    sent = desk.post(reverse("review_done", args=[supervised.dossier.pk, row.pk]), {"opmerking": REMARK})
    assert (sent.status_code, sent.url) == (302, address)
    assert REMARK in text_of(desk.get(address))
    assert address not in desk.get(reverse("reviews")).content.decode()
    assert "Onder uw supervisie ondertekend" not in text_of(desk.get(reverse("today")))


def test_the_physician_reads_what_was_remarked_about_his_own_work(supervised: Case) -> None:
    note(supervised)
    look(supervised, supervised.physician, waits_for(supervised)[0], REMARK)
    address = reverse("dossier_reviews", args=[supervised.dossier.pk])
    assert REMARK in text_of(enter(supervised.actor).get(address))


def test_a_second_supervised_physician_does_not_read_it(world: World, supervised: Case) -> None:
    other = world.case("arts_onder_supervisie", dossier=supervised.dossier, physician=supervised.physician)
    note(supervised)
    look(supervised, supervised.physician, waits_for(supervised)[0], REMARK)
    address = reverse("dossier_reviews", args=[supervised.dossier.pk])
    page = text_of(enter(other.actor).get(address))
    assert REMARK not in page
    assert "Hier is niets onder supervisie ondertekend" in page


def test_nobody_judges_his_own_work_neither_on_the_screen_nor_past_it(supervised: Case) -> None:
    note(supervised)
    [row] = waits_for(supervised)
    desk = enter(supervised.actor)
    address = reverse("dossier_reviews", args=[supervised.dossier.pk])
    assert (
        reverse("review_done", args=[supervised.dossier.pk, row.pk]) not in desk.get(address).content.decode()
    )
    sent = desk.post(reverse("review_done", args=[supervised.dossier.pk, row.pk]), {"opmerking": ""})
    assert sent.status_code == 403
    said = {"reviewed_by": supervised.actor.user, "reviewed_at": timezone.now()}
    assert forge(supervised, supervised.actor, row, **said) == 0
    assert waits_for(supervised)[0].reviewed_at is None


def test_whoever_stands_in_for_the_supervisor_judges_too(world: World, supervised: Case) -> None:
    note(supervised)
    deputy = world.case("waarnemer", dossier=supervised.dossier, physician=supervised.physician).actor
    look(supervised, deputy, waits_for(supervised)[0])
    assert waits_for(supervised)[0].reviewed_by == deputy.user


@pytest.mark.parametrize("role", ["gedelegeerde", "teamlid", "procesbewaker", "casemanager", "secretariaat"])
def test_others_on_the_dossier_see_nothing_of_it(world: World, supervised: Case, role: str) -> None:
    note(supervised)
    other = world.case(role, dossier=supervised.dossier, physician=supervised.physician).actor
    page = enter(other).get(reverse("dossier_reviews", args=[supervised.dossier.pk]))
    assert page.status_code == 403 or "Hier is niets onder supervisie ondertekend" in text_of(page)


@pytest.mark.parametrize("role", ["gedelegeerde", "teamlid"])
def test_nor_past_the_screens(world: World, supervised: Case, role: str) -> None:
    note(supervised)
    other = world.case(role, dossier=supervised.dossier, physician=supervised.physician).actor
    assert seen_by(supervised, other) == []
    assert len(seen_by(supervised, supervised.physician)) == 1


@pytest.mark.parametrize("role", ["procesbewaker", "casemanager", "secretariaat"])
def test_outside_the_medical_side_there_is_no_privilege_at_all(
    world: World, supervised: Case, role: str
) -> None:
    note(supervised)
    other = world.case(role, dossier=supervised.dossier, physician=supervised.physician).actor
    with pytest.raises(DatabaseError, match="permission denied"):
        seen_by(supervised, other)


def test_without_opening_the_dossier_nothing_of_it_is_read(supervised: Case) -> None:
    note(supervised)
    with supervised.physician.acts():
        assert Review.objects.count() == 0
        Dossier.objects.open(supervised.dossier.pk, "supervisie.read")
        assert Review.objects.count() == 1


def test_a_judgement_is_given_once_and_stays(supervised: Case) -> None:
    note(supervised)
    [row] = waits_for(supervised)
    desk, address = enter(supervised.physician), reverse("review_done", args=[supervised.dossier.pk, row.pk])
    for _ in range(2):
        assert desk.post(address, {"opmerking": PROSE}).status_code == 302
    assert "al beoordeeld" in text_of(desk.get(reverse("dossier_reviews", args=[supervised.dossier.pk])))
    with pytest.raises(DatabaseError, match="reviewed_stays"):
        forge(supervised, supervised.physician, row, reviewed_by=None, reviewed_at=None)


def test_nobody_judges_in_the_name_of_another_or_at_another_moment(world: World, supervised: Case) -> None:
    note(supervised)
    [row] = waits_for(supervised)
    deputy = world.case("waarnemer", dossier=supervised.dossier, physician=supervised.physician).actor
    for said in (
        {"reviewed_by": supervised.physician.user, "reviewed_at": timezone.now()},
        {"reviewed_by": deputy.user, "reviewed_at": timezone.now() - timedelta(days=2)},
    ):
        with pytest.raises(DatabaseError, match="reviewed_stays"):
            forge(supervised, deputy, row, **said)


def test_nobody_makes_a_review_by_hand(supervised: Case) -> None:
    record = note(supervised)
    with pytest.raises(DatabaseError, match="permission denied"), supervised.physician.acts():
        Review.objects.create(
            practice_id=supervised.dossier.practice_id,
            dossier_id=supervised.dossier.pk,
            record_id=record.pk,
            physician_id=supervised.physician.user.pk,
            author_id=supervised.actor.user.pk,
            signed_at=timezone.now(),
        )


def test_a_remark_that_is_too_long_comes_back_with_its_words(supervised: Case) -> None:
    note(supervised)
    [row] = waits_for(supervised)
    address = reverse("review_done", args=[supervised.dossier.pk, row.pk])
    sent = enter(supervised.physician).post(address, {"opmerking": PROSE + "x" * 5000})
    assert sent.status_code == 400
    assert PROSE in text_of(sent)


def test_a_review_of_another_dossier_is_not_there(world: World, supervised: Case) -> None:
    note(supervised)
    [row] = waits_for(supervised)
    own = world.case("bedrijfsarts", actor=supervised.physician)
    desk = enter(supervised.physician)
    for key in (row.pk, uuid4()):
        assert desk.post(reverse("review_done", args=[own.dossier.pk, key])).status_code == 404


def test_the_list_names_its_dossiers_in_the_log(supervised: Case) -> None:
    note(supervised)
    enter(supervised.physician).get(reverse("reviews"))
    row = AccessLog.objects.using(OWNER).filter(actor=supervised.physician.user.pk, kind="list").latest("id")
    assert (row.dossiers, row.asks) == ([supervised.dossier.pk], ["team.find"])


def test_who_lost_the_dossier_does_not_find_it_in_the_list(world: World, supervised: Case) -> None:
    note(supervised)
    for ground in Ground.objects.using(OWNER).filter(holder=supervised.physician.engagement):
        world.end(ground)
    page = enter(supervised.physician).get(reverse("reviews"))
    assert reverse("dossier_reviews", args=[supervised.dossier.pk]) not in page.content.decode()


# --- taking somebody under supervision --------------------------------------------------------------------------


def fields(physician: Actor, **more: Any) -> dict[str, Any]:
    said = {
        "physician": str(physician.engagement.pk),
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": "",
        "purposes": ["begeleiding"],
    }
    return said | more


def supervisions_of(actor: Actor) -> list[Supervision]:
    return list(Supervision.objects.using(OWNER).filter(supervisor=actor.engagement))


def test_a_bedrijfsarts_takes_a_physician_under_supervision_and_ends_it(world: World) -> None:
    own = world.case("bedrijfsarts")
    anios = world.engaged("arts_onder_supervisie")
    desk = enter(own.actor)
    assert desk.post(reverse("supervision_begin"), fields(anios)).status_code == 302
    [row] = supervisions_of(own.actor)
    page = text_of(desk.get(reverse("supervisions")))
    assert anios.user.display_name in page
    assert "alle werknemers van de supervisor" in page
    shell = reverse("dossier", args=[own.dossier.pk])
    assert "nog niet dat u onder supervisie werkt" in text_of(enter(anios).get(shell))
    assert desk.post(reverse("supervision_end", args=[row.pk]), {"reason": " "}).status_code == 400
    for _ in range(2):
        assert desk.post(reverse("supervision_end", args=[row.pk]), {"reason": "Klaar"}).status_code == 302
    assert enter(anios).get(shell).status_code == 404


def test_the_same_form_twice_is_one_supervision(world: World) -> None:
    physician, anios = world.engaged("bedrijfsarts"), world.engaged("arts_onder_supervisie")
    desk = enter(physician)
    for _ in range(2):
        sent = desk.post(reverse("supervision_begin"), fields(anios, form_key=str(UUID(int=7))))
        assert sent.status_code == 302
    assert len(supervisions_of(physician)) == 1


@pytest.mark.parametrize(
    "role", ["arts_onder_supervisie", "gedelegeerde", "praktijkbeheerder", "secretariaat"]
)
def test_nobody_else_takes_somebody_under_supervision(world: World, role: str) -> None:
    desk = enter(world.engaged(role))
    assert desk.get(reverse("supervision_begin")).status_code == 403
    assert desk.post(reverse("supervision_begin"), {}).status_code == 403


def test_another_s_supervision_is_not_there_to_end(world: World, supervised: Case) -> None:
    mine, anios = world.engaged("bedrijfsarts"), world.engaged("arts_onder_supervisie")
    enter(mine).post(reverse("supervision_begin"), fields(anios))
    [row] = supervisions_of(mine)
    sent = enter(world.engaged("bedrijfsarts")).post(
        reverse("supervision_end", args=[row.pk]), {"reason": "x"}
    )
    assert sent.status_code == 404


def test_an_end_before_the_begin_is_said_beside_the_field(world: World) -> None:
    desk, anios = enter(world.engaged("bedrijfsarts")), world.engaged("arts_onder_supervisie")
    sent = desk.post(reverse("supervision_begin"), fields(anios, ends_on="2020-01-01"))
    assert sent.status_code == 400
    assert "ligt vóór het begin" in text_of(sent)


def test_of_a_practice_where_nobody_works_so_the_page_says_what_comes_first(world: World) -> None:
    lonely = world.make(Practice, name="Praktijk zonder arts in opleiding")
    desk = enter(world.engaged("bedrijfsarts", practice=lonely))
    assert "Hier werkt nog geen arts onder supervisie" in text_of(desk.get(reverse("supervision_begin")))
