import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.people import walls
from directory.people.models.constraints import ends_after_start, no_overlap
from directory.people.models.practice import Practice


class Side(models.TextChoices):
    """Name the side somebody works on: it decides the hat, and a capacity has exactly one."""

    MEDICAL = "medical", "medisch"
    SIGNAL = "signal", "proces met signaleringstaak"
    PROCESS = "process", "proces"
    EMPLOYER = "employer", "werkgeverszijde"
    DESK = "desk", "secretariaat"
    ADMIN = "admin", "beheer"


class Role(models.TextChoices):
    """Name what somebody is engaged for in one practice."""

    BEDRIJFSARTS = "bedrijfsarts", "bedrijfsarts"
    ARTS_ONDER_SUPERVISIE = "arts_onder_supervisie", "arts onder supervisie"
    GEDELEGEERDE = "gedelegeerde", "gedelegeerde"
    TEAMLID = "teamlid", "teamlid"
    SECOND_OPINIONARTS = "second_opinionarts", "second-opinionarts"
    DOSSIERBEWAARDER = "dossierbewaarder", "dossierbewaarder"
    SIGNALEERDER = "signaleerder", "procesbewaker met signaleringstaak"
    PROCESBEWAKER = "procesbewaker", "procesbewaker"
    OVERIG_A = "overig_a", "begeleider onder de bedrijfsarts"
    CASEMANAGER = "casemanager", "casemanager werkgeverszijde"
    OVERIG_B = "overig_b", "begeleider werkgeverszijde"
    SECRETARIAAT = "secretariaat", "secretariaat"
    PRAKTIJKBEHEERDER = "praktijkbeheerder", "praktijkbeheerder"
    FG = "fg", "functionaris gegevensbescherming"


# The only pairs there are. What is missing is meant: a delegate on the employer side (B-I) would bring
# medical data to the employer, so no row can say it (Leidraad casemanagement §1.2, §3.3).
ROLE_SIDES: dict[Role, Side] = {
    Role.BEDRIJFSARTS: Side.MEDICAL,
    Role.ARTS_ONDER_SUPERVISIE: Side.MEDICAL,
    Role.GEDELEGEERDE: Side.MEDICAL,
    Role.TEAMLID: Side.MEDICAL,
    Role.SECOND_OPINIONARTS: Side.MEDICAL,
    Role.DOSSIERBEWAARDER: Side.MEDICAL,
    Role.SIGNALEERDER: Side.SIGNAL,
    Role.PROCESBEWAKER: Side.PROCESS,
    Role.OVERIG_A: Side.PROCESS,
    Role.CASEMANAGER: Side.EMPLOYER,
    Role.OVERIG_B: Side.EMPLOYER,
    Role.SECRETARIAAT: Side.DESK,
    Role.PRAKTIJKBEHEERDER: Side.ADMIN,
    Role.FG: Side.ADMIN,
}

# On the other sides people work under the bedrijfsarts: he accepts, others only prepare.
SIDES_WITHOUT_ACCEPTANCE = frozenset({Side.EMPLOYER, Side.ADMIN})


def _pairs() -> Q:
    pairs = Q()
    for side in Side:
        pairs |= Q(side=side.value, role__in=[role.value for role, its in ROLE_SIDES.items() if its is side])
    return pairs


class Engagement(models.Model):
    """Hold that an account works in a practice, in one role on one side, over one half-open period."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="engagements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="engagements")
    role = models.CharField("rol", max_length=30, choices=Role)
    side = models.CharField("zijde", max_length=10, choices=Side)
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField("reden van beëindigen", blank=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "werkrelatie"
        verbose_name_plural = "werkrelaties"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="engagement_role_side",
                condition=_pairs(),
                violation_error_message=(
                    "Deze rol hoort niet bij deze zijde. Een medische rol aan werkgeverszijde bestaat niet: "
                    "kies een rol onder de bedrijfsarts, of casemanager werkgeverszijde."
                ),
            ),
            models.CheckConstraint(
                name="engagement_acceptance_whole",
                condition=Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                violation_error_message="Leg bij een aanvaarding vast wie aanvaardt en wanneer.",
            ),
            ends_after_start("engagement_period", empty=True),
            no_overlap(
                "engagement_no_overlap",
                "practice",
                "user",
                "role",
                message="Deze medewerker heeft deze rol al in deze periode. Beëindig eerst de lopende rol.",
            ),
            *walls.ENGAGEMENT,
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def needs_acceptance(self) -> bool:
        """Say whether this engagement waits for the bedrijfsarts; until then it counts for nothing."""
        return self.side not in SIDES_WITHOUT_ACCEPTANCE and self.accepted_at is None


class EngagementSuspension(models.Model):
    """Hold a period in which an engagement stands still, so that any moment can be asked afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="suspensions")
    starts_at = models.DateTimeField("begin")
    ends_at = models.DateTimeField("einde", null=True, blank=True)
    reason = models.TextField("reden")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        verbose_name = "schorsing"
        verbose_name_plural = "schorsingen"
        default_permissions = ()
        constraints = [
            ends_after_start("engagement_suspension_period", empty=True),
            no_overlap(
                "engagement_suspension_no_overlap",
                "engagement",
                message="In deze periode loopt al een schorsing. Hef eerst de lopende schorsing op.",
            ),
            *walls.ENGAGEMENT_SUSPENSION,
        ]

    def __str__(self) -> str:
        return "schorsing"
