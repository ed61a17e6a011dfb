"""The walls of accounts: the bare login logs people in, a hat sees its colleagues, nobody else is seen."""

from directory.access.walls import Functions, RowTrigger, Wall

KEEPS_ACCOUNTS = "(SELECT access_office('accounts', 'write')) = 'all'"
COLLEAGUE = "id IN (SELECT access_colleagues())"


class EndsCapacities(RowTrigger):
    """What ends a session ends the capacities that were taken in it, also from another device."""

    before = "DELETE"

    def body(self) -> str:
        return (
            "UPDATE access_sessioncontext c SET ended_at = statement_timestamp() "
            "WHERE c.session = OLD.key_hash AND c.ended_at IS NULL; RETURN OLD;"
        )


# The login page must find anybody by name; inside a hat one sees the people of one's own practice.
USER = [
    Wall(
        name="accounts_user_wall",
        rights={
            "tweeluik_app": "SELECT, UPDATE",
            "hat_base": "SELECT",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        # Somebody whose account was just made works nowhere yet.
        select=f"id = (SELECT access_user()) OR {COLLEAGUE} OR ({KEEPS_ACCOUNTS} AND access_newcomer(id))",
        insert=KEEPS_ACCOUNTS,
        update=f"{KEEPS_ACCOUNTS} AND {COLLEAGUE}",
        bare=True,
    ),
    # No hat reads a second factor; whether somebody has one, the administrator of his practice may know.
    Functions(
        name="accounts_second_factors",
        sql="CREATE OR REPLACE FUNCTION accounts_second_factors() RETURNS SETOF bigint LANGUAGE sql STABLE "
        "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$ "
        "SELECT DISTINCT a.user_id::bigint FROM mfa_authenticator a WHERE a.type IN ('totp', 'webauthn') "
        "AND (SELECT access_side()) = 'admin' AND a.user_id IN (SELECT access_colleagues()) $f$;\n"
        "REVOKE EXECUTE ON FUNCTION accounts_second_factors() FROM PUBLIC",
    ),
]

# Session rows are keys in disguise: no hat touches them.
SESSION = [
    EndsCapacities(name="accounts_session_ends_capacities"),
    Wall(name="accounts_session_wall", rights={"tweeluik_app": "SELECT, INSERT, UPDATE, DELETE"}, bare=True),
]

INVITATION = [
    Wall(
        name="accounts_invitation_wall",
        rights={"tweeluik_app": "SELECT, UPDATE", "hat_admin": "SELECT, INSERT, UPDATE"},
        select=KEEPS_ACCOUNTS,
        insert=f"{KEEPS_ACCOUNTS} AND user_{COLLEAGUE}",
        update=f"{KEEPS_ACCOUNTS} AND user_{COLLEAGUE}",
        bare=True,
    )
]
