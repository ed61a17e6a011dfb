"""What PostgreSQL's own catalogue says of every table, function and role, against lists written by hand.

A model that stands in no list fails: whoever adds one says here what it is.
"""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections

HATS = ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer", "hat_admin")
LOGINS = ("tweeluik_app", "tweeluik_begin")
EVERYBODY = (*LOGINS, "hat_base", *HATS)

# --- every table in its class -------------------------------------------------------------------------------------

# Open: no row of it is about a person's health or work; no policy. What the bare login and a hat may do with it.
OPEN = {
    "auth_group": ("S", "S"),
    "auth_group_permissions": ("S", "S"),
    "auth_permission": ("S", "S"),
    "accounts_user_groups": ("S", "S"),
    "accounts_user_user_permissions": ("S", "S"),
    "django_content_type": ("S", "S"),
    "django_migrations": ("S", ""),
    "shared_cache": ("SIUD", ""),
    "account_emailaddress": ("SIUD", ""),
    "account_emailconfirmation": ("SIUD", ""),
    "mfa_authenticator": ("SIUD", ""),
    "delegation_edition": ("", "S"),
    "delegation_task": ("", "S"),
}
# Kernel only: definer functions and nobody else; or a library's table that must stay empty.
KERNEL = {
    "access_anchoring",
    "access_checkpoint",
    "access_sealed",
    "access_sessioncontext",
    "dossier_dossiergroupgrant",
    "guardian_userobjectpermission",
    "guardian_groupobjectpermission",
    "django_session",
}
PROOF = (
    "access_anchoring",
    "access_checkpoint",
    "access_sealed",
)  # added to by the sealer, and never changed
# Guarded, without history, and why.
WITHOUT_HISTORY = {
    "agenda_feed": "is a secret address with its beginning and end in the row",
    "professions_profession": "is law as data, the same in every practice: only a migration writes it",
    "professions_professionregister": "is law as data, the same in every practice: only a migration writes it",
    "reference_holiday": "is law as data, the same in every practice: only a migration writes it",
    "reference_settingdefinition": "is law as data, the same in every practice: only a migration writes it",
    "access_log": "is itself the history of looking, append-only",
    "access_groundscope": "is added and never changed",
    "accounts_user": "holds the hash of a password; what somebody may do stands in engagements, which have history",
    "accounts_session": "is a login, gone with it",
    "accounts_invitation": "is a link that works once",
    "dossier_dossier": "is a shell: its founding and its opening to the process side stand in the log",
    "dossier_kepttext": "is a text that was not recorded; its decision stands in the row",
    "dossier_draft": "is a form that was not sent, its author's alone",
    "dossier_standardtext": "is a phrase without a person in it; who changed it last stands in the row",
    "dossier_breachassessment": "is decided once and never changed; the decision stands in the row",
    "medical_werkaantekening": "is its author's alone, and leaves no trace when it is destroyed",
}
GUARDED = {
    "agenda_entry",
    "agenda_room",
    "access_ground",
    "access_suspension",
    "consent_consent",
    "consent_notice",
    "delegation_absence",
    "delegation_assignment",
    "delegation_competenceconclusion",
    "delegation_contract",
    "delegation_contractscope",
    "delegation_contracttask",
    "delegation_deputising",
    "delegation_owndeclaration",
    "delegation_protocol",
    "delegation_protocolread",
    "delegation_protocolversion",
    "delegation_separationdecision",
    "delegation_standingdeputy",
    "delegation_supervision",
    "delegation_takeover",
    "dossier_dossiergrant",
    "dossier_reviewdecision",
    "dossier_reviewsample",
    "dossier_reviewsetting",
    "dossier_share",
    "dossier_verzoek",
    "medical_part",
    "medical_record",
    "medical_review",
    "medical_signal",
    "people_employer",
    "people_engagement",
    "people_engagementsuspension",
    "people_person",
    "people_practice",
    "people_professional",
    "people_registration",
    "people_relation",
    "people_secrecydeclaration",
    "process_part",
    "process_record",
    "process_verzuimgeval",
    "process_verzuimverloop",
    "professions_externalprofessional",
    "professions_externalregistration",
    "reference_closingdays",
    "reference_location",
    "reference_setting",
}
# Also the owner is held to the policies: here lies text, or a copy of what was.
FORCED = {
    "dossier_breachassessment",
    "dossier_draft",
    "dossier_kepttext",
    "dossier_standardtext",
    "medical_part",
    "medical_record",
    "medical_review",
    "medical_signal",
    "medical_werkaantekening",
    "process_part",
    "process_record",
    "process_verzuimgeval",
    "process_verzuimverloop",
}


