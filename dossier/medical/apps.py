from django.apps import AppConfig


class MedicalConfig(AppConfig):
    """The left panel."""

    name = "dossier.medical"
    label = "medical"

    def ready(self) -> None:
        from . import kinds  # noqa: F401 - declares what can be recorded here
