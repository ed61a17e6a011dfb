"""Every form of the product with fields that are right, and everything wrong that can stand in one of them.

A label is that of tests/walls/addresses.py. Written by hand: a form without a row here fails in test_bad_input.py.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote_plus
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from tests.domain.test_records_browser import moment
from tests.world import DELEGATED

PROSE = "Deze woorden blijven staan."
CASE = {
    "first_sick_day": "2026-01-05",
    "reported_on": "2026-01-05",
    "expected_days": "14",
    "absence_percentage": "100",
    "telefoon": "0600000001",
    "verpleegadres": "Thuis",
    "werkafspraken": PROSE,
}
RECORD = {"happened_at": "", "form_key": "", "revision": "1", "bewaard": "", "doe": "bewaren"}
TIME = {"day": "2027-03-02", "time": "10:30", "minutes": "30", "room": ""}
PROTOCOL = {"form_key": "", "position": PROSE, "division": PROSE, "responsibilities": PROSE}
DRAFT = {
    "form_key": "",
    "physician": "",
    "delegate": "",
    "starts_on": "2030-01-01",
    "ends_on": "2030-12-31",
    "employers": "",
    "relations": "",
    "tasks": "",
    "protocol": "",
    "supervision_plan": PROSE,
    "consultation_interval": "1",
    "over_maximum_reason": PROSE,
}

LOCATION = {"street": "Zijweg 2", "postcode": "0100 AB", "city": PROSE, "phone": "0600000001"}
EXTERNAL = {
    "surname": "Buitenhuis",
    "prefix": "van",
    "initials": "A.",
    "organisation": PROSE,
    "profession": "21",
    "title": "huisarts",
    "city": "Soest",
    "phone": "0600000001",
    "email": "a@post.example",
}
CHECK = {"checked_on": "2026-01-05", "result": "registered", "ends_on": "2031-01-01"}

# Label → who sends it, and the fields that matter.
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "zoeken": ("bedrijfsarts", {"q": "vos"}),
    "clients": ("bedrijfsarts", {"naam": "vos"}),
    "client": ("bedrijfsarts", {"q": "vos"}),
    "client_add": ("praktijkbeheerder", {"name": PROSE, "kvk_number": "12345678", "form_key": ""}),
    "client_guide": ("praktijkbeheerder", {"holder": "", "tasks": PROSE, "role_division": PROSE}),
    "client_accept": ("bedrijfsarts", {}),
    "dossier_found": ("bedrijfsarts", {}),
    "employee_add": (
        "secretariaat",
        {
            "surname": "Zonneveld",
            "prefix": "van",
            "initials": "E.",
            "first_name": "Eva",
            "birth_date": "1981-03-14",
            "kind": "employment",
            "starts_on": "2020-01-01",
            "department": "Drukkerij",
            "personnel_number": "17",
            "phone": "0600000001",
            "email": "eva@post.example",
            "street": "Dijk 1",
            "postcode": "0100 AX",
            "city": "Soest",
        },
    ),
    "location_add": ("praktijkbeheerder", {**LOCATION, "name": "Zijweg", "form_key": ""}),
    "location_edit": ("praktijkbeheerder", {**LOCATION, "name": "Zijweg", "in_use": "on"}),
    "closing_add": (
        "praktijkbeheerder",
        {"name": PROSE, "first_day": "2030-12-24", "last_day": "2030-12-31", "form_key": ""},
    ),
    "closing_withdraw": ("praktijkbeheerder", {}),
    "setting_choose": (
        "praktijkbeheerder",
        {"value": "6", "starts_on": "2030-01-01", "reason": PROSE, "form_key": ""},
    ),
    "setting_accept": ("bedrijfsarts", {}),
    "professionals": ("bedrijfsarts", {"q": "vos"}),
    "professional_add": ("secretariaat", {**EXTERNAL, "form_key": ""}),
    "professional_edit": ("secretariaat", {**EXTERNAL, "in_use": "on"}),
    "registration_add": (
        "secretariaat",
        {**CHECK, "register": "rnvc", "detail": "Crov", "number": "123", "form_key": ""},
    ),
    "registration_check": ("secretariaat", CHECK),
    "colleague_add": ("secretariaat", {"profession": "overig", "title": PROSE, "phone": "0600000001"}),
    "colleague_registration_add": (
        "secretariaat",
        {**CHECK, "register": "rnvc", "number": "123", "starts_on": "2020-01-01"},
    ),
    "colleague_registration_check": ("secretariaat", CHECK),
    "accounts_invite": (
        "praktijkbeheerder",
        {
            "colleague": "",
            "username": "nieuweling",
            "display_name": "Nieuwe Collega",
            "email": "n@post.example",
            "role": "teamlid",
            "starts_on": "2030-01-01",
        },
    ),
    "accounts_accept": ("bedrijfsarts", {"engagement": ""}),
    "accounts_reinvite": ("praktijkbeheerder", {}),
    "accounts_suspend": ("praktijkbeheerder", {"reason": PROSE}),
    "accounts_move": (
        "praktijkbeheerder",
        {"role": "secretariaat", "starts_on": "2030-01-01", "reason": PROSE, "form_key": ""},
    ),
    "accounts_resume": ("praktijkbeheerder", {}),
    "accounts_end": ("praktijkbeheerder", {"ends_on": "2030-01-01", "reason": PROSE}),
    "contract_draft": ("bedrijfsarts", DRAFT),
    "contract_edit concept": ("bedrijfsarts", DRAFT),
    "contract_sign concept": (
        "bedrijfsarts",
        {"how-M4": PROSE, "limits-M4": PROSE, "review-M4": "2031-01-01"},
    ),
    "contract_accept lopend": ("gedelegeerde", {"task-M2": "ja"}),
    "contract_accept wachtend": ("gedelegeerde", {f"task-{code}": "ja" for code in DELEGATED}),
    "contract_suspend lopend": ("bedrijfsarts", {"reason": PROSE}),
    "contract_resume lopend": ("bedrijfsarts", {}),
    "contract_end lopend": ("bedrijfsarts", {"reason": PROSE}),
    "task_declare lopend": ("gedelegeerde", {"bekwaam": "ja"}),
    "task_competence lopend": (
        "bedrijfsarts",
        {"how_verified": PROSE, "limits": PROSE, "review_on": "2031-01-01"},
    ),
    "task_competence_withdraw lopend": ("bedrijfsarts", {"reason": PROSE}),
    "protocol_new": ("praktijkbeheerder", {"name": "Protocol van nu", **PROTOCOL}),
    "protocol_publish": ("praktijkbeheerder", PROTOCOL),
    "protocol_read": ("gedelegeerde", {}),
    "notice_give": (
        "gedelegeerde",
        {
            "function": "praktijkondersteuner",
            "task": PROSE,
            "reachable": PROSE,
            "right_to_speak": "on",
            "given_at": "2026-01-05T10:00",
            "means": "gesprek",
            "wie": "",
            "next": "/",
            "form_key": "",
        },
    ),
    "deputising_begin": (
        "praktijkbeheerder",
        {
            "replaced": "",
            "deputy": "",
            "starts_on": "2030-01-01",
            "ends_on": "2030-01-31",
            "reason": PROSE,
            "form_key": "",
        },
    ),
    "deputising_end": ("bedrijfsarts", {"reason": PROSE}),
    "standing_sign": ("bedrijfsarts", {"deputies": "", "form_key": ""}),
    "standing_end": ("bedrijfsarts", {}),
    "absence_record": (
        "praktijkbeheerder",
        {"physician": "", "starts_on": "2030-01-01", "ends_on": "2030-01-31", "form_key": ""},
    ),
    "absence_end": ("bedrijfsarts", {}),
    "untold_tell": ("bedrijfsarts", {"means": "telefoon", "daarna": "openen", "form_key": ""}),
    "supervision_begin": (
        "bedrijfsarts",
        {
            "physician": "",
            "starts_on": "2030-01-01",
            "ends_on": "2030-12-31",
            "employers": "",
            "purposes": "begeleiding",
            "form_key": "",
        },
    ),
    "supervision_end": ("bedrijfsarts", {"reason": PROSE}),
    "review_done": ("bedrijfsarts", {"opmerking": PROSE, "form_key": ""}),
    "separation": (
        "bedrijfsarts",
        {
            "separable": "ja",
            "reason": PROSE,
            "boundaries": PROSE,
            "review_on": "2031-01-01",
            "form_key": "",
        },
    ),
    "assignment_new": (
        "bedrijfsarts",
        {
            "holder": "",
            "responsible": "",
            "employer": "",
            "purposes": "begeleiding",
            "tasks": PROSE,
            "starts_on": "2030-01-01",
            "ends_on": "2030-12-31",
            "form_key": "",
        },
    ),
    "consents": (
        "bedrijfsarts",
        {
            "section": "pmo",
            "verb": "release",
            "colleague": "",
            "receiver": "de huisarts",
            "content": PROSE,
            "given_how": PROSE,
            "ends_on": "2031-01-01",
            "form_key": "",
        },
    ),
    "consent_withdraw": ("bedrijfsarts", {}),
    "signals": (
        "signaleerder",
        {"category": "anders", "happened_at": "2026-01-05T10:00", "form_key": ""},
    ),
    "take_over": ("bedrijfsarts", {"reason": PROSE, "doe": "overnemen", "form_key": ""}),
    "assignment_accept": ("bedrijfsarts", {}),
    "assignment_end": ("bedrijfsarts", {"reason": PROSE}),
    "review_signal": ("fg", {"outcome": "inbreuk", "reason": PROSE, "follow_up": PROSE, "form_key": ""}),
    "review_sample": ("fg", {"maand": "2026-01"}),
    "review_settings": (
        "fg",
        {
            "own_days": "31",
            "contact_days": "14",
            "many_least": "15",
            "many_times": "3",
            "many_share": "50",
            "refusals": "3",
            "sample_size": "20",
            "reason": PROSE,
        },
    ),
    "log_request": (
        "bedrijfsarts",
        {
            "asked_on": "2026-01-05",
            "asked_by": "gemachtigde",
            "representative": PROSE,
            "identity": "legitimatie",
            "since": "2025-01-01",
            "until": "2025-12-31",
            "form_key": "",
        },
    ),
    "log_overview": ("bedrijfsarts", {"answered_on": "", "handed_over": "prive_adres"}),
    "kept_decide": ("bedrijfsarts", {"keuze": "vernietigen"}),
    "record_new spreekuur": ("bedrijfsarts", {**RECORD, "anamnese": PROSE, "advies": PROSE}),
    "record_new contact": ("gedelegeerde", {**RECORD, "anamnese": PROSE}),
    "record_new proces": ("procesbewaker", {**RECORD, "proces": PROSE}),
    "record_new ziekmelding": ("casemanager", {**RECORD, **CASE}),
    "record_new herstel": (
        "casemanager",
        {**RECORD, "from_day": "2026-01-12", "absence_percentage": "0", "werkafspraken": PROSE},
    ),
    "record_edit concept": ("bedrijfsarts", {**RECORD, "anamnese": PROSE, "keuze": ""}),
    "record_amend spreekuur": ("bedrijfsarts", {**RECORD, "anamnese": PROSE, "reason": PROSE, "keuze": ""}),
    "record_sign concept": ("bedrijfsarts", {}),
    "record_remark contact": ("bedrijfsarts", {"opmerking": PROSE, "form_key": ""}),
    "record_move spreekuur": ("bedrijfsarts", {"q": "vos", "naar": ""}),
    "record_share spreekuur": ("bedrijfsarts", {"met": ""}),
    "record_unshare spreekuur": ("bedrijfsarts", {}),
    "record_new vrijwillig": ("bedrijfsarts", {**RECORD, "anamnese": PROSE, "advies": PROSE}),
    "agenda_find": ("bedrijfsarts", {"q": "vos"}),
    "block_new": ("bedrijfsarts", {**TIME, "weeks": "2", "form_key": ""}),
    "block_withdraw": ("bedrijfsarts", {}),
    "rooms": ("praktijkbeheerder", {"location": "", "name": PROSE, "form_key": ""}),
    "feed": ("bedrijfsarts", {"doe": "maken"}),
    "contact_new": ("bedrijfsarts", {"surname": "Zonneveld", "birth_date": "1981-03-14"}),
    "contact_open": ("bedrijfsarts", {}),
    "appointment_new": (
        "bedrijfsarts",
        {"kind": "verzuimconsult", "engagement": "", **TIME, "form_key": ""},
    ),
    "appointment_move": ("bedrijfsarts", TIME),
    "appointment_close": ("bedrijfsarts", {"outcome": "cancelled", "reason": "werknemer"}),
    "draft_new spreekuur": ("bedrijfsarts", {**RECORD, "anamnese": PROSE}),
    "draft_of concept": ("bedrijfsarts", {**RECORD, "anamnese": PROSE}),
    "draft_discard": ("bedrijfsarts", {}),
    "private_new": ("bedrijfsarts", {"text": PROSE, "destroy_before": "", "form_key": ""}),
    "private_edit": ("bedrijfsarts", {"text": PROSE, "destroy_before": ""}),
    "private_destroy": ("bedrijfsarts", {}),
    "breach_assess": ("bedrijfsarts", {"seen": "nee", "outcome": "geen", "reason": PROSE}),
    "snippets": (
        "bedrijfsarts",
        {"title": "Opbouw", "where": "medical", "text": PROSE, "whose": "mij", "form_key": ""},
    ),
    "snippet_edit": ("bedrijfsarts", {"title": "Opbouw", "where": "medical", "text": PROSE}),
    "snippet_remove": ("bedrijfsarts", {}),
    "keys": ("bedrijfsarts", {"toetsen": "aan"}),
    "account_login": ("", {"login": "iemand", "password": "vier-fietsen", "next": "/"}),
    "mfa_authenticate": ("", {"code": "123456", "next": "/"}),
    "invitation_accept": ("", {"password1": "vier-fietsen-hier", "password2": "vier-fietsen-hier"}),
    "account_change_password": (
        "bedrijfsarts",
        {"oldpassword": "oud", "password1": "vier-fietsen-hier", "password2": "vier-fietsen-hier"},
    ),
    "mfa_activate_totp": ("bedrijfsarts", {"code": "123456"}),
    "confirm": ("bedrijfsarts", {"code": "123456", "next": "/"}),
    "capacity_choose": ("bedrijfsarts", {"engagement": "", "next": "/"}),
    "hoedanigheid": ("bedrijfsarts", {"engagement": "", "next": "/"}),
    "session_end": ("bedrijfsarts", {"session": ""}),
    "mfa_generate_recovery_codes": ("bedrijfsarts", {}),
    "account_logout": ("bedrijfsarts", {"next": "/"}),
}

# What can stand in a field. Bytes go out as they are: no browser sends them, everybody else can.
BAD: dict[str, str | bytes] = {
    "nothing": "",
    "blanks": " \t\n ",
    "far too long": "a" * 100_000,
    "a nul": "tekst\0 met nul",
    "an escape": "tekst\x1b[31m rood",
    "turned around": "tekst\u202egnireisigaid\u202c",
    "half a character": b"tekst\xed\xa0\x80",
    "no utf-8": b"\xff\xfe tekst \xc3(",
    "an unknown id": str(uuid4()),
    "no id": "niet-een-id",
    "a number too large": "9" * 40,
    "a negative number": "-1",
    "a day that is not": "31-02-2026",
    "the year nought": "0000-00-00",
    "the year ten thousand": "9999999-01-01T10:00",
    "the last year": "9999-12-31",
    "markup": '"><script>alert(1)</script>',
    "another site": "//kwaad.example/x",
}


def encode(fields: dict[str, str | bytes]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields.items())


def whole(fields: dict[str, str]) -> dict[str, str | bytes]:
    """Fill in what is new on every form: its key, and the moment."""
    found: dict[str, str | bytes] = dict(fields)
    if "form_key" in fields:
        found["form_key"] = str(uuid4())
    if "destroy_before" in fields:
        found["destroy_before"] = str(timezone.localdate() + timedelta(days=9))
    if fields.get("happened_at") == "":
        found["happened_at"] = moment()
    return found


def send(client: Client, url: str, fields: dict[str, str | bytes]) -> object:
    return client.post(
        url,
        encode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"sec-fetch-site": "same-origin"},
    )
