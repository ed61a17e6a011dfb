"""`audit`: seal the access log, send its root outside, verify it, hand it out.

Exit codes of `verify`: 0 all is right and a root outside of at most a day old says so; 1 something is wrong, and the
first of it is named; 2 it could not be verified; 3 all is right, but outside there is no root, or only an old one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone

from delegation.dates import end_of, start_of
from directory.access.context import NoCapacity, acting_as
from directory.access.proof import anchors, sealing, verifying
from directory.access.proof.sealing import NoKey, SigningKey
from directory.access.proof.statement import Root, Unreadable, key_id
from directory.access.refusals import Refusal
from dossier import explanation
from dossier.insight import exporting

WRONG, UNVERIFIED, UNPROVEN = 1, 2, 3


class Command(BaseCommand):
    help = "Het toegangslog: verzegelen, naar buiten sturen, controleren en uitgeven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        seal = commands.add_parser("seal", help="verzegel de afgesloten regels")
        seal.add_argument("--every", type=float, metavar="SECONDEN", help="blijf dit doen, met deze pauze")
        seal.add_argument("--anchor", action="store_true", help="stuur de wortel ook naar buiten")
        commands.add_parser("anchor", help="stuur de nieuwste wortel naar buiten (LOG_ANCHORS)")
        verify = commands.add_parser(
            "verify", help="controleer alles; 0 goed, 1 fout, 2 kon niet, 3 onbewezen"
        )
        verify.add_argument(
            "--roots", action="append", type=Path, metavar="BESTAND", help="wortels van buiten"
        )
        verify.add_argument("--public", type=Path, metavar="BESTAND", help="publieke sleutels, een per regel")
        verify.add_argument("--json", action="store_true")
        commands.add_parser("key", help="toon de publieke sleutel, voor wie buiten controleert")
        export = commands.add_parser("export", help="geef het log uit als FHIR AuditEvent (ndjson)")
        export.add_argument("--as", dest="user", required=True, help="gebruikersnaam")
        export.add_argument("--capacity", required=True, help="rol of id van de werkrelatie")
        export.add_argument("--dossier")
        export.add_argument("--from", dest="since", help="eerste dag, bijvoorbeeld 2026-11-01")
        export.add_argument("--until", help="laatste dag")
        export.add_argument("--output", type=Path, metavar="BESTAND")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["command"])(options)
        except NoKey as error:
            raise CommandError(str(error), returncode=UNVERIFIED) from None

    # -- seal and anchor -------------------------------------------------------------------------------

    def seal(self, options: dict[str, Any]) -> None:
        every = options["every"]
        if every is None:
            self.round(SigningKey.load(), anchor=options["anchor"])
            return
        if not 1 <= every <= 3600:
            raise CommandError("--every is een pauze van 1 tot en met 3600 seconden")
        key = SigningKey.load()
        while True:
            try:
                self.round(key, anchor=options["anchor"], quiet=True)
            except (DatabaseError, psycopg.Error) as error:
                connections["begin"].close()  # the server was restarted: the next round asks for a new one
                self.stderr.write(f"Verzegelen mislukte en wordt herhaald ({type(error).__name__}).")
            time.sleep(every)

    def round(self, key: SigningKey, *, anchor: bool, quiet: bool = False) -> None:
        """Seal once, and see to it that the months to come are there: nothing can be read without."""
        with sealing.second_login() as cursor:
            cursor.execute("SELECT access_make_partitions()")
        made = sealing.seal_all(key)
        if not quiet:
            rows = sum(statement.rows for statement in made)
            numbers = f", controlepunt {made[-1].number}" if made else ""
            self.stdout.write(f"{rows} regels verzegeld{numbers}.")
        if anchor and (root := sealing.newest_root(key)) is not None:
            due = [one for one in anchors.anchors() if anchors.due(one, root, timezone.now())]
            self.send(root, due, quiet=quiet)

    def anchor(self, options: dict[str, Any]) -> None:
        ways = anchors.anchors()
        if not ways:
            raise CommandError(
                "Er is geen plek buiten ingesteld. Geef LOG_ANCHOR_FILE (een bestand op een andere schijf) of "
                "LOG_ANCHOR_MAIL (adressen)."
            )
        root = sealing.newest_root(SigningKey.load())
        if root is None:
            raise CommandError("Met deze sleutel is nog niets verzegeld: ./run manage audit seal")
        if not self.send(root, ways, quiet=False):
            raise CommandError("Niet overal aangekomen, zie hierboven.")

    def send(self, root: Root, ways: list[anchors.Anchor], *, quiet: bool) -> bool:
        """Send by each way; one that fails does not keep it from the others."""
        well = True
        for way in ways:
            try:
                anchors.send(way, root)
            except OSError as error:  # also what a mail server answers
                well = False
                self.stderr.write(f"{way.way}: niet verstuurd ({type(error).__name__}).")
            else:
                if not quiet:
                    self.stdout.write(f"{way.way}: controlepunt {root.statement.number} verstuurd.")
        return well

    def key(self, options: dict[str, Any]) -> None:
        self.stdout.write(SigningKey.load().public.hex())

    # -- verify ----------------------------------------------------------------------------------------

    def verify(self, options: dict[str, Any]) -> None:
        trusted = self.trusted(options["public"])
        given = options["roots"]
        if given is None:
            own = anchors.outside_file()
            given = [own] if own is not None and own.exists() else []
        roots = [root for file in given for root in self.outside(file)]
        try:
            with sealing.second_login() as cursor:
                verdict = verifying.verify(cursor, trusted, roots, timezone.now())
        except (DatabaseError, psycopg.Error) as error:
            connections["begin"].close()
            raise CommandError(
                f"De database antwoordt niet ({type(error).__name__}).", returncode=UNVERIFIED
            ) from None
        code = WRONG if verdict.fault else 0 if verdict.fresh else UNPROVEN
        if options["json"]:
            self.stdout.write(json.dumps(_json(verdict, code), ensure_ascii=False, indent=2))
        elif verdict.fault:
            self.stderr.write(verdict.fault.words)
        else:
            self.stdout.write(
                f"{verdict.rows} regels in {verdict.checkpoints} controlepunten kloppen; "
                f"{verdict.unsealed} regels wachten op het volgende."
            )
            self.stdout.write(_proof(verdict))
        if code:
            sys.exit(code)

    def trusted(self, public: Path | None) -> dict[str, bytes]:
        """Take the public keys that count: those given, or ours and those before it."""
        lines = []
        for file in (public or settings.LOG_FORMER_KEYS_FILE,):
            if public or file.exists():
                lines += _read(file).split()
        try:
            keys = [bytes.fromhex(line) for line in lines]
        except ValueError:
            keys = [b""]
        if any(len(key) != 32 for key in keys):
            raise CommandError("Een publieke sleutel heeft 64 tekens 0-9 en a-f.", returncode=UNVERIFIED)
        if public is None:
            keys.append(SigningKey.load().public)
        return {key_id(key): key for key in keys}

    def outside(self, file: Path) -> Iterator[Root]:
        """Read the roots of a file; other lines may stand between them, as in a mail. A torn line is said."""
        for number, line in enumerate(_read(file).splitlines(), 1):
            if not line.lstrip().startswith("{"):
                continue
            try:
                yield Root.read(line)
            except Unreadable:
                self.stderr.write(f"{file}: regel {number} is niet te lezen en telt niet mee.")

    # -- export ----------------------------------------------------------------------------------------

    def export(self, options: dict[str, Any]) -> None:
        since, until = _day(options["since"]), _day(options["until"])
        if options["dossier"] is None and (since is None or until is None):
            raise CommandError("Geef een dossier, of een eerste en een laatste dag.")
        if since and until and until < since:
            raise CommandError("De laatste dag ligt vóór de eerste.")
        dossier = _uuid(options["dossier"])
        with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
            try:
                user, engagement, _ = explanation.capacity(options["user"], options["capacity"])
                with acting_as(user, engagement, reason="export") as now:
                    count = exporting.write(
                        kept,
                        by=now,
                        since=_moment(start_of, since),
                        until=_moment(end_of, until),
                        dossier=dossier,
                    )
            except explanation.Unknown as error:
                raise CommandError(str(error)) from None
            except (Refusal, NoCapacity):
                raise CommandError("Dit mag deze persoon nu niet uitgeven.") from None
            kept.seek(0)  # only now, for the row that says so is committed
            if options["output"]:
                with _new(options["output"]) as out:
                    shutil.copyfileobj(kept, out)
                self.stderr.write(f"{count} regels in {options['output']}.")
            else:
                for line in kept:
                    self.stdout.write(line, ending="")


def _proof(verdict: verifying.Verdict) -> str:
    if verdict.outside is None:
        return "Buiten is geen controlepunt gevonden: dat er niets is verdwenen, is zo niet te bewijzen."
    moment = timezone.localtime(verdict.outside.at)
    said = f"Buiten staat controlepunt {verdict.outside.number} van {moment:%d-%m-%Y %H:%M}"
    if verdict.fresh:
        return f"{said}; het is hetzelfde."
    return f"{said}; dat is ouder dan een dag, en bewijst niets over de tijd daarna."


def _json(verdict: verifying.Verdict, code: int) -> dict[str, Any]:
    fault, outside = verdict.fault, verdict.outside
    return {
        "exit": code,
        "rows": verdict.rows,
        "checkpoints": verdict.checkpoints,
        "unsealed": verdict.unsealed,
        "outside": {"number": outside.number, "at": outside.at.astimezone(UTC).isoformat()}
        if outside
        else None,
        "fresh": verdict.fresh,
        "wrong": {
            "code": fault.code,
            "checkpoint": fault.checkpoint,
            "row": fault.row,
            "at": fault.at.astimezone(UTC).isoformat() if fault.at else None,
            "words": fault.words,
        }
        if fault
        else None,
    }


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file} is niet te lezen.", returncode=UNVERIFIED) from None


def _new(file: Path) -> Any:
    """Open a file that is not there yet, and that only its owner may read: it says who did what."""
    try:
        return open(file, "x", encoding="utf-8", opener=_private)
    except OSError as error:
        raise CommandError(f"{file} kan niet worden gemaakt ({error.strerror}).") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is geen dag; bijvoorbeeld 2026-11-01") from None


def _moment(border: Callable[[date], datetime], day: date | None) -> datetime | None:
    """Give a border of a day here; a day beyond the calendar has none."""
    try:
        return border(day) if day else None
    except OverflowError:
        return None


def _uuid(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(f"geen geldig nummer: {text}") from None
