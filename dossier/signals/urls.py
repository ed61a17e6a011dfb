"""Where the coded signal of one dossier is: an address that says nothing of what was answered, or whether."""

from django.urls import path

from . import views

urlpatterns = [path("dossier/<uuid:pk>/eerste-contact/", views.signals, name="signals")]
