"""Who may do what, where: one row per role, one column per section. This screenful decides; the database holds it.

Cells: Z find, R read, S write, A amend, K remark, D share, V release, X dispatch, C copy, T team, O transfer, and
the words of directory.access.grid. `°` own only, `+` only what was shared, `!` only under a consent that names it,
`—` nothing. What follows a colon is a limit; LIMITS says what it means and where it is held.
"""

from __future__ import annotations

from delegation import refusals as delegation
from directory.access.grid import WRITING, Grid, Limit, Role, Section, Verb, register

from . import guards as g
from .rulings import RULINGS

SECTIONS = (
    # medical
    Section("begeleiding", "Verzuimbegeleiding", "medical", purpose=True),
    Section("open_spreekuur", "Open spreekuur (vrijwillig)", "medical", purpose=True, voluntary=True),
    Section("pmo", "PMO (vrijwillig)", "medical", purpose=True, voluntary=True),
    Section("keuring", "Keuring", "medical", purpose=True, voluntary=True),
    Section("vaccinatie", "Vaccinatie", "medical", purpose=True, voluntary=True),
    Section("blootstelling", "Blootstelling", "medical", purpose=True),
    Section("beroepsziekte", "Beroepsziekte", "medical", purpose=True, voluntary=True),
    Section("overig", "Overig (vrijwillig)", "medical", purpose=True, voluntary=True),
    Section("second_opinion", "Second opinion", "medical", voluntary=True),
    Section("toestemming", "Toestemming en machtiging", "medical"),
    Section("supervisie", "Supervisie", "medical"),
    Section("gedelegeerde", "Dossier van gedelegeerde", "medical"),
    Section("signaal", "Signaal voor richtlijn (vertrouwelijk)", "signal"),
    Section("werkaantekening", "Werkaantekening", "medical"),
    # process, and around the dossier
    Section("agenda", "Agenda", "process"),
    Section("verzending", "Verzending", "process"),
    Section("proces", "Procesdossier", "process"),
    Section("werkgeverdeel", "Werkgeversdeel", "process"),
    Section("kennisgeving", "Kennisgeving", "process"),
    Section("vrijgave", "Vrijgave", "process"),
    Section("verzoek", "Verzoek van werknemer", "process"),
    Section("team", "Team", "process"),
    Section("inzage", "Inzage", "process"),
    # objects of the practice
    Section("taakcontract", "Taakdelegatieovereenkomst", "practice"),
    Section("bekwaamheid", "Bekwaamheid", "practice"),
    Section("protocol", "Protocol", "practice"),
    Section("klantcontract", "Klantcontract", "practice"),
    Section("personen", "Personen", "practice"),
    Section("professionals", "Professionals", "practice"),
    Section("accounts", "Accounts", "practice"),
    Section("logcontrole", "Logcontrole", "practice"),
)
PURPOSES = tuple(section.code for section in SECTIONS if section.purpose)
MEDICAL = tuple(section.code for section in SECTIONS if section.side in ("medical", "signal"))

LIMITS = (
    Limit("stempel", "met het stempel 'onder supervisie van'", "the condition stored with the act"),
    Limit("concept", "alleen als concept", "record state; the kind cannot be signed in this role"),
    Limit("eigen_doel", "alleen het eigen doel", "the purposes of the grant"),
    Limit("taak", "per taakcode van de overeenkomst", "access_task_held in the policy of parts"),
    Limit("P1P2", "taken P1 en P2", "access_task_held in the policy of parts"),
    Limit("P2", "taak P2", "access_task_held in the policy of parts"),
    Limit("P3", "taak P3, alleen de handtekening", "access_task_held in the policy of parts"),
    Limit("M13", "taak M13", "access_task_held in the policy of parts"),
    Limit("P2M14", "eigen consulten; taken P2 en M14", "access_task_held in the policy of parts"),
    Limit("overleg", "overleg vragen", "the kinds of section supervisie"),
    Limit("op_verzoek", "alleen soorten op verzoek", "guard on_request"),
    Limit("met_toestemming", "alleen met toestemming", "access_shared asks the consent of a voluntary share"),
    Limit("open_verzoek", "alleen binnen een open verzoek", "guard no_open_request"),
    Limit("gecodeerd", "gecodeerde velden", "the columns of the table"),
    Limit("verzuim", "verborgen soorten tonen als bezet", "the kinds of section agenda"),
    Limit("eigen_afspraken", "eigen afspraken", "value own"),
    Limit("na_vrijgave", "na vrijgave", "the kinds of section verzending"),
    Limit("werkgeversniveau", "wat de werkgever mag hebben", "the kinds of section vrijgave"),
    Limit("procesnamen", "procesnamen en bedrijfsarts", "access_team_roles"),
    Limit("naam_arts", "naam en bereikbaarheid van de bedrijfsarts", "access_team_roles"),
    Limit("omslag", "omslag; openen wordt gelogd", "the kinds of section verzending"),
    Limit("algemeen", "algemene teksten", "the kinds of section kennisgeving"),
    Limit("werkgeverskant", "B-II en B-III op schriftelijke opdracht", "access_may_lay"),
    Limit("zonder_inhoud", "zonder inhoud", "the log holds none"),
    Limit("eigen_klanten", "eigen klanten", "value own"),
    Limit("nietverzuim", "zonder verzuim", "the person rows hold none"),
    Limit("tweede_persoon", "rolwijziging medisch: tweede persoon", "accepted_at of the engagement"),
)

