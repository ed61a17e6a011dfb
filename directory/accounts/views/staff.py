"""Keep the people who work in the practice: invite, accept, suspend, end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.access.doors import door
from directory.accounts import actions, factor, forms
from directory.accounts.models import User
from directory.accounts.once import in_turn, made_by
from directory.people import actions as people
from directory.people.dates import show_day
from directory.people.errors import add_errors
from directory.people.models import Engagement, EngagementSuspension, Practice, Professional, Role
from directory.people.offices import posted
from directory.professions.endings import Ending, endings

PAGE = 500
ENDS_LATER = "Vastgelegd. De rol telt tot die dag; daarna eindigt vanzelf wat erop rust."
Act = Callable[..., object]


@dataclass(frozen=True)
class Line:
    """One engagement as the list shows it."""

    engagement: Engagement
    state: str  # waits | coming | live | suspended | ended
    label: str
    tone: str
    first: bool = False  # of this person, so that he is described once
    colleague_url: str = ""
    endings: tuple[Ending, ...] = ()

    @property
    def can_end(self) -> bool:
        return self.state != "ended"

    @property
    def can_move(self) -> bool:
        return self.state in ("live", "waits", "coming")

    @property
    def can_suspend(self) -> bool:
        return self.state == "live"


def line_of(engagement: Engagement, now: datetime) -> Line:
    if engagement.ends_at is not None and engagement.ends_at <= now:
        return Line(engagement, "ended", "Beëindigd", "neutraal")
    if engagement.running_suspensions:
        return Line(engagement, "suspended", "Geschorst", "fout")
    if engagement.needs_acceptance:
        return Line(engagement, "waits", "Wacht op de bedrijfsarts", "wacht")
    if engagement.starts_at > now:
        return Line(engagement, "coming", "Begint later", "info")
    if engagement.ends_at is not None:
        return Line(
            engagement, "live", f"Actief tot {show_day(timezone.localdate(engagement.ends_at))}", "wacht"
        )
    return Line(engagement, "live", "Actief", "ok")


def engagements_of_practice(request: HttpRequest) -> QuerySet[Engagement]:
    now = timezone.now()
    running = EngagementSuspension.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now
    )
    return (
        Engagement.objects.open_to(request.capacity)
        .filter(practice_id=request.capacity.practice_id)
        .select_related("user")
        .defer("user__password")
        .prefetch_related(Prefetch("suspensions", running.order_by("starts_at"), "running_suspensions"))
    )


def _with_registrations(request: HttpRequest, lines: list[Line]) -> list[Line]:
    """Say beside each person once where his registrations are, and what is to be done about them."""
    writes = request.user.has_perm("practice.professionals.write")
    users = {line.engagement.user_id for line in lines if line.state != "ended"}
    urls = {
        user: reverse("colleague", args=[pk])
        for pk, user in Professional.objects.filter(user__in=users).values_list("pk", "user")
    }
    found: dict[int, list[Ending]] = {}
    for ending in endings(request.capacity.practice_id, users):
        found.setdefault(ending.registration.professional.user_id, []).append(ending)
    said = []
    for line in lines:
        user = line.engagement.user_id
        if line.state != "ended" and user in users:
            users.discard(user)
            new = reverse("colleague_add", args=[line.engagement.pk]) if writes else ""
            line = replace(
                line, first=True, colleague_url=urls.get(user, new), endings=tuple(found.get(user, ()))
            )
        said.append(line)
    return said


def _demand(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@door(verb="read", section="accounts", side="admin")
@never_cache
@require_safe
def accounts_list(request: HttpRequest) -> HttpResponse:
    """List who works in the practice, in which role, since when."""
    _demand(request, "practice.accounts.read")
    now = timezone.now()
    rows = engagements_of_practice(request).order_by("user__display_name", "-starts_at")[:PAGE]
    lines = _with_registrations(request, [line_of(row, now) for row in rows])
    page = {
        "lines": [line for line in lines if line.state != "ended"],
        "ended": [line for line in lines if line.state == "ended"],
        "may_write": request.user.has_perm("practice.accounts.write"),
    }
    return render(request, "accounts/medewerkers.html", page)


@door(verb="write", section="accounts", side="admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def accounts_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, or give a colleague another role; the link is shown once and stored nowhere."""
    _demand(request, "practice.accounts.write")
    practice = get_object_or_404(Practice, pk=request.capacity.practice_id)
    colleagues = (
        User.objects.filter(engagements__practice=practice)
        .distinct()
        .order_by("display_name")
        .defer("password")
    )
    form = forms.InviteForm(data=request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            engagement, token = _invite(request, form, practice)
        except ValidationError as error:
            taken = hasattr(error, "error_dict") and "username" in error.error_dict
            form.add_error("username" if taken else None, error.messages)
        else:
            link = token and request.build_absolute_uri(reverse("invitation", kwargs={"token": token}))
            return render(request, "accounts/uitgenodigd.html", {"engagement": engagement, "link": link})
    return render(request, "accounts/uitnodigen.html", {"form": form})


@transaction.atomic
def _invite(
    request: HttpRequest, form: forms.InviteForm, practice: Practice
) -> tuple[Engagement, str | None]:
    """Make the account and its role. The same form twice is one account, with the link that was shown last."""
    data, key = form.cleaned_data, made_by(request)
    made = engagements_of_practice(request).filter(pk=key).first()
    if made is not None:
        return made, _link(made, request) if made.user.last_login is None else None
    user = data["colleague"] or actions.add_account(
        username=data["username"], display_name=data["display_name"], email=data["email"], by=request.user
    )
    return actions.take_on(
        practice=practice, user=user, role=data["role"], starts_at=form.starts_at(), by=request.user, key=key
    )


def _link(engagement: Engagement, request: HttpRequest) -> str:
    return actions.invite(user=engagement.user, by=request.user, practice=engagement.practice)


@door(verb="write", section="accounts", side="admin")
@require_POST
@in_turn
def accounts_reinvite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a new link for somebody who lost the password; the second factor stays what it was."""
    _demand(request, "practice.accounts.write")
    engagement = get_object_or_404(engagements_of_practice(request), pk=pk)
    token = _link(engagement, request)
    link = request.build_absolute_uri(reverse("invitation", kwargs={"token": token}))
    return render(request, "accounts/uitgenodigd.html", {"engagement": engagement, "link": link})


def _with_reason(request: HttpRequest, pk: UUID, template: str, act: Act, done: str) -> HttpResponse:
    _demand(request, "practice.accounts.write")
    engagement = get_object_or_404(engagements_of_practice(request), pk=pk)
    form = forms.ReasonForm(data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(engagement=engagement, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return redirect("accounts_list")
    return render(request, template, {"form": form, "engagement": engagement})


@door(verb="write", section="accounts", side="admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def accounts_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an engagement, with its reason: now, or on a day that has to come."""
    _demand(request, "practice.accounts.write")
    engagement = get_object_or_404(engagements_of_practice(request), pk=pk)
    form = forms.EndForm(data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = form.ends_at()
        try:
            actions.end(engagement=engagement, reason=form.cleaned_data["reason"], by=request.user, at=at)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            later = at is not None and at > timezone.now()
            messages.success(request, ENDS_LATER if later else "Beëindigd. Lopende sessies zijn gesloten.")
            return redirect("accounts_list")
    context = {"form": form, "engagement": engagement, "arts": engagement.role == Role.BEDRIJFSARTS}
    return render(request, "accounts/beeindigen.html", context)


@door(verb="write", section="accounts", side="admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def accounts_suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Suspend an engagement, with its reason."""
    return _with_reason(
        request, pk, "accounts/schorsen.html", actions.suspend, "Geschorst. Lopende sessies zijn gesloten."
    )


@door(verb="write", section="accounts", side="admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def accounts_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a colleague another role in place of this one, in one act."""
    _demand(request, "practice.accounts.write")
    engagement = get_object_or_404(engagements_of_practice(request), pk=pk)
    form = forms.MoveForm(data=posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = actions.move(
                engagement=engagement,
                role=form.cleaned_data["role"],
                starts_at=form.starts_at(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                key=made_by(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            waits = " Zij telt zodra een bedrijfsarts haar aanvaardt." if made.needs_acceptance else ""
            messages.success(request, f"De nieuwe rol is vastgelegd.{waits}")
            return redirect("accounts_list")
    context = {"form": form, "engagement": engagement}
    return render(request, "accounts/rol.html", context, status=400 if form.errors else 200)


@door(verb="write", section="accounts", side="admin")
@require_POST
@in_turn
def accounts_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift the running suspension of an engagement."""
    _demand(request, "practice.accounts.write")
    engagement = get_object_or_404(engagements_of_practice(request), pk=pk)
    for suspension in engagement.running_suspensions:
        people.resume_engagement(suspension=suspension, by=request.user)
    messages.success(request, "De schorsing is opgeheven.")
    return redirect("accounts_list")


@door(verb="read", section="professionals", side="medical")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def accounts_accept(request: HttpRequest) -> HttpResponse:
    """Let the bedrijfsarts accept whom somebody else prepared; until then the role counts for nothing."""
    if request.capacity.role != Role.BEDRIJFSARTS:
        raise PermissionDenied
    if not factor.fresh_second_factor(request):
        return factor.ask_again(request)
    now = timezone.now()
    waiting = [
        row
        for row in engagements_of_practice(request)
        .filter(accepted_at__isnull=True)
        .order_by("recorded_at")[:PAGE]
        if line_of(row, now).state == "waits"
    ]
    if request.method == "POST":
        chosen = next((row for row in waiting if str(row.pk) == request.POST.get("engagement")), None)
        if chosen is None:
            messages.error(request, "Deze werkrelatie wacht niet (meer) op aanvaarding.")
        else:
            people.accept_engagement(engagement=chosen, by=request.user)
            messages.success(request, f"U hebt {chosen.user.display_name} aanvaard als {chosen}.")
        return redirect("accounts_accept")
    return render(request, "accounts/aanvaarden.html", {"waiting": waiting})
