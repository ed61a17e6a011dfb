"""The words of every answer that is no guard: code → what, what you can do, source. Braces are facts of the case."""

from __future__ import annotations

RULINGS = {
    "not_own_review": (
        "Niemand beoordeelt het eigen werk.",
        "De supervisor op dit dossier doet dat, of wie voor hem waarneemt.",
        "Wie doet wat §3.2",
    ),
    "already_reviewed": ("Dit is al beoordeeld.", "U hoeft niets meer te doen.", ""),
    "no_cell": (
        "Dit hoort niet bij uw rol.",
        "Hebt u dit voor uw werk nodig, overleg dan met de bedrijfsarts of uw praktijk.",
        "Leidraad casemanagement §3.1",
    ),
    "no_medical": (
        "Dit hoort bij het medisch dossier. Met uw taak leest, vraagt en noteert u geen medische gegevens.",
        "Stel de bedrijfsarts een vraag over taken en mogelijkheden.",
        "Leidraad casemanagement, schema A-II en B-II, §3.4",
    ),
    "no_grant": (
        "Deze pagina is er niet, of niet voor u.",
        "Zoek op achternaam of geboortedatum, of vraag uw praktijk.",
        "",
    ),
    "no_capacity": (
        "In deze hoedanigheid kunt u hier (nog) niet werken.",
        "Kies een andere hoedanigheid, of vraag uw praktijk.",
        "",
    ),
    "capacity_ended": (
        "Uw hoedanigheid is geëindigd of geschorst. Er is niets getoond en niets vastgelegd.",
        "Kies een hoedanigheid; klopt dit niet, vraag uw praktijk.",
        "",
    ),
    "other_purpose": (
        "U werkt aan dit dossier voor een ander doel.",
        "Een bedrijfsarts die de werknemer voor dit doel begeleidt, kan u toevoegen.",
        "Leidraad casemanagement §3.1",
    ),
    "not_shared": (
        "In het dossier van de bedrijfsarts leest u alleen wat met u is gedeeld.",
        "Mist u iets voor uw taak? Vraag het via overleg.",
        "Leidraad casemanagement bijlage 4, voetnoot 36; BW 7:457 lid 2",
    ),
    "task_not_in_contract": (
        "Deze taak staat niet in uw overeenkomst met de bedrijfsarts.",
        "Vraag de bedrijfsarts of u deze taak kunt krijgen.",
        "Leidraad casemanagement bijlage 4",
    ),
    "own_incompetent": (
        "U hebt aangegeven dat u zich hiervoor niet bekwaam acht. Dan bent u niet bevoegd.",
        "Overleg met de bedrijfsarts.",
        "Leidraad casemanagement bijlage 5",
    ),
    "own_declaration": (
        "U hebt voor deze taak nog niet verklaard of u zich bekwaam acht.",
        "Geef dat aan in uw overeenkomst; daarna kunt u verder.",
        "Leidraad casemanagement bijlage 5",
    ),
    "competence": (
        "Uw bekwaamheid voor deze taak is nog niet vastgesteld, of toe aan herbeoordeling.",
        "De bedrijfsarts kan dit doen onder Bekwaamheid.",
        "Leidraad casemanagement bijlage 5, bekwaamheid; Wet BIG art. 38",
    ),
    "protocol_read": (
        "Van het protocol is een nieuwe versie van kracht.",
        "Lees die en bevestig; daarna kunt u verder.",
        "Leidraad casemanagement bijlage 5, opdracht",
    ),
    "reserved_without_big": (
        "Dit is een voorbehouden handeling. Uw inschrijving die haar draagt, is geëindigd of ontbreekt.",
        "Klopt dat niet, laat de praktijk het register opnieuw raadplegen; anders doet een ander deze handeling.",
        "Leidraad casemanagement bijlage 5, voetnoot 37; Wet BIG art. 38",
    ),
    "no_justification": (
        "Zonder BIG-inschrijving vraagt deze taak een onderbouwing, en die staat niet in uw overeenkomst.",
        "Vraag de bedrijfsarts om een overeenkomst waarin die onderbouwing staat.",
        "Leidraad casemanagement bijlage 4",
    ),
    "not_own": (
        "Hier leest u alleen wat u zelf hebt vastgelegd.",
        "Hebt u meer nodig voor uw taak, overleg dan met de bedrijfsarts.",
        "Leidraad casemanagement §3.1",
    ),
    "not_consent": (
        "Hiervoor is toestemming van de werknemer nodig die precies dit onderdeel noemt.",
        "Vraag de werknemer om toestemming en leg die vast; daarna kunt u verder.",
        "BW 7:457; AVG art. 9",
    ),
    "code_1": (
        "Deze taak kan een bedrijfsarts niet delegeren, ook niet in een overeenkomst.",
        "Een arts onder supervisie kan deze taak wel doen.",
        "Leidraad casemanagement bijlage 4, voetnoot 33",
    ),
    "happened_before_right": (
        "Op het moment dat u invult mocht u dit nog niet vastleggen, of het ligt in de toekomst.",
        "Controleer datum en tijd. Klopt het moment, overleg dan met de bedrijfsarts hoe u dit gesprek vastlegt.",
        "Leidraad casemanagement §3.4 A-I",
    ),
    "key_gone": (
        "De inhoud hiervan is vernietigd, of kan nu niet worden geopend.",
        "Is de inhoud niet vernietigd, probeer het dan straks opnieuw of bel de praktijk.",
        "BW 7:455",
    ),
    "only_physician_signs": (
        "Alleen de bedrijfsarts zelf kan delegeren.",
        "U kunt het concept klaarzetten.",
        "Leidraad casemanagement bijlage 5, opdracht",
    ),
    "unknown_role": ("Dit hoort niet bij uw rol.", "Vraag uw praktijk.", ""),
}
