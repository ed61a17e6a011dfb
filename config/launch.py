"""What `./run` does once it has its libraries: a database, an environment, and one program in it."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config import devdb, keyfiles

USAGE = """\
Gebruik: ./run [--data MAP] [--keys MAP] [--port N] [opdracht]

  ./run                Tweeluik met demogegevens en een eigen PostgreSQL
  ./run test ...       de tests; wat volgt gaat naar pytest
  ./run bench ...      de metingen
  ./run drill          de oefening: back-up, vernietigen, terugzetten, naspelen
  ./run ops ...        back-up, terugzetten en onderhoud, zie docs/OPERATIONS.md
  ./run manage ...     een opdracht van Django, bijvoorbeeld: ./run manage check

  --data MAP           de gegevens, gerekend vanaf deze map (gewoonlijk .data)
  --keys MAP           de sleutels, nooit in de map met gegevens (gewoonlijk .data.keys, ernaast)
  --port N             deze poort en geen andere (gewoonlijk de eerste vrije vanaf 8000)
"""
PORTS = range(8000, 8050)
PR_SET_PDEATHSIG = 1


class Options(argparse.Namespace):
    data: Path
    keys: Path
    port: int | None
    command: str
    rest: list[str]


class Parser(argparse.ArgumentParser):
    """argparse speaks English; every mistake gets the same Dutch answer."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(USAGE)
        raise SystemExit(2)

    def print_help(self, file: object = None) -> None:
        sys.stdout.write(USAGE)


def main() -> int:
    options = read_options(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if options.command == "serve":
            return serve(options)
        commands = {
            "test": ["-m", "pytest"],
            "bench": ["-m", "tests.bench"],
            "drill": ["-m", "tests.ops"],
            "ops": ["-m", "config.ops"],
            "manage": ["manage.py"],
        }
        with environment(options) as settings:
            return attend([*commands[options.command], *options.rest], settings)
    except KeyboardInterrupt:
        if options.command != "serve":
            return 130
        print(f"Gestopt. De gegevens staan in {devdb.locate(options.data).home}.", flush=True)
        return 0


def read_options(arguments: list[str]) -> Options:
    parser = Parser()
    parser.add_argument("--data", type=Path, default=Path(".data"))
    parser.add_argument("--keys", type=Path)
    parser.add_argument("--port", type=int)
    commands = ["serve", "test", "bench", "drill", "ops", "manage"]
    parser.add_argument("command", nargs="?", default="serve", choices=commands)
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments, Options())
    if options.port is not None and options.port not in range(1, 2**16):
        parser.error("port")
    options.data = options.data.resolve()
    keys = options.keys or os.environ.get("TWEELUIK_KEYS_DIR") or f"{options.data}.keys"
    options.keys = Path(keys).resolve()
    if options.keys.is_relative_to(options.data):
        sys.exit("De sleutels horen niet in de map met gegevens: wie de ene map kopieert, heeft dan beide.")
    return options


@contextlib.contextmanager
def environment(options: Options, port: int | None = None) -> Iterator[dict[str, str]]:
    """What the settings read. With DATABASE_URL given the server is yours, and none is started here."""
    settings = os.environ | {"APP_PORT": str(port or options.port or PORTS[0])}
    settings["TWEELUIK_KEYS_DIR"] = str(options.keys)
    if not own_server():
        print("DATABASE_URL is gegeven: er wordt geen eigen PostgreSQL gestart.", file=sys.stderr)
        if not (key := options.keys / keyfiles.WRAPPING_KEY).exists():
            sys.exit(f"De sleutel {key} ontbreekt. Eenmalig: (umask 077; openssl rand -hex 32 > {key})")
        yield settings
        return
    make_keys(options)
    with devdb.running(options.data) as cluster:
        settings["DATABASE_URL"] = cluster.url("tweeluik_app", "tweeluik")
        settings["BEGIN_DATABASE_URL"] = cluster.url("tweeluik_begin", "tweeluik")
        settings["OWNER_DATABASE_URL"] = cluster.url("tweeluik_owner", "tweeluik")
        settings["KEYS_DATABASE_URL"] = cluster.url("tweeluik_keys", "tweeluik_keys")
        settings["BACKUP_DATABASE_URL"] = cluster.url("tweeluik_backup", "tweeluik")
        settings["KEYS_BACKUP_DATABASE_URL"] = cluster.url("tweeluik_backup", "tweeluik_keys")
        if options.command in ("test", "bench"):  # these make databases of their own
            settings["TWEELUIK_SUPERUSER_URL"] = cluster.superuser
        elif options.command == "ops":
            settings["ADMIN_DATABASE_URL"] = cluster.superuser
        if options.command not in ("test", "bench"):
            # On the same disk, so not outside: good enough to show, and a practice names another place.
            settings.setdefault("LOG_ANCHOR_FILE", str(options.keys / "roots.jsonl"))
        yield settings


def make_keys(options: Options) -> None:
    """The keys at the first start. Never a new wrapping key for old data, which it could not open."""
    wrapping = options.keys / keyfiles.WRAPPING_KEY
    if not wrapping.exists() and devdb.locate(options.data).initialised:
        sys.exit(
            f"De sleutel {wrapping} ontbreekt; zonder haar is geen dossier in {options.data} te lezen.\n"
            "Zet de sleutel terug, of begin opnieuw: ./run --data EEN_NIEUWE_MAP"
        )
    keyfiles.make(options.keys, keyfiles.WRAPPING_KEY)
    keyfiles.make(options.keys, keyfiles.SECRET_KEY)
    keyfiles.make(options.keys, keyfiles.LOG_KEY)


def own_server() -> bool:
    return "DATABASE_URL" not in os.environ


