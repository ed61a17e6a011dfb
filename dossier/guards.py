"""The guards: what must hold at this moment, per role, as data with its four parts.

Each guard is SQL over `g` (grant), `gr` (ground), `x` (dossier), `c` (who asks) and `at` (the moment). For writing it
is asked twice: now, and at the moment the fact happened. Nothing here runs on a clock of its own: a right ends because
the condition no longer holds.
"""

from __future__ import annotations

from delegation.checks import RESERVED_ACT_REGISTERS
from directory.access.grid import Guard
from directory.people.models import Registration

DAY = "(at AT TIME ZONE 'Europe/Amsterdam')::date"


def _period(row: str) -> str:
    return f"{row}.starts_at <= at AND ({row}.ends_at IS NULL OR {row}.ends_at > at)"


def _registered(user: str, register: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM people_registration r JOIN people_professional p ON p.id = r.professional_id "
        f"WHERE p.user_id = {user} AND r.register = '{register}' AND r.starts_on <= {DAY} "
        f"AND (r.ends_on IS NULL OR r.ends_on > {DAY}))"
    )


def _secrecy(kind: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM people_secrecydeclaration s WHERE s.user_id = c.user_id "
        f"AND s.practice_id = gr.practice_id AND s.kind = '{kind}' AND s.signed_at <= at "
        "AND (s.ends_at IS NULL OR s.ends_at > at))"
    )


# The responsible physician of a ground: the delegating, replaced or supervising bedrijfsarts, or whose team it is.
PHYSICIAN = "(SELECT n.user_id FROM people_engagement n WHERE n.id = gr.responsible_id)"
PHYSICIAN_STANDS = (
    f"access_engaged(gr.responsible_id, at) AND {_registered(PHYSICIAN, 'big_arts')} "
    f"AND {_registered(PHYSICIAN, 'specialist_bedrijfsarts')}"
)
PHYSICIAN_ON_DOSSIER = (
    "EXISTS (SELECT 1 FROM dossier_dossiergrant b JOIN access_ground bg ON bg.id = b.ground_id "
    "WHERE b.content_object_id = x.id AND b.role = 'bedrijfsarts' AND bg.holder_id = gr.responsible_id "
    f"AND {_period('bg')})"
)
DEPUTY = "(SELECT n.user_id FROM people_engagement n WHERE n.id = dg.holder_id)"
DEPUTISED = (
    "EXISTS (SELECT 1 FROM access_ground dg WHERE dg.kind = 'deputising' AND dg.responsible_id = gr.responsible_id "
    f"AND {_period('dg')} AND access_engaged(dg.holder_id, at) AND {_registered(DEPUTY, 'big_arts')} "
    f"AND {_registered(DEPUTY, 'specialist_bedrijfsarts')})"
)
PRESENT = (
    "NOT EXISTS (SELECT 1 FROM delegation_absence a WHERE a.physician_id = gr.responsible_id "
    f"AND {_period('a')}) OR {DEPUTISED}"
)
EMPLOYER_SIDE = "'casemanager', 'overig_b'"


def _told(
    kind: str, *, about: str = "n.about_id = c.user_id", responsible: str = f"n.responsible_id = {PHYSICIAN}"
) -> str:
    return (
        f"EXISTS (SELECT 1 FROM consent_notice n WHERE n.relation_id = x.relation_id AND n.kind = '{kind}' "
        f"AND n.given_at <= at AND {about} AND {responsible})"
    )


# --- of every role --------------------------------------------------------------------------------------------

