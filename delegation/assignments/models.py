"""Assignments: the written reason on which another role rests (Leidraad casemanagement §1.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from delegation import walls
from delegation.base import PracticeObject, both_or_neither, must_be_filled
from directory.people.models.constraints import ends_after_start, one_of


class AssignmentKind(models.TextChoices):
    CLIENT = "client", "bedrijfsarts voor een werkgever"
    PROCESS = "process", "procesbewaking onder de bedrijfsarts"
    SIGNAL = "signal", "procesbewaking met signaleringstaak"
    EMPLOYER = "employer", "casemanager aan werkgeverszijde"
    REINTEGRATION = "reintegration", "re-integratie in opdracht van de werkgever"
    DESK = "desk", "secretariaat van de bedrijfsarts"
    TEAM = "team", "teamlid van de bedrijfsarts"
    CUSTODY = "custody", "bewaring van dossiers"


class Assignment(PracticeObject):
    """One written assignment of one person. The administrator may prepare it; it counts once accepted.

    Acceptance lays the ground, which from then on holds the period; the periods here are what was asked for.
    """

    ground = models.OneToOneField(
        "access.Ground", models.PROTECT, related_name="assignment", null=True, blank=True, editable=False
    )
    kind = models.CharField("soort", max_length=14, choices=AssignmentKind)
    holder = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="assignments", verbose_name="opdracht aan"
    )
    responsible = models.ForeignKey(
        "people.Engagement",
        models.PROTECT,
        related_name="assignments_answered_for",
        null=True,
        blank=True,
        verbose_name="verantwoordelijke bedrijfsarts",
    )
    employer = models.ForeignKey(
        "people.Employer", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="werkgever"
    )
    relation = models.ForeignKey(
        "people.Relation", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="werknemer"
    )
    tasks = models.TextField("taken")
    facilities = models.TextField("faciliteiten", blank=True)
    principal = models.TextField("opdrachtgever", blank=True)
    document_reference = models.TextField("vindplaats van de schriftelijke opdracht", blank=True)
    role_division = models.TextField("rolverdeling met de andere bedrijfsarts", blank=True)
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    prepared_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "opdracht"
        verbose_name_plural = "opdrachten"
        constraints = [
            one_of("assignment_kind", "kind", AssignmentKind),
            ends_after_start("assignment_period"),
            must_be_filled("assignment_tasks", "tasks", "Beschrijf welke taken bij deze opdracht horen."),
            models.CheckConstraint(
                name="assignment_facilities",
                condition=~Q(kind__in=["process", "signal", "employer"]) | Q(facilities__regex=r"\S"),
                violation_error_message="Leg ook vast hoe de casemanager wordt gefaciliteerd.",
                violation_error_code="facilities_missing",
            ),
            models.CheckConstraint(
                name="assignment_principal",
                condition=~Q(kind__in=["employer", "reintegration"])
                | Q(principal__regex=r"\S", document_reference__regex=r"\S"),
                violation_error_message=(
                    "Vul in wie de opdracht gaf en waar de schriftelijke opdracht te vinden is."
                ),
                violation_error_code="principal_missing",
            ),
            models.CheckConstraint(
                name="assignment_employer",
                condition=~Q(kind__in=["client", "employer", "reintegration"]) | Q(employer__isnull=False),
                violation_error_message="Kies de werkgever waarvoor deze opdracht geldt.",
                violation_error_code="employer_missing",
            ),
            # The employer side is assigned to people by name, never to a whole company (§3.3, §3.4 B-II).
            models.CheckConstraint(
                name="assignment_named_employee",
                condition=~Q(kind__in=["employer", "reintegration"]) | Q(relation__isnull=False),
                violation_error_message=(
                    "Kies de werknemer: aan werkgeverszijde geldt een opdracht per werknemer."
                ),
                violation_error_code="relation_missing",
            ),
            models.CheckConstraint(
                name="assignment_responsible",
                condition=~Q(kind__in=["process", "signal", "desk", "team"]) | Q(responsible__isnull=False),
                violation_error_message="Kies de bedrijfsarts onder wie deze opdracht wordt uitgevoerd.",
                violation_error_code="responsible_missing",
            ),
            models.CheckConstraint(
                name="assignment_acceptance_whole",
                condition=both_or_neither("accepted_by", "accepted_at"),
                violation_error_message="Leg bij een aanvaarding vast wie aanvaardt en wanneer.",
                violation_error_code="acceptance_half",
            ),
            models.CheckConstraint(
                name="assignment_ground_means_accepted",
                condition=both_or_neither("ground", "accepted_at"),
                violation_error_message="Een opdracht telt pas na aanvaarding.",
                violation_error_code="not_accepted",
            ),
            *walls.ASSIGNMENT,
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
