"""The kernel's own tables: contexts, the access log, grounds with their scope and suspensions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .history import TriggerHistory
from .proof.models import Anchoring, Checkpoint, SealedRow
from .querysets import GuardedManager
from .walls import Frozen, Recorded, Wall, closed

__all__ = [
    "AccessLog",
    "Anchoring",
    "Checkpoint",
    "Ground",
    "GroundScope",
    "SealedRow",
    "SessionContext",
    "Suspension",
]

# Which role a ground of a kind can give. An employee who came himself gives a purpose, never the whole dossier.
GROUND_ROLES = {
    "client_assignment": ("bedrijfsarts", "bedrijfsarts_doelgebonden"),
    "self_referral": ("bedrijfsarts_doelgebonden",),
    "transfer": ("bedrijfsarts",),
    "contract": ("gedelegeerde",),
    "deputising": ("waarnemer",),
    "supervision": ("arts_onder_supervisie",),
    "team": ("teamlid",),
    "desk": ("secretariaat",),
    "process_assignment": ("procesbewaker", "overig_a"),
    "signal_assignment": ("signaleerder",),
    "employer_assignment": ("casemanager",),
    "employer_reintegration": ("overig_b",),
    "second_opinion": ("second_opinionarts",),
    "custody": ("dossierbewaarder",),
}
# Kinds whose existence says nothing medical; the others are seen by those they concern, and on the dossier's team.
ORDINARY = (
    "client_assignment",
    "contract",
    "deputising",
    "supervision",
    "desk",
    "process_assignment",
    "signal_assignment",
    "employer_assignment",
    "employer_reintegration",
)
ORDINARY_SQL = ", ".join(f"'{kind}'" for kind in ORDINARY)


def _kind_gives_role() -> Q:
    pairs = Q()
    for kind, roles in GROUND_ROLES.items():
        pairs |= Q(kind=kind, role__in=roles)
    return pairs


GROUND_SEEN = (
    "practice_id = (SELECT access_practice()) AND (holder_id = (SELECT access_engagement()) "
    "OR responsible_id = (SELECT access_engagement()) OR given_by_id = (SELECT access_user()) "
    "OR (kind = 'contract' AND (SELECT access_office('taakcontract', 'read')) = 'all') "
    f"OR (kind IN ({ORDINARY_SQL}) AND (SELECT access_office('klantcontract', 'read')) = 'all') "
    "OR id IN (SELECT access_team_grounds()))"
)
OF_SEEN_GROUND = (
    "practice_id = (SELECT access_practice()) AND ground_id IN (SELECT g.id FROM access_ground g)"
)
GROUND_RIGHTS = {
    "hat_base": "SELECT",
    "hat_medical": "SELECT, INSERT, UPDATE (ends_at, ended_reason)",
    "hat_admin": "SELECT, INSERT, UPDATE (ends_at, ended_reason)",
}


class SessionContext(models.Model):
    """Which capacity a token stands for. Only definer functions touch it; it holds the token's hash."""

    token_hash = models.BinaryField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    engagement = models.ForeignKey("people.Engagement", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    session = models.CharField(
        max_length=64, default="", db_index=True
    )  # the hash of its session's key: they end together
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [closed("access_sessioncontext_wall")]
        default_permissions = ()


class XidField(models.Field):
    """A 64-bit transaction id."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class AccessLog(models.Model):
    """Who looked, searched, shared or was refused (NEN 7513). Partitioned by month, so made by hand in a migration.

    Values, never foreign keys: a row outlives everything it names.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    xid = XidField()
    request = models.TextField()
    kind = models.TextField()
    outcome = models.TextField()
    code = models.TextField(null=True)
    actor = models.BigIntegerField()
    engagement = models.UUIDField()
    practice = models.UUIDField()
    role = models.TextField()
    side = models.TextField()
    on_behalf_of = models.BigIntegerField(null=True)
    ground = models.UUIDField(null=True)
    ground_kind = models.TextField(null=True)
    purpose = models.TextField()
    asks = ArrayField(models.TextField())
    dossiers = ArrayField(models.UUIDField())
    record = models.UUIDField(null=True)
    query = models.TextField(null=True)
    origin = models.TextField()
    protocol = models.TextField()
    leaf = models.BinaryField()
    version = models.IntegerField(null=True)
    consent = models.UUIDField(null=True)

    objects = GuardedManager()

    class Meta:
        managed = False
        db_table = "access_log"
        default_permissions = ()

    @classmethod
    def open_rule(cls, verb: str) -> str:
        """Write what the policies of the log say together: of an opened dossier, one's own looks, or the review."""
        if verb != "read":
            return "false"
        of = "access_log.dossiers && ARRAY(SELECT k.d FROM access_pairs('read', '{value}') k WHERE k.s = 'inzage')"
        return (
            "access_log.practice = (SELECT access_practice()) AND ("
            f"{of.format(value='all')} OR (access_log.actor = (SELECT access_user()) AND {of.format(value='own')}) "
            "OR (SELECT access_office('logcontrole', 'read')) = 'all')"
        )


class Ground(models.Model):
    """Why somebody may: a contract, an appointment, an assignment. Each owns exactly one ground.

    A ground never begins before it was signed, and can be shortened but never stretched or moved: a longer right is a
    new ground with its own signature (Leidraad casemanagement bijlage 5, opdracht).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    role = models.CharField(max_length=30)
    holder = models.ForeignKey("people.Engagement", models.PROTECT, related_name="grounds")
    responsible = models.ForeignKey(
        "people.Engagement", models.PROTECT, null=True, related_name="grounds_under"
    )
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purposes = ArrayField(models.CharField(max_length=24), default=list)
    signed_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(default="")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["holder", "starts_at"], name="ground_of_holder")]
        constraints = [
            models.CheckConstraint(
                name="ground_kind_gives_role",
                condition=_kind_gives_role(),
                violation_error_message="Deze grond geeft deze rol niet. Kies een rol die bij de opdracht hoort.",
            ),
            models.CheckConstraint(
                name="ground_not_before_signed",
                condition=Q(starts_at__gte=F("signed_at")),
                violation_error_message="De ingangsdatum ligt vóór de ondertekening. Kies een latere ingangsdatum.",
            ),
            models.CheckConstraint(
                name="ground_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                violation_error_message="De einddatum ligt vóór de ingangsdatum. Pas een van beide aan.",
            ),
            Frozen(
                name="access_ground_only_shortens",
                when="(OLD.ends_at IS NOT NULL AND OLD.ends_at <= statement_timestamp()) "
                "OR NEW.ends_at IS NULL OR NEW.ends_at > coalesce(OLD.ends_at, 'infinity') "
                "OR NEW.ends_at < statement_timestamp() - interval '1 minute' AND NEW.ends_at <> NEW.starts_at",
                code="ground_only_shortens",
            ),
            models.CheckConstraint(
                name="ground_self_referral_for_a_purpose",
                # Who came himself came for something else than his sick leave: that has its own physician, whose
                # delegates' files hang on this purpose (Leidraad casemanagement §3.1).
                condition=~Q(kind="self_referral") | ~Q(purposes__contains=["begeleiding"]),
                violation_error_message="Een eigen contact opent de verzuimbegeleiding niet. Kies een ander doel.",
            ),
            Recorded(name="access_ground_recorded"),
            Wall(
                name="access_ground_wall",
                rights=GROUND_RIGHTS,
                select=GROUND_SEEN,
                insert="practice_id = (SELECT access_practice()) AND given_by_id = (SELECT access_user()) "
                "AND access_may_lay(kind, holder_id, responsible_id)",
                update="practice_id = (SELECT access_practice()) AND access_may_end(kind, holder_id, responsible_id)",
            ),
        ]


class GroundScope(models.Model):
    """What a ground reaches: an employer's people, one relation, or the whole caseload of its physician."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="scope")
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True, related_name="+")
    relation = models.ForeignKey("people.Relation", models.PROTECT, null=True, related_name="+")
    caseload = models.BooleanField(default=False)

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="scope_names_one_thing",
                condition=Q(employer__isnull=False, relation__isnull=True, caseload=False)
                | Q(employer__isnull=True, relation__isnull=False, caseload=False)
                | Q(employer__isnull=True, relation__isnull=True, caseload=True),
                violation_error_message="Kies een werkgever, een werknemer of de hele caseload.",
            ),
            Wall(
                name="access_groundscope_wall",
                rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT", "hat_admin": "SELECT, INSERT"},
                select=OF_SEEN_GROUND,
                insert="practice_id = (SELECT access_practice()) AND ground_id IN (SELECT g.id FROM access_ground g "
                "WHERE access_may_lay(g.kind, g.holder_id, g.responsible_id) AND g.given_by_id = access_user())",
            ),
        ]


