"""Keep sessions in the database under the hash of their key, and sealed: docs/adr/0003-sessions.md."""

from datetime import UTC, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from directory.accounts.models import Session, key_hash
from directory.accounts.secrets import Unreadable, seal, unseal

# Where a login came from: {"began": seconds, "ip": text, "agent": text}. Survives a change of key.
ORIGIN = "origin"


class SessionStore(DatabaseStore):
    """Hash the key on its way to the table, seal the content, and remember the row for the idle limit."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        rows = self.model.objects.filter(
            session_key=key_hash(self.session_key), expire_date__gt=timezone.now()
        )
        self.row = rows.first()
        if self.row is None:
            self._session_key = None
        return self.row

    def exists(self, session_key: str) -> bool:
        return super().exists(key_hash(session_key))

    def create_model_instance(self, data: dict) -> Session:
        origin = data.get(ORIGIN, {})
        if "began" in origin:
            began = datetime.fromtimestamp(origin["began"], UTC)
        else:
            began = self.row.created_at if self.row else timezone.now()
        return self.model(
            session_key=key_hash(self._get_or_create_session_key()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            created_at=began,
            ip=origin.get("ip"),
            user_agent=origin.get("agent", ""),
        )

    def save(self, must_create: bool = False) -> None:
        """Django takes a database that does not answer for a session that was deleted, and blames the browser."""
        try:
            super().save(must_create=must_create)
        except UpdateError as error:
            if isinstance(error.__context__, (OperationalError, InterfaceError)):
                raise error.__context__ from None
            raise

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=key_hash(key)).delete()

    # During enrolment the content holds the seed of a second factor, and always whose capacity this is.
    def encode(self, session_dict: dict) -> str:
        return seal(super().encode(session_dict), purpose="session")

    def decode(self, session_data: str) -> dict:
        try:
            return super().decode(unseal(session_data, purpose="session"))
        except Unreadable:
            return {}
