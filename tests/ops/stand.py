"""A server of the drill's own: cluster, keys, folders, and the programs of Tweeluik on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import devdb, keyfiles
from config.ops import restoring

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Stand:
    """One cluster and what runs on it. `main` and `store` name the databases that the programs work with."""

    folder: Path
    cluster: devdb.Cluster
    main: str = "tweeluik"
    store: str = "tweeluik_keys"
    more: dict[str, str] = field(default_factory=dict)
    built: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a program: never the one of whoever started the drill."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.endswith("DATABASE_URL") and not name.startswith(("TWEELUIK_BACKUP", "PG", "PYTEST"))
        }
        url = self.cluster.url
        return {
            **clean,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "TWEELUIK_KEYS_DIR": str(self.folder / "keys"),
            "DATABASE_URL": url("tweeluik_app", self.main),
            "BEGIN_DATABASE_URL": url("tweeluik_begin", self.main),
            "OWNER_DATABASE_URL": url("tweeluik_owner", self.main),
            "KEYS_DATABASE_URL": url("tweeluik_keys", self.store),
            "BACKUP_DATABASE_URL": url("tweeluik_backup", self.main),
            "KEYS_BACKUP_DATABASE_URL": url("tweeluik_backup", self.store),
            "ADMIN_DATABASE_URL": self.cluster.superuser,
            **{
                f"TWEELUIK_BACKUP_{kind.upper()}": str(self.folder / f"backup-{kind}")
                for kind in ("main", "keys", "endings")
            },
            **self.more,
        }

    def on(self, **changed: Any) -> Stand:
        """The same server, with other databases under the programs."""
        return Stand(**{**self.__dict__, **changed})

    def run(self, *command: str, fails: bool = False) -> str:
        """Run a Python program to its end; returns what it said."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def ops(self, *command: str, fails: bool = False) -> str:
        return self.run("-m", "config.ops", *command, fails=fails)

    def does(self, verb: str, *arguments: str) -> Any:
        """Let somebody of the practice do something; see tests/ops/acts.py."""
        return json.loads(self.run("-m", "tests.ops.acts", verb, *arguments).splitlines()[-1])

    def above(self, database: str) -> psycopg.Connection[Any]:
        """Stand above every wall, to look behind it."""
        return psycopg.connect(make_conninfo(self.cluster.superuser, dbname=database), autocommit=True)

    def ask(self, question: str, *parameters: object, database: str = "") -> Any:
        with self.above(database or self.main) as server:
            return server.execute(question, parameters).fetchone()[0]

    def build(self) -> None:
        """Migrate, and make a small practice, once."""
        if self.built:
            return
        self.run("manage.py", "createcachetable")
        self.run("manage.py", "migrate", "-v0")
        self.does("build")
        for name, copy in ((self.main, "begin"), (self.store, "begin_keys")):
            self.copy_database(name, copy)
        self.built = True

    def copy_database(self, name: str, copy: str) -> None:
        """Copy a database to which nobody is connected, and let in who may enter the first."""
        kind = "keys" if "keys" in name else "main"
        with self.above("postgres") as server:
            making = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            owner = {"main": "tweeluik_owner", "keys": "tweeluik_keys_owner"}[kind]
            server.execute(making.format(*map(sql.Identifier, (copy, owner, name))))
        restoring.open_up(make_conninfo(self.cluster.superuser, dbname=copy), kind)

    def folder_of(self, kind: str) -> Path:
        """Where backups of one kind go."""
        return Path(self.settings[f"TWEELUIK_BACKUP_{kind.upper()}"])


def archive_of(cluster: devdb.Cluster) -> Path:
    """Where a server of the drill keeps its WAL: a folder of the user it runs as."""
    return cluster.home / "archive"


@contextmanager
def stand(*, archive: bool = False, **options: str) -> Iterator[Stand]:
    """Start a server in a folder of its own; take everything away afterwards. `options` are settings of PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="tweeluik-drill-"))
    keyfiles.make(folder / "keys", keyfiles.WRAPPING_KEY)
    keyfiles.make(folder / "keys", keyfiles.SECRET_KEY)
    cluster = devdb.locate(folder / "data")
    if archive:
        from .drilling import settings

        archive_of(cluster).mkdir(mode=0o700)
        if cluster.user:
            os.chown(archive_of(cluster), cluster.user.pw_uid, cluster.user.pw_gid)
        options |= settings(archive_of(cluster))
    try:
        with devdb.running(folder / "data", **options):
            yield Stand(folder, cluster)
    finally:
        shutil.rmtree(cluster.home.parent if os.geteuid() == 0 else cluster.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
