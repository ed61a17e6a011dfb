"""The dossier page: which panels there are for whom, what is missing where, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delegation.dates import show_day
from directory.access.context import Acting
from dossier.models import Dossier
from dossier.panels.asks import SECTIONS, asks_for
from dossier.records import actions
from dossier.records.base import Header
from dossier.records.kinds import Place, kind_of
from dossier.records.rows import Entry
from dossier.records.sharing import share
from tests.domain.test_pages import body, enter, log_of
from tests.world import Actor, Case, World

LIMIT = 12
FRAME = 4  # session, account, and the two ends of the transaction
SICK = {
    "reported_on": timezone.localdate(),
    "recovered_on": None,
    "expected_days": None,
    "absence_percentage": 100,
    "safety_net": False,
    "work_accident": False,
    "traffic_accident": False,
}


def place(code: str) -> Place:
    kind = kind_of(code)
    assert kind is not None
    return Place(kind, kind.sections[0], kind.purposes[0] if kind.purposes else kind.sections[0])


def opened(now: Acting, case: Case, *more: str):
    return Dossier.objects.open(case.dossier.pk, *asks_for(now.capacity.side), "proces.amend", *more)


def write(
    actor: Actor, case: Case, code: str, sign: bool = True, details: object = None, **texts: str
) -> Header:
    """Let somebody record something, as the page's own form would."""
    with actor.acts() as now:
        moment = (timezone.now() - timedelta(minutes=5)).replace(second=0, microsecond=0)
        entry = Entry(place(code), moment, texts, details=details or {})
        return actions.write(by=actor.user, opened=opened(now, case), entry=entry, sign=sign)


def page_of(actor: Actor, case: Case) -> str:
    return body(enter(actor).get(reverse("dossier", args=[case.dossier.pk])))


def test_the_process_side_never_asks_for_a_medical_section() -> None:
    for side in ("process", "desk", "employer", "admin"):
        sections = {ask.partition(".")[0] for ask in asks_for(side)}
        assert sections.isdisjoint(SECTIONS[:12])
    assert "begeleiding.read" in asks_for("medical")
    assert not [ask for ask in asks_for("admin") if ask.endswith(".write")]


@pytest.mark.parametrize(
    ("role", "panels"),
    [
        ("bedrijfsarts", ["Medisch dossier", "Procesdossier", "Werkgeversdeel"]),
        ("gedelegeerde", ["Medisch dossier", "Procesdossier", "Werkgeversdeel"]),
        ("arts_onder_supervisie", ["Medisch dossier", "Procesdossier", "Werkgeversdeel"]),
        ("procesbewaker", ["Procesdossier", "Werkgeversdeel"]),
        ("secretariaat", ["Procesdossier", "Werkgeversdeel"]),
        ("casemanager", ["Werkgeversdeel"]),
    ],
)
def test_everybody_sees_the_panels_of_his_role_and_no_empty_ones(
    world: World, role: str, panels: list[str]
) -> None:
    page = page_of((case := world.case(role)).actor, case)
    heads = [part.split("</h2>")[0] for part in page.split('<h2 id="paneel-')[1:]]
    assert [head.split(">")[1] for head in heads] == panels
    assert "Uw inzage wordt vastgelegd" in page


def test_two_panels_in_one_page_and_the_employee_above_them(world: World) -> None:
    case = world.case("bedrijfsarts")
    desk = world.case("secretariaat", dossier=case.dossier, physician=case.physician)
    first = timezone.localdate() - timedelta(days=100)
    write(case.actor, case, "spreekuurnotitie", anamnese="Slaapt zes uur.")
    write(desk.actor, case, "verzuimgeval", details={**SICK, "first_sick_day": first})
    page = page_of(case.actor, case)
    assert "Slaapt zes uur." in page
    assert "Consult gehouden" in page
    assert f"{show_day(first)}, week 15" in page
    assert "<title>Dossier · Tweeluik</title>" in page
    for other in (desk.actor,):
        seen = page_of(other, case)
        assert "Slaapt zes uur." not in seen
        assert "Medisch" not in seen


def test_a_correction_counts_and_a_recovery_ends_it(world: World) -> None:
    case = world.case("bedrijfsarts")
    first = timezone.localdate() - timedelta(days=30)
    made = write(case.actor, case, "verzuimgeval", details={**SICK, "first_sick_day": first})
    with case.actor.acts() as now:
        better = {**SICK, "first_sick_day": first, "recovered_on": timezone.localdate()}
        entry = Entry(place("verzuimgeval"), made.happened_at, {}, details=better)
        ready = opened(now, case, "werkgeverdeel.amend")
        actions.amend(
            by=case.actor.user, opened=ready, record=made, entry=entry, reason="Hersteld", seen=1, sign=True
        )
    client = enter(case.actor)
    assert client.get(reverse("dossier", args=[case.dossier.pk])).context["balk"].sick_since == ""
    rows = client.get(reverse("today")).context["rijen"]
    assert [row.sick_since for row in rows if str(case.dossier.pk) in row.url] == [""]


