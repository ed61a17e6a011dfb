"""The ground under every right: it begins when it was signed, is shortened and never stretched, and nobody lays one for
himself on what is another's.

Source: Leidraad casemanagement (2019) bijlage 5, opdracht; §3.1; §3.4 B-II; BW 7:457 lid 2.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from delegation.assignments import actions as assignments
from delegation.contracts import actions as contracts
from directory.access import ground as grounds
from directory.access.models import GROUND_ROLES, Ground, GroundScope, Suspension
from directory.people.models import Relation
from dossier.grid import PURPOSES
from dossier.models import Dossier, DossierGrant, Share
from tests.domain.test_delegation import (
    READ,
    WRITE,
    Office,
    again,
    answer,
    could_have_written,
    database_refuses,
    days,
    fact,
    let_in,
    office,
    plain,
    sql,
)
from tests.domain.test_delegation_cover import deputises
from tests.domain.test_records_tools import minutes_ago, note
from tests.world import KINDS, OWNER, Actor, Case, World

__all__ = ["office"]

STAFF = (
    "bedrijfsarts",
    "arts_onder_supervisie",
    "gedelegeerde",
    "teamlid",
    "second_opinionarts",
    "dossierbewaarder",
    "signaleerder",
    "procesbewaker",
    "overig_a",
    "casemanager",
    "overig_b",
    "secretariaat",
    "praktijkbeheerder",
    "fg",
)


def row(kind: str, holder: Actor, by: Actor, responsible: Actor | None = None, **more: Any) -> Ground:
    """A ground as somebody could write it past every action; today, unless something else is said."""
    now = timezone.now()
    said: dict[str, Any] = {
        "role": GROUND_ROLES[kind][0],
        "purposes": [p for p in PURPOSES if kind != "self_referral" or p != "begeleiding"],
        "signed_at": now,
        "starts_at": now,
    }
    return Ground(
        practice_id=holder.engagement.practice_id,
        kind=kind,
        holder=holder.engagement,
        responsible=responsible.engagement if responsible else None,
        given_by=by.user,
        **said | more,
    )


def lays(ground: Ground, *relations: Relation) -> Ground:
    """Write a ground with its scope, and have its grants compiled; whoever acts."""
    ground.save(force_insert=True)
    for relation in relations:
        GroundScope(practice_id=ground.practice_id, ground=ground, relation=relation).save(force_insert=True)
    grounds.recompile(ground)
    return ground


# --- its period -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", [timedelta(seconds=1), timedelta(days=400)])
def test_a_ground_never_begins_before_it_was_signed(office: Office, earlier: timedelta) -> None:
    physician = office.physician
    with database_refuses("ground_not_before_signed"), physician.acts():
        now = timezone.now()
        ground = row("client_assignment", physician, physician, starts_at=now - earlier, signed_at=now)
        ground.save(force_insert=True)
    with physician.acts():
        row("client_assignment", physician, physician).save(force_insert=True)


def test_nor_does_it_end_before_it_begins(office: Office) -> None:
    with database_refuses("ground_ends_after_start"), office.physician.acts():
        row("client_assignment", office.physician, office.physician, ends_at=days(-1)).save(force_insert=True)


def _ends(ground: UUID, at: str) -> int:
    return sql(f"UPDATE access_ground SET ends_at = {at}, ended_reason = 'x' WHERE id = %s", ground)


@pytest.mark.parametrize("at", ["NULL", "ends_at + interval '1 day'", "ends_at + interval '1 second'"])
def test_a_ground_is_never_stretched(office: Office, at: str) -> None:
    at_work = office.delegates()
    with database_refuses("access_ground_only_shortens"), office.physician.acts():
        _ends(at_work.contract.ground_id, at)
    with office.physician.acts():
        assert _ends(at_work.contract.ground_id, "ends_at - interval '1 day'") == 1


@pytest.mark.parametrize("back", ["now() - interval '1 day'", "now() - interval '5 minutes'"])
def test_nor_ended_in_the_past(office: Office, back: str) -> None:
    at_work = office.delegates()
    with database_refuses("access_ground_only_shortens"), office.physician.acts():
        _ends(at_work.contract.ground_id, back)


@pytest.mark.parametrize("at", ["NULL", "now() + interval '1 day'", "now()"])
def test_what_is_over_stays_over(office: Office, at: str) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        contracts.end(by=office.physician.user, contract=again(at_work.contract), reason="Vertrekt.")
    with database_refuses("access_ground_only_shortens"), office.physician.acts():
        _ends(at_work.contract.ground_id, at)
    assert answer(at_work.delegate, at_work.dossier, READ) == "not found"


@pytest.mark.parametrize(
    "change",
    [
        "starts_at = starts_at - interval '1 year'",
        "signed_at = signed_at - interval '1 year'",
        "recorded_at = recorded_at - interval '1 year'",
        "role = 'bedrijfsarts'",
        "kind = 'transfer'",
        "holder_id = responsible_id",
        "responsible_id = NULL",
        "purposes = '{pmo}'",
        "given_by_id = given_by_id",
    ],
)
def test_nothing_else_of_a_ground_ever_changes(office: Office, change: str) -> None:
    at_work = office.delegates()
    for somebody in (office.physician, office.admin):
        with database_refuses("permission denied"), somebody.acts():
            sql(f"UPDATE access_ground SET {change} WHERE id = %s", at_work.contract.ground_id)


def test_nor_is_it_its_scope_or_its_suspension_thrown_away(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        contracts.suspend(by=office.physician.user, contract=again(at_work.contract), reason="x")
    for table, column in (
        ("access_ground", "id"),
        ("access_groundscope", "ground_id"),
        ("access_suspension", "ground_id"),
    ):
        with database_refuses("permission denied"), office.physician.acts():
            sql(f"DELETE FROM {table} WHERE {column} = %s", at_work.contract.ground_id)


def test_a_ground_ended_later_works_until_then(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        ground = Ground.objects.get(pk=at_work.contract.ground_id)
        grounds.end(ground, by=office.physician.user, reason="Vertrekt.", at=days(3))
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"


# --- suspensions are periods ------------------------------------------------------------------------------------


def test_a_suspension_in_the_past_is_asked_about_the_past(office: Office) -> None:
    at_work = office.delegates()
    times = [timezone.now()]
    for act in ("suspend", "resume", "suspend", "resume"):
        with office.physician.acts():
            words = {"reason": "Overleg."} if act == "suspend" else {}
            getattr(contracts, act)(by=office.physician.user, contract=again(at_work.contract), **words)
        times.append(timezone.now())
    assert [could_have_written(at_work.delegate, at_work.dossier, at) for at in times] == [
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("period", "constraint"),
    [
        ({"ends_at": "before"}, "suspension_ends_after_start"),
        ({"reason": ""}, "suspension_has_reason"),
    ],
)
def test_a_suspension_has_a_reason_and_an_end_after_its_begin(
    office: Office, period: dict[str, Any], constraint: str
) -> None:
    at_work = office.delegates()
    if "ends_at" in period:
        period = {"ends_at": days(-1)}
    with database_refuses(constraint), office.physician.acts():
        Suspension(
            practice=office.practice,
            ground_id=at_work.contract.ground_id,
            by=office.physician.user,
            **{"starts_at": timezone.now(), "reason": "x"} | period,
        ).save(force_insert=True)


def test_nobody_suspends_in_the_name_of_another(office: Office) -> None:
    at_work = office.delegates()
    with database_refuses(), office.physician.acts():
        Suspension(
            practice=office.practice,
            ground_id=at_work.contract.ground_id,
            by=office.admin.user,
            starts_at=timezone.now(),
            reason="x",
        ).save(force_insert=True)


def test_a_suspension_is_lifted_and_never_rewritten(office: Office) -> None:
    at_work = office.delegates()
    with office.physician.acts():
        contracts.suspend(by=office.physician.user, contract=again(at_work.contract), reason="x")
    for change in ("starts_at = now()", "reason = 'anders'", "by_id = by_id"):
        with database_refuses("permission denied"), office.physician.acts():
            sql(f"UPDATE access_suspension SET {change} WHERE ground_id = %s", at_work.contract.ground_id)


def test_nor_lifted_for_a_moment_that_has_passed(office: Office) -> None:
    """Else what happened while it stood still could be recorded after all."""
    case = office.world.case("gedelegeerde")
    now = timezone.now()
    suspension = office.world.suspend(case.ground, starts_at=now - timedelta(hours=2))
    with case.physician.acts():
        lift = "UPDATE access_suspension SET ends_at = starts_at WHERE id = %s"
        if let_in(partial(sql, lift, suspension.pk)):
            sql(lift, suspension.pk)
    during = now - timedelta(hours=1)
    assert not could_have_written(case.actor, case.dossier.pk, during)
    with case.physician.acts():
        assert sql("UPDATE access_suspension SET ends_at = now() WHERE id = %s", suspension.pk) == 1
    assert could_have_written(case.actor, case.dossier.pk, timezone.now())


# --- what a ground of a kind gives ------------------------------------------------------------------------------

WRONG = [
    (kind, role)
    for kind, roles in GROUND_ROLES.items()
    for role in ("bedrijfsarts", "waarnemer", "gedelegeerde", "casemanager")
    if role not in roles
]


@pytest.mark.parametrize(("kind", "role"), WRONG)
def test_a_ground_gives_the_roles_of_its_kind_and_no_other(world: World, kind: str, role: str) -> None:
    """Whoever writes it, the owner of the tables included."""
    somebody = world.engaged("bedrijfsarts")
    with pytest.raises(Exception, match="ground_kind_gives_role"):
        world.ground(kind, role, somebody)
    world.ground(kind, GROUND_ROLES[kind][0], somebody)


def test_who_came_himself_gives_a_purpose_and_never_the_whole_dossier(office: Office) -> None:
    dossier, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    with other.acts():
        lays(row("self_referral", other, other, purposes=["pmo"]), relation)
    assert answer(other, dossier, "pmo.write") == "open"
    assert answer(other, dossier, "keuring.read") == "no: other_purpose"
    for ask in ("begeleiding.read", "begeleiding.write", "proces.read", "signaal.read", "supervisie.amend"):
        assert answer(other, dossier, ask) == "no: no_cell"
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


def test_not_even_when_he_names_every_other_purpose(office: Office) -> None:
    dossier, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    with other.acts():
        lays(row("self_referral", other, other), relation)
    assert answer(other, dossier, "begeleiding.read") == "no: no_cell"
    assert answer(other, dossier, "proces.read") == "no: no_cell"


def test_nor_does_he_name_the_sick_leave_on_which_the_files_of_delegates_hang(office: Office) -> None:
    at_work = office.delegates()
    other = office.engaged("bedrijfsarts")
    with other.acts():
        every = row("self_referral", other, other, purposes=list(PURPOSES))
        with pytest.raises(IntegrityError, match="ground_self_referral_for_a_purpose"), transaction.atomic():
            lays(every, at_work.relation)
        lays(row("self_referral", other, other), at_work.relation)
        Dossier.objects.open(at_work.dossier, "pmo.read", READ)
        with connection.cursor() as cursor:
            cursor.execute("SELECT p FROM access_pairs('read', 'all') WHERE s = 'gedelegeerde'")
            assert {"pmo"} <= {purpose for (purpose,) in cursor.fetchall()} <= set(PURPOSES) - {"begeleiding"}


# --- nobody grants himself a dossier ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_nobody_lays_a_ground_of_any_kind_for_himself_on_the_dossier_of_a_physician(
    office: Office, role: str
) -> None:
    """A bedrijfsarts may sign for himself; what that opens on the dossier of a colleague stands below."""
    dossier, relation = office.dossier()
    somebody = office.engaged(role)
    laid = set()
    with somebody.acts():
        for kind in GROUND_ROLES:
            for responsible in (None, office.physician, somebody):
                ground = row(kind, somebody, somebody, responsible)
                if let_in(partial(lays, ground, relation)):
                    laid.add(kind)
    own_hand = {"client_assignment", "self_referral", "transfer", "second_opinion"}
    as_physician = {"contract", "supervision", "team", "desk", "process_assignment", "signal_assignment"}
    if role == "praktijkbeheerder":
        laid -= {"deputising", "custody"}  # what these open stands below
    assert laid == {
        "bedrijfsarts": own_hand | as_physician | {"deputising"},
        "praktijkbeheerder": {"employer_assignment", "employer_reintegration"},
    }.get(role, set())
    nothing = "no: no_cell" if somebody.engagement.side == "admin" else "not found"
    assert answer(somebody, dossier, "begeleiding.read") == nothing


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        ("client_assignment", {"begeleiding.read": "not yet: role_division"}),
        ("transfer", {"begeleiding.read": "not yet: role_division"}),
        ("second_opinion", {"second_opinion.read": "not yet: second_opinion_consent"}),
        ("team", {"begeleiding.read": "not found"}),
        ("contract", {READ: "not found"}),
        ("supervision", {"begeleiding.read": "not found"}),
        ("deputising", {"begeleiding.read": "not found"}),
    ],
)
def test_what_a_bedrijfsarts_signs_for_himself_opens_no_dossier_of_a_colleague(
    office: Office, kind: str, asks: dict[str, str]
) -> None:
    dossier, relation = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    other = office.engaged("bedrijfsarts")
    responsible = None if "not found" not in asks.values() else other
    with other.acts():
        lays(row(kind, other, other, responsible), relation)
    assert {ask: answer(other, dossier, ask) for ask in asks} == asks
    assert answer(office.physician, dossier, "begeleiding.read") == "open"


def test_under_a_colleague_he_signs_nothing(office: Office) -> None:
    _, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    for kind in ("contract", "supervision", "team", "deputising", "process_assignment"):
        with database_refuses(), other.acts():
            lays(row(kind, other, other, office.physician), relation)


def test_nor_in_the_name_of_a_colleague(office: Office) -> None:
    other = office.engaged("bedrijfsarts")
    with database_refuses(), other.acts():
        row("client_assignment", other, office.physician).save(force_insert=True)


def _two_physicians(office: Office) -> tuple[Actor, UUID, Relation]:
    """A colleague with a client of his own since long ago, and a dossier that is the physician's."""
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(colleague, client)
    newcomer, his_client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(newcomer, his_client)
    dossier, relation = office.dossier(his_client, by=newcomer)
    assert answer(newcomer, dossier, "begeleiding.read") == "open"
    return colleague, dossier, relation


