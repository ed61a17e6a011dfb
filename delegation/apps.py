from django.apps import AppConfig

from directory.access import privileges


class DelegationConfig(AppConfig):
    name = "delegation"
    label = "delegation"
    verbose_name = "Delegatie"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        privileges.lets("hat_base", "access_deputies")