def history_of(table: str) -> str:
    app, _, name = table.partition("_")
    found = {"medical_record": "medicalrecord", "medical_part": "medicalpart"}
    found |= {"process_record": "processrecord", "process_part": "processpart"}
    return f"{app}_historical{found.get(table, name)}"


HISTORIES = {history_of(table): table for table in GUARDED}
ALL = {*OPEN, *KERNEL, *WITHOUT_HISTORY, *GUARDED, *HISTORIES}


def month(table: str) -> bool:
    return re.fullmatch(r"access_log_\d{4}_\d{2}", table) is not None


@pytest.fixture
def ask(superuser: psycopg.Connection) -> Any:
    """Ask the catalogue."""

    def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return superuser.execute(sql, values).fetchall()

    return rows


def test_every_model_has_its_class() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - ALL == set(), "say in this file what the new model is"
    assert ALL - tables - {"shared_cache", "django_migrations"} == set(), "a model is gone"


def test_every_table_of_the_database_has_its_class(ask: Any) -> None:
    tables = {
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    }
    assert {table for table in tables if not month(table)} == ALL
    assert len({table for table in tables if month(table)}) >= 14


def test_a_guarded_table_has_its_wall_and_an_open_one_none(ask: Any) -> None:
    walls = {
        name: (enabled, forced)
        for name, enabled, forced in ask(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    }
    for table in (
        *GUARDED,
        *WITHOUT_HISTORY,
        *HISTORIES,
        *PROOF,
        "access_sessioncontext",
        "dossier_dossiergroupgrant",
    ):
        assert walls[table][0], f"{table} has no row-level security"
    for table in (*FORCED, *HISTORIES):
        assert walls[table][1], f"{table} does not hold its owner"
    for table in walls:
        if month(table):
            assert walls[table] == (True, False), f"{table} could be read past its parent"
    for table in OPEN:
        assert walls[table] == (False, False), f"{table} is called open and has a wall"
    # What the definer functions read, they read as the owner.
    for table in ("access_ground", "access_log", "dossier_dossiergrant", "dossier_dossier", "consent_notice"):
        assert not walls[table][1]


# --- privileges -----------------------------------------------------------------------------------------------

NAMES = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE", "T": "TRUNCATE"}
RIGHTS = (*NAMES.values(), "REFERENCES", "TRIGGER")
MEDICAL_TABLES = (
    "medical_record",
    "medical_part",
    "medical_werkaantekening",
    "medical_historicalmedicalrecord",
    "medical_historicalmedicalpart",
    "consent_consent",
    "consent_historicalconsent",
    "dossier_share",
    "dossier_historicalshare",
    "delegation_owndeclaration",
    "delegation_historicalowndeclaration",
    "delegation_takeover",
    "delegation_historicaltakeover",
)
SIGNAL_TABLES = ("medical_signal", "medical_historicalsignal")


def held(ask: Any, role: str, table: str) -> set[str]:
    """Every privilege a role has on a table or on any of its columns, inherited ones included."""
    found = set()
    for right in RIGHTS:
        column = right in ("SELECT", "INSERT", "UPDATE", "REFERENCES")
        function = "has_any_column_privilege" if column else "has_table_privilege"
        if ask(f"SELECT {function}(%s, %s::regclass, %s)", role, f"public.{table}", right)[0][0]:
            found.add(right)
    return found


@pytest.mark.parametrize("hat", [hat for hat in HATS if hat != "hat_medical"])
def test_outside_the_medical_side_a_hat_has_no_privilege_at_all_on_a_medical_table(
    ask: Any, hat: str
) -> None:
    tables = MEDICAL_TABLES if hat == "hat_signal" else (*MEDICAL_TABLES, *SIGNAL_TABLES)
    assert {table: held(ask, hat, table) for table in tables} == {table: set() for table in tables}


def test_the_medical_hat_has_what_the_others_lack(ask: Any) -> None:
    for table in (*MEDICAL_TABLES, *SIGNAL_TABLES):
        assert "SELECT" in held(ask, "hat_medical", table)
    assert held(ask, "hat_signal", "medical_signal") == {"SELECT", "INSERT"}


def test_the_logins_have_no_privilege_on_any_guarded_table_but_their_own(ask: Any) -> None:
    own = {
        "accounts_user": {"SELECT", "UPDATE"},
        "accounts_session": {"SELECT", "INSERT", "UPDATE", "DELETE"},
        "accounts_invitation": {"SELECT", "UPDATE"},
        # How long a session may be still is read while a capacity is being chosen.
        "reference_setting": {"SELECT"},
        "reference_settingdefinition": {"SELECT"},
    }
    for table in (*GUARDED, *WITHOUT_HISTORY, *HISTORIES, *KERNEL):
        assert held(ask, "tweeluik_app", table) == own.get(table, set()), table
        assert held(ask, "tweeluik_begin", table) == set(), table
    for table in OPEN:
        assert held(ask, "tweeluik_begin", table) == set(), table


# Hat → what it may do at all, written from the rules; a table that is not here is not a key one.
KEY = {
    "medical_record": {"hat_medical": "SIU"},
    "medical_part": {"hat_medical": "SIU"},
    "medical_signal": {"hat_medical": "SI", "hat_signal": "SI"},
    "medical_werkaantekening": {"hat_medical": "SIUD"},
    "medical_historicalmedicalrecord": {"hat_medical": "S"},
    "medical_historicalmedicalpart": {"hat_medical": "S"},
    "medical_historicalsignal": {"hat_medical": "S", "hat_signal": "S"},
    "consent_consent": {"hat_medical": "SIU"},
    "consent_historicalconsent": {"hat_medical": "S"},
    "dossier_share": {"hat_medical": "SIU"},
    "dossier_historicalshare": {"hat_medical": "S"},
    "process_record": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer"), "SIU"
    ),
    "process_part": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer"), "SIU"
    ),
    # The desk sees appointments and envelopes, never what they were before.
    "process_historicalprocessrecord": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_employer"), "S"
    ),
    "process_historicalprocesspart": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_employer"), "S"
    ),
    "dossier_kepttext": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer"), "SU"
    ),
    "dossier_draft": dict.fromkeys(
        ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer"), "SD"
    ),
    "dossier_standardtext": dict.fromkeys(("hat_medical", "hat_signal", "hat_process", "hat_desk"), "SIUD"),
    "dossier_breachassessment": dict.fromkeys(HATS, "SIU") | {"hat_admin": "SU"},
    "dossier_dossier": dict.fromkeys(HATS, "S"),
    # What was decided is added; the physician reads it of his own dossiers.
    "dossier_reviewdecision": {"hat_medical": "S", "hat_admin": "SI"},
    "dossier_historicalreviewdecision": {"hat_medical": "S"},
    "dossier_reviewsample": {"hat_admin": "SI"},
    "dossier_reviewsetting": {"hat_admin": "SIU"},
    # Everybody at work may record that somebody asks; answering is for who makes the overview.
    "dossier_verzoek": dict.fromkeys(("hat_medical", "hat_admin"), "SIU")
    | dict.fromkeys(("hat_signal", "hat_process", "hat_desk"), "SI"),
    "dossier_dossiergrant": dict.fromkeys(HATS, "S") | {"hat_medical": "SD"},
    "access_log": {"hat_medical": "S", "hat_admin": "S"},
    "access_ground": dict.fromkeys(HATS, "S") | {"hat_medical": "SIU", "hat_admin": "SIU"},
    "access_groundscope": dict.fromkeys(HATS, "S") | {"hat_medical": "SI", "hat_admin": "SI"},
    "access_suspension": dict.fromkeys(HATS, "S") | {"hat_medical": "SIU", "hat_admin": "SIU"},
    "access_historicalground": dict.fromkeys(HATS, "S"),
    # Neither the employer, who is told time and place, nor the administrator, who has free and taken, has the table.
    "agenda_entry": dict.fromkeys(("hat_medical", "hat_signal", "hat_process", "hat_desk"), "SIU"),
    "agenda_historicalentry": dict.fromkeys(("hat_medical", "hat_signal", "hat_process"), "S"),
    "agenda_room": dict.fromkeys(HATS, "S") | {"hat_admin": "SIU"},
    "agenda_feed": dict.fromkeys(("hat_medical", "hat_signal", "hat_process"), "SIU"),
    "accounts_session": {},
    "accounts_invitation": {"hat_admin": "SIU"},
    "accounts_user": dict.fromkeys(HATS, "S") | {"hat_admin": "SIU"},
    "mfa_authenticator": {},
    "people_engagement": dict.fromkeys(HATS, "S") | {"hat_medical": "SU", "hat_admin": "SIU"},
    "professions_externalprofessional": dict.fromkeys(("hat_medical", "hat_signal", "hat_process"), "S")
    | dict.fromkeys(("hat_desk", "hat_admin"), "SIU"),
    "reference_setting": dict.fromkeys(HATS, "S") | {"hat_admin": "SI", "hat_medical": "SU"},
    "people_person": dict.fromkeys(HATS, "S")
    | dict.fromkeys(("hat_medical", "hat_desk", "hat_admin"), "SIU"),
}


