from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

# After the kernel, which takes every function away from everybody first.
GRANTS = "GRANT EXECUTE ON FUNCTION accounts_second_factors() TO hat_admin"


def grant_functions(using: str = "default", **kwargs: Any) -> None:
    """Let the administrator's hat ask who has a second factor. Runs as the owner, after migrate."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_user = 'tweeluik_owner' AND to_regprocedure('accounts_second_factors()') IS NOT NULL"
        )
        if cursor.fetchone()[0]:
            cursor.execute(GRANTS)


class AccountsConfig(AppConfig):
    name = "directory.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(grant_functions, sender=self)
