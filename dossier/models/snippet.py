from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from directory.access.querysets import GuardedManager
from directory.access.walls import Wall, privileges

from .draft import ON_DOSSIER

LONGEST = 2_000
# Whoever writes in a dossier under the bedrijfsarts. The employer side writes coded fields.
WRITERS = ("hat_medical", "hat_signal", "hat_process", "hat_desk")
_HERE = (
    "practice_id = (SELECT access_practice()) AND (panel <> 'medical' OR (SELECT access_side()) = 'medical')"
)
_MINE = "owner_id = (SELECT access_user())"
_OURS = "owner_id IS NULL AND (SELECT access_side()) = 'medical' AND (SELECT access_role()) = 'bedrijfsarts'"


class StandardText(models.Model):
    """A phrase somebody uses again: his own, or the practice's, which the bedrijfsarts writes. Names no person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    panel = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, default="", blank=True)
    part = models.CharField(max_length=30, default="", blank=True)
    title = models.CharField(max_length=60)
    text = models.CharField(max_length=LONGEST)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="standardtext_says_something",
                condition=~Q(title="") & ~Q(text=""),
                violation_error_message="Geef de standaardtekst een naam en een tekst.",
            ),
            models.CheckConstraint(name="standardtext_part_of_a_kind", condition=~Q(kind="") | Q(part="")),
            Wall(
                name="dossier_standardtext_wall",
                rights=lambda model: {
                    hat: "SELECT, INSERT, UPDATE, DELETE" for hat in privileges(ON_DOSSIER) if hat in WRITERS
                },
                select=f"{_HERE} AND ({_MINE} OR owner_id IS NULL)",
                insert=f"{_HERE} AND changed_by_id = (SELECT access_user()) AND ({_MINE} OR ({_OURS}))",
                update=f"{_HERE} AND ({_MINE} OR ({_OURS}))",
                delete=f"{_HERE} AND ({_MINE} OR ({_OURS}))",
                force=True,
            ),
        ]
