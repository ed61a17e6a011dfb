from django.apps import AppConfig


class MedicalConfig(AppConfig):
    """The left panel."""

    name = "dossier.medical"
    label = "medical"
