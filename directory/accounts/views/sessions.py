"""Show where one is logged in, and end what should not be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from directory.accounts.models import Session, key_hash

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Name a device as its owner would: "Firefox op Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " op ".join(part for part in (browser, system) if part) or "Onbekend apparaat"


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """List the live sessions of the reader."""
    own = key_hash(request.session.session_key)
    rows = Session.objects.filter(user=request.user, expire_date__gt=timezone.now()).order_by("-seen_at")
    sessions = [
        {"row": row, "device": device(row.user_agent), "own": row.pk == own}
        for row in rows.defer("session_data")
    ]
    return render(request, "accounts/sessies.html", {"sessions": sessions})


@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one other session of the reader, or all others; the own one ends by logging out."""
    others = Session.objects.filter(user=request.user).exclude(pk=key_hash(request.session.session_key))
    if which := request.POST.get("session"):
        others = others.filter(pk=which.replace("\0", ""))  # PostgreSQL takes no NUL, not even to compare
    others.delete()
    messages.success(request, "Beëindigd.")
    return redirect("session_list")
