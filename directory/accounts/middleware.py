"""Before any capacity: an idle session ends, and a session without a second factor goes no further."""

from collections.abc import Callable
from datetime import timedelta

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone

from directory.access.doors import door_of
from directory.accounts import capacity, factor
from directory.accounts.expired import expired_page, logged_out_page
from directory.accounts.models import Session

# Before a capacity is taken; inside one the practice says (capacity.limit).
ABSOLUTE = timedelta(hours=8)
IDLE = timedelta(minutes=60)
TOUCH_EVERY = timedelta(minutes=1)

View = Callable[..., HttpResponse]


def polling(view: View) -> View:
    """Mark a view that the page calls by itself: it is no sign of life of the reader."""
    view.polling = True  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Mark a view that serves who has no second factor yet: enrolment and logout, nothing else."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    """Let pass only a living session that gave its second factor and chose a capacity."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _match(request)
        if request.user.is_authenticated:
            answer = self._end_when_idle(request, match) or self._detour(request, match)
        else:
            answer = self._give_back(request, match)
        response = answer or self.get_response(request)
        if getattr(response, "sign_of_life", False) and request.user.is_authenticated:
            self._touch(request)  # the page called by itself, but with words its reader typed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # Before allauth sees it: that would keep the whole request, cookie included, inside the session.
        if isinstance(exception, ReauthenticationRequired):
            return factor.ask_again(request)
        return None

    def _end_when_idle(self, request: HttpRequest, match: ResolverMatch | None) -> HttpResponse | None:
        row: Session | None = request.session.row
        if row is None:
            return None
        now = timezone.now()
        idle, whole = _within(request, "idle", IDLE), _within(request, "session", ABSOLUTE)
        if now - row.seen_at >= idle or now - row.created_at >= whole:
            capacity.leave(request)
            logout(request)
            return expired_page(request)
        if not (match and getattr(match.func, "polling", False)):
            self._touch(request)
        return None

    @staticmethod
    def _touch(request: HttpRequest) -> None:
        row, now = request.session.row, timezone.now()
        if row is not None and now - row.seen_at >= TOUCH_EVERY:
            Session.objects.filter(pk=row.pk).update(seen_at=now)

    def _give_back(self, request: HttpRequest, match: ResolverMatch | None) -> HttpResponse | None:
        # Sent on to the login page, the words would be gone.
        if match is None or not getattr(match.func, "login_required", True):
            return None
        return logged_out_page(request)

    def _detour(self, request: HttpRequest, match: ResolverMatch | None) -> HttpResponse | None:
        if match is None:
            return None  # nothing there: the 404 page tells nobody anything
        if not getattr(match.func, "login_required", True) or getattr(
            match.func, "before_second_factor", False
        ):
            return None
        if not factor.passed_second_factor(request):
            return redirect("mfa_activate_totp")
        door = door_of(match.func, match.url_name)
        if capacity.CHOSEN not in request.session and not (door and door.bare):
            onward = {"next": request.get_full_path()} if request.method == "GET" else {}
            return redirect(reverse("capacity_choose", query=onward))
        return None


def _within(request: HttpRequest, name: str, otherwise: timedelta) -> timedelta:
    seconds = capacity.limit(request, name)
    return otherwise if seconds is None else timedelta(seconds=seconds)


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None