def test_no_dossier_of_a_colleague_is_taken_by_a_client_assignment_dated_before_his(office: Office) -> None:
    dossier, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    long_ago = days(-300)
    with other.acts():
        ground = row("client_assignment", other, other, signed_at=long_ago, starts_at=long_ago)
        lays(ground, relation)
    assert answer(other, dossier, "begeleiding.read") == "not yet: role_division"


def test_nor_by_widening_the_scope_of_an_older_ground_of_his_own(office: Office) -> None:
    colleague, dossier, relation = _two_physicians(office)
    ground = Ground.objects.using(OWNER).get(holder=colleague.engagement.pk)
    with colleague.acts():
        scope = GroundScope(practice=office.practice, ground_id=ground.pk, relation=relation)
        if let_in(partial(scope.save, force_insert=True)):
            scope.save(force_insert=True)
            grounds.recompile(again(ground))
    assert answer(colleague, dossier, "begeleiding.read") != "open"


def test_nor_does_the_second_one_push_out_the_first(office: Office) -> None:
    dossier, relation = office.dossier()
    other = office.engaged("bedrijfsarts")
    with other.acts():
        lays(row("client_assignment", other, other), relation)
    assert answer(office.physician, dossier, "begeleiding.write") == "open"


@pytest.mark.parametrize("kind", ["custody", "deputising"])
def test_a_bedrijfsarts_who_is_also_administrator_opens_no_dossier_of_a_colleague_alone(
    office: Office, kind: str
) -> None:
    dossier, relation = office.dossier()
    office.tells(dossier, "waarneemgroep", None)
    physician = office.engaged("bedrijfsarts")
    both = office.world.engaged(
        "praktijkbeheerder", practice=fact(office.practice), user=fact(physician.user)
    )
    as_admin = Actor(plain(both.user), plain(both.engagement))
    responsible = office.physician if kind == "deputising" else None
    with as_admin.acts():
        ground = row(kind, physician, as_admin, responsible, ends_at=days(3))
        if let_in(partial(lays, ground, relation)):
            lays(ground, relation)
    assert answer(physician, dossier, "begeleiding.read") != "open"


