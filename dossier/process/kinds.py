"""The kinds of the right panel: process notes, the sickness case, and the facts that cross from the left panel."""

from __future__ import annotations

from directory.access.words import Words
from dossier.records import answers, crossings
from dossier.records.kinds import Kind, Panel, PartKind, register, register_panel

from .cases import CaseDetails
from .course import MESSAGES, CourseDetails
from .facts import CONSULT_HELD, FACTS, Facts
from .models import ProcessPart, ProcessRecord

register_panel(Panel("process", "proces", ProcessRecord, ProcessPart))

PROCESNOTITIE = register(
    Kind(
        code="procesnotitie",
        label="Procesnotitie",
        panel="process",
        sections=("proces",),
        parts=(
            PartKind(
                "proces",
                "Notitie",
                "P2",
                "Afspraken, datums, stappen, interventies met een neutrale naam. Geen klachten, diagnose of "
                "behandeling: die horen in het medisch dossier.",
            ),
        ),
    )
)

# What may be asked and recorded when somebody reports sick (003 §3.3), and the page says what may not. The coded
# answers are columns; these three are the only words, each one line, so that no box invites a story.
WHO_REPORTS = (
    "bedrijfsarts",
    "waarnemer",
    "arts_onder_supervisie",
    "gedelegeerde",
    "signaleerder",
    "procesbewaker",
    "casemanager",
    "secretariaat",
)
VERZUIMGEVAL = register(
    Kind(
        code="verzuimgeval",
        label="Ziekmelding",
        panel="process",
        sections=("werkgeverdeel",),
        roles=WHO_REPORTS,
        parts=(
            PartKind("telefoon", "Telefoonnummer", "P2", line=True, limit=30),
            PartKind("verpleegadres", "Adres of verpleegadres", "P2", line=True, limit=200),
            PartKind(
                "werkafspraken",
                "Lopende afspraken en werkzaamheden",
                "P2",
                "Alleen werk: wat blijft liggen, wie neemt het over.",
                line=True,
                limit=300,
            ),
        ),
        needs_text=False,
        details=CaseDetails(),
        explains=Words(
            "Klachten, diagnose, behandeling en oorzaak kunt u niet vragen of vastleggen, ook niet als de werknemer "
            "het zelf vertelt.",
            "Wel: stel de bedrijfsarts een vraag over taken en mogelijkheden.",
            "Leidraad casemanagement §3.3; AP, De zieke werknemer",
            "deny",
        ),
    )
)

# Recovery, whole or in part, by whoever heard of it: a fact beside the ziekmelding, which stays as it was reported.
VERZUIMVERLOOP = register(
    Kind(
        code="verzuimverloop",
        label="Herstel of ander percentage",
        panel="process",
        sections=("werkgeverdeel",),
        roles=WHO_REPORTS,
        parts=(
            PartKind(
                "werkafspraken",
                "Afgesproken werk",
                "P2",
                "Alleen werk: welke taken, vanaf wanneer, hoeveel uur.",
                line=True,
                limit=300,
            ),
        ),
        listed=False,
        needs_text=False,
        details=CourseDetails(),
        explains=Words(
            "Waarom iemand weer meer of minder werkt, kunt u niet vragen of vastleggen.",
            "Wel: vanaf welke dag, en voor welk deel.",
            "Leidraad casemanagement §3.3, §3.4 B-II",
            "deny",
        ),
    )
)
answers.MESSAGES.update(MESSAGES)

OVERGANGSFEIT = register(
    Kind(
        code="overgangsfeit",
        label="Overgangsfeit",
        panel="process",
        sections=("proces",),
        parts=tuple(PartKind(code, label, "P2") for code, label in FACTS.items()),
        by_form=False,
        date_only=True,
    )
)

crossings.register(CONSULT_HELD, Facts(OVERGANGSFEIT))
