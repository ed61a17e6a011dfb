"""Hold what the sources say of each profession, and the professionals of other organisations.

A profession opens nothing and closes nothing. No row here names a dossier or an employee: whoever reads the directory
never learns who is treated by whom, and there is no remark field in which it could be written down.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import office_wall
from directory.people.models import Practice, Registration
from directory.people.models.constraints import one_of
from directory.people.models.names import SortKeyField
from directory.reference.walls import law

REFUSED = "arbo_arts_term"
NOT_A_TITLE = (
    "Deze titel is niet beschermd en is niet hetzelfde als bedrijfsarts. "
    "Kies: ANIOS of AIOS bedrijfsgeneeskunde, of bedrijfsarts voor wie die titel voert."
)


class Flag(models.TextChoices):
    """Say what a source says; silence is a value of its own, never a no."""

    YES = "yes", "ja"
    NO = "no", "nee"
    PARTLY = "partly", "deels"
    UNKNOWN = "unknown", "de bronnen zwijgen"


class Domain(models.TextChoices):
    OCCUPATIONAL = "occupational", "Arbeid en gezondheid"
    UWV = "uwv", "UWV en verzekering"
    FIRST_LINE = "first_line", "Huisartsenzorg"
    HOSPITAL = "hospital", "Ziekenhuis en revalidatie"
    PARAMEDICAL = "paramedical", "Paramedisch"


class WorksUnder(models.TextChoices):
    NONE = "none", "niemand"
    BEDRIJFSARTS = "bedrijfsarts", "bedrijfsarts"
    VERZEKERINGSARTS = "verzekeringsarts", "verzekeringsarts"
    HUISARTS = "huisarts", "huisarts"
    EMPLOYER = "employer", "werkgever of derde"
    TREATMENT_TEAM = "treatment_team", "behandelteam"
    VARIES = "varies", "verschilt"
    UNKNOWN = "unknown", "de bronnen zwijgen"


class Obligation(models.TextChoices):
    REQUIRED = "required", "verplicht"
    VOLUNTARY = "voluntary", "vrijwillig"
    DEPENDS = "depends", "hangt af van de persoon"
    UNKNOWN = "unknown", "de bronnen zwijgen"


class Profession(models.Model):
    """Hold one profession: law as data, in which BIG, title, disciplinary law and secrecy stand apart."""

    key = models.CharField("sleutel", max_length=50, primary_key=True)
    # In an address, where the name would say with whom somebody has to do.
    number = models.PositiveSmallIntegerField("nummer", unique=True)
    name = models.CharField("beroep", max_length=120)
    synonyms = models.CharField("ook gezocht als", max_length=200, blank=True)
    domain = models.CharField("gebied", max_length=20, choices=Domain)
    big = models.CharField("BIG-register", max_length=10, choices=Flag)
    big_by_person = models.BooleanField("BIG hangt af van de persoon")
    title = models.CharField("beschermde titel", max_length=10, choices=Flag)
    discipline = models.CharField("wettelijk tuchtrecht", max_length=10, choices=Flag)
    secrecy = models.CharField("beroepsgeheim", max_length=10, choices=Flag)
    flags_note = models.TextField("toelichting", blank=True)
    works_under = models.CharField("werkt onder", max_length=20, choices=WorksUnder)
    works_under_note = models.TextField("toelichting op werkt onder", blank=True)
    file_access = models.TextField("toegang tot het medisch dossier")
    tasks = models.TextField("taken")
    education = models.TextField("opleiding", blank=True)
    association = models.CharField("beroepsvereniging", max_length=80, blank=True)
    zorgdomein = models.BooleanField("ook via ZorgDomein")
    differs = models.TextField("waar de bronnen verschillen", blank=True)
    source = models.CharField("bron", max_length=200)
    certainty = models.CharField("zekerheid", max_length=1)

    objects = GuardedManager()

    class Meta:
        verbose_name = "beroep"
        verbose_name_plural = "beroepen"
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            *(one_of(f"profession_{name}", name, Flag) for name in ("big", "title", "discipline", "secrecy")),
            one_of("profession_domain", "domain", Domain),
            one_of("profession_works_under", "works_under", WorksUnder),
            law("professions_profession_wall"),
        ]

    def __str__(self) -> str:
        return self.name


class ProfessionRegister(models.Model):
    """Hold one register of a profession: whether one has to stand in it, and what it asks."""

    code = models.CharField("code", max_length=120, primary_key=True)
    profession = models.ForeignKey(Profession, models.PROTECT, related_name="registers")
    name = models.CharField("register", max_length=60)
    obligation = models.CharField("verplicht", max_length=10, choices=Obligation)
    demands = models.CharField("vraagt", max_length=120, blank=True)
    sort_order = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = GuardedManager()

    class Meta:
        verbose_name = "register van een beroep"
        verbose_name_plural = "registers van beroepen"
        default_permissions = ()
        ordering = ["profession", "sort_order"]
        constraints = [
            one_of("profession_register_obligation", "obligation", Obligation),
            law("professions_professionregister_wall"),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalProfessional(models.Model):
    """Hold one professional of another organisation, as the practice knows how to reach him."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    initials = models.CharField("voorletters", max_length=20, blank=True)
    prefix = models.CharField("tussenvoegsel", max_length=20, blank=True)
    surname = models.CharField("achternaam", max_length=100)
    organisation = models.CharField("organisatie", max_length=120)
    profession = models.ForeignKey(
        Profession, models.PROTECT, related_name="+", verbose_name="beroep", db_index=False
    )
    title = models.CharField("functie, zoals de organisatie die noemt", max_length=120, blank=True)
    city = models.CharField("plaats", max_length=80, blank=True)
    phone = models.CharField("telefoon", max_length=30, blank=True)
    email = models.EmailField("e-mail", blank=True)
    in_use = models.BooleanField("in gebruik", default=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = SortKeyField(max_length=160, db_collation="C", blank=True, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "professional van een andere organisatie"
        verbose_name_plural = "professionals van andere organisaties"
        default_permissions = ()
        indexes = [models.Index(fields=["practice", "sort_key"], name="external_by_name")]
        constraints = [
            models.CheckConstraint(
                name="external_no_arbo_arts",
                condition=~Q(title__iregex=r"arbo[^[:alpha:]]*arts"),
                violation_error_message=NOT_A_TITLE,
                violation_error_code="title",
            ),
            models.CheckConstraint(
                name="external_no_refused_profession",
                condition=~Q(profession=REFUSED),
                violation_error_message=NOT_A_TITLE,
                violation_error_code="profession",
            ),
            office_wall("professions_externalprofessional_wall", "professionals"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.initials, self.prefix, self.surname) if part)


class CheckResult(models.TextChoices):
    """Say what the register showed."""

    REGISTERED = "registered", "ingeschreven"
    RESTRICTED = "restricted", "ingeschreven, met een beperking of maatregel"
    ENDED = "ended", "doorgehaald of verlopen"
    NOT_FOUND = "not_found", "niet gevonden"


class ExternalRegistration(models.Model):
    """Hold one registration of such a professional, as its register showed it when somebody looked."""

    Register = Registration.Register
    Result = CheckResult

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    professional = models.ForeignKey(ExternalProfessional, models.PROTECT, related_name="registrations")
    register = models.CharField("register", max_length=30, choices=Registration.Register)
    detail = models.CharField("welk register, of welk niveau", max_length=60, blank=True)
    number = models.CharField("nummer", max_length=20)
    ends_on = models.DateField(
        "ingeschreven tot", null=True, blank=True, help_text="De eerste dag die niet meer meetelt."
    )
    checked_on = models.DateField("nagekeken op")
    result = models.CharField("uitkomst", max_length=20, choices=CheckResult)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    # Written down at the check: a later choice of the practice does not move what was agreed then.
    recheck_on = models.DateField("opnieuw nakijken op")

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "inschrijving van een professional"
        verbose_name_plural = "inschrijvingen van professionals"
        default_permissions = ()
        constraints = [
            one_of("external_registration_register", "register", Registration.Register),
            one_of("external_registration_result", "result", CheckResult),
            models.CheckConstraint(
                name="external_registration_big_number",
                condition=~Q(register__startswith="big_") | Q(number__regex=r"^[0-9]{11}$"),
                violation_error_message="Een BIG-nummer heeft elf cijfers. Neem het over uit het register.",
                violation_error_code="number",
            ),
            models.UniqueConstraint(
                fields=["professional", "register", "detail"],
                name="external_registration_once",
                violation_error_message=(
                    "Deze inschrijving staat er al. Leg bij die inschrijving vast dat u opnieuw keek."
                ),
                violation_error_code="register",
            ),
            office_wall("professions_externalregistration_wall", "professionals"),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()}{f', {self.detail}' if self.detail else ''}"