@pytest.mark.parametrize(
    "role", ["gedelegeerde", "procesbewaker", "casemanager", "praktijkbeheerder", "bedrijfsarts"]
)
def test_nobody_adds_to_the_scope_of_a_ground_that_is_not_his(office: Office, role: str) -> None:
    at_work = office.delegates()
    other, relation = office.dossier()
    somebody = at_work.delegate if role == "gedelegeerde" else office.engaged(role)
    for scope in ({"relation": relation}, {"employer": office.employer}, {"caseload": True}):
        with database_refuses(), somebody.acts():
            GroundScope(practice=office.practice, ground_id=at_work.contract.ground_id, **scope).save(
                force_insert=True
            )
    assert answer(at_work.delegate, other, "team.read") == "open", "it was in the scope that was signed"


def test_a_scope_names_one_thing(office: Office) -> None:
    _, relation = office.dossier()
    for scope in (
        {},
        {"relation": relation, "caseload": True},
        {"relation": relation, "employer": office.employer},
    ):
        with database_refuses("scope_names_one_thing"), office.physician.acts():
            ground = row("client_assignment", office.physician, office.physician)
            ground.save(force_insert=True)
            GroundScope(practice=office.practice, ground=ground, **scope).save(force_insert=True)


@pytest.mark.parametrize("role", STAFF)
def test_nobody_writes_a_grant(office: Office, role: str) -> None:
    at_work = office.delegates()
    somebody = office.engaged(role)
    grant = DossierGrant.objects.using(OWNER).filter(ground=at_work.contract.ground_id).first()
    with database_refuses("permission denied"), somebody.acts():
        sql(
            "INSERT INTO dossier_dossiergrant (practice_id, user_id, permission_id, content_object_id, ground_id, "
            "given_by_id, given_at, role, purposes, sort_at) SELECT practice_id, %s, permission_id, "
            "content_object_id, ground_id, given_by_id, now(), role, purposes, now() FROM dossier_dossiergrant "
            "WHERE id = %s",
            somebody.user.pk,
            grant.pk,
        )
    with database_refuses("permission denied"), somebody.acts():
        sql("UPDATE dossier_dossiergrant SET user_id = %s WHERE id = %s", somebody.user.pk, grant.pk)


