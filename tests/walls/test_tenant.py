"""Every guarded table and every key carries the practice, or says here why not (docs/SCALE.md: the practice is the shard)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

# A table without the practice, by the reason why. On more servers each of these is a copy on all, or stands beside.
OF_A_PERSON = "of a person, who may work in several practices: stands on the coordinator"
OF_A_LOGIN = "of logging in, before a practice is chosen: stands on the coordinator"
LAW = "law and editions, the same for everybody: a copy on every server"
OF_DJANGO = "Django's own, the same for everybody: a copy on every server, or unused"
WITHOUT = {
    **dict.fromkeys(("people_professional", "people_registration"), OF_A_PERSON),
    **dict.fromkeys(("people_historicalprofessional", "people_historicalregistration"), OF_A_PERSON),
    **dict.fromkeys(
        ("accounts_user", "accounts_invitation", "accounts_session", "mfa_authenticator"), OF_A_LOGIN
    ),
    **dict.fromkeys(("account_emailaddress", "account_emailconfirmation", "django_session"), OF_A_LOGIN),
    **dict.fromkeys(("access_sessioncontext", "shared_cache"), OF_A_LOGIN),
    **dict.fromkeys(("delegation_edition", "delegation_task"), LAW),
    **dict.fromkeys(("accounts_user_groups", "accounts_user_user_permissions"), OF_DJANGO),
    **dict.fromkeys(("auth_group", "auth_group_permissions", "auth_permission"), OF_DJANGO),
    **dict.fromkeys(("django_content_type", "django_migrations"), OF_DJANGO),
    **dict.fromkeys(("guardian_groupobjectpermission", "guardian_userobjectpermission"), OF_DJANGO),
    "dossier_dossiergroupgrant": "guardian's table for groups, of which there are none",
    "people_practice": "is the practice",
    "people_historicalpractice": "is the practice",
}

# A unique key that holds neither the practice nor anything of one practice: what it means to put the practice in front.
KEYS = {
    "competence_no_overlap": "of two persons: who works together in two practices would have a conclusion in each",
    "access_log_pkey": "a sequence; the practice goes in front of it",
    "dossier_dossiergrant_pkey": "a sequence; the practice goes in front of it",
    "medical_record_form_once": "the key of a form is a random uuid: no two practices share one",
    "process_record_form_once": "the key of a form is a random uuid: no two practices share one",
    "medical_record_version_once": "a series is the uuid of its first version, of one practice",
    "process_record_version_once": "a series is the uuid of its first version, of one practice",
    "share_open_once": "a record is a uuid of one practice, on either panel, so without a foreign key",
}

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ask(superuser: psycopg.Connection) -> Ask:
    return lambda question, *values: superuser.execute(question, values).fetchall()


def tables(ask: Ask) -> dict[str, str | None]:
    """Every table, and what it says of the practice: 'always', 'a copy' (a history, of what always says it), or nothing."""
    found = ask(
        "SELECT c.relname, (SELECT CASE WHEN a.attnotnull THEN 'always' ELSE 'a copy' END FROM pg_attribute a "
        "WHERE a.attrelid = c.oid AND a.attname IN ('practice_id', 'practice') AND NOT a.attisdropped) FROM pg_class c "
        "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
    )
    return dict(found)


def test_every_table_says_of_which_practice_a_row_is_or_why_not(ask: Ask) -> None:
    found = tables(ask)
    assert {name for name, says in found.items() if says is None} == set(WITHOUT)
    copies = {name for name, says in found.items() if says == "a copy"}
    assert {name for name in copies if "_historical" not in name} == set()


def test_every_walled_table_without_the_practice_is_of_a_person_or_of_logging_in(ask: Ask) -> None:
    """A dossier, and everything that hangs on it, can be moved to another server by its practice alone."""
    walled = {
        name for (name,) in ask("SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relispartition")
    }
    reasons = {WITHOUT[name] for name in walled if name in WITHOUT}
    assert reasons <= {OF_A_PERSON, OF_A_LOGIN, "is the practice", LAW, WITHOUT["dossier_dossiergroupgrant"]}


def test_every_unique_key_is_within_one_practice_or_says_here_what_adding_it_means(ask: Ask) -> None:
    """With the practice in it, a random uuid, or a reference to something of one practice: then it may be put in front."""
    found = ask(
        "SELECT c.relname, i.indexrelid::regclass::text, array_agg(a.attname::text), "
        "bool_or(i.indisprimary AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype), "
        "bool_or(EXISTS (SELECT FROM pg_constraint f JOIN pg_attribute p ON p.attrelid = f.confrelid "
        "  AND p.attname = 'practice_id' WHERE f.contype = 'f' AND f.conrelid = c.oid AND t.attnum = ANY (f.conkey))), "
        "bool_or(a.attname = 'id' AND a.atttypid = 'uuid'::regtype) "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = i.indexrelid "
        "LEFT JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = a.attname "
        "WHERE (i.indisunique OR i.indisexclusion) AND c.relnamespace = 'public'::regnamespace "
        "AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1, 2"
    )
    says = tables(ask)
    loose = set()
    for table, key, columns, random_id, of_a_practice, holds_id in found:
        if says[table] != "always" or "practice_id" in columns or random_id or of_a_practice or holds_id:
            continue
        loose.add(key)
    assert len(found) > 80
    assert loose == set(KEYS)


def test_a_reference_to_another_practice_would_cross_servers(ask: Ask) -> None:
    """A foreign key leads to something of the same practice, or to a table that is on every server."""
    found = ask(
        "SELECT f.conname, f.conrelid::regclass::text, f.confrelid::regclass::text FROM pg_constraint f "
        "WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND f.conparentid = 0"
    )
    says = tables(ask)
    crossing = {
        (table, to) for _, table, to in found if says.get(table) and not says.get(to) and to not in WITHOUT
    }
    assert crossing == set()
