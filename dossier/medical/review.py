"""Beoordeling: what a supervised physician signed, and that his supervisor looked at it (Wie doet wat §3.2).

The row arises with the signature and waits for the supervisor; nobody has to think of it. A remark is medical text and
is sealed under a key of its own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q

from directory.access.compile import DEFINERS
from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import Frozen, Functions, Wall, changed, rows_open

from .asking import TABLE

SECTION = "supervisie"
JUST_NOW = (
    "BETWEEN statement_timestamp() - interval '5 minutes' AND statement_timestamp() + interval '1 minute'"
)


# Dossiers in which something waits for whoever asks, the longest waiting first: only where he is still bedrijfsarts.
# Headings, with one log row that names them; that is why this is no plain query.
LISTED = f"""
CREATE OR REPLACE FUNCTION access_reviews(n int, after timestamptz) RETURNS TABLE (d uuid, many int, oldest timestamptz)
{DEFINERS["volatile_plpgsql"]} ROWS 50 AS $f$
DECLARE c access_acting := access_acting(); ids uuid[] := '{{}}'; found record;
BEGIN
  FOR found IN
    SELECT v.dossier_id AS id, count(*)::int AS many, min(v.signed_at) AS oldest FROM {TABLE} v
    WHERE v.author_id = c.user_id AND v.practice_id = c.practice_id AND v.reviewed_at IS NULL
    GROUP BY v.dossier_id HAVING min(v.signed_at) > access_reviews.after ORDER BY 3, 1
  LOOP
    EXIT WHEN cardinality(ids) >= n;
    CONTINUE WHEN NOT EXISTS (SELECT 1 FROM access_standing(c.user_id, c.engagement_id, c.side, found.id,
      statement_timestamp()) st WHERE access_cell(st.role, '{SECTION}', 'write') <> 'nothing'
      AND access_held_back(st.missing, '{SECTION}', 'write') IS NULL);
    d := found.id; many := found.many; oldest := found.oldest; ids := ids || found.id;
    RETURN NEXT;
  END LOOP;
  IF ids <> '{{}}' THEN
    PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, 'list', ARRAY['team.find'], ids, NULL,
      NULL);
  END IF;
END $f$
"""  # noqa: S608 - constants only


def _open(verb: str, author: str) -> str:
    return rows_open(TABLE, verb, [SECTION], section=f"'{SECTION}'", purpose=f"'{SECTION}'", author=author)


class Review(models.Model):
    """One signed record of a supervised physician. `author` is the supervisor, whose act the judgement is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="reviews")
    record = models.OneToOneField("medical.MedicalRecord", models.PROTECT, related_name="review")
    physician = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    remark = SealedTextField(key="id", null=True)

    history = TriggerHistory()
    objects = GuardedManager()

    class Meta:
        app_label = "medical"
        db_table = TABLE
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["author", "signed_at"], condition=Q(reviewed_at__isnull=True), name="review_waits"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="medical_review_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, remark__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                violation_error_message="Leg vast wie dit heeft beoordeeld en wanneer.",
            ),
            models.CheckConstraint(
                name="medical_review_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("physician")),
                violation_error_message="Niemand beoordeelt het eigen werk.",
            ),
            Frozen(
                name="medical_review_once",
                when=changed("id practice_id dossier_id record_id physician_id author_id signed_at")
                + f" OR OLD.reviewed_at IS NOT NULL OR NOT NEW.reviewed_at {JUST_NOW} "
                "OR NEW.reviewed_by_id IS DISTINCT FROM access_user()",
                code="reviewed_stays",
            ),
            Functions(name="medical_review_listed", sql=LISTED),
            Wall(
                name="medical_review_wall",
                rights={"hat_medical": "SELECT, UPDATE (reviewed_at, reviewed_by_id, remark)"},
                # "Own" is one's own work to the physician, and one's own judgement to the supervisor.
                select=lambda model: _open("read", "physician_id"),
                update=lambda model: _open("write", "author_id"),
                force=True,
                owner_adds=True,
                explained=True,
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        return _open(verb, "physician_id" if verb == "read" else "author_id")


def waiting(n: int, after: datetime) -> list[tuple[uuid.UUID, int, datetime]]:
    """List dossiers in which something waits for my judgement: how much, since when. One log row names them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_reviews(%s, %s)", [n, after])
        return list(cursor.fetchall())