@pytest.mark.parametrize("table", KEY)
def test_a_key_table_gives_each_hat_what_the_rules_give_it(ask: Any, table: str) -> None:
    wanted = {hat: {NAMES[letter] for letter in KEY[table].get(hat, "")} for hat in HATS}
    assert {hat: held(ask, hat, table) for hat in HATS} == wanted


# Where a period may be shortened or a decision added, and not one column more.
COLUMNS = {
    ("access_ground", "hat_medical"): {"ends_at", "ended_reason"},
    ("access_ground", "hat_admin"): {"ends_at", "ended_reason"},
    ("access_suspension", "hat_medical"): {"ends_at"},
    ("agenda_entry", "hat_desk"): {"starts_at", "ends_at", "room_id", "block_id", "state", "reason"},
    ("agenda_feed", "hat_medical"): {"revoked_at"},
    ("dossier_share", "hat_medical"): {"ends_at"},
    ("dossier_reviewsetting", "hat_admin"): {"value", "reason", "set_by_id"},
    ("dossier_verzoek", "hat_medical"): {"answered_on", "answered_by_id", "handed_over"},
    ("dossier_verzoek", "hat_admin"): {"answered_on", "answered_by_id", "handed_over"},
    ("consent_consent", "hat_medical"): {"ends_at"},
    ("dossier_kepttext", "hat_medical"): {"decided_at", "decided_by_id", "decision"},
    **{
        ("dossier_breachassessment", hat): {"assessed_at", "assessed_by_id", "seen", "outcome", "reason"}
        for hat in ("hat_medical", "hat_employer", "hat_admin")
    },
    ("people_engagement", "hat_medical"): {"accepted_at", "accepted_by_id"},
    ("reference_setting", "hat_medical"): {"accepted_at", "accepted_by_id"},
}


