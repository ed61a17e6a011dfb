"""Whose address is it? Only our own proxies are believed, and each adds one address at the end of the list.

The address stands in the access log and limits how often one may try to log in: no header of a caller may set it.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ProxyMiddleware:
    """Put the address of the caller in REMOTE_ADDR, as the outermost of our own proxies saw it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.PROXIES:
            said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(said) >= settings.PROXIES and _is_address(seen := said[-settings.PROXIES].strip()):
                request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
