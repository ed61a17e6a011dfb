"""The words of the refusals of this app: code → what, what you can do, source."""

LEIDRAAD = "Leidraad casemanagement (2019)"

RULINGS: dict[str, tuple[str, str, str]] = {
    "only_physician_signs": (
        "Alleen de bedrijfsarts zelf kan delegeren.",
        "U kunt het concept klaarzetten; de bedrijfsarts tekent.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "only_physician_concludes": (
        "Alleen de bedrijfsarts zelf kan over bekwaamheid oordelen.",
        "Vraag de bedrijfsarts die delegeert om dit vast te leggen of in te trekken.",
        f"{LEIDRAAD}, bijlage 4 en 5",
    ),
    "own_declaration_only": (
        "Een eigen verklaring legt ieder zelf vast.",
        "Vraag de persoon om wie het gaat.",
        f"{LEIDRAAD}, bijlage 5, bekwaamheid",
    ),
    "who_drafts_contracts": (
        "Een concept zetten de bedrijfsarts, een arts onder supervisie of de beheerder klaar.",
        "Vraag een van hen; wie taken krijgt kan ze niet doorgeven.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "only_delegate_accepts": (
        "Alleen de gedelegeerde zelf kan aanvaarden en zich bekwaam achten.",
        "Vraag de gedelegeerde om de overeenkomst te openen.",
        f"{LEIDRAAD}, bijlage 5, bekwaamheid",
    ),
    "signed_never_changes": (
        "Een ondertekende overeenkomst verandert niet meer.",
        "Maak een nieuw concept; na ondertekening kunt u de vorige intrekken.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "already_signed": ("Deze overeenkomst is al ondertekend.", "U hoeft niets meer te doen.", ""),
    "already_accepted": ("Dit is al aanvaard.", "U hoeft niets meer te doen.", ""),
    "physician_signs_first": (
        "De bedrijfsarts heeft deze overeenkomst nog niet ondertekend.",
        "Zodra dat is gebeurd kunt u verder.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "already_suspended": (
        "Deze overeenkomst is al geschorst.",
        "U kunt de schorsing opheffen of de overeenkomst intrekken.",
        f"{LEIDRAAD}, §2.3.1",
    ),
    "already_ended": (
        "Dit is al geëindigd en verandert niet meer.",
        "Maak zo nodig een nieuwe overeenkomst, aanwijzing of opdracht.",
        "",
    ),
    "only_physician_suspends": (
        "Schorsen en hervatten doet de bedrijfsarts die delegeert, of zijn waarnemer.",
        "Overleg met de bedrijfsarts.",
        f"{LEIDRAAD}, §2.3.1",
    ),
    "only_physician_ends": (
        "Intrekken doet de bedrijfsarts die delegeert.",
        "Is die er niet, dan kan de waarnemer schorsen.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "who_publishes_protocols": (
        "Een protocol wordt vastgesteld door een bedrijfsarts of de praktijkbeheerder.",
        "Geef uw voorstel aan een van hen.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "who_appoints_deputies": (
        "Een waarnemer wordt aangewezen door de bedrijfsarts zelf of door de praktijkbeheerder; wie in zijn "
        "waarneemregeling staat, laat de waarneming zelf ingaan.",
        "Vraag een van hen.",
        f"{LEIDRAAD}, §3.1",
    ),
    "who_activates_deputising": (
        "Een waarneming laten ingaan doet de bedrijfsarts die wordt vervangen, de praktijkbeheerder, of wie in de "
        "waarneemregeling van die bedrijfsarts staat.",
        "Vraag een van hen.",
        f"{LEIDRAAD}, §3.1",
    ),
    "only_physician_signs_standing": (
        "Een waarneemregeling ondertekent de bedrijfsarts zelf, voor de eigen dossiers.",
        "Vraag de bedrijfsarts om wie het gaat.",
        f"{LEIDRAAD}, §3.1",
    ),
    "who_ends_standing": (
        "Uit een waarneemregeling haalt iemand de bedrijfsarts die haar tekende, of de waarnemer zelf.",
        "Vraag een van hen.",
        f"{LEIDRAAD}, §3.1",
    ),
    "standing_ended": (
        "Dit onderdeel van de waarneemregeling is al beëindigd.",
        "U hoeft niets meer te doen.",
        "",
    ),
    "only_physicians_stand_in": (
        "Waarnemen doet een bedrijfsarts voor een bedrijfsarts.",
        "Wie er nu waarneemt, staat onder Waarneming en afwezigheid.",
        f"{LEIDRAAD}, §3.1",
    ),
    "deputising_already_active": (
        "Deze waarneming is al ingegaan.",
        "Wijs voor een volgende periode opnieuw een waarnemer aan.",
        f"{LEIDRAAD}, §3.1",
    ),
    "deputising_not_active": ("Deze waarneming is nog niet ingegaan.", "Er valt niets te beëindigen.", ""),
    "who_records_absence": (
        "Afwezigheid wordt vastgelegd door de bedrijfsarts zelf of door de praktijkbeheerder.",
        "Vraag een van hen.",
        f"{LEIDRAAD}, bijlage 5, toezicht",
    ),
    "only_physician_supervises": (
        "Supervisie geeft en beëindigt de bedrijfsarts zelf.",
        "Vraag de bedrijfsarts die supervisor is of wordt.",
        "Wie doet wat §3.2",
    ),
    "only_physician_takes_over": (
        "Een geval overnemen of teruggeven doet de bedrijfsarts die delegeert.",
        "Overleg met de bedrijfsarts.",
        f"{LEIDRAAD}, bijlage 5, opdracht",
    ),
    "who_assigns": (
        "Een opdracht wordt vastgelegd door een bedrijfsarts of de praktijkbeheerder.",
        "Vraag een van hen.",
        f"{LEIDRAAD}, §1.2",
    ),
    "who_accepts_assignment": (
        "Deze opdracht telt pas als de verantwoordelijke haar zelf aanvaardt.",
        "Vraag de bedrijfsarts om wie het gaat; voor de werkgeverszijde de praktijkbeheerder.",
        f"{LEIDRAAD}, §1.2",
    ),
    "who_ends_assignment": (
        "Deze opdracht beëindigt wie haar kon aanvaarden.",
        "Vraag de bedrijfsarts om wie het gaat; voor de werkgeverszijde de praktijkbeheerder.",
        f"{LEIDRAAD}, §1.2",
    ),
    "not_accepted": ("Deze opdracht is nog niet aanvaard.", "Er valt niets te beëindigen.", ""),
    "only_physician_separates": (
        "Of twee taken gescheiden kunnen blijven, besluit een bedrijfsarts.",
        "Leg het aan de bedrijfsarts voor; tot dat besluit gaat geen van beide taken door.",
        f"{LEIDRAAD}, §1.2",
    ),
}
