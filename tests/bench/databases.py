"""Databases of the bench's own, made and migrated as any other, thrown away at the end."""

from __future__ import annotations

import os
import sys
from copy import deepcopy
from typing import Any

import django
import psycopg
from psycopg.conninfo import make_conninfo

from config import devdb

NAME, KEYS = "bench_tweeluik", "bench_tweeluik_keys"
MAIN = ("default", "second", "begin", "owner")
# What decides about speed; it stands beside the figures.
SETTINGS = (
    "server_version",
    "shared_buffers",
    "work_mem",
    "effective_cache_size",
    "random_page_cost",
    "max_parallel_workers_per_gather",
    "jit",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_level",
)


def configure() -> None:
    """Set Django up with every alias on the databases of the bench."""
    if not os.environ.get("TWEELUIK_SUPERUSER_URL"):
        sys.exit("Start de metingen met ./run bench")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.conf import settings

    settings.DEBUG = False  # DEBUG keeps every statement
    for alias in ("default", "second", "begin"):
        settings.DATABASES[alias]["NAME"] = NAME
    settings.DATABASES["owner"] = {**deepcopy(settings.DATABASES["default"]), "USER": "tweeluik_owner"}
    settings.DATABASES["keys"]["NAME"] = KEYS
    django.setup()


def make() -> None:
    """Make both databases and migrate as the owner; from then on `default` is the runtime login."""
    from django.core.management import call_command
    from django.db import connections

    drop()
    devdb.prepare_database(_server(), NAME)
    devdb.prepare_keystore(_server(), KEYS)
    default = connections["default"].settings_dict
    runtime, default["USER"] = default["USER"], "tweeluik_owner"
    call_command("createcachetable", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    connections["default"].close()
    default["USER"] = runtime


def drop() -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()
    for name in (NAME, KEYS):
        devdb.drop_database(_server(), name)


def superuser() -> psycopg.Connection[tuple[Any, ...]]:
    """Open the bench database above all walls, for loading and for looking at the server. Never measured."""
    return psycopg.connect(make_conninfo(_server(), dbname=NAME), autocommit=True)


def without_triggers() -> psycopg.Connection[tuple[Any, ...]]:
    """Open the same with triggers and foreign keys asleep: for loading, and to put back what a round changed."""
    server = superuser()
    server.execute("SET session_replication_role = replica")
    return server


def runtime() -> psycopg.Connection[tuple[Any, ...]]:
    """Open a bare connection of the login that serves pages."""
    from django.db import connections

    default = connections["default"]
    parameters = default.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "host", "port", "user", "password") if parameters.get(key)
    }
    return psycopg.connect(make_conninfo(**wanted))


def settings_of_cluster() -> dict[str, str]:
    return {name: _ask(f"SHOW {name}") for name in SETTINGS}


def size() -> str:
    return _ask("SELECT pg_size_pretty(pg_database_size(current_database()))")


def _ask(question: str) -> str:
    with superuser() as server:
        row = server.execute(question).fetchone()
    assert row
    return str(row[0])


def _server() -> str:
    return os.environ["TWEELUIK_SUPERUSER_URL"]
