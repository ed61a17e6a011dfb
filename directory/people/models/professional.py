import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people import walls
from directory.people.models.constraints import ends_after_start, no_overlap, one_of


class Profession(models.TextChoices):
    """Name the professions as the field itself names them."""

    BEDRIJFSARTS = "bedrijfsarts", "bedrijfsarts"
    ARTS = "arts", "arts in opleiding / ANIOS bedrijfsgeneeskunde"
    POB = "pob", "praktijkondersteuner bedrijfsarts"
    ARBOVERPLEEGKUNDIGE = "arboverpleegkundige", "arboverpleegkundige"
    DOKTERSASSISTENT = "doktersassistent", "doktersassistent"
    FYSIOTHERAPEUT = "fysiotherapeut", "arbeids- en bedrijfsfysiotherapeut"
    PSYCHOLOOG = "psycholoog", "psycholoog Arbeid en Gezondheid"
    BEDRIJFSMAATSCHAPPELIJK_WERKER = "bedrijfsmaatschappelijk_werker", "bedrijfsmaatschappelijk werker"
    CASEMANAGER = "casemanager", "casemanager"
    ARBEIDSDESKUNDIGE = "arbeidsdeskundige", "arbeidsdeskundige"
    COACH = "coach", "re-integratiecoach"
    SECRETARESSE = "secretaresse", "secretaresse"
    OVERIG = "overig", "overig"


class Professional(models.Model):
    """Hold the profession of an account; what it may do follows from engagement and ground alone."""

    Profession = Profession

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="professional")
    profession = models.CharField("beroep", max_length=40, choices=Profession)
    title = models.CharField("titel of functie", max_length=120, blank=True)
    phone = models.CharField("telefoon", max_length=30, blank=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "professional"
        verbose_name_plural = "professionals"
        default_permissions = ()
        constraints = [
            # First, so that whoever types the refused title hears what to type instead.
            models.CheckConstraint(
                name="professional_no_arbo_arts",
                condition=~Q(profession__iregex=r"arbo[^[:alpha:]]*arts")
                & ~Q(title__iregex=r"arbo[^[:alpha:]]*arts"),
                violation_error_message=(
                    "Deze titel is niet beschermd en is niet hetzelfde als bedrijfsarts. "
                    "Kies: arts in opleiding / ANIOS bedrijfsgeneeskunde."
                ),
            ),
            one_of("professional_profession", "profession", Profession),
            *walls.PROFESSIONAL,
        ]

    def __str__(self) -> str:
        return self.title or self.get_profession_display()


class Register(models.TextChoices):
    """Name the registers in which a professional can stand."""

    BIG_ARTS = "big_arts", "BIG-register, arts"
    SPECIALIST_BEDRIJFSARTS = "specialist_bedrijfsarts", "specialistenregister, bedrijfsarts"
    BIG_VERPLEEGKUNDIGE = "big_verpleegkundige", "BIG-register, verpleegkundige"
    BIG_FYSIOTHERAPEUT = "big_fysiotherapeut", "BIG-register, fysiotherapeut"
    BIG_GZ_PSYCHOLOOG = "big_gz_psycholoog", "BIG-register, gz-psycholoog"
    BIG_OVERIG = "big_overig", "BIG-register, ander beroep"
    RSC = "rsc", "Register Specialistisch Casemanagement"
    RNVC = "rnvc", "register RNVC"
    SRA = "sra", "register arbeidsdeskundigen"
    OVERIG = "overig", "ander register"


class Registration(models.Model):
    """Hold one registration over one period: a right stops at its end date, never at a late check."""

    Register = Register

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="registrations")
    register = models.CharField("register", max_length=30, choices=Register)
    number = models.CharField("nummer", max_length=20)
    starts_on = models.DateField("ingeschreven vanaf")
    ends_on = models.DateField(
        "ingeschreven tot", null=True, blank=True, help_text="De eerste dag die niet meer meetelt."
    )
    checked_at = models.DateTimeField("geraadpleegd op", null=True, blank=True)
    check_result = models.CharField("uitkomst van de raadpleging", max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "inschrijving"
        verbose_name_plural = "inschrijvingen"
        default_permissions = ()
        constraints = [
            one_of("registration_register", "register", Register),
            models.CheckConstraint(
                name="registration_big_number",
                condition=~Q(register__startswith="big_") | Q(number__regex=r"^[0-9]{11}$"),
                violation_error_message="Een BIG-nummer heeft elf cijfers. Neem het over uit het register.",
            ),
            ends_after_start("registration_period", of="on"),
            no_overlap(
                "registration_no_overlap",
                "professional",
                "register",
                of="on",
                message="In deze periode staat deze inschrijving er al. Beëindig eerst de andere.",
            ),
            *walls.REGISTRATION,
        ]

    def __str__(self) -> str:
        return self.get_register_display()
