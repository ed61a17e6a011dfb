"""Where searching is. The first page itself stands in config/urls.py, at the beginning of the site."""

from django.urls import path

from . import views

urlpatterns = [
    path("zoeken/", views.find, name="zoeken"),
    path("concepten/", views.concepts, name="concepts"),
]
