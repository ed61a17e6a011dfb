"""What an employee asked of the practice about his own file, and how it was answered (AVG 12, 15; BW 7:456)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from delegation.base import filled
from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import Frozen, Recorded, Wall, changed, privileges, rows_open

TABLE = "dossier_verzoek"
ANSWER = "answered_on, answered_by_id, handed_over"
# Whoever makes the overview answers the request, and records it where it was not recorded yet: the officer has no
# other way into this section (grid: verzoek index, inzage C).
COPYING = "hat_medical", "hat_admin"


class VerzoekKind(models.TextChoices):
    LOG = "log", "Inzage in de log"


class AskedBy(models.TextChoices):
    """Who asks, and on which ground somebody else may."""

    EMPLOYEE = "werknemer", "De werknemer zelf"
    AUTHORISED = "gemachtigde", "Een gemachtigde, met een schriftelijke machtiging"
    GUARDIAN = "vertegenwoordiger", "Een curator of mentor (BW 7:465)"
    PARENT = "ouder", "Een ouder of voogd van wie nog geen 16 is (BW 7:465)"
    HEIR = "nabestaande", "Een nabestaande (BW 7:458a)"


class Identity(models.TextChoices):
    SHOWN = "legitimatie", "Legitimatie gezien, geen kopie gemaakt"
    KNOWN = "bekend", "Persoonlijk bekend"
    CALLED = "teruggebeld", "Teruggebeld op het nummer dat bekend was"


class HandedOver(models.TextChoices):
    """How the answer went. Never through the employer: that somebody asks is between him and the practice."""

    BY_HAND = "uitgereikt", "Persoonlijk uitgereikt"
    PRIVATE = "prive_adres", "Naar het privéadres gestuurd"


def _rule(verb: str, section: str = "verzoek") -> str:
    return rows_open(
        TABLE, verb, [section], section=f"'{section}'", purpose=f"'{section}'", author="recorded_by_id"
    )


def _rights(model: Any) -> Mapping[str, str]:
    """Take what the grid gives on the section; changing is answering, and that is for who makes the overview."""
    held = dict.fromkeys(privileges(["verzoek"]), "SELECT, INSERT")
    return held | dict.fromkeys(COPYING, f"SELECT, INSERT, UPDATE ({ANSWER})")


def _read(model: Any) -> str:
    return f"({_rule('read')}) OR ({_rule('index')})"


def _insert(model: Any) -> str:
    mine = f'"{TABLE}"."recorded_by_id" = (SELECT access_user())'
    here = f'"{TABLE}"."practice_id" = (SELECT access_practice())'
    return f"{mine} AND {here} AND (({_rule('write')}) OR ({_rule('copy', 'inzage')}))"


class Verzoek(models.Model):
    """One request of an employee, or of somebody who may ask for him, with the term in which it is answered."""

    Kind, AskedBy, Identity, HandedOver = VerzoekKind, AskedBy, Identity, HandedOver

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="verzoeken")
    kind = models.CharField(max_length=12, choices=VerzoekKind, default=VerzoekKind.LOG)
    asked_on = models.DateField("gevraagd op")
    asked_by = models.CharField("wie vraagt het", max_length=20, choices=AskedBy)
    representative = models.CharField("naam van wie namens de werknemer vraagt", max_length=120, blank=True)
    identity = models.CharField("hoe u weet dat deze persoon het is", max_length=16, choices=Identity)
    since = models.DateField("vanaf", null=True, blank=True)
    until = models.DateField("tot en met", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_on = models.DateField("beantwoord op", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    handed_over = models.CharField("hoe overhandigd", max_length=12, choices=HandedOver, blank=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        db_table = TABLE
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="verzoek_kind", condition=Q(kind__in=VerzoekKind.values)),
            models.CheckConstraint(name="verzoek_asked_by", condition=Q(asked_by__in=AskedBy.values)),
            models.CheckConstraint(name="verzoek_identity", condition=Q(identity__in=Identity.values)),
            models.CheckConstraint(
                name="verzoek_representative",
                condition=Q(asked_by="werknemer", representative="")
                | (~Q(asked_by="werknemer") & filled("representative")),
                violation_error_message="Vul de naam in van wie namens de werknemer vraagt, en alleen dan.",
                violation_error_code="representative_missing",
            ),
            models.CheckConstraint(
                name="verzoek_period",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="De laatste dag ligt vóór de eerste. Pas een van beide aan.",
            ),
            models.CheckConstraint(
                name="verzoek_answered_whole",
                condition=Q(answered_on__isnull=True, answered_by__isnull=True, handed_over="")
                | Q(answered_on__isnull=False, answered_by__isnull=False, handed_over__in=HandedOver.values),
                violation_error_message="Vul in wanneer en hoe u het overzicht hebt gegeven.",
            ),
            models.CheckConstraint(
                name="verzoek_answered_after",
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("asked_on")),
                violation_error_message="Dit ligt vóór de dag waarop het is gevraagd. Pas de datum aan.",
            ),
            Recorded(name="dossier_verzoek_recorded"),
            Frozen(
                name="dossier_verzoek_frozen",
                when=changed(
                    "id practice_id dossier_id kind asked_on asked_by representative identity since until "
                    "recorded_by_id recorded_at"
                )
                + " OR OLD.answered_on IS NOT NULL",
                code="answered_once",
            ),
            Wall(
                name="dossier_verzoek_wall",
                rights=_rights,
                select=_read,
                insert=_insert,
                update=lambda model: _rule("copy", "inzage"),
            ),
        ]
