"""The tables of the proof. Only definer functions touch them, and rows are only added."""

from __future__ import annotations

from django.db import models

from directory.access.compile import compile_proof
from directory.access.walls import AppendOnly, Functions, closed


class Checkpoint(models.Model):
    """A signed root over rows of the log that are sealed together. Each names the former one."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    rows = models.IntegerField()
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    xid = models.BigIntegerField()
    mark = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    key = models.CharField(max_length=16)
    signature = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            closed("access_checkpoint_wall"),
            AppendOnly(name="access_checkpoint_stays"),
        ]


class SealedRow(models.Model):
    """Which row of the log stands where in which checkpoint, with the hash it had. A row is sealed once."""

    row_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="+", db_index=False)
    place = models.IntegerField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "access_sealed"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "place"], name="access_sealed_one_place"),
            closed("access_sealed_wall"),
            AppendOnly(name="access_sealed_stays"),
        ]


class Anchoring(models.Model):
    """That a checkpoint was sent outside, when and by which way."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            closed("access_anchoring_wall"),
            AppendOnly(name="access_anchoring_stays"),
            Functions(name="access_proof_functions", sql=lambda model: compile_proof()),
        ]
