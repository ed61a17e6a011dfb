from django.apps import AppConfig

from directory.access import privileges


class MedicalConfig(AppConfig):
    """The left panel."""

    name = "dossier.medical"
    label = "medical"

    def ready(self) -> None:
        from . import kinds  # noqa: F401 - declares what can be recorded here

        # A function of this layer that a bound context calls; like those of the kernel it asks access_acting() itself.
        privileges.FUNCTIONS["hat_base"] += " reviews"
