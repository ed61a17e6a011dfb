"""What the scenarios call impossible cannot be stored either, and one fact away it can.

Everything here is tried as the person himself, under his own hat, past every form: the database is what refuses.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection
from django.utils import timezone

from consent.models import Notice
from delegation.contracts.actions import Terms, Verified, draft, sign
from delegation.contracts.missing import missing
from delegation.models import CompetenceConclusion, Contract, ContractTask, Edition, Protocol
from directory.access.context import acting
from directory.access.keystore import add_key
from directory.accounts.models import User
from directory.people.models import Employer, Engagement, Professional
from dossier.medical.models import Signal
from dossier.models import Dossier
from dossier.process.models import ProcessRecord
from tests.expectations.scenarios import delegation, task_of
from tests.world import OWNER, Actor, Case, World

HOUR = timedelta(hours=1)


def drafted(world: World, case: Case, by: Actor, *tasks: str, justified: bool = True) -> Contract:
    """Draft a contract of this physician with this delegate, as somebody who may lay it ready."""
    protocol = case.facts["contract"].protocol_id
    chosen = {task_of(code, "praktijk" if code == "V1" else "2018").pk for code in tasks}
    with by.acts():
        terms = Terms(
            edition=Edition.objects.get(pk="praktijk" if "V1" in tasks else "2018"),
            delegate=Engagement.objects.get(pk=case.actor.engagement.pk),
            physician=Engagement.objects.get(pk=case.physician.engagement.pk),
            starts_at=timezone.now() + HOUR,
            ends_at=timezone.now() + timedelta(days=90),
            tasks=dict.fromkeys(chosen, "drie jaar ervaring, samen getoetst" if justified else ""),
            employers=[Employer.objects.get(pk=case.dossier.employer_id)],
            supervision_plan="wekelijks overleg",
            consultation_interval=1,
            protocol=Protocol.objects.get(pk=protocol),
        )
        return draft(by=User.objects.get(pk=by.user.pk), terms=terms)


def signed(case: Case, contract: Contract, **verified: Verified) -> Contract:
    """Sign as the physician himself."""
    with case.physician.acts():
        return sign(
            by=User.objects.get(pk=case.physician.user.pk),
            contract=Contract.objects.get(pk=contract.pk),
            verified={task_of(code).pk: conclusion for code, conclusion in verified.items()},
        )


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    return delegation(world)


@pytest.fixture(scope="module")
def admin(world: World) -> Actor:
    return world.engaged("praktijkbeheerder")


# --- tasks that nobody can hand over (S035, S036, S038, S039, S040) -----------------------------------------

UNDELEGABLE = {"S035": "M15", "S036": "M12", "S038": "M16", "S039": "M17", "S040": "M11"}


@pytest.mark.parametrize("code", UNDELEGABLE.values(), ids=UNDELEGABLE.keys())
@pytest.mark.parametrize("who", ["praktijkbeheerder", "bedrijfsarts", "owner"])
def test_a_contract_has_no_room_for_a_task_of_code_1(
    world: World, case: Case, admin: Actor, code: str, who: str
) -> None:
    contract = drafted(world, case, admin, "P1")
    row = ContractTask(practice_id=contract.practice_id, contract_id=contract.pk, task_id=task_of(code).pk)
    for pretence in (2, 1):  # called what it is not, and called what it is
        row.delegable = pretence
        if who == "owner":
            with pytest.raises(IntegrityError):
                row.save(using=OWNER, force_insert=True)
            continue
        actor = admin if who == "praktijkbeheerder" else case.physician
        with pytest.raises(IntegrityError), actor.acts():
            row.save(using="default", force_insert=True)
    with admin.acts():
        row.task_id, row.delegable = task_of("P2").pk, 2
        row.save(using="default", force_insert=True)


# --- whose signature it is (S016, S044, S047, S127) ---------------------------------------------------------


def test_whoever_lays_a_contract_ready_cannot_sign_it(world: World, case: Case, admin: Actor) -> None:
    trainee = world.engaged("arts_onder_supervisie")
    for preparing in (admin, trainee):
        contract = drafted(world, case, preparing, "M2", "M7")
        now = timezone.now()
        for signer in (preparing, case.physician):  # in his own name, and in the physician's
            contract.signed_by_id, contract.signed_at, contract.starts_at = signer.user.pk, now, now
            with pytest.raises(IntegrityError, match="only_physician_signs"), preparing.acts():
                contract.save(using="default", update_fields=["signed_by", "signed_at", "starts_at"])
        contract = Contract.objects.using(OWNER).get(pk=contract.pk)
        assert contract.is_draft
        assert signed(case, contract).signed_by_id == case.physician.user.pk


def test_a_contract_is_not_born_signed(world: World, case: Case, admin: Actor) -> None:
    """Drafting straight into the signed state needs the ground that only the physician can lay."""
    contract = drafted(world, case, admin, "M2")
    contract.pk = uuid.uuid4()
    contract.signed_by_id, contract.signed_at = case.physician.user.pk, timezone.now()
    contract.starts_at = contract.signed_at
    refused = pytest.raises(DatabaseError, match=r"contract_signed_is_complete|row-level security")
    with refused, admin.acts():
        contract.save(using="default", force_insert=True)


def test_a_delegate_has_no_contract_to_give(world: World, case: Case) -> None:
    colleague = world.engaged("gedelegeerde")
    contract = drafted(world, case, case.physician, "M2")
    contract.pk = uuid.uuid4()
    contract.delegate_id = colleague.engagement.pk
    for physician in (case.actor.engagement, case.physician.engagement):
        contract.physician_id = physician.pk
        with pytest.raises(ProgrammingError, match="row-level security"), case.actor.acts():
            contract.save(using="default", force_insert=True)
    with case.physician.acts():
        contract.save(using="default", force_insert=True)


def test_a_deputy_changes_nothing_in_the_contract_of_the_physician(world: World) -> None:
    """Until somebody can ask for this contract by name, this is where S226 is held."""
    case = delegation(world)
    deputy = world.engaged("waarnemer")
    world.ground("deputising", "waarnemer", deputy, case.dossier, responsible=case.physician)
    contract = Contract.objects.using(OWNER).get(pk=case.facts["contract"].pk)
    contract.supervision_plan = "voortaan eens per maand"
    with pytest.raises(IntegrityError, match="signed_is_immutable"), deputy.acts():
        contract.save(using="default", update_fields=["supervision_plan"])
    own = Case("gedelegeerde", case.actor, case.dossier, case.ground, deputy, case.facts)
    drafted(world, own, deputy, "M2")


# --- what the physician must have seen for himself (S042, S048, S049, S050, S051) ---------------------------


def test_a_conclusion_says_how_it_was_seen_in_practice(world: World, case: Case) -> None:
    values: dict[str, Any] = {
        "practice": case.dossier.practice,
        "delegate": case.actor.user,
        "physician": case.physician.user,
        "task": task_of("M5"),
        "limits": "geen",
        "starts_at": timezone.now(),
    }
    with pytest.raises(IntegrityError, match="competence_how_verified"), case.physician.acts():
        CompetenceConclusion.objects.create(how_verified=" \n", **values)
    with case.physician.acts():
        CompetenceConclusion.objects.create(how_verified="vijf keer meegekeken", **values)


def gaps(contract: Contract, case: Case) -> set[str]:
    with case.physician.acts():
        return {gap.code for gap in missing(Contract.objects.get(pk=contract.pk), at=timezone.now())}


def test_a_signature_waits_for_the_conclusion(world: World) -> None:
    case = delegation(world, tasks=("M2",))
    contract = drafted(world, case, case.physician, "M2", "M3")
    assert gaps(contract, case) == {"no_competence"}
    with pytest.raises(ValidationError):
        signed(case, contract)
    signed(case, contract, M3=Verified(how_verified="vier keer meegekeken", limits="geen"))


def test_a_judgement_on_the_body_asks_a_reason_without_registration(world: World) -> None:
    case = delegation(world, tasks=("M4",))
    contract = drafted(world, case, case.physician, "M4", justified=False)
    assert gaps(contract, case) == {"no_justification"}
    assert gaps(drafted(world, case, case.physician, "M4"), case) == set()
    world.registered(case.actor.user, "big_verpleegkundige")
    assert gaps(contract, case) == set()


def test_a_reserved_act_asks_a_registration_that_carries_it(world: World) -> None:
    case = delegation(world)
    world.competent(case.actor, case.physician, task_of("V1", "praktijk"))
    contract = drafted(world, case, case.physician, "V1")
    assert gaps(contract, case) == {"reserved_without_big"}
    world.registered(case.actor.user, "big_verpleegkundige")
    assert gaps(contract, case) == set()


def test_more_delegates_than_the_practice_wants_ask_a_reason(world: World) -> None:
    first = delegation(world)
    world.sets(first.dossier.practice, "max_delegates_per_bedrijfsarts", 1)
    second = world.case("gedelegeerde", dossier=first.dossier, physician=first.physician)
    contract = drafted(world, second, first.physician, "M2")
    assert gaps(contract, second) == {"over_maximum"}
    world.change(
        Contract.objects.using(OWNER).get(pk=contract.pk),
        over_maximum_reason="vervanging tot de zomer, samen een dag per week",
    )
    assert gaps(contract, second) == set()
    # Other tests share this practice.
    world.sets(first.dossier.practice, "max_delegates_per_bedrijfsarts", None, since=timezone.now())


# --- what the employee must have heard (S021) ---------------------------------------------------------------


@pytest.mark.parametrize("item", ["function", "task", "responsible", "reachable", "right_to_speak"])
def test_a_notice_has_all_five_items(world: World, case: Case, item: str) -> None:
    values: dict[str, Any] = {
        "practice": case.dossier.practice,
        "relation": case.dossier.relation,
        "kind": "delegatie",
        "about": case.actor.user,
        "responsible": case.physician.user,
        "function": "praktijkondersteuner",
        "task": "anamnese",
        "reachable": "op werkdagen per telefoon",
        "right_to_speak": True,
        "given_at": timezone.now() - HOUR,
        "given_by": case.actor.user,
        "means": "gesprek",
    }
    left_out = {"right_to_speak": False, "responsible": None}.get(item, "")

    def give(**changed: Any) -> None:
        with case.actor.acts():
            Dossier.objects.open(case.dossier.pk, "kennisgeving.write", "kennisgeving.read")
            Notice.objects.create(**values | changed)

    with pytest.raises(IntegrityError, match=f"notice_{item}"):
        give(**{item: left_out})
    give()


# --- who somebody can be ------------------------------------------------------------------------------------


def test_no_medical_task_for_the_employer(world: World) -> None:
    """The same person, the same role: on the side of the employer it does not exist."""
    user = world.user("casemanager")
    values: dict[str, Any] = {
        "practice": world.practice,
        "user": user,
        "starts_at": world.long_ago,
        "prepared_by": user,
        "accepted_by": user,
        "accepted_at": world.long_ago,
    }
    for role in ("gedelegeerde", "bedrijfsarts", "teamlid", "signaleerder", "arts_onder_supervisie"):
        with pytest.raises(IntegrityError, match="engagement_role_side"):
            world.make(Engagement, role=role, side="employer", **values)
    world.make(Engagement, role="casemanager", side="employer", **values)


def test_one_title_is_refused(world: World) -> None:
    professional = world.professional(world.user())
    for title in ("arbo-arts", "Arboarts", "senior arbo arts"):
        with pytest.raises(IntegrityError, match="professional_no_arbo_arts"):
            world.change(professional, title=title)
    world.change(Professional.objects.using(OWNER).get(pk=professional.pk), title="ANIOS bedrijfsgeneeskunde")


def test_the_coded_answer_fits_only_where_it_is_a_secret(world: World) -> None:
    """Until the kinds of records can be asked about, this is where S077 is held."""
    case = world.case("signaleerder")
    happened = timezone.now().replace(second=0, microsecond=0)
    common: dict[str, Any] = {
        "practice": case.dossier.practice,
        "dossier": case.dossier,
        "author": case.actor.user,
        "happened_at": happened,
    }
    pk = uuid.uuid4()

    def in_the_process_part() -> None:
        with case.actor.acts():
            Dossier.objects.open(case.dossier.pk, "signaal.write", "proces.write", "proces.read")
            ProcessRecord.objects.create(
                id=pk,
                section="signaal",
                purpose="signaal",
                kind="signaal",
                engagement=case.actor.engagement,
                role="signaleerder",
                ground=case.ground,
                series=pk,
                form_key=uuid.uuid4(),
                **common,
            )

    with pytest.raises(DatabaseError) as refused:
        in_the_process_part()
    assert "row-level security" in str(refused.value) or "process_record_section" in str(refused.value)
    with case.actor.acts():
        Dossier.objects.open(case.dossier.pk, "signaal.write", "signaal.read")
        acting().keys[pk] = add_key(pk)
        Signal.objects.create(id=pk, category="psychisch", **common)


# --- one contract does not lend to another ------------------------------------------------------------------


def my_tasks(case: Case) -> set[str]:
    with case.actor.acts(), connection.cursor() as cursor:
        cursor.execute("SELECT access_my_tasks(%s, 'gedelegeerde')", [case.dossier.pk])
        return {row[0] for row in cursor.fetchall()}


def second_contract(world: World, case: Case, *tasks: str) -> Any:
    ground = world.ground("contract", "gedelegeerde", case.actor, case.dossier, responsible=case.physician)
    world.contract(ground, case.actor, case.physician, tasks)
    return ground


def test_a_suspended_contract_lends_no_task_to_one_that_runs(world: World) -> None:
    case = delegation(world, tasks=("M2", "M7"))
    ground = second_contract(world, case, "M4", "M7")
    assert my_tasks(case) == {"M2", "M4", "M7"}
    world.suspend(ground)
    assert my_tasks(case) == {"M2", "M7"}


def test_an_own_file_is_a_task_of_its_own_contract(world: World) -> None:
    """Nothing is written under a contract that does not let one write, whatever another contract says."""
    case = delegation(world, tasks=("M2", "M7"))
    second_contract(world, case, "M3")
    assert my_tasks(case) == {"M2", "M7"}
