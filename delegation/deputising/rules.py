"""Who stands in for whom at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from delegation.checks import during
from delegation.deputising.models import Deputising
from directory.people.models import Engagement

if TYPE_CHECKING:
    from directory.accounts.models import User


def stands_in_for(user: User, physician: Engagement) -> bool:
    """Say whether this user now deputises for this physician."""
    return Deputising.objects.filter(
        during(timezone.now(), prefix="ground__"), ground__isnull=False, replaced=physician, deputy__user=user
    ).exists()
