"""`access explain` answers one question; `access matrix` writes the grid as a page."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dossier import explanation
from dossier.accesspage import page

PAGE = Path(settings.BASE_DIR) / "docs" / "ACCESS.md"


class Command(BaseCommand):
    help = "Leg uit wie wat mag (explain), of schrijf het rooster op (matrix)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        explain = commands.add_parser("explain")
        explain.add_argument("--as", dest="user", required=True, help="gebruikersnaam")
        explain.add_argument("--capacity", required=True, help="rol of id van de werkrelatie")
        explain.add_argument("--dossier")
        explain.add_argument("--record")
        explain.add_argument("--kind", help="soort record")
        explain.add_argument("--section", help="onderdeel van het dossier of object van de praktijk")
        explain.add_argument("--task", help="taakcode")
        explain.add_argument("--verb", required=True)
        explain.add_argument("--at", help="moment, bijvoorbeeld 2026-11-22T10:00+01:00")
        explain.add_argument("--json", action="store_true")
        matrix = commands.add_parser("matrix")
        matrix.add_argument("--check", action="store_true", help="alleen vergelijken met docs/ACCESS.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "matrix":
            self.matrix(check=options["check"])
        else:
            self.explain(options)

    def matrix(self, *, check: bool) -> None:
        text = page()
        if check and (not PAGE.exists() or PAGE.read_text() != text):
            raise CommandError("docs/ACCESS.md is verouderd: ./run manage access matrix")
        if not check:
            PAGE.write_text(text)

    def explain(self, options: dict[str, Any]) -> None:
        at = timezone.now()
        if options["at"]:
            given = parse_datetime(options["at"])
            if given is None:
                raise CommandError("--at is geen moment; bijvoorbeeld 2026-11-22T10:00+01:00")
            at = timezone.make_aware(given) if timezone.is_naive(given) else given
        section, task = options["section"], options["task"]
        if options["kind"]:
            from dossier.records.kinds import kind_of

            kind = kind_of(options["kind"])
            if kind is None:
                raise CommandError(f"onbekende soort: {options['kind']}")
            section = section or kind.section
        if not section and not options["record"]:
            raise CommandError("Geef --section, --kind of --record.")
        try:
            user_id, engagement, _ = explanation.capacity(options["user"], options["capacity"])
            answer = explanation.explain(
                user_id=user_id,
                engagement=engagement,
                section=section or "begeleiding",
                verb=options["verb"],
                at=at,
                dossier=_uuid(options["dossier"]),
                record=_uuid(options["record"]),
                task=task,
            )
        except explanation.Unknown as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))
            return
        for name, value in (
            ("antwoord", answer.dutch),
            ("code", answer.code),
            ("regel", f"{answer.role}, {answer.section}: {answer.cell}" if answer.role else ""),
            ("grond", f"{answer.ground_kind} {answer.ground}" if answer.ground else ""),
            ("voorwaarde", answer.condition),
            ("ontbreekt", answer.missing),
            ("herstel", answer.mender),
            ("bron", answer.source),
        ):
            if value:
                self.stdout.write(f"{name}: {value}")


def _uuid(text: str | None) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise CommandError(f"geen geldig nummer: {text}") from None
