"""What every role may do with every section and every object of the practice, written by hand from the rules.

This is the other half of a check: the product has its own table, and this one never looks at it. It was written cell
by cell from the same sources (named at the end of every row) by somebody reading, so a mistake must be made twice to
stay unseen. Nothing is imported from the product, and nothing is generated.

Cells. `Z` find, `R` read (which includes finding), `S` write, `A` amend, `K` remark, `D` share, `V` release,
`X` dispatch, `C` copy to the employee, `T` team, `O` transfer; a word is the verb it says. Behind a verb: `°` only
one's own, `+` only what was shared with him, `!` only what a consent in force names. `-` is nothing.
"""

from __future__ import annotations

LETTERS = {
    "Z": "find",
    "R": "read",
    "S": "write",
    "A": "amend",
    "K": "remark",
    "D": "share",
    "V": "release",
    "X": "dispatch",
    "C": "copy",
    "T": "team",
    "O": "transfer",
}
WORDS = (
    "sign",
    "cosign",
    "suspend",
    "revoke",
    "end",
    "prepare",
    "confirm",
    "decide",
    "destroy",
    "status",
    "index",
    "roster",
    "reopen",
)
VERBS = (*LETTERS.values(), *WORDS)
SIGNS = {"°": "own", "+": "shared", "!": "consent"}

MEDICAL = """
role                      | begeleiding   | open_spreekuur   | pmo          | keuring     | vaccinatie       | blootstelling | beroepsziekte | overig           | second_opinion | toestemming | supervisie | gedelegeerde | signaal | werkaantekening | source
bedrijfsarts              | R S A D V C O | R S A D! V! C O! | R S A D C O! | R S A V! C  | R S A D V! C O!  | R S A D V C O | R S A V! C O  | R S A D! V! C O! | R! C!          | R S A V     | R S A K    | R K D C O    | R C     | R° S° destroy°  | Leidraad §3.1, bijlage 4; BW 7:457(2)
bedrijfsarts_doelgebonden | -             | R° S A C         | R° S A D C   | R° S A V! C | R° S A           | R S A         | R° S A        | R° S A           | -              | R° S A V    | R° S       | R K          | -       | R° S°           | Leidraad §3.1
waarnemer                 | R S A° D V C  | R S A° V! C      | R S A° D C   | R S A° V! C | R S A° V! C      | R S A° V C    | R S A° V! C   | R S A° V! C      | R!             | R S A° V    | R S A° K   | R K D C      | R       | R° S°           | Leidraad §3.1
arts_onder_supervisie     | R S A° V      | R° S A°          | R S A°       | R° S A°     | R S A°           | R S A°        | R S A°        | R° S A°          | -              | R S A° V    | R° S°      | R K          | R       | R° S°           | Wie doet wat §3.2; Leidraad bijlage 4
gedelegeerde              | R+            | R+               | R+           | -           | R+               | R+            | -             | R+               | -              | R+ S        | R° S       | R° S° A°     | R+      | R° S°           | Leidraad §3.1, §3.4 A-I, bijlage 4 en 5; Wet BIG 38
teamlid                   | R+ S          | -                | R+ S         | R+ S        | R+ S             | R+ S          | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §3.1; BW 7:457(2)
second_opinionarts        | R!            | -                | -            | -           | -                | -             | -             | -                | R° S A° C      | R° S        | -          | -            | -       | R° S°           | Arbowet 14(2)g; Arbobesluit 2.14d
signaleerder              | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | R° S    | -               | Leidraad §3.4 A-II
procesbewaker             | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad schema A-II, §3.4
overig_a                  | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §1.2, §3.1
casemanager               | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §3.3, §3.4 B-II; Arbowet 14(7)
overig_b                  | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §3.4, re-integratiebedrijven
secretariaat              | -             | -                | -            | -           | -                | -             | -             | -                | -              | status      | -          | -            | -       | -               | Leidraad §3.1
praktijkbeheerder         | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §3.1
fg                        | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | AVG 39; NEN 7513
dossierbewaarder          | R C O! destroy | R C O! destroy  | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | R C O! destroy | - | BW 7:454(3), 7:455, 7:456
gewezen                   | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad bijlage 4, voetnoot 36
buitenstaander            | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | Leidraad §3.1; Wie doet wat §2
werknemer                 | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | BW 7:456; AVG 15 (a copy on request, no account)
technisch_beheer          | -             | -                | -            | -           | -                | -             | -             | -                | -              | -           | -          | -            | -       | -               | NEN 7510; AVG 28, 32
"""

