"""Who works on an opened dossier, and why: grants with their ground, as far as the reader may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guardian.shortcuts import get_users_with_perms

from delegation.checks import during
from delegation.dates import show_moment, show_period
from directory.access.context import Capacity
from directory.access.grid import the_grid
from directory.access.models import Ground, Suspension
from dossier.models import Dossier, DossierGrant

# Why somebody works here, by the kind of his ground. The kind may itself be a medical fact (that an employee came of
# his own accord), so outside the medical side only the kinds in OPEN_KINDS are told.
WHY = {
    "client_assignment": "Begeleidt de werknemers van deze werkgever, in opdracht van de klant",
    "self_referral": "De werknemer meldde zich zelf",
    "transfer": "Heeft het dossier overgenomen",
    "contract": "Heeft een taakdelegatieovereenkomst met de bedrijfsarts",
    "supervision": "Werkt onder supervisie van de bedrijfsarts",
    "team": "Hoort bij het team van de bedrijfsarts",
    "desk": "Werkt voor het secretariaat van de bedrijfsarts",
    "process_assignment": "Bewaakt het proces, in schriftelijke opdracht van de bedrijfsarts",
    "signal_assignment": "Bewaakt het proces en signaleert, in schriftelijke opdracht van de bedrijfsarts",
    "deputising": "Neemt waar",
    "employer_assignment": "Begeleidt namens de werkgever, in schriftelijke opdracht",
    "employer_reintegration": "Werkt aan de re-integratie, in opdracht van de werkgever",
    "second_opinion": "Geeft op verzoek van de werknemer een tweede oordeel",
    "custody": "Bewaart het dossier, voor één verzoek",
}
OPEN_KINDS = frozenset(
    {
        "client_assignment",
        "supervision",
        "desk",
        "process_assignment",
        "signal_assignment",
        "deputising",
        "employer_assignment",
    }
)


@dataclass(frozen=True)
class Member:
    """One person in one role, as the team page tells it."""

    user_id: int
    ground_id: UUID
    role: str
    name: str
    label: str
    why: str
    period: str
    responsible: str = ""
    suspended: str = ""
    ended: bool = False
    purposes: str = ""


def members(capacity: Capacity, dossier: Dossier, at: datetime) -> list[Member]:
    """List the team of an opened dossier: those who work now first. Three statements."""
    users = get_users_with_perms(dossier, with_group_users=False).defer("password")
    people = {user.pk: str(user) for user in users}
    grants = list(
        DossierGrant.objects.open_to(capacity, "read")
        .filter(content_object=dossier)
        .select_related("ground__responsible__user")
        .order_by("ground__starts_at", "pk")
    )
    standing_still = {
        row.ground_id: row
        for row in Suspension.objects.open_to(capacity, "read").filter(
            during(at), ground__in=[grant.ground_id for grant in grants]
        )
    }
    found = [
        _member(capacity, grant, people[grant.user_id], standing_still.get(grant.ground_id), at)
        for grant in grants
        if grant.user_id in people
    ]
    order = list(the_grid().roles)
    return sorted(found, key=lambda member: (member.ended, order.index(member.role), member.name))


def _member(
    capacity: Capacity, grant: DossierGrant, name: str, suspension: Suspension | None, at: datetime
) -> Member:
    ground: Ground = grant.ground
    medical = capacity.side == "medical"
    known = medical or ground.kind in OPEN_KINDS
    under = ground.responsible.user if ground.responsible and known else None
    grid = the_grid()
    told_purposes = medical and grid.roles[grant.role].side == "medical"
    return Member(
        user_id=grant.user_id,
        ground_id=ground.pk,
        role=grant.role,
        name=name,
        label=grid.roles[grant.role].label,
        why=WHY.get(ground.kind, "") if known else "",
        period=show_period(ground.starts_at, ground.ends_at),
        responsible=str(under) if under and under.pk != grant.user_id else "",
        suspended=f"sinds {show_moment(suspension.starts_at)}" if suspension else "",
        ended=ground.ends_at is not None and ground.ends_at <= at,
        purposes=_purposes(grant.purposes) if told_purposes else "",
    )


def _purposes(codes: list[str]) -> str:
    """Name what somebody works here for; all of it is the whole dossier."""
    purposes = [section for section in the_grid().sections.values() if section.purpose]
    named = [section.label for section in purposes if section.code in codes]
    return "het hele dossier" if len(named) == len(purposes) else ", ".join(named)
