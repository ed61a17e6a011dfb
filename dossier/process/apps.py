from django.apps import AppConfig


class ProcessConfig(AppConfig):
    """The right panel."""

    name = "dossier.process"
    label = "process"
