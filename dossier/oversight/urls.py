"""Where supervision looks back: under Delegatie, and per dossier by its opaque id."""

from django.urls import path

from . import hats, takeovers, views

urlpatterns = [
    path("delegatie/twee-petten/", hats.two_hats, name="two_hats"),
    path("dossier/<uuid:pk>/twee-petten/<uuid:hat>/", hats.separation, name="separation"),
    path("dossier/<uuid:pk>/overnemen/<uuid:key>/", takeovers.take_over, name="take_over"),
    path("delegatie/supervisie/te-beoordelen/", views.reviews, name="reviews"),
    path("dossier/<uuid:pk>/meekijken/", views.dossier_reviews, name="dossier_reviews"),
    path("dossier/<uuid:pk>/meekijken/<uuid:key>/", views.review_done, name="review_done"),
]