def test_a_delegate_reads_his_own_file_and_what_was_shared(world: World) -> None:
    case = world.case("gedelegeerde")
    hidden = write(case.physician, case, "spreekuurnotitie", anamnese="Alleen voor de arts.")
    shown = write(case.physician, case, "spreekuurnotitie", anamnese="Dit mag u weten.")
    write(case.actor, case, "contactnotitie", anamnese="Zelf gehoord.")
    with case.physician.acts() as now:
        share(
            by=case.physician.user,
            opened=opened(now, case, "begeleiding.share"),
            record=shown,
            place=place("spreekuurnotitie"),
            receiver=case.actor.user.pk,
            task="M2",
        )
    page = page_of(case.actor, case)
    assert "Dit mag u weten." in page
    assert "Alleen wat met u is gedeeld" in page
    assert "Zelf gehoord." in page
    assert "Alleen voor de arts." not in page
    assert str(hidden.pk) not in page
    theirs = page_of(case.physician, case)
    assert f"Dossier van gedelegeerde {case.actor.user.display_name}" in theirs
    assert f"Gedeeld met {case.actor.user.display_name}" in theirs


def test_what_is_missing_stands_in_its_place_with_where_it_is_mended(world: World) -> None:
    case = world.case("gedelegeerde")
    late = world.dossier()
    world.ground("client_assignment", "bedrijfsarts", case.physician, late)
    world.grant(case.ground, late, case.actor.user)
    other = Case("gedelegeerde", case.actor, late, case.ground, case.physician)
    write(case.physician, other, "spreekuurnotitie", anamnese="Slaapt zes uur.")
    response = enter(case.actor).get(reverse("dossier", args=[late.pk]))
    assert response.status_code == 200
    page = body(response)
    assert "De werknemer is nog niet geïnformeerd over uw rol." in page
    assert reverse("notice_give", args=[late.pk]) in page
    assert "Slaapt zes uur." not in page
    assert response.context["pagina"].medical.form is None


def test_when_nothing_opens_the_page_says_why_and_names_nobody(world: World) -> None:
    case = world.case("bedrijfsarts")
    delegate = world.engaged("gedelegeerde")
    ground = world.ground("contract", "gedelegeerde", delegate, case.dossier, responsible=case.physician)
    world.contract(ground, delegate, case.physician, accepted=False)
    response = enter(delegate).get(reverse("dossier", args=[case.dossier.pk]))
    assert response.status_code == 403
    assert "U hebt deze overeenkomst nog niet aanvaard." in body(response)
    assert reverse("contracts") in body(response)
    assert case.dossier.person.surname not in body(response)
    refused = log_of(delegate, kind="open")
    assert [(row.outcome, row.code) for row in refused] == [("refused", "contract_not_accepted")]


def test_without_a_grant_it_does_not_exist(world: World) -> None:
    case = world.case("bedrijfsarts")
    for role in ("bedrijfsarts", "procesbewaker", "casemanager"):
        client = enter(world.engaged(role))
        for name, more in (("dossier", []), ("dossier_section", [0]), ("dossier_section", [16])):
            there, nowhere = (
                client.get(reverse(name, args=[pk, *more])) for pk in (case.dossier.pk, uuid4())
            )
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert there.content == nowhere.content


@pytest.mark.parametrize(
    ("role", "section", "status"),
    [
        ("bedrijfsarts", "begeleiding", 200),
        ("bedrijfsarts", "proces", 200),
        ("gedelegeerde", "gedelegeerde", 200),
        ("gedelegeerde", "keuring", 403),
        ("teamlid", "proces", 403),
        ("procesbewaker", "proces", 200),
        ("procesbewaker", "begeleiding", 403),
        ("procesbewaker", "open_spreekuur", 403),
        ("casemanager", "werkgeverdeel", 200),
        ("casemanager", "proces", 403),
        ("casemanager", "signaal", 403),
        ("secretariaat", "proces", 403),
        ("secretariaat", "toestemming", 403),
        ("fg", "begeleiding", 403),
        ("praktijkbeheerder", "proces", 403),
    ],
)
def test_one_section_by_its_number(world: World, role: str, section: str, status: int) -> None:
    case = world.case("bedrijfsarts") if role in ("fg", "praktijkbeheerder") else world.case(role)
    actor = world.engaged(role) if role in ("fg", "praktijkbeheerder") else case.actor
    url = reverse("dossier_section", args=[case.dossier.pk, SECTIONS.index(section)])
    assert enter(actor).get(url).status_code == status


