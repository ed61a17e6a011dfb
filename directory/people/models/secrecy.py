import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people import walls
from directory.people.models.constraints import one_of
from directory.people.models.practice import Practice


class SecrecyKind(models.TextChoices):
    """Name what somebody promises to keep to himself."""

    AFGELEID_BEROEPSGEHEIM = "afgeleid_beroepsgeheim", "afgeleid beroepsgeheim"
    AVG_GEHEIMHOUDING = "avg_geheimhouding", "geheimhouding (AVG), geen medisch oordeel"
    SIGNALERING = "signalering", "geheimhouding bij signalering"


class SecrecyDeclaration(models.Model):
    """Hold which secrecy an account itself signed; a role that rests on it stops when it ends."""

    Kind = SecrecyKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("soort", max_length=30, choices=Kind)
    signed_at = models.DateTimeField("getekend op")
    ends_at = models.DateTimeField("einde", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "geheimhoudingsverklaring"
        verbose_name_plural = "geheimhoudingsverklaringen"
        default_permissions = ()
        indexes = [models.Index(fields=["user", "practice", "kind"], name="secrecy_of_user")]
        constraints = [
            one_of("secrecy_kind", "kind", SecrecyKind),
            models.CheckConstraint(
                name="secrecy_period",
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("signed_at")),
                violation_error_message="De einddatum ligt vóór de ondertekening. Kies een latere datum.",
            ),
            *walls.SECRECY,
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
