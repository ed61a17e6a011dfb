"""What a practice chooses where the sources leave it open, where it is, and which days count."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.accounts.models import Invitation, Session, key_hash
from directory.people.models import Practice
from directory.reference import actions, loader
from directory.reference.days import closed_on, working_day
from directory.reference.models import ClosingDays, Holiday, Location, Setting, SettingDefinition
from directory.reference.values import setting, settings_of
from tests.accounts.conftest import enrolled, log_in, session_key, with_password
from tests.domain.test_delegation import plain
from tests.domain.test_pages import enter
from tests.world import OWNER, Actor, World

TODAY = timezone.localdate()
IDLE, MAXIMUM = "idle_minutes_medical", "max_delegates_per_bedrijfsarts"


def definition(code: str) -> SettingDefinition:
    return plain(SettingDefinition.objects.using(OWNER).get(pk=code))


@pytest.fixture
def practice(world: World) -> Practice:
    return world.make(Practice, name="Praktijk met keuzes")


@pytest.fixture
def admin(world: World, practice: Practice) -> Actor:
    return world.engaged("praktijkbeheerder", practice=practice)


@pytest.fixture
def physician(world: World, practice: Practice) -> Actor:
    return world.engaged("bedrijfsarts", practice=practice)


def chooses(admin: Actor, practice: Practice, code: str, value: int | None, **more: Any) -> Setting:
    with admin.acts():
        return actions.choose(
            practice=plain(practice),
            definition=definition(code),
            value=value,
            reason="Zo werken wij.",
            by=plain(admin.user),
            **more,
        )


def asked(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask as the owner, as guards do."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def holds(actor: Actor, practice: Practice, code: str, at: datetime | None = None) -> int | None:
    with actor.acts():
        return setting(practice.pk, code, at)


# -- settings ------------------------------------------------------------------------------------------------


def test_every_setting_says_what_it_means_why_and_where_it_comes_from(world: World) -> None:
    rows = list(SettingDefinition.objects.using(OWNER).order_by("number"))
    assert len(rows) == 11
    for row in rows:
        assert row.meaning, row.code
        assert row.why, row.code
        assert row.source, row.code
        assert row.lowest <= row.highest, row.code
        if row.default_value is None:
            assert row.may_be_empty, row.code
        else:
            assert row.lowest <= row.default_value <= row.highest, row.code


DEFAULTS = {
    "idle_minutes_medical": 15,
    "idle_minutes_other": 60,
    "session_hours": 8,
    "fresh_factor_minutes": 5,
    "invitation_days": 7,
    "register_warning_days_early": 60,
    "register_warning_days_middle": 30,
    "register_warning_days_late": 7,
    "register_recheck_months": 12,
    "max_delegates_per_bedrijfsarts": None,
    "big_only_for_judgement": 0,
}


def test_without_a_choice_the_default_holds(physician: Actor, practice: Practice) -> None:
    with physician.acts():
        assert settings_of(practice.pk) == DEFAULTS
        assert settings_of(None) == DEFAULTS


def test_a_choice_holds_from_its_moment_and_the_earlier_one_stays(admin: Actor, practice: Practice) -> None:
    before = timezone.now()
    chooses(admin, practice, "idle_minutes_other", 20)
    chooses(admin, practice, "idle_minutes_other", 30, starts_at=timezone.now() + timedelta(days=3))
    assert holds(admin, practice, "idle_minutes_other") == 20
    assert holds(admin, practice, "idle_minutes_other", before) == 60
    assert holds(admin, practice, "idle_minutes_other", timezone.now() + timedelta(days=4)) == 30


def test_a_later_choice_for_the_same_moment_wins(admin: Actor, practice: Practice) -> None:
    chooses(admin, practice, "session_hours", 4)
    chooses(admin, practice, "session_hours", 6)
    assert holds(admin, practice, "session_hours") == 6


def test_another_practice_keeps_its_own(world: World, admin: Actor, practice: Practice) -> None:
    chooses(admin, practice, "session_hours", 4)
    stranger = world.engaged("praktijkbeheerder", practice=world.other_practice)
    assert holds(stranger, world.other_practice, "session_hours") == 8
    with stranger.acts():
        assert not Setting.objects.filter(practice=practice.pk).exists()
        assert setting(practice.pk, "session_hours") == 8, "of another practice nobody reads the choice"


@pytest.mark.parametrize(
    ("value", "said"), [(4, "van 5 tot en met 30"), (31, "van 5 tot en met 30"), (None, "altijd")]
)
def test_a_value_outside_its_bounds_is_refused(
    admin: Actor, practice: Practice, value: int | None, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        chooses(admin, practice, IDLE, value)
    assert chooses(admin, practice, IDLE, 5).value == 5
    assert chooses(admin, practice, IDLE, 30).value == 30


def test_the_database_holds_the_bounds_too(admin: Actor, practice: Practice) -> None:
    def insert(value: int | None) -> None:
        with admin.acts():
            Setting.objects.create(
                practice=plain(practice),
                definition_id=IDLE,
                value=value,
                reason="Langs de actie om.",
                starts_at=timezone.now(),
                set_by=plain(admin.user),
            )

    for value in (4, 31, None):
        with pytest.raises(DatabaseError, match="out_of_bounds"):
            insert(value)
    insert(10)
    assert holds(admin, practice, IDLE) == 10


def test_no_choice_is_dated_back_made_for_another_or_rewritten(
    world: World, admin: Actor, practice: Practice
) -> None:
    row = chooses(admin, practice, "session_hours", 4)
    with pytest.raises(DatabaseError):
        chooses(admin, practice, "session_hours", 5, starts_at=timezone.now() - timedelta(days=1))
    other = world.engaged("praktijkbeheerder", practice=practice)
    with pytest.raises(DatabaseError), admin.acts():
        actions.choose(
            practice=plain(practice),
            definition=definition("session_hours"),
            value=3,
            reason="Namens een ander.",
            by=plain(other.user),
        )
    with pytest.raises(DatabaseError), admin.acts():
        Setting.objects.filter(pk=row.pk).update(value=1)
    assert holds(admin, practice, "session_hours") == 4


@pytest.mark.parametrize("role", ["bedrijfsarts", "secretariaat", "fg", "casemanager", "procesbewaker"])
def test_only_the_administrator_chooses(world: World, practice: Practice, role: str) -> None:
    with pytest.raises(DatabaseError):
        chooses(world.engaged(role, practice=practice), practice, "session_hours", 4)


def test_what_touches_care_counts_once_a_bedrijfsarts_accepts_it(
    admin: Actor, physician: Actor, practice: Practice
) -> None:
    row = chooses(admin, practice, MAXIMUM, 3)
    assert holds(physician, practice, MAXIMUM) is None
    with physician.acts():
        actions.accept(setting=Setting.objects.get(pk=row.pk), by=plain(physician.user))
    assert holds(physician, practice, MAXIMUM) == 3
    with pytest.raises(ValidationError, match="al aanvaard"), physician.acts():
        actions.accept(setting=Setting.objects.get(pk=row.pk), by=plain(physician.user))


def test_nobody_else_accepts_it(world: World, admin: Actor, practice: Practice) -> None:
    row = chooses(admin, practice, MAXIMUM, 3)
    for actor in (admin, world.engaged("gedelegeerde", practice=practice)):
        with pytest.raises(DatabaseError), actor.acts():
            actions.accept(setting=Setting.objects.get(pk=row.pk), by=plain(actor.user))
    assert holds(admin, practice, MAXIMUM) is None


def test_an_acceptance_is_not_dated_back(admin: Actor, physician: Actor, practice: Practice) -> None:
    row = chooses(admin, practice, MAXIMUM, 3)
    with pytest.raises(DatabaseError), physician.acts():
        Setting.objects.filter(pk=row.pk).update(
            accepted_at=timezone.now() - timedelta(days=9), accepted_by=physician.user.pk
        )


def test_in_sql_and_in_python_a_setting_is_the_same(world: World, admin: Actor, practice: Practice) -> None:
    chooses(admin, practice, "session_hours", 4)
    chooses(admin, practice, "idle_minutes_other", 20, starts_at=timezone.now() + timedelta(days=3))
    chooses(admin, practice, MAXIMUM, 3)  # waits
    world.sets(practice, "big_only_for_judgement", 1)
    for moment in (world.now - timedelta(days=900), timezone.now(), timezone.now() + timedelta(days=9)):
        with admin.acts():
            chosen = settings_of(practice.pk, at=moment)
        for code, value in chosen.items():
            sql = "SELECT reference_setting_value(%s, %s, %s)"
            assert asked(sql, practice.pk, code, moment) == [(value,)], code


def test_no_hat_and_no_login_calls_the_functions_of_guards(admin: Actor) -> None:
    for call in ("reference_setting_value(NULL, '', now())", "reference_working_day(current_date, 2)"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"SELECT {call}")


# -- what follows from them -------------------------------------------------------------------------------------


def quiet_for(client: Client, minutes: int) -> int:
    row = Session.objects.filter(pk=key_hash(session_key(client)))
    row.update(seen_at=timezone.now() - timedelta(minutes=minutes))
    return client.get(reverse("session_list")).status_code


def test_how_long_a_session_may_be_still_is_the_choice_of_the_practice(
    world: World, admin: Actor, practice: Practice
) -> None:
    chooses(admin, practice, IDLE, 6)
    strict, usual = (
        log_in(Client(), enrolled(with_password(world, world.engaged("bedrijfsarts", practice=where).user)))
        for where in (practice, world.other_practice)
    )
    for client in (strict, usual):
        client.get(reverse("capacity_choose"))
    assert quiet_for(usual, 14) == 200
    assert quiet_for(strict, 5) == 200
    assert quiet_for(strict, 6) == 403


def test_how_long_an_invitation_works_is_the_choice_of_the_practice(
    world: World, admin: Actor, practice: Practice
) -> None:
    chooses(admin, practice, "invitation_days", 2)
    colleague = world.engaged("teamlid", practice=practice)
    enter(admin).post(reverse("accounts_reinvite", args=[colleague.engagement.pk]))
    made = Invitation.objects.using(OWNER).get(user=colleague.user)
    assert made.expires_at - made.made_at == timedelta(days=2)


# -- the pages --------------------------------------------------------------------------------------------------


def test_the_administrator_chooses_on_the_page_and_the_bedrijfsarts_accepts(
    admin: Actor, physician: Actor, practice: Practice
) -> None:
    office, medical = enter(admin), enter(physician)
    number = definition(MAXIMUM).number
    fields = {"value": "4", "starts_on": str(TODAY), "reason": "Meer toezicht lukt niet."}
    answer = office.post(reverse("setting_choose", args=[number]), fields, follow=True)
    assert "telt zodra een bedrijfsarts het aanvaardt" in answer.content.decode()
    assert "Instelling om te aanvaarden" in medical.get(reverse("today")).content.decode()
    page = medical.get(reverse("settings")).content.decode()
    row = Setting.objects.using(OWNER).get(practice=practice)
    assert reverse("setting_accept", args=[row.pk]) in page
    assert "Meer toezicht lukt niet." in page
    assert reverse("setting_accept", args=[row.pk]) not in office.get(reverse("settings")).content.decode()
    medical.post(reverse("setting_accept", args=[row.pk]))
    assert "Instelling om te aanvaarden" not in medical.get(reverse("today")).content.decode()
    assert holds(physician, practice, MAXIMUM) == 4
    assert "4 mensen" in office.get(reverse("settings")).content.decode()


def test_yes_and_no_are_chosen_in_words(admin: Actor, practice: Practice) -> None:
    url = reverse("setting_choose", args=[definition("big_only_for_judgement").number])
    office = enter(admin)
    assert "Kies ja of nee" in office.get(url).content.decode()
    office.post(url, {"value": "1", "starts_on": str(TODAY), "reason": "Zo kiezen wij."})
    assert "Wacht op een bedrijfsarts: ja" in office.get(reverse("settings")).content.decode()


def test_a_form_for_the_past_is_refused(admin: Actor, practice: Practice) -> None:
    fields = {
        "value": "4",
        "starts_on": str(TODAY - timedelta(days=1)),
        "reason": "Met terugwerkende kracht.",
    }
    answer = enter(admin).post(reverse("setting_choose", args=[3]), fields)
    assert answer.status_code == 400
    assert "nooit met terugwerkende kracht" in answer.content.decode()
    assert not Setting.objects.using(OWNER).filter(practice=practice).exists()


def test_a_choice_is_made_once(admin: Actor, practice: Practice) -> None:
    fields = {"value": "4", "starts_on": "2030-01-01", "reason": "Eenmaal.", "form_key": str(practice.pk)}
    for _ in range(2):
        assert enter(admin).post(reverse("setting_choose", args=[3]), fields).status_code == 302
    assert Setting.objects.using(OWNER).filter(practice=practice).count() == 1


def test_everybody_finds_where_the_practice_is_and_when_it_is_closed(
    world: World, admin: Actor, practice: Practice
) -> None:
    place = {"street": "Hoofdweg 1", "postcode": "0100 AA", "city": "Soest", "phone": ""}
    with admin.acts():
        row = actions.add_location(practice=plain(practice), name="Hoofdkantoor", by=admin.user, **place)
        days = actions.close_on(
            practice=plain(practice), name="Studiedag", first_day=TODAY, last_day=TODAY, by=admin.user
        )
    for role in ("casemanager", "gedelegeerde", "fg"):
        page = enter(world.engaged(role, practice=practice)).get(reverse("practice")).content.decode()
        assert "Hoofdweg 1" in page, role
        assert "Studiedag" in page, role
    stranger = enter(world.engaged("bedrijfsarts", practice=world.other_practice))
    assert "Hoofdweg 1" not in stranger.get(reverse("practice")).content.decode()
    with admin.acts():
        actions.change_location(location=row, in_use=False, by=admin.user)
        actions.withdraw(days=days, by=admin.user)
    page = enter(world.engaged("teamlid", practice=practice)).get(reverse("practice")).content.decode()
    assert "Hoofdweg 1" not in page
    assert "Studiedag" not in page


def test_only_the_administrator_keeps_locations_and_days(world: World, practice: Practice) -> None:
    desk = world.engaged("secretariaat", practice=practice)
    with pytest.raises(DatabaseError), desk.acts():
        Location.objects.create(practice=plain(practice), name="A", street="B", postcode="C", city="D")
    with pytest.raises(DatabaseError), desk.acts():
        ClosingDays.objects.create(practice=plain(practice), name="A", first_day=TODAY, last_day=TODAY)


def test_two_locations_have_two_names_and_closing_ends_after_it_begins(
    admin: Actor, practice: Practice
) -> None:
    place = {"street": "Hoofdweg 1", "postcode": "0100 AA", "city": "Soest", "by": admin.user}
    with admin.acts():
        actions.add_location(practice=plain(practice), name="Hier", **place)
    with pytest.raises(ValidationError, match="al een vestiging"), admin.acts():
        actions.add_location(practice=plain(practice), name="Hier", **place)
    with pytest.raises(ValidationError, match="vóór de eerste"), admin.acts():
        actions.close_on(
            practice=plain(practice),
            name="Andersom",
            first_day=TODAY,
            last_day=TODAY - timedelta(days=1),
            by=admin.user,
        )


# -- days -------------------------------------------------------------------------------------------------------


def easter(year: int) -> date:
    """Compute Easter by another way than the one that made the file (Gauss)."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    return date(year, 3, 22) + timedelta(days=d + e)


