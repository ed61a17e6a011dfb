"""The one verb by which guarded rows are asked for: `.open_to(capacity, verb)`.

It adds the very condition the row-level policy has, written from the same text, so the first lock still holds under
a login that could pass the second (a BYPASSRLS login, a forgotten policy).
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.expressions import RawSQL

from .context import Capacity, NoCapacity, acting
from .walls import Wall


class GuardedQuerySet(models.QuerySet[Any]):
    """Rows behind a wall. Writing goes through actions; nothing here changes many rows at once."""

    def open_to(self, capacity: Capacity, verb: str = "read") -> Self:
        """Narrow to the rows this capacity may have, by the verb. Raises NoCapacity for anybody but the bound one."""
        if acting().capacity != capacity:
            raise NoCapacity("only the bound capacity can ask")
        rule = self._rule(verb)
        if hasattr(self.model, "open_rule"):  # written with the table's name, so it stands beside joins
            return self.filter(RawSQL(f"({rule})", (), models.BooleanField()))  # noqa: S611 - no value enters the text
        table, key = self.model._meta.db_table, self.model._meta.pk.column
        return self.filter(pk__in=RawSQL(f'SELECT "{key}" FROM "{table}" WHERE {rule}', ()))  # noqa: S611

    def _rule(self, verb: str) -> str:
        if (rules := getattr(self.model, "open_rule", None)) is not None:
            return str(rules(verb))
        wall = next(c for c in self.model._meta.constraints if isinstance(c, Wall))
        return str(wall.frozen().get("select") or "false")


GuardedManager = models.Manager.from_queryset(GuardedQuerySet)
