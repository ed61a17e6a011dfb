"""Every statement of a form that writes can fail: then all of it is there, or nothing, and the form can be sent again.

Counted at psycopg itself, so that what binds the capacity, the keys, the log, the session and the COMMIT take part. A
statement fails in two ways: the server refuses it, or the connection is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.domain.bad_input import CASE, RECORD, send, whole
from tests.domain.test_bad_input import newcomer
from tests.domain.test_delegation import Office
from tests.domain.test_pages import enter
from tests.walls.addresses import desk_of
from tests.walls.conftest import conninfo
from tests.world import World

# What a request writes although it fails, and must: who was refused, his session, his text.
BESIDE = r"^(access_log|access_sessioncontext|accounts_session|django_session|shared_cache|dossier_kepttext)"
KEY = re.compile(r'name="form_key" value="([^"]+)"')


@dataclass
class Form:
    """One form, ready to be sent by whoever may."""

    client: Client
    url: str
    fields: dict[str, Any]

    def sent(self) -> HttpResponse:
        self.client.raise_request_exception = False
        return send(self.client, self.url, self.fields)


def record(world: World, role: str, label: str, **fields: str) -> Form:
    desk = desk_of(world, role)
    return Form(desk.client, desk.urls[label], whole({**RECORD, **fields}))


def note(world: World) -> Form:
    return record(
        world, "bedrijfsarts", "record_new spreekuur", anamnese="Slaapt slecht.", doe="ondertekenen"
    )


def signature(world: World) -> Form:
    desk = desk_of(world, "bedrijfsarts")
    return Form(desk.client, desk.urls["record_sign concept"], {})


def amendment(world: World) -> Form:
    words = {"anamnese": "Slaapt beter.", "reason": "Aangevuld", "doe": "ondertekenen"}
    return record(world, "bedrijfsarts", "record_amend spreekuur", **words)


def share(world: World) -> Form:
    desk = desk_of(world, "bedrijfsarts")
    url, page = desk.urls["record_share spreekuur"], desk.client.get(desk.urls["record spreekuur"])
    offered = re.findall(r'name="met"[^>]*value="([^"]+)"|<option value="([^"]+)"', page.content.decode())
    return Form(desk.client, url, {"met": next(value for pair in offered for value in pair if value)})


def sickness(world: World) -> Form:
    return record(world, "casemanager", "record_new ziekmelding", **CASE, doe="ondertekenen")


def notice(world: World) -> Form:
    desk = desk_of(world, "bedrijfsarts")
    client = enter(newcomer(world, desk))
    key = KEY.search(client.get(desk.urls["notice_give"]).content.decode())
    assert key
    said = {"function": "verpleegkundige", "task": "anamnese", "reachable": "per telefoon", "wie": ""}
    moment = {"right_to_speak": "on", "given_at": "2026-01-05T10:00", "means": "gesprek"}
    return Form(client, desk.urls["notice_give"], said | moment | {"form_key": key[1]})


def contract(world: World) -> Form:
    office = Office.opens(world)
    row = office.drafts(office.delegate())
    client, url = enter(office.physician), reverse("contract_sign", args=[row.pk])
    asked = re.findall(r'name="((?:how|limits)-[^"]+)"', client.get(url).content.decode())
    return Form(client, url, dict.fromkeys(asked, "Meegekeken."))


def suspension(world: World) -> Form:
    desk = desk_of(world, "bedrijfsarts")
    return Form(desk.client, desk.urls["contract_suspend lopend"], {"reason": "Even niet"})


FORMS: dict[str, Callable[[World], Form]] = {
    form.__name__: form
    for form in (note, signature, amendment, share, sickness, notice, contract, suspension)
}


@contextmanager
def failing(at: int, how: Callable[[Any], None]) -> Iterator[list[str]]:
    """Let the statement with this number fail; nought lets none. Yields the statements that were begun."""
    begun: list[str] = []
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def step(connection: Any, what: str) -> None:
        begun.append(what)
        if len(begun) == at:
            how(connection)

    def executing(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        step(cursor.connection, str(query))
        return execute(cursor, query, *arguments, **options)

    def committing(connection: Any) -> None:
        step(connection, "COMMIT")
        commit(connection)

    psycopg.Cursor.execute, psycopg.Connection.commit = executing, committing  # type: ignore[method-assign]
    try:
        yield begun
    finally:
        psycopg.Cursor.execute, psycopg.Connection.commit = execute, commit  # type: ignore[method-assign]
        for each in connections.all(initialized_only=True):
            each.close_if_unusable_or_obsolete()


def refused(connection: Any) -> None:
    raise psycopg.OperationalError("a statement was refused by the test")


def cut_off(connection: Any) -> None:
    """The server ends the connection, as when its process was killed: the statement then fails by itself."""
    with psycopg.connect(conninfo("postgres"), autocommit=True) as above:
        above.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])


def counts() -> dict[str, int]:
    """Count every table. A change of a row is a row in its history, so nothing changes unseen."""
    with psycopg.connect(conninfo("postgres")) as above:
        tables = above.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ %s",
            [BESIDE],
        ).fetchall()
        asking = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM public.\"{name}\"" for (name,) in tables)
        return dict(above.execute(asking).fetchall())


def more(before: dict[str, int]) -> dict[str, int]:
    after = counts()
    return {name: after[name] - n for name, n in before.items() if after[name] != n}


@pytest.mark.slow
@pytest.mark.parametrize("how", [refused, cut_off])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_which_any_statement_fails_is_recorded_whole_or_not_at_all(
    world: World, name: str, how: Callable[[Any], None]
) -> None:
    whole_form = FORMS[name](world)
    before = counts()
    with failing(0, refused) as statements:
        answer = whole_form.sent()
    assert answer.status_code == 302, answer.content.decode()[:2000]
    everything, number = more(before), len(statements)
    assert everything
    assert "COMMIT" in statements

    form = FORMS[name](world)
    before, done = counts(), 0
    # Of a connection that is cut off every third statement is enough: it costs a new connection each.
    for k in range(1, number + 1, 1 if how is refused else 3):
        with failing(k, how):
            answer = form.sent()
        found = more(before)
        assert found in ({}, everything), f"half of it after statement {k}: {statements[k - 1]}"
        assert answer.status_code in (302, 500, 503), (k, answer.status_code)
        if answer.status_code >= 500:
            page = answer.content.decode()
            assert '<html lang="nl"' in page, k
            assert "refused by the test" not in page, k
            assert "Traceback" not in page, k
        if done := done or bool(found):
            break  # what was done before the answer was lost is not done again: see the next lines
    answer = form.sent()
    assert answer.status_code in (200, 302, 403, 409), answer.status_code
    assert more(before) == everything, "the same form sent again is one act"


def test_the_statements_that_fail_are_those_of_everything_a_request_does(world: World) -> None:
    """The test can fail: it meets the capacity, the key store, the log and the commit."""
    form = note(world)
    with failing(0, refused) as statements:
        form.sent()
    said = "\n".join(statements)
    for what in (
        "set_config('app.session'",
        "access_open",
        "keys_add",
        "medical_record",
        "access_note",
        "COMMIT",
    ):
        assert what in said, what