@pytest.mark.parametrize(("table", "hat"), COLUMNS)
def test_what_may_only_be_shortened_can_be_changed_in_those_columns_alone(
    ask: Any, table: str, hat: str
) -> None:
    found = ask(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
        f"public.{table}",
        hat,
    )
    assert {name for (name,) in found} == COLUMNS[table, hat]


def test_an_open_table_gives_the_bare_login_and_a_hat_what_is_written_here(ask: Any) -> None:
    for table, (bare, hat) in OPEN.items():
        assert held(ask, "tweeluik_app", table) == {NAMES[letter] for letter in bare}, table
        for one in HATS:
            assert held(ask, one, table) == {NAMES[letter] for letter in hat}, (table, one)


def test_what_only_the_kernel_touches_is_closed_to_everybody(ask: Any) -> None:
    for table in KERNEL:
        for role in EVERYBODY:
            assert held(ask, role, table) == set(), (table, role)


def test_nobody_may_empty_a_table_or_hang_something_on_it(ask: Any) -> None:
    found = ask(
        "SELECT c.relname, a.grantee::regrole::text, a.privilege_type FROM pg_class c CROSS JOIN LATERAL "
        "aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner "
        "AND a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
    )
    assert found == []
    deletes = ask(
        "SELECT c.relname, a.grantee::regrole::text FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner AND a.privilege_type = 'DELETE'"
    )
    # Drafts of a form or a contract, a private note, a phrase, one's own grant; and what the login pages keep.
    writers = ("hat_medical", "hat_signal", "hat_process", "hat_desk")
    assert {(table, role) for table, role in deletes if role != "tweeluik_app"} == {
        *(("dossier_draft", hat) for hat in (*writers, "hat_employer")),
        *(("dossier_standardtext", hat) for hat in writers),
        ("medical_werkaantekening", "hat_medical"),
        ("dossier_dossiergrant", "hat_medical"),
        *(
            (f"delegation_contract{part}", hat)
            for part in ("task", "scope")
            for hat in ("hat_medical", "hat_admin")
        ),
    }


