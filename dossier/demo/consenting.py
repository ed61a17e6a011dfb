"""Record what the employees agreed to: for one part, one act, one receiver. That they did is itself medical."""

from __future__ import annotations

from dataclasses import dataclass

from consent.consents import actions as consents
from dossier.models.shell import Dossier

from .stage import Stage


@dataclass(frozen=True)
class Agreed:
    """One consent, as the physician recorded it."""

    key: str
    by: str
    section: str
    verb: str
    receiver: str
    content: str
    given_how: str


AGREED = (
    Agreed(
        "monteur",
        "bedrijfsarts",
        "begeleiding",
        "release",
        "behandelend cardioloog",
        "Vraag naar de uitslag van de fietstest en de grens voor tillen; voor het opbouwschema.",
        "Mondeling in het spreekuur, daarna de machtiging getekend.",
    ),
    Agreed(
        "lerares",
        "bedrijfsarts",
        "begeleiding",
        "release",
        "behandelend psycholoog",
        "Vraag hoe ver de behandeling is; voor het tempo van de terugkeer.",
        "Machtiging op papier getekend.",
    ),
    Agreed(
        "vrijwillig",
        "bedrijfsarts-collega",
        "open_spreekuur",
        "share",
        "huisarts van de werknemer",
        "Brief over nachtdiensten en migraine; om medicatie te overleggen.",
        "Mondeling aan het einde van het open spreekuur.",
    ),
    Agreed(
        "eigen",
        "bedrijfsarts",
        "open_spreekuur",
        "share",
        "huisarts",
        "Terugbellen over hartkloppingen sinds zij alleen werkt.",
        "Mondeling, zij kwam zelf langs.",
    ),
)


def agree(stage: Stage) -> None:
    for agreed in AGREED:
        dossier = stage.dossiers[agreed.key]

        def marked(
            name: str, text: str, room: int = 0, agreed: Agreed = agreed, dossier: object = dossier
        ) -> str:
            return stage.text(
                text,
                "consent.Consent",
                name,
                agreed.by,
                side="medical",
                section="toestemming",
                dossier=dossier,
                room=room,
            )

        with stage.acts(agreed.by) as by:
            opened = Dossier.objects.open(dossier, "toestemming.read", "toestemming.write", purpose="demo")
            consents.record(
                by=by,
                relation=opened.dossier.relation,
                section=agreed.section,
                verb=agreed.verb,
                receiver=marked("receiver", agreed.receiver, 200),
                content=marked("content", agreed.content),
                given_how=marked("given_how", agreed.given_how),
            )
