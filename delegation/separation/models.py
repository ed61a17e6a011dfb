"""Two hats: may somebody under the bedrijfsarts also work for the employer of the same employee?"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from delegation import walls
from delegation.base import PracticeObject, filled, must_be_filled
from directory.people.models.constraints import ends_after_start, no_overlap


class SeparationDecision(PracticeObject):
    """The decision of the bedrijfsarts for one professional and one employee. Without it, no second hat.

    "Cannot be kept apart" blocks both hats, until a new decision follows (Leidraad casemanagement §1.2).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="professional"
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="werknemer")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    separable = models.BooleanField("beide taken kunnen gescheiden blijven")
    reason = models.TextField("reden")
    boundaries = models.TextField("hoe de grens wordt bewaakt", blank=True)
    review_on = models.DateField("opnieuw bekijken op", null=True, blank=True)
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "besluit over twee petten"
        verbose_name_plural = "besluiten over twee petten"
        constraints = [
            must_be_filled("separation_reason", "reason", "Vul in waarom u zo besluit."),
            models.CheckConstraint(
                name="separation_has_boundaries",
                condition=Q(separable=False) | filled("boundaries"),
                violation_error_message="Beschrijf hoe de grens tussen beide taken wordt bewaakt.",
                violation_error_code="boundaries_missing",
            ),
            ends_after_start("separation_period", empty=True),
            no_overlap(
                "separation_no_overlap",
                "practice",
                "user",
                "person",
                message="Hierover geldt al een besluit. Een nieuw besluit vervangt het lopende.",
            ),
            *walls.SEPARATION,
        ]

    def __str__(self) -> str:
        return "besluit over twee petten"
