"""What the pages of a record share: opening by the place in the address, the form, and answers that keep the text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from delegation.dates import show_day
from directory.access.context import Capacity, acting
from directory.access.keystore import KeyGone
from directory.access.middleware import SAFE, database_refusal, hint, log_refusal, sqlstate
from directory.access.refusals import NotAllowed, NotFound, NotYet, Refusal
from directory.access.words import Words
from directory.people.models import Person
from dossier.models import Dossier
from dossier.models.shell import Opened

from . import crossings, snippets
from .answers import REFUSED, WORDS, Conflict, words_for
from .base import Header
from .conflicts import conflict_page
from .forms import RecordForm
from .keeping import Typed, keep
from .kinds import Place, kinds_for
from .places import code_of, new_url
from .tasks import offered

if TYPE_CHECKING:
    from directory.accounts.models import User

# What is shown beside a form of a section: the earlier notes of both who guide, the earlier steps of both sides.
BESIDE = {
    section: pair
    for pair in (("begeleiding", "gedelegeerde"), ("proces", "werkgeverdeel"))
    for section in pair
}
# What every view of records says of itself: the section stands in the address, as a code only the dossier knows.
ANY = {"section": "*", "side": "dossier"}
NOTHING_KEPT = (
    "Uw tekst is niet vastgelegd en kon niet worden bewaard. Kopieer hem hier voordat u verdergaat:"
)
KEPT = "Uw tekst is bewaard en niet vastgelegd:"


View = TypeVar("View", bound=Callable[..., HttpResponse])


class Desk(HttpRequest):
    """A request inside the middleware: somebody is logged in and works in one capacity."""

    user: User
    capacity: Capacity


def open_for(
    dossier: UUID,
    place: Place,
    *verbs: str,
    beside: bool = False,
    signs: bool = False,
    around: tuple[str, ...] = (),
) -> Opened:
    """Open a dossier for these verbs of one place; for the earlier notes beside a form; for what a signature crosses.

    Raises the refusal of the first verb.
    """
    asks = [*dict.fromkeys(place.ask(verb) for verb in verbs), *around]
    if beside and place.section in BESIDE:
        asks += [f"{section}.read" for section in BESIDE[place.section] if f"{section}.read" not in asks]
    if signs:
        asks += [*crossings.asks(place.kind.crossing), "kennisgeving.read"]
    opened: Opened = Dossier.objects.open(dossier, *asks)
    opened.need(asks[0])
    return opened


def demand_form(opened: Opened, place: Place, verb: str) -> None:
    """Refuse the form of a kind that is not this role's to write, or that nobody writes by hand."""
    roles = place.kind.roles
    if not place.kind.by_form or (roles and opened.answers[place.ask(verb)].role not in roles):
        raise NotAllowed("no_cell")


def find(opened: Opened, place: Place, pk: UUID) -> Header:
    """Load the heading of a record. Raises Http404 for one that is not there, not here, or not the reader's."""
    rows = place.panel.header.objects.open_to(acting().capacity, "read")
    record = rows.filter(dossier=opened.dossier.pk, pk=pk).first()
    if record is None or not place.holds(record):
        raise Http404
    return cast(Header, record)


def form_for(
    opened: Opened,
    place: Place,
    data: Mapping[str, Any] | None = None,
    *,
    initial: Mapping[str, Any] | None = None,
    amending: bool = False,
    ids: str = "id",
) -> RecordForm:
    """Make the form of a place, with the parts whose task the writer may do now.

    Raises NotYet when there is none: then the page says where to look.
    """
    parts = offered(opened.dossier.pk, place)
    if not parts:
        raise NotYet("no_task")
    return RecordForm(data, place=place, parts=parts, initial=initial, amending=amending, ids=ids)


def person_bar(opened: Opened) -> dict[str, str]:
    """Say whom the page is about, for _delen/persoonbalk.html."""
    person, employer = opened.dossier.person, opened.dossier.employer
    return {
        "naam": filed(person),
        "geboren": show_day(person.birth_date),
        "werkgever": employer.name if employer else "",
    }


def filed(person: Person) -> str:
    """Write a name as it is filed: "Meulen, E. van der"."""
    rest = " ".join(part for part in (person.initials, person.prefix) if part)
    return f"{person.surname}, {rest}" if rest else person.surname


def dossier_url(dossier: UUID) -> str:
    return reverse("dossier", args=[dossier])


