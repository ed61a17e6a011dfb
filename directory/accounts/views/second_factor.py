"""Enrol a second factor, keep its recovery codes, and give a code again before something weighty."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery_flows
from allauth.mfa.totp.internal import flows as totp_flows
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.accounts import capacity, factor, forms

FEW = 3


def _authenticator(request: HttpRequest, kind: str) -> Authenticator | None:
    return Authenticator.objects.filter(user=request.user, type=kind).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol an authenticator app; for who has one already this replaces it, after a fresh code."""
    current = _authenticator(request, Authenticator.Type.TOTP)
    if current and not factor.fresh_second_factor(request):
        return factor.ask_again(request)
    if not factor.is_fresh(request, *factor.proofs_of(request)):
        return factor.start_over(request)  # enrolling is only as safe as the password just given
    form = forms.EnrolForm(data=request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if current:
                current.delete()
            made, _ = totp_flows.activate_totp(request, form)
        record_authentication(request, request.user, "mfa", id=made.pk, type=made.type)
        with capacity.kept(request):
            request.session.cycle_key()
        return redirect("mfa_view_recovery_codes")
    adapter = get_adapter()
    url = adapter.build_totp_url(request.user, form.secret)
    page = {
        "form": form,
        "replaces": current is not None,
        "qr": mark_safe(adapter.build_totp_svg(url)),  # noqa: S308 - drawn by us: paths, no text
        "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
    }
    return render(request, "mfa/inschrijven.html", page)


@never_cache
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes that are left, right after a code only."""
    if not factor.fresh_second_factor(request):
        return factor.ask_again(request)
    found = _authenticator(request, Authenticator.Type.RECOVERY_CODES)
    codes = found.wrap().get_unused_codes() if found else []
    return render(request, "mfa/herstelcodes.html", {"codes": codes, "few": len(codes) <= FEW})


@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace all recovery codes: the old ones stop working."""
    if not factor.fresh_second_factor(request):
        return factor.ask_again(request, reverse("mfa_view_recovery_codes"))
    recovery_flows.generate_recovery_codes(request)
    messages.success(request, "Dit zijn uw nieuwe herstelcodes. De oude werken niet meer.")
    return redirect("mfa_view_recovery_codes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a code again, and go back to where the reader was."""
    onward = factor.safe_next(request)
    form = forms.ConfirmForm(data=request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(onward)
    return render(request, "mfa/bevestigen.html", {"form": form, "next": onward})
