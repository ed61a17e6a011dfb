"""What the tests of the screens of records share: a browser, a form, and what lies behind the walls."""

from __future__ import annotations

import os
import re
from html import unescape
from uuid import UUID, uuid4

import psycopg
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from dossier.records.kinds import Place
from tests.accounts.conftest import enrolled, log_in, with_password
from tests.domain.test_records_tools import (
    NOTE,
    minutes_ago,
    opened,
)
from tests.world import Actor, Case, World


def browser(world: World, actor: Actor) -> Client:
    """Log somebody in, in his one capacity."""
    account = enrolled(with_password(world, actor.user))
    client = log_in(Client(raise_request_exception=False, headers={"sec-fetch-site": "same-origin"}), account)
    client.get(reverse("capacity_choose"))
    assert "capacity" in client.session
    return client


_desks: dict[int, Client] = {}


def desk(world: World, actor: Actor) -> Client:
    """Give the browser of somebody who may be at work already: a second factor is enrolled once."""
    if actor.user.pk not in _desks:
        _desks[actor.user.pk] = browser(world, actor)
    return _desks[actor.user.pk]


def moment(minutes: int = 5) -> str:
    return f"{timezone.localtime(minutes_ago(minutes)):%Y-%m-%dT%H:%M}"


def form(**texts: str) -> dict[str, str]:
    return {"happened_at": moment(), "form_key": str(uuid4()), "doe": "ondertekenen", **texts}


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def state_of(case: Case, at: Place = NOTE) -> list[str]:
    """Say the state of every record of one kind, newest first, as its writer sees them."""
    with case.actor.acts():
        opened(case, at)
        rows = at.panel.header.objects.filter(dossier=case.dossier.pk, kind=at.kind.code)
        return list(rows.order_by("-written_at").values_list("state", flat=True))


def above(sql: str, *values: object) -> list[tuple]:
    """Ask the database from above every wall; an UPDATE answers nothing."""
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(make_conninfo(os.environ["TWEELUIK_SUPERUSER_URL"], dbname=name)) as connection:
        found = connection.execute(sql, values)
        return found.fetchall() if found.description else []


def waiting(case: Case) -> list[tuple[UUID, str]]:
    """List the kept texts of a dossier that nobody decided yet, seen from above the walls."""
    return above(
        "SELECT id, reason FROM dossier_kepttext WHERE dossier_id = %s AND decided_at IS NULL ORDER BY kept_at",
        case.dossier.pk,
    )


def kept_of(case: Case) -> list[str]:
    return [reason for _, reason in waiting(case)]
