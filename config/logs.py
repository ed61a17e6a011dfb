"""What may stand in a log: where it went wrong, never the values it went wrong with.

A line names a route, never a path: an invitation stands in its path, and whoever types an address types what he likes.
Who looked at what stands in the access log, and nowhere else.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from django.http import HttpRequest
from django.http.response import HttpResponseBase

access = logging.getLogger("tweeluik.request")
# One number per request, of our own making: it ties the lines of a request together and says nothing else.
_request: ContextVar[str] = ContextVar("request", default="-")


class RequestMiddleware:
    """Give every request its number, and write one line when it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        mark, began = _request.set(secrets.token_hex(8)), time.monotonic()
        try:
            response = self.get_response(request)
            facts = {
                "method": request.method if request.method in METHODS else "other",
                "route": route_of(request),
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
            }
            access.info("request", extra={"facts": facts})
            return response
        finally:
            _request.reset(mark)


METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


def route_of(request: HttpRequest) -> str:
    """Name the address by its route; a path that leads nowhere has no name."""
    match = request.resolver_match
    return (match.url_name if match else None) or "-"


class WithoutValues(logging.Formatter):
    """Shows an exception by its type and place. Its text may quote a row: PostgreSQL's messages do."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            lines[:0] = [*traceback.format_tb(error.__traceback__), kind]
            error = error.__cause__ or error.__context__
        return "\n".join(line.rstrip() for line in lines)


class AsJson(WithoutValues):
    """One object per line, for whatever gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": _request.get(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["where"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(line, ensure_ascii=False)


def by_route(record: logging.LogRecord) -> bool:
    """Take the path out of what Django says about a request."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        record.msg = "%s %s %s"
        record.args = (getattr(record, "status_code", "-"), request.method, route_of(request))
    return True


def handler(form: str = "text") -> logging.Handler:
    """Write to standard error: systemd or the container keeps it."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(
        AsJson() if form == "json" else WithoutValues("{asctime} {levelname} {name}: {message}", style="{")
    )
    made.addFilter(by_route)
    return made
