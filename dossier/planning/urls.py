"""Where the agenda is. No address says of what kind an appointment is, nor that it is secret."""

from django.urls import path

from . import appointments, calendars, contacts, settings

urlpatterns = [
    path("agenda/", calendars.agenda, name="agenda"),
    path("agenda/boeken/", calendars.find, name="agenda_find"),
    path("agenda/blokken/nieuw/", calendars.block_new, name="block_new"),
    path("agenda/blokken/<uuid:pk>/intrekken/", calendars.block_withdraw, name="block_withdraw"),
    path("agenda/ruimtes/", settings.rooms, name="rooms"),
    path("agenda/koppeling/", settings.feed, name="feed"),
    path("agenda/ical/<str:token>/", settings.ical, name="ical"),
    path("nieuw-contact/", contacts.contact_new, name="contact_new"),
    path("nieuw-contact/<uuid:pk>/", contacts.contact_open, name="contact_open"),
    path("dossier/<uuid:dossier>/afspraken/", appointments.appointments, name="appointments"),
    path("dossier/<uuid:dossier>/afspraken/nieuw/", appointments.appointment_new, name="appointment_new"),
    path("dossier/<uuid:dossier>/afspraken/<uuid:pk>/verzetten/", appointments.move, name="appointment_move"),
    path(
        "dossier/<uuid:dossier>/afspraken/<uuid:pk>/afronden/", appointments.close, name="appointment_close"
    ),
    path(
        "dossier/<uuid:dossier>/afspraken/<uuid:pk>/uitnodiging/",
        appointments.letter,
        name="appointment_letter",
    ),
]