def test_public_has_nothing(ask: Any) -> None:
    """Tables, columns, sequences and functions of ours: nobody gets anything by merely being there."""
    tables = ask(
        "SELECT c.relname FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0"
    )
    columns = ask(
        "SELECT t.attrelid::regclass FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid "
        "CROSS JOIN LATERAL aclexplode(t.attacl) a WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0"
    )
    functions = ask(
        "SELECT p.oid::regprocedure FROM pg_proc p CROSS JOIN LATERAL "
        "aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0"
    )
    database = ask(
        "SELECT a.privilege_type FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a "
        "WHERE d.datname = current_database() AND a.grantee = 0"
    )
    schema = ask(
        "SELECT a.privilege_type FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a "
        "WHERE n.nspname = 'public' AND a.grantee = 0"
    )
    assert (tables, columns, functions, database, schema) == ([], [], [], [], [("USAGE",)])


def test_nobody_has_a_sequence(ask: Any) -> None:
    found = ask(
        "SELECT c.relname, r.rolname FROM pg_class c CROSS JOIN pg_roles r WHERE c.relkind = 'S' "
        "AND c.relnamespace = 'public'::regnamespace AND r.rolname = ANY (%s) "
        "AND has_sequence_privilege(r.rolname, c.oid, 'USAGE, SELECT, UPDATE')",
        list(EVERYBODY),
    )
    assert found == []
    assert ask(
        "SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
    ) > [(0,)]


# --- functions ------------------------------------------------------------------------------------------------

# Who may call what; everything else is called by these only. Each of the first asks who is bound.
CALLED = {
    "hat_base": {
        "access_acting",
        "access_beside_mine",
        "access_colleagues",
        "access_consented",
        "access_deputies",
        "access_engagement",
        "access_former",
        "access_found",
        "access_grant",
        "access_held",
        "access_list",
        "access_log_state",
        "access_may",
        "access_may_end",
        "access_may_lay",
        "access_may_receive",
        "access_my_tasks",
        "access_newcomer",
        "access_note",
        "access_office",
        "access_open",
        "access_opened",
        "access_own_employer",
        "access_own_person",
        "access_pairs",
        "access_practice",
        "access_recompile",
        "access_relation_task",
        "access_relations",
        "access_relations_by",
        "access_reviews",
        "access_role",
        "access_search",
        "access_shared",
        "access_shown",
        "access_shown_employers",
        "access_shown_persons",
        "access_shown_relations",
        "access_side",
        "access_stands",
        "access_stands_as",
        "access_task_held",
        "access_team_answers",
        "access_team_grounds",
        "access_team_roles",
        "access_two_hats",
        "access_untold",
        "access_user",
        "agenda_expected",
        "agenda_look",
        "agenda_roster",
        "agenda_works_for",
        "dossier_draft_begin",
        "dossier_draft_put",
        "dossier_in_hand",
        "dossier_recent",
        "dossier_writes_here",
        "review_decided_of_mine",
        "review_lines",
        "review_log",
        "review_sample",
        "review_signals",
    },
    "tweeluik_begin": {
        "dossier_clear",
        "dossier_lapsed",
        "access_anchored",
        "access_begin",
        "access_capacities",
        "access_checkpoints",
        "access_delegable",
        "access_engagements",
        "access_explain",
        "access_explain_office",
        "access_finish",
        "access_last_anchoring",
        "access_last_checkpoint",
        "access_make_partitions",
        "access_next_checkpoint",
        "access_seal",
        "access_sealed_rows",
        "access_unsealed",
    },
    "tweeluik_app": {"access_keep", "access_refused", "agenda_feed"},
}
# Besides, of one hat alone: who of the colleagues has a second factor, and how many dossiers rest on a physician.
OF_ONE_HAT = {"hat_admin": {"accounts_second_factors", "dossier_resting_on"}}


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_calls_the_functions_written_here_and_no_other(ask: Any, role: str) -> None:
    found = ask(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
        "AND has_function_privilege(%s, p.oid, 'EXECUTE')",
        role,
    )
    wanted = CALLED["hat_base"] | OF_ONE_HAT.get(role, set()) if role in HATS else CALLED[role]
    assert sorted(name for (name,) in found) == sorted(wanted)


