"""The act of signalling: the one coded answer that says which guideline applies (Leidraad §3.4 A-II)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction

from directory.access.context import acting
from directory.access.keystore import add_key
from dossier.medical.models import Signal
from dossier.models.shell import Opened
from dossier.records.answers import answered
from dossier.records.rows import minute

if TYPE_CHECKING:
    from directory.accounts.models import User

WRITE = "signaal.write"


@transaction.atomic
def signal(
    *, by: User, opened: Opened, category: str, happened_at: datetime, key: UUID | None = None
) -> Signal:
    """Record the category, sealed under a key of its own. Needs the dossier opened for signaal.write and read.

    The same key twice is one signal.
    """
    opened.need(WRITE)
    if key and (made := Signal.objects.filter(pk=key).first()):
        return made
    row = Signal(
        id=key or uuid4(),
        practice_id=acting().capacity.practice_id,
        dossier_id=opened.dossier.pk,
        author_id=by.pk,
        category=category,
        happened_at=minute(happened_at),
    )
    acting().keys[row.pk] = add_key(row.pk)
    with answered(opened, WRITE, row.happened_at):
        row.save(force_insert=True)
    return row
