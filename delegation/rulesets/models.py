"""Which tasks exist, and which a bedrijfsarts may hand over: law as data, edition beside edition."""

import uuid

from django.db import models
from django.db.models import Q

# A task has the same key in every practice and every database, so that contracts travel with an export.
TASKS = uuid.UUID("6f0a3c52-1d0e-5c0b-9d8e-2b1f4f7c9a10")


def task_id(edition: str, code: str) -> uuid.UUID:
    return uuid.uuid5(TASKS, f"{edition}/{code}")


class Edition(models.Model):
    """One published set of tasks. A contract names its edition: a later one changes nothing signed."""

    code = models.CharField("code", max_length=20, primary_key=True)
    name = models.CharField("naam", max_length=120)
    scope = models.CharField("reikwijdte", max_length=200)
    source = models.CharField("bron", max_length=200)
    certainty = models.CharField("zekerheid", max_length=1)
    in_force_from = models.DateField("van kracht vanaf")

    class Meta:
        verbose_name = "editie"
        verbose_name_plural = "edities"
        default_permissions = ()
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One task: may it be delegated, may a supervised physician do it, where is its work recorded."""

    class Category(models.TextChoices):
        GENERAL = "general", "Algemeen"
        PROCESS = "process", "Procesmatige taken"
        MEDICAL = "medical", "Bedrijfsgeneeskundige taken"
        PREVENTIVE = "preventive", "Preventie"

    class Delegable(models.IntegerChoices):
        NEVER = 1, "Niet te delegeren"
        IF_COMPETENT = 2, "Delegeerbaar bij bekwaamheid"

    class Supervised(models.TextChoices):
        """What a physician under supervision may do with it (bijlage 4, voetnoot 33)."""

        YES = "yes", "arts onder supervisie doet dit zelf"
        PREPARE = "prepare", "arts onder supervisie bereidt voor"

    class RecordSide(models.TextChoices):
        AGREEMENT = "agreement", "afspraken"
        PROCESS = "process", "procesdossier"
        MEDICAL = "medical", "medisch dossier"

    id = models.UUIDField(primary_key=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="tasks")
    code = models.CharField("code", max_length=6)
    category = models.CharField("groep", max_length=12, choices=Category)
    label = models.CharField("taak", max_length=80)
    delegable = models.PositiveSmallIntegerField("delegeerbaar", choices=Delegable)
    supervised = models.CharField("arts onder supervisie", max_length=8, choices=Supervised)
    record_side = models.CharField("vastgelegd in", max_length=10, choices=RecordSide)
    purpose = models.CharField(
        "doel",
        max_length=20,
        blank=True,
        help_text="The section of the dossier whose purpose this task serves.",
    )
    invasive_possible = models.BooleanField("voorbehouden handeling mogelijk", default=False)
    # Reserved in itself, such as vaccinating: asks a BIG entry that carries it (bijlage 5, voetnoot 37).
    reserved = models.BooleanField("voorbehouden handeling", default=False)
    # A judgement or an act on the body: without an own BIG entry it asks a written reason (bijlage 4).
    justify_without_big = models.BooleanField("onderbouwing zonder BIG-inschrijving", default=False)
    source = models.CharField("bron", max_length=200)
    certainty = models.CharField("zekerheid", max_length=1)
    sort_order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "taak"
        verbose_name_plural = "taken"
        default_permissions = ()
        ordering = ["edition", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="task_once_per_edition"),
            # Not for uniqueness: contracts point at the pair, so that no contract can hold a task of code 1.
            models.UniqueConstraint(fields=["id", "delegable"], name="task_with_its_code"),
            models.CheckConstraint(condition=Q(delegable__in=[1, 2]), name="task_delegable_1_or_2"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def may_be_delegated(self) -> bool:
        return self.delegable == self.Delegable.IF_COMPETENT
