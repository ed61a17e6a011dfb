"""Log review as it is recorded: the numbers it works with, what was decided about a signal, and what was drawn."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from delegation.base import filled, must_be_filled
from directory.access.compile import DEFINERS, array
from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import Frozen, Functions, RowTrigger, Wall, changed, office
from dossier.deviations import BY_CODE, SAMPLE, SETTINGS, defaults, union
from dossier.grid import MEDICAL, SECTIONS

SQL = Path(__file__).with_name("review.sql")
# What leaves a row and changes nothing. The rest is something that was done in a dossier.
LOOKING = (
    *("open", "list", "search", "found", "print", "export", "history", "explain", "switch"),
    *("log_review", "refused", "error"),
)
DECISION = "dossier_reviewdecision"
REASON = 2000
SHOWN = (
    *("id", "practice_id", "fingerprint", "day", "signal", "actor", "role", "hidden", "first_at", "times"),
    *("outcome", "reason", "follow_up", "decided_by_id", "decided_at"),
)


def functions() -> str:
    """Write the bodies of the functions of log review, from the signals and the grid. Pure."""
    words = {
        **DEFINERS,
        "defaults": defaults(),
        "union": union(),
        "looking": array(LOOKING),
        "medical": array(MEDICAL),
        "voluntary": array(section.code for section in SECTIONS if section.voluntary),
    }
    return SQL.read_text().format(**words)


class ReviewSetting(models.Model):
    """A number of log review as this practice sets it; without a row the default of dossier/deviations.py holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    value = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="reviewsetting_once"),
            models.CheckConstraint(
                name="reviewsetting_within",
                condition=Q(
                    *(Q(code=s.code, value__gte=s.least, value__lte=s.most) for s in SETTINGS.values()),
                    _connector=Q.OR,
                ),
                violation_error_message="Dit getal valt buiten wat hier kan. Kies een getal tussen de grenzen.",
            ),
            must_be_filled("reviewsetting_reason", "reason", "Schrijf op waarom u dit getal kiest."),
            Frozen(name="dossier_reviewsetting_frozen", when=changed("id practice_id code"), code="frozen"),
            Functions(name="review_functions", sql=lambda model: functions()),
            Wall(
                name="dossier_reviewsetting_wall",
                rights={"hat_admin": "SELECT, INSERT, UPDATE (value, reason, set_by_id)"},
                select=office("logcontrole", "read"),
                insert=f"{office('logcontrole', 'write')} AND set_by_id = (SELECT access_user())",
                update=f"{office('logcontrole', 'write')} AND set_by_id = (SELECT access_user())",
            ),
        ]


class Drawn(RowTrigger):
    """The lot is the database's: nobody chooses a seed, draws twice, or draws from a month that still grows."""

    before = "INSERT"

    def body(self) -> str:
        return (
            "NEW.seed := gen_random_uuid(); NEW.drawn_at := statement_timestamp(); "
            "NEW.size := review_number(NEW.practice_id, 'sample_size'); "
            "IF NEW.month <> date_trunc('month', NEW.month)::date OR (NEW.month + interval '1 month') "
            f"AT TIME ZONE 'Europe/Amsterdam' > statement_timestamp() THEN {self.refusal('month_runs')}; END IF;"
        )


