"""The right panel: dates, steps and agreements. No medical content and no sign of a voluntary contact."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.walls import Frozen, Wall, changed, privileges, rows_open
from dossier.grid import SECTIONS
from dossier.records.base import Header, OfItsRecord, Part, header_constraints, part_constraints

# Notices, grants and the log are their own tables; the rest of the process side are records.
APART = ("kennisgeving", "team", "inzage")
PANEL = tuple(s.code for s in SECTIONS if s.side == "process" and s.code not in APART)


class ProcessRecord(Header):
    """One record of the process side."""

    sections = PANEL
    history = TriggerHistory()

    class Meta(Header.Meta):
        db_table = "process_record"
        indexes = [models.Index(fields=["dossier", "-happened_at"], name="process_record_newest")]
        constraints = [
            models.UniqueConstraint(fields=["id", "dossier", "author"], name="process_record_whose"),
            *header_constraints("process_record", PANEL),
        ]


class ProcessPart(Part):
    """One part of a process record."""

    sections = PANEL
    record = models.ForeignKey(ProcessRecord, models.PROTECT, related_name="parts")
    history = TriggerHistory()

    class Meta(Part.Meta):
        db_table = "process_part"
        constraints = part_constraints("process_part", "process_record", PANEL)


CASE = "process_verzuimgeval"
MINE = (
    f'"{CASE}"."author_id" = (SELECT access_user()) AND "{CASE}"."practice_id" = (SELECT access_practice())'
)


def _case(verb: str) -> str:
    return rows_open(
        CASE,
        verb,
        ["werkgeverdeel"],
        section="'werkgeverdeel'",
        purpose="'werkgeverdeel'",
        record="record_id",
    )


class Verzuimgeval(models.Model):
    """One sickness case: exactly the facts an employer may ask and record at a ziekmelding (003 §3.3), and no others.

    Whether a safety net applies is recorded, never which; whether there was an accident, never what it did.
    """

    record = models.OneToOneField(
        ProcessRecord, models.PROTECT, primary_key=True, related_name="verzuimgeval"
    )
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="verzuimgevallen")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
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
            OfItsRecord(
                name="process_verzuimgeval_of_its_record",
                header="process_record",
                place="dossier_id, author_id",
            ),
            Frozen(
                name="process_verzuimgeval_closes",  # with the signature of its record
                when=changed("record_id practice_id dossier_id author_id")
                + " OR EXISTS (SELECT 1 FROM process_record h WHERE h.id = OLD.record_id AND h.state <> 'concept')",
                code="signed_is_immutable",
            ),
            Wall(
                name="process_verzuimgeval_wall",
                rights=lambda model: privileges(["werkgeverdeel"]),
                select=lambda model: Verzuimgeval.open_rule("read"),
                insert=lambda model: f"{MINE} AND {_case('write')} OR {MINE} AND {_case('amend')}",
                update=lambda model: f"{MINE} AND ({_case('write')} OR {_case('amend')})",
                force=True,
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        if verb != "read":
            return _case(verb)
        # Moved to the right dossier, nothing of it is read in the wrong one.
        stays = f"SELECT 1 FROM process_record h WHERE h.id = \"{CASE}\".record_id AND h.state <> 'moved'"
        return f"(({_case('read')}) OR ({_case('find')})) AND EXISTS ({stays})"