# Which verbs and sections a failing guard holds back.
SCOPES = {
    "every": ((), ()),
    "content": ((Verb.READ, Verb.FIND, *WRITING), MEDICAL),
    "writing": (WRITING, ()),
    "medical_writing": (WRITING, MEDICAL),
    "untold": ((), tuple(s.code for s in SECTIONS if s.code not in ("kennisgeving", "team", "verzoek"))),
}

ALL_ROLES = (
    Role(
        "bedrijfsarts",
        "Bedrijfsarts",
        "medical",
        "003 §3.1; bijlage 4; BW 7:457(2)",
        (g.ENGAGED_AS_PHYSICIAN, g.BIG, g.SPECIALIST, g.ROLE_DIVISION),
    ),
    Role(
        "bedrijfsarts_doelgebonden",
        "Bedrijfsarts voor één doel",
        "medical",
        "003 §3.1",
        (g.ENGAGED_AS_PHYSICIAN, g.BIG, g.SPECIALIST),
    ),
    Role(
        "waarnemer",
        "Waarnemer",
        "medical",
        "003 §3.1",
        (g.ENGAGED_AS_PHYSICIAN, g.BIG, g.SPECIALIST, g.REPLACED_ON_DOSSIER, g.DEPUTY_TOLD),
    ),
    Role(
        "arts_onder_supervisie",
        "Arts onder supervisie",
        "medical",
        "001 §3.2; 003 bijlage 4",
        (g.ENGAGED_AS_SUPERVISED, g.BIG, g.SUPERVISOR_ON_DOSSIER, g.SUPERVISION_TOLD),
        condition="Onder supervisie van de bedrijfsarts; de supervisor krijgt dit ter beoordeling.",
    ),
    Role(
        "gedelegeerde",
        "Gedelegeerde",
        "medical",
        "003 §3.1, §3.4 A-I, bijlage 4 en 5; Wet BIG 38",
        (
            g.CONTRACT_ACCEPTED,
            g.DELEGATE_SECRECY,
            g.DELEGATOR,
            g.EMPLOYEE_TOLD,
            g.SUPERVISION_COVER,
            g.NOT_TAKEN_OVER,
        ),
        condition="Onder taakdelegatie van de bedrijfsarts.",
    ),
    Role(
        "teamlid",
        "Teamlid",
        "medical",
        "003 §3.1; BW 7:457(2)",
        (g.DELEGATE_SECRECY, g.TEAM_PHYSICIAN, g.ON_REQUEST),
        condition="Alleen wat voor het werk is gedeeld.",
    ),
    Role(
        "second_opinionarts",
        "Second-opinionarts",
        "medical",
        "Arbowet 14(2)g; Arbobesluit 2.14d",
        (g.ENGAGED_AS_SECOND, g.BIG, g.SPECIALIST, g.CONSENT_OF_EMPLOYEE),
    ),
    Role(
        "dossierbewaarder",
        "Dossierbewaarder",
        "medical",
        "BW 7:454(3), 7:455, 7:456",
        (g.ENGAGED_AS_KEEPER, g.BIG, g.SPECIALIST, g.OPEN_REQUEST),
    ),
    Role(
        "signaleerder",
        "Procesbewaker met signaleringstaak",
        "signal",
        "003 §3.4 A-II",
        (g.ASSIGNED, g.DELEGATE_SECRECY, g.SIGNAL_SECRECY),
        condition="Gecodeerd, onder geheimhouding, buiten het procesdossier.",
    ),
    Role(
        "procesbewaker",
        "Procesbewaker",
        "process",
        "003 §3.4 A-II; Regeling procesgang 4(2)c",
        (g.ASSIGNED, g.DELEGATE_SECRECY),
    ),
    Role(
        "overig_a",
        "Begeleider onder de bedrijfsarts",
        "process",
        "003 §1.2, §3.1",
        (g.ASSIGNED, g.DELEGATE_SECRECY),
    ),
    Role(
        "casemanager",
        "Casemanager werkgeverszijde",
        "employer",
        "003 §3.3, §3.4 B-II; Arbowet 14(7)",
        (g.ASSIGNED, g.EMPLOYER_SECRECY, g.EMPLOYMENT_RUNS),
    ),
    Role(
        "overig_b",
        "Begeleider werkgeverszijde",
        "employer",
        "003 §3.4 re-integratiebedrijven",
        (g.ASSIGNED, g.EMPLOYER_SECRECY, g.EMPLOYEE_INFORMED_B3),
    ),
    Role("secretariaat", "Secretariaat", "desk", "003 §3.1", (g.DELEGATE_SECRECY, g.TEAM_PHYSICIAN)),
    Role("praktijkbeheerder", "Praktijkbeheerder", "admin", "003 §3.1"),
    Role("fg", "Functionaris gegevensbescherming", "admin", "AVG 38-39; NEN 7513"),
    # Nobody logs in as these; that they get nothing is written down all the same.
    Role("gewezen", "Gewezen teamlid of gedelegeerde", None, "003 bijlage 4 vn 36"),
    Role("buitenstaander", "Werkgever, verzekeraar, UWV, behandelaar", None, "003 §3.1; 001 §2"),
    Role("werknemer", "Werknemer", None, "BW 7:456; AVG 15"),
    Role("technisch_beheer", "Technisch beheer, leverancier", None, "NEN 7510; AVG 28, 32"),
)

