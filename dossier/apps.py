from django.apps import AppConfig

from directory.access import privileges


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        # A function of this layer that a bound context calls; like those of the kernel it asks access_acting() itself.
        privileges.FUNCTIONS["hat_base"] += " untold"
