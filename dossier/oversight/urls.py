"""Where supervision looks back: under Delegatie, and per dossier by its opaque id."""

from django.urls import path

from . import hats, views

urlpatterns = [
    path("delegatie/twee-petten/", hats.two_hats, name="two_hats"),
    path("dossier/<uuid:pk>/twee-petten/<uuid:hat>/", hats.separation, name="separation"),
    path("delegatie/supervisie/te-beoordelen/", views.reviews, name="reviews"),
    path("dossier/<uuid:pk>/supervisie/", views.dossier_reviews, name="dossier_reviews"),
    path("dossier/<uuid:pk>/supervisie/<uuid:key>/", views.review_done, name="review_done"),
]
