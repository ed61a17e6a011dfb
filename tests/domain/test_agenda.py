"""The agenda: blocks, appointments, and that nothing hidden answers to whoever may not know of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from directory.reference.models import Location
from dossier.agenda import actions, roster
from dossier.agenda.models import Entry, Room, State
from dossier.models import Dossier
from tests.world import OWNER, Actor, Case, World

ASKS = ("agenda.find", "agenda.read", "agenda.write", "open_spreekuur.find", "open_spreekuur.read")
SOON = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


def at(hour: float, day: int = 0) -> datetime:
    return SOON + timedelta(days=day, hours=hour - 9)


def opened(case: Case) -> Any:
    medical = case.actor.engagement.side == "medical"
    return Dossier.objects.open(case.dossier.pk, *(ASKS if medical else ASKS[:3]))


def book(
    case: Case, begin: datetime, *, kind: str = "verzuimconsult", of: Actor | None = None, **more: Any
) -> Entry:
    """Book as this person, on the dossier of the case, in somebody's calendar."""
    with case.actor.acts():
        return actions.book(
            by=case.actor.user,
            opened=opened(case),
            kind=kind,
            engagement=(of or case.physician).engagement,
            starts_at=begin,
            **more,
        )


def publish(physician: Actor, begin: datetime, minutes: int = 120, **more: Any) -> list[Entry]:
    with physician.acts():
        return actions.publish(
            by=physician.user, engagement=physician.engagement, starts_at=begin, minutes=minutes, **more
        )


def said(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def together(world: World, *roles: str) -> tuple[Case, ...]:
    """Put people on one dossier, the physician first."""
    physician = world.case("bedrijfsarts")
    found = [physician]
    for role in roles:
        found.append(world.case(role, dossier=physician.dossier, physician=physician.actor))
    return tuple(found)


def test_a_physician_books_a_verzuimconsult_and_reads_it_back(world: World) -> None:
    (physician,) = together(world)
    made = book(physician, at(9))
    with physician.actor.acts() as now:
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 1
        assert list(Entry.objects.open_to(now.capacity, "find")) == [made]
    assert made.ends_at - made.starts_at == timedelta(minutes=30)


def test_nobody_reads_an_appointment_without_looking_first(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9))
    with physician.actor.acts() as now:
        assert list(Entry.objects.open_to(now.capacity, "find")) == []
        assert list(Entry.objects.all()) == []


