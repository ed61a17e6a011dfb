"""Screens of competence and protocols: conclude or withdraw per task, read and confirm, publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegation.competence import protocol_actions
from delegation.competence.protocols import Protocol, ProtocolRead, ProtocolVersion
from delegation.dates import first_day, show_day, show_moment
from delegation.errors import add_errors
from delegation.offices import Desk, demand, may, posted
from directory.access.doors import door
from directory.accounts.once import in_turn, made_by
from directory.people.models import Practice


class PublishForm(forms.Form):
    """A version of a protocol; the name only for a new one."""

    name = forms.CharField(label="Naam van het protocol", max_length=120)
    position = forms.CharField(
        label="Positie", widget=forms.Textarea, help_text="Wie werkt ermee en in welke verhouding tot elkaar?"
    )
    division = forms.CharField(label="Taakverdeling", widget=forms.Textarea)
    responsibilities = forms.CharField(label="Verantwoordelijkheden", widget=forms.Textarea)


@dataclass(frozen=True)
class ProtocolRow:
    """One protocol in the list, with what the reader still has to do."""

    url: str
    name: str
    version: str
    since: str
    read: str
    to_read: bool


def _rows(request: Desk) -> list[ProtocolRow]:
    now, confirms = timezone.now(), may(request, "protocol", "confirm")
    found = Protocol.objects.open_to(request.capacity, "read").order_by("name")
    current: dict[UUID, ProtocolVersion] = {}
    versions = ProtocolVersion.objects.filter(protocol__in=found, in_force_from__lte=now)
    for version in versions.order_by("version"):
        current[version.protocol_id] = version
    read = dict(
        ProtocolRead.objects.filter(
            protocol_version__in=[version.pk for version in current.values()], user=request.user
        ).values_list("protocol_version", "read_at")
    )
    rows = []
    for protocol in found:
        newest = current.get(protocol.pk)
        read_at = read.get(newest.pk) if newest else None
        rows.append(
            ProtocolRow(
                url=reverse("protocol", args=[protocol.pk]),
                name=protocol.name,
                version=str(newest) if newest else "nog geen versie van kracht",
                since=show_day(first_day(newest.in_force_from)) if newest else "",
                read=_read(read_at, confirms),
                to_read=confirms and newest is not None and read_at is None,
            )
        )
    return rows


def _read(read_at: datetime | None, confirms: bool) -> str:
    """Say whether the reader confirmed it; of who is not asked to, nothing."""
    if read_at:
        return f"Gelezen op {show_day(first_day(read_at))}"
    return "Nog niet bevestigd" if confirms else ""


@door(verb="read", section="protocol", side="practice")
@require_safe
def protocols(request: Desk) -> HttpResponse:
    demand(request, "protocol", "read")
    context = {"rijen": _rows(request), "mag_publiceren": may(request, "protocol", "write")}
    return render(request, "delegation/protocols.html", context)


def _find(request: Desk, key: UUID) -> Protocol:
    demand(request, "protocol", "read")
    found = Protocol.objects.open_to(request.capacity, "read").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@door(verb="read", section="protocol", side="practice")
@require_safe
def protocol(request: Desk, key: UUID) -> HttpResponse:
    row = _find(request, key)
    version = protocol_actions.current_version(row.pk, timezone.now())
    read = None
    if version is not None:
        read = ProtocolRead.objects.filter(protocol_version=version, user=request.user).first()
    context = {
        "protocol": row,
        "versie": version,
        "sinds": show_day(first_day(version.in_force_from)) if version else "",
        "gelezen": show_moment(read.read_at) if read else "",
        "mag_publiceren": may(request, "protocol", "write"),
        "mag_bevestigen": may(request, "protocol", "confirm"),
    }
    return render(request, "delegation/protocol.html", context)


@door(verb="confirm", section="protocol", side="practice")
@require_POST
@in_turn
def protocol_read(request: Desk, key: UUID) -> HttpResponse:
    """Confirm the version that was on the screen, not one that came into force meanwhile."""
    demand(request, "protocol", "confirm")
    version = ProtocolVersion.objects.open_to(request.capacity, "read").filter(pk=key).first()
    if version is None:
        raise Http404
    protocol_actions.confirm_read(by=request.user, version=version)
    messages.success(request, "Bevestigd dat u deze versie hebt gelezen.")
    return redirect("protocol", key=version.protocol_id)


@door(verb="write", section="protocol", side="practice")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def protocol_publish(request: Desk, key: UUID | None = None) -> HttpResponse:
    """Publish a new protocol, or the next version of one, from the text of the version in force."""
    demand(request, "protocol", "write")
    row = _find(request, key) if key else None
    version = protocol_actions.current_version(row.pk, timezone.now()) if row else None
    texts = ("position", "division", "responsibilities")
    initial = {name: getattr(version, name) for name in texts} if version else {}
    form = PublishForm(posted(request), initial=initial)
    if row is not None:
        del form.fields["name"]
    if request.method == "POST" and form.is_valid():
        practice = Practice.objects.get(pk=request.capacity.practice_id)
        try:
            made = protocol_actions.publish_version(
                by=request.user, practice=practice, protocol=row, key=made_by(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Gepubliceerd: {made}. Wie ermee werkt, bevestigt deze eerst.")
            return redirect("protocol", key=made.protocol_id)
    context = {"form": form, "protocol": row}
    return render(request, "delegation/protocol_publish.html", context, status=400 if form.errors else 200)