@pytest.mark.parametrize("year", range(2024, 2033))
def test_the_holidays_are_those_of_the_law(year: int) -> None:
    with (Path(loader.__file__).parent / "data" / "holidays.csv").open(encoding="utf-8") as file:
        found = {
            date.fromisoformat(row["day"]): row["name"]
            for row in csv.DictReader(file)
            if row["day"].startswith(str(year))
        }
    king = date(year, 4, 27)
    assert found == {
        date(year, 1, 1): "Nieuwjaarsdag",
        easter(year) - timedelta(days=2): "Goede Vrijdag",
        easter(year) + timedelta(days=1): "Tweede paasdag",
        king - timedelta(days=1) if king.isoweekday() == 7 else king: "Koningsdag",
        date(year, 5, 5): "Bevrijdingsdag",
        easter(year) + timedelta(days=39): "Hemelvaartsdag",
        easter(year) + timedelta(days=50): "Tweede pinksterdag",
        date(year, 12, 25): "Eerste kerstdag",
        date(year, 12, 26): "Tweede kerstdag",
    }


@pytest.mark.parametrize(
    ("first", "days", "then"),
    [
        ("2026-11-26", 2, "2026-11-30"),  # Thursday: Friday, then Monday
        ("2026-11-27", 2, "2026-12-01"),  # Friday: Monday and Tuesday
        ("2026-11-28", 2, "2026-12-01"),  # Saturday: the same
        ("2026-04-02", 2, "2026-04-08"),  # Maundy Thursday: Good Friday and Easter Monday do not count
        ("2026-12-24", 1, "2026-12-28"),  # Christmas, and a weekend
        ("2026-12-31", 1, "2027-01-04"),
        ("2025-04-24", 1, "2025-04-25"),
        ("2025-04-25", 1, "2025-04-28"),  # the King's day is a Saturday that year
        ("2026-05-04", 1, "2026-05-06"),
        ("2026-11-30", 5, "2026-12-07"),
    ],
)
def test_a_term_in_working_days(admin: Actor, first: str, days: int, then: str) -> None:
    with admin.acts():
        assert working_day(date.fromisoformat(first), days) == date.fromisoformat(then)


