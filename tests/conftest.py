"""The suite runs as the runtime login, on databases of its own, with real commits.

Nothing is rolled back and nothing is flushed: the log and the histories are append-only for tests, too. A test makes
the people and dossiers it needs (tests/world.py) and never counts what others made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config import devdb
from tests.world import World

MAIN = ("default", "second", "begin", "owner")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    """Make and migrate the databases as the owner; from then on everything is the runtime login."""
    superuser = os.environ.get("TWEELUIK_SUPERUSER_URL")
    if not superuser:
        pytest.exit("Start de tests met ./run test", returncode=2)
    suffix = "" if worker_id == "master" else f"_{worker_id}"
    name, keys = f"test_tweeluik{suffix}", f"test_tweeluik_keys{suffix}"
    for database in (name, keys):
        devdb.drop_database(superuser, database)
    devdb.prepare_database(superuser, name)
    devdb.prepare_keystore(superuser, keys)
    for alias in MAIN:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    connections["keys"].close()
    connections["keys"].settings_dict["NAME"] = keys
    with django_db_blocker.unblock():
        default = connections["default"].settings_dict
        runtime, default["USER"] = default["USER"], "tweeluik_owner"
        call_command("createcachetable", verbosity=0)  # before migrate, which lays the privileges
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        connections["default"].close()
        default["USER"] = runtime
        yield
        for connection in connections.all():
            connection.close()


@pytest.fixture(scope="session", autouse=True)
def _databases(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def world(_databases: None) -> World:
    """The people and dossiers of the tests, written by the owner, as facts."""
    return World()


def pytest_configure(config: pytest.Config) -> None:
    settings.DATABASES["owner"] = {**settings.DATABASES["default"], "USER": "tweeluik_owner"}
    connections.settings = connections.configure_settings(settings.DATABASES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and (marker.kwargs.get("transaction") or marker.args):
            pytest.exit(f"{item.nodeid}: a transactional test would flush the world", returncode=2)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name the xdist worker; 'master' without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "master")
