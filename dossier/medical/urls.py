"""Addresses of what is one's own beside a dossier. None says what it is."""

from django.urls import path

from .private import views

urlpatterns = [
    path("dossier/<uuid:dossier>/eigen/", views.private_new, name="private_new"),
    path("dossier/<uuid:dossier>/eigen/<uuid:pk>/", views.private_edit, name="private_edit"),
    path(
        "dossier/<uuid:dossier>/eigen/<uuid:pk>/vernietigen/", views.private_destroy, name="private_destroy"
    ),
]
