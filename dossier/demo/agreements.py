"""Who works under whom, and on which written reason: each signs for himself, in the order a practice would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from delegation.competence import protocol_actions as protocols
from delegation.contracts import actions as contracts
from delegation.deputising import actions as deputising
from delegation.models import Contract, Deputising, Edition, Protocol, ProtocolVersion, Task
from delegation.separation import actions as separation
from delegation.supervision import actions as supervision
from directory.people.models import Role

from . import paper
from .logins import MEANDER
from .stage import Stage

CASEMANAGERS = {  # who, for whom: by name, never for a whole employer
    "casemanager": ("monteur", "magazijn", "planner", "dongen5", "dongen6", "dongen9"),
    "casemanager-2": ("lerares", "conrector", "veste5", "veste6"),
    "tweepetten": ("grens", "geengrens"),
}
EMPLOYER_OF = {"casemanager": "dongen", "casemanager-2": "veste", "tweepetten": "veste"}


@dataclass(frozen=True)
class Deal:
    """One contract: with whom, which tasks, for whom. How far it got shows in what follows."""

    key: str
    delegate: str
    edition: str
    tasks: tuple[str, ...]
    employers: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    drafted_by: str = "bedrijfsarts"
    signed: bool = True
    accepted: bool = True


DEALS = (
    Deal(
        "pob",
        "pob",
        "2018",
        ("M2", "M3", "M6", "M7", "M13", "M14", "P1", "P2", "P3"),
        employers=("dongen",),
        relations=("lerares",),
    ),
    Deal("pob-pmo", "pob", "praktijk", ("PMO1", "BG1"), employers=("dongen",), accepted=False),
    Deal(
        "zonder",
        "pob-zonder-delegatie",
        "2018",
        ("M2", "M3", "M7", "M14"),
        employers=("veste",),
        drafted_by="beheerder",
        signed=False,
    ),
    Deal(
        "tweepetten",
        "tweepetten",
        "2018",
        ("M2", "M3", "M7", "M14", "P2"),
        relations=("grens", "geengrens", "veste5", "veste6"),
    ),
    Deal("oud", "oud-medewerker", "2018", ("M2", "M3", "M7"), relations=("magazijn", "dongen6")),
)
WITHOUT_BIG = "Werkt al jaren onder mijn toezicht aan deze taak; de uitkomst bespreken wij bij elk overleg."
SUPERVISION = "Wekelijks bespreken wij alle lopende gevallen. Tussendoor per telefoon, antwoord dezelfde dag."
VERIFIED = "Tien gesprekken bijgewoond en nabesproken, daarna vijf verslagen zonder opmerkingen gelezen."
LIMITS = "Niet bij suïcidaliteit, verslaving of een conflict over de loonwaarde; dan eerst overleg met mij."


def assign_process(stage: Stage) -> None:
    """Let procesbewaker and secretariaat work for the bedrijfsartsen: signed on paper, when they began."""
    for physician in ("bedrijfsarts", "bedrijfsarts-collega"):
        with stage.acts(physician) as by:
            for kind, holder, tasks in (
                (
                    "process",
                    "procesbewaker",
                    "Termijnen bewaken, stukken opvragen, overleg met de werkgever plannen",
                ),
                ("desk", "secretariaat", "Afspraken plannen, post verwerken, brieven verzenden"),
            ):
                if (kind, physician) != ("process", "bedrijfsarts-collega"):
                    paper.assign(
                        by=by,
                        kind=kind,
                        holder=stage.engagement(holder),
                        responsible=stage.engagement(physician),
                        signed_at=stage.ago(690),
                        tasks=_text(stage, "Assignment", "tasks", physician, tasks),
                        facilities=_text(
                            stage,
                            "Assignment",
                            "facilities",
                            physician,
                            "Twee dagen per week, eigen werkplek, scholing",
                        ),
                    )


def assign_employers_side(stage: Stage) -> None:
    """Put the casemanagers of the employers on their employees, on the written assignment of the employer."""
    with stage.acts("beheerder") as by:
        for username, keys in CASEMANAGERS.items():
            for key in keys:
                paper.assign(
                    by=by,
                    kind="employer",
                    holder=stage.engagement(username, Role.CASEMANAGER),
                    employer=stage.employers[EMPLOYER_OF[username]],
                    relation=stage.relations[key],
                    signed_at=stage.ago(120),
                    tasks=_text(
                        stage, "Assignment", "tasks", "beheerder", "Afspraken over werk en uren vastleggen"
                    ),
                    facilities=_text(stage, "Assignment", "facilities", "beheerder", "Vier uur per week"),
                    principal=_text(
                        stage, "Assignment", "principal", "beheerder", "Directie van de werkgever"
                    ),
                    document_reference=_text(
                        stage,
                        "Assignment",
                        "document_reference",
                        "beheerder",
                        "Opdrachtbrief, map casemanagers",
                    ),
                )


def publish_protocol(stage: Stage) -> None:
    """Publish the protocol, and let everybody who works with it confirm to have read it."""
    with stage.acts("bedrijfsarts") as by:
        version = protocols.publish_version(
            by=by,
            practice=stage.practices[MEANDER],
            name=_text(
                stage, "Protocol", "name", "bedrijfsarts", "Taakdelegatie verzuimbegeleiding", room=120
            ),
            position=_text(
                stage,
                "ProtocolVersion",
                "position",
                "bedrijfsarts",
                "De gedelegeerde werkt onder verantwoordelijkheid van de bedrijfsarts en stelt zich zo voor.",
            ),
            division=_text(
                stage,
                "ProtocolVersion",
                "division",
                "bedrijfsarts",
                "De gedelegeerde doet het eerste gesprek. Het oordeel over belastbaarheid geeft de bedrijfsarts.",
            ),
            responsibilities=_text(
                stage,
                "ProtocolVersion",
                "responsibilities",
                "bedrijfsarts",
                "Bij twijfel overlegt de gedelegeerde binnen twee werkdagen en legt dat vast.",
            ),
        )
    for username in ("pob", "tweepetten", "oud-medewerker"):
        with stage.acts(username, Role.GEDELEGEERDE) as by:
            protocols.confirm_read(by=by, version=ProtocolVersion.objects.get(pk=version.pk))


def contract(stage: Stage) -> None:
    """Draft, sign and accept: one accepted, one waiting for acceptance, one draft waiting for the physician."""
    for deal in DEALS:
        drafted = _draft(stage, deal)
        if not deal.signed:
            continue
        with stage.acts("bedrijfsarts") as by:
            row = Contract.objects.select_related("delegate__user", "physician", "practice").get(
                pk=drafted.pk
            )
            contracts.sign(by=by, contract=row, verified=_verified(stage, row))
        if deal.accepted:
            with stage.acts(deal.delegate, Role.GEDELEGEERDE) as by:
                row = Contract.objects.select_related("delegate", "physician", "practice").get(pk=drafted.pk)
                tasks = row.tasks.values_list("task", flat=True)
                contracts.accept(by=by, contract=row, declarations=dict.fromkeys(tasks, True))


def _draft(stage: Stage, deal: Deal) -> Contract:
    author = deal.drafted_by
    with stage.acts(author) as by:
        tasks = Task.objects.filter(edition=deal.edition, code__in=deal.tasks)
        terms = contracts.Terms(
            edition=Edition.objects.get(code=deal.edition),
            delegate=stage.engagement(deal.delegate, Role.GEDELEGEERDE),
            physician=stage.engagement("bedrijfsarts"),
            starts_at=stage.now,
            ends_at=stage.now + timedelta(days=330),
            tasks={
                task.pk: _text(stage, "ContractTask", "justification", author, WITHOUT_BIG)
                if task.justify_without_big
                else ""
                for task in tasks
            },
            employers=[stage.employers[key] for key in deal.employers],
            relations=[stage.relations[key] for key in deal.relations],
            supervision_plan=_text(stage, "Contract", "supervision_plan", author, SUPERVISION),
            consultation_interval=1,
            protocol=Protocol.objects.get(),
        )
        return contracts.draft(by=by, terms=terms)


def _verified(stage: Stage, row: Contract) -> dict[object, contracts.Verified]:
    return {
        each.task_id: contracts.Verified(
            how_verified=_text(stage, "CompetenceConclusion", "how_verified", "bedrijfsarts", VERIFIED),
            limits=_text(stage, "CompetenceConclusion", "limits", "bedrijfsarts", LIMITS),
            review_at=stage.now + timedelta(days=360),
        )
        for each in row.tasks.all()
    }


def deputise(stage: Stage) -> None:
    """Let one deputy stand in now, and one since weeks: his ends later, when what he wrote is there."""
    with stage.acts("bedrijfsarts") as by:
        paper.deputise(
            by=by,
            replaced=stage.engagement("bedrijfsarts"),
            deputy=stage.engagement("waarnemer-verlopen"),
            signed_at=stage.ago(45),
            ends_at=stage.now + timedelta(days=3),
            reason=_text(
                stage, "Deputising", "reason", "bedrijfsarts", "Najaarsvakantie van de bedrijfsarts"
            ),
        )
        now = deputising.appoint(
            by=by,
            replaced=stage.engagement("bedrijfsarts"),
            deputy=stage.engagement("waarnemer"),
            reason=_text(
                stage, "Deputising", "reason", "bedrijfsarts", "Nascholing, twee dagen per week afwezig"
            ),
        )
        deputising.activate(
            by=by, deputising=now, starts_at=stage.now, ends_at=stage.now + timedelta(days=28)
        )


def end_deputising(stage: Stage) -> None:
    """End the deputising that is over: what was written in it stays, he himself reads it no longer."""
    with stage.acts("bedrijfsarts") as by:
        deputy = stage.engagement("waarnemer-verlopen")
        row = Deputising.objects.select_related("ground", "replaced", "deputy").get(deputy=deputy.pk)
        reason = _text(
            stage, "Ground", "ended_reason", "bedrijfsarts", "De bedrijfsarts is terug", app="access"
        )
        deputising.end(by=by, deputising=row, reason=reason)


def supervise(stage: Stage) -> None:
    """Take the physician in training under supervision, for the whole caseload."""
    with stage.acts("bedrijfsarts") as by:
        supervision.appoint(
            by=by, supervisor=stage.engagement("bedrijfsarts"), physician=stage.engagement("anios")
        )


def separate(stage: Stage) -> None:
    """Decide about two hats for one employee and, on purpose, not about the other."""
    with stage.acts("bedrijfsarts") as by:
        separation.decide(
            by=by,
            user=stage.users["tweepetten"],
            person=stage.relations["grens"].person,
            separable=True,
            reason=_text(
                stage,
                "SeparationDecision",
                "reason",
                "bedrijfsarts",
                "De leiding regelt het werk, hij voert gesprekken",
            ),
            boundaries=_text(
                stage,
                "SeparationDecision",
                "boundaries",
                "bedrijfsarts",
                "Gesprekken op andere dagen dan het overleg met de leiding; geen verslag in beide dossiers.",
            ),
            review_on=(stage.now + timedelta(days=180)).date(),
        )


def end_contract_of_who_left(stage: Stage) -> None:
    with stage.acts("bedrijfsarts") as by:
        row = Contract.objects.select_related("ground", "physician").get(
            delegate=stage.engagement("oud-medewerker").pk
        )
        reason = _text(stage, "Ground", "ended_reason", "bedrijfsarts", "Uit dienst", app="access")
        contracts.end(by=by, contract=row, reason=reason)


def _text(
    stage: Stage, model: str, field: str, author: str, text: str, *, app: str = "delegation", room: int = 0
) -> str:
    sections = {
        "Contract": "taakcontract",
        "ContractTask": "taakcontract",
        "CompetenceConclusion": "bekwaamheid",
    }
    section = "protocol" if model.startswith("Protocol") else sections.get(model, "klantcontract")
    return stage.text(text, f"{app}.{model}", field, author, section=section, room=room)
