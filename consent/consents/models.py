"""Consent of the employee: for which part, which act, which receiver and which content, over one period."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent import walls
from consent.base import RelationObject
from directory.people.models.constraints import ends_after_start


class Consent(RelationObject):
    """One consent. Withdrawing ends its period: every later use closes, and what was allowed stays provable.

    The receiver is named, by an account of the practice or in words: a consent "for anybody" does not exist.
    """

    section = models.CharField("onderdeel", max_length=30)
    verb = models.CharField("waarvoor", max_length=12)
    receiver = models.CharField("ontvanger", max_length=200)
    receiver_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    item = models.UUIDField("stuk", null=True, blank=True, editable=False)
    content = models.TextField("inhoud en doel")
    starts_at = models.DateTimeField("gegeven op")
    ends_at = models.DateTimeField("geldig tot", null=True, blank=True)
    given_how = models.TextField("hoe gegeven")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    class Meta(RelationObject.Meta):
        verbose_name = "toestemming"
        verbose_name_plural = "toestemmingen"
        indexes = [models.Index(fields=["relation", "section", "verb"], name="consent_for_what")]
        constraints = [
            ends_after_start("consent_period", empty=True),
            models.CheckConstraint(
                name="consent_receiver",
                condition=Q(receiver__regex=r"\S"),
                violation_error_message="Vul in voor welke ontvanger de werknemer toestemming geeft.",
                violation_error_code="receiver_missing",
            ),
            models.CheckConstraint(
                name="consent_content",
                condition=Q(content__regex=r"\S"),
                violation_error_message="Vul in waarvoor en voor welke inhoud de toestemming geldt.",
                violation_error_code="content_missing",
            ),
            models.CheckConstraint(
                name="consent_given_how",
                condition=Q(given_how__regex=r"\S"),
                violation_error_message=(
                    "Vul in hoe de werknemer toestemming gaf, bijvoorbeeld mondeling in het consult."
                ),
                violation_error_code="given_how_missing",
            ),
            *walls.CONSENT,
        ]

    def __str__(self) -> str:
        return "toestemming"