NOT_SUSPENDED = Guard(
    code="suspended",
    sql=f"NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = gr.id AND {_period('s')})",
    missing="De bedrijfsarts heeft dit geschorst. Wat u typte is bewaard en niet vastgelegd.",
    mender="Bel de bedrijfsarts; alleen die kan de schorsing opheffen.",
    source="Leidraad casemanagement §2.3.1",
    per_ground=True,
)
TWO_HATS = Guard(
    code="two_hats",
    sql=(
        "NOT EXISTS (SELECT 1 FROM dossier_dossier x2 JOIN dossier_dossiergrant g2 ON g2.content_object_id = x2.id "
        "JOIN access_ground gr2 ON gr2.id = g2.ground_id WHERE x2.person_id = x.person_id AND g2.user_id = c.user_id "
        f"AND (g2.role IN ({EMPLOYER_SIDE})) <> (g.role IN ({EMPLOYER_SIDE})) AND {_period('gr2')}) "
        "OR EXISTS (SELECT 1 FROM delegation_separationdecision z WHERE z.user_id = c.user_id "
        f"AND z.person_id = x.person_id AND z.separable AND {_period('z')})"
    ),
    missing="U werkt voor deze werknemer al voor de andere kant (bedrijfsarts of werkgever).",
    mender="De bedrijfsarts legt eerst vast of beide taken gescheiden kunnen en hoe; anders moet er één vervallen.",
    source="Leidraad casemanagement §1.2",
)


def _engaged(*roles: str) -> Guard:
    names = ", ".join(f"'{role}'" for role in roles)
    return Guard(
        code="other_engagement",
        sql=f"c.role IN ({names})",
        missing="U bent in deze praktijk niet aangesteld voor deze rol.",
        mender="De praktijk kan u daarvoor aanstellen; een bedrijfsarts bevestigt dat.",
        source="Leidraad casemanagement §3.1",
        per_ground=True,
    )


# What a ground makes of somebody is never more than what he is engaged for: an appointment takes a second person to
# accept it, a ground is laid by one.
ENGAGED_AS_PHYSICIAN = _engaged("bedrijfsarts")
ENGAGED_AS_SUPERVISED = _engaged("arts_onder_supervisie")
ENGAGED_AS_SECOND = _engaged("bedrijfsarts", "second_opinionarts")
ENGAGED_AS_KEEPER = _engaged("bedrijfsarts", "dossierbewaarder")

# --- physicians -----------------------------------------------------------------------------------------------

