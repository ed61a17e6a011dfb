"""Where everything is. Names of routes are English, paths are Dutch; no path holds a name, a kind or a medical word."""

from django.urls import include, path

urlpatterns = [
    path("", include("directory.accounts.urls")),
]

handler400 = "config.errors.handler400"
handler403 = "config.errors.handler403"
handler404 = "config.errors.handler404"
handler500 = "config.errors.handler500"
