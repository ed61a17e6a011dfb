import hashlib
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from directory.accounts import walls


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, username: str, *, display_name: str, email: str = "", password: str | None = None
    ) -> "User":
        """Create an account; without a password it can only be entered by invitation."""
        user = self.model(
            username=username.strip().lower(), display_name=display_name, email=self.normalize_email(email)
        )
        user.set_password(password)
        user.clean_fields()
        user.save(using=self._db, force_insert=True)
        return user

    def create_superuser(self, *args: object, **kwargs: object) -> "User":
        """Refuse: nobody stands above the grid."""
        raise TypeError("There are no superusers: who may do what follows from an engagement.")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Hold an account: somebody who can log in, and by that alone may see nothing."""

    username = models.CharField(
        "gebruikersnaam",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Deze gebruikersnaam is al in gebruik. Kies een andere."},
    )
    display_name = models.CharField("naam", max_length=120)
    email = models.EmailField("e-mail", blank=True)
    is_active = models.BooleanField("actief", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Off for who works by voice or presses keys by accident (WCAG 2.1.4).
    single_keys = models.BooleanField("losse toetsen", default=True, db_default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "account"
        verbose_name_plural = "accounts"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="user_username_lower",
                condition=models.Q(username=Lower("username")),
                violation_error_message="Schrijf de gebruikersnaam zonder hoofdletters.",
            ),
            *walls.USER,
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    # Properties, not columns: there is no row in which anybody could be made either.
    @property
    def is_superuser(self) -> bool:
        """Nobody is: has_perm always asks the backends."""
        return False

    @property
    def is_staff(self) -> bool:
        """Nobody is: there is no admin site."""
        return False


def key_hash(session_key: str) -> str:
    """Turn a session key into what the table may hold: from this nobody can make the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class Session(AbstractBaseSession):
    """Hold one login on one device, under the hash of its key; deleting the row ends it at once."""

    session_key = models.CharField(
        "hash van de sleutel", max_length=64, primary_key=True, db_column="key_hash"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "sessie"
        verbose_name_plural = "sessies"
        default_permissions = ()
        constraints = [
            # A raw key is shorter: code that forgets to hash is stopped here.
            models.CheckConstraint(
                name="session_key_is_hashed", condition=models.Q(session_key__regex=r"^[0-9a-f]{64}$")
            ),
            *walls.SESSION,
        ]

    def __str__(self) -> str:
        return "sessie"

    @classmethod
    def get_session_store_class(cls) -> type:
        from directory.accounts.sessions import SessionStore

        return SessionStore


class Invitation(models.Model):
    """Hold that an account may set its password once, with a link of which only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        default_permissions = ()
        constraints = [*walls.INVITATION]

    def __str__(self) -> str:
        return "uitnodiging"
