"""The walls of accounts: the bare login logs people in, a hat sees its colleagues, nobody else is seen."""

from directory.access.walls import Wall

BARE = "SELECT, INSERT, UPDATE, DELETE"

# The login page must find anybody by name; inside a hat one sees the people of one's own practice.
USER = [
    Wall(
        name="accounts_user_wall",
        rights={
            "tweeluik_app": "SELECT, UPDATE",
            "hat_base": "SELECT",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        select="pg_has_role(current_user, 'hat_base', 'USAGE') IS NOT TRUE OR id = (SELECT access_user()) "
        "OR id IN (SELECT access_colleagues()) OR (SELECT access_office('accounts', 'write')) = 'all'",
        insert="(SELECT access_office('accounts', 'write')) = 'all'",
        update="pg_has_role(current_user, 'hat_base', 'USAGE') IS NOT TRUE "
        "OR ((SELECT access_office('accounts', 'write')) = 'all' AND id IN (SELECT access_colleagues()))",
    )
]

# Session rows and invitations are keys in disguise: no hat touches sessions at all.
SESSION = [
    Wall(
        name="accounts_session_wall",
        rights={"tweeluik_app": BARE},
        select="true",
        insert="true",
        update="true",
        delete="true",
    )
]
INVITATION = [
    Wall(
        name="accounts_invitation_wall",
        rights={"tweeluik_app": "SELECT, UPDATE", "hat_admin": "SELECT, INSERT, UPDATE"},
        select="true",
        insert="(SELECT access_office('accounts', 'write')) = 'all'",
        update="true",
    )
]