@pytest.mark.parametrize("role", ["bedrijfsarts", "praktijkbeheerder", "gedelegeerde", "casemanager"])
def test_nor_has_one_compiled_from_the_ground_of_another(office: Office, role: str) -> None:
    at_work = office.delegates()
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    other, _ = office.dossier(elsewhere)
    somebody = office.engaged(role)
    for call, values in (
        ("SELECT access_recompile(%s)", [at_work.contract.ground_id]),
        ("SELECT access_grant(%s, %s)", [at_work.contract.ground_id, other]),
    ):
        with database_refuses("not your"), somebody.acts():
            sql(call, *values)
    for call in (
        "SELECT access_grant_rows(%s, ARRAY[%s])",
        "SELECT access_cover(%s), %s",
    ):
        with database_refuses("permission denied"), office.physician.acts():
            sql(call, at_work.contract.ground_id, other)


def test_the_library_s_own_tables_of_permissions_take_nothing(office: Office) -> None:
    for table in (
        "guardian_userobjectpermission",
        "guardian_groupobjectpermission",
        "dossier_dossiergroupgrant",
    ):
        for somebody in (office.physician, office.admin):
            with database_refuses("permission denied"), somebody.acts():
                sql(f"INSERT INTO {table} DEFAULT VALUES")


def test_who_works_on_a_dossier_shares_nothing_with_himself(office: Office) -> None:
    at_work = office.delegates()
    record = note(
        Case("bedrijfsarts", office.physician, _dossier(at_work.dossier), None, office.physician),
        when=minutes_ago(0),
        anamnese="Slaapt slecht.",
    )
    deputy, _ = deputises(office)
    with database_refuses(), at_work.delegate.acts():
        Dossier.objects.open(at_work.dossier, "team.read", READ)
        _share(office, at_work.dossier, record.pk, at_work.delegate, at_work.delegate).save(force_insert=True)
    with database_refuses(), deputy.acts():
        _share(office, at_work.dossier, record.pk, deputy, deputy).save(force_insert=True)
    with office.physician.acts():
        Dossier.objects.open(at_work.dossier, "begeleiding.share")
        _share(office, at_work.dossier, record.pk, at_work.delegate, office.physician).save(force_insert=True)


