"""The last act: everybody takes his invitation and enrols his second factor, so a login finds the demo complete."""

from __future__ import annotations

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from directory.accounts import actions as accounts

from .logins import LOGINS
from .stage import Stage


@transaction.atomic
def let_in(stage: Stage) -> None:
    """Set passwords and second factors as the bare login, exactly as the pages of an invitation do."""
    for login in LOGINS:
        user = accounts.accept_invitation(token=stage.tokens[login.username], password=login.password)
        TOTP.activate(user, login.totp_secret)
        RecoveryCodes.activate(user)
