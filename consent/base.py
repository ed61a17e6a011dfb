"""What every object of this app has: a practice, the employee's relation, and when it was written down."""

import uuid

from django.db import models
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager


class RelationObject(models.Model):
    """A row about one employee in one relation; only the dossier of that relation shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", editable=False)
    relation = models.ForeignKey("people.Relation", models.PROTECT, related_name="%(class)ss", editable=False)
    recorded_at = models.DateTimeField("vastgelegd op", default=timezone.now, editable=False)

    history = TriggerHistory(inherit=True)
    objects = GuardedManager()

    class Meta:
        abstract = True
        default_permissions = ()