def add_errors(form: RecordForm, error: ValidationError) -> None:
    """Put the messages of an action beside their fields; what has no field stands above the form."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, messages in found.items():
        form.add_error(name if name in form.fields else None, messages)


def saving(request: Desk, text: Typed, attempt: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a save from its opening on. Whatever goes wrong, what was typed is kept, and given back."""
    try:
        return attempt()
    except Conflict as conflict:
        log_refusal("conflict")
        return conflict_page(request, text, conflict.current, keep(text, "conflict"))
    except NotFound:
        kept = keep(text, "right_ended")
        if kept is None:
            return _not_found(text)
        return refused_page(request, text, NotYet("right_ended"), kept)
    except Http404:
        keep(text, "not_found")
        return _not_found(text)
    except Refusal as refusal:
        return refused_page(request, text, refusal, keep(text, refusal.code))
    except KeyGone:
        return refused_page(request, text, NotYet("key_gone"), None)
    except DatabaseError as error:
        kept = keep(text, "database")
        if sqlstate(error) != REFUSED:
            raise
        if hint(error) in ("capacity_ended", "no_capacity"):
            return database_refusal(request, error)
        return refused_page(request, text, Refusal(hint(error) or "wall"), kept)
    except Exception:
        keep(text, "error")
        raise


def _not_found(text: Typed) -> HttpResponse:
    """Answer as for what does not exist; only the writer's own words stand below it, wherever he sent them."""
    if not text:
        raise Http404
    context = {"velden": text.labelled(), "uitleg": NOTHING_KEPT}
    return HttpResponse(render_to_string("records/niet_gevonden.html", context), status=404)


def refused_page(request: HttpRequest, text: Typed, refusal: Refusal, kept: UUID | None) -> HttpResponse:
    """Say why not, what one can do, and give the text back. Nothing of the save stands."""
    back = dossier_url(text.dossier) if refusal.code != "right_ended" else ""
    return words(
        request, refusal, text.dossier, back, velden=text.labelled(), uitleg=KEPT if kept else NOTHING_KEPT
    )


def words(
    request: HttpRequest, refusal: Refusal, dossier: UUID, back: str | None = None, **extra: Any
) -> HttpResponse:
    """Show a refusal in its own words."""
    found = words_for(refusal)
    context = {
        "soort": "nog_niet" if found.answer == "not_yet" else "mag_niet",
        "wat": found.what.format_map(_Facts(refusal.facts)),
        "hoe": found.how.format_map(_Facts(refusal.facts)),
        "bron": found.source,
        "terug_url": dossier_url(dossier) if back is None else back,
        "velden": [],
        "uitleg": "",
        **extra,
    }
    page = render_to_string("records/geweigerd.html", context, request=request)
    if request.method not in SAFE:  # what was begun rolls back, and its log row with it
        log_refusal(refusal.code, refusal.ask)
        transaction.set_rollback(True)
    return HttpResponse(page, status=403)


def explained(view: View) -> View:
    """Say a refusal of records in its own words, also where nothing was typed."""

    @functools.wraps(view)
    def answer(request: Desk, dossier: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, dossier, *args, **kwargs)
        except Refusal as refusal:
            if refusal.code not in WORDS:
                raise
            return words(request, refusal, dossier)

    return cast(View, answer)


def gives_back(field: str, label: str) -> Callable[[View], View]:
    """Give one text back when its form is refused. For what is kept nowhere else: one's own note, a reason."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def answer(request: Desk, dossier: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, dossier, *args, **kwargs)
            except Refusal as refusal:
                text = request.POST.get(field, "")
                if not text.strip():
                    raise
                given = {"velden": [(label, text)], "uitleg": NOTHING_KEPT}
                if not isinstance(refusal, NotFound):
                    return words(request, refusal, dossier, **given)
                log_refusal(refusal.code, refusal.ask)
                return HttpResponse(render_to_string("records/niet_gevonden.html", given), status=404)

        return cast(View, answer)

    return mark


class _Facts(dict[str, str]):
    """A fact that is not known is left out of the sentence, never shown as a brace."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True)
class NoteForm:
    """A form that another page embeds: templates/records/_formulier.html shows it."""

    form: RecordForm
    url: str
    draft_url: str
    label: str
    side: str
    explains: Words | None
    others: list[tuple[str, str]]
    phrases: bool


def note_form(opened: Opened, request: HttpRequest, panel: str = "medical") -> NoteForm | None:
    """Make the form that a dossier page embeds: the first kind the reader may make here, with the others as links.

    Needs the dossier opened for `write` in its sections, and one statement. None when there is nothing to write.
    """
    places = kinds_for(opened, panel)
    dossier = opened.dossier.pk
    for place in places:
        if parts := offered(dossier, place):
            others = [(other.kind.label, new_url(dossier, other)) for other in places if other is not place]
            form = RecordForm(place=place, parts=parts, ids=panel)
            return NoteForm(
                form=form,
                url=new_url(dossier, place),
                draft_url=reverse("draft_new", args=[dossier, code_of(dossier, place)]),
                label=place.kind.label,
                side=side_of(place),
                explains=place.kind.explains,
                others=others,
                phrases=snippets.uses_them(),
            )
    return None


def side_of(place: Place) -> str:
    return "werkgever" if place.section == "werkgeverdeel" else place.panel.side