class ReviewSample(models.Model):
    """The draw of one month: seed and size, from which anybody draws the same lookings again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    month = models.DateField()
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    size = models.PositiveSmallIntegerField(default=0, editable=False)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "month"],
                name="reviewsample_once",
                violation_error_message="De steekproef van deze maand is al getrokken.",
            ),
            Drawn(name="dossier_reviewsample_drawn"),
            Wall(
                name="dossier_reviewsample_wall",
                rights={"hat_admin": "SELECT, INSERT"},
                select=office("logcontrole", "read"),
                insert=f"{office('logcontrole', 'write')} AND drawn_by_id = (SELECT access_user())",
            ),
        ]


class Outcome(models.TextChoices):
    EXPLAINED = "verklaard", "Verklaard"
    ASKED = "navraag", "Navraag gedaan"
    BREACH = "inbreuk", "Inbreuk vermoed"


class OfASignal(RowTrigger):
    """A decision is about a signal that is there: what it was is looked up, whatever the writer says it was.

    Nobody judges his own looking (AVG 38 lid 6: no conflict of interests).
    """

    before = "INSERT"

    def body(self) -> str:
        return (
            "DECLARE s record; day timestamptz := NEW.day::timestamp AT TIME ZONE 'Europe/Amsterdam'; BEGIN "
            "SELECT f.* INTO s FROM review_found(NEW.practice_id, day, (NEW.day + 1)::timestamp AT TIME ZONE "
            "'Europe/Amsterdam') f WHERE f.fingerprint = NEW.fingerprint LIMIT 1; "
            "IF NOT FOUND THEN SELECT f.* INTO s FROM review_drawn(NEW.practice_id, "
            "date_trunc('month', NEW.day)::date) f WHERE f.fingerprint = NEW.fingerprint; END IF; "
            f"IF s.fingerprint IS NULL THEN {self.refusal('no_such_signal')}; END IF; "
            f"IF s.actor = access_user() THEN {self.refusal('own_looking')}; END IF; "
            "NEW.signal := s.signal; NEW.actor := s.actor; NEW.role := s.role; NEW.dossier := s.dossier; "
            "NEW.hidden := s.hidden; NEW.first_at := s.moments[1]; NEW.times := cardinality(s.moments); "
            "NEW.decided_at := statement_timestamp(); END;"
        )


class ReviewDecision(models.Model):
    """What somebody decided about one signal, why, and what follows. Added, never changed: the newest one counts.

    Of the signal it keeps values, as the log does: a decision outlives what it names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.UUIDField()
    day = models.DateField()
    signal = models.CharField(max_length=24, default="", editable=False)
    actor = models.BigIntegerField(default=0, editable=False)
    role = models.TextField(default="", editable=False)
    dossier = models.UUIDField(null=True, editable=False)
    hidden = models.BooleanField(default=True, editable=False)
    first_at = models.DateTimeField(default=timezone.now, editable=False)
    times = models.PositiveIntegerField(default=1, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.CharField(max_length=REASON)
    follow_up = models.CharField(max_length=REASON, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["practice", "fingerprint"], name="reviewdecision_of_signal")]
        constraints = [
            models.CheckConstraint(
                name="reviewdecision_known",
                condition=Q(outcome__in=Outcome.values),
                violation_error_message="Kies een uitkomst uit de lijst.",
            ),
            must_be_filled("reviewdecision_reason", "reason", "Schrijf op waarop u dit baseert."),
            models.CheckConstraint(
                name="reviewdecision_followed",
                condition=~Q(outcome="inbreuk") | filled("follow_up"),
                violation_error_message="Schrijf op wat er volgt: met wie u spreekt, en of u het meldt.",
                violation_error_code="follow_up_missing",
            ),
            OfASignal(name="dossier_reviewdecision_of_a_signal"),
            Frozen(name="dossier_reviewdecision_stays", when="true", code="frozen"),
            Wall(
                name="dossier_reviewdecision_wall",
                # Not which dossier: of a voluntary contact the officer may not know whose it was.
                rights={"hat_medical": "SELECT", "hat_admin": f"SELECT ({', '.join(SHOWN)}), INSERT"},
                select=office(
                    "logcontrole",
                    "read",
                    own=f'review_decided_of_mine("{DECISION}"."id")',
                ),
                insert=f"{office('logcontrole', 'decide')} AND decided_by_id = (SELECT access_user())",
            ),
        ]


def label_of(code: str) -> str:
    """Say what a signal is called; one that is no longer looked for has a name, too."""
    if code == SAMPLE:
        return "Steekproef"
    return BY_CODE[code].label if code in BY_CODE else "Eerder signaal"


__all__ = ["Outcome", "ReviewDecision", "ReviewSample", "ReviewSetting", "label_of"]
