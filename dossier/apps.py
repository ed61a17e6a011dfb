from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from directory.access import privileges


def grant_functions(using: str = "default", **kwargs: Any) -> None:
    """Let the administrator's hat count what rests on a physician. Runs as the owner, after the kernel's grants."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_user = 'tweeluik_owner' AND to_regprocedure('dossier_resting_on(uuid)') IS NOT NULL"
        )
        if cursor.fetchone()[0]:
            cursor.execute("GRANT EXECUTE ON FUNCTION dossier_resting_on(uuid) TO hat_admin")


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        post_migrate.connect(grant_functions, sender=self)
        # Functions of this layer that a bound context calls; they ask access_acting() themselves, as the kernel does.
        privileges.FUNCTIONS["hat_base"] += " untold two_hats"
