"""Waarneming on the screens: arranged beforehand, begun when it is needed, told employee by employee, ended.

Source: Leidraad casemanagement (2019) §3.1; the situation of Monday 08:00 with a colleague ill since Sunday.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from consent.models import Notice
from delegation.deputising import actions as deputising
from delegation.deputising import standing
from delegation.models import Absence, Deputising, StandingDeputy
from directory.access import ground as grounds
from directory.access.models import AccessLog, Ground
from directory.access.refusals import NotAllowed, NotYet
from directory.people.models import Engagement
from dossier.models import Dossier
from tests.domain.bad_input import send
from tests.domain.test_delegation import Office, again, answer, database_refuses, days, fact, office, plain
from tests.domain.test_delegation_cover import deputises, is_away, stands_down
from tests.domain.test_pages import enter
from tests.domain.test_records_tools import NOTE, note
from tests.world import OWNER, Actor, Case

__all__ = ["office"]


NOT_TOLD = "De werknemer weet nog niet dat u waarneemt."


def signs(office: Office, *deputies: Actor, by: Actor | None = None) -> list[StandingDeputy]:
    """The bedrijfsarts names beforehand who may stand in."""
    by = by or office.physician
    with by.acts():
        named = [Engagement.objects.select_related("user").get(pk=one.engagement.pk) for one in deputies]
        return standing.sign(by=by.user, physician=office.physician.engagement, deputies=named)


def begins(office: Office, deputy: Actor, by: Actor | None = None, **more: Any) -> Deputising:
    by = by or deputy
    said = {"starts_at": timezone.now(), "ends_at": days(5), "reason": "Onverwacht afwezig."} | more
    with by.acts():
        return deputising.begin(
            by=by.user, replaced=office.physician.engagement, deputy=deputy.engagement, **said
        )


def shell_of(dossier: UUID) -> Dossier:
    return (
        Dossier.objects.using(OWNER)
        .select_related("relation", "person", "employer", "practice")
        .get(pk=dossier)
    )


def this_minute() -> datetime:
    """The present minute: who was let in just now records what happens now."""
    return timezone.now().replace(second=0, microsecond=0)


def day(n: int) -> str:
    return (timezone.localdate() + timedelta(days=n)).isoformat()


def text_of(page: HttpResponse) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", " ", page.content.decode()))


# --- the arrangement that is signed beforehand ------------------------------------------------------------------


def test_whoever_was_named_beforehand_begins_himself_while_the_other_is_ill(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy = office.engaged("bedrijfsarts")
    [signed] = signs(office, deputy)
    row = begins(office, deputy)
    assert fact(row).standing_id == signed.pk
    assert answer(deputy, dossier, "kennisgeving.write") == "open"
    assert answer(deputy, dossier, "begeleiding.read") == "not yet: deputy_not_told"


def test_whoever_was_not_named_does_not_begin_himself(office: Office) -> None:
    dossier, _ = office.dossier()
    stranger = office.engaged("bedrijfsarts")
    with pytest.raises(NotAllowed, match="who_appoints_deputies"):
        begins(office, stranger)
    assert answer(stranger, dossier, "kennisgeving.write") == "not found"


def test_nor_does_the_database_let_him(office: Office) -> None:
    stranger, now = office.engaged("bedrijfsarts"), timezone.now()
    with database_refuses(), stranger.acts():
        grounds.lay(
            kind="deputising",
            role="waarnemer",
            holder=stranger.engagement,
            responsible=office.physician.engagement,
            by=stranger.user,
            signed_at=now,
            starts_at=now,
            ends_at=days(5),
            caseload=True,
        )
    with database_refuses(), stranger.acts():
        Deputising(
            practice_id=stranger.engagement.practice_id,
            replaced=plain(office.physician.engagement),
            deputy=plain(stranger.engagement),
            appointed_by=plain(stranger.user),
            reason="Zelf bedacht.",
        ).save(force_insert=True)


def test_an_arrangement_of_another_opens_no_deputising_for_this_one(office: Office) -> None:
    """The row must name these two: who may stand in for one bedrijfsarts, does not for another."""
    third, deputy = office.engaged("bedrijfsarts"), office.engaged("bedrijfsarts")
    with third.acts():
        named = Engagement.objects.select_related("user").get(pk=deputy.engagement.pk)
        [other] = standing.sign(by=third.user, physician=third.engagement, deputies=[named])
    with database_refuses(), deputy.acts():
        Deputising(
            practice_id=deputy.engagement.practice_id,
            replaced=plain(office.physician.engagement),
            deputy=plain(deputy.engagement),
            standing=plain(other),
            appointed_by=plain(deputy.user),
            reason="Met andermans regeling.",
        ).save(force_insert=True)


def test_what_was_taken_back_lets_nobody_begin(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    [signed] = signs(office, deputy)
    with office.physician.acts():
        standing.end(
            by=office.physician.user,
            standing=StandingDeputy.objects.select_related("physician", "deputy").get(pk=signed.pk),
        )
    with pytest.raises(NotAllowed, match="who_appoints_deputies"):
        begins(office, deputy)


def test_a_deputising_that_runs_goes_on_when_the_arrangement_is_taken_back(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy = office.engaged("bedrijfsarts")
    [signed] = signs(office, deputy)
    begins(office, deputy)
    with deputy.acts():
        standing.end(
            by=deputy.user,
            standing=StandingDeputy.objects.select_related("physician", "deputy").get(pk=signed.pk),
        )
    assert answer(deputy, dossier, "begeleiding.read") == "open"


def test_nobody_signs_for_another_and_nobody_dates_it_back(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    with pytest.raises(NotAllowed, match="only_physician_signs_standing"):
        signs(office, deputy, by=office.admin)
    row = {
        "practice_id": deputy.engagement.practice_id,
        "physician": plain(office.physician.engagement),
        "deputy": plain(deputy.engagement),
    }
    with database_refuses(), deputy.acts():
        StandingDeputy(**row, signed_by=plain(deputy.user), starts_at=timezone.now()).save(force_insert=True)
    with database_refuses(), office.physician.acts():
        StandingDeputy(**row, signed_by=plain(office.physician.user), starts_at=days(-3)).save(
            force_insert=True
        )
    assert signs(office, deputy)


def test_a_third_does_not_take_somebody_out_of_an_arrangement(office: Office) -> None:
    deputy, third = office.engaged("bedrijfsarts"), office.engaged("bedrijfsarts")
    [signed] = signs(office, deputy)
    with third.acts():
        assert StandingDeputy.objects.filter(pk=signed.pk).update(ends_at=timezone.now()) == 0
    assert fact(signed).ends_at is None
    with office.physician.acts():
        assert StandingDeputy.objects.filter(pk=signed.pk).update(ends_at=timezone.now()) == 1
    with office.physician.acts(), pytest.raises(DatabaseError, match="only_shortens"):
        StandingDeputy.objects.filter(pk=signed.pk).update(ends_at=None)


def test_only_a_bedrijfsarts_can_be_named(office: Office) -> None:
    with pytest.raises(Exception, match="bedrijfsartsen die in deze praktijk"):
        signs(office, office.delegate())
    assert signs(office, office.engaged("bedrijfsarts"))


# --- the waarneemgroep at the first contact ---------------------------------------------------------------------


def test_an_intake_notice_that_names_the_group_informs_about_who_was_in_it(office: Office) -> None:
    dossier, _ = office.dossier()
    named, later = office.engaged("bedrijfsarts"), office.engaged("bedrijfsarts")
    signs(office, named)
    office.tells(dossier, "waarneemgroep", None, responsible=office.physician)
    signs(office, later)
    StandingDeputy.objects.using(OWNER).filter(deputy=later.engagement.pk).update(starts_at=days(0.01))
    deputises(office)
    for one in (named, later):
        with office.physician.acts():
            deputising.begin(
                by=office.physician.user,
                replaced=office.physician.engagement,
                deputy=one.engagement,
                starts_at=timezone.now(),
                ends_at=days(4),
                reason="Vakantie.",
            )
    assert answer(named, dossier, "begeleiding.read") == "open"
    assert answer(later, dossier, "begeleiding.read") == "not yet: deputy_not_told"


# --- the screens ------------------------------------------------------------------------------------------------


def test_monday_morning_the_named_colleague_begins_calls_one_employee_and_reads(office: Office) -> None:
    (first, _), (second, _) = office.dossier(), office.dossier()
    deputy = office.engaged("bedrijfsarts")
    signs(office, deputy)
    desk = enter(deputy)
    sent = desk.post(
        reverse("deputising_begin"),
        {
            "replaced": str(office.physician.engagement.pk),
            "deputy": str(deputy.engagement.pk),
            "starts_on": day(0),
            "ends_on": day(4),
            "reason": "Onverwacht afwezig",
        },
    )
    assert (sent.status_code, sent.url) == (302, reverse("untold"))
    page = text_of(desk.get(reverse("untold")))
    assert "Deze werknemers weten nog niet dat u waarneemt" in page
    assert NOT_TOLD in text_of(desk.get(reverse("dossier", args=[first])))
    told = desk.post(reverse("untold_tell", args=[first]), {"means": "telefoon", "daarna": "openen"})
    assert (told.status_code, told.url) == (302, reverse("dossier", args=[first]))
    assert NOT_TOLD not in text_of(desk.get(told.url))
    assert NOT_TOLD in text_of(desk.get(reverse("dossier", args=[second])))
    notice = Notice.objects.using(OWNER).get(about=deputy.user)
    assert (notice.kind, notice.responsible, notice.means) == (
        "waarneming",
        office.physician.user,
        "telefoon",
    )


def test_the_list_holds_who_must_be_told_and_loses_who_was(office: Office) -> None:
    dossier, relation = office.dossier()
    name = fact(relation).person.surname
    deputy, _ = deputises(office)
    desk = enter(deputy)
    assert name in text_of(desk.get(reverse("untold")))
    office.tells(dossier, "waarneming", deputy)
    assert name not in text_of(desk.get(reverse("untold")))


def test_the_list_is_logged_with_the_dossiers_it_names_and_no_medical_section(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    enter(deputy).get(reverse("untold"))
    row = AccessLog.objects.using(OWNER).filter(actor=deputy.user.pk, kind="list").latest("id")
    assert dossier in row.dossiers
    assert row.asks == ["team.find"]


def test_whoever_stands_in_for_nobody_finds_an_empty_list(office: Office) -> None:
    _, relation = office.dossier()
    page = text_of(enter(office.engaged("bedrijfsarts")).get(reverse("untold")))
    assert "Iedereen is geïnformeerd" in page
    assert fact(relation).person.surname not in page


def test_after_the_deputising_the_list_is_empty_and_telling_is_refused(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, row = deputises(office)
    desk = enter(deputy)
    stands_down(office.physician, row)
    assert "Iedereen is geïnformeerd" in text_of(desk.get(reverse("untold")))
    assert desk.post(reverse("untold_tell", args=[dossier]), {"means": "telefoon"}).status_code == 404
    assert not Notice.objects.using(OWNER).filter(about=deputy.user).exists()


def test_telling_twice_is_told_once(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    desk = enter(deputy)
    key = re.search(r'name="form_key" value="([^"]+)"', desk.get(reverse("untold")).content.decode())
    assert key
    for _ in range(2):
        sent = desk.post(reverse("untold_tell", args=[dossier]), {"means": "brief", "form_key": key[1]})
        assert sent.status_code == 302
    assert Notice.objects.using(OWNER).filter(about=deputy.user).count() == 1


def test_a_manner_that_does_not_exist_is_said_beside_the_employee(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, _ = deputises(office)
    sent = enter(deputy).post(reverse("untold_tell", args=[dossier]), {"means": "postduif"})
    assert sent.status_code == 400
    assert "Kies hoe u het hebt verteld" in text_of(sent)


def test_vandaag_leads_the_deputy_to_the_list_and_tells_the_one_replaced(office: Office) -> None:
    office.dossier()
    deputy = office.engaged("bedrijfsarts")
    signs(office, deputy)
    begins(office, deputy)
    assert "Werknemers informeren dat u waarneemt" in text_of(enter(deputy).get(reverse("today")))
    assert "tijdens uw afwezigheid geregeld" in text_of(enter(office.physician).get(reverse("today")))


def test_a_delegate_reads_on_vandaag_to_whom_questions_go(office: Office) -> None:
    at_work = office.delegates()
    desk = enter(at_work.delegate)
    is_away(office)
    assert "afwezig, zonder waarnemer" in text_of(desk.get(reverse("today")))
    deputy, _ = deputises(office)
    page = text_of(desk.get(reverse("today")))
    assert "uw vragen gaan naar deze bedrijfsarts" in page
    assert deputy.user.display_name in page


def test_a_concept_of_a_deputy_who_is_gone_stands_there_for_the_own_bedrijfsarts(office: Office) -> None:
    dossier, _ = office.dossier()
    deputy, row = deputises(office)
    office.tells(dossier, "waarneming", deputy)
    case = Case("waarnemer", deputy, shell_of(dossier), None, office.physician)
    note(case, NOTE, sign=False, when=this_minute())
    today = enter(office.physician).get(reverse("today"))
    assert "Concept van uw waarnemer" not in text_of(today)
    stands_down(deputy, row)
    assert "Concept van uw waarnemer, niet ondertekend" in text_of(
        enter(office.physician).get(reverse("today"))
    )
    page = text_of(enter(office.physician).get(reverse("dossier", args=[dossier])))
    assert "Concept, niet ondertekend" in page
    assert f"waarneming voor {office.physician.user.display_name}" in page


def test_the_practice_arranges_it_for_anybody(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    fields = {
        "replaced": str(office.physician.engagement.pk),
        "deputy": str(deputy.engagement.pk),
        "starts_on": day(0),
        "ends_on": day(3),
        "reason": "Onverwacht afwezig",
    }
    sent = enter(office.admin).post(reverse("deputising_begin"), fields)
    assert (sent.status_code, sent.url) == (302, reverse("deputising"))
    assert Ground.objects.using(OWNER).filter(kind="deputising", holder=deputy.engagement.pk).exists()


def test_a_colleague_who_was_not_named_cannot_choose_the_one_he_would_replace(office: Office) -> None:
    stranger = office.engaged("bedrijfsarts")
    fields = {
        "replaced": str(office.physician.engagement.pk),
        "deputy": str(stranger.engagement.pk),
        "starts_on": day(0),
        "ends_on": day(3),
        "reason": "Ik wil graag",
    }
    sent = enter(stranger).post(reverse("deputising_begin"), fields)
    assert sent.status_code == 400
    assert "Ik wil graag" in text_of(sent)
    assert not Ground.objects.using(OWNER).filter(kind="deputising", holder=stranger.engagement.pk).exists()


@pytest.mark.parametrize("role", ["gedelegeerde", "secretariaat", "procesbewaker"])
def test_others_read_who_stands_in_and_arrange_nothing(office: Office, role: str) -> None:
    deputises(office)
    desk = enter(office.engaged(role))
    page = desk.get(reverse("deputising"))
    assert page.status_code == 200
    assert "Waarneming laten ingaan" not in text_of(page)
    for name in ("deputising_begin", "standing_sign", "absence_record"):
        assert desk.get(reverse(name)).status_code == 403


def test_an_end_before_the_begin_is_said_beside_the_field_and_keeps_the_words(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    fields = {
        "replaced": str(office.physician.engagement.pk),
        "deputy": str(deputy.engagement.pk),
        "starts_on": day(3),
        "ends_on": day(1),
        "reason": "Deze woorden blijven",
    }
    sent = enter(office.physician).post(reverse("deputising_begin"), fields)
    assert sent.status_code == 400
    assert "Deze dag ligt vóór het begin" in text_of(sent)
    assert "Deze woorden blijven" in text_of(sent)


def test_the_same_two_do_not_stand_in_twice_at_once(office: Office) -> None:
    deputy = office.engaged("bedrijfsarts")
    signs(office, deputy)
    begins(office, deputy)
    with pytest.raises(Exception, match="loopt deze waarneming al"):
        begins(office, deputy, starts_at=days(2), ends_at=days(9))
    assert begins(office, deputy, starts_at=days(6), ends_at=days(9))


def test_an_absence_is_recorded_and_ended_on_the_screen(office: Office) -> None:
    at_work, desk = office.delegates(), enter(office.physician)
    fields = {"physician": str(office.physician.engagement.pk), "starts_on": day(0), "ends_on": ""}
    assert desk.post(reverse("absence_record"), fields).status_code == 302
    absence = Absence.objects.using(OWNER).get(physician=office.physician.engagement.pk)
    assert "Geen waarnemer" in text_of(desk.get(reverse("deputising")))
    assert answer(at_work.delegate, at_work.dossier, "gedelegeerde.write") == "not yet: supervision_cover"
    assert desk.post(reverse("absence_end", args=[absence.pk])).status_code == 302
    assert answer(at_work.delegate, at_work.dossier, "gedelegeerde.write") == "open"


def test_another_bedrijfsarts_ends_neither_the_absence_nor_the_deputising_of_a_colleague(
    office: Office,
) -> None:
    away = is_away(office)
    _, row = deputises(office)
    desk = enter(office.engaged("bedrijfsarts"))
    assert desk.post(reverse("absence_end", args=[away.pk])).status_code == 403
    assert desk.post(reverse("deputising_end", args=[row.pk]), {"reason": "Zomaar"}).status_code == 403
    assert fact(away).ends_at is None


def test_a_deputy_hands_the_work_back_on_the_screen(office: Office) -> None:
    dossier, _ = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    deputy, row = deputises(office)
    desk = enter(deputy)
    assert desk.post(reverse("deputising_end", args=[row.pk]), {"reason": ""}).status_code == 400
    assert desk.post(reverse("deputising_end", args=[row.pk]), {"reason": "Zij is terug"}).status_code == 302
    assert answer(deputy, dossier, "begeleiding.read") == "not found"
    with deputy.acts(), pytest.raises(NotYet, match="already_ended"):
        deputising.end(by=deputy.user, deputising=again(row), reason="Nog eens")


def test_the_screen_of_a_second_end_says_that_it_was_over(office: Office) -> None:
    deputy, row = deputises(office)
    desk = enter(deputy)
    for _ in range(2):
        sent = desk.post(reverse("deputising_end", args=[row.pk]), {"reason": "Klaar"})
        assert sent.status_code == 302
    assert "al beëindigd" in text_of(desk.get(reverse("deputising")))


def test_a_form_with_unknown_people_is_answered_with_a_page(office: Office) -> None:
    desk = enter(office.admin)
    for value in ("niet-een-id", "", "\0"):
        sent = send(desk, reverse("deputising_begin"), {"replaced": value, "deputy": value, "reason": "x"})
        assert sent.status_code == 400