class Suspension(models.Model):
    """A ground that stands still for a while. A period with its own record, so the past can be answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="suspensions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["ground", "starts_at"], name="suspension_of_ground")]
        constraints = [
            models.UniqueConstraint(
                fields=["ground"],
                condition=Q(ends_at__isnull=True),
                name="suspension_open_once",
                violation_error_message="Dit is al geschorst.",
            ),
            models.CheckConstraint(
                name="suspension_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                violation_error_message="Het einde van de schorsing ligt vóór het begin.",
            ),
            models.CheckConstraint(
                name="suspension_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Schrijf op waarom u schorst.",
            ),
            Frozen(
                name="access_suspension_only_shortens",
                # What was held back stays held back: what happened meanwhile is not recorded after all.
                when="session_user <> 'tweeluik_owner' AND (OLD.ends_at <= statement_timestamp() "
                "OR NEW.ends_at < statement_timestamp() - interval '1 minute')",
                code="suspension_only_shortens",
            ),
            Recorded(name="access_suspension_recorded"),
            Wall(
                name="access_suspension_wall",
                rights={
                    "hat_base": "SELECT",
                    "hat_medical": "SELECT, INSERT, UPDATE (ends_at)",
                    "hat_admin": "SELECT, INSERT, UPDATE (ends_at)",
                },
                select=OF_SEEN_GROUND,
                insert="practice_id = (SELECT access_practice()) AND by_id = (SELECT access_user()) "
                "AND ground_id IN (SELECT g.id FROM access_ground g "
                "WHERE access_may_end(g.kind, g.holder_id, g.responsible_id))",
                update="practice_id = (SELECT access_practice()) AND ground_id IN (SELECT g.id FROM access_ground g "
                "WHERE access_may_end(g.kind, g.holder_id, g.responsible_id))",
            ),
        ]
