"""Where everything is. Names of routes are English, paths are Dutch; no path holds a name, a kind or a medical word."""

from django.urls import include, path

from directory.accounts.views import capacities
from dossier.today import views as today

urlpatterns = [
    path("", today.today, name="today"),
    path("", include("directory.accounts.urls")),
    path("", include("directory.professions.urls")),
    path("", include("directory.reference.urls")),
    path("", include("dossier.today.urls")),
    path("", include("dossier.clients.urls")),
    path("", include("dossier.staff.urls")),
    path("", include("dossier.panels.urls")),
    path("", include("dossier.records.urls")),
    path("", include("dossier.medical.urls")),
    path("", include("dossier.insight.urls")),
    path("", include("dossier.planning.urls")),
    path("", include("dossier.deputies.urls")),
    path("", include("dossier.oversight.urls")),
    path("", include("dossier.consents.urls")),
    path("", include("dossier.signals.urls")),
    path("", include("delegation.urls")),
    path("", include("consent.urls")),
    # Second names, by which the page frame asks for these addresses.
    path("", today.today, name="start"),
    path("hoedanigheid/", capacities.choose, name="hoedanigheid"),
]

handler400 = "config.errors.handler400"
handler403 = "config.errors.handler403"
handler404 = "config.errors.handler404"
handler500 = "config.errors.handler500"
