"""Whom a contract reaches: the employees of its scope who are on the dossiers of its bedrijfsarts, and nobody else.

Source: Leidraad casemanagement (2019) §1.2, §3.1 and bijlage 5, opdracht.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from delegation.assignments import actions as assignments
from delegation.contracts import actions as contracts
from delegation.models import Assignment, Contract
from dossier.models import DossierGrant
from tests.domain.test_delegation import READ, WRITE, Office, again, answer, days, fact, office
from tests.world import OWNER, Actor

__all__ = ["office"]


def reached(contract: Contract) -> set[UUID]:
    """Say which dossiers a contract reaches."""
    rows = DossierGrant.objects.using(OWNER).filter(ground=fact(contract).ground_id)
    return set(rows.values_list("content_object", flat=True))


def contract_for(office: Office, **changes: Any) -> tuple[Actor, Contract]:
    """A delegate whose contract is signed, accepted and read; nobody has been told yet."""
    delegate = office.delegate()
    contract = office.signs(office.drafts(delegate, **changes))
    office.accepts(contract, delegate)
    office.reads_protocol(contract, delegate)
    return delegate, contract


def gives_up_client(office: Office) -> None:
    with office.physician.acts():
        row = Assignment.objects.get(holder=office.physician.engagement, kind="client")
        assignments.end(by=office.physician.user, assignment=row, reason="Het basiscontract eindigt.")


# --- the scope --------------------------------------------------------------------------------------------------


def test_a_contract_for_a_client_reaches_its_employees_and_no_others(office: Office) -> None:
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    (first, _), (second, _), (third, _) = office.dossier(), office.dossier(), office.dossier(elsewhere)
    delegate, contract = contract_for(office)
    assert reached(contract) == {first, second}
    assert answer(delegate, first, "team.read") == "open"
    assert answer(delegate, third, "team.read") == "not found"
    assert answer(office.physician, third, "team.read") == "open"


def test_a_contract_for_one_employee_reaches_him_alone(office: Office) -> None:
    dossier, relation = office.dossier()
    other, _ = office.dossier()
    delegate, contract = contract_for(office, employers=[], relations=[relation])
    assert reached(contract) == {dossier}
    assert answer(delegate, dossier, "team.read") == "open"
    assert answer(delegate, other, "team.read") == "not found"


def test_a_contract_may_name_a_client_and_an_employee_of_another(office: Office) -> None:
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    here, _ = office.dossier()
    there, relation = office.dossier(elsewhere)
    not_named, _ = office.dossier(elsewhere)
    _, contract = contract_for(office, relations=[relation])
    assert reached(contract) == {here, there}
    assert not_named not in reached(contract)


def test_two_delegates_reach_what_their_own_contracts_say(office: Office) -> None:
    (here, first), (there, second) = office.dossier(), office.dossier()
    one, his = contract_for(office, employers=[], relations=[first])
    two, hers = contract_for(office, employers=[], relations=[second])
    assert (reached(his), reached(hers)) == ({here}, {there})
    assert (answer(one, there, READ), answer(two, here, READ)) == ("not found", "not found")


def test_the_purposes_of_a_contract_are_those_of_its_tasks(office: Office) -> None:
    delegate, (dossier, _) = office.delegate(), office.dossier()
    office.in_register(delegate, "big_verpleegkundige")
    contract = office.signs(office.drafts(delegate, edition="praktijk", tasks=("V1", "PMO1")))
    office.accepts(contract, delegate)
    office.reads_protocol(contract, delegate)
    office.tells(dossier, "delegatie", delegate)
    assert DossierGrant.objects.using(OWNER).get(ground=contract.ground_id).purposes == ["pmo", "vaccinatie"]
    assert answer(delegate, dossier, "pmo.read") == "open"
    assert answer(delegate, dossier, "begeleiding.read") == "no: other_purpose"


def test_a_contract_ends_by_itself_on_the_day_it_says(office: Office) -> None:
    _, contract = contract_for(office, ends_at=days(2))
    assert fact(contract).ground.ends_at == fact(contract).ends_at


# --- dossiers that are founded later ----------------------------------------------------------------------------


def test_a_dossier_founded_later_is_reached_at_once(office: Office) -> None:
    delegate, contract = contract_for(office)
    dossier, _ = office.dossier()
    assert reached(contract) == {dossier}
    assert answer(delegate, dossier, READ) == "not yet: notice"
    office.tells(dossier, "delegatie", delegate)
    assert answer(delegate, dossier, WRITE) == "open"


def test_founded_by_the_procesbewaker_it_is_reached_as_well(office: Office) -> None:
    delegate, contract = contract_for(office)
    dossier = office.founds(office.employee(), by=office.engaged("procesbewaker"))
    assert reached(contract) == {dossier}
    assert answer(office.physician, dossier, "begeleiding.read") == "open"
    assert answer(delegate, dossier, "team.read") == "open"


def test_a_dossier_founded_later_outside_the_scope_is_not_reached(office: Office) -> None:
    elsewhere = office.client()
    office.takes_on(office.physician, elsewhere)
    _, contract = contract_for(office)
    office.dossier(elsewhere)
    assert reached(contract) == set()


def test_after_its_end_a_contract_reaches_nothing_new(office: Office) -> None:
    delegate, contract = contract_for(office)
    with office.physician.acts():
        contracts.end(by=office.physician.user, contract=again(contract), reason="Vertrekt.")
    dossier, _ = office.dossier()
    assert reached(contract) == set()
    assert answer(delegate, dossier, "team.read") == "not found"


def test_a_dossier_of_a_voluntary_contact_is_reached_on_the_medical_side_only(office: Office) -> None:
    delegate, contract = contract_for(office)
    dossier = office.founds(office.employee(), process=False)
    assert reached(contract) == {dossier}
    assert answer(delegate, dossier, "team.read") == "open"
    assert answer(office.admin, dossier, "team.prepare") == "not found"
    assert answer(office.admin, office.dossier()[0], "team.prepare") == "open"


# --- the dossiers of other physicians ---------------------------------------------------------------------------


def test_the_employees_of_a_colleague_at_the_same_client_are_not_reached(office: Office) -> None:
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    mine, his = office.employee(client), office.employee(client)
    office.takes_on(office.physician, client, mine)
    office.takes_on(colleague, client, his)
    here, there = office.founds(mine), office.founds(his, by=colleague)
    delegate, contract = contract_for(office, employers=[client])
    assert reached(contract) == {here}
    assert answer(delegate, here, "team.read") == "open"
    assert answer(delegate, there, "team.read") == "not found"
    assert answer(colleague, there, "begeleiding.read") == "open"


def test_not_even_when_the_colleague_founds_it_later(office: Office) -> None:
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    mine, his = office.employee(client), office.employee(client)
    office.takes_on(office.physician, client, mine)
    office.takes_on(colleague, client, his)
    _, contract = contract_for(office, employers=[client])
    office.founds(his, by=colleague)
    assert reached(contract) == set()
    here = office.founds(mine)
    assert reached(contract) == {here}


def test_a_contract_about_a_client_that_is_not_his_reaches_nobody(office: Office) -> None:
    colleague, client = office.engaged("bedrijfsarts"), office.client()
    office.takes_on(colleague, client)
    dossier, _ = office.dossier(client, by=colleague)
    delegate, contract = contract_for(office, employers=[client])
    assert reached(contract) == set()
    assert answer(delegate, dossier, READ) == "not found"


def test_when_the_bedrijfsarts_gives_up_the_client_his_delegate_stops(office: Office) -> None:
    at_work = office.delegates()
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "open"
    gives_up_client(office)
    assert answer(office.physician, at_work.dossier, "begeleiding.read") == "not found"
    assert answer(at_work.delegate, at_work.dossier, WRITE) == "not yet: delegator_not_on_dossier"


def test_a_contract_signed_after_that_reaches_nobody_there(office: Office) -> None:
    dossier, _ = office.dossier()
    gives_up_client(office)
    delegate, contract = contract_for(office)
    assert reached(contract) == set()
    assert answer(delegate, dossier, READ) == "not found"
