"""Bend allauth to this house: accounts by invitation, a second factor for everybody, seeds sealed."""

import time

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from qrcode.image.svg import SvgPathImage

from directory.accounts import capacity, factor
from directory.accounts.models import User
from directory.accounts.secrets import seal, unseal
from directory.accounts.sessions import ORIGIN

TOO_MANY = "Dit is te vaak geprobeerd. Wacht vijf minuten en probeer het dan opnieuw."
# Django says part of this in English, and none of it with what to do.
POOR_PASSWORD = {
    "password_too_short": "Dit wachtwoord is te kort. Maak er bijvoorbeeld een zin van een paar woorden van.",
    "password_too_similar": "Dit wachtwoord lijkt te veel op uw naam of gebruikersnaam. Kies iets anders.",
    "password_too_common": "Dit wachtwoord gebruiken te veel mensen. Kies iets anders.",
    "password_entirely_numeric": "Gebruik niet alleen cijfers.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Say it in Dutch, keep quiet after a login, and write only the columns the bare login may write."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Dit account is gesloten. Vraag de beheerder van uw praktijk.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord.",
        "incorrect_code": "Deze code klopt niet (meer). Wacht op de volgende code in uw app.",
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
        "username_password_mismatch": "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Drop allauth's messages: the page that follows says what happened."""

    def clean_password(self, password: str, user: User | None = None) -> str:
        try:
            return super().clean_password(password, user)
        except ValidationError as error:
            raise ValidationError(
                [POOR_PASSWORD.get(each.code, each) for each in error.error_list]
            ) from error

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[ORIGIN] = {
            "began": time.time(),
            "ip": self.get_client_ip(request),
            "agent": self.get_http_user_agent(request)[:200],
        }

    def logout(self, request: HttpRequest) -> None:
        capacity.leave(request)
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask again once the last proof is five minutes old: a code, or before enrolment the password."""
        return not factor.is_fresh(self.request, *factor.proofs_of(self.request))


class MFAAdapter(DefaultMFAAdapter):
    """Keep seeds from whoever copies the database, and draw the QR code for inside our own page."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return seal(text, purpose="second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose="second-factor")

    def build_totp_svg(self, url: str) -> str:
        return qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")
