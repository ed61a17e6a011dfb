"""What every answer says to the browser beside its own headers, and what logging out takes along."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class HeadersMiddleware:
    """No other site may load what is ours; after logging out the browser keeps nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = request.resolver_match
        if match and match.url_name == "account_logout" and request.method == "POST":
            # Not the cookies: the session is deleted here, and a form in another tab gets its text back by the other.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
