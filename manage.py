#!/usr/bin/env python
"""Django's commands. `./run manage ...` calls this with the databases and keys of the development server."""

import os
import sys

from django.core.management import execute_from_command_line

# The login that serves pages owns nothing, so what changes the schema runs under the owner's settings. The
# list is short on purpose: the owner sees past the grants, so no command that touches a dossier belongs here.
OWNER_COMMANDS = {
    "createcachetable",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "practice",  # founds a practice on an empty server, before anybody can log in
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
}


def main() -> None:
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.owner"
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
