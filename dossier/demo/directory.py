"""The directory of the demo and what the practice keeps of itself: kept by its own desk and its administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from directory.people import actions as people
from directory.people.models import Registration
from directory.professions import actions as professions
from directory.professions.models import Profession
from directory.reference import actions as reference
from directory.reference.models import SettingDefinition

from .logins import MEANDER, NOORD
from .stage import Stage

EXTERNAL = "professions.ExternalProfessional"


@dataclass(frozen=True)
class Known:
    """One professional of another organisation, and what the register said how many days ago."""

    surname: str
    prefix: str
    initials: str
    organisation: str
    profession: str
    city: str
    title: str = ""
    register: str = ""
    looked: int = 0  # days ago
    result: str = "registered"
    ends_in: int | None = None  # days
    detail: str = ""
    left: bool = False


# Everybody and every organisation is invented. Of two with one profession, one stands in the BIG-register.
KNOWN = (
    Known("Terpstra", "", "W.J.", "Huisartsenpraktijk De Singel", "huisarts", "Soest", "", "big_arts", 40),
    Known("Bouazza", "", "S.", "Gezondheidscentrum Oostkade", "huisarts", "Zeist", "", "big_arts", 400),
    Known("Leeuwen", "van", "C.", "Huisartsenpraktijk De Singel", "poh_ggz", "Soest", "", "big_verpleegkundige", 75),
    Known("Prinsen", "", "D.", "Gezondheidscentrum Oostkade", "poh_ggz", "Zeist", "spv in opleiding"),
    Known("Ommen", "van", "R.", "Het Meerziekenhuis", "medisch_specialist", "Zeist", "orthopedie", "big_arts", 200),
    Known("Sarıkaya", "", "E.", "Het Meerziekenhuis", "verpleegkundig_specialist_ziekenhuis", "Amersfoort", "",
          "big_overig", 120, "restricted"),
    Known("Hoekstra", "", "M.", "Vuursteenkliniek", "revalidatiearts", "Baarn", "", "big_arts", 310, ends_in=25),
    Known("Vries", "de", "T.", "Fysiotherapie Beweegredenen", "fysiotherapeut", "Soest", "", "big_fysiotherapeut", 15),
    Known("Kamp", "op den", "A.", "Eempsychologen", "gz_psycholoog", "Amersfoort", "", "big_gz_psycholoog", 365),
    Known("Janmaat", "", "I.", "Eempsychologen", "psycholoog", "Amersfoort", "basispsycholoog"),
    Known("Nguyen", "", "L.", "UWV Utrecht", "verzekeringsarts", "Utrecht", "", "big_arts", 90),
    Known("Straten", "van der", "H.", "Arbeidsdeskundig Bureau Midden", "arbeidsdeskundige", "Utrecht", "", "sra", 180),
    Known("Wolters", "", "G.", "Coachpraktijk Het Veerhuis", "coach", "Leusden"),
    Known("Dekker", "den", "P.", "Huisartsenpraktijk De Singel", "huisarts", "Soest", "", "big_arts", 700, "ended",
          left=True),
)  # fmt: skip


def keep_directory(stage: Stage) -> None:
    """Let the desk add whom the practice has to do with, and what the registers said of them."""
    today = timezone.localdate()
    with stage.acts("secretariaat") as by:
        by_key = {row.pk: row for row in Profession.objects.all()}
        for number, known in enumerate(KNOWN):
            row = professions.add_professional(
                practice=stage.practices[MEANDER],
                initials=known.initials,
                prefix=known.prefix,
                surname=_text(stage, known.surname, "surname", 100),
                organisation=_text(stage, known.organisation, "organisation", 120),
                profession=by_key[known.profession],
                title=_text(stage, known.title, "title", 120),
                city=_text(stage, known.city, "city", 80),
                phone=_text(stage, f"0800 000 1{number:02d}", "phone", 30),
                by=by,
            )
            if known.register:
                professions.add_registration(
                    professional=row,
                    register=known.register,
                    number=f"{99_100_000_000 + number}"
                    if known.register.startswith("big_")
                    else f"D{number:04d}",
                    checked_on=today - timedelta(days=known.looked),
                    result=known.result,
                    ends_on=today + timedelta(days=known.ends_in) if known.ends_in else None,
                    by=by,
                )
            if known.left:
                professions.change_professional(professional=row, in_use=False, by=by)


def _text(stage: Stage, text: str, name: str, room: int) -> str:
    return stage.text(text, EXTERNAL, name, "secretariaat", room=room)


def end_soon(stage: Stage) -> None:
    """Let two registrations of colleagues come to their end: three weeks and six days from now."""
    today = timezone.localdate()
    with stage.acts("beheerder") as by:
        for username, register, days in (
            ("pob-zonder-delegatie", "big_verpleegkundige", 21),
            ("waarnemer-verlopen", "specialist_bedrijfsarts", 6),
        ):
            row = Registration.objects.get(professional__user=stage.users[username].pk, register=register)
            said = stage.text("ingeschreven", "people.Registration", "check_result", "beheerder", room=120)
            people.renew(
                registration=row,
                ends_on=today + timedelta(days=days),
                checked_at=stage.ago(20),
                check_result=said,
                by=by,
            )


def keep_practice(stage: Stage) -> None:
    """Let the administrators say where their practice is, when it is closed, and what they choose."""
    year = timezone.localdate().year
    with stage.acts("beheerder") as by:
        for name, street, city in (
            ("Hoofdvestiging", "Eemlaan 12", "Soest"),
            ("Spreekkamer Transportweg", "Transportweg 3", "Leusden"),
        ):
            reference.add_location(
                practice=stage.practices[MEANDER],
                name=stage.text(name, "reference.Location", "name", "beheerder", room=80),
                street=stage.text(street, "reference.Location", "street", "beheerder", room=120),
                postcode="0100 AX",
                city=city,
                phone="0800 000 0010",
                by=by,
            )
        reference.close_on(
            practice=stage.practices[MEANDER],
            name=stage.text(
                "Tussen kerst en nieuwjaar", "reference.ClosingDays", "name", "beheerder", room=80
            ),
            first_day=date(year, 12, 28),
            last_day=date(year, 12, 31),
            by=by,
        )
        for code, value, reason in (
            ("register_recheck_months", 6, "Het secretariaat kijkt elk half jaar alle registers na."),
            (
                "max_delegates_per_bedrijfsarts",
                4,
                "Meer mensen kan een bedrijfsarts hier niet goed begeleiden.",
            ),
        ):
            reference.choose(
                practice=stage.practices[MEANDER],
                definition=SettingDefinition.objects.get(pk=code),
                value=value,
                reason=stage.text(reason, "reference.Setting", "reason", "beheerder"),
                by=by,
            )
    with stage.acts("andere-beheerder") as by:
        reference.add_location(
            practice=stage.practices[NOORD],
            name=stage.text("Praktijk", "reference.Location", "name", "andere-beheerder", room=80),
            street=stage.text("Kade 8", "reference.Location", "street", "andere-beheerder", room=120),
            postcode="0900 AX",
            city="Sneek",
            by=by,
        )
