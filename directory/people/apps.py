from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "directory.people"
    label = "people"
    verbose_name = "Praktijk en personen"
    default_auto_field = "django.db.models.BigAutoField"
