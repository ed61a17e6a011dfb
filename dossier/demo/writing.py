"""What people in the demo have in hand: a draft, notes for oneself, phrases they use again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from dossier.medical.private import actions as private
from dossier.models.shell import Dossier
from dossier.records import drafts, snippets

from .recording import place_of
from .stage import Stage

NOTE, CONTACT = "spreekuurnotitie", "contactnotitie"
# Who types in whose dossier, in which kind and part, and what stands there when he is called away.
DRAFTS = (
    (
        "bedrijfsarts",
        "planner",
        NOTE,
        "overweging",
        "Na het weekend beter geslapen. Nog uitzoeken of de nachtdiensten de komende twee weken kunnen vervallen",
    ),
    (
        "pob",
        "chauffeur",
        CONTACT,
        "arbeidsanamnese",
        "Rijdt de vroege rit weer zelf; laden doet een collega. Vraag",
    ),
)
# Who notes for himself in whose dossier, and in how many days it goes.
PRIVATE = (
    ("bedrijfsarts", "planner", 5, "Volgende keer vragen hoe het thuis gaat; nu niet het moment."),
    (
        "bedrijfsarts",
        "chauffeur",
        24,
        "Toon in de brief van de werkgever. Eerst zelf bellen met de leidinggevende.",
    ),
    ("pob", "chauffeur", 12, "Belt liever na vieren."),
)
# Whose phrase, where, under which name.
PHRASES = (
    (True, "medical.spreekuurnotitie.advies", "Opbouw in stappen",
     "Opbouw in stappen van twee uur per week. Eerst het aantal uren, dan het tempo. Bij terugval een stap terug."),
    (True, "process", "Vervolg afgesproken", "Vervolgafspraak is ingepland en bevestigd."),
    (False, "medical.spreekuurnotitie.anamnese", "Dagverhaal",
     "Dagverhaal: opstaan, werk of bezigheden, rust, slapen. Wat lukt, wat lukt nog niet, wat helpt."),
)  # fmt: skip


def write(stage: Stage) -> None:
    """Let everybody type, note and keep phrases, as the screens do."""
    for draft in DRAFTS:
        _draft(stage, *draft)
    for note in PRIVATE:
        _private(stage, *note)
    for phrase in PHRASES:
        _phrase(stage, *phrase)


def _draft(stage: Stage, who: str, key: str, kind: str, part: str, text: str) -> None:
    place, dossier = place_of(kind), stage.dossiers[key]
    marked = stage.text(
        text, "dossier.Draft", "content", who, side="medical", section=place.section, dossier=dossier
    )
    moment = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    data = {"form_key": str(uuid4()), "happened_at": moment, part: marked}
    with stage.acts(who) as by:
        drafts.save(by=by, dossier=dossier, place=place, record=None, data=data)


def _private(stage: Stage, who: str, key: str, days: int, text: str) -> None:
    dossier = stage.dossiers[key]
    marked = stage.text(
        text,
        "medical.Werkaantekening",
        "content",
        who,
        side="medical",
        section="werkaantekening",
        dossier=dossier,
    )
    with stage.acts(who) as by:
        private.write(
            by=by,
            opened=Dossier.objects.open(dossier, *private.ASKS, purpose="demo"),
            text=marked,
            destroy_before=timezone.localdate() + timedelta(days=days),
            form_key=uuid4(),
        )


def _phrase(stage: Stage, ours: bool, where: str, title: str, text: str) -> None:
    field = "ours" if ours else "own"
    marked = stage.text(text, "dossier.StandardText", f"{where.partition('.')[0]}.{field}", "bedrijfsarts")
    with stage.acts("bedrijfsarts") as by:
        snippets.add(by=by, pk=uuid4(), title=title, text=marked, where=where, ours=ours)