def test_a_function_that_acts_as_its_owner_looks_up_names_in_one_place(ask: Any) -> None:
    found = ask(
        "SELECT p.oid::regprocedure::text, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    assert len(found) > 80
    assert [name for name, settings in found if settings != ["search_path=pg_catalog, public, pg_temp"]] == []


def test_every_function_belongs_to_the_owner_and_none_is_written_in_an_untrusted_language(ask: Any) -> None:
    found = ask(
        "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
        "WHERE p.pronamespace = 'public'::regnamespace "
        "AND (p.proowner <> 'tweeluik_owner'::regrole OR l.lanname NOT IN ('sql', 'plpgsql'))"
    )
    assert found == []


def test_a_new_function_is_nobody_s(owner: psycopg.Cursor) -> None:
    """PostgreSQL lets everybody execute a new function; here the default is taken away."""
    owner.execute("CREATE FUNCTION proef() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    owner.execute(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname = ANY (%s) "
        "AND has_function_privilege(r.rolname, 'public.proef()', 'EXECUTE')",
        [list(EVERYBODY)],
    )
    assert owner.fetchall() == []


def test_a_new_table_is_nobody_s(owner: psycopg.Cursor) -> None:
    owner.execute("CREATE TABLE proef (id int)")
    owner.execute(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname = ANY (%s) "
        "AND has_table_privilege(r.rolname, 'public.proef', 'SELECT, INSERT, UPDATE, DELETE')",
        [list(EVERYBODY)],
    )
    assert owner.fetchall() == []


def test_no_view_and_no_rule_stands_beside_a_wall(ask: Any) -> None:
    """A view runs as its owner, a materialised one keeps a copy; either would be a second door."""
    assert (
        ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN "
            "('r', 'p', 'i', 'I', 'S', 'c')"
        )
        == []
    )
    assert (
        ask(
            "SELECT r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
            "WHERE c.relnamespace = 'public'::regnamespace"
        )
        == []
    )


# --- roles ----------------------------------------------------------------------------------------------------


def test_the_suite_runs_as_the_login_that_serves() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("tweeluik_app", "tweeluik_app")
    with connections["second"].cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == ("tweeluik_app",)
    with connections["begin"].cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == ("tweeluik_begin",)


def test_no_role_that_serves_stands_above_a_wall(ask: Any) -> None:
    found = ask(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND "
        "(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        list(EVERYBODY),
    )
    assert found == []
    inherits = ask("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND rolinherit", list(LOGINS))
    assert inherits == []
    logs_in = ask("SELECT rolname FROM pg_roles WHERE rolname LIKE 'hat%%' AND rolcanlogin")
    assert logs_in == []
    assert ask("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'tweeluik_owner'") == [(False,)]


