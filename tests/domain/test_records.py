"""What can be recorded, by whom and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from directory.access.refusals import NotAllowed, NotYet
from dossier.medical.models import MedicalPart
from dossier.models import Dossier
from dossier.process.models import Verzuimgeval
from dossier.records import actions
from dossier.records.kinds import kinds_for
from dossier.records.loading import load_panel
from dossier.records.rows import Entry
from dossier.records.tasks import offered
from tests.domain.test_records_tools import (
    CASE,
    CONTACT,
    NOTE,
    SICK,
    entry,
    minutes_ago,
    note,
    opened,
)
from tests.world import OWNER, Case, World


@pytest.fixture
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def test_a_physician_writes_and_signs_at_once(physician: Case):
    record = note(physician, anamnese="Slaapt zes uur.", advies="Opbouw.")
    with physician.actor.acts():
        view = load_panel(opened(physician, NOTE), "medical").records[0]
    assert view.id == record.pk
    assert view.parts == [("Anamnese", "Slaapt zes uur."), ("Advies", "Opbouw.")]
    assert view.who == f"{physician.actor.user.display_name}, bedrijfsarts"
    assert not view.concept


def test_a_record_says_in_which_role_on_which_ground_and_on_whose_behalf(delegate: Case):
    record = note(delegate, CONTACT)
    assert (record.role, record.ground_id) == ("gedelegeerde", delegate.ground.pk)
    assert record.on_behalf_of_id == delegate.physician.user.pk
    with delegate.actor.acts():
        view = load_panel(opened(delegate, CONTACT), "medical").records[0]
    assert view.behalf == f"onder taakdelegatie van {delegate.physician.user.display_name}"
    assert view.provisional == "Voorlopig oordeel (gedelegeerde)"


def test_the_text_lies_in_the_database_as_ciphertext(physician: Case):
    record = note(physician, anamnese="een woord dat nergens anders staat")
    with physician.actor.acts():
        opened(physician, NOTE)
        sealed = MedicalPart.objects.filter(record_id=record.pk).values_list("content", flat=True).get()
    assert b"nergens" not in sealed.blob


def test_the_same_form_twice_is_one_record(physician: Case):
    form = entry(NOTE, anamnese="Een keer.")
    with physician.actor.acts():
        first = actions.write(by=physician.actor.user, opened=opened(physician, NOTE), entry=form, sign=True)
    with physician.actor.acts():
        second = actions.write(by=physician.actor.user, opened=opened(physician, NOTE), entry=form, sign=True)
        assert load_panel(opened(physician, NOTE), "medical").records[0].id == first.pk == second.pk


def test_what_happened_in_the_minute_the_right_began_can_be_recorded(world: World):
    begins = minutes_ago(3) + timedelta(seconds=40)
    actor, dossier = world.engaged("bedrijfsarts"), world.dossier()
    ground = world.ground("client_assignment", "bedrijfsarts", actor, dossier, starts_at=begins)
    case = Case("bedrijfsarts", actor, dossier, ground, actor)
    assert note(case, when=minutes_ago(3)).pk
    with pytest.raises(NotYet, match="happened_before_right"):
        note(case, when=minutes_ago(4))


def test_nobody_records_the_future(physician: Case):
    with pytest.raises(NotYet, match="happened_before_right"):
        note(physician, when=minutes_ago(-10))


def test_a_notice_given_after_the_contact_comes_too_late(world: World, delegate: Case):
    told = minutes_ago(10)
    world.change(delegate.facts["notice"], given_at=told)
    with pytest.raises(NotYet) as refused:
        note(delegate, CONTACT, when=told - timedelta(minutes=1))
    assert refused.value.code == "notice_late"
    assert set(refused.value.facts) == {"gebeurd", "verteld"}
    assert note(delegate, CONTACT, when=told).pk


def test_a_concept_cannot_be_moved_back_to_before_the_notice(world: World, delegate: Case):
    told = minutes_ago(10)
    world.change(delegate.facts["notice"], given_at=told)
    record = note(delegate, CONTACT, sign=False, when=told)
    with delegate.actor.acts(), pytest.raises(NotYet, match="notice_late"):
        actions.save_again(
            by=delegate.actor.user,
            opened=opened(delegate, CONTACT),
            record=record,
            entry=entry(CONTACT, told - timedelta(minutes=1), anamnese="Slaapt zes uur."),
            revision=1,
        )


def test_a_form_offers_a_delegate_the_tasks_of_his_contract_only(delegate: Case, physician: Case):
    with delegate.actor.acts():
        opened(delegate, CONTACT)
        codes = {part.code for part in offered(delegate.dossier.pk, CONTACT)}
    assert codes == {"anamnese", "arbeidsanamnese", "voorlopig_oordeel"}  # M4 stands in no contract here
    with physician.actor.acts():
        opened(physician, NOTE)
        assert len(offered(physician.dossier.pk, NOTE)) == len(NOTE.kind.parts)


def test_the_database_takes_no_part_of_another_task(delegate: Case):
    with pytest.raises(NotYet, match="task_closed"):
        note(delegate, CONTACT, anamnese="Wel.", onderzoek="Niet.")


def test_without_the_task_of_an_own_file_a_delegate_writes_nothing(world: World):
    case = world.case("gedelegeerde")
    case.facts["contract"].tasks.using(OWNER).filter(task__code="M7").delete()
    with case.actor.acts():
        opened(case, CONTACT)
        assert offered(case.dossier.pk, CONTACT) == []


def test_a_delegate_finds_no_form_for_the_physicians_file(delegate: Case):
    with delegate.actor.acts():
        found = {
            row.kind.code for row in kinds_for(opened(delegate, CONTACT, "begeleiding.write"), "medical")
        }
    assert found == {"contactnotitie"}
    with pytest.raises(NotAllowed):
        note(delegate, NOTE)


def test_a_team_member_makes_no_note_of_a_physician(world: World):
    case = world.case("teamlid")
    with case.actor.acts():
        here = Dossier.objects.open(case.dossier.pk, "begeleiding.read", "begeleiding.write")
        assert kinds_for(here, "medical") == []


@pytest.mark.parametrize(
    "role", ["casemanager", "procesbewaker", "secretariaat", "bedrijfsarts", "gedelegeerde"]
)
def test_a_sickness_report_holds_what_may_be_asked(world: World, role: str):
    case = world.case(role)
    report = Entry(SICK, minutes_ago(5), {"telefoon": "06 1234"}, details=CASE)
    with case.actor.acts():
        record = actions.write(by=case.actor.user, opened=opened(case, SICK), entry=report, sign=True)
        [view] = load_panel(opened(case, SICK), "process").records
    assert ("Eerste ziektedag", view.rows[0][1]) == view.rows[0]
    assert view.parts == [("Telefoonnummer", "06 1234")]
    with case.actor.acts():
        opened(case, SICK)
        assert Verzuimgeval.objects.get(pk=record.pk).expected_days == 14


def test_no_diagnosis_fits_in_a_sickness_report():
    names = {field.name for field in Verzuimgeval._meta.fields} | {part.code for part in SICK.kind.parts}
    assert not any(word in name for name in names for word in ("diagnos", "klacht", "oorzaak", "behandel"))


def test_a_reintegration_company_reports_nobody_sick(world: World):
    case = world.case("overig_b")
    with case.actor.acts():
        here = Dossier.objects.open(case.dossier.pk, "werkgeverdeel.write")
        assert kinds_for(here, "process") == []
