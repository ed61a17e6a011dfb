"""Where notices are: the dossier they belong to, by its opaque id."""

from django.urls import path

from consent.notices import views

urlpatterns = [
    path("dossiers/<uuid:dossier>/kennisgeving/", views.notice_give, name="notice_give"),
]
