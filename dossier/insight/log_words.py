"""The access log in plain Dutch: what was done, to which part, with which outcome. It holds no content."""

from __future__ import annotations

from collections.abc import Iterable

from directory.access.grid import the_grid

from .words import missing

# Kinds of rows that can be asked for by name in the address, with what they say.
KINDS = {
    "open": "Dossier geopend",
    "list": "Naam gezien in een overzicht",
    "search": "Gevonden bij zoeken",
    "found": "Dossier aangemaakt of opgezocht",
    "sign": "Ondertekend",
    "write": "Vastgelegd",
    "amend": "Nieuwe versie gemaakt",
    "remark": "Opmerking geplaatst",
    "take_over": "Bewaarde tekst overgenomen",
    "share": "Gedeeld binnen het team",
    "unshare": "Delen beëindigd",
    "review": "Beoordeeld onder supervisie",
    "release": "Vrijgegeven",
    "dispatch": "Verzonden",
    "print": "Afgedrukt",
    "export": "Afschrift gemaakt",
    "history": "Eerdere versies bekeken",
    "move": "Verplaatst naar een ander dossier",
    "destroy": "Bewaarde tekst of stuk vernietigd",
    "plan": "Afspraak gepland of gewijzigd",
    "switch": "Van hoedanigheid gewisseld",
    "explain": "Uitleg over toegang gevraagd",
    "log_review": "Logcontrole bekeken",
    "log_decide": "Signaal beoordeeld",
    "log_sample": "Steekproef getrokken",
    "log_setting": "Getal van de logcontrole gewijzigd",
    "request": "Verzoek van de werknemer vastgelegd",
    "answered": "Verzoek van de werknemer beantwoord",
    "refused": "Vastleggen geweigerd",
    "error": "Fout, er is niets getoond",
}
OTHER = "Andere handeling"
# What a page was opened for, when it was not for the dossier itself.
PURPOSES = {
    "team": "Teamoverzicht bekeken",
    "who_may": "Bekeken wie het dossier mag zien",
    "who_did": "Dit inzageoverzicht bekeken",
    "kennisgeving": "Kennisgevingen geopend",
    "agenda": "Afspraken bekeken",
    "overview": "Overzicht van inzage gemaakt",
    "log_request": "Verzoek van de werknemer bekeken",
}
REFUSED = {
    "no_grant": "werkte niet aan dit dossier",
    "no_cell": "dit hoort niet bij de rol",
    "no_medical": "dit hoort bij het medisch dossier",
    "other_purpose": "werkte hier voor een ander doel",
    "not_shared": "dit was niet gedeeld",
}
SEEN = ("read", "find", "index", "status")
PANELS = {"medical": "Medisch dossier", "signal": "Medisch dossier", "process": "Procesdossier"}
MANY = 4


def what(kind: str, outcome: str, purpose: str) -> str:
    """Say what was done."""
    if kind == "open":
        if outcome != "ok":
            return "Openen geweigerd"
        return PURPOSES.get(purpose, KINDS["open"])
    return KINDS.get(kind, OTHER)


def why_not(code: str | None) -> str:
    """Say why something was refused; nothing for what succeeded, or for an error, which has only a number."""
    if not code or code.isdecimal():
        return ""
    return REFUSED.get(code) or missing(code)[0]


def parts(asks: Iterable[str], *, opening: bool, medical: bool) -> str:
    """Say which parts were opened, or acted on: by name, or by panel where it was nearly all of it.

    To whoever is not on the medical side no medical part is named: that one was opened can be the medical fact.
    """
    grid = the_grid()
    seen: dict[str, list[str]] = {}
    for ask in asks:
        section, _, verb = ask.partition(".")
        if section == "medical" and (verb in SEEN or not opening):  # the database left out which part
            seen.setdefault(PANELS["medical"], [])
        elif (verb in SEEN or not opening) and (found := grid.sections.get(section)) and found.side in PANELS:
            labels = seen.setdefault(PANELS[found.side], [])
            if found.label not in labels:
                labels.append(found.label)
    said = []
    for panel, labels in seen.items():
        if 0 < len(labels) <= MANY and (medical or panel == PANELS["process"]):
            said += labels
        else:
            said.append(panel)
    return ", ".join(said)


def role_label(role: str) -> str:
    found = the_grid().roles.get(role)
    return found.label if found else role