PROCESS = """
role                      | agenda | verzending | proces | werkgeverdeel | kennisgeving | vrijgave  | verzoek    | team          | inzage | source
bedrijfsarts              | R S    | R X        | R S A  | R S A         | R S          | R V       | R S decide | R T           | R C    | Leidraad §3.1, bijlage 4
bedrijfsarts_doelgebonden | R S    | R X        | -      | -             | R S          | R° V°     | R S        | R             | R°     | Leidraad §3.1
waarnemer                 | R S    | R X        | R S A  | R S A         | R S          | R V       | R S decide | R end suspend | R C    | Leidraad §3.1
arts_onder_supervisie     | R S    | R X        | R S A  | R S A         | R S          | R V       | R S        | R             | -      | Wie doet wat §3.2
gedelegeerde              | R S    | X          | R S A° | R S A°        | R S          | R prepare | S          | R             | -      | Leidraad §3.4 A-I, bijlage 4 (P1, P2, M13, M14)
teamlid                   | R S    | X          | -      | -             | R S          | -         | S          | R             | -      | Leidraad §3.1
second_opinionarts        | R S    | -          | -      | -             | -            | R° V!     | R S        | -             | -      | Arbowet 14(2)g
signaleerder              | R S    | X          | R S A° | R S A°        | R S          | R         | S          | R             | -      | Leidraad §3.4 A-II
procesbewaker             | R S    | X          | R S A° | R S A°        | R S          | R         | S          | R             | -      | Leidraad §3.4 A-II; Regeling procesgang 4(2)c
overig_a                  | R° S   | -          | R+ S°  | R+            | R            | -         | S          | -             | -      | Leidraad §1.2 (own appointments, own progress)
casemanager               | R      | -          | -      | Z R S A°      | -            | R+        | -          | R             | -      | Leidraad §3.3, §3.4 B-II; Arbowet 14(7)
overig_b                  | -      | -          | -      | S°            | -            | R+        | -          | -             | -      | Leidraad §3.4, re-integratiebedrijven
secretariaat              | Z R S  | R X        | Z S    | R S           | R S          | index     | S          | R             | -      | Leidraad §3.1
praktijkbeheerder         | roster | -          | -      | -             | S            | -         | -          | prepare T     | -      | Leidraad §3.1
fg                        | -      | -          | -      | -             | index        | index     | index      | R             | R C    | AVG 39; NEN 7513
dossierbewaarder          | -      | X          | -      | -             | R S          | R         | R S decide | R reopen      | R C    | BW 7:454(3), 7:455, 7:456
gewezen                   | -      | -          | -      | -             | -            | -         | -          | -             | -      | Leidraad bijlage 4, voetnoot 36
buitenstaander            | -      | -          | -      | -             | -            | -         | -          | -             | -      | Leidraad §3.1
werknemer                 | -      | -          | -      | -             | -            | -         | -          | -             | -      | BW 7:456; AVG 15
technisch_beheer          | -      | -          | -      | -             | -            | -         | -          | -             | -      | NEN 7510
"""

PRACTICE = """
role                      | taakcontract            | bekwaamheid | protocol  | klantcontract | personen | professionals | accounts | logcontrole | source
bedrijfsarts              | R S sign suspend revoke | R S A       | R S       | R S decide    | Z° R° S° | R             | -        | R°          | Leidraad §3.1, bijlage 4 en 5
bedrijfsarts_doelgebonden | R° S                    | R S         | R S       | R             | Z° R° S° | R             | -        | -           | Leidraad §3.1
waarnemer                 | R suspend               | R           | R         | R             | Z R S    | R             | -        | R°          | Leidraad §3.1
arts_onder_supervisie     | R prepare               | R prepare   | R         | R             | Z R S    | R             | -        | -           | Wie doet wat §3.2
gedelegeerde              | R° cosign°              | R° S°       | R confirm | -             | Z° R°    | R             | -        | -           | Leidraad bijlage 5; Wet BIG 38
teamlid                   | -                       | -           | R         | -             | Z°       | R             | -        | -           | Leidraad §3.1
second_opinionarts        | -                       | -           | -         | -             | -        | -             | -        | -           | Arbowet 14(2)g
signaleerder              | R°                      | -           | R         | -             | Z° R°    | R             | -        | -           | Leidraad §3.4 A-II
procesbewaker             | R°                      | -           | R         | -             | Z° R°    | R             | -        | -           | Leidraad §3.4 A-II
overig_a                  | -                       | -           | -         | -             | Z°       | -             | -        | -           | Leidraad §1.2
casemanager               | -                       | -           | -         | R°            | Z° R°    | -             | -        | -           | Leidraad §3.4 B-II
overig_b                  | -                       | -           | -         | -             | Z°       | -             | -        | -           | Leidraad §3.4
secretariaat              | -                       | -           | R         | -             | Z R S    | R S           | -        | -           | Leidraad §3.1
praktijkbeheerder         | R prepare               | status      | R S       | R S           | R S      | R S           | R S      | -           | Leidraad §3.1
fg                        | R                       | status      | R         | R             | -        | R             | R        | R S decide  | AVG 39; NEN 7513
dossierbewaarder          | R                       | R           | -         | -             | -        | -             | -        | -           | BW 7:454-456
gewezen                   | R°                      | R°          | -         | -             | -        | -             | -        | -           | Leidraad bijlage 4, voetnoot 36
buitenstaander            | -                       | -           | -         | -             | -        | -             | -        | -           | Leidraad §3.1
werknemer                 | -                       | -           | -         | -             | -        | -             | -        | -           | BW 7:456; AVG 15
technisch_beheer          | -                       | -           | -         | -             | -        | -             | -        | -           | NEN 7510
"""

