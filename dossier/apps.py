from django.apps import AppConfig

from directory.access import privileges


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        # Functions of this layer that a bound context calls; they ask access_acting() themselves, as the kernel does.
        privileges.FUNCTIONS["hat_base"] += " untold two_hats"
