"""Two questions of whoever keeps the server up: does it live, and may it serve? The answer is a word, and no more.

Answered before anything else: before sessions, hosts and HTTPS, so that a probe on the machine itself gets an answer.
What is wrong stands in the log, never on the page.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

logger = logging.getLogger("tweeluik.health")
LIVES, READY = "/healthz", "/healthz/gereed"
FRESH = 5.0  # seconds an answer holds: asking costs connections, and anybody can ask


class HealthMiddleware:
    """Answer the two addresses; pass on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._turn = threading.Lock()
        self._asked, self._ready = -FRESH, False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in (LIVES, READY):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return _answer("niet toegestaan", 405)
        if request.path_info == LIVES or self.is_ready():
            return _answer("goed", 200)
        return _answer("niet gereed", 503)

    def is_ready(self) -> bool:
        with self._turn:
            if time.monotonic() - self._asked > FRESH:
                self._ready = not missing()
                self._asked = time.monotonic()
            return self._ready


def missing() -> list[str]:
    """Name what keeps this server from serving, and log it. In words of ours: an error text may hold an address."""
    found = []
    for what, holds in CHECKS.items():
        try:
            if not holds():
                found.append(what)
        except Exception as error:  # whatever it is, it keeps us from serving
            found.append(f"{what} ({type(error).__name__})")
    if found:
        logger.error("not ready: %s", ", ".join(found))
    return found


def database_answers() -> bool:
    return _ask("default", "SELECT 1") == 1


def keys_answer() -> bool:
    """By the function that reading a dossier calls, for no key at all."""
    return _ask("keys", "SELECT count(*) FROM keys_fetch('{}')") == 0


def capacities_can_begin() -> bool:
    return _ask("begin", "SELECT 1") == 1


def log_can_be_written() -> bool:
    """The month of now and the next one: without either, reading stops at midnight."""
    now = datetime.now(UTC)
    months = {f"public.access_log_{day:%Y_%m}" for day in (now, now.replace(day=1) + timedelta(days=32))}
    asking = "SELECT count(*) FROM unnest(%s::text[]) m WHERE to_regclass(m) IS NOT NULL"
    return _ask("default", asking, list(months)) == len(months)


def migrations_are_applied() -> bool:
    """Everything this code brings; more is fine, for the next version migrates before it serves."""
    loader = MigrationLoader(connections["default"])
    try:
        return set(loader.graph.nodes) <= set(loader.applied_migrations) | set(loader.replacements)
    finally:
        connections["default"].close_if_unusable_or_obsolete()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "key store": keys_answer,
    "login that begins capacities": capacities_can_begin,
    "log partitions": log_can_be_written,
    "migrations": migrations_are_applied,
}


def _ask(alias: str, question: str, *parameters: object) -> object:
    connection = connections[alias]
    connection.close_if_health_check_failed()
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchone()[0]


def _answer(word: str, status: int) -> HttpResponse:
    return HttpResponse(
        f"{word}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
