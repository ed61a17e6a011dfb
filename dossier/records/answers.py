"""What the database said, made into an answer a person can use.

The second lock speaks in error codes: 42501 for a policy, 23xxx for a constraint. A policy that refuses a form which
opened a moment ago refuses its moment or one of its tasks; a constraint that refuses means that somebody was earlier.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from consent.models import Notice
from delegation.dates import show_moment
from directory.access.context import acting
from directory.access.middleware import hint, sqlstate
from directory.access.refusals import NotYet, Refusal
from directory.access.words import Words, words_of

from .tasks import may_do, tasks_now

if TYPE_CHECKING:
    from dossier.models.shell import Opened

    from .base import Header

REFUSED = "42501"

WORDS = {
    "notice_late": Words(
        "Dit was op {gebeurd}; de werknemer is pas op {verteld} geïnformeerd over uw rol.",
        "Klopt het moment niet, pas het dan aan. Anders: overleg met de bedrijfsarts hoe u dit gesprek vastlegt.",
        "Leidraad casemanagement §3.4 A-I",
        "not_yet",
    ),
    "right_ended": Words(
        "U kunt hier niet meer vastleggen: uw taak op dit dossier is geëindigd.",
        "De bedrijfsarts kan uw tekst overnemen, uw overeenkomst verlengen of u dit laten afronden.",
        "Leidraad casemanagement bijlage 5, opdracht",
        "not_yet",
    ),
    "no_task": Words(
        "U hebt op dit dossier nu geen taak waarvoor u hier iets vastlegt.",
        "Onder Delegatie ziet u welke taken u hebt en wat er per taak nog ontbreekt.",
        "Leidraad casemanagement bijlage 4 en 5",
        "not_yet",
    ),
    "task_closed": Words(
        "Een van deze onderdelen hoort bij een taak die u nu niet kunt doen.",
        "Onder Delegatie ziet u wat er voor die taak ontbreekt. De andere onderdelen kunt u wel vastleggen.",
        "Leidraad casemanagement bijlage 4 en 5",
        "not_yet",
    ),
    "not_whole": Words(
        "U kunt hiervan nu geen nieuwe versie maken: een van de onderdelen hoort bij een taak die u niet hebt.",
        "Vraag de bedrijfsarts een opmerking te maken, of u deze taak te geven.",
        "Leidraad casemanagement bijlage 4",
        "not_yet",
    ),
    "not_author": Words(
        "Dit is door een ander geschreven.",
        "Alleen wie het schreef, kan het ondertekenen, wijzigen of verplaatsen.",
        "BW 7:454",
        "deny",
    ),
    "already_signed": Words(
        "Dit is al ondertekend.",
        "Wat ondertekend is, wijzigt u met een nieuwe versie en een reden.",
        "BW 7:454",
        "deny",
    ),
    "still_concept": Words(
        "Dit is nog een concept.", "Wijzig het concept, of onderteken het eerst.", "BW 7:454", "not_yet"
    ),
    "moved_away": Words(
        "Dit is verplaatst: het was in het verkeerde dossier geschreven.",
        "De tekst staat nu in het andere dossier.",
        "BW 7:454",
        "deny",
    ),
    "same_dossier": Words("Dit is al het dossier waarin het staat.", "Kies een ander dossier.", "", "deny"),
    "share_where": Words(
        "Dit kunt u niet met deze collega delen.",
        "Delen kan met wie aan dit dossier werkt, voor een taak die deze collega nu heeft.",
        "Leidraad casemanagement bijlage 4, voetnoot 36; BW 7:457 lid 2",
        "deny",
    ),
}


# Which notice opens which role: told before the consult, not after it.
TOLD = {
    "gedelegeerde": ("delegatie",),
    "waarnemer": ("waarneming", "waarneemgroep"),
    "arts_onder_supervisie": ("supervisie",),
}


class Conflict(Exception):
    """Somebody was earlier: `current` is what stands there now."""

    def __init__(self, current: Header) -> None:
        super().__init__("a newer version")
        self.current = current


def words_for(refusal: Refusal) -> Words:
    """Find the words of a refusal: those of records first, then those of guards and rulings."""
    return WORDS.get(refusal.code) or words_of(refusal.code, refusal.answer)


def constraint(error: DatabaseError) -> str:
    """Name the constraint that refused; a record's table name stands before it."""
    name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
    return name.removeprefix("medical_record_").removeprefix("process_record_")


def by_policy(error: DatabaseError) -> bool:
    """Say whether a policy refused the row. A hint means that a function refused, for a reason of its own."""
    return sqlstate(error) == REFUSED and not hint(error)


MESSAGES: dict[str, dict[str, list[str]]] = {
    "minute": {"happened_at": ["Vul datum en tijd in, op de minuut."]},
    "share_open_once": {NON_FIELD_ERRORS: ["Dit is al met deze collega gedeeld voor deze taak."]},
    "share_of_voluntary_has_consent": {
        NON_FIELD_ERRORS: [
            "Deze gegevens komen uit een vrijwillig contact. Leg eerst vast dat de werknemer toestemming geeft voor "
            "precies dit onderdeel en deze collega."
        ]
    },
}


@contextlib.contextmanager
def answered(
    opened: Opened, ask: str, happened_at: datetime, tasks: frozenset[str] = frozenset()
) -> Iterator[None]:
    """Write in a savepoint, and turn what the database refuses into a refusal or a message.

    The dossier opened just now, so the answer of this moment is "mag": what a policy still refuses is the moment the
    fact happened, or a task that closed meanwhile. Raises Refusal or ValidationError; anything else passes.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if (message := MESSAGES.get(constraint(error))) is None:
            raise
        raise ValidationError(message) from error
    except DatabaseError as error:
        if not by_policy(error):
            raise
        raise _why(opened, ask, happened_at, tasks) from error


def _why(opened: Opened, ask: str, happened_at: datetime, tasks: frozenset[str]) -> Refusal:
    if tasks and not all(map(may_do(tasks_now(opened.dossier.pk, ask.split(".")[0])), tasks)):
        return NotYet("task_closed")
    role, me = opened.answers[ask].role, acting().capacity.user_id
    if opened.may("kennisgeving.read") and role in TOLD:
        notices = (
            Notice.objects.open_to(acting().capacity, "read")
            .filter(relation=opened.dossier.relation_id, kind__in=TOLD[role])
            .order_by("given_at")
            .values_list("given_at", "kind", "about")
        )
        told = [given_at for given_at, kind, about in notices if about == me or kind == "waarneemgroep"]
        if told and told[0] > happened_at:
            return NotYet("notice_late", gebeurd=show_moment(happened_at), verteld=show_moment(told[0]))
    return NotYet("happened_before_right")
