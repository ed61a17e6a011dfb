from allauth.account import views as account_views
from django.urls import path

from directory.access.doors import bare
from directory.accounts.middleware import before_second_factor
from directory.accounts.views import capacities, entrance, keys, second_factor, sessions, staff

urlpatterns = [
    # Coming in and going out: as the bare login, which can read no record.
    path("inloggen/", bare(entrance.LoginView.as_view()), name="account_login"),
    path("inloggen/code/", bare(entrance.AuthenticateView.as_view()), name="mfa_authenticate"),
    path("uitloggen/", bare(before_second_factor(account_views.LogoutView.as_view())), name="account_logout"),
    path("gesloten/", bare(account_views.AccountInactiveView.as_view()), name="account_inactive"),
    path("uitnodiging/", bare(entrance.invitation), name="invitation_accept"),
    path("uitnodiging/<str:token>/", bare(entrance.invitation_link), name="invitation"),
    # The second factor.
    path("tweede-factor/", bare(before_second_factor(second_factor.enrol)), name="mfa_activate_totp"),
    path("herstelcodes/", bare(second_factor.recovery_codes), name="mfa_view_recovery_codes"),
    path("herstelcodes/nieuw/", bare(second_factor.new_recovery_codes), name="mfa_generate_recovery_codes"),
    path("bevestigen/", bare(second_factor.confirm), name="confirm"),
    # One's own account.
    path("wachtwoord/", bare(entrance.PasswordChangeView.as_view()), name="account_change_password"),
    path("sessies/", bare(sessions.session_list), name="session_list"),
    path("sessies/beeindigen/", bare(sessions.session_end), name="session_end"),
    path("toetsen/", bare(keys.keys), name="keys"),
    path("hoedanigheid/", bare(capacities.choose), name="capacity_choose"),
    # The staff of the practice: inside a capacity.
    path("medewerkers/", staff.accounts_list, name="accounts_list"),
    path("medewerkers/uitnodigen/", staff.accounts_invite, name="accounts_invite"),
    path("medewerkers/aanvaarden/", staff.accounts_accept, name="accounts_accept"),
    path("medewerkers/<uuid:pk>/uitnodiging/", staff.accounts_reinvite, name="accounts_reinvite"),
    path("medewerkers/<uuid:pk>/beeindigen/", staff.accounts_end, name="accounts_end"),
    path("medewerkers/<uuid:pk>/rol/", staff.accounts_move, name="accounts_move"),
    path("medewerkers/<uuid:pk>/schorsen/", staff.accounts_suspend, name="accounts_suspend"),
    path("medewerkers/<uuid:pk>/hervatten/", staff.accounts_resume, name="accounts_resume"),
]
