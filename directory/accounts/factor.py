"""Judge how this session proved who is behind it, from the records allauth keeps in the session."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from directory.accounts import capacity

FRESH = 300  # before a capacity is taken; inside one the practice says


def passed_second_factor(request: HttpRequest) -> bool:
    """Say whether this session itself gave a code; that the account could give one is not enough."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def proofs_of(request: HttpRequest) -> tuple[str, ...]:
    """Name the proofs that count: a code, and for who has none yet the password."""
    return ("mfa",) if passed_second_factor(request) else ("password",)


def is_fresh(request: HttpRequest, *methods: str) -> bool:
    """Say whether one of these proofs was given a short while ago."""
    seconds = capacity.limit(request, "fresh") or FRESH
    records = get_authentication_records(request, request.user)
    return any(record["method"] in methods and time.time() - record["at"] < seconds for record in records)


def fresh_second_factor(request: HttpRequest) -> bool:
    """Say whether a code was given just now: asked before signing a contract, releasing or switching."""
    return is_fresh(request, "mfa")


def ask_again(request: HttpRequest, url: str | None = None) -> HttpResponse:
    """Send the reader to enter a code again, and back to this page (or to `url`) afterwards."""
    return redirect(reverse("confirm", query={"next": url or request.get_full_path()}))


def start_over(request: HttpRequest) -> HttpResponse:
    """Send who has no second factor yet, and logged in too long ago, back to the password."""
    logout(request)
    return redirect("account_login")


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Read where to go next; only a path of our own counts, anything else is a door for phishing."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    own = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if own else default
