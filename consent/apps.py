from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    label = "consent"
    verbose_name = "Kennisgeving en toestemming"
    default_auto_field = "django.db.models.BigAutoField"
