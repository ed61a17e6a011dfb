"""The walls of accounts: the bare login logs people in, a hat sees its colleagues, nobody else is seen."""

from directory.access.walls import Wall

KEEPS_ACCOUNTS = "(SELECT access_office('accounts', 'write')) = 'all'"
COLLEAGUE = "id IN (SELECT access_colleagues())"

# The login page must find anybody by name; inside a hat one sees the people of one's own practice.
USER = [
    Wall(
        name="accounts_user_wall",
        rights={
            "tweeluik_app": "SELECT, UPDATE",
            "hat_base": "SELECT",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        select=f"id = (SELECT access_user()) OR {COLLEAGUE} OR {KEEPS_ACCOUNTS}",
        insert=KEEPS_ACCOUNTS,
        update=f"{KEEPS_ACCOUNTS} AND {COLLEAGUE}",
        bare=True,
    )
]

# Session rows are keys in disguise: no hat touches them.
SESSION = [
    Wall(name="accounts_session_wall", rights={"tweeluik_app": "SELECT, INSERT, UPDATE, DELETE"}, bare=True)
]

INVITATION = [
    Wall(
        name="accounts_invitation_wall",
        rights={"tweeluik_app": "SELECT, UPDATE", "hat_admin": "SELECT, INSERT, UPDATE"},
        select=KEEPS_ACCOUNTS,
        insert=KEEPS_ACCOUNTS,
        update=KEEPS_ACCOUNTS,
        bare=True,
    )
]