BIG = Guard(
    code="registration_big",
    sql=_registered("c.user_id", "big_arts"),
    missing="Uw inschrijving als arts in het BIG-register is volgens ons geëindigd.",
    mender="Klopt dat niet, laat de praktijk het register opnieuw raadplegen; dat duurt een minuut.",
    source="Wie doet wat §3.1; Wet BIG art. 3",
    per_ground=True,
)
SPECIALIST = Guard(
    code="registration_specialist",
    sql=_registered("c.user_id", "specialist_bedrijfsarts"),
    missing="Uw inschrijving in het specialistenregister is volgens ons geëindigd.",
    mender="Klopt dat niet, laat de praktijk het register opnieuw raadplegen; dat duurt een minuut.",
    source="Wie doet wat §3.1; Wet BIG art. 14",
    per_ground=True,
)
# Who came first is when somebody reached this dossier. The begin of a ground is written by who lays it, and may lie in
# the past; the moments of its grant and of its recording are the database's own.
_CAME = "(greatest({ground}.starts_at, {grant}.given_at), {ground}.recorded_at)"
CAME_BEFORE = f"{_CAME.format(ground='bg', grant='b')} < {_CAME.format(ground='gr', grant='g')}"
ROLE_DIVISION = Guard(
    code="role_division",
    sql=(
        "NOT EXISTS (SELECT 1 FROM dossier_dossiergrant b "
        "JOIN access_ground bg ON bg.id = b.ground_id WHERE b.content_object_id = x.id AND b.role = 'bedrijfsarts' "
        f"AND bg.holder_id <> gr.holder_id AND {CAME_BEFORE} AND {_period('bg')}) "
        "OR EXISTS (SELECT 1 FROM delegation_assignment a WHERE a.ground_id = gr.id AND a.role_division <> '' "
        f"AND EXISTS (SELECT 1 FROM consent_notice n WHERE n.relation_id = x.relation_id "
        "AND n.kind = 'tweede_bedrijfsarts' AND n.about_id = c.user_id"
        # By the other one: whoever told it herself would let herself in alone.
        " AND n.given_by_id <> c.user_id AND n.given_at <= at))"
    ),
    missing="Er is al een bedrijfsarts op dit dossier. De rolverdeling is nog niet vastgelegd en verteld.",
    mender="Leg de verdeling vast; wie het dossier al begeleidt, vertelt de werknemer wie wat doet.",
    source="Leidraad casemanagement §3.4 B-II",
)
REPLACED_ON_DOSSIER = Guard(
    code="replaced_not_on_dossier",
    sql=PHYSICIAN_ON_DOSSIER,
    missing="De bedrijfsarts voor wie u waarneemt, begeleidt dit dossier niet (meer).",
    mender="De bedrijfsarts die het dossier nu begeleidt kan u als waarnemer aanwijzen.",
    source="Leidraad casemanagement §3.1",
)
# A notice that names no physician speaks of all bedrijfsartsen of the practice. One that names the group of a physician
# names who was in it then: who came later, was not told of.
NAMED_IN_GROUP = (
    f"(n.responsible_id IS NULL OR (n.responsible_id = {PHYSICIAN} AND EXISTS ("
    "SELECT 1 FROM delegation_standingdeputy s "
    "WHERE s.physician_id = gr.responsible_id AND s.deputy_id = gr.holder_id "
    "AND date_trunc('minute', s.starts_at, 'UTC') <= n.given_at AND (s.ends_at IS NULL OR s.ends_at > n.given_at))))"
)
DEPUTY_TOLD = Guard(
    code="deputy_not_told",
    sql=f"{_told('waarneming')} OR {_told('waarneemgroep', about='true', responsible=NAMED_IN_GROUP)}",
    missing="De werknemer weet nog niet dat u waarneemt.",
    mender="Bel of schrijf, leg de mededeling vast, en het dossier opent.",
    source="Leidraad casemanagement §3.1",
    scope="untold",  # the notice itself can be given: that is how the dossier opens
)
SUPERVISOR_ON_DOSSIER = Guard(
    code="supervisor_not_on_dossier",
    sql=f"({PHYSICIAN_STANDS} OR {DEPUTISED}) AND {PHYSICIAN_ON_DOSSIER}",
    missing="Uw supervisor is op dit dossier niet (meer) bedrijfsarts.",
    mender="Laat een bedrijfsarts die dit dossier begeleidt uw supervisie vastleggen.",
    source="Wie doet wat §3.2; Leidraad casemanagement bijlage 4",
)
SUPERVISION_TOLD = Guard(
    code="supervision_not_told",
    sql=_told("supervisie"),
    missing="De werknemer weet nog niet dat u onder supervisie werkt.",
    mender="Vertel wie uw supervisor is en leg dat vast; daarna kunt u verder.",
    source="Wie doet wat §3.2",
    scope="content",
)

# --- delegates ------------------------------------------------------------------------------------------------

CONTRACT_ACCEPTED = Guard(
    code="contract_not_accepted",
    sql="gr.kind = 'contract' AND EXISTS (SELECT 1 FROM delegation_contract k "
    "WHERE k.ground_id = gr.id AND k.accepted_at <= at)",
    missing="U hebt deze overeenkomst nog niet aanvaard.",
    mender="Open de overeenkomst onder Delegatie, geef per taak aan of u zich bekwaam acht en aanvaard haar.",
    source="Leidraad casemanagement bijlage 5, bekwaamheid",
    per_ground=True,
)
DELEGATOR = Guard(
    code="delegator_not_on_dossier",
    sql=f"({PHYSICIAN_STANDS}) AND ({PHYSICIAN_ON_DOSSIER})",
    missing="De bedrijfsarts die u de taak gaf, is op dit dossier niet (meer) verantwoordelijk.",
    mender="Vraag de bedrijfsarts die dit dossier nu begeleidt om een eigen overeenkomst met u.",
    source="Leidraad casemanagement bijlage 5, opdracht",
)
DELEGATE_SECRECY = Guard(
    code="secrecy",
    sql=_secrecy("afgeleid_beroepsgeheim"),
    missing="Uw verklaring van het afgeleid beroepsgeheim ontbreekt.",
    mender="Teken de verklaring bij de praktijk; daarna kunt u verder.",
    source="Leidraad casemanagement §3.1; BW 7:457 lid 2",
    per_ground=True,
)
EMPLOYEE_TOLD = Guard(
    code="notice",
    sql=_told("delegatie"),
    missing="De werknemer is nog niet geïnformeerd over uw rol.",
    mender="Vertel wie u bent, welke taak u doet, wie de bedrijfsarts is, hoe die te bereiken is en dat de werknemer "
    "die altijd kan spreken; leg dat hier vast en u kunt verder.",
    source="Leidraad casemanagement §3.4 A-I, bijlage 5",
    scope="content",
)
SUPERVISION_COVER = Guard(
    code="supervision_cover",
    sql=PRESENT,
    missing="De bedrijfsarts is afwezig en er is geen waarnemer. U kunt lezen, maar nog niet vastleggen.",
    mender="De praktijk kan een waarnemer aanwijzen.",
    source="Leidraad casemanagement bijlage 5, toezicht",
    scope="writing",
)
NOT_TAKEN_OVER = Guard(
    code="taken_over",
    sql=(
        "NOT EXISTS (SELECT 1 FROM delegation_takeover t JOIN delegation_contract k ON k.id = t.contract_id "
        f"WHERE k.ground_id = gr.id AND t.relation_id = x.relation_id AND {_period('t')})"
    ),
    missing="De bedrijfsarts heeft deze zaak van u overgenomen.",
    mender="Overleg met de bedrijfsarts; die kan de zaak teruggeven.",
    source="Leidraad casemanagement bijlage 5, opdracht",
    scope="writing",
)

