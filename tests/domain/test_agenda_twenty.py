"""Twenty people want one slot: exactly one has it, and the others are told so, with what they chose still there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse

from dossier.agenda.models import TAKEN, Entry
from tests.domain.bad_input import send
from tests.domain.test_pages import enter
from tests.world import OWNER, World

TWENTY = 20


@pytest.mark.slow
def test_twenty_bookers_of_one_slot_make_one_appointment(world: World) -> None:
    physician = world.engaged("bedrijfsarts")
    cases = [world.case("procesbewaker", physician=physician) for _ in range(TWENTY)]
    clients = [(enter(case.actor), case) for case in cases]
    ready = Barrier(TWENTY, timeout=60)

    def click(who: Any) -> tuple[int, str]:
        client, case = who
        fields = {
            "kind": "verzuimconsult",
            "engagement": str(physician.engagement.pk),
            "day": "2027-04-06",
            "time": "11:00",
            "minutes": "35",
            "room": "",
            "form_key": str(uuid4()),
        }
        ready.wait()
        try:
            answer = send(client, reverse("appointment_new", args=[case.dossier.pk]), fields)
            return answer.status_code, answer.content.decode()
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()

    with ThreadPoolExecutor(TWENTY) as pool:
        answers = list(pool.map(click, clients))
    assert sorted(status for status, _ in answers) == [302] + [400] * (TWENTY - 1)
    for status, page in answers:
        if status == 400:
            assert TAKEN in page
            assert 'value="35"' in page
            assert 'value="2027-04-06"' in page
    assert Entry.objects.using(OWNER).filter(engagement=physician.engagement).count() == 1
