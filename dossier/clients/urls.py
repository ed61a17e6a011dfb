"""Where clients are: Dutch paths, opaque ids only."""

from django.urls import path

from . import views

urlpatterns = [
    path("klanten/", views.clients, name="clients"),
    path("klanten/nieuw/", views.client_add, name="client_add"),
    path("klanten/<uuid:pk>/", views.client, name="client"),
    path("klanten/<uuid:pk>/werknemers/nieuw/", views.employee_add, name="employee_add"),
    path("klanten/<uuid:pk>/begeleiding/", views.client_guide, name="client_guide"),
    path("klanten/opdrachten/<uuid:pk>/aanvaarden/", views.client_accept, name="client_accept"),
    path("klanten/werknemers/<uuid:pk>/dossier/", views.dossier_found, name="dossier_found"),
]
