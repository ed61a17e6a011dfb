"""The left panel: medical records under secrecy, the coded signal, and the author's private notes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Frozen, RowTrigger, Wall, changed, privileges, rows_open
from dossier.functions import OwnerReads
from dossier.grid import SECTIONS
from dossier.records.base import (
    JUST_NOW,
    Header,
    Part,
    header_constraints,
    header_indexes,
    part_constraints,
)

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
        indexes = header_indexes("medical_record")
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
MOST_DAYS = (
    182  # half a year: no longer than the case needs (KNMG; NVAB kennisbank 2-8-2024: as short as possible)
)
TODAY = "(statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date"
ALIVE = f'"{PRIVATE}"."destroy_before" > {TODAY}'


class GoneInTime(RowTrigger):
    """Whatever date its author chooses, a werkaantekening goes within half a year of its writing."""

    before = "INSERT OR UPDATE"

    def __init__(self, *, name: str, days: int = MOST_DAYS) -> None:
        super().__init__(name=name, days=days)

    def body(self) -> str:
        written = "(NEW.written_at AT TIME ZONE 'Europe/Amsterdam')::date"
        return f"IF NEW.destroy_before > {written} + {self.parts['days']} THEN {self.refusal('gone_in_time')}; END IF;"


class Werkaantekening(models.Model):
    """A note for its author alone: outside dossier, history, transfer and export; destroyed or taken over in time.

    From its date on nobody reads it, whether or not anything ran that night.
    """

    section = "werkaantekening"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    content = SealedTextField(key="id")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    destroy_before = models.DateField()
    # One form is one note, however often it is sent.
    form_key = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID())

    objects = GuardedManager()

    class Meta:
        db_table = PRIVATE
        default_permissions = ()
        indexes = [models.Index(fields=["author"], name="werkaantekening_of_author")]
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="medical_werkaantekening_form_once"),
            GoneInTime(name="medical_werkaantekening_gone_in_time"),
            Frozen(
                name="medical_werkaantekening_frozen",
                when=changed("id dossier_id author_id practice_id written_at form_key"),
                code="werkaantekening_stays_where_it_is",
            ),
            Wall(
                name="medical_werkaantekening_wall",
                rights={"hat_medical": "SELECT, INSERT, UPDATE, DELETE"},
                select=lambda model: Werkaantekening.open_rule("read"),
                insert=lambda model: (
                    '"medical_werkaantekening"."author_id" = (SELECT access_user()) '
                    f'AND "medical_werkaantekening"."practice_id" = (SELECT access_practice()) '
                    f'AND "{PRIVATE}"."written_at" {JUST_NOW} AND {Werkaantekening.open_rule("write")}'
                ),
                update=lambda model: Werkaantekening.open_rule("write"),
                delete=lambda model: Werkaantekening.open_rule("destroy"),
                force=True,
            ),
            OwnerReads(
                name="medical_werkaantekening_author",
                rule=f"author_id = (SELECT access_user()) OR destroy_before <= {TODAY}",
                command="ALL",
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        rule = rows_open(
            PRIVATE, verb, ["werkaantekening"], section="'werkaantekening'", purpose="'werkaantekening'"
        )
        return f"{ALIVE} AND {rule}"
