from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

# What a bound context calls of log review; each asks who is bound. The rest is called by these alone.
CALLED = ("review_signals", "review_sample", "review_log", "review_lines", "review_decided_of_mine")


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        post_migrate.connect(grant_functions, sender=self)


def grant_functions(using: str = "default", **kwargs: Any) -> None:
    """Let the hats call these. After the kernel, whose own turn takes every function from everybody."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = 'tweeluik_owner'")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace AND p.proname = ANY (%s)",
            [list(CALLED)],
        )
        for (signature,) in cursor.fetchall():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO hat_base")
