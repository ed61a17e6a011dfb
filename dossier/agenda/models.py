"""Where and when people are seen: rooms, blocks and appointments. Coded throughout: there is no text about anybody."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people.models.constraints import Moments

from . import walls
from .kinds import BLOCK, KINDS, label_of

TAKEN = "Op dit tijdstip is deze agenda niet vrij. Kies een ander tijdstip."
ROOM_TAKEN = "Deze ruimte is op dit tijdstip niet vrij. Kies een andere ruimte of een ander tijdstip."
EMPLOYEE_TAKEN = "De werknemer heeft op dit tijdstip al een afspraak. Kies een ander tijdstip."


class Room(models.Model):
    """A room of one of the practice's locations: one consult at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("reference.Location", models.PROTECT, related_name="rooms")
    name = models.CharField("naam", max_length=60)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="room_name_once",
                violation_error_message="Deze locatie heeft al een ruimte met deze naam.",
            ),
            walls.room_wall("agenda_room_wall"),
        ]

    def __str__(self) -> str:
        return f"{self.location.name}, {self.name}"


class State(models.TextChoices):
    PLANNED = "planned", "gepland"
    HELD = "held", "gehouden"
    NO_SHOW = "no_show", "niet verschenen"
    CANCELLED = "cancelled", "afgezegd"


class Reason(models.TextChoices):
    """Who called it off, never why: a reason in words would be about health."""

    EMPLOYEE = "werknemer", "de werknemer heeft afgezegd"
    PRACTICE = "praktijk", "de praktijk heeft afgezegd"
    MISTAKE = "vergissing", "de afspraak was een vergissing"


def _known_kind() -> Q:
    found = Q(kind=BLOCK, section="", side="process", dossier__isnull=True, block__isnull=True)
    for kind in KINDS.values():
        found |= Q(
            kind=kind.code,
            section=kind.section,
            side=kind.side,
            dossier__isnull=False,
            block__isnull=not kind.hidden,
        )
    return found


def _once(name: str, key: str, side: str, message: str) -> ExclusionConstraint:
    """Refuse the same time twice, among rows of one side: a hidden row never answers for an ordinary one."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Moments("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
            (key, RangeOperators.EQUAL),
        ],
        condition=Q(side=side) & ~Q(state="cancelled"),
        violation_error_message=message,
    )


def _whole_minute(field: str) -> Q:
    minute = models.Func(
        models.Value("minute"),
        F(field),
        models.Value("UTC"),
        function="date_trunc",
        output_field=models.DateTimeField(),
    )
    return Q(**{field: minute})


class Entry(models.Model):
    """One taken time in the calendar of a professional: a published block, or an appointment of an employee.

    A kind that is secret by its existence (side `medical`) lies inside a block, in the room of the block. For everybody
    else the block is all there is, and it is the same empty or full.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    engagement = models.ForeignKey("people.Engagement", models.PROTECT, related_name="+")
    professional = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, null=True, related_name="appointments")
    block = models.ForeignKey("self", models.PROTECT, null=True, related_name="inside")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    section = models.CharField(max_length=24, blank=True)
    side = models.CharField(max_length=10)
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["practice", "starts_at"], name="entry_of_day"),
            models.Index(fields=["dossier", "-starts_at"], name="entry_of_dossier"),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_known_kind",
                condition=_known_kind(),
                violation_error_message="Kies een soort uit de lijst. Een vrijwillig consult valt in een blok.",
            ),
            models.CheckConstraint(
                name="entry_known_state",
                condition=Q(kind=BLOCK, state__in=["planned", "cancelled"])
                | (~Q(kind=BLOCK) & Q(state__in=State.values)),
            ),
            models.CheckConstraint(
                name="entry_reason_of_cancelling",
                condition=(Q(state="cancelled") & (Q(reason__in=Reason.values) | Q(kind=BLOCK, reason="")))
                | (~Q(state="cancelled") & Q(reason="")),
                violation_error_message="Kies wie de afspraak afzegt.",
            ),
            models.CheckConstraint(
                name="entry_whole_minutes", condition=_whole_minute("starts_at") & _whole_minute("ends_at")
            ),
            models.CheckConstraint(
                name="entry_lasts",
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=F("starts_at") + models.Value(timedelta(hours=12))),
                violation_error_message="Een afspraak of blok duurt hoogstens twaalf uur.",
            ),
            _once("entry_calendar_once", "engagement", "process", TAKEN),
            _once("entry_in_block_once", "engagement", "medical", TAKEN),
            _once("entry_room_once", "room", "process", ROOM_TAKEN),
            _once("entry_employee_once", "dossier", "process", EMPLOYEE_TAKEN),
            _once("entry_employee_in_block_once", "dossier", "medical", EMPLOYEE_TAKEN),
            *walls.ENTRY,
            walls.Functions(name="agenda_functions", sql=walls.SQL),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        return walls.seen(verb)

    @property
    def label(self) -> str:
        return label_of(self.kind)

    @property
    def hidden(self) -> bool:
        return self.side == "medical"


class Feed(models.Model):
    """A secret address from which a calendar program reads when somebody is taken. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    engagement = models.ForeignKey("people.Engagement", models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(revoked_at__isnull=True), name="feed_open_once"
            ),
            *walls.FEED,
        ]
