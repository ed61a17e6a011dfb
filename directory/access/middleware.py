"""One transaction around view, rendering and commit; the first byte leaves after the log row stands.

Not ATOMIC_REQUESTS: a TemplateResponse renders after its commit, and would show an empty medical page with status 200.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from . import log
from .context import Acting, NoCapacity, acting, bound, capacity_of, is_acting
from .doors import door_of
from .keystore import KeyGone
from .refusals import NotFound, Refusal
from .words import words_of

logger = logging.getLogger("tweeluik.access")
SAFE = ("GET", "HEAD", "OPTIONS")


class CapacityMiddleware:
    """Bind the chosen capacity around everything that is not a login page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_anonymous or self._runs_bare(request):
            return self._private(request, self.get_response(request))
        capacity = capacity_of(request)
        if capacity is None:
            return redirect("capacity_choose")
        request.capacity = capacity  # type: ignore[attr-defined]
        now: Acting | None = None
        try:
            with bound(capacity, reason=_reason(request), origin=_origin(request)) as now:
                response = self.get_response(request)
                if response.streaming:
                    raise NoCapacity("a streaming response would run after the commit")
                if _rolls_back(request, response):
                    transaction.set_rollback(True)
        except NoCapacity:
            logger.exception("a response was withheld")
            response = self._broken()
        if response.status_code >= 500 and now is not None:
            log.refused(now, kind="error", code=str(response.status_code))
        return self._private(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into its page. Anything else is Django's, and ends as 404, 403 or 500."""
        if not is_acting():
            return None
        if isinstance(exception, Refusal):
            return refusal_response(request, exception)
        if isinstance(exception, KeyGone):
            return refusal_response(request, Refusal("key_gone"))
        if isinstance(exception, DatabaseError) and sqlstate(exception) == "42501":
            return database_refusal(request, exception)
        return None

    @staticmethod
    def _runs_bare(request: HttpRequest) -> bool:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return True  # nothing there: the 404 page needs no capacity
        found = door_of(match.func, match.url_name)
        return found is not None and found.bare

    @staticmethod
    def _private(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(request.user, AnonymousUser):
            response["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _broken() -> HttpResponse:
        return HttpResponse(render_to_string("errors/500.html"), status=500)


def refusal_response(request: HttpRequest, refusal: Refusal, **extra: object) -> HttpResponse:
    """Show why not. Without a grant: the very page that something non-existent gets."""
    if request.method not in SAFE:  # the transaction rolls back, and its log row with it
        log_refusal(refusal.code, refusal.ask)
    if isinstance(refusal, NotFound):
        return HttpResponse(render_to_string("errors/404.html"), status=404)
    words = words_of(refusal.code, refusal.answer)
    facts = {**refusal.facts}
    page = render_to_string(
        "errors/weigering.html",
        {
            "wat": words.what.format_map(_Facts(facts)),
            "hoe": words.how.format_map(_Facts(facts)),
            "bron": words.source,
            "soort": "nog_niet" if "not_yet" in (refusal.answer, words.answer) else "mag_niet",
            **extra,
        },
        request=request,
    )
    return HttpResponse(page, status=refusal.status)


def log_refusal(code: str, ask: str = "") -> None:
    """Log what is refused while its transaction rolls back, with the dossier and asks it was about."""
    now = acting()
    dossier, asks = now.asked or (None, ())
    log.refused(now, kind="refused", code=code, dossier=dossier, asks=[ask] if ask else asks)


class _Facts(dict[str, str]):
    """A fact a page does not have is left out of the sentence, never shown as a brace."""

    def __missing__(self, key: str) -> str:
        return "…"


def sqlstate(error: BaseException) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def hint(error: BaseException) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "message_hint", "") or "")


def database_refusal(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """The second lock spoke. An ended capacity goes back to choosing; anything else is an alarm."""
    transaction.set_rollback(True)
    code = hint(error) or "wall"
    log_refusal(code)
    if code in ("capacity_ended", "no_capacity"):
        request.session.pop("capacity", None)
        messages.error(request, words_of("capacity_ended").what)
        return cast(HttpResponse, redirect("capacity_choose"))
    logger.warning("the database refused what the application allowed: %s %s", request.method, code)
    response = HttpResponse(render_to_string("errors/403.html"), status=403)
    response.refused_by_database = True  # type: ignore[attr-defined]
    return response


def _rolls_back(request: HttpRequest, response: HttpResponseBase) -> bool:
    if (
        getattr(response, "refused_by_database", False)
        or response.status_code >= 500
        or response.status_code == 409
    ):
        return True
    return request.method not in SAFE and response.status_code in (403, 404)


def _reason(request: HttpRequest) -> str:
    match = resolve(request.path_info)
    return match.url_name or ""


def _origin(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