# --- team, process side, employer side, practice --------------------------------------------------------------

ON_REQUEST = Guard(
    code="on_request",
    sql=(
        "EXISTS (SELECT 1 FROM dossier_share s WHERE s.dossier_id = x.id AND s.receiver_id = c.user_id "
        f"AND s.task = 'op_verzoek' AND {_period('s')})"
    ),
    missing="Er ligt geen verzoek van de bedrijfsarts aan u.",
    mender="Vraag de bedrijfsarts u te vragen wat u moet vastleggen.",
    source="Leidraad casemanagement §3.1",
    scope="medical_writing",
)
TEAM_PHYSICIAN = Guard(
    code="team_physician",
    sql=PHYSICIAN_ON_DOSSIER,
    missing="De bedrijfsarts van uw team begeleidt dit dossier niet (meer).",
    mender="De bedrijfsarts die het dossier nu begeleidt kan u toevoegen.",
    source="Leidraad casemanagement §3.1",
)
SIGNAL_SECRECY = Guard(
    code="signal_secrecy",
    sql=_secrecy("signalering"),
    missing="Uw geheimhouding voor de signaleringstaak is nog niet getekend.",
    mender="Teken de verklaring bij de praktijk; daarna kunt u verder.",
    source="Leidraad casemanagement §3.4 A-II",
    per_ground=True,
)
ASSIGNED = Guard(
    code="assignment",
    sql="EXISTS (SELECT 1 FROM delegation_assignment a WHERE a.ground_id = gr.id AND a.tasks <> '')",
    missing="Er is geen schriftelijke opdracht met taken en faciliteiten.",
    mender="De opdrachtgever legt vast welke taken u doet en wat u daarvoor krijgt.",
    source="Leidraad casemanagement §1.2; Arbowet art. 14 lid 4",
    per_ground=True,
)
EMPLOYER_SECRECY = Guard(
    code="employer_secrecy",
    sql=_secrecy("avg_geheimhouding"),
    missing="U hebt nog niet verklaard dat u geheimhoudt en geen medisch oordeel geeft.",
    mender="Teken de verklaring bij de praktijk; daarna kunt u verder.",
    source="Leidraad casemanagement §2.3.2",
    per_ground=True,
)
EMPLOYMENT_RUNS = Guard(
    code="employment_ended",
    sql=f"EXISTS (SELECT 1 FROM people_relation l WHERE l.id = x.relation_id "
    f"AND l.starts_on <= {DAY} AND (l.ends_on IS NULL OR l.ends_on > {DAY}))",
    missing="Het dienstverband van deze werknemer is geëindigd.",
    mender="Er valt hier voor de werkgever niets meer te doen. Vragen kunnen naar de praktijk.",
    source="Leidraad casemanagement §3.4 B-II",
)
EMPLOYEE_INFORMED_B3 = Guard(
    code="employee_not_informed",
    sql=(
        "EXISTS (SELECT 1 FROM consent_notice n WHERE n.relation_id = x.relation_id "
        "AND n.about_id = c.user_id AND n.given_at <= at)"
    ),
    missing="De werknemer weet nog niet dat dit bedrijf bij de re-integratie is betrokken.",
    mender="De werkgever informeert de werknemer; de praktijk legt dat vast.",
    source="Leidraad casemanagement §3.4, re-integratiebedrijven",
)
OPEN_REQUEST = Guard(
    code="no_open_request",
    sql="gr.kind = 'custody' AND gr.ends_at IS NOT NULL",
    missing="Er is geen open verzoek waarvoor dit gesloten dossier open mag.",
    mender="Leg eerst het verzoek vast (inzage, vernietiging, klacht of overdracht).",
    source="BW 7:454, 7:455, 7:456",
    per_ground=True,
)
CONSENT_OF_EMPLOYEE = Guard(
    code="second_opinion_consent",
    sql=(
        "EXISTS (SELECT 1 FROM consent_consent k WHERE k.relation_id = x.relation_id AND k.section = 'second_opinion' "
        f"AND {_period('k')})"
    ),
    missing="Er is geen toestemming van de werknemer voor de second opinion.",
    mender="Leg het verzoek en de toestemming van de werknemer vast.",
    source="Arbowet art. 14 lid 2 onder g; Arbobesluit art. 2.14d",
)

