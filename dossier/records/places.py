"""Addresses that say nothing: a place is a short code that only this dossier knows it by.

A letter per kind would be learned within a week; browser histories and proxies would then tell of a voluntary
contact. So the code is derived from the dossier, too, and means nothing elsewhere.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.crypto import salted_hmac

from .base import Header
from .kinds import Place, place_for, places

LENGTH = 10


def code_of(dossier: UUID, place: Place) -> str:
    """Return the code by which a dossier knows a place."""
    words = f"{dossier}|{place.kind.code}|{place.section}|{place.purpose}"
    return salted_hmac("tweeluik.place", words, algorithm="sha256").hexdigest()[:LENGTH]


def place_of(dossier: UUID, code: str) -> Place:
    """Find the place of a code. Raises Http404 for a code this dossier does not know."""
    for place in places():
        if code_of(dossier, place) == code:
            return place
    raise Http404


def new_url(dossier: UUID, place: Place) -> str:
    return reverse("record_new", args=[dossier, code_of(dossier, place)])


def record_url(record: Header, name: str = "record") -> str:
    """Return the address of a record, or of one of its verbs; empty when its kind is not known here."""
    place = place_for(record)
    if place is None:
        return ""
    return reverse(name, args=[record.dossier_id, code_of(record.dossier_id, place), record.pk])