def test_who_may_become_whom(ask: Any) -> None:
    found = ask(
        "SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member "
        "JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname = ANY (%s) OR m.rolname LIKE 'tweeluik%%'",
        list(EVERYBODY),
    )
    assert set(found) == {
        *(("tweeluik_app", hat) for hat in HATS),
        *((hat, "hat_base") for hat in HATS),
        ("tweeluik_backup", "pg_read_all_data"),
    }
    assert (
        ask(
            "SELECT 1 FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member WHERE a.admin_option "
            "AND m.rolname = ANY (%s)",
            list(EVERYBODY),
        )
        == []
    )


def test_the_login_that_serves_owns_nothing(ask: Any) -> None:
    owned = ask(
        "SELECT d.classid::regclass, d.objid FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid "
        "WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND r.rolname = ANY (%s)",
        list(EVERYBODY),
    )
    assert owned == []


# --- history --------------------------------------------------------------------------------------------------


def triggers(ask: Any, table: str) -> set[tuple[str, str, str, str]]:
    """Name the enabled triggers of a table: moment, event, per row or statement, function."""
    found = ask(
        "SELECT t.tgtype::int, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
        f"public.{table}",
    )
    events = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
    return {
        ("BEFORE" if kind & 2 else "AFTER", name, "ROW" if kind & 1 else "STATEMENT", function)
        for kind, function in found
        for bit, name in events.items()
        if kind & bit
    }


@pytest.mark.parametrize("table", sorted(GUARDED))
def test_every_change_of_a_guarded_table_is_written_to_its_history(ask: Any, table: str) -> None:
    writer = f"{history_of(table)}_write"
    for event in ("INSERT", "UPDATE", "DELETE"):
        assert ("AFTER", event, "STATEMENT", writer) in triggers(ask, table), event


ONLY_ADDED_TO = {
    ("BEFORE", "UPDATE", "ROW", "access_append_only"),
    ("BEFORE", "DELETE", "ROW", "access_append_only"),
    ("BEFORE", "TRUNCATE", "STATEMENT", "access_append_only"),
}


@pytest.mark.parametrize("table", PROOF)
def test_the_proof_of_the_log_is_only_added_to(ask: Any, table: str) -> None:
    assert triggers(ask, table) == ONLY_ADDED_TO


@pytest.mark.parametrize("history", sorted(HISTORIES))
def test_history_is_only_added_to(ask: Any, history: str) -> None:
    assert triggers(ask, history) == ONLY_ADDED_TO
    for hat in HATS:
        assert held(ask, hat, history) <= {"SELECT"}


def test_history_says_who_and_in_which_capacity_never_nobody(ask: Any) -> None:
    for history in HISTORIES:
        nullable = ask(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public' "
            "AND column_name IN ('history_user_id', 'history_engagement', 'history_date', 'history_type') "
            "AND is_nullable = 'YES'",
            history,
        )
        assert nullable == [], history


@pytest.mark.parametrize("history", ["access_historicalground", "people_historicalengagement"])
def test_not_even_the_owner_changes_history(owner: psycopg.Cursor, world: Any, history: str) -> None:
    """Having lifted the wall from his own table, the trigger still refuses him; adding is what he is there for."""
    world.case("bedrijfsarts")
    owner.execute(f"ALTER TABLE {history} NO FORCE ROW LEVEL SECURITY")
    owner.execute(f"SELECT count(*) FROM {history}")
    assert owner.fetchone() > (0,)
    for attack in (
        f"UPDATE {history} SET history_type = '-'",
        f"DELETE FROM {history}",
        f"TRUNCATE {history}",
    ):
        owner.execute("SAVEPOINT s")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(attack)
        owner.execute("ROLLBACK TO SAVEPOINT s")


def test_not_even_a_superuser_changes_history_without_taking_the_trigger_away(
    superuser: psycopg.Connection,
) -> None:
    for history in HISTORIES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute(f"TRUNCATE {history}")


def test_a_write_without_an_actor_is_refused_even_a_superuser_s(
    superuser: psycopg.Connection, world: Any
) -> None:
    """History that nobody answers for does not arise: psql as a superuser cannot quietly repair a row."""
    change, person = "UPDATE people_person SET phone = '0' WHERE id = %s", world.relation().person_id
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no capacity"):
        superuser.execute(change, [person])
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL session_replication_role = replica")
        assert superuser.execute(change, [person]).rowcount == 1
