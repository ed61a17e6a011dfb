"""Where the directory is. No address holds a name or a profession: numbers and keys only."""

from django.urls import path

from directory.professions import colleague_views, views

urlpatterns = [
    path("professionals/", views.professionals, name="professionals"),
    path("professionals/beroepen/<int:number>/", views.profession, name="profession"),
    path("professionals/toevoegen/", views.professional_add, name="professional_add"),
    path("professionals/<uuid:pk>/", views.professional, name="professional"),
    path("professionals/<uuid:pk>/wijzigen/", views.professional_edit, name="professional_edit"),
    path("professionals/<uuid:pk>/inschrijving/", views.registration_add, name="registration_add"),
    path("professionals/inschrijvingen/<uuid:pk>/", views.registration_check, name="registration_check"),
    path("collegas/<uuid:pk>/", colleague_views.colleague, name="colleague"),
    path(
        "collegas/<uuid:pk>/inschrijving/",
        colleague_views.registration_add,
        name="colleague_registration_add",
    ),
    path(
        "collegas/inschrijvingen/<uuid:pk>/",
        colleague_views.registration_check,
        name="colleague_registration_check",
    ),
    path("collegas/nieuw/<uuid:pk>/", colleague_views.colleague_add, name="colleague_add"),
]
