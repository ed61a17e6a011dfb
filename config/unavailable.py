"""Is this error of the server beneath us? Then nothing is wrong with what somebody did, and he can send it again."""

from __future__ import annotations

import psycopg
from django.db import InterfaceError, OperationalError
from psycopg import errors

# A month of the log that is not there: reading is refused, since it could not be recorded (access_make_partitions).
NO_PARTITION = "no partition of relation"


def is_unavailable(error: BaseException | None) -> bool:
    """Say whether the database, the key store or the log could not be reached or could not write."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(
            error, (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
        ):
            return True
        if isinstance(error, errors.CheckViolation) and NO_PARTITION in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