# Who wears which hat. The last four never log in: there is no engagement of that name.
SIDES = {
    "bedrijfsarts": "medical",
    "bedrijfsarts_doelgebonden": "medical",
    "waarnemer": "medical",
    "arts_onder_supervisie": "medical",
    "gedelegeerde": "medical",
    "teamlid": "medical",
    "second_opinionarts": "medical",
    "dossierbewaarder": "medical",
    "signaleerder": "signal",
    "procesbewaker": "process",
    "overig_a": "process",
    "casemanager": "employer",
    "overig_b": "employer",
    "secretariaat": "desk",
    "praktijkbeheerder": "admin",
    "fg": "admin",
}
NEVER_LOGS_IN = ("gewezen", "buitenstaander", "werknemer", "technisch_beheer")

# What these do is done under a condition that is stored with the act.
CONDITIONED = ("arts_onder_supervisie", "gedelegeerde", "teamlid", "signaleerder")


def cell(text: str) -> dict[str, str]:
    """Read one cell: verb → all, own, shared or consent."""
    if text == "-":
        return {}
    found: dict[str, str] = {}
    for word in text.split():
        value = SIGNS.get(word[-1], "all")
        bare = word if value == "all" else word[:-1]
        verb = LETTERS.get(bare, bare)
        if verb not in VERBS or verb in found:
            raise ValueError(f"cannot read {word!r} in {text!r}")
        found[verb] = value
    if "read" in found:
        found.setdefault("find", found["read"])
    if not found:
        raise ValueError("an empty cell is written as -")
    return found


def table(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Read one table: role → column → cell. Every row must have every column."""
    head, *rows = ([part.strip() for part in line.split("|")] for line in text.strip().splitlines())
    columns = head[1:-1]
    found = {}
    for name, *cells in rows:
        if len(cells) != len(columns) + 1 or not cells[-1] or name in found:
            raise ValueError(f"the row of {name} is not whole")
        found[name] = {column: cell(part) for column, part in zip(columns, cells, strict=False)}
    return found


_MEDICAL, _PROCESS, _PRACTICE = table(MEDICAL), table(PROCESS), table(PRACTICE)
ROLES = tuple(_MEDICAL)
MEDICAL_SECTIONS = tuple(_MEDICAL["bedrijfsarts"])
PROCESS_SECTIONS = tuple(_PROCESS["bedrijfsarts"])
SECTIONS = MEDICAL_SECTIONS + PROCESS_SECTIONS
OBJECTS = tuple(_PRACTICE["bedrijfsarts"])
if not set(ROLES) == set(_PROCESS) == set(_PRACTICE) == {*SIDES, *NEVER_LOGS_IN}:
    raise ValueError("the tables do not name the same roles")


def expected(role: str, column: str) -> dict[str, str]:
    """What this role may do here: verb → value; a verb that is absent is refused."""
    for half in (_MEDICAL, _PROCESS, _PRACTICE):
        if column in half[role]:
            return half[role][column]
    raise KeyError(column)


# These wear the engagement of a bedrijfsarts, whose own cells they then have too: for objects of the practice, no
# capacity shows theirs alone.
WEARS_TOO = {"bedrijfsarts_doelgebonden": "bedrijfsarts", "waarnemer": "bedrijfsarts"}
_RANK = ("all", "own", "shared", "consent")


def office(role: str, object_: str) -> dict[str, str]:
    """What a capacity of this role has on an object: its own cell, united with that of the engagement it wears.

    A purpose comes with a dossier, and an object of the practice has none; so there it adds nothing.
    """
    found = {} if role == "bedrijfsarts_doelgebonden" else dict(expected(role, object_))
    for verb, value in expected(WEARS_TOO.get(role, role), object_).items():
        found[verb] = min(value, found.get(verb, value), key=_RANK.index)
    return found
