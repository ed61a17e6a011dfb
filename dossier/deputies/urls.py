"""Where a deputy finds whom to inform: under Delegatie, and per dossier by its opaque id."""

from django.urls import path

from . import views

urlpatterns = [
    path("delegatie/waarneming/informeren/", views.untold, name="untold"),
    path("dossier/<uuid:pk>/waarneming-verteld/", views.untold_tell, name="untold_tell"),
]
