"""The notice: what the employee was told about who works for him, and when.

Source: Leidraad casemanagement (2019) §3.1 and §3.4 A-I.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent import walls
from consent.base import RelationObject
from directory.people.models.constraints import one_of


def told(name: str, item: Q, message: str) -> models.CheckConstraint:
    """One of the five items that a notice of delegation must hold (bijlage 5, informeren)."""
    return models.CheckConstraint(
        name=f"notice_{name}",
        condition=~Q(kind="delegatie") | item,
        violation_error_message=message,
        violation_error_code=f"{name}_missing",
    )


class NoticeKind(models.TextChoices):
    DELEGATIE = "delegatie", "een gedelegeerde doet een taak van de bedrijfsarts"
    WAARNEMING = "waarneming", "een waarnemer vervangt de bedrijfsarts"
    SUPERVISIE = "supervisie", "een arts werkt onder supervisie"
    WAARNEEMGROEP = "waarneemgroep", "de bedrijfsartsen van de praktijk nemen voor elkaar waar"
    TWEEDE_BEDRIJFSARTS = "tweede_bedrijfsarts", "een tweede bedrijfsarts werkt mee"
    REINTEGRATIE = "reintegratie", "een re-integratiebedrijf van de werkgever werkt mee"


class NoticeMeans(models.TextChoices):
    GESPREK = "gesprek", "in een gesprek"
    TELEFOON = "telefoon", "per telefoon"
    BRIEF = "brief", "per brief"
    BERICHT = "bericht", "per beveiligd bericht"


class Notice(RelationObject):
    """One moment at which the employee was told. Without it the delegate or deputy records nothing."""

    kind = models.CharField("soort", max_length=20, choices=NoticeKind)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="wie"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="verantwoordelijke bedrijfsarts",
    )
    function = models.CharField("functie", max_length=120, blank=True)
    task = models.TextField("taak", blank=True)
    reachable = models.TextField("hoe en wanneer bereikbaar", blank=True)
    right_to_speak = models.BooleanField("recht om de bedrijfsarts te spreken verteld", default=False)
    given_at = models.DateTimeField("verteld op")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="verteld door"
    )
    means = models.CharField("hoe verteld", max_length=10, choices=NoticeMeans)

    class Meta(RelationObject.Meta):
        verbose_name = "kennisgeving"
        verbose_name_plural = "kennisgevingen"
        indexes = [models.Index(fields=["relation", "about", "given_at"], name="notice_told_when")]
        constraints = [
            one_of("notice_kind", "kind", NoticeKind),
            one_of("notice_means", "means", NoticeMeans),
            told(
                "function",
                Q(function__regex=r"\S"),
                "Vertel welke functie de gedelegeerde heeft en vul die in.",
            ),
            told("task", Q(task__regex=r"\S"), "Vertel welke taak de gedelegeerde doet en vul die in."),
            told(
                "responsible",
                Q(responsible__isnull=False),
                "Vertel wie de verantwoordelijke bedrijfsarts is en kies die.",
            ),
            told(
                "reachable",
                Q(reachable__regex=r"\S"),
                "Vertel hoe en wanneer de bedrijfsarts te bereiken is en vul dat in.",
            ),
            told(
                "right_to_speak",
                Q(right_to_speak=True),
                "Vertel dat de werknemer de bedrijfsarts altijd kan spreken en vink dat aan.",
            ),
            models.CheckConstraint(
                name="notice_about_somebody",
                condition=Q(kind="waarneemgroep") | Q(about__isnull=False),
                violation_error_message="Kies over wie de werknemer is geïnformeerd.",
                violation_error_code="about_missing",
            ),
            models.CheckConstraint(
                name="notice_not_in_future",
                condition=Q(given_at__lte=F("recorded_at")),
                violation_error_message="Dit moment ligt in de toekomst. Vul in wanneer u het hebt verteld.",
                violation_error_code="given_in_future",
            ),
            *walls.NOTICE,
        ]

    def __str__(self) -> str:
        return "kennisgeving"
