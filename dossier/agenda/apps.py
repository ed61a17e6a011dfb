from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

# Who may call what, beside the functions of the kernel (directory/access/privileges.py), and laid after them.
FUNCTIONS = {
    "hat_base": (
        "agenda_roster(timestamptz, timestamptz)",
        "agenda_look(uuid[], timestamptz, timestamptz)",
        "agenda_works_for()",
        "agenda_expected(timestamptz, timestamptz)",
    ),
    "tweeluik_app": ("agenda_feed(text)",),  # the bare login: a calendar program has no session
}


def grant_functions(using: str = "default", **kwargs: Any) -> None:
    """Let the hats call the functions of the agenda. Runs as the owner, after the kernel took everything away."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = 'tweeluik_owner' AND to_regclass('agenda_entry') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        for role, signatures in FUNCTIONS.items():
            for signature in signatures:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role}")


class AgendaConfig(AppConfig):
    """Calendars, rooms and appointments, below both panels: it knows a dossier and no record."""

    name = "dossier.agenda"
    label = "agenda"

    def ready(self) -> None:
        post_migrate.connect(grant_functions, sender=self)
