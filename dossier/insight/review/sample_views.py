"""The monthly sample, the report of a month, and the numbers log review works with: for its officer alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from delegation.dates import show_day, show_moment
from delegation.errors import add_errors
from delegation.offices import Desk, demand, posted
from directory.access.doors import door
from directory.accounts.once import in_turn
from dossier.deviations import SETTINGS, SIGNALS
from dossier.models import ReviewSample, ReviewSetting
from dossier.models.review import Outcome

from . import actions, found
from .forms import NumbersForm
from .tabs import tabs

MONTHS = 6


@dataclass(frozen=True)
class Month:
    """One month as a choice."""

    value: str
    label: str
    drawn: bool
    here: bool


def _chosen(request: Desk, *, running: bool = False) -> date:
    """Read the month of the address; anything else is the newest that ended."""
    today = timezone.localdate()
    month = found.month_of(request.POST.get("maand") or request.GET.get("maand", ""))
    newest = today.replace(day=1) if running else found.earlier_months(today, 1)[0]
    return month if month and date(2000, 1, 1) <= month <= newest else newest


@door(verb="write", section="logcontrole", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def review_sample(request: Desk) -> HttpResponse:
    """Ordinary lookings of a month, chosen by lot: draw them, and judge each."""
    demand(request, "logcontrole", "write")
    month = _chosen(request)
    if request.method == "POST":
        try:
            actions.draw(by=request.user, month=month)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(reverse("review_sample", query={"maand": f"{month:%Y-%m}"}))
    drawn = {
        row.month: row for row in ReviewSample.objects.open_to(request.capacity).select_related("drawn_by")
    }
    earlier = found.earlier_months(timezone.localdate(), MONTHS)
    sample = drawn.get(month)
    lines = found.lines(request.capacity, found.sample(month)) if sample else []
    context = {
        "tabs": tabs(request, "review_sample"),
        "maand": f"{month:%Y-%m}",
        "maand_naam": found.show_month(month),
        "maanden": [Month(f"{m:%Y-%m}", found.show_month(m), m in drawn, m == month) for m in earlier],
        "trekking": sample,
        "getrokken_op": show_moment(sample.drawn_at) if sample else "",
        "regels": lines,
        "open": sum(line.state == found.OPEN for line in lines),
    }
    return render(request, "insight/steekproef.html", context)


@dataclass(frozen=True)
class Counts:
    """How many of one kind there were, and what came of them."""

    label: str
    total: int
    open: int
    explained: int
    asked: int
    breach: int


def _counts(label: str, lines: list[found.Line]) -> Counts:
    came = Counter(line.decisions[0].label if line.decisions else "" for line in lines)
    labels = [came[Outcome(value).label] for value in ("verklaard", "navraag", "inbreuk")]
    return Counts(label, len(lines), came[""], *labels)


@door(verb="read", section="logcontrole", side="practice")
@require_safe
def review_report(request: Desk) -> HttpResponse:
    """The report of a month, to print: per signal how many, what was decided, and what the sample gave."""
    demand(request, "logcontrole", "write")
    month = _chosen(request, running=True)
    today = timezone.localdate()
    last = min(found.next_month(month) - timedelta(days=1), today)
    lines = found.lines(request.capacity, found.signals(month, last))
    drawn = ReviewSample.objects.open_to(request.capacity).filter(month=month).first()
    judged = found.lines(request.capacity, found.sample(month)) if drawn else []
    choices = [today.replace(day=1), *found.earlier_months(today, MONTHS)]
    context = {
        "tabs": tabs(request, "review_report"),
        "praktijk": request.capacity.practice_name,
        "periode": f"{show_day(month)} t/m {show_day(last)}",
        "maanden": [Month(f"{m:%Y-%m}", found.show_month(m), False, m == month) for m in choices],
        "gemaakt": show_moment(timezone.now()),
        "rijen": [_counts(s.label, [line for line in lines if line.found.signal == s.code]) for s in SIGNALS],
        "totaal": _counts("Samen", lines),
        "steekproef": _counts("Steekproef", judged) if drawn else None,
        "eigen": sum(line.found.actor == request.user.pk for line in (*lines, *judged)),
    }
    return render(request, "insight/rapport.html", context)


@door(verb="write", section="logcontrole", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def review_settings(request: Desk) -> HttpResponse:
    """The numbers of log review, each with its default and why; what changes says why, too."""
    demand(request, "logcontrole", "write")
    rows = ReviewSetting.objects.open_to(request.capacity).select_related("set_by")
    known = {row.code: row for row in rows}
    initial = {code: known[code].value if code in known else s.default for code, s in SETTINGS.items()}
    form = NumbersForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_numbers(
                by=request.user, numbers=form.numbers(), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Vastgelegd." if changed else "Er is niets gewijzigd.")
            return redirect("review_settings")
    context = {
        "tabs": tabs(request, "review_settings"),
        "form": form,
        "anders": [
            (SETTINGS[row.code].label, row.value, row.reason, row.set_by.display_name)
            for row in known.values()
            if row.code in SETTINGS and row.value != SETTINGS[row.code].default
        ],
    }
    return render(request, "insight/getallen.html", context, status=400 if form.errors else 200)
