"""For the few commands that change the schema, see manage.py: here `default` is the owner of the tables."""

from __future__ import annotations

from config.settings.base import *
from config.settings.base import DATABASES, database

DATABASES["default"] = database("OWNER_DATABASE_URL", "tweeluik_owner")

# The check on the serving login (directory/access/checks.py) is not for the commands that migrate.
RUNS_AS_OWNER = True
