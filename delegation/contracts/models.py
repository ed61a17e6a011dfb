"""The delegation contract: who, from whom, which tasks, for whom, until when.

A draft grants nothing. Signing by the bedrijfsarts himself lays the one ground of the contract; suspending
and ending are done on that ground and never rewrite what was signed. Source: Leidraad casemanagement (2019)
§2.3.1 and bijlage 5.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from delegation import walls
from delegation.base import PracticeObject, both_or_neither, filled
from delegation.rulesets.constraints import PairForeignKey
from directory.people.models.constraints import ends_after_start


class Contract(PracticeObject):
    """One agreement of one bedrijfsarts with one delegate, under one edition of the task list."""

    ground = models.OneToOneField(
        "access.Ground", models.PROTECT, related_name="contract", null=True, blank=True, editable=False
    )
    edition = models.ForeignKey(
        "delegation.Edition", models.PROTECT, related_name="+", verbose_name="takenlijst"
    )
    delegate = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="contracts_held", verbose_name="gedelegeerde"
    )
    physician = models.ForeignKey(
        "people.Engagement", models.PROTECT, related_name="contracts_given", verbose_name="bedrijfsarts"
    )
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde")
    supervision_plan = models.TextField("toezicht", blank=True)
    consultation_interval = models.PositiveSmallIntegerField("overleg elke (weken)", null=True, blank=True)
    protocol = models.ForeignKey(
        "delegation.Protocol",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="protocol",
    )
    over_maximum_reason = models.TextField("reden boven het maximum", blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "taakdelegatieovereenkomst"
        verbose_name_plural = "taakdelegatieovereenkomsten"
        constraints = [
            ends_after_start("contract_period"),
            models.CheckConstraint(
                name="contract_two_people",
                condition=~Q(delegate=F("physician")),
                violation_error_message=(
                    "Een bedrijfsarts delegeert niet aan zichzelf. Kies een andere gedelegeerde."
                ),
                violation_error_code="delegate_is_physician",
            ),
            models.CheckConstraint(
                name="contract_signature_whole",
                condition=both_or_neither("signed_by", "signed_at"),
                violation_error_message="Leg bij de ondertekening vast wie tekende en wanneer.",
                violation_error_code="signature_half",
            ),
            models.CheckConstraint(
                name="contract_acceptance_whole",
                condition=both_or_neither("accepted_by", "accepted_at"),
                violation_error_message="Leg bij de aanvaarding vast wie aanvaardde en wanneer.",
                violation_error_code="acceptance_half",
            ),
            models.CheckConstraint(
                name="contract_starts_not_before_signed",
                condition=Q(signed_at__isnull=True) | Q(starts_at__gte=F("signed_at")),
                violation_error_message=(
                    "Een overeenkomst gaat in op of na de ondertekening. Kies een begin dat niet in het "
                    "verleden ligt."
                ),
                violation_error_code="starts_before_signed",
            ),
            models.CheckConstraint(
                name="contract_accepted_after_signed",
                condition=Q(accepted_at__isnull=True)
                | Q(signed_at__isnull=False, accepted_at__gte=F("signed_at")),
                violation_error_message="De bedrijfsarts tekent eerst; daarna aanvaardt de gedelegeerde.",
                violation_error_code="accepted_before_signed",
            ),
            models.CheckConstraint(
                name="contract_signed_is_complete",
                condition=Q(signed_at__isnull=True)
                | (
                    Q(ground__isnull=False, protocol__isnull=False, consultation_interval__gte=1)
                    & filled("supervision_plan")
                ),
                violation_error_message=(
                    "Kies een protocol, beschrijf het toezicht en vul in hoe vaak u overlegt; daarna kunt u "
                    "tekenen."
                ),
                violation_error_code="signed_incomplete",
            ),
            *walls.CONTRACT,
        ]

    def __str__(self) -> str:
        return "Taakdelegatieovereenkomst"

    @property
    def is_draft(self) -> bool:
        return self.signed_at is None


class ContractTask(PracticeObject):
    """One delegated task. The pair (task, 2) must exist, so a code-1 task fits in no contract or draft."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="tasks")
    task = models.ForeignKey("delegation.Task", models.PROTECT, related_name="+", verbose_name="taak")
    delegable = models.PositiveSmallIntegerField(default=2, editable=False)
    justification = models.TextField("onderbouwing zonder BIG-inschrijving", blank=True)

    class Meta(PracticeObject.Meta):
        verbose_name = "gedelegeerde taak"
        verbose_name_plural = "gedelegeerde taken"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "task"],
                name="contract_task_once",
                violation_error_message="Deze taak staat al in de overeenkomst.",
                violation_error_code="task_twice",
            ),
            models.CheckConstraint(
                name="contract_task_delegable",
                condition=Q(delegable=2),
                violation_error_message=(
                    "Deze taak kan een bedrijfsarts niet delegeren. Haal de taak uit de overeenkomst; een "
                    "arts onder "
                    "supervisie kan haar wel doen."
                ),
                violation_error_code="task_not_delegable",
            ),
            PairForeignKey(
                name="contract_task_code_2",
                columns=["task_id", "delegable"],
                to="delegation_task",
                to_columns=["id", "delegable"],
            ),
            *walls.CONTRACT_TASK,
        ]

    def __str__(self) -> str:
        return "gedelegeerde taak"


class ContractScope(PracticeObject):
    """For whom: every employee of one client, or one employee by name (his relation)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="scope")
    employer = models.ForeignKey(
        "people.Employer", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="werkgever"
    )
    relation = models.ForeignKey(
        "people.Relation", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="werknemer"
    )

    class Meta(PracticeObject.Meta):
        verbose_name = "reikwijdte"
        verbose_name_plural = "reikwijdten"
        constraints = [
            models.CheckConstraint(
                name="contract_scope_exactly_one",
                condition=Q(employer__isnull=False, relation__isnull=True)
                | Q(employer__isnull=True, relation__isnull=False),
                violation_error_message="Kies per regel óf een werkgever óf één werknemer.",
                violation_error_code="scope_not_one",
            ),
            models.UniqueConstraint(fields=["contract", "employer"], name="contract_scope_employer_once"),
            models.UniqueConstraint(fields=["contract", "relation"], name="contract_scope_relation_once"),
            *walls.CONTRACT_SCOPE,
        ]

    def __str__(self) -> str:
        return "reikwijdte"
