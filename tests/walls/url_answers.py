"""What every address answers to whom, written by hand from the grid: status, and for whom it is another.

A label is the name of a route, and where it matters what the address names. An address without a row under a method
answers 405 to it. 403 is "mag niet" or "nog niet"; 404 is what something non-existent gets; 302 leads on.
"""

from __future__ import annotations

ROLES = {
    "ba": "bedrijfsarts",
    "dg": "bedrijfsarts_doelgebonden",
    "wn": "waarnemer",
    "as": "arts_onder_supervisie",
    "ge": "gedelegeerde",
    "tl": "teamlid",
    "so": "second_opinionarts",
    "db": "dossierbewaarder",
    "si": "signaleerder",
    "pb": "procesbewaker",
    "oa": "overig_a",
    "cm": "casemanager",
    "ob": "overig_b",
    "se": "secretariaat",
    "be": "praktijkbeheerder",
    "fg": "fg",
}

# Whoever is logged in, whatever his role: his own account, and the way in that lies behind him.
ACCOUNT_GET = """
account_login                    | 302 |
account_logout                   | 200 |
account_inactive                 | 200 |
account_change_password          | 200 |
invitation_accept                | 404 |
invitation                       | 302 |
mfa_authenticate                 | 302 |
mfa_activate_totp                | 200 |
mfa_view_recovery_codes          | 200 |
confirm                          | 200 |
session_list                     | 200 |
keys                             | 200 |
hoedanigheid                     | 200 |
capacity_choose                  | 200 |
ical                             | 404 |
"""
ACCOUNT_POST = """
account_login                    | 302 |
account_change_password          | 200 |
invitation_accept                | 404 |
mfa_authenticate                 | 302 |
mfa_activate_totp                | 200 |
confirm                          | 200 |
keys                             | 302 |
hoedanigheid                     | 200 |
capacity_choose                  | 200 |
mfa_generate_recovery_codes      | 302 |
session_end                      | 302 |
account_logout                   | 302 |
"""