def prepare(options: Options, settings: dict[str, str]) -> None:
    """Bring the database up to date. Demo data only in a database of our own, and only once."""
    with devdb.preparing(options.data) if own_server() else contextlib.nullcontext():
        for command in ("createcachetable", "migrate"):  # in this order: migrating grants on that table
            if manage(settings, command, "--verbosity=0"):
                sys.exit("De database kon niet worden bijgewerkt, zie hierboven.")
        if own_server() and manage(settings, "demo", "--done"):
            print("Demogegevens maken (eenmalig) ...", flush=True)
            if manage(settings, "demo"):
                sys.exit("De demogegevens konden niet worden gemaakt, zie hierboven.")


def serve(options: Options) -> int:
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        port, reserved = reserve(options.port)
        stack.enter_context(reserved)
        settings = stack.enter_context(environment(options, port))
        prepare(options, settings)
        reserved.close()
        with running_server(port, settings) as server, running_sealer(settings):
            wait_for_answer(port, server)
            seconds = round(time.monotonic() - started)
            print(f"\nTweeluik staat klaar na {seconds} s:  http://localhost:{port}/\n", flush=True)
            if own_server():
                print(logins(settings))
            print("Stoppen met Ctrl-C.", flush=True)
            return server.wait()


@contextlib.contextmanager
def running_server(port: int, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """One worker with a few threads: persistent connections, and nothing to keep in step."""
    options = ["--interface=wsgi", "--host=127.0.0.1", f"--port={port}", "--no-ws", "--log-level=warning"]
    threads = ["--workers=1", "--blocking-threads=4", "--blocking-threads-idle-timeout=600"]
    command = [sys.executable, "-m", "granian", *options, *threads, "config.wsgi:application"]
    # A group of its own: Ctrl-C then reaches it once, through us. Told twice at the same moment, it may hang.
    server = spawn(command, settings, process_group=0)
    try:
        yield server
    finally:
        stop(server)


@contextlib.contextmanager
def running_sealer(settings: dict[str, str]) -> Iterator[None]:
    """Seal the access log every minute while we serve. On a server it is a unit of its own (docs/SECURITY.md)."""
    command = [sys.executable, "manage.py", "audit", "seal", "--every", "60", "--anchor"]
    sealer = spawn(command, settings, process_group=0)
    try:
        yield
    finally:
        stop(sealer)


def wait_for_answer(port: int, server: subprocess.Popen[bytes]) -> None:
    """Only print an address that works. Any answer will do; the page after it is then warm."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("De webserver stopte meteen weer.")


def logins(settings: dict[str, str]) -> str:
    """Who can log in to the demo, per practice: name, password, secret of the second factor, and role."""
    command = [sys.executable, "manage.py", "demo", "--logins"]
    found = json.loads(subprocess.run(command, env=settings, stdout=subprocess.PIPE, check=True).stdout)
    lines: dict[str, list[str]] = {}
    for login in found:
        for capacity in login["capacities"] or [{"practice": "Zonder praktijk", "role": "geen"}]:
            role = capacity["role"].replace("_", " ")
            lines.setdefault(capacity["practice"], []).append(
                f"  {login['username']:<22}{login['password']:<30}{login['totp_secret']:<34}{role}"
            )
    heading = f"  {'naam':<22}{'wachtwoord':<30}{'geheim voor de code (TOTP)':<34}rol"
    return "\n".join("\n".join([practice, heading, *rows, ""]) for practice, rows in lines.items())


def manage(settings: dict[str, str], *arguments: str) -> int:
    return attend(["manage.py", *arguments], settings)


def attend(arguments: list[str], settings: dict[str, str]) -> int:
    """Run a Python program to its end, or until we are told to stop."""
    child = spawn([sys.executable, *arguments], settings)
    try:
        return child.wait()
    except KeyboardInterrupt as told:
        if told.args == (signal.SIGINT,):  # the terminal told the child as well: let it finish its report
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
        raise
    finally:
        stop(child)


def spawn(
    command: list[str], settings: dict[str, str], process_group: int | None = None
) -> subprocess.Popen[bytes]:
    """A child that Linux ends when we are killed outright; it would keep the port and lose its database."""
    end_with_parent = functools.partial(ctypes.CDLL(None).prctl, PR_SET_PDEATHSIG, signal.SIGTERM)
    return subprocess.Popen(command, env=settings, process_group=process_group, preexec_fn=end_with_parent)


def stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def reserve(wanted: int | None) -> tuple[int, contextlib.ExitStack]:
    """A free port, kept until the server takes it, or two copies that start together choose the same."""
    for port in [wanted] if wanted else PORTS:
        if sockets := _listen(port):
            if port != (wanted or PORTS[0]):
                print(f"Poort {PORTS[0]} is bezet, ik neem {port}.", flush=True)
            return port, sockets
    if wanted:
        free = next((port for port in range(wanted + 1, 2**16) if _listen(port)), None)
        sys.exit(f"Poort {wanted} is niet vrij. Kies een andere: ./run --port {free}")
    sys.exit(f"Geen vrije poort van {PORTS[0]} tot en met {PORTS[-1]}. Kies er een: ./run --port N")


def _listen(port: int) -> contextlib.ExitStack | None:
    """On both addresses of localhost: a browser may try either, and the other may be somebody else's."""
    with contextlib.ExitStack() as stack:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                taken = stack.enter_context(socket.socket(family))
                taken.setsockopt(
                    socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
                )  # ports of a copy that just stopped
                taken.bind((address, port))
                taken.listen()
            except OSError:
                if family == socket.AF_INET or _has_ipv6():
                    return None
        return stack.pop_all()


def _has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Once is enough: whatever comes next must not disturb the stopping."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
