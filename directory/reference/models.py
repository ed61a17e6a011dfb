"""Hold what a practice keeps about itself: its settings, its locations, and the days on which it is closed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people.models import Practice
from directory.people.models.constraints import one_of
from directory.reference import walls


class SettingKind(models.TextChoices):
    """Say how a value is read: as a number in its unit, or as yes (1) and no (0)."""

    NUMBER = "number", "getal"
    YES_NO = "yes_no", "ja of nee"


class SettingDefinition(models.Model):
    """Say what can be set, between which bounds, what holds without a choice, and why it is no constant."""

    code = models.CharField("code", max_length=40, primary_key=True)
    # In an address, where the code would say more than it should.
    number = models.PositiveSmallIntegerField("nummer", unique=True)
    kind = models.CharField("soort", max_length=10, choices=SettingKind)
    label = models.CharField("instelling", max_length=80)
    meaning = models.TextField("betekenis")
    why = models.TextField("waarom een instelling")
    unit = models.CharField("eenheid", max_length=20)
    default_value = models.IntegerField("standaard", null=True)
    lowest = models.IntegerField("ten minste")
    highest = models.IntegerField("ten hoogste")
    may_be_empty = models.BooleanField("mag leeg zijn")
    medical = models.BooleanField("raakt de zorg", help_text="Telt pas als een bedrijfsarts haar aanvaardt.")
    source = models.CharField("bron", max_length=200)
    certainty = models.CharField("zekerheid", max_length=1)

    objects = GuardedManager()

    class Meta:
        verbose_name = "omschrijving van een instelling"
        verbose_name_plural = "omschrijvingen van instellingen"
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            one_of("setting_definition_kind", "kind", SettingKind),
            walls.law("reference_settingdefinition_wall", bare=True),
        ]

    def __str__(self) -> str:
        return self.label

    def said(self, value: int | None) -> str:
        """Write a value of this setting out in words."""
        if value is None:
            return "geen getal"
        if self.kind == SettingKind.YES_NO:
            return "ja" if value else "nee"
        return f"{value} {self.unit}"


class Setting(models.Model):
    """Hold one choice of a practice, from a moment on; the choice before it stays readable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    definition = models.ForeignKey(SettingDefinition, models.PROTECT, related_name="+", db_index=False)
    value = models.IntegerField("waarde", null=True, blank=True)
    reason = models.TextField("reden")
    starts_at = models.DateTimeField("vanaf")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    # Written by the database: the start, or the acceptance when that came later. Empty: it waits.
    in_force_from = models.DateTimeField(null=True, blank=True, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "instelling"
        verbose_name_plural = "instellingen"
        default_permissions = ()
        indexes = [
            models.Index(F("practice"), F("definition"), F("in_force_from").desc(), name="setting_in_force")
        ]
        constraints = [
            models.CheckConstraint(
                name="setting_reason_filled",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="Schrijf op waarom uw praktijk dit kiest.",
                violation_error_code="reason_missing",
            ),
            models.CheckConstraint(
                name="setting_acceptance_whole",
                condition=Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                violation_error_message="Leg bij een aanvaarding vast wie aanvaardt en wanneer.",
            ),
            *walls.SETTING,
        ]

    def __str__(self) -> str:
        return "instelling"


class Location(models.Model):
    """Hold one place where the practice receives people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("naam", max_length=80)
    street = models.CharField("straat en huisnummer", max_length=120)
    postcode = models.CharField("postcode", max_length=10)
    city = models.CharField("plaats", max_length=80)
    phone = models.CharField("telefoon", max_length=30, blank=True)
    in_use = models.BooleanField("in gebruik", default=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "vestiging"
        verbose_name_plural = "vestigingen"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="location_name_once",
                violation_error_message="Er is al een vestiging met deze naam. Kies een andere naam.",
                violation_error_code="name",
            ),
            *walls.LOCATION,
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """Hold one national holiday: law as data, the same in every practice."""

    day = models.DateField("dag", primary_key=True)
    name = models.CharField("naam", max_length=40)
    source = models.CharField("bron", max_length=200)
    certainty = models.CharField("zekerheid", max_length=1)

    objects = GuardedManager()

    class Meta:
        verbose_name = "feestdag"
        verbose_name_plural = "feestdagen"
        default_permissions = ()
        ordering = ["day"]
        constraints = walls.HOLIDAY

    def __str__(self) -> str:
        return self.name


class ClosingDays(models.Model):
    """Hold days on which this practice is closed besides the holidays; a mistake is withdrawn, never wiped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("omschrijving", max_length=80)
    first_day = models.DateField("eerste dag")
    last_day = models.DateField("laatste dag")
    withdrawn = models.BooleanField("ingetrokken", default=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "sluitingsdagen"
        verbose_name_plural = "sluitingsdagen"
        default_permissions = ()
        indexes = [models.Index(fields=["practice", "last_day"], name="closing_days_by_day")]
        constraints = [
            models.CheckConstraint(
                name="closing_days_period",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="De laatste dag ligt vóór de eerste. Kies een latere laatste dag.",
                violation_error_code="last_day",
            ),
            *walls.CLOSING_DAYS,
        ]

    def __str__(self) -> str:
        return self.name
