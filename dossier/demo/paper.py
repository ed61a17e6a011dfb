"""What was signed on paper, before the practice began to work with Tweeluik.

A ground never begins before it was signed. What is signed here in the application begins now, so only an assignment
that was signed earlier, by hand, lets somebody record what happened earlier. The signer lays it himself: the database
asks the same of him as on the screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from delegation.assignments.kinds import RULES
from delegation.checks import all_purposes
from delegation.models import Assignment, Deputising
from directory.access import ground as grounds
from directory.access.models import Ground
from directory.accounts.models import User
from directory.people.models import Engagement, Relation
from directory.people.writing import store


def assign(
    *,
    by: User,
    kind: str,
    holder: Engagement,
    signed_at: datetime,
    responsible: Engagement | None = None,
    employer: Any = None,
    relation: Relation | None = None,
    purposes: Iterable[str] = (),
    **texts: str,
) -> Assignment:
    """Record an assignment that was signed on paper on that day, and lay its ground from then on."""
    ground = grounds.lay(
        kind=RULES[kind].ground,
        role=holder.role,
        holder=holder,
        responsible=responsible,
        by=by,
        signed_at=signed_at,
        starts_at=signed_at,
        purposes=list(purposes),
        employers=[employer] if employer and not relation else [],
        relations=[relation] if relation else [],
        caseload=responsible is not None and not employer and not relation,
    )
    return store(
        Assignment(
            practice_id=holder.practice_id,
            kind=kind,
            holder=holder,
            responsible=responsible,
            employer=employer,
            relation=relation,
            starts_at=signed_at,
            prepared_by=by,
            prepared_at=signed_at,
            ground=ground,
            accepted_by=by,
            accepted_at=signed_at,
            **texts,
        )
    )


def deputise(
    *, by: User, replaced: Engagement, deputy: Engagement, signed_at: datetime, ends_at: datetime, reason: str
) -> Deputising:
    """Record a deputising that was arranged on paper on that day."""
    ground = grounds.lay(
        kind="deputising",
        role="waarnemer",
        holder=deputy,
        responsible=replaced,
        by=by,
        signed_at=signed_at,
        starts_at=signed_at,
        ends_at=ends_at,
        purposes=all_purposes(),
        caseload=True,
    )
    return store(
        Deputising(
            practice_id=replaced.practice_id,
            ground=ground,
            replaced=replaced,
            deputy=deputy,
            appointed_by=by,
            appointed_at=signed_at,
            reason=reason,
        )
    )


def self_referral(
    *, by: User, holder: Engagement, relation: Relation, purposes: Iterable[str], since: datetime
) -> Ground:
    """Lay the ground of a physician to whom somebody came himself: for that purpose, on that one dossier."""
    return grounds.lay(
        kind="self_referral",
        role="bedrijfsarts_doelgebonden",
        holder=holder,
        by=by,
        signed_at=since,
        starts_at=since,
        purposes=list(purposes),
        relations=[relation],
    )
