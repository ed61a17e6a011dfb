"""The pages of log review: signals, one signal, the sample, the report and the numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossier.deviations import SETTINGS
from dossier.models import ReviewDecision, ReviewSample, ReviewSetting
from tests.domain.test_pages import body, enter, log_of
from tests.walls import looking
from tests.walls.test_review_decisions import last_month
from tests.walls.test_review_signals import look, looked
from tests.world import OWNER, Actor, Case, World

SAID = {"outcome": "verklaard", "reason": "Zij kende hem niet.", "follow_up": ""}


def deviating(world: World) -> tuple[Case, Actor, Client]:
    case = looking.alone(world, "bedrijfsarts")
    look(case.actor, case.dossier)
    officer = world.engaged("fg", practice=case.dossier.practice)
    return case, officer, enter(officer)


def first(client: Client) -> Any:
    [line] = client.get(reverse("review_signals")).context["open"]
    return line


def test_the_officer_finds_a_signal_decides_and_it_waits_no_longer(world: World) -> None:
    case, _, client = deviating(world)
    line = first(client)
    assert (line.who, line.label) == (case.actor.user.display_name, "Zonder zichtbare aanleiding")
    page = body(client.get(line.url))
    assert "geen eigen vastlegging" in page
    assert client.post(line.url, SAID).url == reverse("review_signals")
    found = client.get(reverse("review_signals"))
    assert found.context["open"] == []
    assert [line.tag for line in found.context["afgedaan"]] == ["Verklaard"]
    assert "Zij kende hem niet." in body(client.get(line.url))


def test_a_suspected_breach_asks_what_follows_beside_the_field(world: World) -> None:
    _, _, client = deviating(world)
    line = first(client)
    answer = client.post(line.url, SAID | {"outcome": "inbreuk"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["follow_up"] == [
        "Schrijf op wat er volgt: met wie u spreekt, en of u het meldt."
    ]
    assert "Zij kende hem niet." in body(answer)
    client.post(line.url, SAID | {"outcome": "inbreuk", "follow_up": "Gesprek morgen."})
    assert [line.tag for line in client.get(reverse("review_signals")).context["loopt"]] == [
        "Inbreuk vermoed"
    ]


def test_no_page_of_review_names_an_employee_or_a_part(world: World) -> None:
    case, _, client = deviating(world)
    look(case.actor, case.dossier, "open_spreekuur.read")
    line = first(client)
    client.post(line.url, SAID)
    pages = [reverse(name) for name in ("log_review", "review_signals", "review_sample", "review_report")]
    for url in (*pages, line.url):
        page = body(client.get(url))
        for trace in (case.dossier.person.surname, "spreekuur", "Verzuimbegeleiding"):
            assert trace not in page, url


def test_a_physician_reads_the_signals_on_his_own_dossiers_and_decides_nothing(world: World) -> None:
    case, _, officer = deviating(world)
    mine = enter(case.actor)
    found = mine.get(reverse("review_signals"))
    [line] = found.context["open"]
    page = body(mine.get(line.url))
    assert "Uw oordeel" not in page
    assert line.dossier_url == reverse("who_did", args=[case.dossier.pk])
    assert mine.post(line.url, SAID).status_code == 403
    other = enter(world.engaged("bedrijfsarts", practice=case.dossier.practice))
    assert other.get(reverse("review_signals")).context["open"] == []
    assert other.get(line.url).status_code == 404
    assert officer.get(line.url).status_code == 200


def test_the_signals_of_another_practice_do_not_exist(world: World) -> None:
    _, _, client = deviating(world)
    line = first(client)
    stranger = enter(world.engaged("fg", practice=looking.practice_of(world)))
    assert stranger.get(line.url).status_code == 404
    assert stranger.post(line.url, SAID).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-31", "0000-00-00", "20261128", "morgen", "9999-12-31"])
def test_an_impossible_day_in_the_address_does_not_exist(world: World, day: str) -> None:
    _, _, client = deviating(world)
    line = first(client)
    today = line.found.day.isoformat()
    assert client.get(line.url).status_code == 200
    assert client.get(line.url.replace(today, day)).status_code == 404


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"van": "2026-01-01", "tot": "2026-03-01"}, "Kies hooguit 31 dagen."),
        ({"van": "2026-03-01", "tot": "2026-01-01"}, "De laatste dag ligt"),
        ({"van": "31-02-2026", "tot": "2026-03-01"}, "Deze datum bestaat niet."),
        ({"van": "2026-03-01"}, "Vul een datum in."),
    ],
)
def test_an_impossible_period_is_said_beside_the_field(world: World, days: dict[str, str], says: str) -> None:
    _, _, client = deviating(world)
    answer = client.get(reverse("review_signals"), days)
    assert answer.status_code == 200
    assert says in body(answer)


def test_looking_at_each_page_of_review_stands_in_the_log(world: World) -> None:
    _, officer, client = deviating(world)
    for name in ("log_review", "review_signals", "review_report"):
        before = len(log_of(officer, kind="log_review"))
        client.get(reverse(name))
        assert len(log_of(officer, kind="log_review")) > before, name


def test_the_sample_is_drawn_once_and_judged_one_by_one(world: World) -> None:
    case, _, client = deviating(world)
    looked(case, timezone.now().replace(day=1, hour=12) - timedelta(days=10))
    month = {"maand": f"{last_month():%Y-%m}"}
    for _ in range(2):
        assert client.post(reverse("review_sample"), month).status_code == 302
    assert ReviewSample.objects.using(OWNER).filter(practice=case.dossier.practice).count() == 1
    [line] = client.get(reverse("review_sample", query=month)).context["regels"]
    assert client.post(line.url, SAID).url == reverse("review_sample", query=month)
    assert client.get(reverse("review_sample", query=month)).context["open"] == 0
    assert ReviewDecision.objects.using(OWNER).get(practice=case.dossier.practice).signal == "sample"


def test_a_month_that_runs_cannot_be_drawn_by_its_address(world: World) -> None:
    case, _, client = deviating(world)
    client.post(reverse("review_sample"), {"maand": f"{timezone.localdate():%Y-%m}"})
    drawn = ReviewSample.objects.using(OWNER).filter(practice=case.dossier.practice)
    assert {sample.month for sample in drawn} == {last_month()}


def test_the_report_counts_what_was_found_and_what_came_of_it(world: World) -> None:
    case, _, client = deviating(world)
    other = world.case(
        "bedrijfsarts",
        dossier=looking.dossier_in(world, case.dossier.practice),
        actor=case.actor,
        physician=case.actor,
    )
    look(case.actor, other.dossier)
    lines = client.get(reverse("review_signals")).context["open"]
    client.post(lines[0].url, SAID)
    report = client.get(reverse("review_report"))
    total = report.context["totaal"]
    assert (total.total, total.open, total.explained, total.asked, total.breach) == (2, 1, 1, 0, 0)
    assert "<title>Rapport · Tweeluik</title>" in body(report)
    assert case.actor.user.display_name not in body(report).partition("<main")[2]


def test_a_number_is_changed_with_a_reason_and_works_at_once(world: World) -> None:
    case, _, client = deviating(world)
    for _ in range(2):
        look(case.actor, case.dossier, "verzending.write")
    numbers = {code: str(number.default) for code, number in SETTINGS.items()}
    page = client.post(reverse("review_settings"), numbers | {"refusals": "2", "reason": ""})
    assert page.context["form"].errors == {"reason": ["Schrijf op waarom u dit getal kiest."]}
    assert "Herhaald geweigerd" not in body(client.get(reverse("review_signals")))
    assert (
        client.post(
            reverse("review_settings"), numbers | {"refusals": "2", "reason": "Strenger."}
        ).status_code
        == 302
    )
    assert "Herhaald geweigerd" in body(client.get(reverse("review_signals")))
    assert "Strenger." in body(client.get(reverse("review_settings")))
    assert ReviewSetting.objects.using(OWNER).filter(practice=case.dossier.practice).count() == 1
