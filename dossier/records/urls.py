"""Addresses of records. `code` stands for kind and section, and means something in this dossier only (places.py)."""

from django.urls import path

from . import breachviews, draftviews, keptviews, snippetviews, verbs, views

RECORD = "dossier/<uuid:dossier>/stuk/<slug:code>/<uuid:pk>/"

urlpatterns = [
    path("standaardteksten/", snippetviews.snippets_list, name="snippets"),
    path("standaardteksten/<uuid:pk>/", snippetviews.snippet_edit, name="snippet_edit"),
    path("standaardteksten/<uuid:pk>/verwijderen/", snippetviews.snippet_remove, name="snippet_remove"),
    path("dossier/<uuid:dossier>/toevoegen/<slug:code>/", views.record_new, name="record_new"),
    path("dossier/<uuid:dossier>/bewaard/<uuid:pk>/", keptviews.kept_decide, name="kept_decide"),
    path("dossier/<uuid:dossier>/afweging/<uuid:pk>/", breachviews.breach_assess, name="breach_assess"),
    path("dossier/<uuid:dossier>/klad/<slug:code>/", draftviews.draft_save, name="draft_new"),
    path("dossier/<uuid:dossier>/klad/<slug:code>/<uuid:pk>/", draftviews.draft_save, name="draft_of"),
    path("dossier/<uuid:dossier>/weggooien/<uuid:pk>/", draftviews.draft_discard, name="draft_discard"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}wijzigen/", views.record_edit, name="record_edit"),
    path(f"{RECORD}nieuwe-versie/", views.record_amend, name="record_amend"),
    path(f"{RECORD}ondertekenen/", verbs.record_sign, name="record_sign"),
    path(f"{RECORD}opmerking/", verbs.record_remark, name="record_remark"),
    path(f"{RECORD}verplaatsen/", verbs.record_move, name="record_move"),
    path(f"{RECORD}delen/", verbs.record_share, name="record_share"),
    path(f"{RECORD}delen/<uuid:share>/", verbs.record_unshare, name="record_unshare"),
]
