"""Rows behind a wall, together with the rows they point at."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from directory.access.context import Capacity


def reach(model: type[Model], capacity: Capacity, *joined: str) -> QuerySet[Any]:
    """Select the rows this capacity may read, with what they point at.

    The rule stands in a subquery: it names columns without their table, and the joined tables have the same ones.
    """
    may_read = model.objects.open_to(capacity, "read").values("pk")  # type: ignore[attr-defined]
    return model.objects.filter(pk__in=may_read).select_related(*joined)  # type: ignore[attr-defined]
