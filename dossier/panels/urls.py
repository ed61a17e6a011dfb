"""Where a dossier is: one page with its panels, and one address per section, by number: no address says what it is."""

from django.urls import path

from . import views

urlpatterns = [
    path("dossier/<uuid:pk>/", views.dossier, name="dossier"),
    path("dossier/<uuid:pk>/deel/<int:n>/", views.section, name="dossier_section"),
]
