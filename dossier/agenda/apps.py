from django.apps import AppConfig

from directory.access import privileges


class AgendaConfig(AppConfig):
    """Calendars, rooms and appointments, below both panels: it knows a dossier and no record."""

    name = "dossier.agenda"
    label = "agenda"

    def ready(self) -> None:
        privileges.lets("hat_base", "agenda_roster agenda_look agenda_works_for agenda_expected")
        privileges.lets("tweeluik_app", "agenda_feed")  # the bare login: a calendar program has no session
