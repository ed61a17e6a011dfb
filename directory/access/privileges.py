"""What Django's and the libraries' own tables grant: to the bare login, and inside a hat; and who may call what.

A table that is not named here and has no wall gets nothing; a function that is not named here is called by other
functions only. NOINHERIT means that the bare login needs privileges of its own, so the table list has two columns.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

READ, KEEP = "SELECT", "SELECT, INSERT, UPDATE, DELETE"
TABLES: dict[str, tuple[str | None, str | None]] = {
    # table: (bare login: login pages and session middleware, inside a hat)
    "auth_group": (READ, READ),
    "auth_permission": (READ, READ),
    "auth_group_permissions": (READ, READ),
    "accounts_user_groups": (READ, READ),
    "accounts_user_user_permissions": (READ, READ),
    "django_content_type": (READ, READ),
    "django_migrations": (READ, None),
    "shared_cache": (KEEP, None),
    "account_emailaddress": (KEEP, None),
    "account_emailconfirmation": (KEEP, None),
    "mfa_authenticator": (KEEP, None),
    "delegation_edition": (None, READ),
    "delegation_task": (None, READ),
    "guardian_userobjectpermission": (None, None),
    "guardian_groupobjectpermission": (None, None),
}
FUNCTIONS = {
    # A bound context uses these; each asks access_acting() itself. Policies call them as the hat.
    "hat_base": (
        "acting user engagement practice role side office opened pairs may held task_held shared consented "
        "shown shown_persons shown_relations shown_employers open list search team_roles team_grounds team_answers "
        "my_tasks "
        "note may_lay may_end recompile grant found relations relations_by relation_task own_person own_employer "
        "colleagues former stands stands_as may_receive beside_mine newcomer "
        "log_state"
    ),
    # Makes contexts; explains; keeps the log's house. The runtime login is no member of it.
    "tweeluik_begin": (
        "begin finish capacities engagements delegable explain explain_office make_partitions "
        "next_checkpoint seal checkpoints last_checkpoint anchored last_anchoring sealed_rows unsealed"
    ),
    # The second connection, after a rollback: it proves who it is by the token.
    "tweeluik_app": "refused keep",
}
# Role → functions of the layers above, by their full names; their apps add them when they are ready.
ABOVE: dict[str, set[str]] = {}


def lets(role: str, names: str) -> None:
    """Let a role call functions of a layer above the kernel; each asks itself who is bound, as the kernel's do."""
    ABOVE.setdefault(role, set()).update(names.split())


def grant_library_tables(using: str = "default", **kwargs: Any) -> None:
    """Lay the privileges of library tables and of functions. Runs as the owner, after migrate."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = 'tweeluik_owner'")
        if not cursor.fetchone()[0]:
            return
        present = set(connection.introspection.table_names(cursor))
        for table, (bare, hat) in TABLES.items():
            if table in present:
                cursor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, tweeluik_app, hat_base')
                for role, right in (("tweeluik_app", bare), ("hat_base", hat)):
                    if right:
                        cursor.execute(f'GRANT {right} ON "{table}" TO {role}')
        cursor.execute(
            "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, tweeluik_app, tweeluik_begin, hat_base"
        )
        cursor.execute(
            "SELECT p.proname, p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace"
        )
        signatures = dict(cursor.fetchall())
        for role in sorted({*FUNCTIONS, *ABOVE}):
            kernel = {f"access_{name}" for name in FUNCTIONS.get(role, "").split()}
            for name in sorted(kernel | ABOVE.get(role, set())):
                if signature := signatures.get(name):
                    cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role}")
        if "access_make_partitions" in signatures:
            cursor.execute("SELECT access_make_partitions()")
