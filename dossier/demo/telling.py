"""Tell the employees who works for them, and record it: before that nobody records anything about them."""

from __future__ import annotations

from dataclasses import dataclass

from consent.notices.actions import give
from consent.notices.opening import open_for_notices

from .people import VOLUNTARY, of
from .stage import Stage

PHYSICIAN = "bedrijfsarts"


@dataclass(frozen=True)
class Telling:
    """One kind of notice about one person, given to these employees by this colleague."""

    kind: str
    about: str
    by: str
    role: str
    means: str
    function: str
    task: str
    reachable: str
    days: float = 0
    keys: tuple[str, ...] = ()  # empty: everybody in the caseload of the bedrijfsarts


TELLINGS = (
    Telling(
        "waarneming",
        "waarnemer",
        "secretariaat",
        "",
        "brief",
        "bedrijfsarts",
        "Neemt waar op maandag en vrijdag",
        "via de praktijk, elke werkdag van 9 tot 12 uur",
    ),
    Telling(
        "waarneming",
        "waarnemer-verlopen",
        "secretariaat",
        "",
        "brief",
        "bedrijfsarts",
        "Nam waar in de najaarsvakantie",
        "via de praktijk, elke werkdag",
        days=46,
        keys=("monteur", "magazijn", "lerares", "conrector", "dongen8", "veste6"),
    ),
    Telling(
        "delegatie",
        "pob",
        "bedrijfsarts",
        "",
        "gesprek",
        "praktijkondersteuner",
        "Het eerste gesprek en de vervolggesprekken",
        "telefonisch op dinsdag en donderdag van 13 tot 14 uur",
        keys=("monteur", "magazijn", "lerares"),
    ),
    Telling(
        "delegatie",
        "pob",
        "pob",
        "gedelegeerde",
        "telefoon",
        "praktijkondersteuner",
        "Het gesprek van deze week",
        "telefonisch op dinsdag en donderdag van 13 tot 14 uur",
        keys=("chauffeur", "dongen5", "dongen6", "dongen8", "dongen10"),
    ),
    Telling(
        "delegatie",
        "tweepetten",
        "bedrijfsarts",
        "",
        "gesprek",
        "bedrijfsmaatschappelijk werker",
        "Gesprekken over werk en thuis",
        "telefonisch, elke ochtend voor 10 uur",
        keys=("grens", "geengrens", "veste5"),
    ),
    Telling(
        "delegatie",
        "oud-medewerker",
        "bedrijfsarts",
        "",
        "gesprek",
        "praktijkondersteuner",
        "De eerste gesprekken",
        "telefonisch, elke ochtend voor 10 uur",
        keys=("magazijn",),
    ),
    Telling(
        "supervisie",
        "anios",
        "anios",
        "",
        "gesprek",
        "arts in opleiding tot bedrijfsarts",
        "Het spreekuur van vandaag",
        "de bedrijfsarts is bereikbaar via de praktijk",
        keys=("chauffeur", "planner", "dongen9", "veste7", "conrector"),
    ),
)


def caseload() -> list[str]:
    """Name everybody whom the bedrijfsarts begleidt, as far as he has a dossier."""
    return [row.key for client in ("dongen", "veste") for row in of(client) if row.key not in VOLUNTARY]


def tell(stage: Stage) -> None:
    for telling in TELLINGS:
        for key in telling.keys or caseload():
            _give(stage, telling, key)


def _give(stage: Stage, telling: Telling, key: str) -> None:
    dossier = stage.dossiers[key]

    def marked(name: str, text: str, room: int = 0) -> str:
        return stage.text(
            text,
            "consent.Notice",
            name,
            telling.by,
            side="process",
            section="kennisgeving",
            dossier=dossier,
            room=room,
        )

    with stage.acts(telling.by, telling.role) as by:
        give(
            by=by,
            relation=open_for_notices(dossier),
            kind=telling.kind,
            about=stage.users[telling.about],
            responsible=stage.users[PHYSICIAN],
            function=marked("function", telling.function, 120),
            task=marked("task", telling.task),
            reachable=marked("reachable", telling.reachable),
            right_to_speak=True,
            given_at=stage.ago(telling.days) if telling.days else None,
            means=telling.means,
        )
