"""Where the practice keeps what it says about itself."""

from django.urls import path

from directory.reference import setting_views, views

urlpatterns = [
    path("praktijk/", views.practice, name="practice"),
    path("praktijk/vestigingen/toevoegen/", views.location_add, name="location_add"),
    path("praktijk/vestigingen/<uuid:pk>/", views.location_edit, name="location_edit"),
    path("praktijk/sluitingsdagen/toevoegen/", views.closing_add, name="closing_add"),
    path("praktijk/sluitingsdagen/<uuid:pk>/intrekken/", views.closing_withdraw, name="closing_withdraw"),
    path("praktijk/instellingen/", setting_views.setting_list, name="settings"),
    path("praktijk/instellingen/<int:number>/", setting_views.setting_choose, name="setting_choose"),
    path("praktijk/instellingen/<uuid:pk>/aanvaarden/", setting_views.setting_accept, name="setting_accept"),
]
