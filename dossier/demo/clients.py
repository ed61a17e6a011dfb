"""The employers with their people, who begleidt them, and the dossiers."""

from __future__ import annotations

from delegation.checks import all_purposes
from directory.accounts.models import User
from directory.people import actions as people
from directory.people.models import Practice, Relation
from dossier.models.shell import found

from . import paper
from .logins import MEANDER, NOORD
from .people import CLIENTS, VOLUNTARY, Client, Employee, of, phone_of
from .people import employees as everybody
from .stage import Stage

BEGAN = 700  # days ago: when the physicians signed for their clients, on paper


def add_clients(stage: Stage) -> None:
    """Add the employers as the administrator, and their people as the secretary does."""
    for practice, administrator, desk in (
        (MEANDER, "beheerder", "secretariaat"),
        (NOORD, "andere-beheerder", "andere-beheerder"),
    ):
        clients = [client for client in CLIENTS if client.practice == practice]
        with stage.acts(administrator) as by:
            for client in clients:
                name = stage.text(client.name, "people.Employer", "name", administrator, room=120)
                stage.employers[client.key] = people.add_employer(
                    practice=stage.practices[practice], name=name, by=by
                )
        with stage.acts(desk) as by:
            for client in clients:
                for row in of(client.key, dossier=False):
                    _add(stage, row, stage.practices[practice], by)
    with stage.acts("secretariaat") as by:
        for row in everybody():
            if not row.employer:
                _add(stage, row, stage.practices[MEANDER], by)


def _add(stage: Stage, row: Employee, practice: Practice, by: User) -> None:
    author = by.username

    def marked(name: str, text: str, room: int, model: str = "people.Person") -> str:
        return stage.text(text, model, name, author, section="personen", relation=row.key, room=room)

    person = people.add_person(
        practice=practice,
        initials=marked("initials", row.initials, 20),
        first_name=marked("first_name", row.first_name, 60),
        prefix=marked("prefix", row.prefix, 20),
        surname=marked("surname", row.surname, 100),
        birth_date=row.birth_date,
        phone=marked("phone", phone_of(row.key), 30),
        email=stage.markers.address(
            f"{row.key}@post.example",
            model="people.Person",
            field="email",
            author=author,
            side="practice",
            section="personen",
            relation=row.key,
        ),
        street=marked("street", row.street, 120),
        postcode=marked("postcode", row.postcode, 10),
        city=marked("city", row.city, 80),
        by=by,
    )
    stage.relations[row.key] = people.add_relation(
        person=person,
        kind=Relation.Kind.EMPLOYMENT if row.employer else Relation.Kind.PRIVATE,
        starts_on=row.starts_on,
        employer=stage.employers[row.employer] if row.employer else None,
        personnel_number=marked(
            "personnel_number",
            str(10_017 + 13 * everybody().index(row)) if row.employer else "",
            30,
            "people.Relation",
        ),
        department=marked("department", row.department, 80, "people.Relation"),
        by=by,
    )


def begleiden(stage: Stage) -> None:
    """Let each bedrijfsarts take on his clients: signed on paper, long ago."""
    for client in CLIENTS:
        with stage.acts(client.physician) as by:
            paper.assign(
                by=by,
                kind="client",
                holder=stage.engagement(client.physician),
                employer=stage.employers[client.key],
                signed_at=stage.ago(BEGAN),
                purposes=all_purposes(),
                tasks=_of(
                    stage, client, "tasks", "Verzuimbegeleiding en preventieve zorg voor alle werknemers"
                ),
                principal=_of(stage, client, "principal", f"Directie van {client.name}"),
                document_reference=_of(stage, client, "document_reference", "Basiscontract, map klanten"),
            )


def _of(stage: Stage, client: Client, field: str, text: str) -> str:
    return stage.text(text, "delegation.Assignment", field, client.physician, section="klantcontract")


def found_dossiers(stage: Stage) -> None:
    """Found the dossiers: the procesbewaker those of his physician's clients, the others the physician himself.

    The last one founded stands first in a list, so the employees with the longest stories come last.
    """
    with stage.acts("bedrijfsarts") as by:
        paper.self_referral(
            by=by,
            holder=stage.engagement("bedrijfsarts"),
            relation=stage.relations["eigen"],
            purposes=["open_spreekuur"],
            since=stage.ago(30),
        )
        stage.dossiers["eigen"] = found(relation=stage.relations["eigen"], process=False)
    for client in reversed(CLIENTS):
        with stage.acts("procesbewaker" if client.physician == "bedrijfsarts" else client.physician):
            for row in reversed(of(client.key)):
                stage.dossiers[row.key] = found(
                    relation=stage.relations[row.key], process=row.key not in VOLUNTARY
                )
    for key, dossier in stage.dossiers.items():
        stage.markers.belongs(key, dossier)
