"""What every object of the practice has here, and the small conditions of their constraints."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedManager


class PracticeObject(models.Model):
    """A row of one practice that says when it was written down; what it says holds over its own period."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField("vastgelegd op", default=timezone.now, editable=False)

    history = TriggerHistory(inherit=True)
    objects = GuardedManager()

    class Meta:
        abstract = True
        default_permissions = ()


def filled(field: str) -> Q:
    """A text with at least one character that is not white space."""
    return Q(**{f"{field}__regex": r"\S"})


def both_or_neither(first: str, second: str) -> Q:
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )


def must_be_filled(name: str, field: str, message: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=filled(field),
        violation_error_message=message,
        violation_error_code=f"{field}_missing",
    )
