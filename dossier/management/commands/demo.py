"""manage.py demo: an invented practice in an empty database, made by the people who work there."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dossier.demo import logins, state
from dossier.demo.building import build


class Command(BaseCommand):
    help = "Maak de demopraktijk in een lege database, zoals haar mensen dat zelf zouden doen."
    requires_system_checks: list[str] = []  # every start asks whether the demo is there

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--done", action="store_true", help="zeg alleen of de demo er al helemaal is (0) of niet (1)"
        )
        parser.add_argument(
            "--logins", action="store_true", dest="who", help="geef als JSON wie er kan inloggen, en hoe"
        )
        parser.add_argument(
            "--markers",
            type=Path,
            metavar="BESTAND",
            help="geef elke tekst een merkteken en schrijf op waar het staat",
        )

    def handle(self, *args: object, done: bool, who: bool, markers: Path | None, **options: object) -> None:
        there = state.is_done()
        if done:
            sys.exit(0 if there else 1)
        if who:
            self._logins(there)
        elif not there:
            self._build(markers)
        elif markers is not None:
            raise CommandError(
                "De demo is er al, zonder merktekens. Begin in een lege: ./run --data EEN_NIEUWE_MAP"
            )

    def _logins(self, there: bool) -> None:
        """One login per line, so that it reads as a list and parses as JSON."""
        if not there:
            raise CommandError("De demo is hier (nog) niet. Maak haar met: ./run manage demo")
        rows = [json.dumps(row, ensure_ascii=False) for row in logins.as_json()]
        self.stdout.write("[\n" + ",\n".join(rows) + "\n]")

    def _build(self, markers: Path | None) -> None:
        try:
            state.refuse_elsewhere()
            state.refuse_unless_empty()
        except state.Refused as refused:
            raise CommandError(str(refused)) from None
        marked = build(marked=markers is not None)
        if markers is not None:
            marked.write(markers)
