"""Protocols: the agreed position, division of tasks and responsibilities (bijlage 5, opdracht)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from delegation import walls
from delegation.base import PracticeObject, must_be_filled


class Protocol(PracticeObject):
    """A named working agreement of the practice; its text stands in versions."""

    name = models.CharField("naam", max_length=120)

    class Meta(PracticeObject.Meta):
        verbose_name = "protocol"
        verbose_name_plural = "protocollen"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="protocol_name_once",
                violation_error_message=(
                    "Er is al een protocol met deze naam. Maak daarvan een nieuwe versie."
                ),
                violation_error_code="protocol_name_taken",
            ),
            must_be_filled("protocol_name_filled", "name", "Geef het protocol een naam."),
            *walls.PROTOCOL,
        ]

    def __str__(self) -> str:
        return self.name


class ProtocolVersion(PracticeObject):
    """One text, in force until the next version begins. Published versions are never rewritten."""

    protocol = models.ForeignKey(Protocol, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("versie")
    in_force_from = models.DateTimeField("van kracht vanaf")
    position = models.TextField("positie")
    division = models.TextField("taakverdeling")
    responsibilities = models.TextField("verantwoordelijkheden")

    class Meta(PracticeObject.Meta):
        verbose_name = "protocolversie"
        verbose_name_plural = "protocolversies"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "version"],
                name="protocol_version_once",
                violation_error_message=(
                    "Deze versie bestaat al. Laad de pagina opnieuw en kies de volgende versie."
                ),
                violation_error_code="protocol_version_taken",
            ),
            must_be_filled(
                "protocol_position", "position", "Beschrijf de positie van ieder die ermee werkt."
            ),
            must_be_filled("protocol_division", "division", "Beschrijf hoe de taken verdeeld zijn."),
            must_be_filled(
                "protocol_responsibilities", "responsibilities", "Beschrijf wie waarvoor verantwoordelijk is."
            ),
            *walls.PROTOCOL_VERSION,
        ]

    def __str__(self) -> str:
        return f"versie {self.version}"


class ProtocolRead(PracticeObject):
    """Who confirmed to have read which version."""

    protocol_version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField("gelezen op", default=timezone.now)

    class Meta(PracticeObject.Meta):
        verbose_name = "leesbevestiging"
        verbose_name_plural = "leesbevestigingen"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol_version", "user"],
                name="protocol_read_once",
                violation_error_message="U hebt deze versie al bevestigd.",
                violation_error_code="already_read",
            ),
            *walls.PROTOCOL_READ,
        ]

    def __str__(self) -> str:
        return "leesbevestiging"
