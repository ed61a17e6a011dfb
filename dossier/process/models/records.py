"""The right panel: dates, steps and agreements. No medical content and no sign of a voluntary contact."""

from __future__ import annotations

from django.db import models

from directory.access.history import TriggerHistory
from dossier.grid import SECTIONS
from dossier.records.base import Header, Part, header_constraints, header_indexes, part_constraints

from .running import RunsOnce

# Notices, grants and the log are their own tables; the rest of the process side are records.
APART = ("kennisgeving", "team", "inzage")
PANEL = tuple(s.code for s in SECTIONS if s.side == "process" and s.code not in APART)


class ProcessRecord(Header):
    """One record of the process side."""

    sections = PANEL
    history = TriggerHistory()

    class Meta(Header.Meta):
        db_table = "process_record"
        indexes = header_indexes("process_record")
        constraints = [
            models.UniqueConstraint(fields=["id", "dossier", "author"], name="process_record_whose"),
            RunsOnce(name="process_record_runs_once"),
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