# Objects of the practice. Waarnemer and purpose-bound bedrijfsarts wear the engagement of a bedrijfsarts here.
PRACTICE_GET = """
accounts_list                    | 403 | 200 be fg
accounts_invite                  | 403 | 200 be
accounts_accept                  | 403 | 200 ba dg wn
accounts_end                     | 403 | 200 be
accounts_suspend                 | 403 | 200 be
accounts_move                    | 403 | 200 be
staff_person                     | 403 | 200 be fg
staff_departure                  | 403 | 200 be fg
clients                          | 200 | 403 so db fg
client_add                       | 403 | 200 ba dg wn be
client                           | 200 | 403 so db fg
employee_add                     | 403 | 200 ba dg wn as se be
client_guide                     | 403 | 200 ba dg wn be
log_review                       | 403 | 200 fg
practice                         | 200 |
location_add                     | 403 | 200 be
location_edit                    | 403 | 200 be
closing_add                      | 403 | 200 be
settings                         | 403 | 200 ba dg wn be fg
setting_choose                   | 403 | 200 be
professionals                    | 200 | 403 so db oa cm ob
profession                       | 200 | 403 so db oa cm ob
professional                     | 200 | 403 so db oa cm ob
professional_add                 | 403 | 200 se be
professional_edit                | 403 | 200 se be
registration_add                 | 403 | 200 se be
registration_check               | 403 | 200 se be
colleague                        | 200 | 403 so db oa cm ob
colleague_add                    | 403 | 200 se be
colleague_registration_add       | 403 | 200 se be
colleague_registration_check     | 403 | 200 se be
deputising                       | 200 | 403 so db oa cm ob
deputising_begin                 | 403 | 200 ba dg wn be
deputising_end                   | 403 | 200 ba be
standing_sign                    | 403 | 200 ba dg wn
standing_end                     | 403 | 200 ba
absence_record                   | 403 | 200 ba dg wn be
absence_end                      | 403 | 200 ba be
untold                           | 403 | 200 ba dg wn
supervisions                     | 403 | 200 ba dg wn as
supervision_begin                | 403 | 200 ba dg wn
supervision_end                  | 403 | 200 ba, 404 dg wn
reviews                          | 403 | 200 ba dg wn as
two_hats                         | 403 | 200 ba dg wn
assignments                      | 403 | 200 ba dg wn be
assignment_new                   | 403 | 200 ba dg wn be
assignment_end                   | 403 | 200 ba
review_signals                   | 403 | 200 ba dg wn fg
review_signal                    | 403 | 200 ba wn fg, 404 dg
review_sample                    | 403 | 200 fg
review_report                    | 403 | 200 fg
review_settings                  | 403 | 200 fg
contracts                        | 200 | 403 tl so oa cm ob se
contract_draft                   | 403 | 200 ba dg wn as be
contract lopend                  | 200 | 403 tl so oa cm ob se, 404 si pb
contract_edit lopend             | 403 |
contract_sign lopend             | 403 | 404 si pb
contract_accept lopend           | 403 | 302 ge, 404 si pb
contract_suspend lopend          | 403 | 200 ba dg wn
contract_resume lopend           | 403 | 200 ba dg wn
contract_end lopend              | 403 | 200 ba dg wn
task_competence lopend           | 403 | 200 ba, 404 si pb
task_competence_withdraw lopend  | 403 | 200 ba, 404 si pb
contract concept                 | 200 | 403 tl so oa cm ob se, 404 si pb
contract_edit concept            | 403 | 200 ba dg wn as be
contract_sign concept            | 403 | 200 ba, 404 si pb
contract_accept concept          | 403 | 404 si pb
contract_suspend concept         | 403 | 200 ba dg wn
contract_resume concept          | 403 | 200 ba dg wn
contract_end concept             | 403 | 200 ba dg wn
task_competence concept          | 403 | 200 ba, 404 si pb
task_competence_withdraw concept | 403 | 404 ba si pb
protocols                        | 200 | 403 so db oa cm ob
protocol_new                     | 403 | 200 ba dg wn be
protocol                         | 200 | 403 so db oa cm ob
protocol_publish                 | 403 | 200 ba dg wn be
agenda                           | 200 | 403 db ob fg
agenda_find                      | 200 | 403 db ob fg cm be
block_new                        | 403 | 200 ba dg wn as tl so
rooms                            | 403 | 200 be
feed                             | 200 | 403 db ob fg cm be se
contact_new                      | 403 | 200 ba dg wn
"""
# Empty forms: 200 or 400 is the form that comes back, 302 an act that asks no words. A client is accepted before its
# first dossier is founded.
PRACTICE_POST = """
accounts_invite                  | 403 | 200 be
accounts_accept                  | 403 | 302 ba dg wn
accounts_reinvite                | 403 | 200 be
accounts_end                     | 403 | 200 be
accounts_suspend                 | 403 | 200 be
accounts_move                    | 403 | 400 be
accounts_resume                  | 403 | 302 be
clients                          | 200 | 403 so db fg
review_signal                    | 403 | 400 fg, 404 dg
review_sample                    | 403 | 302 fg
review_settings                  | 403 | 400 fg
client_add                       | 403 | 200 ba dg wn be
client                           | 200 | 403 so db fg
employee_add                     | 403 | 200 ba dg wn as se be
client_guide                     | 403 | 200 ba dg wn be
client_accept                    | 403 | 302 ba, 404 dg wn
dossier_found                    | 404 | 302 ba wn as se, 403 so db be fg
deputising_begin                 | 403 | 400 ba dg wn be
deputising_end                   | 403 | 400 ba be
standing_sign                    | 403 | 400 ba dg wn
standing_end                     | 403 | 302 ba
absence_record                   | 403 | 400 ba dg wn be
absence_end                      | 403 | 302 ba be
supervision_begin                | 403 | 400 ba dg wn
supervision_end                  | 403 | 400 ba, 404 dg wn
assignment_new                   | 403 | 400 ba dg wn be
assignment_accept                | 403 | 302 ba
assignment_end                   | 403 | 400 ba
contract_draft                   | 403 | 400 ba dg wn as be
contract_edit lopend             | 403 |
contract_sign lopend             | 403 | 404 si pb
contract_accept lopend           | 403 | 302 ge, 404 si pb
contract_suspend lopend          | 403 | 400 ba dg wn
contract_resume lopend           | 403 | 302 ba
contract_end lopend              | 403 | 400 ba dg wn
task_declare lopend              | 404 | 302 ge, 403 tl so oa cm ob se
task_competence lopend           | 403 | 400 ba, 404 si pb
task_competence_withdraw lopend  | 403 | 400 ba, 404 si pb
contract_edit concept            | 403 | 400 ba dg wn as be
contract_sign concept            | 403 | 400 ba, 404 si pb
contract_accept concept          | 403 | 404 si pb
contract_suspend concept         | 403 | 400 ba dg wn
contract_resume concept          | 403 |
contract_end concept             | 403 | 400 ba dg wn
task_declare concept             | 404 | 302 ge, 403 tl so oa cm ob se
task_competence concept          | 403 | 400 ba, 404 si pb
task_competence_withdraw concept | 403 | 404 ba si pb
location_add                     | 403 | 400 be
location_edit                    | 403 | 400 be
closing_add                      | 403 | 400 be
closing_withdraw                 | 403 | 302 be
setting_choose                   | 403 | 400 be
setting_accept                   | 403 | 302 ba dg wn
professionals                    | 200 | 403 so db oa cm ob
professional_add                 | 403 | 400 se be
professional_edit                | 403 | 400 se be
registration_add                 | 403 | 400 se be
registration_check               | 403 | 400 se be
colleague_add                    | 403 | 400 se be
colleague_registration_add       | 403 | 400 se be
colleague_registration_check     | 403 | 400 se be
protocol_new                     | 403 | 400 ba dg wn be
protocol_publish                 | 403 | 400 ba dg wn be
protocol_read                    | 403 | 302 ge
agenda_find                      | 200 | 403 db ob fg cm be
block_new                        | 403 | 400 ba dg wn as tl so
block_withdraw                   | 404 | 302 ba, 403 db ob fg cm be
rooms                            | 403 | 400 be
feed                             | 200 | 403 db ob fg cm be se
contact_new                      | 403 | 400 ba dg wn
contact_open                     | 403 | 302 ba wn, 404 dg
"""

