"""The directory: what a profession says, what a person is checked for, and who keeps it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.urls import get_resolver, reverse
from django.utils import timezone

from directory.people import actions as people
from directory.people.models import Practice
from directory.professions import actions, endings, loader, rules
from directory.professions.models import ExternalProfessional, ExternalRegistration, Flag, Profession
from tests.domain.test_delegation import plain
from tests.domain.test_pages import enter
from tests.world import OWNER, Actor, World

DATA = Path(loader.__file__).parent / "data"
TODAY = timezone.localdate()


def profession(key: str) -> Profession:
    return plain(Profession.objects.using(OWNER).get(pk=key))


@pytest.fixture
def practice(world: World) -> Practice:
    return world.make(Practice, name="Praktijk met een gids")


@pytest.fixture
def desk(world: World, practice: Practice) -> Actor:
    return world.engaged("secretariaat", practice=practice)


def page(actor: Actor, name: str, *args: Any, **query: str) -> str:
    answer = enter(actor).get(reverse(name, args=args, query=query or None))
    assert answer.status_code == 200
    return answer.content.decode()


# -- professions ----------------------------------------------------------------------------------------------


def test_there_are_36_and_each_says_everything_or_that_the_sources_are_silent(world: World) -> None:
    rows = list(Profession.objects.using(OWNER).order_by("number"))
    assert [row.number for row in rows] == list(range(1, 37))
    for row in rows:
        assert row.tasks, row.key
        assert row.file_access, row.key
        assert row.source, row.key
        assert {row.big, row.title, row.discipline, row.secrecy} <= set(Flag.values)


def test_every_register_belongs_to_a_profession() -> None:
    with (DATA / "professions.csv").open(encoding="utf-8") as file:
        keys = {row["key"] for row in csv.DictReader(file)}
    with (DATA / "registers.csv").open(encoding="utf-8") as file:
        assert {row["profession"] for row in csv.DictReader(file)} <= keys


# Written by hand from the sources: BIG, protected title, disciplinary law, secrecy.
FLAGS = {
    "bedrijfsarts": ("yes", "yes", "yes", "yes"),
    "bedrijfsfysiotherapeut": ("yes", "no", "yes", "yes"),
    "fysiotherapeut": ("yes", "yes", "yes", "yes"),
    "ergotherapeut": ("no", "yes", "no", "unknown"),
    "pob": ("partly", "no", "no", "partly"),
    "sociaal_medisch_verpleegkundige_uwv": ("yes", "partly", "yes", "yes"),
    "bedrijfsmaatschappelijk_werker": ("no", "no", "no", "unknown"),
    "coach": ("no", "no", "no", "unknown"),
    "psycholoog": ("no", "no", "unknown", "unknown"),
    "gz_psycholoog": ("yes", "yes", "yes", "yes"),
    "huisarts": ("yes", "unknown", "yes", "yes"),
}


@pytest.mark.parametrize(("key", "flags"), FLAGS.items())
def test_the_legal_flags_stand_apart(world: World, key: str, flags: tuple[str, ...]) -> None:
    row = profession(key)
    assert (row.big, row.title, row.discipline, row.secrecy) == flags


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("bedrijfsarts", "possible"),
        ("huisarts", "possible"),
        ("fysiotherapeut", "possible"),
        ("pob", "by_person"),
        ("poh_s", "by_person"),
        ("poh_ggz", "by_person"),
        ("psycholoog", "by_person"),
        ("bedrijfsmaatschappelijk_werker", "not_by_default"),
        ("ergotherapeut", "not_by_default"),
        ("casemanager", "not_by_default"),
        ("arbeidsdeskundige_uwv", "not_by_default"),
        ("reintegratiebegeleider_uwv", "not_by_default"),
        ("arbo_arts_term", "not_by_default"),
    ],
)
def test_what_may_be_exchanged_in_principle(world: World, key: str, code: str) -> None:
    assert rules.exchange(profession(key)).code == code


PERSONS = [
    ("poh_s", "ok", "possible"),
    ("poh_s", "wacht", "check_first"),
    ("poh_s", "neutraal", "not_by_default"),
    ("huisarts", "ok", "possible"),
    ("huisarts", "fout", "not_by_default"),
    ("huisarts", "neutraal", "not_by_default"),
    ("bedrijfsmaatschappelijk_werker", "ok", "not_by_default"),
    ("coach", "neutraal", "not_by_default"),
]


@pytest.mark.parametrize(("key", "tone", "code"), PERSONS)
def test_of_a_person_his_own_entry_in_the_register_counts(
    world: World, key: str, tone: str, code: str
) -> None:
    assert rules.exchange_with(profession(key), rules.State(tone, "")).code == code


@pytest.mark.parametrize("key", ["huisarts", "physician_assistant", "verpleegkundig_specialist_eerstelijn"])
def test_zorgdomein_is_offered_to_a_bedrijfsarts_only(world: World, key: str) -> None:
    assert rules.routes(profession(key), asked_by="bedrijfsarts") == [rules.BY_EMPLOYEE, rules.BY_ZORGDOMEIN]
    assert rules.routes(profession(key), asked_by="gedelegeerde") == [rules.BY_EMPLOYEE]


@pytest.mark.parametrize("key", ["poh_s", "poh_ggz", "pvh", "medisch_specialist"])
def test_others_are_reached_by_way_of_the_employee_alone(world: World, key: str) -> None:
    assert rules.routes(profession(key), asked_by="bedrijfsarts") == [rules.BY_EMPLOYEE]


def test_where_sources_differ_both_stand_on_the_page(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    text = page(physician, "profession", profession("bedrijfsmaatschappelijk_werker").number)
    assert "hbo in het overzicht, mbo of hbo in Wie doet wat" in text
    assert "Waar de bronnen verschillen" in text


def test_a_page_says_what_the_sources_are_silent_about(world: World) -> None:
    text = page(world.engaged("bedrijfsarts"), "profession", profession("huisarts").number)
    assert "de bronnen zwijgen" in text
    assert "Via ZorgDomein" in text


def test_an_old_name_leads_to_the_profession(world: World, desk: Actor) -> None:
    text = enter(desk).post(reverse("professionals"), {"q": "verzuimverpleegkundige"}).content.decode()
    assert reverse("profession", args=[profession("arboverpleegkundige").number]) in text
    assert reverse("profession", args=[profession("coach").number]) not in text


def test_the_list_narrows_to_who_works_under_an_insurance_physician(world: World, desk: Actor) -> None:
    text = page(desk, "professionals", onder="verzekeringsarts")
    assert "sociaal-medisch verpleegkundige UWV" in text
    assert reverse("profession", args=[profession("huisarts").number]) not in text


# -- professionals of other organisations ------------------------------------------------------------------------


def add(desk: Actor, practice: Practice, **more: Any) -> ExternalProfessional:
    values = {"surname": "Grinten", "organisation": "Praktijk Dorp", "profession": profession("huisarts")}
    with desk.acts():
        return actions.add_professional(practice=plain(practice), by=plain(desk.user), **values | more)


def looked(desk: Actor, row: ExternalProfessional, **more: Any) -> ExternalRegistration:
    values = {"register": "big_arts", "number": "19012345601", "checked_on": TODAY, "result": "registered"}
    with desk.acts():
        return actions.add_registration(professional=plain(row), by=plain(desk.user), **values | more)


def test_the_desk_adds_a_professional_and_everybody_with_the_cell_finds_him(
    world: World, practice: Practice, desk: Actor
) -> None:
    row = add(desk, practice, surname="Vlek", prefix="van der")
    for role in ("bedrijfsarts", "gedelegeerde", "procesbewaker", "fg"):
        reader = world.engaged(role, practice=practice)
        answer = enter(reader).post(reverse("professionals"), {"q": "vlek"})
        assert reverse("professional", args=[row.pk]) in answer.content.decode(), role


@pytest.mark.parametrize("role", ["casemanager", "overig_a", "dossierbewaarder"])
def test_who_has_no_cell_reads_no_row(world: World, practice: Practice, desk: Actor, role: str) -> None:
    add(desk, practice)
    other = world.engaged(role, practice=practice)
    if (
        role == "casemanager"
    ):  # his hat has no privilege at all; the others' has, and the policy gives them no row
        with pytest.raises(DatabaseError, match="permission denied"), other.acts():
            ExternalProfessional.objects.count()
    else:
        with other.acts():
            assert ExternalProfessional.objects.count() == 0


def test_another_practice_knows_nobody_of_it(world: World, practice: Practice, desk: Actor) -> None:
    row = add(desk, practice)
    stranger = world.engaged("secretariaat", practice=world.other_practice)
    with stranger.acts():
        assert not ExternalProfessional.objects.filter(pk=row.pk).exists()
    with desk.acts():
        assert ExternalProfessional.objects.filter(pk=row.pk).exists()


def test_a_physician_reads_and_does_not_write(world: World, practice: Practice) -> None:
    physician = world.engaged("bedrijfsarts", practice=practice)
    with pytest.raises(DatabaseError), physician.acts():
        actions.add_professional(
            practice=plain(practice),
            surname="Nee",
            organisation="Nergens",
            profession=profession("huisarts"),
            by=plain(physician.user),
        )


@pytest.mark.parametrize("title", ["arbo-arts", "Arbo arts", "arboarts"])
def test_the_refused_title_is_answered_with_what_to_choose(
    practice: Practice, desk: Actor, title: str
) -> None:
    with pytest.raises(ValidationError, match="ANIOS of AIOS"):
        add(desk, practice, title=title)
    with pytest.raises(ValidationError, match="ANIOS of AIOS"):
        add(desk, practice, profession=profession("arbo_arts_term"))


def test_the_next_check_follows_the_setting_and_never_passes_the_end(
    world: World, practice: Practice, desk: Actor
) -> None:
    row = add(desk, practice)
    assert looked(desk, row).recheck_on == actions.months_after(TODAY, 12)
    world.sets(practice, "register_recheck_months", 6)
    other = add(desk, practice, surname="Later")
    assert looked(desk, other).recheck_on == actions.months_after(TODAY, 6)
    third = add(desk, practice, surname="Kort")
    soon = TODAY + timedelta(days=10)
    assert looked(desk, third, ends_on=soon).recheck_on == soon


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 28), 12, date(2027, 11, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
    ],
)
def test_a_month_later_is_a_day_that_exists(day: date, months: int, then: date) -> None:
    assert actions.months_after(day, months) == then


def test_big_is_said_of_the_person_and_not_of_the_profession(practice: Practice, desk: Actor) -> None:
    """Of two people with one profession the one with an entry counts, the other does not."""
    with_entry = add(desk, practice, surname="Wel", profession=profession("poh_s"))
    without = add(desk, practice, surname="Niet", profession=profession("poh_s"))
    looked(desk, with_entry, register="big_verpleegkundige")
    assert "BIG nagekeken op" in page(desk, "professional", with_entry.pk)
    text = page(desk, "professional", without.pk)
    assert "BIG nagekeken op" not in text
    assert "Niet als BIG-geregistreerd bekend" in text


STATES = [
    ({}, "ok"),
    ({"result": "restricted"}, "wacht"),
    ({"recheck_on": TODAY}, "wacht"),
    ({"recheck_on": TODAY + timedelta(days=1)}, "ok"),
    ({"ends_on": TODAY}, "fout"),
    ({"ends_on": TODAY + timedelta(days=1)}, "ok"),
    ({"result": "ended"}, "fout"),
    ({"result": "not_found"}, "fout"),
    ({"register": "rsc"}, "neutraal"),
]


@pytest.mark.parametrize(("values", "tone"), STATES)
def test_how_a_big_check_stands(world: World, practice: Practice, values: dict[str, Any], tone: str) -> None:
    row = world.external(practice, **values)
    assert rules.big_of([row], TODAY).tone == tone


def test_a_register_that_is_due_is_said_in_the_list_and_on_the_page(
    world: World, practice: Practice, desk: Actor
) -> None:
    fresh, late = world.external(practice), world.external(practice, recheck_on=TODAY)
    text = page(desk, "professionals", nakijken="1")
    assert reverse("professional", args=[late.professional_id]) in text
    assert reverse("professional", args=[fresh.professional_id]) not in text
    assert "Opnieuw nakijken" in page(desk, "professional", late.professional_id)
    with desk.acts():
        actions.record_check(
            registration=plain(late), checked_on=TODAY, result="registered", by=plain(desk.user)
        )
    assert reverse("professional", args=[late.professional_id]) not in page(
        desk, "professionals", nakijken="1"
    )


def test_a_check_in_the_future_is_refused(practice: Practice, desk: Actor) -> None:
    row = add(desk, practice)
    with pytest.raises(ValidationError, match="moet nog komen"):
        looked(desk, row, checked_on=TODAY + timedelta(days=1))


def test_a_big_number_is_eleven_digits_and_an_entry_stands_once(practice: Practice, desk: Actor) -> None:
    row = add(desk, practice)
    with pytest.raises(ValidationError, match="elf cijfers"):
        looked(desk, row, number="123")
    looked(desk, row)
    with pytest.raises(ValidationError, match="staat er al"):
        looked(desk, row)


def test_who_left_is_no_longer_in_the_list_and_stays_readable(practice: Practice, desk: Actor) -> None:
    row = add(desk, practice)
    with desk.acts():
        actions.change_professional(professional=row, in_use=False, by=plain(desk.user))
    assert reverse("professional", args=[row.pk]) not in page(desk, "professionals")
    assert "niet meer in gebruik" in page(desk, "professional", row.pk)


def test_a_new_name_is_filed_anew(practice: Practice, desk: Actor) -> None:
    row = add(desk, practice)
    with desk.acts():
        actions.change_professional(professional=row, surname="Zilver", by=plain(desk.user))
    assert ExternalProfessional.objects.using(OWNER).get(pk=row.pk).sort_key == "zilver"


def test_every_check_stays_in_the_history(world: World, practice: Practice, desk: Actor) -> None:
    row, admin = looked(desk, add(desk, practice)), world.engaged("praktijkbeheerder", practice=practice)
    with desk.acts():
        actions.record_check(registration=row, checked_on=TODAY, result="ended", by=plain(desk.user))
    with admin.acts():  # the desk reads no history
        kept = ExternalRegistration.history.filter(id=row.pk).order_by("history_id")
        assert list(kept.values_list("result", "history_user")) == [
            ("registered", desk.user.pk),
            ("ended", desk.user.pk),
        ]


def test_no_page_of_the_directory_leads_to_a_dossier(world: World) -> None:
    """Also somebody with a dossier full of work finds no way from here to it (who treats whom is a secret)."""
    case = world.case("bedrijfsarts")
    row = world.external(case.dossier.practice)
    client = enter(case.actor)
    for url in (reverse("professionals"), reverse("professional", args=[row.professional_id])):
        text = client.get(url).content.decode()
        assert "/dossier/" not in text.replace(reverse("zoeken"), "")
        assert str(case.dossier.pk) not in text
    fields = {field.name for field in ExternalProfessional._meta.get_fields()}
    assert fields & {"remark", "note", "person", "relation", "dossier", "opmerking"} == set()


def test_no_address_of_the_directory_names_a_profession(world: World) -> None:
    routes = [str(each.pattern) for each in get_resolver("directory.professions.urls").url_patterns]
    assert [route for route in routes if "<str" in route or "<slug" in route] == []


# -- colleagues --------------------------------------------------------------------------------------------------


def ends(world: World, practice: Practice, days: int) -> Actor:
    """Engage a nurse whose registration ends in so many days; it was looked at today."""
    colleague = world.engaged("teamlid", practice=practice)
    row = world.registered(colleague.user, "big_verpleegkundige", TODAY + timedelta(days=days))
    world.change(row, checked_at=timezone.now(), check_result="ingeschreven")
    return colleague


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (61, None),
        (60, "early"),
        (31, "early"),
        (30, "middle"),
        (8, "middle"),
        (7, "late"),
        (1, "late"),
        (0, "ended"),
    ],
)
def test_the_end_of_a_registration_is_told_in_time(
    world: World, practice: Practice, days: int, stage: str | None
) -> None:
    colleague = ends(world, practice, days)
    with colleague.acts():
        found = endings.endings(practice.pk, [colleague.user.pk])
    assert [each.stage for each in found] == ([stage] if stage else [])


def test_when_it_is_told_is_a_setting(world: World, practice: Practice) -> None:
    colleague = ends(world, practice, 80)
    with colleague.acts():
        assert endings.endings(practice.pk, [colleague.user.pk]) == []
    world.sets(practice, "register_warning_days_early", 90)
    with colleague.acts():
        assert [each.stage for each in endings.endings(practice.pk, [colleague.user.pk])] == ["early"]


def test_it_stands_on_vandaag_of_the_person_and_with_the_administrator(
    world: World, practice: Practice
) -> None:
    colleague, admin = ends(world, practice, 20), world.engaged("praktijkbeheerder", practice=practice)
    assert "eindigt over 20 dagen" in page(colleague, "today")
    assert "eindigt over 20 dagen" in page(admin, "accounts_list")
    other = world.engaged("teamlid", practice=practice)
    assert "eindigt over" not in page(other, "today")


def test_renewing_ends_the_warning(world: World, practice: Practice, desk: Actor) -> None:
    colleague = ends(world, practice, 5)
    row = colleague.user.professional.registrations.using(OWNER).get()
    answer = enter(desk).post(
        reverse("colleague_registration_check", args=[row.pk]),
        {"checked_on": str(TODAY), "result": "registered", "ends_on": "2031-01-01"},
    )
    assert answer.status_code == 302
    with colleague.acts():
        assert endings.endings(practice.pk, [colleague.user.pk]) == []


def test_what_a_register_does_not_hold_ends_on_the_day_of_looking(
    world: World, practice: Practice, desk: Actor
) -> None:
    colleague = ends(world, practice, 300)
    row = colleague.user.professional.registrations.using(OWNER).get()
    enter(desk).post(
        reverse("colleague_registration_check", args=[row.pk]),
        {"checked_on": str(TODAY), "result": "ended", "ends_on": ""},
    )
    assert type(row).objects.using(OWNER).get(pk=row.pk).ends_on == TODAY


def test_a_registration_that_was_not_looked_at_for_a_year_asks_for_it_and_stops_nothing(
    world: World,
) -> None:
    case = world.case("bedrijfsarts")
    for row in case.actor.user.professional.registrations.using(OWNER).all():
        world.change(row, checked_at=timezone.now() - timedelta(days=800), check_result="ingeschreven")
    with case.actor.acts():
        found = endings.endings(case.dossier.practice_id, [case.actor.user.pk])
    assert [each.stage for each in found] == ["recheck", "recheck"]
    assert enter(case.actor).get(reverse("dossier", args=[case.dossier.pk])).status_code == 200


def test_the_desk_records_profession_and_registration_of_a_newcomer(
    world: World, practice: Practice, desk: Actor
) -> None:
    newcomer = world.engaged("teamlid", practice=practice)
    client = enter(desk)
    made = client.post(
        reverse("colleague_add", args=[newcomer.engagement.pk]),
        {"profession": "arboverpleegkundige", "title": "", "phone": ""},
    )
    there = made["Location"]
    fields = {"register": "big_verpleegkundige", "number": "39012345601", "starts_on": "2020-01-01"}
    fields |= {"checked_on": str(TODAY), "result": "registered", "ends_on": ""}
    for _ in range(2):  # a double click
        assert client.post(f"{there}inschrijving/", fields)["Location"] == there
    assert "39012345601" in client.get(there).content.decode()
    assert newcomer.user.professional.registrations.using(OWNER).count() == 1


def test_people_of_one_practice_are_kept_by_that_practice(world: World, practice: Practice) -> None:
    """The desk of another practice cannot record a registration of somebody who does not work there."""
    colleague = world.engaged("arts_onder_supervisie", practice=practice)
    stranger = world.engaged("secretariaat", practice=world.other_practice)
    professional = plain(colleague.user.professional)
    with pytest.raises((DatabaseError, ValidationError)), stranger.acts():
        people.add_registration(
            professional=professional,
            register="rnvc",
            number="1",
            starts_on=date(2020, 1, 1),
            by=plain(stranger.user),
        )
    assert enter(stranger).get(reverse("colleague", args=[professional.pk])).status_code == 404
