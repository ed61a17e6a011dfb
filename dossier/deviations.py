"""What in the access log deviates from the ground somebody had: each signal with its words, its source and its numbers.

The numbers are settings of the practice: no norm gives them, so each says why its default is what it is. The conditions
stand beside the words, as SQL over what `dossier/models/review.sql` gathers, and are compiled into one function.
Volume alone is no signal: whoever stands in on a Monday opens many dossiers, and each of them has a case that runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from directory.access.compile import literal

LAW = "NEN 7513, hst 5 en 9; AVG art. 5 lid 2 en 32"
OWN_NUMBER = "eigen keuze van deze software; geen norm noemt een getal"


@dataclass(frozen=True)
class Setting:
    """A number the practice may set: its default, its bounds, and why."""

    code: str
    label: str
    unit: str
    default: int
    least: int
    most: int
    why: str
    source: str = OWN_NUMBER


@dataclass(frozen=True)
class Signal:
    """One way to deviate. `sql` selects key, actor, role, dossier, moments, hidden and reach.

    The key is what the facts are: a signal that was decided comes back only when its key is another one.
    """

    code: str
    label: str
    explains: str
    source: str
    sql: str
    settings: tuple[Setting, ...] = ()


OWN_DAYS = Setting(
    "own_days",
    "Eigen vastlegging, zoveel dagen ervoor of erna",
    "dagen",
    30,
    1,
    180,
    "Wie iets vastlegt, leest ervoor en erna. Een maand dekt een vervolgconsult na drie of vier weken.",
)
CONTACT_DAYS = Setting(
    "contact_days",
    "Iets in het dossier gebeurd, of ziek gemeld of hersteld, zoveel dagen ervoor of erna",
    "dagen",
    14,
    1,
    90,
    "Rond een afspraak of ziekmelding kijken meer mensen mee. Twee weken dekt voorbereiding en nazorg.",
)
MANY_LEAST = Setting(
    "many_least",
    "Vanaf zoveel dossiers in één uur",
    "dossiers",
    15,
    3,
    200,
    "Een vol spreekuur is vier tot zes dossiers; vijftien in een uur is bladeren of voorbereiden.",
)
MANY_TIMES = Setting(
    "many_times",
    "En zoveel keer het gewone aantal van deze persoon",
    "keer",
    3,
    2,
    20,
    "Vergeleken met het gewone uur van dezelfde persoon in de acht weken ervoor, niet met een ander.",
)
MANY_SHARE = Setting(
    "many_share",
    "En zoveel procent zonder aanleiding",
    "procent",
    50,
    10,
    100,
    "Wie waarneemt, opent veel dossiers waarin iets loopt. Het aantal alleen is geen signaal.",
)
REFUSALS = Setting(
    "refusals",
    "Vanaf zoveel weigeringen op één dag in één dossier",
    "keer",
    3,
    2,
    20,
    "Eén weigering is een vergissing, twee een tweede poging; drie vraagt om een gesprek.",
)
SAMPLE_SIZE = Setting(
    "sample_size",
    "Omvang van de steekproef per maand",
    "inzagen",
    20,
    5,
    200,
    "Te beoordelen in een uur. Eén enkele steekproef is te weinig gebleken; elke maand een vaste is systematisch.",
    "AP, HagaZiekenhuis (2019); het getal is een keuze",
)

WHO_LOOKED = "array_agg(k.role ORDER BY k.at DESC)"
BY_DAY = "concat_ws('|', k.actor, k.dossier, k.day)"
PAIR = "concat_ws('|', n.actor, n.dossier), n.actor, n.role, n.dossier, n.moments, n.hidden, 1"
# Refused because he does not work there, or not there for this.
BEYOND = "'no_grant', 'other_purpose', 'no_medical'"
ENDED = (
    "EXISTS (SELECT 1 FROM dossier_dossiergrant g JOIN access_ground gr ON gr.id = g.ground_id "
    "WHERE g.content_object_id = k.dossier AND g.user_id = k.actor AND gr.ends_at <= k.at)"
)

SIGNALS = (
    Signal(
        "own_name",
        "Zelfde achternaam",
        "Wie keek, heet net zo als de werknemer. Dat kan toeval zijn, of familie.",
        LAW,
        f"SELECT {PAIR} FROM named n WHERE n.reader_names && n.employee_names",
    ),
    Signal(
        "own_address",
        "Zelfde adres",
        "Wie keek, staat zelf als werknemer in de praktijk, op hetzelfde adres als deze werknemer.",
        LAW,
        f"SELECT {PAIR} FROM named n WHERE n.address <> '' AND EXISTS (SELECT 1 FROM readers r "
        "WHERE r.user_id = n.actor AND r.address = n.address)",
    ),
    Signal(
        "colleague",
        "Dossier van een collega",
        "De werknemer werkt of werkte in deze praktijk, of is degene die keek zelf.",
        LAW,
        f"SELECT {PAIR} FROM named n WHERE EXISTS (SELECT 1 FROM colleagues c "
        "WHERE c.name IN (n.full_name, n.short_name) OR c.email = n.email)",
    ),
    Signal(
        "outside_scope",
        "Buiten de eigen opdracht",
        "Probeerde een dossier of onderdeel te openen waarvoor geen opdracht, contract of waarneming geldt. "
        "Het is geweigerd.",
        "Leidraad casemanagement §3.1; BW 7:457",
        f"SELECT {BY_DAY}, k.actor, ({WHO_LOOKED})[1], k.dossier, array_agg(k.at ORDER BY k.at), bool_or(k.hidden), 1 "
        f"FROM looks k WHERE k.outcome = 'refused' AND k.code IN ({BEYOND}) AND NOT {ENDED} "
        "GROUP BY k.actor, k.dossier, k.day",
    ),
    Signal(
        "after_end",
        "Na het einde van de opdracht",
        "Probeerde nog een dossier te openen nadat de opdracht, het contract of de waarneming was geëindigd, of keek "
        "op een reden die op dat moment al was geëindigd.",
        "Leidraad casemanagement bijlage 4, voetnoot 36; bijlage 5",
        f"SELECT {BY_DAY}, k.actor, ({WHO_LOOKED})[1], k.dossier, array_agg(k.at ORDER BY k.at), bool_or(k.hidden), 1 "
        f"FROM looks k WHERE k.outcome = 'refused' AND k.code IN ({BEYOND}) AND {ENDED} "
        "OR k.outcome = 'ok' AND k.ground_ended <= k.at GROUP BY k.actor, k.dossier, k.day",
    ),
    Signal(
        "nothing_near",
        "Zonder zichtbare aanleiding",
        "In de dagen eromheen is er geen eigen vastlegging, gebeurde er niets anders in het dossier, is het dossier "
        "niet aangemaakt en liep er geen ziekmelding.",
        LAW,
        f"SELECT {BY_DAY}, k.actor, k.role, k.dossier, k.moments, k.hidden, 1 FROM lone k",
        (OWN_DAYS, CONTACT_DAYS),
    ),
    Signal(
        "many",
        "Veel dossiers in korte tijd",
        "Opende in één uur veel meer dossiers dan gewoonlijk, en in een groot deel ervan was geen aanleiding te zien.",
        LAW,
        "SELECT concat_ws('|', b.actor, b.hour, b.reach), b.actor, b.role, NULL::uuid, b.moments, false, b.reach "
        "FROM busy b WHERE b.reach > b.usual * review_number(p, 'many_times') "
        "AND b.without * 100 >= b.reach * review_number(p, 'many_share')",
        (MANY_LEAST, MANY_TIMES, MANY_SHARE),
    ),
    Signal(
        "own_hand",
        "Doel op eigen hand geopend",
        "Een bedrijfsarts legde zelf vast dat een werknemer uit eigen beweging kwam, en opende daarmee een doel. "
        "Dat mag; het wordt altijd nagezien.",
        "Leidraad casemanagement §3.1",
        "SELECT gr.id::text, h.user_id, gr.role::text, g.content_object_id, ARRAY[gr.recorded_at], true, 1 "
        "FROM access_ground gr JOIN people_engagement h ON h.id = gr.holder_id LEFT JOIN LATERAL (SELECT "
        "y.content_object_id FROM dossier_dossiergrant y WHERE y.ground_id = gr.id ORDER BY y.id LIMIT 1) g ON true "
        "WHERE gr.practice_id = p AND gr.kind = 'self_referral' "
        "AND gr.recorded_at >= from_at AND gr.recorded_at < to_at",
    ),
    Signal(
        "refusals",
        "Herhaald geweigerd",
        "Is op één dag in hetzelfde dossier meerdere keren geweigerd.",
        "Leidraad casemanagement §3.1; NEN 7513",
        "SELECT concat_ws('|', k.actor, k.dossier, k.day, count(*)), k.actor, "
        f"({WHO_LOOKED})[1], k.dossier, array_agg(k.at ORDER BY k.at), bool_or(k.hidden), 1 FROM looks k "
        "WHERE k.outcome = 'refused' GROUP BY k.actor, k.dossier, k.day "
        "HAVING count(*) >= review_number(p, 'refusals')",
        (REFUSALS,),
    ),
)
SAMPLE = "sample"
SAMPLE_LABEL = "Steekproef"
SAMPLE_EXPLAINS = "Een gewone inzage, door het lot gekozen. Kijk of te begrijpen is waarom is gekeken."

BY_CODE = {signal.code: signal for signal in SIGNALS}
SETTINGS = {s.code: s for s in (*(s for signal in SIGNALS for s in signal.settings), SAMPLE_SIZE)}


def union() -> str:
    """Write all signals as one statement's end: each with its code in front."""
    columns = "z(key, actor, role, dossier, moments, hidden, reach)"
    return "\n  UNION ALL ".join(
        f"SELECT {literal(signal.code)}, z.* FROM ({signal.sql}) AS {columns}" for signal in SIGNALS
    )


def defaults() -> str:
    """Write the defaults of the settings, as the cases of a CASE."""
    return " ".join(f"WHEN {literal(s.code)} THEN {s.default}" for s in SETTINGS.values())
