"""What is done in a dossier is done once, however often its form is sent."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections
from django.urls import reverse
from psycopg.conninfo import make_conninfo
from psycopg.rows import namedtuple_row

from dossier.medical.models import MedicalRecord
from dossier.models import Dossier, Share
from dossier.records.places import new_url
from tests.domain.bad_input import send
from tests.domain.test_double_acts import twice
from tests.domain.test_double_submit import count
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form, waiting
from tests.domain.test_records_tools import CONTACT, log_of
from tests.walls.addresses import Desk, desk_of
from tests.world import OWNER, World

LAST = "Slaapt weer zeven uur."


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world, "bedrijfsarts")


def records(desk: Desk) -> list[Any]:
    """List every medical record of the dossier, from above the walls: the owner does not see them either."""
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(
        make_conninfo(os.environ["TWEELUIK_SUPERUSER_URL"], dbname=name), row_factory=namedtuple_row
    ) as above:
        return above.execute(
            f"SELECT id, series, revision, state FROM {MedicalRecord._meta.db_table} WHERE dossier_id = %s",
            [desk.case.dossier.pk],
        ).fetchall()


def record_at(desk: Desk, label: str) -> Any:
    return next(row for row in records(desk) if str(row.id) in desk.urls[label])


def test_a_record_is_written_once(desk: Desk) -> None:
    before = len(records(desk))
    first, page = twice(desk, "record_new spreekuur", **form(anamnese=LAST))
    assert first.status_code == 302
    assert LAST in page
    assert len(records(desk)) == before + 1


def test_a_concept_is_changed_once(desk: Desk) -> None:
    fields = {**form(anamnese=LAST), "doe": "bewaren", "revision": "1"}
    twice(desk, "record_edit concept", **fields)
    assert record_at(desk, "record concept").revision == 2


def test_a_new_version_is_made_once(desk: Desk) -> None:
    series = record_at(desk, "record spreekuur").series
    fields = {**form(anamnese=LAST, reason="Nagekeken"), "revision": "1"}
    twice(desk, "record_amend spreekuur", **fields)
    assert [row.series for row in records(desk)].count(series) == 2


def test_a_concept_is_signed_once(desk: Desk) -> None:
    twice(desk, "record_sign concept")
    record = record_at(desk, "record concept")
    assert record.state == "signed"
    assert record.revision == 2
    assert log_of(record.id).count("sign") == 1


def test_a_remark_is_made_once(desk: Desk) -> None:
    before = len(records(desk))
    twice(desk, "record_remark contact", opmerking=LAST, form_key=str(uuid4()))
    assert len(records(desk)) == before + 1


def test_a_record_is_shared_once_and_taken_back_once(desk: Desk) -> None:
    shared = Share.objects.using(OWNER).get(dossier=desk.case.dossier)
    twice(desk, "record_share gedeeld", met=f"{shared.receiver_id}/M3")
    assert count(Share, dossier=desk.case.dossier, task="M3") == 1
    twice(desk, "record_unshare gedeeld")
    ended = Share.objects.using(OWNER).get(pk=shared.pk).ends_at
    assert ended is not None
    twice(desk, "record_unshare gedeeld")
    assert Share.objects.using(OWNER).get(pk=shared.pk).ends_at == ended


def test_a_dossier_is_founded_once(world: World) -> None:
    desk = desk_of(world, "secretariaat")
    relation = UUID(desk.urls["dossier_found"].split("/")[-3])
    twice(desk, "dossier_found")
    assert count(Dossier, relation=relation) == 1


@pytest.mark.parametrize(("choice", "made"), [("overnemen", 1), ("vernietigen", 0)])
def test_about_a_kept_text_is_decided_once(world: World, desk: Desk, choice: str, made: int) -> None:
    here = desk.case.dossier
    delegate = world.case("gedelegeerde", dossier=here, physician=desk.case.physician)
    client = enter(delegate.actor)
    world.suspend(delegate.ground)
    assert send(client, new_url(here.pk, CONTACT), form(anamnese=LAST)).status_code == 403
    [(kept, _)] = waiting(delegate)
    desk.urls["kept_decide"] = reverse("kept_decide", args=[here.pk, kept])
    before = len(records(desk))
    first, page = twice(desk, "kept_decide", keuze=choice)
    assert first.status_code == 302
    assert "Over deze tekst hebt u al beslist." in page
    assert len(records(desk)) == before + made
    assert waiting(delegate) == []
