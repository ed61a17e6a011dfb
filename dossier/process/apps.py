from django.apps import AppConfig


class ProcessConfig(AppConfig):
    """The right panel."""

    name = "dossier.process"
    label = "process"

    def ready(self) -> None:
        from . import kinds  # noqa: F401 - declares what can be recorded here
