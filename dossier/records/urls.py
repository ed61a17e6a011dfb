"""Addresses of records. `code` stands for kind and section, and means something in this dossier only (places.py)."""

from django.urls import path

from . import keptviews, verbs, views

RECORD = "dossier/<uuid:dossier>/stuk/<slug:code>/<uuid:pk>/"

urlpatterns = [
    path("dossier/<uuid:dossier>/toevoegen/<slug:code>/", views.record_new, name="record_new"),
    path("dossier/<uuid:dossier>/bewaard/<uuid:pk>/", keptviews.kept_decide, name="kept_decide"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}wijzigen/", views.record_edit, name="record_edit"),
    path(f"{RECORD}nieuwe-versie/", views.record_amend, name="record_amend"),
    path(f"{RECORD}ondertekenen/", verbs.record_sign, name="record_sign"),
    path(f"{RECORD}opmerking/", verbs.record_remark, name="record_remark"),
    path(f"{RECORD}verplaatsen/", verbs.record_move, name="record_move"),
    path(f"{RECORD}delen/", verbs.record_share, name="record_share"),
    path(f"{RECORD}delen/<uuid:share>/", verbs.record_unshare, name="record_unshare"),
]
