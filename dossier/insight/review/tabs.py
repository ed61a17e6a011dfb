"""The pages of log review, beside each other. The menu decides nothing: each page asks the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from delegation.offices import Desk, may

PAGES = (
    ("log_review", "Log", "write"),
    ("review_signals", "Signalen", "read"),
    ("review_sample", "Steekproef", "write"),
    ("review_report", "Rapport", "write"),
    ("review_settings", "Getallen", "write"),
)


@dataclass(frozen=True)
class Tab:
    """One page, as the part `insight/_logcontrole.html` reads it."""

    url: str
    label: str
    actief: bool


def tabs(request: Desk, here: str) -> list[Tab]:
    """List the pages this capacity has; for one page alone there is nothing to choose."""
    reviews = may(request, "logcontrole", "write")
    found = [
        Tab(reverse(name), label, name == here) for name, label, verb in PAGES if reviews or verb == "read"
    ]
    return found if len(found) > 1 else []
