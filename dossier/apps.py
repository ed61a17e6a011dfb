from django.apps import AppConfig


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"
