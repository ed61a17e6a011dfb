"""Who logs in to the demo. Their passwords and second factors are public: this demo never leaves one computer."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from directory.people.models import Role

# Not a secret, and never to be used as one: it only makes every demo the same.
DEMO = b"tweeluik demo"
MEANDER, NOORD = "Arbopraktijk De Meander", "Bedrijfsartsen Noord"
KVK = {MEANDER: "00000001", NOORD: "00000002"}

_LIST = (
    "akker anker appel berk beuk boei boter brug deken dijk duin eend egel emmer esdoorn fiets gans gevel gracht haan "
    "haven heide hommel iep kaars kachel ketel klomp kraan kreek lamp linde lucifer mand meeuw merel molen mug nevel "
    "otter paal peer polder raam reiger riet roer schaap schelp sloot sluis spade speld steiger stoep tafel toren trui "
    "veen vlier wilg wolk zeil zwaan"
)
_WORDS = _LIST.split()


@dataclass(frozen=True)
class Login:
    """One account: who it is, what he is by profession, and where he works in which role."""

    username: str
    name: str
    profession: str
    title: str
    engagements: tuple[tuple[str, Role], ...]
    registers: tuple[str, ...] = ()
    phone: str = ""
    left: bool = False  # no longer works there: the account is, the capacity is not

    @property
    def password(self) -> str:
        """Four words: long enough for the validators, short enough to type over from a terminal."""
        digest = hmac.digest(DEMO, f"password/{self.username}".encode(), hashlib.sha256)
        return "-".join(_WORDS[byte % len(_WORDS)] for byte in digest[:4])

    @property
    def totp_secret(self) -> str:
        digest = hmac.digest(DEMO, f"totp/{self.username}".encode(), hashlib.sha256)
        return base64.b32encode(digest[:20]).decode()

    @property
    def capacities(self) -> list[tuple[str, Role]]:
        return [] if self.left else list(self.engagements)


LOGINS = (
    Login(
        "bedrijfsarts",
        "Marijke Hoogland",
        "bedrijfsarts",
        "",
        ((MEANDER, Role.BEDRIJFSARTS),),
        ("big_arts", "specialist_bedrijfsarts"),
        "0800 000 0011",
    ),
    Login(
        "bedrijfsarts-collega",
        "Karim Aït Lahcen",
        "bedrijfsarts",
        "",
        ((MEANDER, Role.BEDRIJFSARTS),),
        ("big_arts", "specialist_bedrijfsarts"),
        "0800 000 0012",
    ),
    Login(
        "waarnemer",
        "Willem van Rossum",
        "bedrijfsarts",
        "",
        ((MEANDER, Role.BEDRIJFSARTS),),
        ("big_arts", "specialist_bedrijfsarts"),
        "0800 000 0013",
    ),
    Login(
        "waarnemer-verlopen",
        "Ineke ter Braak",
        "bedrijfsarts",
        "",
        ((MEANDER, Role.BEDRIJFSARTS),),
        ("big_arts", "specialist_bedrijfsarts"),
    ),
    Login(
        "anios",
        "Noor Sewnandan",
        "arts",
        "ANIOS bedrijfsgeneeskunde",
        ((MEANDER, Role.ARTS_ONDER_SUPERVISIE),),
        ("big_arts",),
    ),
    Login(
        "pob",
        "Fatma Yıldırım",
        "pob",
        "praktijkondersteuner bedrijfsarts",
        ((MEANDER, Role.GEDELEGEERDE),),
        phone="0800 000 0021",
    ),
    Login(
        "pob-zonder-delegatie",
        "Bas Tjepkema",
        "arboverpleegkundige",
        "arboverpleegkundige",
        ((MEANDER, Role.GEDELEGEERDE),),
        ("big_verpleegkundige",),
    ),
    Login(
        "procesbewaker",
        "Sandra Kuipers",
        "casemanager",
        "procesbewaker verzuim",
        ((MEANDER, Role.PROCESBEWAKER),),
    ),
    Login(
        "casemanager",
        "Erik de Wit",
        "casemanager",
        "HR-adviseur Van Dongen Transport",
        ((MEANDER, Role.CASEMANAGER),),
        ("rnvc",),
    ),
    Login(
        "casemanager-2",
        "Hanneke Wiersma",
        "casemanager",
        "teamleider De Veste",
        ((MEANDER, Role.CASEMANAGER),),
    ),
    Login(
        "tweepetten",
        "Ruben Isenia",
        "bedrijfsmaatschappelijk_werker",
        "bedrijfsmaatschappelijk werker",
        ((MEANDER, Role.CASEMANAGER), (MEANDER, Role.GEDELEGEERDE)),
    ),
    Login(
        "secretariaat",
        "Joke Hindorie",
        "secretaresse",
        "",
        ((MEANDER, Role.SECRETARIAAT),),
        phone="0800 000 0010",
    ),
    Login("beheerder", "Peter Zandstra", "overig", "praktijkmanager", ((MEANDER, Role.PRAKTIJKBEHEERDER),)),
    Login("fg", "Leyla Demirtaş", "overig", "functionaris gegevensbescherming", ((MEANDER, Role.FG),)),
    Login(
        "andere-praktijk",
        "Gerrit Oosterhuis",
        "bedrijfsarts",
        "",
        ((NOORD, Role.BEDRIJFSARTS),),
        ("big_arts", "specialist_bedrijfsarts"),
        "0800 000 0031",
    ),
    Login(
        "andere-beheerder", "Aaltje Nijboer", "overig", "praktijkmanager", ((NOORD, Role.PRAKTIJKBEHEERDER),)
    ),
    Login(
        "oud-medewerker",
        "Corrie Blom",
        "pob",
        "praktijkondersteuner bedrijfsarts",
        ((MEANDER, Role.GEDELEGEERDE),),
        left=True,
    ),
)
BY_NAME = {login.username: login for login in LOGINS}
# Who founds each practice; the rest is invited from inside it.
FOUNDERS = {MEANDER: ("beheerder", "bedrijfsarts"), NOORD: ("andere-beheerder", "andere-praktijk")}


def as_json() -> list[dict[str, Any]]:
    """List what a person, or a test in a browser, needs to log in as anybody."""
    return [
        {
            "username": login.username,
            "password": login.password,
            "totp_secret": login.totp_secret,
            "capacities": [{"role": str(role), "practice": practice} for practice, role in login.capacities],
        }
        for login in LOGINS
    ]
