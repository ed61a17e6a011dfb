"""Hand out the log of a period or of one dossier: read through the same walls as on the screen, and logged itself."""

from __future__ import annotations

import json
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import connection

from directory.access import log
from directory.access.context import Acting
from directory.access.models import AccessLog
from directory.access.refusals import NotAllowed, Refusal
from dossier.models import Dossier

from .auditevent import event


def write(
    out: IO[str], *, by: Acting, since: datetime | None, until: datetime | None, dossier: UUID | None
) -> int:
    """Write one AuditEvent a line, oldest first; returns how many. The row about it commits with the block.

    Raises a refusal, which is logged too. Only after the commit may what was written leave.
    """
    asks = "logcontrole.read" if by.capacity.side == "admin" else "inzage.copy"
    try:
        _demand(by, dossier)
    except Refusal as refusal:  # rolls back, with the row of an opening that was refused
        log.refused(by, kind="refused", code=refusal.code, dossier=dossier, asks=[asks])
        raise
    rows = AccessLog.objects.open_to(by.capacity, "read")
    if dossier is not None:
        rows = rows.filter(dossiers__contains=[dossier])
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    count = 0
    for row in rows.order_by("at", "pk").iterator(chunk_size=2000):
        given = event(row, medical=by.capacity.side == "medical", dossier=dossier)
        out.write(json.dumps(given, separators=(",", ":"), ensure_ascii=False) + "\n")
        count += 1
    log.note("export", dossier=dossier, asks=[asks])
    return count


def _demand(by: Acting, dossier: UUID | None) -> None:
    """Let through who reviews the log of the practice, or who may copy the insight into this dossier."""
    if by.capacity.side == "admin":
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_office('logcontrole', 'write') <> 'nothing'")
            row = cursor.fetchone()
        if not row or not row[0]:
            raise NotAllowed("no_cell")
    elif dossier is None:
        raise NotAllowed("no_cell")
    else:
        Dossier.objects.open(dossier, "inzage.read", "inzage.copy", purpose="export").need("inzage.copy")
