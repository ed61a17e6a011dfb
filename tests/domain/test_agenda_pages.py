"""The screens of the agenda, as the people of a practice use them on a day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.access.models import Ground
from directory.people.models import Person
from directory.reference.models import Location
from dossier.agenda import feeds, moments
from dossier.agenda.models import Entry, Feed, Room
from dossier.medical.models import MedicalRecord
from dossier.models import Dossier
from tests.domain.bad_input import send
from tests.domain.test_agenda import at, book, publish, together
from tests.domain.test_pages import body, enter, log_of
from tests.domain.test_records_browser import moment
from tests.world import OWNER, Actor, World

DAY = "2027-03-03"


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args, query=query))
    assert answer.status_code == 200
    return unescape(body(answer))


def words(text: str) -> str:
    inhoud = text[text.index('id="inhoud"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inhoud))


def name_of(case: Any) -> str:
    return str(Person.objects.using(OWNER).get(pk=case.dossier.person_id).surname)


# -- days --------------------------------------------------------------------------------------------------------


def test_the_physician_finds_today_s_appointment_on_vandaag_with_one_click_to_the_dossier(
    world: World,
) -> None:
    (physician,) = together(world)
    begin = timezone.now().replace(second=0, microsecond=0)
    book(physician, begin, minutes=5)
    text = page(enter(physician.actor), "today")
    part = text[text.index("Afspraken vandaag") : text.index("Naar de agenda")]
    assert name_of(physician) in part
    assert reverse("dossier", args=[physician.dossier.pk]) in part


def test_the_day_shows_who_comes_what_is_free_and_the_block(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9))
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="open_spreekuur")
    said = words(page(enter(physician.actor), "agenda", dag=DAY))
    assert "10:00 tot 10:30" in said  # nine o'clock UTC is ten in Amsterdam
    assert "Verzuimconsult" in said
    assert "Niet boekbaar" in said
    assert "Open spreekuur" in said
    assert "Vrij" in said


def test_looking_at_a_day_leaves_one_row_that_names_the_dossiers(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9))
    page(enter(physician.actor), "agenda", dag=DAY)
    [row] = log_of(physician.actor, kind="list", purpose="agenda")
    assert row.dossiers == [physician.dossier.pk]


def test_outside_the_medical_side_no_log_row_names_a_medical_section(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    book(physician, at(9))
    page(enter(keeper.actor), "agenda", dag=DAY)
    page(enter(keeper.actor), "appointments", keeper.dossier.pk)
    asked = {ask for row in log_of(keeper.actor) for ask in row.asks}
    assert asked == {"agenda.find", "agenda.read"}


def test_a_week_stands_beside_itself_and_leads_to_the_next(world: World) -> None:
    (physician,) = together(world)
    book(physician, at(9))
    text = page(enter(physician.actor), "agenda", dag=DAY, beeld="week")
    assert "Week 9" in text
    assert text.count('class="kaart agenda__kolom"') == 5
    assert "dag=2027-03-10" in text


def test_the_desk_sees_the_calendars_it_keeps_beside_each_other(world: World) -> None:
    physician, desk = together(world, "secretariaat")
    other = world.case("secretariaat", actor=desk.actor)
    publish(physician.actor, at(13))
    book(physician, at(13.5), kind="pmo")
    text = page(enter(desk.actor), "agenda", dag=DAY)
    for actor in (physician.actor, other.physician):
        assert str(actor.user) in text
    assert "PMO" in words(text)


def test_the_process_side_sees_a_block_and_not_what_is_in_it(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    publish(physician.actor, at(13))
    empty = words(page(enter(keeper.actor), "agenda", dag=DAY, wie=str(physician.actor.engagement.pk)))
    book(physician, at(13.5), kind="open_spreekuur")
    full = words(page(enter(keeper.actor), "agenda", dag=DAY, wie=str(physician.actor.engagement.pk)))
    assert "Niet boekbaar" in empty
    assert empty == full


def test_the_administrator_sees_taken_and_free_without_a_name(world: World) -> None:
    (physician,) = together(world)
    admin = world.engaged("praktijkbeheerder")
    book(physician, at(9))
    publish(physician.actor, at(13))
    said = words(page(enter(admin), "agenda", dag=DAY, wie=str(physician.actor.engagement.pk)))
    assert "Bezet" in said
    assert "Niet boekbaar" in said
    assert name_of(physician) not in said
    assert "Verzuimconsult" not in said
    assert "/afspraken/" not in page(enter(admin), "agenda", dag=DAY)


def test_the_casemanager_sees_when_and_where_and_no_kind(world: World) -> None:
    physician, manager = together(world, "casemanager")
    tomorrow = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    book(physician, tomorrow)
    book(physician, tomorrow + timedelta(hours=1), kind="procesgesprek")
    publish(physician.actor, tomorrow + timedelta(hours=3))
    book(physician, tomorrow + timedelta(hours=3), kind="open_spreekuur")
    for text in (
        page(enter(manager.actor), "agenda"),
        page(enter(manager.actor), "appointments", manager.dossier.pk),
    ):
        assert words(text).count("Telefonisch of beeldbellen") == 1
        for word in ("erzuimconsult, tel", "pen spreekuur", "Gesprek over"):
            assert word not in words(text)
    assert name_of(physician) in page(enter(manager.actor), "agenda")


# -- booking -----------------------------------------------------------------------------------------------------


def form(engagement: Any, **more: str) -> dict[str, str]:
    fields = {
        "kind": "verzuimconsult",
        "engagement": str(engagement.pk),
        "day": DAY,
        "time": "10:00",
        "minutes": "",
        "room": "",
        "form_key": str(uuid4()),
    }
    return fields | more


def test_from_a_free_time_in_the_agenda_to_an_appointment(world: World) -> None:
    physician, desk = together(world, "secretariaat")
    person = Person.objects.using(OWNER).get(pk=desk.dossier.person_id)
    world.change(person, surname="Planmaker", sort_key="")
    client = enter(desk.actor)
    text = page(client, "agenda", dag=DAY)
    free = re.search(r'href="(/agenda/boeken/\?wie=[^"]+om=08%3A00[^"]*)"', text)
    assert free, "no free time is offered"
    found = client.post(free[1], {"q": "Planm"})
    onward = re.search(r'href="(/dossier/[^"]+/afspraken/nieuw/[^"]+)"', unescape(body(found)))
    assert onward
    shown = body(client.get(onward[1]))
    assert 'value="08:00"' in shown
    assert f'value="{DAY}"' in shown
    sent = send(client, reverse("appointment_new", args=[desk.dossier.pk]), form(physician.actor.engagement))
    assert sent.status_code == 302
    assert "10:00 tot 10:30" in page(client, "appointments", desk.dossier.pk)


def test_a_form_sent_twice_makes_one_appointment_and_one_row_of_blocks(world: World) -> None:
    (physician,) = together(world)
    client = enter(physician.actor)
    fields = form(physician.actor.engagement)
    url = reverse("appointment_new", args=[physician.dossier.pk])
    assert [send(client, url, fields).status_code for _ in range(2)] == [302, 302]
    block = {"day": DAY, "time": "14:00", "minutes": "60", "weeks": "3", "room": "", "form_key": str(uuid4())}
    assert [send(client, reverse("block_new"), block).status_code for _ in range(2)] == [302, 302]
    mine = Entry.objects.using(OWNER).filter(engagement=physician.actor.engagement)
    assert [mine.filter(kind=kind).count() for kind in ("verzuimconsult", "blok")] == [1, 3]


def test_the_process_side_is_offered_no_voluntary_kind(world: World) -> None:
    physician, keeper = together(world, "procesbewaker")
    url = reverse("appointment_new", args=[keeper.dossier.pk])
    assert "open_spreekuur" not in body(enter(keeper.actor).get(url))
    assert "open_spreekuur" in body(enter(physician.actor).get(url))
    sent = {
        kind: body(send(enter(keeper.actor), url, form(physician.actor.engagement, kind=kind)))
        for kind in ("open_spreekuur", "kattenkwaad")
    }
    assert all("Kies een soort uit de lijst." in text for text in sent.values())


def test_moving_and_closing_by_the_screen(world: World) -> None:
    (physician,) = together(world)
    client = enter(physician.actor)
    made = book(physician, timezone.now().replace(second=0, microsecond=0) - timedelta(hours=3))
    here = [physician.dossier.pk, made.pk]
    moved = {"day": DAY, "time": "11:00", "minutes": "45", "room": ""}
    assert send(client, reverse("appointment_move", args=here), moved).status_code == 302
    url = reverse("appointment_close", args=here)
    assert "nog niet begonnen" in body(send(client, url, {"outcome": "held", "reason": ""}))
    assert "Kies wie de afspraak afzegt." in body(send(client, url, {"outcome": "cancelled", "reason": ""}))
    assert send(client, url, {"outcome": "cancelled", "reason": "werknemer"}).status_code == 302
    assert "de werknemer heeft afgezegd" in page(client, "appointments", physician.dossier.pk)


def test_a_block_is_withdrawn_by_the_button_beside_it(world: World) -> None:
    (physician,) = together(world)
    client = enter(physician.actor)
    [block] = publish(physician.actor, at(13))
    url = reverse("block_withdraw", args=[block.pk])
    assert url in page(client, "agenda", dag=DAY)
    book(physician, at(13), kind="pmo")
    assert "nog afspraken" in body(client.post(url, follow=True))
    other = together(world)[0]
    assert enter(other.actor).post(url).status_code == 404


# -- the letter and the address outside ---------------------------------------------------------------------------


def test_the_invitation_says_the_same_whatever_it_is_for(world: World) -> None:
    physician, desk = together(world, "secretariaat")
    publish(physician.actor, at(13), minutes=240)
    letters = []
    for kind, begin in (("open_spreekuur", at(13)), ("verzuimconsult", at(9)), ("beroepsziekte", at(15))):
        made = book(desk, begin, kind=kind, minutes=30)
        text = page(enter(desk.actor), "appointment_letter", desk.dossier.pk, made.pk)
        letters.append(re.sub(r"\d\d:\d\d", "--", words(text)))
        assert "<title>Uitnodiging · Tweeluik</title>" in text
    assert letters[0] == letters[1] == letters[2]


def test_the_address_outside_gives_times_and_places_and_nothing_else(world: World) -> None:
    physician, _ = together(world, "secretariaat")
    location = world.make(
        Location,
        practice=world.practice,
        name="Ruysdael, kamer; achter " + "ij" * 27,
        street="Dijk 1",
        postcode="0100 AX",
        city="Soest",
    )
    room = world.make(Room, practice=world.practice, location=location, name="1")
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    book(physician, soon, room=room)
    publish(physician.actor, soon + timedelta(hours=3))
    client = enter(physician.actor)
    text = body(client.post(reverse("feed"), {"doe": "maken"}))
    url = re.search(r'value="http://testserver(/agenda/ical/[\w-]{43}/)"', text)
    assert url
    outside = Client()

    def lines() -> list[str]:
        answer = outside.get(url[1])
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer["Cache-Control"] == "no-store, private"
        return [line for line in body(answer).split("\r\n") if not line.startswith("DTSTAMP")]

    empty = lines()
    book(physician, soon + timedelta(hours=3), kind="open_spreekuur")
    assert lines() == empty
    assert empty.count("SUMMARY:Bezet") == 2
    known = (
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "UID",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "LOCATION",
        "CLASS",
        " ",
        "",
    )
    assert all(line.startswith(known[:-1]) or not line for line in empty)
    assert max(len(line.encode()) for line in empty) <= 75
    assert "LOCATION:Ruysdael\\, kamer\\; achter" in "".join(empty)
    assert url[1].split("/")[-2] not in {feed.token_hash for feed in Feed.objects.using(OWNER).all()}
    assert client.post(reverse("feed"), {"doe": "beeindigen"}).status_code == 302
    assert outside.get(url[1]).status_code == 404


def test_the_address_stops_when_its_owner_stops_working_here(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    with physician.acts() as now:
        token = feeds.make(by=physician.user, capacity=now.capacity)
    assert feeds.read(token) is not None
    world.change(physician.engagement, ends_at=timezone.now())
    assert feeds.read(token) is None


def test_a_new_address_ends_the_former(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    with physician.acts() as now:
        first, second = (feeds.make(by=physician.user, capacity=now.capacity) for _ in range(2))
    assert feeds.read(first) is None
    assert feeds.read(second) is not None


def test_two_addresses_of_one_calendar_cannot_both_work(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    with physician.acts() as now:
        feeds.make(by=physician.user, capacity=now.capacity)
        assert Feed.objects.filter(revoked_at__isnull=True).count() == 1
    with world.engaged("bedrijfsarts").acts():
        assert Feed.objects.count() == 0


# -- the clock -----------------------------------------------------------------------------------------------------


def test_the_night_in_which_the_clock_jumps() -> None:
    with pytest.raises(ValidationError) as refused:
        moments.moment(date(2027, 3, 28), time(2, 30))
    assert "klok" in str(refused.value)
    assert moments.moment(date(2027, 3, 28), time(3, 0)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_the_first() -> None:
    assert moments.moment(date(2027, 10, 31), time(2, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moments.lasting(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 60) == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25)])
def test_a_day_of_another_length_shows_what_is_in_it(world: World, day: str, hours: int) -> None:
    (physician,) = together(world)
    begin = moments.moment(date.fromisoformat(day), time(0, 0))
    book(physician, moments.lasting(begin, 0), minutes=30)
    book(physician, moments.lasting(begin, hours * 60 - 30), minutes=30)
    said = words(page(enter(physician.actor), "agenda", dag=day))
    assert "00:00 tot 00:30" in said
    assert "23:30 tot 00:00" in said


# -- nieuw contact -------------------------------------------------------------------------------------------------


def client_of(world: World, physician: Actor, **person: Any) -> Any:
    """Give a physician an employer, and that employer somebody who has no dossier."""
    from directory.access.models import GroundScope
    from directory.people.models import Employer

    employer = world.make(Employer, practice=world.practice, name=f"Klant {uuid4()}")
    ground = world.ground("client_assignment", "bedrijfsarts", physician)
    world.make(GroundScope, practice=world.practice, ground=ground, employer=employer)
    relation = world.relation(employer=employer)
    row = Person.objects.using(OWNER).get(pk=relation.person_id)
    world.change(row, sort_key="", **person)
    return relation


def test_who_walks_in_is_written_down_at_once(world: World) -> None:
    """DAILY_LIFE: an employee walks into the open spreekuur, and nobody could find him."""
    physician = world.engaged("bedrijfsarts")
    relation = client_of(world, physician, surname="Inlooper", birth_date=date(1991, 2, 3))
    client = enter(physician)
    found = body(client.post(reverse("contact_new"), {"surname": "Inlooper", "birth_date": "1991-02-03"}))
    url = reverse("contact_open", args=[relation.pk])
    assert url in found
    opened = client.post(url)
    assert opened.status_code == 302
    note = {
        "happened_at": moment(),
        "form_key": str(uuid4()),
        "revision": "1",
        "bewaard": "",
        "anamnese": "Kwam vragen naar geluid.",
        "doe": "ondertekenen",
    }
    assert send(client, opened.url, note).status_code == 302
    dossier = Dossier.objects.using(OWNER).get(relation=relation)
    with physician.acts():
        Dossier.objects.open(dossier.pk, "open_spreekuur.read")
        record = MedicalRecord.objects.get(dossier=dossier.pk)
    assert (record.section, record.state, dossier.process_from) == ("open_spreekuur", "signed", None)
    [ground] = Ground.objects.using(OWNER).filter(holder=physician.engagement, kind="self_referral")
    assert ground.purposes == ["open_spreekuur"]


def test_a_second_contact_lays_no_second_ground(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    relation = client_of(world, physician, surname="Tweemaal", birth_date=date(1991, 2, 3))
    client = enter(physician)
    urls = {client.post(reverse("contact_open", args=[relation.pk])).url for _ in range(2)}
    assert len(urls) == 1
    assert Ground.objects.using(OWNER).filter(holder=physician.engagement, kind="self_referral").count() == 1


@pytest.mark.parametrize(
    ("surname", "born"),
    [("Inl", "1990-02-03"), ("Inloper", "1990-02-04"), ("", "1990-02-03"), ("Inloper", "")],
)
def test_a_contact_is_named_in_full_by_name_and_birth_date(world: World, surname: str, born: str) -> None:
    physician = world.engaged("bedrijfsarts")
    client_of(world, physician, surname="Inloper", birth_date=date(1990, 2, 3))
    found = body(enter(physician).post(reverse("contact_new"), {"surname": surname, "birth_date": born}))
    assert "Contact vastleggen" not in found


def test_an_employee_of_somebody_else_s_client_is_not_found(world: World) -> None:
    client_of(world, world.engaged("bedrijfsarts"), surname="Vreemd", birth_date=date(1990, 2, 3))
    fields = {"surname": "Vreemd", "birth_date": "1990-02-03"}
    assert "Niet gevonden" in body(enter(world.engaged("bedrijfsarts")).post(reverse("contact_new"), fields))


def test_the_process_side_meets_no_trace_of_a_contact(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    relation = client_of(world, physician, surname="Spoorloos", birth_date=date(1990, 2, 3))
    keeper = world.engaged("procesbewaker")
    world.secrecy(keeper, "afgeleid_beroepsgeheim")
    world.ground("process_assignment", "procesbewaker", keeper, responsible=physician)
    opened = enter(physician).post(reverse("contact_open", args=[relation.pk]))
    dossier = Dossier.objects.using(OWNER).get(relation=relation)
    assert str(dossier.pk) in opened.url
    client = enter(keeper)
    assert client.get(reverse("dossier", args=[dossier.pk])).status_code == 404
    for name in ("zoeken", "agenda_find"):
        found = client.post(reverse(name), {"q": "Spoorloos"})
        assert "Niets gevonden" in body(found)
        assert str(dossier.pk) not in body(found)