# His own dossier, where every guard holds.
DOSSIER_GET = """
today                            | 200 | 302 be fg
start                            | 200 | 302 be fg
zoeken                           | 200 |
concepts                         | 200 |
snippets                         | 200 | 403 cm ob be fg
snippet_edit                     | 404 | 200 ba dg wn, 403 cm ob be fg
dossier                          | 200 | 403 be
private_new                      | 403 | 200 ba dg wn as ge so
private_edit                     | 403 | 200 ba, 404 dg wn as ge so
breach_assess                    | 403 | 200 ba fg, 404 dg
team                             | 200 | 403 so oa ob be
who_may                          | 200 | 403 so oa ob be
who_did                          | 403 | 200 ba dg wn db fg
log_request                      | 403 | 200 ba wn db fg
log_overview                     | 403 | 200 ba wn db fg
dossier_section begeleiding      | 403 | 200 ba wn as ge tl so db
dossier_section open_spreekuur   | 403 | 200 ba dg wn as ge db
dossier_section proces           | 403 | 200 ba wn as ge si pb oa
dossier_section werkgeverdeel    | 403 | 200 ba wn as ge si pb oa cm se
dossier_section nergens          | 404 |
notice_give                      | 403 | 200 ba dg wn as ge tl db si pb se be
dossier_reviews                  | 403 | 200 ba dg wn as ge db
separation                       | 403 | 404 ba
consents                         | 403 | 200 ba dg wn as ge so db
signals                          | 403 | 200 ba wn as ge db si
take_over                        | 403 | 200 ba, 404 be
record_new spreekuur             | 403 | 200 ba wn as
record_new contact               | 403 | 200 ge
record_new proces                | 403 | 200 ba wn as ge si pb oa se
record_new ziekmelding           | 403 | 200 ba wn as ge si pb cm se
record_new herstel               | 403 | 200 ba wn as ge si pb cm se
record_new feit                  | 404 |
record_new vrijwillig            | 403 | 200 ba dg wn as
appointments                     | 200 | 403 db ob be fg
appointment_new                  | 200 | 403 db ob be fg cm
appointment_move                 | 200 | 403 db ob be fg cm, 404 oa
appointment_close                | 200 | 403 db ob be fg cm, 404 oa
appointment_letter               | 200 | 403 db ob be fg cm, 404 oa
"""
# What the physician wrote, what he shared with the delegate, his concept, what the delegate wrote, a process step.
RECORD_GET = """
record spreekuur                 | 403 | 200 ba wn as db, 404 ge tl so
record_edit spreekuur            | 403 | 302 ba wn as db, 404 ge tl so
record_amend spreekuur           | 403 | 200 ba
record_move spreekuur            | 403 | 200 ba
record gedeeld                   | 403 | 200 ba wn as ge db, 404 tl so
record_edit gedeeld              | 403 | 302 ba wn as ge db, 404 tl so
record_amend gedeeld             | 403 | 200 ba
record_move gedeeld              | 403 | 200 ba
record concept                   | 403 | 200 ba wn as db, 404 ge tl so
record_edit concept              | 403 | 200 ba, 302 wn as db, 404 ge tl so
record_amend concept             | 403 | 302 ba
record_move concept              | 403 | 200 ba
record contact                   | 403 | 200 ba wn as ge db, 404 dg
record_edit contact              | 403 | 302 ba wn as ge db, 404 dg
record_amend contact             | 403 | 200 ge
record_move contact              | 403 | 200 ge
record proces                    | 403 | 200 ba wn as ge si pb, 404 oa
record_edit proces               | 403 | 302 ba wn as ge si pb, 404 oa
record_amend proces              | 403 | 200 ba wn as
record_move proces               | 403 | 200 ba
"""
DOSSIER_POST = """
zoeken                           | 200 |
notice_give                      | 403 | 400 ba dg wn as ge tl db si pb se be
untold_tell                      | 403 | 400 ba dg wn
review_done                      | 403 | 404 ba dg wn as ge
separation                       | 403 | 404 ba
consents                         | 403 | 400 ba dg wn as ge so
signals                          | 403 | 400 si
consent_withdraw                 | 403 | 404 ba dg wn as ge so db
take_over                        | 403 | 400 ba, 404 be
kept_decide                      | 404 | 403 be fg
log_request                      | 403 | 400 ba wn db fg
log_overview                     | 403 | 400 ba wn db fg
snippets                         | 400 | 403 cm ob be fg
snippet_edit                     | 404 | 400 ba dg wn, 403 cm ob be fg
snippet_remove                   | 404 | 302 ba dg wn, 403 cm ob be fg
draft_new spreekuur              | 404 | 204 ba wn as
draft_of concept                 | 404 | 204 ba wn as
draft_discard                    | 404 | 403 be fg
private_new                      | 403 | 400 ba dg wn as ge so
private_edit                     | 403 | 400 ba, 404 dg wn as ge so
private_destroy                  | 403 | 302 ba, 404 dg wn as ge so
breach_assess                    | 403 | 400 ba fg, 404 dg
record_new spreekuur             | 403 | 400 ba wn as
record_new contact               | 403 | 400 ge
record_new proces                | 403 | 400 ba wn as ge si pb oa se
record_new ziekmelding           | 403 | 400 ba wn as ge si pb cm se
record_new herstel               | 403 | 400 ba wn as ge si pb cm se
record_new feit                  | 404 |
record_new vrijwillig            | 403 | 400 ba dg wn as
appointment_new                  | 400 | 403 db ob be fg cm
appointment_move                 | 400 | 403 db ob be fg cm, 404 oa
appointment_close                | 400 | 403 db ob be fg cm, 404 oa
"""
RECORD_POST = """
record_edit spreekuur            | 403 | 400 ba, 404 ge tl so
record_amend spreekuur           | 403 | 400 ba
record_sign spreekuur            | 403 | 302 ba, 404 ge tl so
record_remark spreekuur          | 404 |
record_move spreekuur            | 403 | 200 ba
record_share spreekuur           | 403 | 400 ba wn
record_unshare spreekuur         | 403 | 404 ba wn
record_edit gedeeld              | 403 | 400 ba, 404 tl so
record_amend gedeeld             | 403 | 400 ba
record_sign gedeeld              | 403 | 302 ba, 404 tl so
record_remark gedeeld            | 404 |
record_move gedeeld              | 403 | 200 ba
record_share gedeeld             | 403 | 400 ba wn
record_unshare gedeeld           | 403 | 302 ba wn
record_edit concept              | 403 | 400 ba, 404 ge tl so
record_amend concept             | 403 | 400 ba
record_sign concept              | 403 | 302 ba, 404 ge tl so
record_remark concept            | 404 |
record_move concept              | 403 | 200 ba
record_share concept             | 403 | 400 ba wn
record_unshare concept           | 403 | 404 ba wn
record_edit contact              | 403 | 400 ge, 404 dg
record_amend contact             | 403 | 400 ge
record_sign contact              | 403 | 302 ge, 404 dg
record_remark contact            | 403 | 400 ba wn as, 404 dg
record_move contact              | 403 | 200 ge
record_share contact             | 403 | 400 ba wn
record_unshare contact           | 403 | 404 ba wn
record_edit proces               | 403 | 400 ba, 404 oa
record_amend proces              | 403 | 400 ba wn as
record_sign proces               | 403 | 302 ba, 404 oa
record_remark proces             | 404 |
record_move proces               | 403 | 200 ba
record_share proces              | 403 |
record_unshare proces            | 403 |
"""


