"""Toestemming on the screen: what for, for whom, how given; withdrawn at any moment, also while nobody covers the work.

Source: BW 7:457; AVG art. 7 lid 3; Leidraad casemanagement (2019) bijlage 4, P3.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from consent.models import Consent
from dossier.models import Dossier
from tests.domain.test_consent import CONSENTS, records, seen, withdraws
from tests.domain.test_delegation import Office, database_refuses, fact, office, sql
from tests.domain.test_delegation_cover import is_away
from tests.domain.test_deputising_screens import text_of
from tests.domain.test_pages import enter
from tests.world import OWNER

__all__ = ["office"]


def said(**more: Any) -> dict[str, Any]:
    return {
        "section": "pmo",
        "verb": "release",
        "colleague": "",
        "receiver": "de huisarts",
        "content": "De uitslag, om de behandeling af te stemmen",
        "given_how": "Mondeling in het consult",
        "ends_on": "",
    } | more


def test_a_bedrijfsarts_records_a_consent_and_withdraws_it(office: Office) -> None:
    dossier, relation = office.dossier()
    desk, address = enter(office.physician), reverse("consents", args=[dossier])
    assert "Er is geen toestemming vastgelegd" in text_of(desk.get(address))
    form = said(form_key=str(uuid4()))
    for _ in range(2):
        assert desk.post(address, form).status_code == 302
    [row] = Consent.objects.using(OWNER).filter(relation=relation.pk)
    assert (row.section, row.verb, row.receiver, row.ends_at) == ("pmo", "release", "de huisarts", None)
    page = text_of(desk.get(address))
    assert "De uitslag, om de behandeling af te stemmen" in page
    assert "Geldig" in page
    for _ in range(2):
        assert desk.post(reverse("consent_withdraw", args=[dossier, row.pk])).status_code == 302
    assert fact(row).ends_at is not None
    assert "was al geëindigd" in text_of(desk.get(address))


def test_sharing_names_a_colleague_of_the_team_and_the_rest_a_receiver(office: Office) -> None:
    at_work = office.delegates()
    desk, address = enter(office.physician), reverse("consents", args=[at_work.dossier])
    sent = desk.post(address, said(verb="share"))
    assert sent.status_code == 400
    assert "Kies de collega" in text_of(sent)
    sent = desk.post(address, said(receiver=" "))
    assert sent.status_code == 400
    assert "voor welke ontvanger" in text_of(sent)
    assert desk.post(address, said(verb="share", colleague=str(at_work.delegate.user.pk))).status_code == 302
    row = Consent.objects.using(OWNER).get(relation=at_work.relation.pk)
    assert row.receiver_user == at_work.delegate.user


@pytest.mark.parametrize("role", ["procesbewaker", "secretariaat", "casemanager"])
def test_outside_the_medical_side_there_is_no_such_page(office: Office, role: str) -> None:
    dossier, relation = office.dossier()
    records(office.physician, dossier, relation)
    assert enter(office.engaged(role)).get(reverse("consents", args=[dossier])).status_code in (403, 404)


def test_a_delegate_without_the_task_gets_no_form_and_is_told_why(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7"))
    desk, address = enter(at_work.delegate), reverse("consents", args=[at_work.dossier])
    assert "Toestemming vastleggen" not in text_of(desk.get(address))
    assert desk.post(address, said()).status_code == 403
    assert not Consent.objects.using(OWNER).filter(relation=at_work.relation.pk).exists()


def test_a_delegate_with_the_task_records_and_sees_his_own_only(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7", "P3"))
    records(office.physician, at_work.dossier, at_work.relation, content="Niet voor anderen")
    desk, address = enter(at_work.delegate), reverse("consents", args=[at_work.dossier])
    assert desk.post(address, said()).status_code == 302
    page = text_of(desk.get(address))
    assert "de huisarts" in page
    assert "Niet voor anderen" not in page


# --- while the physician is away without a deputy -----------------------------------------------------------------


def test_whoever_recorded_a_consent_ends_it_also_while_nobody_covers_his_work(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7", "P3"))
    row = records(at_work.delegate, at_work.dossier, at_work.relation)
    is_away(office)
    assert seen(at_work.delegate, at_work.dossier) == {row.pk}
    withdraws(at_work.delegate, at_work.dossier, row)
    assert fact(row).ends_at is not None


def test_but_he_records_none_meanwhile_and_ends_nobody_else_s(office: Office) -> None:
    at_work = office.delegates(tasks=("M2", "M7", "P3"))
    other = records(office.physician, at_work.dossier, at_work.relation)
    is_away(office)
    with database_refuses():
        records(at_work.delegate, at_work.dossier, at_work.relation)
    with at_work.delegate.acts():
        Dossier.objects.open(at_work.dossier, *CONSENTS)
        sql("UPDATE consent_consent SET ends_at = now() WHERE id = %s", other.pk)
    assert fact(other).ends_at is None
