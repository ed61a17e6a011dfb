"""Open a dossier for its notices, and find the relation they hang on."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from directory.access.context import acting
from directory.access.refusals import NotAllowed, NotFound, NotYet
from directory.people.models import Relation

READ, WRITE = "kennisgeving.read", "kennisgeving.write"


def open_for_notices(dossier: UUID) -> Relation:
    """Check, write the log row, and return the relation. Raises NotFound, NotYet or NotAllowed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ask, answer, code FROM access_open(%s, %s, %s)", [dossier, [READ, WRITE], "kennisgeving"]
        )
        answers = {ask: (answer, code) for ask, answer, code in cursor.fetchall()}
        answer, code = answers[WRITE]
        if code == "no_grant":
            raise NotFound(code)
        if answer == "not_yet":
            raise NotYet(code)
        if answer == "deny":
            raise NotAllowed(code)
        acting().opened += 1
        cursor.execute("SELECT access_relations('kennisgeving', 'write')")
        (relation,) = cursor.fetchone()
    return Relation.objects.select_related("person", "employer").get(pk=relation)
