from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Functions, Wall, privileges
from dossier.functions import OwnerReads, compile_writing
from dossier.grid import SECTIONS

TABLE = "dossier_draft"
LONGEST = 90  # days a draft can last at most, whatever the setting says
ON_DOSSIER = tuple(section.code for section in SECTIONS if section.side != "practice")


def where_one_writes() -> str:
    """Write where the reader may write now: in a dossier that is open for it."""
    place = f'("{TABLE}"."dossier_id", "{TABLE}"."section", "{TABLE}"."purpose")'
    ways = " OR ".join(
        f"{place} IN (SELECT k.d, k.s, k.p FROM access_pairs('{verb}', NULL) k)"
        for verb in ("write", "amend")
    )
    return f"({ways})"


class Draft(models.Model):
    """A form that was not sent: ciphertext, its author's alone, without history, gone after a while.

    Stored by definer functions (dossier/sql/writing.sql) that ask whether he may write there now and make its id, so
    that nobody can name the key of something else as the key of his draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # also the id of its key
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField(null=True)  # the record this would change; empty for a new one
    form_key = models.UUIDField()  # two windows are two drafts
    content = SealedTextField(key="id", null=True)
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="draft_of_one_form"),
            models.CheckConstraint(
                name="draft_lasts_a_while",
                condition=Q(expires_at__gt=F("saved_at"))
                & Q(
                    expires_at__lte=models.ExpressionWrapper(
                        F("saved_at") + models.Value(f"{LONGEST} days", output_field=models.DurationField()),
                        output_field=models.DateTimeField(),
                    )
                ),
            ),
            Wall(
                name="dossier_draft_wall",
                rights=lambda model: {
                    hat: "SELECT, DELETE" for hat in privileges(ON_DOSSIER) if hat != "hat_admin"
                },
                select=lambda model: Draft.open_rule("read"),
                delete=lambda model: Draft.open_rule("read"),
                force=True,
            ),
            OwnerReads(
                name="dossier_draft_author",
                rule="author_id = (SELECT access_user()) OR expires_at <= statement_timestamp()",
                command="ALL",
            ),
            Functions(name="dossier_writing", sql=lambda model: compile_writing()),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> Any:
        return (
            f'"{TABLE}"."author_id" = (SELECT access_user()) AND "{TABLE}"."practice_id" = (SELECT access_practice()) '
            f'AND "{TABLE}"."expires_at" > statement_timestamp() AND {where_one_writes()}'
        )
