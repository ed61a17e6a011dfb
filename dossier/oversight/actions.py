"""The act of the supervisor: he looked at what was signed under him, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from directory.access import log
from directory.access.context import acting
from directory.access.keystore import add_key
from directory.access.refusals import NotAllowed, NotYet
from dossier.medical.review import Review
from dossier.models.shell import Opened
from dossier.records.answers import answered

if TYPE_CHECKING:
    from directory.accounts.models import User

ASK = "supervisie.write"


@transaction.atomic
def review(*, by: User, opened: Opened, row: Review, remark: str = "") -> Review:
    """Record that this was looked at, with a remark if there is one. Needs the dossier opened for supervisie.write.

    The remark is sealed under a key of its own. Raises NotYet when it was reviewed already.
    """
    opened.need(ASK)
    if by.pk == row.physician_id:
        raise NotAllowed("not_own_review")
    if row.reviewed_at is not None:
        raise NotYet("already_reviewed")
    text = remark.strip()
    if text:
        acting().keys[row.pk] = add_key(row.pk)
    row.reviewed_at, row.reviewed_by_id, row.remark = timezone.now(), by.pk, text or None
    with answered(opened, ASK, row.reviewed_at):
        row.save(force_update=True, update_fields=["reviewed_at", "reviewed_by", "remark"])
    log.note("review", dossier=row.dossier_id, record=row.record_id, asks=[ASK])
    return row
