"""How forms look: one renderer for the whole project (settings: FORM_RENDERER = "config.forms.Renderer").

Needs "django.forms" in INSTALLED_APPS and APP_DIRS, so that the widgets' own templates are found.
"""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
