from django.apps import AppConfig


class ProfessionsConfig(AppConfig):
    name = "directory.professions"
    label = "professions"
    verbose_name = "Beroepen en professionals van andere organisaties"
    default_auto_field = "django.db.models.BigAutoField"
