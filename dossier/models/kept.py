from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Wall, privileges, rows_open
from dossier.grid import SECTIONS

TABLE = "dossier_kepttext"
ON_DOSSIER = tuple(section.code for section in SECTIONS if section.side != "practice")


def _rule(model: object) -> str:
    """Let the author have it while he may still write there; let the physician have what a delegate could not save."""
    mine = f'"{TABLE}"."author_id" = (SELECT access_user())'
    writing = rows_open(TABLE, "write", ON_DOSSIER, record="record_id")
    reading = rows_open(TABLE, "read", ("gedelegeerde",), record="record_id")
    return f'({mine} AND {writing}) OR ("{TABLE}"."section" = \'gedelegeerde\' AND {reading})'


class KeptText(models.Model):
    """What a refused, expired or overtaken save held: ciphertext, outside every record, until somebody decides.

    Written over the second connection, by a definer function, because the transaction of the save rolls back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # also the id of its key
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    panel = models.CharField(max_length=10)
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40)
    content = SealedTextField(key="id")
    kept_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decision = models.CharField(max_length=12, db_default="")  # taken_over | destroyed

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="kept_decision_whole",
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | models.Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decision__in=["taken_over", "destroyed"],
                ),
            ),
            Wall(
                name="dossier_kepttext_wall",
                rights=lambda model: {
                    hat: "SELECT, UPDATE (decided_at, decided_by_id, decision)"
                    for hat in privileges(ON_DOSSIER)
                    if hat != "hat_admin"
                },
                select=_rule,
                update=_rule,
                force=True,
                owner_adds=True,
            ),
        ]
