"""Who works here, in which role and on which side: prepared by the practice, accepted by a bedrijfsarts, and ended.

Source: Leidraad casemanagement (2019) §1.2, §3.1, §3.3; Wie doet wat §3.1; Wet BIG art. 3 and 14; BW 7:457.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone

from delegation.assignments import actions as assignments
from directory.access.context import NoCapacity, engagements_of
from directory.people import actions as people
from directory.people.models import (
    ROLE_SIDES,
    Engagement,
    EngagementSuspension,
    Professional,
    Registration,
    Role,
    SecrecyDeclaration,
    Side,
)
from directory.people.models.engagement import SIDES_WITHOUT_ACCEPTANCE
from tests.domain.test_delegation import (
    NAMES,
    WRITE,
    Office,
    again,
    answer,
    database_refuses,
    days,
    fact,
    office,
    plain,
    sql,
)
from tests.world import OWNER, Actor, World

__all__ = ["office"]

WAITING = [role for role, side in ROLE_SIDES.items() if side not in SIDES_WITHOUT_ACCEPTANCE]
AT_ONCE = [role for role in ROLE_SIDES if role not in WAITING]


def newcomer(office: Office, role: str, **more: Any) -> Actor:
    """Somebody the administrator engages from now on; accepted by nobody yet."""
    user = plain(office.world.user("nieuw"))
    with office.admin.acts():
        engagement = people.engage(
            practice=office.practice, user=user, role=role, by=office.admin.user, **more
        )
    return Actor(user, engagement)


def accepts(office: Office, somebody: Actor, by: Actor | None = None) -> None:
    by = by or office.physician
    with by.acts():
        people.accept_engagement(engagement=again(somebody.engagement), by=by.user)


def at_work(somebody: Actor) -> bool:
    """Say whether somebody can act in this capacity."""
    try:
        with somebody.acts():
            return True
    except NoCapacity:
        return False


# --- role and side ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role, side in ROLE_SIDES.items() if side == Side.MEDICAL])
@pytest.mark.parametrize("side", [Side.EMPLOYER, Side.PROCESS, Side.DESK, Side.ADMIN])
def test_a_medical_role_exists_on_the_medical_side_alone(office: Office, role: Role, side: Side) -> None:
    """A delegate on the side of the employer (B-I) would bring medical data there: no row can say it."""
    with pytest.raises(ValidationError, match="Een medische rol aan werkgeverszijde bestaat niet"):
        newcomer(office, role, side=side)
    with database_refuses("engagement_role_side"), office.admin.acts():
        _engagement(office, role, side).save(force_insert=True)


@pytest.mark.parametrize("role", ROLE_SIDES)
def test_every_role_has_one_side(office: Office, role: Role) -> None:
    engaged = newcomer(office, role)
    assert fact(engaged.engagement).side == ROLE_SIDES[role]


@pytest.mark.parametrize("role", ["casemanager", "overig_b"])
@pytest.mark.parametrize("side", [Side.MEDICAL, Side.PROCESS, Side.SIGNAL])
def test_nor_does_a_role_of_the_employer_exist_under_the_bedrijfsarts(
    office: Office, role: str, side: Side
) -> None:
    with database_refuses("engagement_role_side"), office.admin.acts():
        _engagement(office, role, side).save(force_insert=True)


@pytest.mark.parametrize("role", ["arbo_arts", "arboarts", "superuser", "waarnemer", "werknemer", ""])
def test_nobody_is_engaged_in_a_role_that_is_not_there(office: Office, role: str) -> None:
    with pytest.raises(ValidationError):
        newcomer(office, role)
    with database_refuses("engagement_role_side"), office.admin.acts():
        _engagement(office, role, Side.MEDICAL).save(force_insert=True)


def _engagement(office: Office, role: str, side: str, **more: Any) -> Engagement:
    return Engagement(
        practice=office.practice,
        user=plain(office.world.user("nieuw")),
        role=role,
        side=side,
        **{"starts_at": timezone.now(), "prepared_by": office.admin.user} | more,
    )


@pytest.mark.parametrize("change", ["role = 'bedrijfsarts'", "side = 'medical'", "user_id = prepared_by_id"])
def test_an_engagement_never_becomes_another(office: Office, change: str) -> None:
    somebody = newcomer(office, "casemanager")
    with pytest.raises(DatabaseError, match=r"engagement_(stays|role_side)"), office.admin.acts():
        sql(f"UPDATE people_engagement SET {change} WHERE id = %s", somebody.engagement.pk)


# --- acceptance -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", WAITING)
def test_whoever_works_under_a_bedrijfsarts_counts_once_a_bedrijfsarts_accepted_him(
    office: Office, role: Role
) -> None:
    somebody = newcomer(office, role)
    assert not at_work(somebody)
    assert engagements_of(somebody.user.pk) == []
    accepts(office, somebody)
    assert at_work(somebody)
    assert fact(somebody.engagement).accepted_by_id == office.physician.user.pk


@pytest.mark.parametrize("role", AT_ONCE)
def test_on_the_other_sides_no_acceptance_is_asked(office: Office, role: Role) -> None:
    somebody = newcomer(office, role)
    assert at_work(somebody)
    with pytest.raises(ValidationError, match="wacht niet"):
        accepts(office, somebody)


@pytest.mark.parametrize(
    "role", ["praktijkbeheerder", "arts_onder_supervisie", "gedelegeerde", "secretariaat", "fg"]
)
def test_nobody_but_a_bedrijfsarts_accepts(office: Office, role: str) -> None:
    somebody, other = newcomer(office, "gedelegeerde"), office.engaged(role)
    with pytest.raises(DatabaseError), other.acts():
        people.accept_engagement(engagement=again(somebody.engagement), by=other.user)
    assert not at_work(somebody)
    accepts(office, somebody)
    assert at_work(somebody)


@pytest.mark.parametrize("in_whose_name", ["his own", "the physician's"])
def test_the_administrator_writes_no_acceptance_himself(office: Office, in_whose_name: str) -> None:
    somebody = newcomer(office, "gedelegeerde")
    name = office.admin if in_whose_name == "his own" else office.physician
    accept = "UPDATE people_engagement SET accepted_at = now(), accepted_by_id = %s WHERE id = %s"
    with database_refuses("people_engagement_accepted_by_physician"), office.admin.acts():
        sql(accept, name.user.pk, somebody.engagement.pk)
    with database_refuses(), office.admin.acts():
        _engagement(
            office, "gedelegeerde", "medical", accepted_by=name.user, accepted_at=timezone.now()
        ).save(force_insert=True)
    assert not at_work(somebody)


def test_a_bedrijfsarts_accepts_in_his_own_name_and_once(office: Office) -> None:
    somebody, colleague = newcomer(office, "gedelegeerde"), office.engaged("bedrijfsarts")
    accept = "UPDATE people_engagement SET accepted_at = now(), accepted_by_id = %s WHERE id = %s"
    with database_refuses("people_engagement_accepted_by_physician"), office.physician.acts():
        sql(accept, colleague.user.pk, somebody.engagement.pk)
    accepts(office, somebody)
    for name in (office.physician, colleague):
        with database_refuses("people_engagement_accepted_by_physician"), colleague.acts():
            sql(accept, name.user.pk, somebody.engagement.pk)
    with pytest.raises(ValidationError, match="wacht niet"):
        accepts(office, somebody)


def test_a_bedrijfsarts_changes_nothing_else_of_an_engagement(office: Office) -> None:
    somebody = newcomer(office, "gedelegeerde")
    for change in ("ends_at = now()", "role = 'teamlid'", "starts_at = now()", "prepared_by_id = NULL"):
        with database_refuses("permission denied"), office.physician.acts():
            sql(f"UPDATE people_engagement SET {change} WHERE id = %s", somebody.engagement.pk)


def test_a_bedrijfsarts_of_another_practice_accepts_nobody_here(office: Office, world: World) -> None:
    somebody = newcomer(office, "gedelegeerde")
    stranger = world.engaged("bedrijfsarts", practice=world.other_practice)
    with stranger.acts():
        accept = "UPDATE people_engagement SET accepted_at = now(), accepted_by_id = %s WHERE id = %s"
        assert sql(accept, stranger.user.pk, somebody.engagement.pk) == 0
    assert not at_work(somebody)


def test_an_administrator_makes_himself_no_physician(office: Office) -> None:
    with office.admin.acts():
        engagement = people.engage(
            practice=office.practice, user=office.admin.user, role="bedrijfsarts", by=office.admin.user
        )
    himself = Actor(office.admin.user, engagement)
    assert not at_work(himself)
    with database_refuses("people_engagement_accepted_by_physician"), office.admin.acts():
        people.accept_engagement(engagement=again(engagement), by=office.admin.user)
    assert not at_work(himself)


@pytest.mark.parametrize("role", ["bedrijfsarts", "gedelegeerde", "secretariaat", "casemanager", "fg"])
def test_only_the_administrator_engages(office: Office, role: str) -> None:
    somebody = office.engaged(role)
    with database_refuses(), somebody.acts():
        people.engage(
            practice=office.practice,
            user=plain(office.world.user("nieuw")),
            role="casemanager",
            by=somebody.user,
        )
    assert at_work(newcomer(office, "casemanager"))


# --- begin, end, suspension -------------------------------------------------------------------------------------


def test_who_begins_next_month_does_not_work_today(office: Office) -> None:
    assert not at_work(newcomer(office, "casemanager", starts_at=days(30)))
    assert at_work(newcomer(office, "casemanager"))


def test_ended_is_out_at_once_and_from_everything(office: Office) -> None:
    delegation = office.delegates()
    assert answer(delegation.delegate, delegation.dossier, WRITE) == "open"
    _ends(office, delegation.delegate)
    assert not at_work(delegation.delegate)
    with pytest.raises(ValidationError, match="al eerder geëindigd"):
        _ends(office, delegation.delegate)


def _ends(office: Office, somebody: Actor, **more: Any) -> None:
    with office.admin.acts():
        people.end_engagement(
            engagement=again(somebody.engagement), reason="Vertrekt.", by=office.admin.user, **more
        )


@pytest.mark.parametrize("until", ["NULL", "now() + interval '1 year'"])
def test_who_left_is_engaged_and_accepted_anew(office: Office, until: str) -> None:
    somebody = newcomer(office, "gedelegeerde")
    accepts(office, somebody)
    _ends(office, somebody)
    with database_refuses("people_engagement_only_shortens"), office.admin.acts():
        sql(f"UPDATE people_engagement SET ends_at = {until} WHERE id = %s", somebody.engagement.pk)
    assert not at_work(somebody)
    with office.admin.acts():
        again_ = people.engage(
            practice=office.practice, user=somebody.user, role="gedelegeerde", by=office.admin.user
        )
    assert not at_work(Actor(somebody.user, again_))
    accepts(office, Actor(somebody.user, again_))
    assert at_work(Actor(somebody.user, again_))


def test_an_agreed_end_is_never_moved_to_later(office: Office) -> None:
    somebody = newcomer(office, "casemanager", ends_at=days(30))
    with database_refuses("people_engagement_only_shortens"), office.admin.acts():
        sql(
            "UPDATE people_engagement SET ends_at = ends_at + interval '1 day' WHERE id = %s",
            somebody.engagement.pk,
        )
    _ends(office, somebody, at=days(10))
    assert at_work(somebody)


def test_the_same_role_twice_at_once_is_refused_and_another_role_is_not(office: Office) -> None:
    somebody = newcomer(office, "casemanager")
    more = {"practice": office.practice, "user": somebody.user, "by": office.admin.user}
    with pytest.raises(ValidationError, match="heeft deze rol al in deze periode"), office.admin.acts():
        people.engage(**more, role="casemanager", starts_at=days(3))
    with database_refuses("engagement_no_overlap"), office.admin.acts():
        Engagement(
            practice=office.practice,
            user=somebody.user,
            role="casemanager",
            side="employer",
            starts_at=days(3),
        ).save(force_insert=True)
    with office.admin.acts():
        people.engage(**more, role="procesbewaker")


def test_an_engagement_that_ends_before_it_begins_is_said_to_do_so(office: Office) -> None:
    with pytest.raises(ValidationError, match="De einddatum ligt vóór het begin"):
        newcomer(office, "casemanager", ends_at=days(-1))


def test_suspended_nobody_works_and_resumed_he_does(office: Office) -> None:
    somebody = newcomer(office, "casemanager")
    suspension = suspends(office, somebody)
    assert not at_work(somebody)
    with office.admin.acts():
        people.resume_engagement(suspension=again(suspension), by=office.admin.user)
    assert at_work(somebody)
    with pytest.raises(ValidationError, match="al opgeheven"), office.admin.acts():
        people.resume_engagement(suspension=again(suspension), by=office.admin.user)


def suspends(office: Office, somebody: Actor, **more: Any) -> EngagementSuspension:
    with office.admin.acts():
        return people.suspend_engagement(
            engagement=again(somebody.engagement), reason="Onderzoek.", by=office.admin.user, **more
        )


def test_suspensions_are_periods_that_do_not_overlap(office: Office) -> None:
    somebody = newcomer(office, "casemanager")
    suspends(office, somebody, starts_at=days(5), ends_at=days(9))
    assert at_work(somebody)
    with pytest.raises(ValidationError, match="loopt al een schorsing"):
        suspends(office, somebody, starts_at=days(8))
    with pytest.raises(ValidationError, match="De einddatum ligt vóór het begin"):
        suspends(office, somebody, starts_at=days(20), ends_at=days(19))
    with database_refuses("engagement_suspension_no_overlap"), office.admin.acts():
        _suspension(office, somebody, starts_at=days(8)).save(force_insert=True)
    suspends(office, somebody, starts_at=days(9), ends_at=days(10))


def _suspension(office: Office, somebody: Actor, **more: Any) -> EngagementSuspension:
    return EngagementSuspension(
        practice=office.practice,
        engagement=somebody.engagement,
        reason="x",
        **{"starts_at": timezone.now(), "by": office.admin.user} | more,
    )


def test_a_suspension_is_lifted_and_never_rewritten_or_written_for_another(office: Office) -> None:
    somebody = newcomer(office, "casemanager")
    suspension = suspends(office, somebody)
    with database_refuses("permission denied"), office.admin.acts():
        sql("UPDATE people_engagementsuspension SET reason = 'anders' WHERE id = %s", suspension.pk)
    with database_refuses("people_engagementsuspension_only_shortens"), office.admin.acts():
        sql(
            "UPDATE people_engagementsuspension SET ends_at = now() - interval '1 hour' WHERE id = %s",
            suspension.pk,
        )
    with database_refuses(), office.admin.acts():
        _suspension(office, office.admin, by=office.physician.user).save(force_insert=True)


@pytest.mark.parametrize("role", ["bedrijfsarts", "secretariaat", "fg"])
def test_only_the_administrator_suspends(office: Office, role: str) -> None:
    somebody, other = newcomer(office, "casemanager"), office.engaged(role)
    with database_refuses(), other.acts():
        _suspension(office, somebody, by=other.user).save(force_insert=True)
    assert at_work(somebody)


# --- professions and registers ----------------------------------------------------------------------------------


def professional(office: Office, somebody: Actor | None = None, **more: Any) -> Professional:
    somebody = somebody or newcomer(office, "gedelegeerde")
    with office.admin.acts():
        return people.add_professional(
            **{"user": somebody.user, "profession": "arboverpleegkundige", "by": office.admin.user} | more
        )


@pytest.mark.parametrize(
    "word",
    [
        "arbo-arts",
        "Arbo-arts",
        "arboarts",
        "ARBOARTS",
        "arbo arts",
        "arbo_arts",
        "arbo‑arts",
        "arbo–arts",
        "arbo. arts",
    ],
)
@pytest.mark.parametrize("field", ["profession", "title"])
def test_arbo_arts_is_not_stored_however_it_is_written(office: Office, field: str, word: str) -> None:
    somebody = newcomer(office, "gedelegeerde")
    with pytest.raises(ValidationError, match="Deze titel is niet beschermd"):
        professional(office, somebody, **{field: word})
    row = Professional(user=somebody.user, **{"profession": "arts", field: word})
    with pytest.raises(DatabaseError), office.admin.acts():
        row.save(force_insert=True)
    professional(office, somebody, profession="arts", title="ANIOS bedrijfsgeneeskunde")


@pytest.mark.parametrize(
    "title", ["bedrijfsarts", "arboverpleegkundige", "Senior arts M&G", "arbodienst, huisarts"]
)
def test_titles_that_are_none_of_it_are_stored(office: Office, title: str) -> None:
    assert fact(professional(office, title=title)).title == title


def test_the_desk_records_professions_too_and_others_do_not(office: Office) -> None:
    desk = office.engaged("secretariaat")
    with desk.acts():
        people.add_professional(user=plain(office.world.user("nieuw")), profession="psycholoog", by=desk.user)
    for role in ("bedrijfsarts", "gedelegeerde", "procesbewaker", "casemanager", "fg"):
        somebody = office.engaged(role)
        row = Professional(user=plain(office.world.user("nieuw")), profession="psycholoog")
        with database_refuses(), somebody.acts():
            row.save(force_insert=True)


def registers(office: Office, of: Professional, **more: Any) -> Registration:
    said = {"register": "big_verpleegkundige", "number": f"{30_000_000_000 + next(NAMES)}"}
    with office.admin.acts():
        return people.add_registration(
            professional=again(of), by=office.admin.user, **{**said, "starts_on": date(2015, 1, 1)} | more
        )


@pytest.mark.parametrize("number", ["", "1234567890", "123456789012", "1234567890a", "12345 678901"])
def test_a_big_number_has_eleven_digits(office: Office, number: str) -> None:
    of = professional(office)
    with pytest.raises(ValidationError, match="elf cijfers"):
        registers(office, of, number=number)
    registers(office, of)


def test_the_same_registration_does_not_overlap_and_another_may(office: Office) -> None:
    of = professional(office)
    registers(office, of, ends_on=date(2030, 1, 1))
    with pytest.raises(ValidationError, match="staat deze inschrijving er al"):
        registers(office, of, starts_on=date(2029, 1, 1))
    with database_refuses("registration_no_overlap"), office.admin.acts():
        Registration(
            professional=of,
            register="big_verpleegkundige",
            number="30000000000",
            starts_on=date(2029, 1, 1),
        ).save(force_insert=True)
    registers(office, of, starts_on=date(2030, 1, 1))
    registers(office, of, register="rsc", number="7")


def test_a_registration_that_ends_before_it_begins_is_said_to_do_so(office: Office) -> None:
    with pytest.raises(ValidationError, match="De einddatum ligt vóór het begin"):
        registers(office, professional(office), ends_on=date(2014, 1, 1))


@pytest.mark.parametrize(
    ("register", "code"),
    [("big_arts", "registration_big"), ("specialist_bedrijfsarts", "registration_specialist")],
)
def test_a_right_stops_on_the_end_date_itself_and_not_a_day_before(
    office: Office, register: str, code: str
) -> None:
    dossier, _ = office.dossier()
    registration = Registration.objects.using(OWNER).get(
        professional__user=office.physician.user.pk, register=register
    )
    today = timezone.localdate()
    _checks(office, registration, today + timedelta(days=1))
    assert answer(office.physician, dossier, "begeleiding.read") == "open"
    _checks(office, registration, today)
    assert answer(office.physician, dossier, "begeleiding.read") == f"not yet: {code}"
    _checks(office, registration, today + timedelta(days=365))
    assert answer(office.physician, dossier, "begeleiding.read") == "open", (
        "consulted again: it was prolonged"
    )


def _checks(office: Office, registration: Registration, ends_on: date) -> None:
    with office.admin.acts():
        people.record_check(
            registration=again(registration), result="Geraadpleegd.", ends_on=ends_on, by=office.admin.user
        )


def test_an_old_check_stops_nothing_by_itself(office: Office) -> None:
    dossier, _ = office.dossier()
    registration = Registration.objects.using(OWNER).get(
        professional__user=office.physician.user.pk, register="big_arts"
    )
    with office.admin.acts():
        people.record_check(
            registration=again(registration),
            result="Ingeschreven.",
            at=days(-900),
            by=office.admin.user,
        )
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


def test_a_registration_of_tomorrow_gives_nothing_today(office: Office) -> None:
    physician = office.engaged("bedrijfsarts")
    client = office.client()
    office.takes_on(physician, client)
    dossier, _ = office.dossier(client, by=physician)
    registration = Registration.objects.using(OWNER).get(
        professional__user=physician.user.pk, register="big_arts"
    )
    _checks(office, registration, timezone.localdate())
    tomorrow = timezone.localdate() + timedelta(days=1)
    registers(office, registration.professional, register="big_arts", starts_on=tomorrow)
    assert answer(physician, dossier, "begeleiding.read") == "not yet: registration_big"


def test_nobody_prolongs_his_own_registration(office: Office) -> None:
    registration = Registration.objects.using(OWNER).get(
        professional__user=office.physician.user.pk, register="big_arts"
    )
    with database_refuses("permission denied"), office.physician.acts():
        sql("UPDATE people_registration SET ends_on = NULL WHERE id = %s", registration.pk)


# --- secrecy ----------------------------------------------------------------------------------------------------


def test_secrecy_is_declared_by_oneself_only(office: Office) -> None:
    somebody = office.engaged("procesbewaker")
    for other in (office.admin, office.physician, office.engaged("procesbewaker")):
        with database_refuses(), other.acts():
            SecrecyDeclaration(
                practice=office.practice,
                user=somebody.user,
                kind="afgeleid_beroepsgeheim",
                signed_at=timezone.now(),
            ).save(force_insert=True)
    assert not SecrecyDeclaration.objects.using(OWNER).filter(user=somebody.user.pk).exists()
    office.declares_secrecy(somebody)
    assert SecrecyDeclaration.objects.using(OWNER).filter(user=somebody.user.pk).count() == 1


def test_without_secrecy_the_delegate_does_not_work_on(office: Office) -> None:
    delegation = office.delegates()
    declared = SecrecyDeclaration.objects.using(OWNER).get(user=delegation.delegate.user.pk)
    with office.admin.acts():
        assert sql("UPDATE people_secrecydeclaration SET ends_at = now() WHERE id = %s", declared.pk) == 1
    assert answer(delegation.delegate, delegation.dossier, WRITE) == "not yet: secrecy"
    for until in ("NULL", "now() + interval '1 year'"):
        with database_refuses("people_secrecy_only_shortens"), office.admin.acts():
            sql(f"UPDATE people_secrecydeclaration SET ends_at = {until} WHERE id = %s", declared.pk)
    office.declares_secrecy(delegation.delegate)
    assert answer(delegation.delegate, delegation.dossier, WRITE) == "open"


def test_nobody_takes_back_or_changes_what_he_declared(office: Office) -> None:
    delegation = office.delegates()
    declared = SecrecyDeclaration.objects.using(OWNER).get(user=delegation.delegate.user.pk)
    for change in ("ends_at = now()", "kind = 'signalering'", "signed_at = signed_at - interval '1 year'"):
        with database_refuses("permission denied"), delegation.delegate.acts():
            sql(f"UPDATE people_secrecydeclaration SET {change} WHERE id = %s", declared.pk)


def test_each_kind_of_secrecy_is_its_own(office: Office) -> None:
    somebody = office.engaged("casemanager")
    with pytest.raises(ValidationError):
        office.declares_secrecy(somebody, "iets_anders")
    with database_refuses("secrecy_kind"), somebody.acts():
        SecrecyDeclaration(
            practice=office.practice, user=somebody.user, kind="iets", signed_at=timezone.now()
        ).save(force_insert=True)
    office.declares_secrecy(somebody, "avg_geheimhouding")


def test_secrecy_in_one_practice_is_not_secrecy_in_another(office: Office, world: World) -> None:
    somebody = office.engaged("procesbewaker")
    elsewhere = Office.opens(world, world.other_practice)
    with database_refuses(), somebody.acts():
        people.sign_secrecy(practice=elsewhere.practice, kind="afgeleid_beroepsgeheim", by=somebody.user)
    office.declares_secrecy(somebody)
    abroad = world.engaged("procesbewaker", practice=world.other_practice, user=fact(somebody.user))
    abroad = Actor(plain(abroad.user), plain(abroad.engagement))
    with pytest.raises(ValidationError, match="Nog niet getekend"), elsewhere.physician.acts():
        assignments.assign(
            by=elsewhere.physician.user,
            kind="process",
            holder=abroad.engagement,
            responsible=elsewhere.physician.engagement,
            tasks="x",
            facilities="x",
        )
