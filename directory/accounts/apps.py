from django.apps import AppConfig

from directory.access import privileges


class AccountsConfig(AppConfig):
    name = "directory.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        privileges.lets("hat_admin", "accounts_second_factors")
