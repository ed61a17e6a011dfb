"""What whoever keeps the server up meets: probes, logs, addresses, and pages when something beneath us is away."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config import errors, health, keyfiles, logs, proxies
from config.unavailable import is_unavailable
from tests.domain.bad_input import send
from tests.walls.addresses import desk_of
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "ALLOWED_HOSTS": "tweeluik.example",
    "DATABASE_URL": "postgresql://tweeluik_app@/niet",
    "BEGIN_DATABASE_URL": "postgresql://tweeluik_begin@/niet",
    "KEYS_DATABASE_URL": "postgresql://tweeluik_keys@/niet",
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
}


# --- probes ---------------------------------------------------------------------------------------------------


def probe() -> health.HealthMiddleware:
    return health.HealthMiddleware(lambda request: HttpResponse("een pagina"))


def test_it_lives_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> object:
        raise AssertionError("liveness asks nothing of a database")

    monkeypatch.setattr(psycopg.Cursor, "execute", away)
    answer = Client().get("/healthz", headers={"host": "ergens.anders"})
    assert (answer.status_code, answer.content) == (200, b"goed\n")
    assert answer["Cache-Control"] == "no-store"


def test_it_is_ready_when_all_it_needs_is_there() -> None:
    assert health.missing() == []
    assert probe()(RequestFactory().get(health.READY)).status_code == 200


@pytest.mark.parametrize("what", list(health.CHECKS))
@pytest.mark.parametrize("how", ["says no", "raises"])
def test_what_is_missing_stands_in_the_log_and_not_on_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, what: str, how: str
) -> None:
    def fails() -> bool:
        if how == "raises":
            raise OperationalError("connection to server at 10.0.0.7 failed")
        return False

    monkeypatch.setitem(health.CHECKS, what, fails)
    answer = probe()(RequestFactory().get(health.READY))
    assert (answer.status_code, answer.content) == (503, b"niet gereed\n")
    assert what in caplog.text
    assert "10.0.0.7" not in caplog.text


def test_a_month_of_the_log_that_is_not_there_is_seen_before_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(health, "_ask", lambda alias, question, months: asked.append(months) or 1)
    assert not health.log_can_be_written()
    assert len(asked[0]) == 2


def test_an_answer_is_kept_for_a_moment_so_that_asking_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(health, "missing", lambda: asked.append(1) or [])
    probing = probe()
    for _ in range(50):
        assert probing(RequestFactory().get(health.READY)).status_code == 200
    assert len(asked) == 1


def test_a_probe_takes_no_form_and_everything_else_goes_on() -> None:
    assert probe()(RequestFactory().post(health.LIVES)).status_code == 405
    assert probe()(RequestFactory().get("/healthz/meer")).content == b"een pagina"


# --- logs -----------------------------------------------------------------------------------------------------


def line_of(record: logging.LogRecord) -> str:
    logs.by_route(record)
    return logs.handler("json").format(record)


def test_a_line_names_the_route_and_never_the_path_or_the_query(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_of(world, "bedrijfsarts")
    with caplog.at_level(logging.INFO, "tweeluik.request"):
        desk.client.get(desk.urls["dossier"], {"naam": "Vermeulen"})
        Client().get("/uitnodiging/een-geheime-link/")
        Client().get("/Vermeulen-Jansen/")
    lines = [line_of(record) for record in caplog.records]
    said = "\n".join(lines)
    for word in ("Vermeulen", "geheime", str(desk.case.dossier.pk)):
        assert word not in said
    routes = [json.loads(line).get("route") for line in lines if '"route"' in line]
    assert {"dossier", "invitation", "-"} <= set(routes)


def test_the_lines_of_one_request_carry_one_number_of_our_own_making(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        said.append(
            json.loads(logs.AsJson().format(logging.makeLogRecord({"msg": "iets", "levelname": "INFO"})))
        )
        return HttpResponse()

    said: list[dict[str, Any]] = []
    for _ in range(2):
        logs.RequestMiddleware(view)(RequestFactory().get("/", headers={"x-request-id": "van-buiten"}))
    first, second = (line["request"] for line in said)
    assert len(first) == len(second) == 16
    assert first != second


def test_an_error_is_logged_by_its_place_and_not_by_its_text() -> None:
    name = "".join(("Ver", "meulen"))  # not whole in the source: a line of the source is shown
    text = f"Key (surname)=({name}) already exists"
    try:
        raise psycopg.errors.UniqueViolation(text)
    except psycopg.Error:
        made = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 1, "mislukt", (), sys.exc_info())
    line = json.loads(logs.handler("json").format(made))
    assert "Vermeulen" not in json.dumps(line)
    assert line["where"][-1] == "psycopg.errors.UniqueViolation"


def test_a_line_break_in_a_message_stays_in_its_line() -> None:
    said = logging.makeLogRecord({"msg": 'a\nb\r\n{"level": "INFO"}\u2028c', "levelname": "INFO"})
    line = logs.handler("json").format(said)
    assert len(line.split("\n")) == 1
    assert json.loads(line)["level"] == "INFO"
    assert "\r" not in line


# --- when something beneath us is away ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("x"), True),
        (psycopg.errors.DiskFull("x"), True),
        (psycopg.errors.AdminShutdown("x"), True),
        (psycopg.errors.CheckViolation('no partition of relation "access_log" found for row'), True),
        (psycopg.errors.CheckViolation("new row violates check constraint"), False),
        (psycopg.errors.InsufficientPrivilege("x"), False),
        (ValueError("x"), False),
    ],
)
def test_what_is_away_is_told_from_what_is_wrong(error: Exception, away: bool) -> None:
    wrapped = RuntimeError("x")
    wrapped.__cause__ = error
    assert is_unavailable(error) is away
    assert is_unavailable(wrapped) is away


def test_what_was_typed_is_given_back_when_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    desk.client.raise_request_exception = False

    def away(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("directory.people.actions.add_employer", away)
    answer = send(desk.client, desk.urls["client_add"], {"name": "Bakkerij van der Veen"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert "Even niet bereikbaar" in page
    assert "Bakkerij van der Veen" in page
    assert "closed the connection" not in page


def test_an_error_of_ours_stays_an_error_of_ours() -> None:
    try:
        raise ValueError("Vermeulen")
    except ValueError:
        answer = errors.handler500(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Vermeulen" not in answer.content.decode()


# --- whose address --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "said", "seen"),
    [
        (0, "6.6.6.6", "10.0.0.1"),  # nobody stands in front, so nobody is believed
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "8.8.8.8, 6.6.6.6", "6.6.6.6"),  # what the caller made up stands before what our proxy saw
        (2, "8.8.8.8, 6.6.6.6, 10.0.0.2", "6.6.6.6"),
        (2, "6.6.6.6", "10.0.0.1"),  # it did not pass both: then none of it
        (1, "<script>", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_header_that_anybody_can_send_does_not_set_the_address(
    settings: Any, own: int, said: str, seen: str
) -> None:
    settings.PROXIES = own
    request = RequestFactory().get("/", headers={"x-forwarded-for": said}, REMOTE_ADDR="10.0.0.1")
    proxies.ProxyMiddleware(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == seen


# --- headers --------------------------------------------------------------------------------------------------

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/inloggen/", "/nergens/"])
def test_every_answer_tells_the_browser_to_keep_it_to_itself(world: World, path: str) -> None:
    for client in (Client(), desk_of(world, "bedrijfsarts").client):
        answer = client.get(path)
        assert {name: answer[name] for name in EXPECTED} == EXPECTED
        policy = answer["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy
        assert "unsafe" not in policy


def test_what_is_behind_the_login_is_kept_nowhere(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    for path in ("/", desk.urls["dossier"], "/nergens/"):
        assert desk.client.get(path)["Cache-Control"] == "no-store", path


def test_logging_out_empties_the_browser_and_looking_at_the_page_does_not(world: World) -> None:
    client = desk_of(world, "bedrijfsarts").client
    assert "Clear-Site-Data" not in client.get("/uitloggen/")
    assert client.post("/uitloggen/")["Clear-Site-Data"] == '"cache", "storage"'


# --- production -----------------------------------------------------------------------------------------------


def production(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    keyfiles.make(folder / "keys", keyfiles.WRAPPING_KEY)
    keyfiles.make(folder / "keys", keyfiles.SECRET_KEY)
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    settings = {
        **PRODUCTION,
        "TWEELUIK_KEYS_DIR": str(folder / "keys"),
        "STATIC_ROOT": str(folder / "static"),
    }
    environment = {name: value for name, value in (clean | settings | changed).items() if value}
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_settings_of_a_practice_pass_the_checks_for_deployment(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    done = production(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_cookies_and_headers_of_a_practice(tmp_path: Path) -> None:
    """Asked of the very settings: HTTPS for a year, cookies that no other site or path can set."""
    production(tmp_path)
    names = (
        "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    )
    code = (
        "import json, django; from django.conf import settings as s; "
        f"print(json.dumps([*(getattr(s, n) for n in {names.split()}), s.SECURE_HSTS_SECONDS, s.DEBUG]))"
    )
    environment = {
        **PRODUCTION,
        "PATH": os.environ["PATH"],
        "TWEELUIK_KEYS_DIR": str(tmp_path / "keys"),
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    said = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True)
    assert json.loads(said) == ["__Host-session", "__Host-csrf", True, True, True, 31_536_000, False]


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "BEGIN_DATABASE_URL", "KEYS_DATABASE_URL", "STATIC_ROOT", "ALLOWED_HOSTS"]
)
def test_a_practice_does_not_start_with_an_address_forgotten(tmp_path: Path, name: str) -> None:
    done = production(tmp_path, **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize("name", [keyfiles.WRAPPING_KEY, keyfiles.SECRET_KEY])
def test_a_practice_does_not_start_without_its_keys_or_with_keys_that_others_can_read(
    tmp_path: Path, name: str
) -> None:
    assert production(tmp_path).returncode == 0
    (tmp_path / "keys" / name).chmod(0o644)
    assert "chmod 600" in production(tmp_path).stderr
    keyfiles.make(tmp_path, name)
    empty = tmp_path / "elders"
    empty.mkdir(mode=0o700)
    assert "ontbreekt" in production(tmp_path, TWEELUIK_KEYS_DIR=str(empty)).stderr


def test_an_invitation_is_an_address_of_which_the_log_keeps_the_name() -> None:
    assert reverse("invitation", args=["geheim"]).endswith("geheim/")
