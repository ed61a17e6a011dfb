import uuid

from django.db import models
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people import walls
from directory.people.models.constraints import kvk_number_is_whole


class Practice(models.Model):
    """Hold one practice: the tenant to which every guarded row belongs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("naam", max_length=120)
    kvk_number = models.CharField("KvK-nummer", max_length=8, blank=True)
    phone = models.CharField("telefoon", max_length=30, blank=True)
    solo = models.BooleanField(
        "eenmanspraktijk", default=False, help_text="De bedrijfsarts is ook beheerder en functionaris."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "praktijk"
        verbose_name_plural = "praktijken"
        default_permissions = ()
        constraints = [kvk_number_is_whole("practice_kvk_number"), *walls.PRACTICE]

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """Hold one employer for whose staff the practice works."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="employers")
    name = models.CharField("naam", max_length=120)
    kvk_number = models.CharField("KvK-nummer", max_length=8, blank=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "werkgever"
        verbose_name_plural = "werkgevers"
        default_permissions = ()
        indexes = [models.Index(fields=["practice", "name"], name="employer_by_name")]
        constraints = [kvk_number_is_whole("employer_kvk_number"), *walls.EMPLOYER]

    def __str__(self) -> str:
        return self.name
