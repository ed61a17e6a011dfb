"""What a condition that does not hold means for a colleague: what is missing, and who can mend it.

The guards speak to whoever is refused ("uw verklaring"); here somebody else reads it, so it is said of him.
"""

from __future__ import annotations

from directory.access.words import words_of

THE_PRACTICE = "De praktijk"
THE_PHYSICIAN = "De bedrijfsarts"

MISSING: dict[str, tuple[str, str]] = {
    "no_capacity": ("De werkrelatie met de praktijk loopt nu niet.", THE_PRACTICE),
    "suspended": ("De bedrijfsarts heeft dit geschorst.", THE_PHYSICIAN),
    "two_hats": (
        "Werkt voor deze werknemer ook voor de andere kant, en er is niet vastgelegd dat dit gescheiden kan.",
        THE_PHYSICIAN,
    ),
    "registration_big": ("De inschrijving in het BIG-register is geëindigd.", THE_PRACTICE),
    "registration_specialist": ("De inschrijving in het specialistenregister is geëindigd.", THE_PRACTICE),
    "role_division": (
        "Er is nog een bedrijfsarts, en de verdeling is niet vastgelegd en aan de werknemer verteld.",
        "De bedrijfsartsen samen",
    ),
    "deputy_not_told": ("De werknemer weet nog niet dat deze arts waarneemt.", "De waarnemer"),
    "other_engagement": ("Voor deze rol is deze collega in de praktijk niet aangesteld.", THE_PRACTICE),
    "replaced_not_on_dossier": ("De vervangen bedrijfsarts begeleidt dit dossier niet.", THE_PHYSICIAN),
    "supervisor_not_on_dossier": ("De supervisor begeleidt dit dossier niet.", THE_PHYSICIAN),
    "supervision_not_told": ("De werknemer weet nog niet van de supervisie.", "De arts onder supervisie"),
    "contract_not_accepted": ("De overeenkomst is nog niet aanvaard.", "De gedelegeerde"),
    "delegator_not_on_dossier": (
        "De bedrijfsarts die delegeerde, begeleidt dit dossier niet.",
        THE_PHYSICIAN,
    ),
    "secrecy": ("De verklaring van het afgeleid beroepsgeheim is niet getekend.", "De betrokkene zelf"),
    "notice": (
        "De werknemer is nog niet geïnformeerd over deze gedelegeerde.",
        "De gedelegeerde of de bedrijfsarts",
    ),
    "supervision_cover": ("De bedrijfsarts is afwezig en er is geen waarnemer.", THE_PRACTICE),
    "taken_over": ("De bedrijfsarts heeft deze zaak overgenomen.", THE_PHYSICIAN),
    "on_request": ("Er ligt geen verzoek van de bedrijfsarts om iets vast te leggen.", THE_PHYSICIAN),
    "team_physician": ("De bedrijfsarts van dit team begeleidt dit dossier niet.", THE_PHYSICIAN),
    "signal_secrecy": ("De geheimhouding voor de signaleringstaak is niet getekend.", "De betrokkene zelf"),
    "assignment": ("Er is geen schriftelijke opdracht met taken en faciliteiten.", "De opdrachtgever"),
    "employer_secrecy": ("De verklaring van geheimhouding is niet getekend.", "De betrokkene zelf"),
    "employment_ended": ("Het dienstverband van de werknemer is geëindigd.", ""),
    "employee_not_informed": ("De werknemer weet nog niet van deze begeleiding.", "De werkgever"),
    "no_open_request": ("Er is geen open verzoek waarvoor het dossier open mag.", THE_PRACTICE),
    "second_opinion_consent": ("De werknemer heeft geen toestemming gegeven.", "De werknemer"),
}


def missing(code: str) -> tuple[str, str]:
    """Say what is missing and who mends it. A code without words here speaks as its guard does."""
    if code in MISSING:
        return MISSING[code]
    return words_of(code).what, ""
