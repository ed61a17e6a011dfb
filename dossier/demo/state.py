"""May the demo be made here, and is it there? Asked as the bare login, which reads accounts and no record."""

from __future__ import annotations

from django.conf import settings

from directory.access.context import acting_as, engagements_of
from directory.accounts.models import Invitation, User
from directory.people.models import Practice

from .logins import BY_NAME, KVK

SYSTEM = "systeem"
LOCAL = {"localhost", "127.0.0.1", "[::1]", "testserver"}


class Refused(Exception):
    """This is no place for the demo; the text says why and what to do."""


def is_done() -> bool:
    """Say whether the demo is there and complete.

    Invitations are accepted last, all in one transaction, and never unaccepted: whoever can log in finds everything.
    """
    let_in = Invitation.objects.filter(user__username__in=list(BY_NAME), used_at__isnull=False)
    return let_in.values("user").distinct().count() == len(BY_NAME)


def refuse_elsewhere() -> None:
    """Refuse a server that others reach. Raises Refused."""
    if not set(settings.ALLOWED_HOSTS) <= LOCAL:
        raise Refused(
            "De demo heeft wachtwoorden die iedereen kan lezen. Ze hoort alleen op uw eigen computer."
        )


def refuse_unless_empty() -> None:
    """Refuse a database in which somebody already works, and one with half a demo. Raises Refused."""
    here = User.objects.exclude(username=SYSTEM).order_by("pk")
    if not here.exists():
        return
    if any(is_real(user) for user in here):
        raise Refused(
            "In deze database staat al een praktijk. Maak de demo in een lege: ./run --data EEN_NIEUWE_MAP"
        )
    raise Refused(
        "De demo is hier eerder niet afgemaakt. Begin in een lege database: ./run --data EEN_NIEUWE_MAP"
    )


def is_real(user: User) -> bool:
    """Say whether an account is of a practice that is no demo practice, as its number of the trade register tells."""
    capacities = engagements_of(user.pk)
    if not capacities:
        return user.username not in BY_NAME
    with acting_as(user.pk, capacities[0]["id"], reason="demo"):
        return Practice.objects.get(pk=capacities[0]["practice"]).kvk_number not in KVK.values()
