"""Deputising: who stands in for which bedrijfsarts, and absence (Leidraad casemanagement §3.1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from delegation.base import PracticeObject, must_be_filled
from delegation.deputising import walls
from directory.people.models.constraints import ends_after_start, no_overlap


class StandingDeputy(PracticeObject):
    """One colleague who may stand in for a bedrijfsarts, signed beforehand by that bedrijfsarts himself.

    The running rows of one bedrijfsarts are his waarneemgroep. It opens nothing: it lets that colleague, or the
    practice, begin a deputising when the bedrijfsarts cannot sign any more.
    """

    physician = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="standing_deputies", verbose_name="bedrijfsarts"
    )
    deputy = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="may_deputise_for", verbose_name="waarnemer"
    )
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField("ondertekend op")
    ends_at = models.DateTimeField("beëindigd op", null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "waarneemregeling"
        verbose_name_plural = "waarneemregelingen"
        constraints = [
            models.CheckConstraint(
                name="standing_two_people",
                condition=~Q(deputy=F("physician")),
                violation_error_message="Niemand neemt voor zichzelf waar. Kies een andere bedrijfsarts.",
                violation_error_code="deputy_is_replaced",
            ),
            ends_after_start("standing_period", empty=True),
            no_overlap(
                "standing_no_overlap",
                "physician",
                "deputy",
                message="Deze collega staat al in uw waarneemregeling.",
            ),
            *walls.STANDING,
        ]

    def __str__(self) -> str:
        return "waarneemregeling"


class Deputising(PracticeObject):
    """One formal appointment. It is made beforehand; the ground is laid when the deputising is activated."""

    ground = models.OneToOneField(
        "access.Ground", models.PROTECT, related_name="deputising", null=True, blank=True, editable=False
    )
    replaced = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="deputised_by", verbose_name="waarneming voor"
    )
    deputy = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="deputising_for", verbose_name="waarnemer"
    )
    standing = models.ForeignKey(
        StandingDeputy, models.PROTECT, related_name="used_for", null=True, blank=True, editable=False
    )
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    appointed_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.TextField("reden")

    class Meta(PracticeObject.Meta):
        verbose_name = "waarneming"
        verbose_name_plural = "waarnemingen"
        constraints = [
            models.CheckConstraint(
                name="deputising_two_people",
                condition=~Q(deputy=F("replaced")),
                violation_error_message="Niemand neemt voor zichzelf waar. Kies een andere bedrijfsarts.",
                violation_error_code="deputy_is_replaced",
            ),
            must_be_filled(
                "deputising_reason", "reason", "Vul in waarom wordt waargenomen, bijvoorbeeld vakantie."
            ),
            *walls.DEPUTISING,
        ]

    def __str__(self) -> str:
        return "waarneming"


class Absence(PracticeObject):
    """A period in which a bedrijfsarts is away. Without a deputy his delegates read, but record nothing."""

    physician = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="absences", verbose_name="bedrijfsarts"
    )
    starts_at = models.DateTimeField("afwezig vanaf")
    ends_at = models.DateTimeField("afwezig tot", null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "afwezigheid"
        verbose_name_plural = "afwezigheden"
        constraints = [
            ends_after_start("absence_period", empty=True),
            no_overlap(
                "absence_no_overlap",
                "physician",
                message="In deze periode staat al een afwezigheid. Pas die aan, of kies andere dagen.",
            ),
            *walls.ABSENCE,
        ]

    def __str__(self) -> str:
        return "afwezigheid"
