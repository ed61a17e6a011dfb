"""Competence per person and task: what the bedrijfsarts concluded, and what the delegate himself declares.

Both are needed (Wet BIG art. 38; Leidraad casemanagement, bijlage 5): a diploma is a help, never the
conclusion, and whoever calls himself not competent is not authorised, at once.
"""

from django.conf import settings
from django.db import models

from delegation import walls
from delegation.base import PracticeObject, filled, must_be_filled
from directory.people.models.constraints import ends_after_start, no_overlap


class CompetenceConclusion(PracticeObject):
    """One bedrijfsarts about one person and one task, until the review date or a withdrawal (`ends_at`)."""

    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gedelegeerde"
    )
    physician = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="bedrijfsarts"
    )
    task = models.ForeignKey("delegation.Task", models.PROTECT, related_name="+", verbose_name="taak")
    how_verified = models.TextField("hoe hebt u dit in de praktijk vastgesteld?")
    limits = models.TextField("grenzen van de bekwaamheid")
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("herbeoordelen op", null=True, blank=True)
    withdrawn_reason = models.TextField("reden van intrekken", blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "bekwaamheidsoordeel"
        verbose_name_plural = "bekwaamheidsoordelen"
        constraints = [
            must_be_filled(
                "competence_how_verified",
                "how_verified",
                (
                    "Beschrijf hoe u de bekwaamheid in de praktijk hebt vastgesteld; een diploma alleen "
                    "volstaat niet."
                ),
            ),
            must_be_filled(
                "competence_limits",
                "limits",
                "Beschrijf de grenzen van de bekwaamheid, of schrijf dat die er niet zijn.",
            ),
            ends_after_start("competence_period", empty=True),
            models.CheckConstraint(
                name="competence_withdrawal_has_end",
                condition=~filled("withdrawn_reason") | models.Q(ends_at__isnull=False),
                violation_error_message=(
                    "Een ingetrokken oordeel heeft een einde. Vul in per wanneer het vervalt."
                ),
                violation_error_code="withdrawn_without_end",
            ),
            no_overlap(
                "competence_no_overlap",
                "physician",
                "delegate",
                "task",
                message="Over deze taak geldt al een oordeel. Trek dat eerst in.",
            ),
            *walls.COMPETENCE,
        ]

    def __str__(self) -> str:
        return "bekwaamheidsoordeel"


class OwnDeclaration(PracticeObject):
    """What somebody says of himself for one task; changed by ending one period and beginning the next."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gedelegeerde"
    )
    task = models.ForeignKey("delegation.Task", models.PROTECT, related_name="+", verbose_name="taak")
    competent = models.BooleanField("ik acht mij bekwaam voor deze taak")
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "eigen verklaring"
        verbose_name_plural = "eigen verklaringen"
        constraints = [
            ends_after_start("own_declaration_period", empty=True),
            no_overlap(
                "own_declaration_no_overlap",
                "practice",
                "user",
                "task",
                message="Voor deze taak geldt al een verklaring. Trek die eerst in.",
            ),
            *walls.OWN_DECLARATION,
        ]

    def __str__(self) -> str:
        return "eigen verklaring"
