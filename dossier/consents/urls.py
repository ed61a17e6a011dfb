"""Where consents of one dossier are: addresses that say nothing of what was allowed, or whether anything was."""

from django.urls import path

from . import views

urlpatterns = [
    path("dossier/<uuid:pk>/akkoord/", views.consents, name="consents"),
    path("dossier/<uuid:pk>/akkoord/<uuid:key>/intrekken/", views.consent_withdraw, name="consent_withdraw"),
]
