"""What is signed never changes: concepts, versions, remarks beside it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directory.access.refusals import NotAllowed
from dossier.medical.models import MedicalPart
from dossier.records import actions
from dossier.records.answers import Conflict
from dossier.records.base import State
from dossier.records.kinds import Place, kind_of
from dossier.records.loading import load_panel
from dossier.records.rows import hold_keys, new_part, texts_of
from tests.domain.test_records_tools import (
    CONTACT,
    NOTE,
    amended,
    entry,
    minutes_ago,
    note,
    opened,
)
from tests.world import Case, World


@pytest.fixture
def physician(world: World) -> Case:
    return world.case("bedrijfsarts")


@pytest.fixture
def delegate(world: World) -> Case:
    return world.case("gedelegeerde")


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
    for reader in (delegate.actor, by):  # hers, and read by whose record it is about
        with reader.acts():
            view = load_panel(opened(delegate, CONTACT), "medical").records[0]
        assert view.id == record.pk
        assert [remark.parts for remark in view.remarks] == [[("Opmerking", "Bel me.")]]
