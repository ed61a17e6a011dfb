"""Come in and go out: login, its second step, logout, invitation, password."""

from allauth.account import views as account_views
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base import views as mfa_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from directory.accounts import actions, capacity, forms
from directory.accounts.models import Session, key_hash

INVITED = "invitation"
# allauth's form views would take a PUT for a POST, and there is one way in only.
METHODS = ["get", "head", "post", "options"]


class LoginView(account_views.LoginView):
    form_class = forms.LoginForm
    http_method_names = METHODS


class AuthenticateView(mfa_views.AuthenticateView):
    form_class = forms.AuthenticateForm


class PasswordChangeView(account_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm
    http_method_names = METHODS

    def form_valid(self, form: forms.ChangePasswordForm) -> HttpResponse:
        with capacity.kept(self.request):
            response = super().form_valid(form)
        # Whoever knew the old password may be logged in elsewhere.
        own = key_hash(self.request.session.session_key)
        Session.objects.filter(user=self.request.user).exclude(pk=own).delete()
        messages.success(self.request, "Uw wachtwoord is gewijzigd. Andere sessies zijn beëindigd.")
        return response

    def get_default_success_url(self) -> str:
        return reverse("session_list")


@login_not_required
@never_cache
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before showing anything: addresses end up in histories and logs."""
    request.session[INVITED] = token
    return redirect("invitation_accept")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Let the invited person choose a password, and go on to the second factor."""
    token = request.session.get(INVITED, "")
    invited = actions.find_invitation(token)
    if invited is None or request.user.is_authenticated:
        return render(request, "accounts/uitnodiging_ongeldig.html", status=404)
    form = forms.SetPasswordForm(data=request.POST or None, user=invited.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(token=token, password=form.cleaned_data["password1"])
        except ValidationError:
            return render(request, "accounts/uitnodiging_ongeldig.html", status=404)
        del request.session[INVITED]
        # The ordinary login: who already has a second factor is asked for it, others enrol next.
        return perform_password_login(request, {"username": user.username}, Login(user=user))
    return render(request, "accounts/uitnodiging.html", {"form": form, "invited": invited.user})
