"""Answer a request that comes too late, and hand back what was typed: it is kept nowhere else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

# A field that may hold a secret is never shown back.
SECRETS = ("csrf", "token", "password", "wachtwoord", "code", "secret")


def expired_page(request: HttpRequest) -> HttpResponse:
    """Say that the session ended: after a GET the login leads back, after a POST the text is shown."""
    return _page(request, typed(request))


def logged_out_page(request: HttpRequest) -> HttpResponse | None:
    """Give back what stood in a form of another tab when its writer logged out: nobody is here to keep it for.

    None when nothing was written: then the login page is answer enough.
    """
    texts = typed(request)
    return _page(request, texts, uitgelogd=True) if texts else None


def _page(request: HttpRequest, texts: list[tuple[str, str]], **context: object) -> HttpResponse:
    login = reverse(
        "account_login", query={"next": request.get_full_path()} if request.method == "GET" else {}
    )
    page = render_to_string(
        "errors/sessie_verlopen.html", {"velden": texts, "inloggen_url": login, **context}
    )
    return HttpResponse(page, status=403, headers={"Cache-Control": "no-store"})


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Collect the prose of a form that our own page sent; the CSRF check has not spoken yet."""
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    texts = [
        text
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRETS)
        for text in values
        if len(text.split()) > 2  # keys, dates and choices hold no two spaces
    ]
    return [(f"Tekst {number}", text) for number, text in enumerate(texts, start=1)]


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer who knocks too often (handler429 of the URLconf)."""
    return render(request, "accounts/te_vaak.html", status=429)
