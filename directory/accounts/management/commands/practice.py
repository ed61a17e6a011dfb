from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from directory.accounts.actions import invite, make_first_practice
from directory.accounts.models import User


class Command(BaseCommand):
    help = "Maak de eerste praktijk op een lege server, met uitnodigingen voor beheerder en bedrijfsarts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        again = verbs.add_parser(
            "invite", help="een nieuwe link, voor wie niemand anders meer kan uitnodigen"
        )
        again.add_argument("--username", required=True)
        create = verbs.add_parser("create")
        create.add_argument("--name", required=True, help="naam van de praktijk")
        create.add_argument("--admin-username", required=True)
        create.add_argument(
            "--physician-username", required=True, help="gelijk aan de beheerder: eenmanspraktijk"
        )
        create.add_argument("--admin-name", default="")
        create.add_argument("--physician-name", default="")
        create.add_argument("--kvk-number", default="")
        create.add_argument("--phone", default="")
        for verb in (again, create):
            verb.add_argument("--base-url", default="http://localhost:8000", help="adres van deze server")

    def handle(self, *args: object, **options: str) -> None:
        if options["verb"] == "invite":
            self._invite(options["username"].lower(), options["base_url"])
            return
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
        self._show(made.links, options["base_url"])

    def _invite(self, username: str, base_url: str) -> None:
        """For the last administrator of a practice, after a restore that closed his login; the second factor stays."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError("Er is geen open account met deze gebruikersnaam.")
        self._show({user.username: invite(user=user, by=user)}, base_url)

    def _show(self, links: dict[str, str], base_url: str) -> None:
        for username, token in links.items():
            link = base_url.rstrip("/") + reverse("invitation", kwargs={"token": token})
            self.stdout.write(f"{username}: {link}")
        self.stdout.write(
            "Elke link werkt één keer, zeven dagen lang. Geef hem zelf aan wie hem nodig heeft."
        )
