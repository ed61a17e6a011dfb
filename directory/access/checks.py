"""Refuse to serve when a wall is missing or the login could pass one."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import OperationalError, ProgrammingError, connections

from .privileges import TABLES
from .walls import Wall


def declared_walls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every model of ours has a wall, or stands in a list that says why not."""
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if (
            not model._meta.managed
            or table in TABLES
            or model._meta.app_label in ("sessions", "contenttypes", "auth")
        ):
            continue
        if not any(isinstance(constraint, Wall) for constraint in model._meta.constraints):
            found.append(Error(f"{table} has no wall", obj=model, id="access.E001"))
    return found


def database_login(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The serving login is no superuser, bypasses nothing, owns nothing and cannot make contexts."""
    if not databases or getattr(settings, "RUNS_AS_OWNER", False):
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT r.rolsuper OR r.rolbypassrls OR r.rolinherit, "
                "EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid "
                "AND c.relnamespace = 'public'::regnamespace), "
                "EXISTS (SELECT 1 FROM pg_roles x "
                "WHERE x.rolname IN ('tweeluik_owner', 'tweeluik_begin', 'tweeluik_backup') "
                "AND pg_has_role(r.rolname, x.oid, 'MEMBER')) FROM pg_roles r WHERE r.rolname = current_user"
            )
            passes, owns, member = cursor.fetchone()
    except (OperationalError, ProgrammingError) as error:
        return [Error(f"the database cannot be asked: {error}", id="access.E002")]
    if passes or owns or member:
        return [Error("this login could pass the walls: serve as tweeluik_app", id="access.E003")]
    return []
