import uuid

from django.db import models
from django.db.models import Q

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people import walls
from directory.people.models.constraints import ends_after_start, one_of
from directory.people.models.names import SortKeyField
from directory.people.models.practice import Employer, Practice


class Person(models.Model):
    """Hold who an employee is; why the practice knows him stands in his relations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    initials = models.CharField("voorletters", max_length=20)
    first_name = models.CharField("roepnaam", max_length=60, blank=True)
    prefix = models.CharField("tussenvoegsel", max_length=20, blank=True)
    surname = models.CharField("achternaam", max_length=100)
    birth_date = models.DateField("geboortedatum")
    phone = models.CharField("telefoon", max_length=30, blank=True)
    email = models.EmailField("e-mail", blank=True)
    street = models.CharField("straat en huisnummer", max_length=120, blank=True)
    postcode = models.CharField("postcode", max_length=10, blank=True)
    city = models.CharField("woonplaats", max_length=80, blank=True)
    # Byte order, so that one plain index serves both "begins with" and sorting on any server.
    sort_key = SortKeyField(max_length=160, db_collation="C", blank=True, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "persoon"
        verbose_name_plural = "personen"
        default_permissions = ()
        indexes = [
            models.Index(fields=["practice", "sort_key"], name="person_by_name"),
            models.Index(fields=["practice", "birth_date"], name="person_by_birth_date"),
        ]
        constraints = [*walls.PERSON]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Say the name as a letter does: initials, prefix, surname."""
        return " ".join(part for part in (self.initials, self.prefix, self.surname) if part)


class RelationKind(models.TextChoices):
    """Name the relation in which a person is met."""

    EMPLOYMENT = "employment", "dienstverband"
    APPLICATION = "application", "sollicitatie"
    PRIVATE = "private", "op eigen initiatief"
    AFTER_EMPLOYMENT = "after_employment", "na einde dienstverband"
    ERD_ZW = "erd_zw", "eigenrisicodrager Ziektewet"


class Relation(models.Model):
    """Hold in which relation a person is met; a dossier, its notices and consents hang on exactly one."""

    Kind = RelationKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="relations", verbose_name="persoon")
    employer = models.ForeignKey(
        Employer, models.PROTECT, related_name="relations", null=True, blank=True, verbose_name="werkgever"
    )
    kind = models.CharField("soort relatie", max_length=20, choices=Kind)
    starts_on = models.DateField("begin")
    ends_on = models.DateField(
        "einde", null=True, blank=True, help_text="De eerste dag die niet meer meetelt."
    )
    personnel_number = models.CharField("personeelsnummer", max_length=30, blank=True)
    department = models.CharField("afdeling", max_length=80, blank=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "relatie"
        verbose_name_plural = "relaties"
        default_permissions = ()
        constraints = [
            one_of("relation_kind", "kind", RelationKind),
            models.CheckConstraint(
                name="relation_employment_has_employer",
                condition=~Q(kind="employment") | Q(employer__isnull=False),
                violation_error_message="Bij een dienstverband hoort een werkgever. Kies de werkgever.",
            ),
            ends_after_start("relation_period", of="on", empty=True),
            *walls.RELATION,
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
