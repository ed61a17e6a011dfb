from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        from .functions import grant_functions

        post_migrate.connect(grant_functions, sender=self)
