"""What lapsed goes, key first: drafts that nobody sent, werkaantekeningen whose date has come.

The walls let nobody read these any more, so nothing depends on when this runs. It acts for nobody, as the second login.
"""

from __future__ import annotations

from directory.access.context import begin_cursor
from directory.access.keystore import destroy_key

ACTOR = "vervallen"  # what stands in the key store as who destroyed it


def clear() -> int:
    """Destroy the keys of what lapsed, then its rows. Returns how many; stops halfway without harm."""
    with begin_cursor() as cursor:
        cursor.execute("SELECT dossier_lapsed()")
        ids = [row[0] for row in cursor.fetchall()]
    for pk in ids:
        destroy_key(pk, by=ACTOR)
    with begin_cursor() as cursor:
        cursor.execute("SELECT dossier_clear(%s)", [ids])
        (cleared,) = cursor.fetchone()
    return int(cleared)
