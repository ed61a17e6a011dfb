"""Record the stories: everybody writes as himself, opens what he writes in, and signs it or leaves it a concept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from directory.access.grid import Verb
from dossier.models.shell import Dossier, Opened
from dossier.records import actions, crossings, sharing
from dossier.records.base import Header
from dossier.records.kinds import Place, kind_of, places
from dossier.records.rows import Entry

from .people import phone_of
from .stage import Stage
from .stories import CASE, Note, Sick, stories

REMARK = "opmerking"


def place_of(kind: str) -> Place:
    """Find where the demo records this kind: the first place that was declared for it."""
    return next(place for place in places() if place.kind.code == kind)


def record(stage: Stage) -> None:
    """Tell every story, oldest first, so that what follows finds what came before."""
    for story in stories():
        for case in story.sick:
            _report(stage, story.key, case)
        for note in story.notes:
            _write(stage, story.key, note)


def _report(stage: Stage, key: str, case: Sick) -> None:
    """Record a sickness case on the day it was reported."""

    def day(days: int | None) -> Any:
        return None if days is None else timezone.localdate(stage.ago(days))

    texts = {"telefoon": phone_of(key), "werkafspraken": case.doing}
    details = {
        "first_sick_day": day(case.first),
        "reported_on": day(case.reported),
        "recovered_on": day(case.back),
        "expected_days": case.expected,
        "absence_percentage": case.percentage,
        "safety_net": case.safety_net,
        "work_accident": case.work_accident,
        "traffic_accident": case.traffic_accident,
    }
    when = {"days": case.reported, "at": "08:40"}
    _write(stage, key, Note(case.by, CASE, texts, role=case.role, details=details, **when))


def _write(stage: Stage, key: str, note: Note) -> None:
    place, dossier = place_of(note.kind), stage.dossiers[key]
    with stage.acts(note.by, note.role) as by:
        opened = _open(dossier, place, note)
        entry = _entry(stage, dossier, place, note)
        row = actions.write(by=by, opened=opened, entry=entry, sign=note.signed)
        if note.correction:
            reason = _text(stage, dossier, place, note.by, "reason", note.correction.reason, "Record")
            texts = _texts(stage, dossier, place, note.by, {**note.texts, **note.correction.texts})
            again = Entry(place, entry.happened_at, texts, details=note.details)
            row = actions.amend(
                by=by, opened=opened, record=row, entry=again, reason=reason, seen=row.version, sign=True
            )
        if note.share:
            receiver = stage.users["pob"].pk
            sharing.share(by=by, opened=opened, record=row, place=place, receiver=receiver, task=note.share)
    if note.remark:
        _remark(stage, dossier, row, note.remark)


def _open(dossier: UUID, place: Place, note: Note) -> Opened:
    verbs = [Verb.READ, place.kind.verb]
    if note.correction:
        verbs.append(Verb.AMEND)
    if note.share:
        verbs.append(Verb.SHARE)
    asks = [place.ask(verb) for verb in verbs]
    asks += crossings.asks(place.kind.crossing) if note.signed else ()
    asks += ["team.read"] if note.share else []
    return Dossier.objects.open(dossier, *asks, purpose="demo")


def _entry(stage: Stage, dossier: UUID, place: Place, note: Note) -> Entry:
    texts, moment = _texts(stage, dossier, place, note.by, note.texts), _moment(stage, note)
    details = note.details
    if note.percentage is not None:
        details = {"from_day": timezone.localdate(moment), "absence_percentage": note.percentage}
    return Entry(place, moment, texts, details=details)


def _moment(stage: Stage, note: Note) -> datetime:
    """Say when it happened, on a working day. Today is now: who was let in a minute ago has nothing earlier."""
    if not note.days:
        moment = timezone.now()
    else:
        moment = stage.ago(note.days, note.at, working=note.kind != CASE)
    return moment.replace(second=0, microsecond=0)


def _remark(stage: Stage, dossier: UUID, about: Header, text: str) -> None:
    """Let the bedrijfsarts write beside what a delegate wrote."""
    kind = kind_of(REMARK)
    assert kind is not None
    place = Place(kind, about.section, about.purpose)
    with stage.acts("bedrijfsarts") as by:
        opened = Dossier.objects.open(dossier, place.ask(Verb.READ), place.ask(Verb.REMARK), purpose="demo")
        stands = type(about).objects.get(pk=about.pk)
        marked = _text(stage, dossier, place, "bedrijfsarts", "opmerking", text)
        actions.remark(by=by, opened=opened, place=place, about=stands, text=marked, form_key=uuid4())


def _texts(stage: Stage, dossier: UUID, place: Place, author: str, texts: Any) -> dict[str, str]:
    return {
        code: _text(stage, dossier, place, author, code, text, room=_room(place, code))
        for code, text in texts.items()
        if text
    }


def _room(place: Place, code: str) -> int:
    part = place.kind.part(code)
    return part.limit if part and part.line else 0


def _text(
    stage: Stage,
    dossier: UUID,
    place: Place,
    author: str,
    field: str,
    text: str,
    model: str = "Part",
    room: int = 0,
) -> str:
    """Mark one text. On the left it is medical whatever its section; on the right the section says whose it is."""
    panel = place.panel.code
    return stage.text(
        text,
        f"{panel}.{panel.capitalize()}{model}",
        field,
        author,
        side=panel,
        section=place.section,
        dossier=dossier,
        room=room,
    )
