from django.apps import AppConfig

from directory.access import privileges


class MedicalConfig(AppConfig):
    """The left panel."""

    name = "dossier.medical"
    label = "medical"

    def ready(self) -> None:
        from dossier.records import beside, sources

        from . import kinds  # noqa: F401 - declares what can be recorded here
        from .private import actions as private

        sources.register(private.NAME, private.TakenOver())
        beside.register(private.beside)
        privileges.lets("hat_base", "access_reviews")
