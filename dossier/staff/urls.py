"""Where the administrator sees what one colleague holds."""

from django.urls import path

from dossier.staff import views

urlpatterns = [
    path("medewerkers/<uuid:pk>/", views.staff_person, name="staff_person"),
    path("medewerkers/<uuid:pk>/vertrek/", views.staff_departure, name="staff_departure"),
]
