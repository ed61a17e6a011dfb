"""What is not yet so: what is missing, who can mend it, and the way there. Said once, whatever it holds back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from directory.access.grid import the_grid
from directory.access.words import words_of
from dossier.models.shell import Opened
from dossier.records.answers import WORDS

INFORM = "Werknemer informeren"
# Where what is missing can be mended: route, whether it needs the dossier, and the words of the button.
MENDS = {
    "notice": ("notice_give", True, INFORM),
    "deputy_not_told": ("notice_give", True, INFORM),
    "supervision_not_told": ("notice_give", True, INFORM),
    "role_division": ("notice_give", True, INFORM),
    "contract_not_accepted": ("contracts", False, "Naar de overeenkomst"),
    "own_declaration": ("contracts", False, "Naar de overeenkomst"),
    "competence": ("contracts", False, "Naar de overeenkomst"),
    "protocol_read": ("protocols", False, "Naar de protocollen"),
    "no_task": ("contracts", False, "Naar delegatie"),
}


@dataclass(frozen=True)
class Wait:
    """Something that is not yet so. `sections` names what it holds back, when other parts are open."""

    code: str
    what: str
    how: str
    source: str
    url: str = ""
    button: str = ""
    sections: str = ""


def waits(opened: Opened, sections: Iterable[str], known: Iterable[Wait] = ()) -> list[Wait]:
    """Gather what is missing in these sections of an opened dossier, but for what stands elsewhere already."""
    held: dict[str, list[str]] = {}
    free = False
    for answer in opened.answers.values():
        section = answer.ask.partition(".")[0]
        if section not in sections:
            continue
        free = free or answer.allowed
        if answer.answer == "not_yet" and section not in held.setdefault(answer.code, []):
            held[answer.code].append(section)
    told = {wait.code for wait in known}
    return [
        wait(opened.dossier.pk, code, _named(found) if free else "")
        for code, found in held.items()
        if code not in told
    ]


def wait(dossier: UUID, code: str, sections: str = "") -> Wait:
    """Say one thing that is missing, in the words of the guard."""
    words = WORDS.get(code) or words_of(code, "not_yet")
    name, of_dossier, button = MENDS.get(code, ("", False, ""))
    url = ""
    if name:
        back = reverse("dossier", args=[dossier])
        url = reverse(name, args=[dossier], query={"next": back}) if of_dossier else reverse(name)
    return Wait(code, words.what, words.how, words.source, url, button, sections)


def _named(sections: list[str]) -> str:
    return ", ".join(the_grid().sections[section].label for section in sections)
