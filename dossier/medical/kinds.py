"""The kinds of the left panel: the physician's note, the delegate's own note, and a remark beside it."""

from __future__ import annotations

from directory.access.grid import Verb
from dossier.records.kinds import Kind, Panel, PartKind, register, register_panel

from .models import MedicalPart, MedicalRecord

register_panel(Panel("medical", "medisch", MedicalRecord, MedicalPart))

PHYSICIANS = ("bedrijfsarts", "waarnemer", "arts_onder_supervisie")

ANAMNESE = PartKind("anamnese", "Anamnese", "M2", rows=5)
ARBEIDSANAMNESE = PartKind("arbeidsanamnese", "Arbeidsanamnese", "M3", "Werk, werkbelasting, werkplek.")
ONDERZOEK = PartKind("onderzoek", "Onderzoek", "M4")

SPREEKUURNOTITIE = register(
    Kind(
        code="spreekuurnotitie",
        label="Spreekuur",
        panel="medical",
        sections=("begeleiding",),
        roles=PHYSICIANS,
        parts=(
            ANAMNESE,
            ARBEIDSANAMNESE,
            ONDERZOEK,
            PartKind("overweging", "Overweging", "M6"),
            PartKind("advies", "Advies", "M6"),
            # Never a delegate's: the final judgement is a task of code 1 (Leidraad casemanagement, bijlage 4).
            PartKind("eindoordeel", "Eindoordeel (bedrijfsarts)", "M10"),
        ),
        crossing="consult_gehouden",
    )
)

# A voluntary contact stands apart from the sick leave, and may be written by whoever was come to (§3.1).
NOTITIE_OPEN_SPREEKUUR = register(
    Kind(
        code="notitie_open_spreekuur",
        label="Open spreekuur",
        panel="medical",
        sections=("open_spreekuur",),
        roles=(*PHYSICIANS, "bedrijfsarts_doelgebonden"),
        parts=(
            ANAMNESE,
            PartKind("overweging", "Overweging", "M6"),
            PartKind("advies", "Advies", "M6"),
        ),
    )
)

# The delegate's own file (bijlage 4, voetnoot 36). The database asks task M7 besides: without it nothing is written
# here at all. What is judged in it stays provisional until a physician judges.
CONTACTNOTITIE = register(
    Kind(
        code="contactnotitie",
        label="Contact",
        panel="medical",
        sections=("gedelegeerde",),
        purposes=("begeleiding",),
        parts=(
            ANAMNESE,
            ARBEIDSANAMNESE,
            ONDERZOEK,
            PartKind(
                "voorlopig_oordeel",
                "Voorlopig oordeel en advies (gedelegeerde)",
                "M6",
                "Uw oordeel is voorlopig. Het eindoordeel geeft de bedrijfsarts.",
            ),
        ),
        provisional="Voorlopig oordeel (gedelegeerde)",
        takes_over="spreekuurnotitie",
        takes_parts=(
            ("anamnese", "anamnese"),
            ("arbeidsanamnese", "arbeidsanamnese"),
            ("onderzoek", "onderzoek"),
            ("voorlopig_oordeel", "overweging"),
        ),
    )
)

# Beside another's record, by whoever supervises it (bijlage 5, toezicht). Signed when it is made.
OPMERKING = register(
    Kind(
        code="opmerking",
        label="Opmerking",
        panel="medical",
        sections=("gedelegeerde", "supervisie"),
        parts=(PartKind("opmerking", "Opmerking", "G4", rows=3),),
        verb=Verb.REMARK,
        by_form=False,
    )
)
