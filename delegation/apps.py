from django.apps import AppConfig

from directory.access import privileges


class DelegationConfig(AppConfig):
    name = "delegation"
    label = "delegation"
    verbose_name = "Delegatie"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A function of this layer that a bound context calls; like those of the kernel it asks access_acting() itself.
        privileges.FUNCTIONS["hat_base"] += " deputies"
