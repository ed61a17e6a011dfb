from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Frozen, RowTrigger, Wall, changed, office, privileges, rows_open
from dossier.functions import OwnerReads

from .draft import ON_DOSSIER

TABLE = "dossier_breachassessment"
DECIDED = "assessed_by_id, assessed_at, seen, outcome, reason"


class Outcome(models.TextChoices):
    """What follows from a possible breach (AVG art. 33 and 34)."""

    NONE = "geen", "Geen melding: het is niet waarschijnlijk dat dit een risico is voor de werknemer"
    AUTHORITY = "ap", "Melden bij de Autoriteit Persoonsgegevens"
    EMPLOYEE = "ap_werknemer", "Melden bij de Autoriteit Persoonsgegevens en de werknemer informeren"


def _rows(verb: str) -> str:
    return rows_open(TABLE, verb, ON_DOSSIER, author="moved_by_id", record="record_id")


def _assessing(model: Any) -> str:
    """Let decide: who may change records there and reads who looked; or the officer of data protection."""
    looked = (
        f"(\"{TABLE}\".\"dossier_id\", 'inzage', 'inzage') IN "
        "(SELECT k.d, k.s, k.p FROM access_pairs('read', 'all') k)"
    )
    return f"(({_rows('amend')}) AND {looked}) OR ({office('logcontrole', 'decide')})"


class OfWhatMoved(RowTrigger):
    """It is about what its maker moved out of this dossier, and about nothing whose key must stay."""

    before = "INSERT"

    def body(self) -> str:
        stub = (
            "SELECT 1 FROM {}_record m WHERE m.id = r.id AND m.dossier_id = NEW.dossier_id AND m.series = NEW.series "
            "AND m.author_id = NEW.moved_by_id AND m.state = 'moved'"
        )
        ours = " OR ".join(f"EXISTS ({stub.format(panel)})" for panel in ("medical", "process"))
        return (
            f"IF NEW.records = '{{}}' OR EXISTS (SELECT 1 FROM unnest(NEW.records) r(id) WHERE NOT ({ours})) "
            f"THEN {self.refusal('not_what_moved')}; END IF;"
        )


class BreachAssessment(models.Model):
    """Something stood in the wrong dossier: whether anybody unauthorised can have read it, and what follows.

    Made by the move itself. Until it is decided the old text keeps its key, so that what was read can be established;
    with the decision the key goes (AVG art. 33 lid 5 keeps the decision, not the text).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # also the id of its key
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="+")
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    panel = models.CharField(max_length=10)
    record_id = models.UUIDField()  # the newest version
    records = ArrayField(models.UUIDField())  # every version: the keys that go with the decision
    series = models.UUIDField(unique=True)
    written_at = models.DateTimeField()  # from here on somebody can have read it
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    moved_at = models.DateTimeField()
    answerable = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    assessed_at = models.DateTimeField(null=True)
    seen = models.BooleanField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, db_default="", default="", blank=True)
    reason = SealedTextField(key="id", null=True)

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="breach_decision_whole",
                condition=Q(
                    assessed_at__isnull=True,
                    assessed_by__isnull=True,
                    seen__isnull=True,
                    outcome="",
                    reason__isnull=True,
                )
                | Q(
                    assessed_at__isnull=False,
                    assessed_by__isnull=False,
                    seen__isnull=False,
                    outcome__in=Outcome.values,
                    reason__isnull=False,
                ),
            ),
            Frozen(
                name="dossier_breachassessment_decided_once",
                when="OLD.assessed_at IS NOT NULL OR "
                + changed(
                    "id practice_id dossier_id section purpose panel record_id records series written_at moved_by_id "
                    "moved_at answerable_id"
                ),
                code="decided_once",
            ),
            OfWhatMoved(name="dossier_breachassessment_of_what_moved"),
            OwnerReads(
                name="dossier_breachassessment_waits",
                rule="answerable_id = (SELECT access_user()) AND assessed_at IS NULL",
            ),
            Wall(
                name="dossier_breachassessment_wall",
                rights=lambda model: {
                    hat: f"SELECT, UPDATE ({DECIDED})"
                    if hat == "hat_admin"
                    else f"SELECT, INSERT, UPDATE ({DECIDED})"
                    for hat in privileges(ON_DOSSIER)
                },
                select=lambda model: f"({_rows('read')}) OR ({office('logcontrole', 'decide')})",
                insert=lambda model: (
                    f'"{TABLE}"."moved_by_id" = (SELECT access_user()) AND "{TABLE}"."assessed_at" IS NULL '
                    f'AND "{TABLE}"."practice_id" = (SELECT access_practice()) AND {_rows("amend")}'
                ),
                update=_assessing,
                force=True,
            ),
        ]