def _dossier(pk: UUID) -> Any:
    return plain(Dossier.objects.using(OWNER).get(pk=pk))


def _share(office: Office, dossier: UUID, record: UUID, receiver: Actor, by: Actor) -> Share:
    return Share(
        practice=office.practice,
        dossier_id=dossier,
        record_id=record,
        section="begeleiding",
        purpose="begeleiding",
        receiver=receiver.user,
        task="M2",
        given_by=by.user,
        starts_at=_just_now(),
    )


def _just_now() -> datetime:
    return timezone.now() - timedelta(seconds=1)


# --- a ground stays in its practice -----------------------------------------------------------------------------


def test_no_ground_is_laid_for_somebody_of_another_practice(office: Office, world: World) -> None:
    dossier, relation = office.dossier()
    stranger = world.engaged("teamlid", practice=world.other_practice)
    stranger = Actor(plain(stranger.user), plain(stranger.engagement))
    with office.physician.acts():
        ground = row("team", stranger, office.physician, office.physician)
        ground.practice = office.practice
        if let_in(partial(lays, ground, relation)):
            lays(ground, relation)
    assert answer(stranger, dossier, "team.read") == "not found"


def test_nor_on_the_employees_of_another_practice(office: Office, world: World) -> None:
    relation = world.relation(practice=world.other_practice, employer=None)
    dossier = world.dossier(relation)
    with office.physician.acts():
        lays(row("client_assignment", office.physician, office.physician), plain(relation))
    assert answer(office.physician, dossier.pk, "begeleiding.read") == "not found"


def test_every_role_of_a_ground_is_laid_by_somebody(world: World) -> None:
    assert set(KINDS.values()) <= set(GROUND_ROLES)
    assert {role for roles in GROUND_ROLES.values() for role in roles} == set(KINDS)


def test_an_assignment_begins_at_its_acceptance_at_the_earliest(office: Office) -> None:
    holder = office.engaged("procesbewaker")
    office.declares_secrecy(holder)
    with office.physician.acts():
        row_ = assignments.assign(
            by=office.physician.user,
            kind="process",
            holder=holder.engagement,
            responsible=office.physician.engagement,
            tasks="x",
            facilities="x",
            starts_at=days(-300),
        )
    assert fact(row_).ground.starts_at == fact(row_).accepted_at