def test_a_term_has_at_least_one_day(admin: Actor) -> None:
    with pytest.raises(ValueError, match="at least one"), admin.acts():
        working_day(TODAY, 0)


def test_in_sql_and_in_python_a_term_is_the_same(admin: Actor) -> None:
    sql = (
        "SELECT d::date, n, reference_working_day(d::date, n) FROM generate_series(date '2024-03-01', "
        "date '2024-06-01', interval '1 day') d, generate_series(1, 12) n"
    )
    rows = asked(sql)
    assert len(rows) > 1000
    with admin.acts():
        assert [row for row in rows if working_day(row[0], row[1]) != row[2]] == []


def test_closing_does_not_stretch_a_term_and_is_known_when_planning(admin: Actor, practice: Practice) -> None:
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    with admin.acts():
        actions.close_on(
            practice=plain(practice), name="Verhuizing", first_day=monday, last_day=monday, by=admin.user
        )
        assert working_day(date(2026, 11, 27), 2) == tuesday
        assert closed_on(practice.pk, monday) == "Verhuizing"
        assert closed_on(practice.pk, tuesday) == ""
        assert closed_on(practice.pk, date(2026, 11, 29)) == "Weekend"
        assert closed_on(practice.pk, date(2026, 12, 25)) == "Eerste kerstdag"


def test_nobody_writes_a_holiday(admin: Actor) -> None:
    with pytest.raises(DatabaseError), admin.acts():
        Holiday.objects.create(day=date(2026, 12, 5), name="Sinterklaas", source="", certainty="U")
