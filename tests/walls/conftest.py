"""What the tests of the walls need besides the world: somebody above every wall, and an owner who is rolled back."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from tests.walls.seed import Seeds
from tests.world import World


def database() -> str:
    """Name the database of this worker."""
    return str(connections["default"].settings_dict["NAME"])


def conninfo(user: str) -> str:
    """Say how to log in to the database of this worker as another role, beside Django."""
    return make_conninfo(os.environ["TWEELUIK_SUPERUSER_URL"], dbname=database(), user=user)


@pytest.fixture(scope="session")
def superuser(_databases: None) -> Iterator[psycopg.Connection]:
    """Stand above every wall, to lay down facts no wall would let anybody write, and to look behind the walls."""
    above = make_conninfo(os.environ["TWEELUIK_SUPERUSER_URL"], dbname=database())
    with psycopg.connect(above, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(_databases: None) -> Iterator[psycopg.Cursor]:
    """Be the owner in one transaction that is always rolled back, on a connection of its own."""
    with psycopg.connect(conninfo("tweeluik_owner")) as connection, connection.cursor() as cursor:
        yield cursor
        connection.rollback()


@pytest.fixture(scope="session")
def seeds(world: World, superuser: psycopg.Connection) -> Seeds:
    """Records of every section on the dossier of somebody of every role, made when first asked for."""
    return Seeds(world, superuser)
