"""Delen: one version of one record, with one colleague, for one task (003 §3.4; BW 7:457 lid 2).

From a voluntary section only under a consent that names it; the database asks that consent again at every reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consent.models import Consent
from delegation.checks import during
from delegation.models import ContractTask, Task
from directory.access import log
from directory.access.context import acting
from directory.access.grid import Verb, the_grid
from directory.access.refusals import NotAllowed, NotYet
from dossier.models import DossierGrant, Share
from dossier.models.shell import Opened

from .answers import answered
from .base import Header, State
from .kinds import Place

if TYPE_CHECKING:
    from directory.accounts.models import User

RECEIVERS = ("gedelegeerde", "teamlid")
ON_REQUEST = "op_verzoek"


@dataclass(frozen=True)
class Receiver:
    """With whom, for which task: one line of the list to choose from."""

    user: int
    name: str
    task: str
    label: str

    @property
    def key(self) -> str:
        return f"{self.user}/{self.task}"


def receivers(opened: Opened, purpose: str) -> list[Receiver]:
    """List with whom can be shared: delegates for the tasks of their contract, team members on request.

    Only for what serves the purpose of the record: what is shared for another does not arrive. Needs the dossier opened
    for team.read, and at most two statements.
    """
    if not opened.may("team.read"):
        return []
    now = timezone.now()
    grants = list(
        DossierGrant.objects.open_to(acting().capacity, "read")
        .filter(
            during(now, prefix="ground__"),
            content_object=opened.dossier.pk,
            role__in=RECEIVERS,
            purposes__contains=[purpose],
        )
        .select_related("user")
    )
    tasks: dict[UUID, list[tuple[str, str]]] = {}
    lines = ContractTask.objects.filter(
        contract__ground__in=[grant.ground_id for grant in grants],
        contract__accepted_at__isnull=False,
        task__record_side=Task.RecordSide.MEDICAL,
        task__purpose=purpose,
    )
    for ground, code, label in lines.order_by("task__sort_order").values_list(
        "contract__ground", "task__code", "task__label"
    ):
        tasks.setdefault(ground, []).append((code, label))
    found = []
    for grant in sorted(grants, key=lambda grant: grant.user.display_name.casefold()):
        own = tasks.get(grant.ground_id, []) if grant.role == "gedelegeerde" else [(ON_REQUEST, "op verzoek")]
        found += [Receiver(grant.user_id, grant.user.display_name, code, label) for code, label in own]
    return found


@transaction.atomic
def share(
    *,
    by: User,
    opened: Opened,
    record: Header,
    place: Place,
    receiver: int,
    task: str,
    consent: UUID | None = None,
) -> Share:
    """Show this version to a colleague for a task. The same share twice is one share."""
    ask = place.ask(Verb.SHARE)
    opened.need(ask)
    if record.state != State.SIGNED:
        raise NotYet("still_concept") if record.state == State.CONCEPT else NotAllowed("moved_away")
    if (receiver, task) not in {(row.user, row.task) for row in receivers(opened, record.purpose)}:
        raise NotAllowed("share_where")
    standing = Share.objects.filter(
        record_id=record.pk, receiver=receiver, task=task, ends_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    now = timezone.now()
    made = Share(
        practice_id=acting().capacity.practice_id,
        dossier_id=record.dossier_id,
        record_id=record.pk,
        section=record.section,
        purpose=record.purpose,
        receiver_id=receiver,
        task=task,
        consent_id=consent or _consent(opened, record, receiver),
        given_by_id=by.pk,
        starts_at=now,
    )
    with answered(opened, ask, now):
        made.save(force_insert=True)
    log.note("share", dossier=record.dossier_id, record=record.pk, asks=[ask])
    return made


@transaction.atomic
def unshare(*, by: User, opened: Opened, given: Share, place: Place) -> None:
    """End a share now. It closes at the receiver's next statement."""
    ask = place.ask(Verb.SHARE)
    opened.need(ask)
    if given.ends_at is not None:
        return
    given.ends_at = max(timezone.now(), given.starts_at)
    with answered(opened, ask, given.starts_at):
        given.save(update_fields=["ends_at"])
    log.note("unshare", dossier=given.dossier_id, record=given.record_id, asks=[ask])


def shares_of(records: Iterable[UUID]) -> dict[UUID, list[Share]]:
    """Load the running shares of these records that the reader may see. One statement."""
    found: dict[UUID, list[Share]] = {}
    rows = Share.objects.open_to(acting().capacity, "read").filter(
        record_id__in=list(records), ends_at__isnull=True
    )
    for row in rows.order_by("starts_at"):
        found.setdefault(row.record_id, []).append(row)
    return found


def _consent(opened: Opened, record: Header, receiver: int) -> UUID | None:
    """Find the consent that names this section, this colleague and, if any, this record. Only where one is asked."""
    if not the_grid().sections[record.section].voluntary or not opened.may("toestemming.read"):
        return None
    rows = Consent.objects.open_to(acting().capacity, "read").filter(
        during(timezone.now()),
        Q(item=record.pk) | Q(item__isnull=True),
        relation=opened.dossier.relation_id,
        section=record.section,
        verb=str(Verb.SHARE),
        receiver_user=receiver,
    )
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found
