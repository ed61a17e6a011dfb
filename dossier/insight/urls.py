"""Where insight is: the pages beside a dossier, and the log of the practice with its review."""

from django.urls import path

from . import log_views, team_views
from .overview import views as overview
from .review import sample_views
from .review import views as review

urlpatterns = [
    path("dossier/<uuid:pk>/team/", team_views.team, name="team"),
    path("dossier/<uuid:pk>/wie-mag/", team_views.who_may, name="who_may"),
    path("dossier/<uuid:pk>/inzage/", log_views.who_did, name="who_did"),
    path("dossier/<uuid:pk>/inzage/verzoek/", overview.log_request, name="log_request"),
    path("dossier/<uuid:pk>/inzage/verzoek/<uuid:verzoek>/", overview.log_overview, name="log_overview"),
    path("logcontrole/", log_views.log_review, name="log_review"),
    path("logcontrole/signalen/", review.review_signals, name="review_signals"),
    path("logcontrole/signalen/<str:day>/<uuid:pk>/", review.review_signal, name="review_signal"),
    path("logcontrole/steekproef/", sample_views.review_sample, name="review_sample"),
    path("logcontrole/rapport/", sample_views.review_report, name="review_report"),
    path("logcontrole/getallen/", sample_views.review_settings, name="review_settings"),
]
