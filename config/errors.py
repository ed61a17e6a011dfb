"""The pages for when something is wrong. None of them needs a database, a session or a user.

They are rendered without the request, so no context processor runs: a page for something that does
not exist is the same, byte for byte, for everybody. In the settings: CSRF_FAILURE_VIEW; in the URLconf:
handler404 = "config.errors.handler404", and so on.
"""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

from config.unavailable import is_unavailable

logger = logging.getLogger(__name__)

# What is shown when even a template cannot be rendered.
BARE_PAGE = (
    '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Er ging iets mis</title></head>'
    "<body><h1>Er ging iets mis</h1><p>Dit ligt niet aan u. Ga terug en probeer het nog een keer.</p>"
    "</body></html>"
)

UNREADABLE = (
    UnreadablePostError,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    MultiPartParserError,
)

# A field that may hold a secret is never shown back, whatever its length.
SECRET_WORDS = ("token", "csrf", "password", "passphrase", "wachtwoord", "code", "secret", "credential")


def standalone(template: str, status: int, context: dict[str, object] | None = None) -> HttpResponse:
    """One page that depends on nothing but its template and the context given here."""
    try:
        body = render_to_string(template, context)
    except Exception:
        logger.exception("the error page %s cannot be rendered", template)
        body = BARE_PAGE
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return standalone("errors/400.html", 400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return standalone("errors/403.html", 403)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return standalone("errors/404.html", 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error: that says whether it was ours, or of the server beneath us."""
    if is_unavailable(sys.exc_info()[1]):
        response = standalone("errors/503.html", 503, {"velden": typed_text(request)})
        response["Retry-After"] = "60"
        return response
    return standalone("errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: say so, and give back what was typed, for it is saved nowhere."""
    return standalone("errors/csrf.html", 403, {"velden": typed_text(request)})


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """The prose in a form that our own page sent; nothing for a form that came from another site."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    try:
        fields = list(request.POST.lists())
    except UNREADABLE:
        return []
    texts = [
        value
        for name, values in fields
        if not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
        if is_prose(value)
    ]
    return [(f"Tekst {number}", text) for number, text in enumerate(texts, start=1)]


def is_prose(value: str) -> bool:
    """Keys, dates, codes and choices hold no two spaces; what somebody wrote does."""
    return len(value.split()) > 2
