"""Where insight is: the pages beside a dossier, and the log of the practice."""

from django.urls import path

from . import log_views, team_views

urlpatterns = [
    path("dossier/<uuid:pk>/team/", team_views.team, name="team"),
    path("dossier/<uuid:pk>/wie-mag/", team_views.who_may, name="who_may"),
    path("dossier/<uuid:pk>/inzage/", log_views.who_did, name="who_did"),
    path("logcontrole/", log_views.log_review, name="log_review"),
]
