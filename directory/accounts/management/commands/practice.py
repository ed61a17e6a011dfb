from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from directory.accounts.actions import make_first_practice


class Command(BaseCommand):
    help = "Maak de eerste praktijk op een lege server, met uitnodigingen voor beheerder en bedrijfsarts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        create = parser.add_subparsers(dest="verb", required=True).add_parser("create")
        create.add_argument("--name", required=True, help="naam van de praktijk")
        create.add_argument("--admin-username", required=True)
        create.add_argument(
            "--physician-username", required=True, help="gelijk aan de beheerder: eenmanspraktijk"
        )
        create.add_argument("--admin-name", default="")
        create.add_argument("--physician-name", default="")
        create.add_argument("--kvk-number", default="")
        create.add_argument("--phone", default="")
        create.add_argument("--base-url", default="http://localhost:8000", help="adres van deze server")

    def handle(self, *args: object, **options: str) -> None:
        try:
            made = make_first_practice(
                name=options["name"],
                admin_username=options["admin_username"],
                physician_username=options["physician_username"],
                admin_name=options["admin_name"],
                physician_name=options["physician_name"],
                kvk_number=options["kvk_number"],
                phone=options["phone"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Praktijk {made.practice.name} is gemaakt.")
        for username, token in made.links.items():
            link = options["base_url"].rstrip("/") + reverse("invitation", kwargs={"token": token})
            self.stdout.write(f"{username}: {link}")
        self.stdout.write(
            "Elke link werkt één keer, zeven dagen lang. Geef hem zelf aan wie hem nodig heeft."
        )
