"""Sickness as the employer may know it: the case with its coded facts, and how it went on. No reason, ever."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import Frozen, Wall, changed, privileges, rows_open
from dossier.functions import OwnerReads
from dossier.records.base import OfItsRecord

from .records import ProcessRecord

CASE = "process_verzuimgeval"
COURSE = "process_verzuimverloop"
SECTION = "werkgeverdeel"


def coded_wall(table: str) -> Wall:
    """Build the wall of coded columns that stand one to one with a record of the employer's part."""
    mine = f'"{table}"."author_id" = (SELECT access_user()) AND "{table}"."practice_id" = (SELECT access_practice())'

    # Columns are no part, so they ask for a delegate's task themselves (Leidraad casemanagement bijlage 4, P1, P2).
    tasks = " OR ".join(
        f"access_task_held(\"{table}\".dossier_id, '{SECTION}', '{task}', statement_timestamp())"
        for task in ("P1", "P2")
    )

    def written(model: type[Coded]) -> str:
        # Who reports but his own progress (B-III) reports nobody sick: what one writes here, one reads here.
        return f"{mine} AND ({model.rule('write')} OR {model.rule('amend')}) AND {model.rule('read')} AND ({tasks})"

    return Wall(
        name=f"{table}_wall",
        rights=lambda model: privileges([SECTION]),
        select=lambda model: model.open_rule("read"),
        insert=written,
        update=written,
        force=True,
        explained=True,  # the rule that one case runs looks at all of a dossier, whoever writes
    )


def closes(table: str, *never: str) -> Frozen:
    """Let coded columns close with the signature of their record; those of `never` stay from the beginning."""
    return Frozen(
        name=f"{table}_closes",
        when=changed(" ".join(("record_id practice_id dossier_id author_id", *never)))
        + " OR EXISTS (SELECT 1 FROM process_record h WHERE h.id = OLD.record_id AND h.state <> 'concept')",
        code="signed_is_immutable",
    )


def seen_by_review(table: str) -> OwnerReads:
    """Let log review ask whether a case ran when somebody looked: as the owner, and only for who may review."""
    may = (
        "CASE WHEN (SELECT access_user()) IS NULL THEN false "  # a migration acts for nobody
        "ELSE (SELECT access_office('logcontrole', 'read')) <> 'nothing' END"
    )
    return OwnerReads(name=f"{table}_review", rule=may)


class Coded(models.Model):
    """What every table of coded columns has: its record, and what its wall asks."""

    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="%(class)s_rows")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    @classmethod
    def rule(cls, verb: str) -> str:
        place = {"section": f"'{SECTION}'", "purpose": f"'{SECTION}'", "record": "record_id"}
        return rows_open(cls._meta.db_table, verb, [SECTION], **place)

    @classmethod
    def open_rule(cls, verb: str) -> str:
        if verb != "read":
            return cls.rule(verb)
        # Moved to the right dossier, nothing of it is read in the wrong one.
        table = cls._meta.db_table
        stays = f"SELECT 1 FROM process_record h WHERE h.id = \"{table}\".record_id AND h.state <> 'moved'"
        return f"(({cls.rule('read')}) OR ({cls.rule('find')})) AND EXISTS ({stays})"


class Verzuimgeval(Coded):
    """One sickness case: exactly the facts an employer may ask and record at a ziekmelding (003 §3.3), and no others.

    Whether a safety net applies is recorded, never which; whether there was an accident, never what it did.
    """

    record = models.OneToOneField(
        ProcessRecord, models.PROTECT, primary_key=True, related_name="verzuimgeval"
    )
    first_sick_day = models.DateField("eerste ziektedag")
    reported_on = models.DateField("ziekmelding op")
    recovered_on = models.DateField("hersteld per", null=True, blank=True)
    expected_days = models.PositiveSmallIntegerField("vermoedelijke duur (dagen)", null=True, blank=True)
    safety_net = models.BooleanField("vangnetbepaling van toepassing", default=False)
    work_accident = models.BooleanField("verband met een arbeidsongeval", default=False)
    traffic_accident = models.BooleanField("verkeersongeval met mogelijk regres", default=False)
    absence_percentage = models.PositiveSmallIntegerField("verzuimpercentage", default=100)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        db_table = CASE
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="case_reported_after_start",
                condition=Q(reported_on__gte=F("first_sick_day")),
                violation_error_message="De ziekmelding ligt vóór de eerste ziektedag. Pas een van beide datums aan.",
            ),
            models.CheckConstraint(
                name="case_recovered_after_start",
                condition=Q(recovered_on__isnull=True) | Q(recovered_on__gte=F("first_sick_day")),
                violation_error_message="De hersteldatum ligt vóór de eerste ziektedag. Pas een van beide datums aan.",
            ),
            models.CheckConstraint(
                name="case_percentage",
                condition=Q(absence_percentage__lte=100),
                violation_error_message="Een verzuimpercentage ligt tussen 0 en 100.",
            ),
            models.CheckConstraint(
                name="case_expected_days",
                condition=Q(expected_days__isnull=True) | Q(expected_days__lte=730),
                violation_error_message="Vul een duur in tot 730 dagen (104 weken), of laat het leeg.",
            ),
            OfItsRecord(name=f"{CASE}_of_its_record", header="process_record", place="dossier_id, author_id"),
            closes(CASE),
            seen_by_review(CASE),
            coded_wall(CASE),
        ]


class Verzuimverloop(Coded):
    """How a case went on: from a day, for this part; nought is recovered. By whoever heard it, not only who reported.

    Fact, degree and period are the employer's to know (003 §3.4 B-II); why somebody is better is not, so there is no
    word to write here.
    """

    record = models.OneToOneField(
        ProcessRecord, models.PROTECT, primary_key=True, related_name="verzuimverloop"
    )
    case_series = models.UUIDField(editable=False)  # the case, whatever version of it is the last
    from_day = models.DateField("vanaf")
    absence_percentage = models.PositiveSmallIntegerField("verzuimpercentage")

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        db_table = COURSE
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="course_percentage",
                condition=Q(absence_percentage__lte=100),
                violation_error_message="Een verzuimpercentage ligt tussen 0 en 100.",
            ),
            OfItsRecord(
                name=f"{COURSE}_of_its_record", header="process_record", place="dossier_id, author_id"
            ),
            closes(COURSE, "case_series"),
            seen_by_review(COURSE),
            coded_wall(COURSE),
        ]