NO = "—"
# fmt: off
_MEDICAL = {
    #                             begeleiding            open_spreekuur         pmo                    keuring                vaccinatie             blootstelling          beroepsziekte          overig                 second_opinion        toestemming         supervisie        gedelegeerde       signaal             werkaantekening
    "bedrijfsarts":              ("R S A D V C O",       "R S A D! V! C O!",    "R S A D C O!",        "R S A V! C",          "R S A D V! C O!",     "R S A D V C O",       "R S A V! C O",        "R S A D! V! C O!",    "R! C!",              "R S A V",          "R S A K",        "R K D C O",       "R C",              "R° S° destroy°"),
    "bedrijfsarts_doelgebonden": (NO,                    "R° S A C",            "R° S A D C",          "R° S A V! C",         "R° S A",              "R S A",               "R° S A",              "R° S A",              NO,                   "R° S A V",         "R° S",           "R:eigen_doel K:eigen_doel", NO,       "R° S°"),
    "waarnemer":                 ("R S A° D V C",        "R S A° V! C",         "R S A° D C",          "R S A° V! C",         "R S A° V! C",         "R S A° V C",          "R S A° V! C",         "R S A° V! C",         "R!",                 "R S A° V",         "R S A° K",       "R K D C",         "R",                "R° S°"),
    "arts_onder_supervisie":     ("R S A° V:stempel",    "R° S A°",             "R S A°",              "R° S A°",             "R S A°",              "R S A°",              "R S A°:concept",      "R° S A°",             NO,                   "R S A° V:stempel", "R° S°",          "R K",             "R",                "R° S°"),
    "gedelegeerde":              ("R+",                  "R+:met_toestemming",  "R+",                  NO,                    "R+",                  "R+",                  NO,                    "R+",                  NO,                   "R+ S:P3",          "R° S:overleg" ,  "R° S°:taak A°",   "R+",               "R° S°"),
    "teamlid":                   ("R+ S:op_verzoek",     NO,                    "R+ S:op_verzoek",     "R+ S:op_verzoek",     "R+ S:op_verzoek",     "R+ S:op_verzoek",     NO,                    NO,                    NO,                   NO,                 NO,               NO,                NO,                 NO),
    "second_opinionarts":        ("R!",                  NO,                    NO,                    NO,                    NO,                    NO,                    NO,                    NO,                    "R° S A° C",          "R° S",             NO,               NO,                NO,                 "R° S°"),
    "dossierbewaarder":          (*("R C O! destroy:open_verzoek",) * 13, NO),
    "signaleerder":              (*(NO,) * 12, "R° S:gecodeerd", NO),
    "procesbewaker":             (NO,) * 14,
    "overig_a":                  (NO,) * 14,
    "casemanager":               (NO,) * 14,
    "overig_b":                  (NO,) * 14,
    "secretariaat":              (*(NO,) * 9, "status", *(NO,) * 4),
    "praktijkbeheerder":         (NO,) * 14,
    "fg":                        (NO,) * 14,
    "gewezen":                   (NO,) * 14,
    "buitenstaander":            (NO,) * 14,
    "werknemer":                 (NO,) * 14,
    "technisch_beheer":          (NO,) * 14,
}
_PROCESS = {
    #                             agenda             verzending      proces          werkgeverdeel      kennisgeving    vrijgave                verzoek     team                            inzage
    "bedrijfsarts":              ("R S",             "R X",          "R S A",        "R S A",           "R S",          "R V",                  "R S decide", "R T",                        "R C"),
    "bedrijfsarts_doelgebonden": ("R S",             "R X",          NO,             NO,                "R S",          "R° V°",                "R S",      "R",                            "R°"),
    "waarnemer":                 ("R S",             "R X",          "R S A",        "R S A",           "R S",          "R V",                  "R S decide", "R end suspend",              "R C"),
    "arts_onder_supervisie":     ("R S",             "R X",          "R S A",        "R S A",           "R S",          "R V:stempel",          "R S",      "R",                            NO),
    "gedelegeerde":              ("R S:P2M14",       "X:na_vrijgave", "R S:P2 A°",   "R S:P1P2 A°",     "R S",          "R prepare:M13",        "S",        "R",                            NO),
    "teamlid":                   ("R S",             "X",            NO,             NO,                "R S",          NO,                     "S",        "R",                            NO),
    "second_opinionarts":        ("R S",             NO,             NO,             NO,                NO,             "R° V!",                "R S",      NO,                             NO),
    "dossierbewaarder":          (NO,                "X",            NO,             NO,                "R S",          "R",                    "R S decide", "R reopen",                   "R C"),
    "signaleerder":              ("R:verzuim S",     "X",            "R S A°",       "R S A°",          "R S",          "R:werkgeversniveau",   "S",        "R:procesnamen",                NO),
    "procesbewaker":             ("R:verzuim S",     "X",            "R S A°",       "R S A°",          "R S",          "R:werkgeversniveau",   "S",        "R:procesnamen",                NO),
    "overig_a":                  ("R°:eigen_afspraken S", NO,        "R+ S°",        "R+",              "R",            NO,                     "S",        NO,                             NO),
    "casemanager":               ("R:verzuim",       NO,             NO,             "Z R S:gecodeerd A°", NO,          "R+",                   NO,         "R:naam_arts",                  NO),
    "overig_b":                  (NO,                NO,             NO,             "S°",              NO,             "R+",                   NO,         NO,                             NO),
    "secretariaat":              ("Z R S",           "R:omslag X:omslag", "Z S:P2",  "R S",             "R S",          "index",                "S",        "R",                            NO),
    "praktijkbeheerder":         ("roster",          NO,             NO,             NO,                "S:algemeen",   NO,                     NO,         "prepare T:werkgeverskant",     NO),
    "fg":                        (NO,                NO,             NO,             NO,                "index",        "index",                "index",    "R",                            "R:zonder_inhoud C:zonder_inhoud"),
    "gewezen":                   (NO,) * 9,
    "buitenstaander":            (NO,) * 9,
    "werknemer":                 (NO,) * 9,
    "technisch_beheer":          (NO,) * 9,
}
_PRACTICE = {
    #                             taakcontract                  bekwaamheid     protocol        klantcontract   personen                professionals   accounts                logcontrole
    "bedrijfsarts":              ("R S sign suspend revoke",    "R S A",        "R S",          "R S decide",   "Z° R° S°:eigen_klanten", "R",          NO,                     "R°"),
    "bedrijfsarts_doelgebonden": ("R° S",                       "R S",          "R S",          "R",            "Z° R° S°:eigen_klanten",  "R",            NO,                     NO),
    "waarnemer":                 ("R suspend",                  "R",            "R",            "R",            "Z R S",                "R",            NO,                     "R°"),
    "arts_onder_supervisie":     ("R prepare",                  "R prepare",    "R",            "R",            "Z R S",                "R",            NO,                     NO),
    "gedelegeerde":              ("R° cosign°",                 "R° S°",        "R confirm",    NO,             "Z° R°",                "R",            NO,                     NO),
    "teamlid":                   (NO,                           NO,             "R",            NO,             "Z°",                   "R",            NO,                     NO),
    "second_opinionarts":        (NO,) * 8,
    "dossierbewaarder":          ("R",                          "R",            NO,             NO,             NO,                     NO,             NO,                     NO),
    "signaleerder":              ("R°",                         NO,             "R",            NO,             "Z° R°",                "R",            NO,                     NO),
    "procesbewaker":             ("R°",                         NO,             "R",            NO,             "Z° R°",                "R",            NO,                     NO),
    "overig_a":                  (NO,                           NO,             NO,             NO,             "Z°",                   NO,             NO,                     NO),
    "casemanager":               (NO,                           NO,             NO,             "R°",           "Z° R°",                NO,             NO,                     NO),
    "overig_b":                  (NO,                           NO,             NO,             NO,             "Z°",                   NO,             NO,                     NO),
    "secretariaat":              (NO,                           NO,             "R",            NO,             "Z R S",                "R S",          NO,                     NO),
    "praktijkbeheerder":         ("R prepare",                  "status",       "R S",          "R S",          "R S:nietverzuim",      "R S",          "R S:tweede_persoon",   NO),
    "fg":                        ("R",                          "status",       "R",            "R",            NO,                     "R",            "R",                    "R S decide"),
    "gewezen":                   ("R°",                         "R°",           NO,             NO,             NO,                     NO,             NO,                     NO),
    "buitenstaander":            (NO,) * 8,
    "werknemer":                 (NO,) * 8,
    "technisch_beheer":          (NO,) * 8,
}
# fmt: on

