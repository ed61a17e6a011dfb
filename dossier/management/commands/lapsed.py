"""`lapsed` destroys drafts and werkaantekeningen whose time has passed. Meant for every night; harmless at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dossier.lapsing import clear


class Command(BaseCommand):
    help = "Vernietig concepten en werkaantekeningen waarvan de termijn voorbij is."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while cleared := clear():
            total += cleared
        self.stdout.write(f"Vernietigd: {total}.")