def test_a_calendar_holds_one_thing_at_a_time(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    book(physician, at(9))
    with pytest.raises(ValidationError) as refused:
        book(keeper, at(9.25))
    assert "niet vrij" in said(refused)
    assert refused.value.message_dict.keys() == {"time"}
    book(keeper, at(9.5))


def test_the_same_form_twice_is_one_appointment(world: World) -> None:
    (physician,) = together(world)
    key = uuid4()
    assert book(physician, at(9), key=key).pk == book(physician, at(9), key=key).pk == key


def test_a_voluntary_consult_lies_inside_a_published_block(world: World) -> None:
    (physician,) = together(world)
    with pytest.raises(ValidationError) as refused:
        book(physician, at(13), kind="open_spreekuur")
    assert "blok" in said(refused)
    [block] = publish(physician.actor, at(13))
    made = book(physician, at(13.5), kind="open_spreekuur")
    assert (made.block_id, made.side) == (block.pk, "medical")


def test_outside_the_block_and_over_its_edge_is_refused_by_the_database_too(world: World) -> None:
    (physician,) = together(world)
    [block] = publish(physician.actor, at(13))
    row = Entry(
        practice_id=physician.dossier.practice_id,
        engagement_id=physician.actor.engagement.pk,
        professional_id=physician.actor.user.pk,
        dossier_id=physician.dossier.pk,
        block_id=block.pk,
        kind="pmo",
        section="pmo",
        side="medical",
        starts_at=at(14.75),
        ends_at=at(15.25),
        booked_by_id=physician.actor.user.pk,
    )
    with physician.actor.acts():
        opened(physician)
        with pytest.raises(ValidationError) as refused, actions.answered():
            row.save(force_insert=True)
    assert "blok" in said(refused)


def test_a_full_block_and_an_empty_one_answer_the_process_side_alike(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    publish(physician.actor, at(9))
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")

    def heard(hour: float) -> tuple[Any, ...]:
        with pytest.raises(ValidationError) as refused:
            book(keeper, at(hour))
        with keeper.actor.acts() as now:
            roster.look([physician.actor.engagement.pk], at(0), at(24))
            lines = [
                (line.layer, line.ends_at - line.starts_at)
                for line in roster.lines(at(hour), at(hour + 0.4))
                if line.engagement == physician.actor.engagement.pk
            ]
            return refused.value.message_dict, lines, list(Entry.objects.open_to(now.capacity, "find"))

    assert heard(9.5) == heard(13.5)
    assert heard(9.5)[1] == [("block", timedelta(hours=2))]
    assert heard(9.5)[2] == []


def test_what_lies_in_a_block_does_not_answer_for_the_employee(world: World) -> None:
    """Another professional plans the same employee: he is not told of the hidden appointment at that time."""
    physician, keeper = together(world, "procesbewaker")
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")
    assert book(keeper, at(13.5), of=keeper.actor, kind="procesgesprek").state == State.PLANNED


def test_a_hidden_appointment_does_answer_to_who_plans_one(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    book(keeper, at(13.5), of=keeper.actor, kind="procesgesprek")
    publish(physician.actor, at(13))
    with pytest.raises(ValidationError) as refused:
        book(physician, at(13.5), kind="open_spreekuur")
    assert "al een afspraak" in said(refused)


def test_no_row_and_no_history_of_what_is_hidden_comes_out_by_any_query(world: World) -> None:
    """Not by the application's own rule, but by the wall alone: nothing is filtered here."""
    physician, keeper, desk = together(world, "procesbewaker", "secretariaat")
    publish(physician.actor, at(13))
    plain = book(physician, at(9))
    hidden = book(physician, at(13.5), kind="open_spreekuur")
    for case, wanted in (
        (physician, {plain.pk, hidden.pk}),
        (keeper, {plain.pk}),
        (desk, {plain.pk, hidden.pk}),
    ):
        with case.actor.acts():
            opened(case)
            rows = set(Entry.objects.filter(dossier__isnull=False).values_list("pk", flat=True))
            assert rows == wanted, case.role
            if case is not desk:  # the desk reads no history of anything
                past = Entry.history.model.objects.filter(dossier__isnull=False).values_list("id", flat=True)
                assert set(past) == wanted, case.role


def test_two_voluntary_consults_do_not_share_a_time(world: World) -> None:
    (physician,) = together(world)
    other = world.case("bedrijfsarts", actor=physician.actor, physician=physician.actor)
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")
    with pytest.raises(ValidationError) as refused:
        book(other, at(13.5), kind="pmo")
    assert "niet vrij" in said(refused)


def test_a_hidden_kind_is_not_planned_by_the_process_side_whatever_it_sends(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    publish(physician.actor, at(13))
    with pytest.raises(ValidationError) as refused:
        book(keeper, at(13.5), kind="open_spreekuur")
    assert said(refused) == actions.NOT_YOURS


def test_the_desk_that_works_for_a_physician_plans_in_his_blocks_and_sees_them(world: World) -> None:
    physician, desk = together(world, "secretariaat")
    publish(physician.actor, at(13))
    made = book(desk, at(13.5), kind="open_spreekuur")
    with desk.actor.acts() as now:
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 1
        assert list(Entry.objects.open_to(now.capacity, "find")) == [made]
        assert [
            line.layer
            for line in roster.lines(at(0), at(24))
            if line.engagement == physician.actor.engagement.pk
        ] == ["block", "inside"]


def test_a_desk_of_another_physician_learns_nothing_of_a_block(world: World) -> None:
    (physician,) = together(world)
    elsewhere = world.case("secretariaat")
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")
    with elsewhere.actor.acts():
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 0
        assert [
            line.layer
            for line in roster.lines(at(0), at(24))
            if line.engagement == physician.actor.engagement.pk
        ] == ["block"]


def test_a_colleague_who_reads_not_that_section_sees_not_that_appointment(world: World) -> None:
    physician, delegate, deputy = together(world, "gedelegeerde", "waarnemer")
    publish(physician.actor, at(13))
    made = book(physician, at(13.5), kind="open_spreekuur")
    for case, seen in ((delegate, []), (deputy, [made])):
        with case.actor.acts() as now:
            opened(case)
            assert list(Entry.objects.open_to(now.capacity, "read")) == seen, case.role


def test_a_delegate_plans_his_own_consults_only(world: World) -> None:
    physician, delegate = together(world, "gedelegeerde")
    book(delegate, at(9), of=delegate.actor)
    with pytest.raises(ValidationError) as refused:
        book(delegate, at(9.5), of=physician.actor)
    assert said(refused) == actions.NOT_YOURS


def test_somebody_the_process_side_may_not_know_of_is_answered_as_somebody_who_is_not_there(
    world: World,
) -> None:
    """A nurse for PMO on the team is the medical fact."""
    physician, keeper, nurse = together(world, "procesbewaker", "teamlid")
    stranger = world.engaged("teamlid")
    answers = []
    for other in (nurse.actor, stranger):
        with pytest.raises(ValidationError) as refused:
            book(keeper, at(9), of=other)
        answers.append(refused.value.message_dict)
    assert answers[0] == answers[1]
    book(keeper, at(9), of=physician.actor)


def test_a_room_is_used_once(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    location = world.make(
        Location,
        practice=world.practice,
        name=f"Locatie {uuid4()}",
        street="Dijk 1",
        postcode="0100 AX",
        city="Soest",
    )
    room = world.make(Room, practice=world.practice, location=location, name="1")
    book(physician, at(9), room=room)
    with pytest.raises(ValidationError) as refused:
        book(keeper, at(9), of=keeper.actor, kind="procesgesprek", room=room)
    # One employee cannot be in two places either; whichever is said first, it is about what both may see.
    assert set(refused.value.message_dict) <= {"room", "time"}
    other = world.case("bedrijfsarts")
    with pytest.raises(ValidationError) as refused:
        book(other, at(9), room=room)
    assert refused.value.message_dict.keys() == {"room"}


def test_in_a_block_the_room_is_that_of_the_block(world: World) -> None:
    (physician,) = together(world)
    location = world.make(
        Location,
        practice=world.practice,
        name=f"Locatie {uuid4()}",
        street="Dijk 1",
        postcode="0100 AX",
        city="Soest",
    )
    mine, other = (world.make(Room, practice=world.practice, location=location, name=name) for name in "12")
    publish(physician.actor, at(13), room=mine)
    with pytest.raises(ValidationError) as refused:
        book(physician, at(13.5), kind="pmo", room=other)
    assert refused.value.message_dict.keys() == {"room"}
    assert book(physician, at(13.5), kind="pmo", room=mine).room_id == mine.pk


def test_a_block_with_an_appointment_is_not_withdrawn_and_an_empty_one_is(world: World) -> None:
    (physician,) = together(world)
    [full], [empty] = publish(physician.actor, at(9)), publish(physician.actor, at(13))
    book(physician, at(9.5), kind="open_spreekuur")
    with physician.actor.acts():
        with pytest.raises(ValidationError) as refused:
            actions.withdraw(by=physician.actor.user, block=Entry.objects.get(pk=full.pk))
        assert "nog afspraken" in said(refused)
        actions.withdraw(by=physician.actor.user, block=Entry.objects.get(pk=empty.pk))
    book(physician, at(13.5))


def test_a_block_is_published_beforehand_and_by_its_professional(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    with pytest.raises(ValidationError) as refused:
        publish(physician.actor, timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1))
    assert "vooraf" in said(refused)
    with keeper.actor.acts(), pytest.raises(ValidationError) as refused:
        actions.publish(by=keeper.actor.user, engagement=keeper.actor.engagement, starts_at=at(9), minutes=60)
    assert said(refused) == actions.NOT_YOURS
    with keeper.actor.acts(), pytest.raises(ValidationError):
        actions.publish(
            by=keeper.actor.user, engagement=physician.actor.engagement, starts_at=at(9), minutes=60
        )


def test_a_block_of_some_weeks_keeps_its_hour_over_the_change_of_the_clock(world: World) -> None:
    (physician,) = together(world)
    begin = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)  # ten o'clock; on 28 March the clock goes forward
    blocks = publish(physician.actor, begin, weeks=2)
    assert [timezone.localtime(block.starts_at).hour for block in blocks] == [10, 10]
    assert blocks[1].starts_at - blocks[0].starts_at == timedelta(days=7) - timedelta(hours=1)


def test_a_row_of_blocks_is_published_whole_or_not_at_all(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9, day=7))
    with pytest.raises(ValidationError) as refused:
        publish(physician.actor, at(9), weeks=3)
    assert "10-03-2027" in said(refused)
    assert not Entry.objects.using(OWNER).filter(engagement=physician.actor.engagement, kind="blok").exists()


def test_an_appointment_is_moved_and_gives_its_time_back(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    made = book(physician, at(9))
    with keeper.actor.acts():
        here = opened(keeper)
        row = Entry.objects.get(pk=made.pk)
        actions.move(by=keeper.actor.user, opened=here, entry=row, starts_at=at(11), minutes=30, room=None)
    book(physician, at(9))


def test_a_moved_voluntary_consult_stays_inside_a_block(world: World) -> None:
    (physician,) = together(world)
    publish(physician.actor, at(13))
    made = book(physician, at(13.5), kind="pmo")
    with physician.actor.acts():
        here = opened(physician)
        row = Entry.objects.get(pk=made.pk)
        with pytest.raises(ValidationError):
            actions.move(
                by=physician.actor.user, opened=here, entry=row, starts_at=at(9), minutes=30, room=None
            )
        actions.move(by=physician.actor.user, opened=here, entry=row, starts_at=at(14), minutes=30, room=None)


def close(case: Case, entry: Entry, outcome: str, reason: str = "") -> Entry:
    with case.actor.acts():
        here = opened(case)
        row = Entry.objects.get(pk=entry.pk)
        return actions.close(by=case.actor.user, opened=here, entry=row, outcome=outcome, reason=reason)


def test_cancelling_says_who_and_never_why_and_gives_the_time_back(world: World) -> None:
    (physician,) = together(world)
    made = book(physician, at(9))
    with pytest.raises(ValidationError):
        close(physician, made, "cancelled")
    with pytest.raises(ValidationError):
        close(physician, made, "cancelled", "griep")
    assert close(physician, made, "cancelled", "werknemer").state == State.CANCELLED
    book(physician, at(9))


def test_what_was_called_off_stays_so(world: World) -> None:
    (physician,) = together(world)
    made = book(physician, at(9))
    close(physician, made, "cancelled", "praktijk")
    with pytest.raises(ValidationError):
        close(physician, made, "held")


def test_what_has_not_begun_was_not_held(world: World) -> None:
    (physician,) = together(world)
    made = book(physician, at(9))
    for outcome in ("held", "no_show"):
        with pytest.raises(ValidationError) as refused:
            close(physician, made, outcome)
        assert "nog niet begonnen" in said(refused)


def test_not_appearing_is_a_fact_and_can_be_mended(world: World) -> None:
    (physician,) = together(world)
    began = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=2)
    made = book(physician, began)
    assert close(physician, made, "no_show").reason == ""
    assert close(physician, made, "held").state == State.HELD


def test_a_dossier_of_voluntary_contact_alone_has_no_process_appointments(world: World) -> None:
    dossier = world.dossier(process=False)
    physician = world.case("bedrijfsarts", dossier=dossier)
    with pytest.raises(ValidationError) as refused:
        book(physician, at(9))
    assert "vrijwillig" in said(refused)
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")


def test_the_employer_learns_when_and_where_and_nothing_else(world: World) -> None:
    physician, manager = together(world, "casemanager")
    publish(physician.actor, at(13))
    made = book(physician, at(9))
    book(physician, at(10), kind="procesgesprek")
    book(physician, at(13.5), kind="open_spreekuur")
    with manager.actor.acts():
        assert roster.expected(at(0), at(24)) == []  # nothing was opened yet
        assert roster.look(None, at(0), at(24)) == 1
        found = [(row.dossier, row.starts_at, row.room) for row in roster.expected(at(0), at(24))]
        assert found == [(physician.dossier.pk, made.starts_at, None)]
        assert roster.lines(at(0), at(24)) == []
        with pytest.raises(DatabaseError), transaction.atomic():
            list(Entry.objects.all())


def test_the_administrator_has_free_and_taken_and_no_row(world: World) -> None:
    (physician,) = together(world)
    admin = world.engaged("praktijkbeheerder")
    book(physician, at(9))
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")
    with admin.acts():
        mine = [
            line for line in roster.lines(at(0), at(24)) if line.engagement == physician.actor.engagement.pk
        ]
        assert [line.layer for line in mine] == ["taken", "block"]
        assert roster.look(None, at(0), at(24)) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            list(Entry.objects.all())


def test_another_practice_sees_nothing(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9))
    stranger = world.case(
        "bedrijfsarts",
        dossier=world.dossier(world.relation(practice=world.other_practice)),
        physician=world.engaged("bedrijfsarts", practice=world.other_practice),
    )
    stranger = Case("bedrijfsarts", stranger.physician, stranger.dossier, stranger.ground, stranger.physician)
    with stranger.actor.acts():
        assert [
            line for line in roster.lines(at(0), at(24)) if line.engagement == physician.actor.engagement.pk
        ] == []
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 0


def test_whose_ground_is_suspended_looks_into_a_closed_calendar(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    book(physician, at(9))
    with keeper.actor.acts():
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 1
    world.suspend(keeper.ground)
    with keeper.actor.acts():
        assert roster.look([physician.actor.engagement.pk], at(0), at(24)) == 0
