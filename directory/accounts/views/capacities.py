"""Choose in which capacity to work: exactly one at a time, on every page visible."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.access.context import NoCapacity, engagements_of
from directory.accounts import capacity, factor
from directory.people.models import Role

# What a side opens, in the words of the screen, and the colour it has there.
SIDES = {
    "medical": ("medisch", "Medisch dossier en procesdossier"),
    "signal": ("proces", "Procesdossier en signalering"),
    "process": ("proces", "Procesdossier"),
    "desk": ("proces", "Agenda en verzending"),
    "employer": ("werkgever", "Werkgeversdeel van de werknemers die u begeleidt"),
    "admin": ("beheer", "Medewerkers en praktijk, geen dossiers"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """List the live engagements as cards; with one there is nothing to choose."""
    if not factor.fresh_second_factor(request):
        return factor.ask_again(request)
    onward = factor.safe_next(request)
    engagements = engagements_of(request.user.pk)
    chosen = request.POST.get("engagement")
    if request.method == "GET" and len(engagements) == 1 and capacity.CHOSEN not in request.session:
        chosen = str(engagements[0]["id"])
    if chosen:
        try:
            capacity.take(request, chosen)
        except NoCapacity:
            messages.error(request, "In deze hoedanigheid kunt u nu niet werken. Kies een andere.")
        else:
            return redirect(onward)
    now = request.session.get(capacity.CHOSEN, {}).get("engagement")
    cards = [
        {
            "id": engagement["id"],
            "role": Role(engagement["role"]).label,
            "practice": engagement["practice_name"],
            "side": SIDES[engagement["side"]][0],
            "reach": SIDES[engagement["side"]][1],
            "current": str(engagement["id"]) == now,
        }
        for engagement in engagements
    ]
    return render(request, "accounts/hoedanigheid.html", {"cards": cards, "next": onward})
