"""Where delegation is: Dutch paths, opaque ids only."""

from django.urls import path

from delegation.assignments import views as assignments
from delegation.competence import views as competence
from delegation.contracts import competence_views, draft_views, sign_views, views
from delegation.deputising import views as deputising
from delegation.supervision import views as supervision

urlpatterns = [
    path("delegatie/", views.contracts, name="contracts"),
    path("delegatie/nieuw/", draft_views.contract_draft, name="contract_draft"),
    path("delegatie/<uuid:key>/", views.contract, name="contract"),
    path("delegatie/<uuid:key>/wijzigen/", draft_views.contract_edit, name="contract_edit"),
    path("delegatie/<uuid:key>/ondertekenen/", sign_views.contract_sign, name="contract_sign"),
    path("delegatie/<uuid:key>/aanvaarden/", sign_views.contract_accept, name="contract_accept"),
    path("delegatie/<uuid:key>/schorsen/", views.contract_suspend, name="contract_suspend"),
    path("delegatie/<uuid:key>/hervatten/", views.contract_resume, name="contract_resume"),
    path("delegatie/<uuid:key>/intrekken/", views.contract_end, name="contract_end"),
    path("delegatie/<uuid:key>/taken/<uuid:task>/verklaring/", views.task_declare, name="task_declare"),
    path(
        "delegatie/<uuid:key>/taken/<uuid:task>/bekwaamheid/",
        competence_views.task_competence,
        name="task_competence",
    ),
    path(
        "delegatie/<uuid:key>/taken/<uuid:task>/bekwaamheid/intrekken/",
        competence_views.task_competence_withdraw,
        name="task_competence_withdraw",
    ),
    path("delegatie/waarneming/", deputising.deputising, name="deputising"),
    path("delegatie/waarneming/nieuw/", deputising.deputising_begin, name="deputising_begin"),
    path("delegatie/waarneming/<uuid:key>/beeindigen/", deputising.deputising_end, name="deputising_end"),
    path("delegatie/waarneemregeling/", deputising.standing_sign, name="standing_sign"),
    path("delegatie/waarneemregeling/<uuid:key>/beeindigen/", deputising.standing_end, name="standing_end"),
    path("delegatie/afwezigheid/", deputising.absence_record, name="absence_record"),
    path("delegatie/afwezigheid/<uuid:key>/beeindigen/", deputising.absence_end, name="absence_end"),
    path("delegatie/supervisie/", supervision.supervisions, name="supervisions"),
    path("delegatie/supervisie/nieuw/", supervision.supervision_begin, name="supervision_begin"),
    path("delegatie/supervisie/<uuid:key>/beeindigen/", supervision.supervision_end, name="supervision_end"),
    path("delegatie/opdrachten/", assignments.assignments, name="assignments"),
    path("delegatie/opdrachten/nieuw/<int:n>/", assignments.assignment_new, name="assignment_new"),
    path(
        "delegatie/opdrachten/<uuid:key>/aanvaarden/", assignments.assignment_accept, name="assignment_accept"
    ),
    path("delegatie/opdrachten/<uuid:key>/beeindigen/", assignments.assignment_end, name="assignment_end"),
    path("protocollen/", competence.protocols, name="protocols"),
    path("protocollen/nieuw/", competence.protocol_publish, name="protocol_new"),
    path("protocollen/<uuid:key>/", competence.protocol, name="protocol"),
    path("protocollen/<uuid:key>/nieuwe-versie/", competence.protocol_publish, name="protocol_publish"),
    path("protocollen/versies/<uuid:key>/gelezen/", competence.protocol_read, name="protocol_read"),
]
