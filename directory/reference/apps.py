from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "directory.reference"
    label = "reference"
    verbose_name = "Praktijk: instellingen, vestigingen en dagen"
    default_auto_field = "django.db.models.BigAutoField"