BIG_REGISTERS = [register for register in Registration.Register.values if register.startswith("big_")]


def _carried(*registers: str) -> str:
    return " OR ".join(_registered("u", register) for register in registers)


# Per task of a contract: NULL when it may be done now, else what is missing (Leidraad bijlage 5; Wet BIG art. 38).
TASK_STATE = f"""SELECT t.code::text, CASE
    WHEN EXISTS (SELECT 1 FROM delegation_owndeclaration o WHERE o.user_id = u AND o.task_id = t.id AND NOT o.competent
      AND o.starts_at <= at AND (o.ends_at IS NULL OR o.ends_at > at)) THEN 'own_incompetent'
    WHEN NOT EXISTS (SELECT 1 FROM delegation_owndeclaration o WHERE o.user_id = u AND o.task_id = t.id AND o.competent
      AND o.starts_at <= at AND (o.ends_at IS NULL OR o.ends_at > at)) THEN 'own_declaration'
    WHEN NOT EXISTS (SELECT 1 FROM delegation_competenceconclusion q WHERE q.delegate_id = u AND q.task_id = t.id
      AND q.physician_id = ph.user_id AND q.starts_at <= at AND (q.ends_at IS NULL OR q.ends_at > at)) THEN 'competence'
    WHEN EXISTS (SELECT 1 FROM delegation_protocolversion v WHERE v.protocol_id = k.protocol_id
      AND v.in_force_from <= at AND NOT EXISTS (SELECT 1 FROM delegation_protocolversion w
        WHERE w.protocol_id = v.protocol_id AND w.version > v.version AND w.in_force_from <= at)
      AND NOT EXISTS (SELECT 1 FROM delegation_protocolread d2 WHERE d2.protocol_version_id = v.id AND d2.user_id = u
        AND d2.read_at <= at)) THEN 'protocol_read'
    WHEN t.reserved AND NOT ({_carried(*RESERVED_ACT_REGISTERS)}) THEN 'reserved_without_big'
    WHEN t.justify_without_big AND ct.justification = '' AND NOT ({_carried(*BIG_REGISTERS)}) THEN 'no_justification'
    END::text
  FROM delegation_contract k JOIN delegation_contracttask ct ON ct.contract_id = k.id
  JOIN delegation_task t ON t.id = ct.task_id JOIN people_engagement ph ON ph.id = k.physician_id
  WHERE k.ground_id = access_task_state.ground
  UNION ALL
  -- A task list that has no task of writing in an own file (the practice's own) asks none.
  SELECT '', NULL::text FROM delegation_contract k WHERE k.ground_id = access_task_state.ground
    AND NOT EXISTS (SELECT 1 FROM delegation_task t WHERE t.edition_id = k.edition_id AND t.code = 'M7')"""
