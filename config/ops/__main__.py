"""The commands of the administrator of the server. Each exits with 0 when all of it is done, and with 1 when not."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from . import dumping, endings, manifest, places, restoring
from .problems import Stop

USAGE = """\
Gebruik: python -m config.ops OPDRACHT      (in de ontwikkelomgeving: ./run ops OPDRACHT)

  backup       --main MAP --keys MAP --endings MAP [--recipient age1...] [--keep 35] [--keep-keys 7]
               [--only main|keys]                        elk vanaf een eigen computer; de lijst dan apart
  endings      --endings MAP [--since 2026-11-01]        wat eindigde, buiten elke back-up bewaard; elke vijf minuten
  check        --main MAP --keys MAP --endings MAP [--hours 26] [--disk MAP ...]
                                                         is de jongste back-up heel en jong, is er schijf over?
  restore      --main MAP|JSON --endings MAP --as NAAM [--keys MAP|JSON --keys-as NAAM] [--identity BESTAND]
  replay       --endings MAP --since MOMENT [--as NAAM] [--keys-as NAAM]     na terugzetten met WAL, voor het opengaat
  partitions                                             de maanden van het toegangslog, dertien vooruit

Adressen: BACKUP_DATABASE_URL en KEYS_BACKUP_DATABASE_URL (login tweeluik_backup), voor restore ADMIN_DATABASE_URL en
eventueel KEYS_ADMIN_DATABASE_URL (beheerder van de server), voor partitions BEGIN_DATABASE_URL.
De mappen mogen ook in TWEELUIK_BACKUP_MAIN, TWEELUIK_BACKUP_KEYS en TWEELUIK_BACKUP_ENDINGS staan.
"""


SOURCES = {"main": "BACKUP_DATABASE_URL", "keys": "KEYS_BACKUP_DATABASE_URL"}
FULL = 80  # per cent: a full disk refuses reading too, for no log row can be written


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        sys.stderr.write(USAGE)
        raise SystemExit(2)

    def print_help(self, file: object = None) -> None:
        sys.stdout.write(USAGE)


def main(arguments: list[str] | None = None) -> int:
    options = read_options(arguments)
    try:
        COMMANDS[options.command](options)
    except Stop as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except psycopg.Error as error:  # its text may quote a row
        print(
            f"De database weigerde ({type(error).__name__}, {error.sqlstate or 'geen verbinding'}).",
            file=sys.stderr,
        )
        return 1
    return 0


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser()
    parser.add_argument("command", choices=list(COMMANDS))
    for kind in places.KINDS:
        parser.add_argument(f"--{kind}", type=Path, default=os.environ.get(f"TWEELUIK_BACKUP_{kind.upper()}"))
    parser.add_argument("--recipient", default="")
    parser.add_argument("--identity", default="")
    parser.add_argument("--keep", type=int, default=35)
    parser.add_argument("--keep-keys", type=int, default=7)
    parser.add_argument("--only", choices=list(SOURCES))
    parser.add_argument("--disk", type=Path, nargs="*", default=[])
    parser.add_argument("--hours", type=int, default=26)
    parser.add_argument("--since", type=_moment)
    parser.add_argument("--as", dest="name", default="")
    parser.add_argument("--keys-as", dest="keys_name", default="")
    parser.add_argument("--keys-database", default="tweeluik_keys")
    return parser.parse_args(arguments)


def backup(options: argparse.Namespace) -> None:
    wanted = [options.only] if options.only else ["main", "keys"]
    folders = {kind: _folder(options, kind) for kind in (wanted if options.only else places.KINDS)}
    places.demand_apart(*folders.values())
    if min(options.keep, options.keep_keys) < 1:
        raise Stop("Bewaar back-ups ten minste een dag: --keep, --keep-keys.")
    began = time.monotonic()
    if not options.only:  # the list first: it must reach back before the dump
        append(options)
    for kind in wanted:  # the keys last, so that every record dumped has its key
        made = manifest.read(
            dumping.dump(_url(SOURCES[kind]), folders[kind], kind, recipient=options.recipient)
        )
        print(f"{folders[kind] / made.dump}: {sum(made.rows.values())} regels, {made.size} bytes", flush=True)
        dumping.rotate(folders[kind], options.keep if kind == "main" else options.keep_keys)
    if not options.only:  # and last: then this backup can be restored from this moment on
        append(options)
        endings.rotate(folders["endings"], options.keep + 7)
    print(f"Klaar in {time.monotonic() - began:.1f} s.")
    if "keys" in wanted:
        gone_by = datetime.now() + timedelta(days=options.keep_keys)
        print(f"Een sleutel die vandaag is vernietigd, is na {gone_by:%-d-%-m-%Y} ook uit elke back-up weg.")


def append(options: argparse.Namespace) -> None:
    source, store = _url(SOURCES["main"]), _url(SOURCES["keys"])
    ended = endings.append(source, store, _folder(options, "endings"), since=options.since)
    print(f"Lijst van wat eindigde: {ended} erbij.", flush=True)


def check(options: argparse.Namespace) -> None:
    """Read the newest backup of both whole, hold it to its hash, its age and the list, and look at the disks."""
    limit = datetime.now(UTC) - timedelta(hours=options.hours)
    for kind in ("main", "keys"):
        found = manifest.read(manifest.newest(_folder(options, kind)))
        if found.moment < limit:
            raise Stop(f"De jongste back-up van {places.KINDS[kind]} is van {found.at}: te oud.")
        print(f"{found.dump} is heel, van {found.at}.")
    until = endings.last(_folder(options, "endings"))
    if until < datetime.now(UTC) - endings.LONGEST:
        raise Stop(f"De lijst van wat eindigde is sinds {until.isoformat()} niet bijgewerkt.")
    print(f"De lijst van wat eindigde loopt tot {until.isoformat()}.")
    for place in (*options.disk, *(_folder(options, kind) for kind in places.KINDS)):
        usage = shutil.disk_usage(place)
        if (full := round(100 * (1 - usage.free / usage.total))) >= FULL:
            raise Stop(
                f"De schijf van {place} is voor {full} % vol. Bij een volle schijf wordt niets meer getoond."
            )


def restore(options: argparse.Namespace) -> None:
    admin = _url("ADMIN_DATABASE_URL")
    keys_admin = os.environ.get("KEYS_ADMIN_DATABASE_URL", admin)
    list_of, store = _folder(options, "endings"), options.keys_database
    if not (options.name or options.keys_name):
        raise Stop("Zeg onder welke naam: --as NAAM, --keys-as NAAM.")
    if options.keys_name:  # the keys first: the dossiers are held to them
        store = options.keys_name
        found = restoring.keys(
            keys_admin, _backup(options, "keys"), store, list_of, identity=options.identity
        )
        print(
            f"{store}: {found.rows} regels van {found.made_at.isoformat()}; {found.ended['key']} opnieuw vernietigd."
        )
    if options.name:
        found = restoring.main(
            admin,
            _backup(options, "main"),
            options.name,
            list_of,
            store=make_conninfo(keys_admin, dbname=store),
            identity=options.identity,
        )
        print(f"{options.name}: {found.rows} regels van {found.made_at.isoformat()}, elk aantal klopt.")
        _tell(found)


def _tell(found: restoring.Report) -> None:
    print(f"Toegangslog: {found.log_rows} regels kloppen met hun hash.")
    for what, number in sorted(found.ended.items()):
        print(f"Opnieuw beëindigd: {what}: {number}")
    print(f"{found.sessions} sessies beëindigd; iedereen logt opnieuw in.")
    if found.ended["account"]:
        print("Accounts met een oud wachtwoord of een oude tweede factor zijn dicht: nodig hen opnieuw uit.")
    print(f"De lijst loopt tot {found.until.isoformat()}. Wat daarna eindigde, moet u zelf nalopen.")


def replay(options: argparse.Namespace) -> None:
    if options.since is None:
        raise Stop("Zeg tot welk moment de server is teruggebracht: --since 2026-11-28T14:05:00+01:00")
    name = options.name or "tweeluik"
    store = options.keys_name or options.keys_database
    found = restoring.replay(
        _url("ADMIN_DATABASE_URL"), name, store, _folder(options, "endings"), options.since
    )
    _tell(found)


def partitions(options: argparse.Namespace) -> None:
    with psycopg.connect(_url("BEGIN_DATABASE_URL")) as server:
        made = server.execute("SELECT access_make_partitions()").fetchone()
    print(f"{made[0] if made else 0} maanden erbij.")


COMMANDS = {
    "backup": backup,
    "endings": append,
    "check": check,
    "restore": restore,
    "replay": replay,
    "partitions": partitions,
}


def _folder(options: argparse.Namespace, kind: str) -> Path:
    if not (found := getattr(options, kind)):
        raise Stop(f"Zeg waar: --{kind} MAP, voor {places.KINDS[kind]}.")
    return Path(found)


def _backup(options: argparse.Namespace, kind: str) -> Path:
    """Take the backup that is named, or the newest of a folder."""
    found = _folder(options, kind)
    return manifest.newest(found) if found.is_dir() else found


def _url(name: str) -> str:
    if not (found := os.environ.get(name)):
        raise Stop(f"Het adres {name} ontbreekt, zie docs/OPERATIONS.md.")
    return found


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.astimezone()


if __name__ == "__main__":
    sys.exit(main())
