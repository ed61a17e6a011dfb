"""The second door: has_perm asks the compiled function, for the capacity of the running transaction."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import connection

from .context import acting, is_acting


class GridBackend(BaseBackend):
    """Answer `has_perm("dossier.begeleiding.read", dossier)` and `has_perm("practice.taakcontract.sign")`.

    guardian's own backend knows no ground and no time, and lets a superuser pass; it is not installed.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        half, _, rest = perm.partition(".")
        section, _, verb = rest.partition(".")
        if not is_acting() or not verb or half not in ("dossier", "practice"):
            return False
        if half == "practice":
            return self._ask(
                "SELECT access_office(%s, %s) <> 'nothing' AND access_user() = %s", section, verb, user_obj
            )
        if obj is None:
            return False
        if hasattr(obj, "dossier_id"):
            return self._row(user_obj, obj, section, verb)
        sql = "SELECT access_may(%s, %s, %s) <> 'nothing' AND access_user() = %s"
        return self._ask(sql, obj.pk, section, verb, user_obj)

    def _row(self, user: Any, obj: Any, section: str, verb: str) -> bool:
        """Ask for a record: the row itself is asked, its author, section and shares included."""
        capacity = acting().capacity
        if capacity.user_id != user.pk:
            return False
        rows = type(obj).objects.open_to(capacity, verb).filter(pk=obj.pk)
        if not isinstance(
            fixed := getattr(type(obj), "section", None), str
        ):  # a column, unless the table has one
            rows = rows.filter(section=section)
        elif fixed != section:
            return False
        return bool(rows.exists())

    def _ask(self, sql: str, *args: Any) -> bool:
        *values, user = args
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, user.pk])
            return bool(cursor.fetchone()[0])
