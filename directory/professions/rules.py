"""What follows from a profession and from the person: the way in, what may be exchanged in principle, the BIG check.

A signpost, and no decision: what may really go to whom follows from the exchange rules of a dossier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directory.people.dates import show_day
from directory.people.models import Registration, Role
from directory.people.models.professional import Profession as OfColleague
from directory.professions.models import CheckResult, ExternalRegistration, Flag, Profession

WHO_DOES_WHAT = "Wie doet wat §2"
BY_EMPLOYEE = "Via de werknemer, na toestemming."
BY_ZORGDOMEIN = "Via ZorgDomein."
# How the profession of a colleague is called here. An assistant and a secretary are functions: no source gives them
# legal flags of their own, so they have no page.
OF_COLLEAGUES = {
    OfColleague.BEDRIJFSARTS: "bedrijfsarts",
    OfColleague.ARTS: "anios_bedrijfsgeneeskunde",
    OfColleague.POB: "pob",
    OfColleague.ARBOVERPLEEGKUNDIGE: "arboverpleegkundige",
    OfColleague.FYSIOTHERAPEUT: "bedrijfsfysiotherapeut",
    OfColleague.PSYCHOLOOG: "ag_psycholoog",
    OfColleague.BEDRIJFSMAATSCHAPPELIJK_WERKER: "bedrijfsmaatschappelijk_werker",
    OfColleague.CASEMANAGER: "casemanager",
    OfColleague.ARBEIDSDESKUNDIGE: "arbeidsdeskundige",
    OfColleague.COACH: "coach",
}


@dataclass(frozen=True)
class State:
    """How something stands, as a tag."""

    tone: str
    label: str


@dataclass(frozen=True)
class Exchange:
    """What may go to somebody of this profession in principle."""

    code: str  # possible | by_person | not_by_default
    what: str
    how: str
    source: str = WHO_DOES_WHAT


POSSIBLE = Exchange(
    "possible",
    "Medische gegevens kunnen in beginsel, maar nooit vanzelf.",
    "Alleen als deze persoon zelf nu in het BIG-register staat, de werknemer er gericht toestemming voor gaf, en als "
    "antwoord op concrete vragen. Nooit het hele dossier.",
)
BY_PERSON = Exchange(
    "by_person",
    "Of medische gegevens kunnen, hangt af van de persoon.",
    "Kijk in het BIG-register of deze persoon er zelf in staat: het beroep zegt het niet. Zo niet, dan in beginsel "
    "geen medische gegevens.",
)
NOT_BY_DEFAULT = Exchange(
    "not_by_default",
    "In beginsel geen medische gegevens.",
    "Wel mogelijkheden, beperkingen en afspraken: na vrijgave, en buiten werkgever en UWV met toestemming van de "
    "werknemer. Vindt een bedrijfsarts medische gegevens toch nodig, dan legt die de grond vast.",
)


def exchange(profession: Profession) -> Exchange:
    """Read from the legal flags what may be exchanged in principle; what a source does not say, is not a yes."""
    if profession.big == Flag.YES and profession.discipline == profession.secrecy == Flag.YES:
        return POSSIBLE
    return BY_PERSON if profession.big_by_person else NOT_BY_DEFAULT


PERSON_CHECKED = Exchange(
    "possible",
    "Medische gegevens kunnen in beginsel, maar nooit vanzelf.",
    "Deze persoon is in het BIG-register nagekeken. Verder alleen met gerichte toestemming van de werknemer, en als "
    "antwoord op concrete vragen. Nooit het hele dossier.",
)
CHECK_FIRST = Exchange(
    "check_first",
    "Kijk eerst opnieuw in het BIG-register.",
    "Wat daar van deze persoon staat, is te lang geleden nagekeken of kent een beperking. Tot dan in beginsel geen "
    "medische gegevens.",
)
NOT_CHECKED = Exchange(
    "not_by_default",
    "Van deze persoon is geen lopende BIG-inschrijving bekend: in beginsel geen medische gegevens.",
    "Kijk in het BIG-register en leg vast wat u vond. Wel mogelijkheden, beperkingen en afspraken: na vrijgave, en "
    "met toestemming van de werknemer.",
)


def exchange_with(profession: Profession, big: State) -> Exchange:
    """Say the same of one person: the profession alone is never enough, his own entry in the register counts."""
    found = exchange(profession)
    if found is NOT_BY_DEFAULT:
        return found
    return {"ok": PERSON_CHECKED, "wacht": CHECK_FIRST}.get(big.tone, NOT_CHECKED)


def routes(profession: Profession, *, asked_by: str) -> list[str]:
    """Name the ways to reach somebody of this profession; ZorgDomein serves between physicians and the bedrijfsarts."""
    either = profession.key == OfColleague.BEDRIJFSARTS or asked_by == Role.BEDRIJFSARTS
    return [BY_EMPLOYEE, *([BY_ZORGDOMEIN] if profession.zorgdomein and either else [])]


def standing(row: ExternalRegistration, today: date) -> State:
    """Say what is known of one registration, today."""
    if row.result in (CheckResult.ENDED, CheckResult.NOT_FOUND):
        return State("fout", row.get_result_display().capitalize())
    if row.ends_on is not None and row.ends_on <= today:
        return State("fout", f"Geëindigd op {show_day(row.ends_on)}")
    if row.recheck_on <= today:
        return State("wacht", "Opnieuw nakijken")
    if row.result == CheckResult.RESTRICTED:
        return State("wacht", "Met een beperking of maatregel")
    return State("ok", "Ingeschreven")


def big_of(rows: Iterable[ExternalRegistration], today: date) -> State:
    """Say whether this person, whatever his profession, was found in the BIG-register; the best entry counts."""
    found = [(row, standing(row, today)) for row in rows if row.register.startswith("big_")]
    for tone, said in (("ok", "BIG nagekeken op {}"), ("wacht", "BIG: {}"), ("fout", "BIG: {}")):
        for row, state in found:
            if state.tone == tone:
                what = show_day(row.checked_on) if tone == "ok" else state.label[0].lower() + state.label[1:]
                return State(tone, said.format(what))
    return State("neutraal", "Niet als BIG-geregistreerd bekend")


def runs(row: Registration, today: date) -> bool:
    return row.starts_on <= today and (row.ends_on is None or row.ends_on > today)