# Who may lay a ground of which kind: SQL over kind, holder, responsible and `c`. A physician signs for himself; the
# administrator lays only what a written assignment of the principal asks, or a formal appointment of the practice.
_OWN_HAND = "c.role = 'bedrijfsarts' AND holder = c.engagement_id"
_AS_PHYSICIAN = "c.role = 'bedrijfsarts' AND responsible = c.engagement_id"
_AS_PRACTICE = "c.role = 'praktijkbeheerder'"
# Not for the administrator's own other hat: whole dossiers of a colleague are opened by two people.
_NOT_HERSELF = "NOT EXISTS (SELECT 1 FROM people_engagement n WHERE n.id = holder AND n.user_id = c.user_id)"
_FOR_ANOTHER = f"{_AS_PRACTICE} AND {_NOT_HERSELF}"
# Who was named beforehand, for the one who can sign no more: for himself, and for as long as that arrangement runs.
_STANDING = (
    "c.role = 'bedrijfsarts' AND holder = c.engagement_id AND EXISTS (SELECT 1 FROM delegation_standingdeputy s "
    "WHERE s.physician_id = responsible AND s.deputy_id = holder AND s.starts_at <= statement_timestamp() "
    "AND (s.ends_at IS NULL OR s.ends_at > statement_timestamp()))"
)
LAYING = {
    "client_assignment": _OWN_HAND,
    "self_referral": _OWN_HAND,
    "transfer": _OWN_HAND,
    "contract": _AS_PHYSICIAN,
    "supervision": _AS_PHYSICIAN,
    "team": _AS_PHYSICIAN,
    "desk": _AS_PHYSICIAN,
    "process_assignment": _AS_PHYSICIAN,
    "signal_assignment": _AS_PHYSICIAN,
    "deputising": f"({_AS_PHYSICIAN}) OR ({_FOR_ANOTHER}) OR ({_STANDING})",
    "employer_assignment": _AS_PRACTICE,
    "employer_reintegration": _AS_PRACTICE,
    "second_opinion": _OWN_HAND,
    "custody": _FOR_ANOTHER,
}

GRID = register(
    Grid(
        roles=ALL_ROLES,
        sections=SECTIONS,
        limits=LIMITS,
        rows={
            role.code: dict(
                zip(
                    (section.code for section in SECTIONS),
                    _MEDICAL[role.code] + _PROCESS[role.code] + _PRACTICE[role.code],
                    strict=True,
                )
            )
            for role in ALL_ROLES
        },
        scopes=SCOPES,
        everyone=(g.NOT_SUSPENDED, g.TWO_HATS),
        tasked=("gedelegeerde",),
        task_state=g.TASK_STATE,
        laying=LAYING,
        rulings=delegation.RULINGS | RULINGS,
    )
)
