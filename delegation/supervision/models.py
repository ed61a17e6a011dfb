"""Supervision of a physician, and taking a case over from a delegate (bijlage 4, voetnoot 33; bijlage 5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from delegation import walls
from delegation.base import PracticeObject, must_be_filled
from directory.people.models.constraints import ends_after_start, no_overlap


class Supervision(PracticeObject):
    """One bedrijfsarts answers for one physician who works under him; the ground holds period and scope."""

    ground = models.OneToOneField("access.Ground", models.PROTECT, related_name="supervision", editable=False)
    supervisor = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="supervises", verbose_name="supervisor"
    )
    physician = models.ForeignKey(
        "people.Engagement",
        models.PROTECT,
        related_name="supervised_by",
        verbose_name="arts onder supervisie",
    )

    class Meta(PracticeObject.Meta):
        verbose_name = "supervisie"
        verbose_name_plural = "supervisies"
        constraints = [
            models.CheckConstraint(
                name="supervision_two_people",
                condition=~Q(supervisor=F("physician")),
                violation_error_message="Niemand werkt onder supervisie van zichzelf. Kies een bedrijfsarts.",
                violation_error_code="supervisor_is_physician",
            ),
            *walls.SUPERVISION,
        ]

    def __str__(self) -> str:
        return "supervisie"


class TakeOver(PracticeObject):
    """The bedrijfsarts does a case himself; under that contract nothing is recorded there meanwhile."""

    relation = models.ForeignKey(
        "people.Relation", models.PROTECT, related_name="+", verbose_name="werknemer"
    )
    contract = models.ForeignKey("delegation.Contract", models.PROTECT, related_name="take_overs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField("reden")
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "overname"
        verbose_name_plural = "overnames"
        constraints = [
            must_be_filled("take_over_reason", "reason", "Vul in waarom u dit geval overneemt."),
            ends_after_start("take_over_period", empty=True),
            no_overlap(
                "take_over_no_overlap",
                "contract",
                "relation",
                message="Dit geval is al overgenomen. Geef het eerst terug.",
            ),
            *walls.TAKE_OVER,
        ]

    def __str__(self) -> str:
        return "overname"
