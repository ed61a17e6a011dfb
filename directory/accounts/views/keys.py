"""The keys that work everywhere, and whether the single letters among them do (WCAG 2.1.4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directory.accounts import actions

KEYS = (
    ("/", "Naar het zoekveld"),
    ("g d", "Naar Vandaag"),
    ("g t", "Naar wat op u wacht"),
    ("g c", "Naar Concepten"),
)
ALWAYS = (("Ctrl + Enter", "Bewaren als concept, terwijl u in een formulier schrijft"),)


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys; sent, switch the single letters on or off for this account."""
    if request.method == "POST":
        on = request.POST.get("toetsen") == "aan"
        actions.set_single_keys(by=request.user, on=on)
        messages.success(request, f"Losse toetsen staan {'aan' if on else 'uit'}.")
        return redirect("keys")
    return render(request, "accounts/toetsen.html", {"los": KEYS, "altijd": ALWAYS})
