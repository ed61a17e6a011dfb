from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    """The kernel: who acts, what is asked, what was seen."""

    name = "directory.access"
    label = "access"

    def ready(self) -> None:
        from .checks import database_login, declared_walls
        from .privileges import grant_library_tables
        from .walls import SqlConstraint

        for model in apps.get_models(
            include_auto_created=True
        ):  # bind late: columns and grid are known only now
            for constraint in model._meta.constraints:
                if isinstance(constraint, SqlConstraint):
                    constraint.bind(model)
        post_migrate.connect(grant_library_tables, sender=self)
        register(declared_walls, Tags.models)
        register(database_login, Tags.database)
