"""What can be recorded, by whom and when: notes, concepts, versions, remarks, and the facts that cross."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.access.keystore import destroy_key
from directory.access.refusals import NotAllowed, NotYet
from dossier.medical.models import MedicalPart
from dossier.models import Dossier
from dossier.models.shell import Opened
from dossier.process.models import ProcessRecord, Verzuimgeval
from dossier.records import actions
from dossier.records.answers import Conflict
from dossier.records.base import State
from dossier.records.kinds import Place, kind_of, kinds_for
from dossier.records.loading import load_panel
from dossier.records.rows import Entry, hold_keys, new_part, texts_of
from dossier.records.tasks import offered
from tests.world import OWNER, Case, World

CROSSING = ("proces.read", "proces.write", "proces.amend", "kennisgeving.read")


def place(kind: str, section: str = "", purpose: str = "") -> Place:
    found = kind_of(kind)
    assert found is not None
    section = section or found.sections[0]
    return Place(found, section, purpose or (found.purposes[0] if found.purposes else section))


def opened(case: Case, at: Place, *more: str) -> Opened:
    verbs = ("write", "read", "amend", "remark", "share")
    return Dossier.objects.open(case.dossier.pk, *(at.ask(verb) for verb in verbs), *CROSSING, *more)


def minutes_ago(n: int) -> datetime:
    return (timezone.now() - timedelta(minutes=n)).replace(second=0, microsecond=0)


def entry(at: Place, happened_at: datetime | None = None, **texts: str) -> Entry:
    return Entry(at, happened_at or minutes_ago(5), texts)


CASE = {
    "first_sick_day": timezone.localdate(),
    "reported_on": timezone.localdate(),
    "recovered_on": None,
    "expected_days": 14,
    "absence_percentage": 100,
    "safety_net": False,
    "work_accident": False,
    "traffic_accident": False,
}
NOTE, CONTACT, STEP, SICK = (
    place("spreekuurnotitie"),
    place("contactnotitie"),
    place("procesnotitie"),
    place("verzuimgeval"),
)


@pytest.fixture
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


def note(case: Case, at: Place = NOTE, *, sign: bool = True, when: datetime | None = None, **texts: str):
    """Let somebody write a record of his own."""
    with case.actor.acts():
        return actions.write(
            by=case.actor.user,
            opened=opened(case, at),
            entry=entry(at, when, **(texts or {at.kind.parts[0].code: "Slaapt zes uur."})),
            sign=sign,
        )


# -- writing ---------------------------------------------------------------------------------------------------


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


# -- concept and signature -------------------------------------------------------------------------------------


def test_a_concept_changes_until_it_is_signed(physician: Case):
    record = note(physician, sign=False, anamnese="Eerst.", advies="Rust.")
    by, later = physician.actor.user, entry(NOTE, anamnese="Daarna.", advies="", onderzoek="Nieuw.")
    with physician.actor.acts():
        here = opened(physician, NOTE)
        saved = actions.save_again(by=by, opened=here, record=record, entry=later, revision=1)
        assert (saved.revision, saved.state) == (2, State.CONCEPT)
        assert texts_of(NOTE, saved) == {"anamnese": "Daarna.", "onderzoek": "Nieuw."}
    with physician.actor.acts():
        signed = actions.sign(by=by, opened=opened(physician, NOTE), record=record, place=NOTE)
        again = actions.sign(by=by, opened=opened(physician, NOTE), record=record, place=NOTE)
    assert signed.state == again.state == State.SIGNED
    assert signed.signed_at == again.signed_at
    with physician.actor.acts():
        here, other = opened(physician, NOTE), entry(NOTE, later.happened_at, anamnese="Te laat.")
        with pytest.raises(Conflict):
            actions.save_again(by=by, opened=here, record=record, entry=other, revision=2)


def test_two_windows_do_not_overwrite_each_other(physician: Case):
    record = note(physician, sign=False, anamnese="Eerst.")
    by = physician.actor.user
    with physician.actor.acts():
        here = opened(physician, NOTE)
        one, two = entry(NOTE, anamnese="Venster een."), entry(NOTE, anamnese="Venster twee.")
        actions.save_again(by=by, opened=here, record=record, entry=one, revision=1)
        actions.save_again(
            by=by, opened=here, record=record, entry=one, revision=1
        )  # the same form, sent twice
        with pytest.raises(Conflict) as found:
            actions.save_again(by=by, opened=here, record=record, entry=two, revision=1)
        assert texts_of(NOTE, found.value.current) == {"anamnese": "Venster een."}


def test_only_the_author_signs_or_changes(world: World):
    case = world.case("bedrijfsarts")
    record = note(case, sign=False)
    deputy = world.case("waarnemer", dossier=case.dossier, physician=case.physician)
    with deputy.actor.acts(), pytest.raises(NotAllowed, match="not_author"):
        actions.sign(by=deputy.actor.user, opened=opened(deputy, NOTE), record=record, place=NOTE)


@pytest.mark.parametrize("name", ["reason", "form_key", "happened_at", "on_behalf_of_id"])
def test_nothing_about_a_signed_record_changes(physician: Case, name: str):
    record = note(physician)
    changed = {"reason": "Toch anders", "form_key": uuid4(), "happened_at": minutes_ago(60)}
    with physician.actor.acts():
        opened(physician, NOTE)
        hold_keys([record.pk])
        setattr(record, name, changed.get(name, physician.actor.user.pk))
        with pytest.raises(IntegrityError), transaction.atomic():
            record.save(update_fields=[name.removesuffix("_id")])


def test_nothing_joins_a_signed_record(physician: Case):
    record = note(physician)
    with physician.actor.acts():
        opened(physician, NOTE)
        hold_keys([record.pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            new_part(NOTE, record, "advies", "Achteraf.").save(force_insert=True)
        part = MedicalPart.objects.get(record_id=record.pk)
        part.content = "Anders."
        with pytest.raises(IntegrityError), transaction.atomic():
            part.save(update_fields=["content"])


def test_no_part_joins_the_record_of_somebody_else(world: World):
    case = world.case("bedrijfsarts")
    record = note(case, sign=False)
    deputy = world.case("waarnemer", dossier=case.dossier, physician=case.physician)

    def slip_in() -> None:
        with deputy.actor.acts():
            opened(deputy, NOTE)
            hold_keys([record.pk])
            part = new_part(NOTE, record, "advies", "Van een ander.")
            part.author_id = deputy.actor.user.pk
            part.save(force_insert=True)

    with pytest.raises(IntegrityError):
        slip_in()


# -- versions --------------------------------------------------------------------------------------------------


def amended(case: Case, record, seen: int = 1, reason: str = "Vergeten", **texts: str):
    with case.actor.acts():
        return actions.amend(
            by=case.actor.user,
            opened=opened(case, NOTE),
            record=record,
            entry=entry(NOTE, record.happened_at, **texts),
            reason=reason,
            seen=seen,
            sign=True,
        )


def test_a_correction_is_a_new_version_with_a_reason(physician: Case):
    record = note(physician, anamnese="Slaapt zes uur.")
    new = amended(physician, record, anamnese="Slaapt acht uur.")
    assert (new.series, new.version) == (record.series, 2)
    with physician.actor.acts():
        here = opened(physician, NOTE)
        assert [view.version for view in load_panel(here, "medical").records] == [2]
        assert texts_of(NOTE, record) == {"anamnese": "Slaapt zes uur."}
        assert load_panel(here, "medical").records[0].reason == "Vergeten"


def test_a_correction_without_reason_or_without_change_is_none(physician: Case):
    record = note(physician, anamnese="Slaapt zes uur.")
    with pytest.raises(ValidationError):
        amended(physician, record, reason=" ", anamnese="Slaapt acht uur.")
    with pytest.raises(ValidationError):
        amended(physician, record, anamnese="Slaapt zes uur.")


def test_two_corrections_of_one_version_meet(physician: Case):
    record = note(physician, anamnese="Slaapt zes uur.")
    amended(physician, record, anamnese="Slaapt acht uur.")
    with pytest.raises(Conflict):
        amended(physician, record, anamnese="Slaapt tien uur.")


def test_a_delegate_corrects_his_own_words_only(world: World, delegate: Case):
    record = note(delegate, CONTACT)
    with delegate.actor.acts():
        new = actions.amend(
            by=delegate.actor.user,
            opened=opened(delegate, CONTACT),
            record=record,
            entry=entry(CONTACT, record.happened_at, anamnese="Anders."),
            reason="Verschreven",
            seen=1,
            sign=True,
        )
    assert new.version == 2
    by = delegate.physician
    with by.acts(), pytest.raises(NotAllowed):
        actions.amend(
            by=by.user,
            opened=opened(delegate, CONTACT),
            record=new,
            entry=entry(CONTACT, record.happened_at, anamnese="Van de arts."),
            reason="Beter",
            seen=2,
        )


# -- remarks ---------------------------------------------------------------------------------------------------


def test_the_physician_remarks_beside_the_record_of_a_delegate(delegate: Case):
    record = note(delegate, CONTACT)
    kind = kind_of("opmerking")
    assert kind is not None
    beside, by, key = Place(kind, "gedelegeerde", "begeleiding"), delegate.physician, uuid4()
    for _ in range(2):
        with by.acts():
            actions.remark(
                by=by.user,
                opened=opened(delegate, CONTACT),
                place=beside,
                about=record,
                text="Bel me.",
                form_key=key,
            )
    with delegate.actor.acts():
        view = load_panel(opened(delegate, CONTACT), "medical").records[0]
    assert view.id == record.pk
    assert view.remarks == []  # he reads what is his own; a remark is the physician's until it is shared
    with by.acts():
        remarks = load_panel(opened(delegate, CONTACT), "medical").records[0].remarks
    assert [remark.parts for remark in remarks] == [[("Opmerking", "Bel me.")]]


# -- facts that cross ------------------------------------------------------------------------------------------


def facts(case: Case) -> list[ProcessRecord]:
    with case.actor.acts():
        opened(case, STEP)
        rows = ProcessRecord.objects.filter(dossier=case.dossier.pk, kind="overgangsfeit")
        return list(rows.order_by("happened_at", "version"))


def test_a_signed_consult_crosses_as_a_date_and_nothing_else(world: World, physician: Case):
    record = note(physician, anamnese="Geheim.")
    [fact] = facts(physician)
    assert (fact.state, fact.section) == (State.SIGNED, "proces")
    assert str(record.pk) not in str(fact.__dict__)
    keeper = world.case("procesbewaker", dossier=physician.dossier, physician=physician.actor)
    with keeper.actor.acts():
        [view] = load_panel(Dossier.objects.open(keeper.dossier.pk, "proces.read"), "process").records
    assert (view.label, view.parts, view.time) == ("Consult gehouden", [], "")


@pytest.mark.parametrize(
    ("role", "behalf"), [("waarnemer", "waarneming voor"), ("arts_onder_supervisie", "onder supervisie van")]
)
def test_so_does_that_of_a_deputy_and_of_a_physician_under_supervision(world: World, role: str, behalf: str):
    case = world.case(role)
    note(case, eindoordeel="Kan halve dagen werken.")
    assert len(facts(case)) == 1
    with case.actor.acts():
        [view] = load_panel(opened(case, NOTE), "medical").records
    assert view.behalf == f"{behalf} {case.physician.user.display_name}"


def test_a_concept_crosses_only_when_it_is_signed(physician: Case):
    record = note(physician, sign=False)
    assert facts(physician) == []
    with physician.actor.acts():
        actions.sign(by=physician.actor.user, opened=opened(physician, NOTE), record=record, place=NOTE)
    assert len(facts(physician)) == 1


def test_a_corrected_text_crosses_nothing_a_corrected_day_corrects_the_fact(physician: Case):
    record = note(physician, when=minutes_ago(3 * 24 * 60))
    amended(physician, record, anamnese="Anders.")
    assert len(facts(physician)) == 1
    with physician.actor.acts():
        actions.amend(
            by=physician.actor.user,
            opened=opened(physician, NOTE),
            record=record,
            entry=entry(NOTE, minutes_ago(24 * 60), anamnese="Anders."),
            reason="Verkeerde dag",
            seen=2,
            sign=True,
        )
    days = [(fact.version, timezone.localdate(fact.happened_at)) for fact in facts(physician)]
    assert days == [
        (1, timezone.localdate(record.happened_at)),
        (2, timezone.localdate(minutes_ago(24 * 60))),
    ]


def test_the_contact_of_a_delegate_does_not_cross(delegate: Case):
    note(delegate, CONTACT)
    assert facts(delegate) == []


# -- the sickness case -----------------------------------------------------------------------------------------


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


# -- what a reader sees ----------------------------------------------------------------------------------------


def test_whose_key_was_destroyed_says_so_and_nothing_else(physician: Case):
    gone, stays = note(physician, anamnese="Weg."), note(physician, anamnese="Blijft.")
    destroy_key(gone.pk, by="test")
    with physician.actor.acts():
        views = {view.id: view for view in load_panel(opened(physician, NOTE), "medical").records}
    assert (views[gone.pk].gone, views[gone.pk].parts) == (True, [])
    assert views[stays.pk].parts == [("Anamnese", "Blijft.")]


def test_a_panel_costs_four_statements_and_one_on_the_key_store(physician: Case):
    for n in range(3):
        note(physician, anamnese=f"Notitie {n}.")
    with physician.actor.acts():
        here = opened(physician, NOTE)
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            assert len(load_panel(here, "medical").records) == 3
    assert len(main) <= 4
    assert len(keys) == 1


def test_the_desk_sees_that_there_is_a_note_and_not_what_it_says(world: World):
    keeper = world.case("procesbewaker")
    note(keeper, STEP, proces="Gebeld over de afspraak.")
    desk = world.case("secretariaat", dossier=keeper.dossier, physician=keeper.physician)
    with desk.actor.acts():
        here = Dossier.objects.open(desk.dossier.pk, "proces.find", "proces.write")
        [view] = load_panel(here, "process").records
    assert (view.label, view.parts, view.url) == ("Procesnotitie", [], "")


def test_older_records_come_by_the_page(physician: Case):
    for n in range(3):
        note(physician, when=minutes_ago(10 + n), anamnese=f"Notitie {n}.")
    with physician.actor.acts():
        here = opened(physician, NOTE)
        first = load_panel(here, "medical", page=2)
        rest = load_panel(here, "medical", after=first.older, page=2)
    assert [view.parts[0][1] for view in first.records] == ["Notitie 0.", "Notitie 1."]
    assert [view.parts[0][1] for view in rest.records] == ["Notitie 2."]
    assert rest.older is None


def test_every_act_leaves_its_log_row(physician: Case):
    record = note(physician, sign=False)
    with physician.actor.acts():
        actions.sign(by=physician.actor.user, opened=opened(physician, NOTE), record=record, place=NOTE)
    new = amended(physician, record, anamnese="Anders.")
    assert log_of(record.pk) == ["write", "sign"]
    assert log_of(new.pk) == ["amend"]


def log_of(record: UUID) -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT kind FROM access_log WHERE record = %s ORDER BY at, id", [record])
        return [row[0] for row in cursor.fetchall()]


def test_nobody_writes_in_anothers_name(physician: Case, delegate: Case):
    with physician.actor.acts():
        here, text = opened(physician, NOTE), entry(NOTE, anamnese="Onder een andere naam.")
        with pytest.raises(NotYet):
            actions.write(by=delegate.actor.user, opened=here, entry=text)