def test_no_is_the_same_whether_or_not_something_is_there(world: World) -> None:
    case = world.case("procesbewaker")
    client = enter(case.actor)
    url = reverse("dossier_section", args=[case.dossier.pk, SECTIONS.index("begeleiding")])
    before = body(client.get(url))
    write(case.physician, case, "spreekuurnotitie", anamnese="Slaapt zes uur.")
    after = body(client.get(url))
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="'
    cut = [[part[64:] if n else part for n, part in enumerate(text.split(token))] for text in (before, after)]
    assert cut[0] == cut[1]
    assert "Dit hoort bij het medisch dossier." in before


def test_a_section_that_does_not_exist_does_not_exist(world: World) -> None:
    case = world.case("bedrijfsarts")
    url = reverse("dossier_section", args=[case.dossier.pk, len(SECTIONS)])
    assert enter(case.actor).get(url).status_code == 404


def test_the_officer_sees_who_works_here_and_nothing_of_the_dossier(world: World) -> None:
    case = world.case("bedrijfsarts")
    write(case.actor, case, "procesnotitie", proces="Gesproken over de planning.")
    page = page_of(world.engaged("fg"), case)
    assert "Met uw rol leest u hier niet in het dossier" in page
    assert "Gesproken over de planning." not in page


def test_the_page_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.case("procesbewaker")
    for n in range(3):
        write(case.actor, case, "procesnotitie", proces=f"Stap {n}.")
    monkeypatch.setattr("dossier.records.loading.load_panel.__kwdefaults__", {"after": None, "page": 2})
    client, url, seen = enter(case.actor), reverse("dossier", args=[case.dossier.pk]), ""
    while url:
        response = client.get(url)
        seen += body(response)
        url = response.context["pagina"].process.older
    assert all(f"Stap {n}." in seen for n in range(3))


def test_a_dossier_page_costs_at_most_twelve_statements(world: World) -> None:
    case = world.case("gedelegeerde")
    for text in ("Een.", "Twee.", "Drie."):
        write(case.physician, case, "spreekuurnotitie", anamnese=text)
        write(case.actor, case, "contactnotitie", anamnese=text)
        write(case.physician, case, "procesnotitie", proces=text)
    write(case.physician, case, "verzuimgeval", details={**SICK, "first_sick_day": timezone.localdate()})
    url = reverse("dossier", args=[case.dossier.pk])
    for actor in (case.physician, case.actor):
        client = enter(actor)
        client.get(url)
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            assert client.get(url).status_code == 200
        assert len(main) - FRAME <= LIMIT, [query["sql"][:80] for query in main.captured_queries]
        assert len(keys) <= 2


def test_a_deputy_who_was_not_announced_is_not_told_that_nothing_is_there(world: World) -> None:
    case = world.case("bedrijfsarts")
    write(case.actor, case, "procesnotitie", proces="Gesproken over de planning.")
    deputy = world.engaged("waarnemer")
    world.ground("deputising", "waarnemer", deputy, case.dossier, responsible=case.physician)
    page = page_of(deputy, case)
    assert "De werknemer weet nog niet dat u waarneemt." in page
    assert "Hier is nog niets vastgelegd" not in page
    assert "Gesproken over de planning." not in page


def test_what_is_missing_names_the_parts_it_holds_back_when_others_are_open(world: World) -> None:
    case = world.case("bedrijfsarts")
    delegate = world.engaged("gedelegeerde")
    world.secrecy(delegate, "afgeleid_beroepsgeheim")
    world.notice(case.dossier, "delegatie", delegate.user, case.physician.user)
    for purpose, accepted in (("begeleiding", True), ("pmo", False)):
        ground = world.ground(
            "contract",
            "gedelegeerde",
            delegate,
            case.dossier,
            responsible=case.physician,
            purposes=(purpose,),
        )
        world.contract(ground, delegate, case.physician, accepted=accepted)
    page = enter(delegate).get(reverse("dossier", args=[case.dossier.pk])).context["pagina"]
    assert [(wait.code, wait.sections) for wait in page.medical.waits] == [
        ("contract_not_accepted", "PMO (vrijwillig)")
    ]
    assert page.medical.form is not None
