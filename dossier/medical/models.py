"""The left panel: medical records under secrecy, the coded signal, and the author's private notes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Wall, privileges, rows_open
from dossier.grid import SECTIONS
from dossier.records.base import Header, Part, header_constraints, part_constraints

from .asking import AsksReview
from .review import Review

__all__ = ["MedicalPart", "MedicalRecord", "Review", "Signal", "SignalCategory", "Werkaantekening"]

# Tables of their own: hat_signal may touch the signal and nothing else, and a private note has no history.
APART = ("signaal", "werkaantekening")
PANEL = tuple(s.code for s in SECTIONS if s.side == "medical" and s.code not in APART)


class MedicalRecord(Header):
    """One medical record."""

    sections = PANEL
    history = TriggerHistory()

    class Meta(Header.Meta):
        db_table = "medical_record"
        indexes = [models.Index(fields=["dossier", "-happened_at"], name="medical_record_newest")]
        constraints = [
            *header_constraints("medical_record", PANEL),
            AsksReview(name="medical_record_asks_review"),
        ]


class MedicalPart(Part):
    """One part of a medical record."""

    sections = PANEL
    record = models.ForeignKey(MedicalRecord, models.PROTECT, related_name="parts")
    history = TriggerHistory()

    class Meta(Part.Meta):
        db_table = "medical_part"
        constraints = part_constraints("medical_part", "medical_record", PANEL)


class SignalCategory(models.TextChoices):
    """Just enough to choose a guideline (003 §3.4 A-II): never a complaint in words."""

    PSYCHISCH = "psychisch", "psychische klachten"
    ANDERS = "anders", "andere klachten"


SIGNAL = "medical_signal"


class Signal(models.Model):
    """The coded answer that tells which guideline applies. Kept as a medical secret, outside the procesdossier."""

    section = "signaal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="signals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    category = SealedTextField(key="id")  # a code, sealed: codes are medical text too
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        db_table = SIGNAL
        default_permissions = ()
        constraints = [
            Wall(
                name="medical_signal_wall",
                rights=lambda model: {
                    hat: r.replace(", UPDATE", "") for hat, r in privileges(["signaal"]).items()
                },
                select=lambda model: Signal.open_rule("read"),
                insert=lambda model: (
                    '"medical_signal"."author_id" = (SELECT access_user()) '
                    'AND "medical_signal"."practice_id" = (SELECT access_practice()) '
                    "AND access_held(\"medical_signal\".dossier_id, 'signaal', 'signaal', 'write', "
                    f'"medical_signal".happened_at) AND {Signal.open_rule("write")}'
                ),
                force=True,
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        return rows_open(SIGNAL, verb, ["signaal"], section="'signaal'", purpose="'signaal'")


PRIVATE = "medical_werkaantekening"


class Werkaantekening(models.Model):
    """A note for its author alone: outside dossier, history, transfer and export; destroyed or taken over in time."""

    section = "werkaantekening"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    content = SealedTextField(key="id")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    destroy_before = models.DateField()

    objects = GuardedManager()

    class Meta:
        db_table = PRIVATE
        default_permissions = ()
        constraints = [
            Wall(
                name="medical_werkaantekening_wall",
                rights={"hat_medical": "SELECT, INSERT, UPDATE, DELETE"},
                select=lambda model: Werkaantekening.open_rule("read"),
                insert=lambda model: (
                    '"medical_werkaantekening"."author_id" = (SELECT access_user()) '
                    f'AND "medical_werkaantekening"."practice_id" = (SELECT access_practice()) '
                    f"AND {Werkaantekening.open_rule('write')}"
                ),
                update=lambda model: Werkaantekening.open_rule("write"),
                delete=lambda model: Werkaantekening.open_rule("destroy"),
                force=True,
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        return rows_open(
            PRIVATE, verb, ["werkaantekening"], section="'werkaantekening'", purpose="'werkaantekening'"
        )
