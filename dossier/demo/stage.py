"""What the building of the demo holds in hand: who acts, who and what was made, and the texts with their markers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from directory.access.context import acting_as, engagements_of
from directory.accounts.models import User
from directory.people.models import Employer, Engagement, Practice, Relation, Role

from .logins import BY_NAME
from .markers import Markers


@dataclass
class Stage:
    """The demo while it is being built. Nothing here writes: the acts do, each under the hat of who acts."""

    markers: Markers
    now: datetime = field(default_factory=timezone.now)
    practices: dict[str, Practice] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    engagements: dict[tuple[str, str], Engagement] = field(default_factory=dict)
    employers: dict[str, Employer] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    dossiers: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    _capacities: dict[tuple[str, str], UUID] = field(default_factory=dict)

    @contextmanager
    def acts(self, username: str, role: str = "") -> Iterator[User]:
        """Let somebody act in his own capacity: in a transaction, under his hat, with a log of his own."""
        role = role or BY_NAME[username].engagements[0][1]
        with acting_as(self.users[username].pk, self._capacity(username, role), reason="demo"):
            yield self.users[username]

    def _capacity(self, username: str, role: str) -> UUID:
        if (username, role) not in self._capacities:
            for row in engagements_of(self.users[username].pk):
                self._capacities[username, row["role"]] = row["id"]
        return self._capacities[username, role]

    def engagement(self, username: str, role: str = "") -> Engagement:
        return self.engagements[username, role or BY_NAME[username].engagements[0][1]]

    def meet(self, *engagements: Engagement) -> None:
        """Remember who works where, as somebody who may see it loaded it."""
        by_pk = {user.pk: name for name, user in self.users.items()}
        for row in engagements:
            if row.user_id in by_pk:
                self.engagements[by_pk[row.user_id], Role(row.role)] = row

    def ago(self, days: float, at: str = "", *, working: bool = False) -> datetime:
        """Say a moment in the past: so many days ago, at this hour, in a weekend the Friday before. Never later."""
        day = self.now - timedelta(days=days)
        if working:
            day -= timedelta(days=max(0, timezone.localtime(day).weekday() - 4))
        if at:
            clock = time.fromisoformat(at)
            day = timezone.localtime(day).replace(hour=clock.hour, minute=clock.minute)
        return min(day, self.now).replace(second=0, microsecond=0)

    def text(
        self, text: str, model: str, name: str, author: str, *, side: str = "practice", **where: Any
    ) -> str:
        return self.markers.put(text, model=model, field=name, author=author, side=side, **where)
