from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import Frozen, Recorded, Wall, rows_open
from dossier.grid import MEDICAL

TABLE = "dossier_share"


def _may_share(model: object) -> str:
    return rows_open(TABLE, "share", MEDICAL, author="given_by_id", record="record_id")


def _arrives() -> str:
    """Say that a record is shared as what it is, with somebody in whose role it can arrive."""
    t = f'"{TABLE}"'
    return (
        f"{t}.practice_id = (SELECT access_practice()) "
        f"AND access_stands({t}.record_id, {t}.dossier_id, {t}.section, {t}.purpose, {t}.consent_id) "
        f"AND access_may_receive({t}.receiver_id, {t}.dossier_id, {t}.section)"
    )


def _seen(model: object) -> str:
    mine = f'"{TABLE}"."receiver_id" = (SELECT access_user())'
    return (  # constants only
        f'"{TABLE}"."dossier_id" = ANY (ARRAY(SELECT access_shown())) AND ({mine} OR ({_may_share(model)}) '
        f'OR ("{TABLE}"."dossier_id", "{TABLE}"."section", "{TABLE}"."purpose") '
        "IN (SELECT k.d, k.s, k.p FROM access_pairs('read', 'all') k))"
    )


class Share(models.Model):
    """One version of one record, shown to one team member for one task (003 §3.4; BW 7:457 lid 2).

    A new version asks a new share. From a voluntary section only with the consent of the employee that names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="shares")
    record_id = models.UUIDField()  # a record of the medical panel: a value, since this layer knows no panel
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    task = models.CharField(max_length=12)
    consent = models.ForeignKey("consent.Consent", models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "receiver", "task"],
                condition=Q(ends_at__isnull=True),
                name="share_open_once",
                violation_error_message="Dit is al met deze collega gedeeld voor deze taak.",
            ),
            models.CheckConstraint(
                name="share_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(
                name="share_of_voluntary_has_consent",
                condition=~Q(
                    section__in=["open_spreekuur", "pmo", "keuring", "vaccinatie", "overig", "second_opinion"]
                )
                | Q(consent__isnull=False)
                | Q(section="pmo"),
                violation_error_message="Deze gegevens komen uit een vrijwillig contact. Leg eerst vast dat de "
                "werknemer toestemming geeft voor precies dit onderdeel en deze collega.",
            ),
            Recorded(name="dossier_share_recorded"),
            Frozen(
                name="dossier_share_only_shortens",  # whoever shares again, shares anew, with a moment of its own
                when="session_user <> 'tweeluik_owner' AND (OLD.ends_at <= statement_timestamp() "
                "OR NEW.ends_at IS NULL OR NEW.ends_at < statement_timestamp() - interval '1 minute')",
                code="only_shortens",
            ),
            Wall(
                name="dossier_share_wall",
                rights={"hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
                select=_seen,
                insert=lambda model: (
                    f"given_by_id = (SELECT access_user()) "
                    f"AND starts_at <= statement_timestamp() AND {_may_share(model)} AND {_arrives()}"
                ),
                update=_may_share,
            ),
        ]