def read(*tables: str) -> dict[str, dict[str, int]]:
    """Read tables: label → role → status."""
    found: dict[str, dict[str, int]] = {}
    for line in "".join(tables).split("\n"):
        if not line:
            continue
        label, usual, others = (part.strip() for part in line.split("|"))
        if label in found:
            raise ValueError(f"{label} stands there twice")
        found[label] = dict.fromkeys(ROLES.values(), int(usual))
        for group in filter(None, others.split(", ")):
            status, *short = group.split()
            found[label] |= {ROLES[role]: int(status) for role in short}
    return found


GET = read(ACCOUNT_GET, PRACTICE_GET, DOSSIER_GET, RECORD_GET)
POST = read(ACCOUNT_POST, PRACTICE_POST, DOSSIER_POST, RECORD_POST)
# Of allauth's own pages: OPTIONS is answered, and who is logged in already is led on whatever he asks.
ANYTHING = {"account_login": 302, "mfa_authenticate": 302}
OPTIONS = {"account_inactive": 200, "account_change_password": 200, "account_logout": 200}


def expected(method: str, label: str, role: str) -> int:
    """Say what this address answers to this method for this role."""
    if method in ("GET", "HEAD"):
        return GET[label][role] if label in GET else 405
    if method == "POST":
        return POST[label][role] if label in POST else 405
    return ANYTHING.get(label) or (OPTIONS.get(label, 405) if method == "OPTIONS" else 405)
