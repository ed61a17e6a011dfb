"""Whatever is sent to a form, the answer is a page: never a 500, and what was typed is still there."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delegation.contracts.models import ContractScope
from delegation.models import Contract, Task
from directory.accounts import actions
from directory.accounts.models import Session, key_hash
from dossier.medical.models import Review
from dossier.models import Dossier
from dossier.records.places import new_url
from tests.accounts.conftest import enrolled, give_password, session_key, with_password
from tests.domain.bad_input import BAD, FORMS, PROSE, encode, send, whole
from tests.domain.test_pages import enter
from tests.domain.test_records_browser import form, waiting
from tests.domain.test_records_tools import CONTACT, note
from tests.walls.addresses import Desk, desk_of
from tests.walls.url_answers import POST
from tests.world import OWNER, Actor, Case, World


@pytest.fixture(autouse=True)
def _quiet(_databases: None) -> None:
    cache.clear()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def fields_of(label: str) -> dict[str, str]:
    return {named(name): value for name, value in FORMS[label][1].items()}


def named(field: str) -> str:
    """Name a field that is about a task by the id of that task."""
    start, _, code = field.partition("-")
    return f"{start}-{Task.objects.using(OWNER).get(edition_id='2018', code=code).pk}" if code else field


def at_work(world: World, label: str) -> tuple[Desk, Client]:
    """Put who sends this form at work; nobody, for the way in."""
    role = FORMS[label][0]
    desk = desk_of(world, role or "bedrijfsarts")
    client = desk.client if role else outside(world, label)
    if label == "notice_give":
        client = enter(newcomer(world, desk))
    if label == "contract_accept wachtend":
        to_accept(world, desk)
    if label == "kept_decide":
        to_decide(world, desk)
    if label == "untold_tell":
        client = enter(to_tell(world, desk))
    if label == "standing_sign":
        world.engaged("bedrijfsarts", practice=desk.case.dossier.practice)
    if label == "review_done":
        to_review(world, desk)
    if label == "separation":
        to_separate(world, desk)
    client.raise_request_exception = False
    return desk, client


def newcomer(world: World, desk: Desk) -> Actor:
    """Give the dossier one more delegate, of whom the employee was not told yet."""
    case = desk.case
    delegate = world.engaged("gedelegeerde", practice=case.dossier.practice)
    world.secrecy(delegate, "afgeleid_beroepsgeheim")
    ground = world.ground("contract", "gedelegeerde", delegate, case.dossier, responsible=case.physician)
    contract = world.contract(ground, delegate, case.physician)
    relation = case.dossier.relation
    world.make(ContractScope, practice=contract.practice, contract=contract, relation=relation)
    return delegate


def to_accept(world: World, desk: Desk) -> Contract:
    """Give the delegate one more contract, signed and not yet accepted."""
    case = desk.case
    ground = world.ground("contract", "gedelegeerde", case.actor, case.dossier, responsible=case.physician)
    contract = world.contract(ground, case.actor, case.physician, accepted=False)
    desk.urls["contract_accept wachtend"] = reverse("contract_accept", args=[contract.pk])
    return contract


def to_decide(world: World, desk: Desk) -> Case:
    """Let a delegate type what cannot be recorded any more: it waits for the physician."""
    delegate = world.case("gedelegeerde", dossier=desk.case.dossier, physician=desk.case.physician)
    client = enter(delegate.actor)
    world.suspend(delegate.ground)
    send(client, new_url(desk.case.dossier.pk, CONTACT), form(anamnese=PROSE))
    [(kept, _)] = waiting(delegate)
    desk.urls["kept_decide"] = reverse("kept_decide", args=[desk.case.dossier.pk, kept])
    return delegate


def to_tell(world: World, desk: Desk) -> Actor:
    """Let somebody stand in of whom the employee was not told yet."""
    case = desk.case
    deputy = world.engaged("bedrijfsarts", practice=case.dossier.practice)
    until = timezone.now() + timedelta(days=5)
    world.ground("deputising", "waarnemer", deputy, case.dossier, responsible=case.physician, ends_at=until)
    return deputy


def to_review(world: World, desk: Desk) -> None:
    """Let a supervised physician sign something that waits for the supervisor."""
    here = desk.case.dossier
    actor = world.engaged("arts_onder_supervisie", practice=here.practice)
    case = world.case("arts_onder_supervisie", dossier=here, actor=actor, physician=desk.case.physician)
    note(case)
    with case.physician.acts():
        Dossier.objects.open(case.dossier.pk, "supervisie.read")
        [row] = Review.objects.filter(dossier=case.dossier.pk)
    desk.urls["review_done"] = reverse("review_done", args=[case.dossier.pk, row.pk])


def to_separate(world: World, desk: Desk) -> Actor:
    """Let a delegate of the dossier work for its employer too; returns him in that hat."""
    case = desk.case
    actor = world.engaged("gedelegeerde", practice=case.dossier.practice)
    world.case("gedelegeerde", dossier=case.dossier, actor=actor, physician=case.physician)
    hat = world.engaged("casemanager", practice=case.dossier.practice, user=actor.user)
    world.case("casemanager", dossier=case.dossier, actor=hat, physician=case.physician)
    desk.urls["separation"] = reverse("separation", args=[case.dossier.pk, hat.engagement.pk])
    return hat


def outside(world: World, label: str) -> Client:
    """Bring a browser to one of the forms before the door: with a link, or with the password alone."""
    client = Client()
    if label == "invitation_accept":
        admin = world.engaged("praktijkbeheerder")
        with admin.acts():
            token = actions.invite(
                user=world.engaged("secretariaat", user=world.user("genodigd")).user, by=admin.user
            )
        client.get(reverse("invitation", args=[token]))
    if label == "mfa_authenticate":
        give_password(client, enrolled(with_password(world, world.user("half"))).user)
    return client


def test_every_form_has_its_row() -> None:
    """One row for each route that takes a POST, whatever it names; a route without a row is forgotten."""
    assert {label.split()[0] for label in FORMS} == {label.split()[0] for label in POST}


@pytest.mark.slow
@pytest.mark.parametrize("label", FORMS)
def test_nothing_that_is_sent_breaks_the_page(world: World, label: str) -> None:
    desk, client = at_work(world, label)
    fields = fields_of(label)
    broken = []
    for name in fields:
        cases = [(f"{name}: {what}", {**whole(fields), name: value}) for what, value in BAD.items()]
        without = {key: value for key, value in whole(fields).items() if key != name}
        for what, sent in [*cases, (f"{name}: not there", without)]:
            cache.clear()
            answer = send(client, desk.urls[label], sent)
            if answer.status_code >= 500:
                broken.append(what)
            assert "kwaad.example" not in answer.get("Location", ""), what
            assert b"<script>alert" not in answer.content, what
    for what, sent in (("nothing", {}), ("all of it", dict.fromkeys(fields, BAD["no utf-8"]))):
        if send(client, desk.urls[label], sent).status_code >= 500:
            broken.append(what)
    assert broken == []
    if label == "contract_accept wachtend":
        contract = Contract.objects.using(OWNER).get(pk=desk.urls[label].split("/")[-3])
        assert contract.accepted_at is None  # nothing of this is a choice for every task
    if label == "kept_decide":
        assert str(waiting(desk.case)[0][0]) in desk.urls[label]  # and nothing of this is a decision


# -- what was typed ------------------------------------------------------------------------------------

# Label → the field that is wrong, and what stands in it.
WRONG = {
    "client_add": ("kvk_number", "123456789"),
    "client_guide": ("holder", "niet-een-id"),
    "employee_add": ("birth_date", "31-02-2026"),
    "location_add": ("postcode", "x" * 100),
    "location_edit": ("name", ""),
    "closing_add": ("last_day", "2030-12-01"),
    "setting_choose": ("value", "99"),
    "professional_add": ("profession", "4"),
    "professional_edit": ("title", "arbo-arts"),
    "registration_add": ("checked_on", "2999-01-01"),
    "registration_check": ("result", "misschien"),
    "colleague_add": ("title", "arboarts"),
    "colleague_registration_add": ("ends_on", "2019-01-01"),
    "colleague_registration_check": ("ends_on", "31-02-2026"),
    "accounts_invite": ("role", "koning"),
    "accounts_suspend": ("reason", ""),
    "accounts_move": ("role", "koning"),
    "accounts_end": ("reason", "x" * 100_000),
    "contract_draft": ("starts_on", "31-02-2026"),
    "contract_edit concept": ("ends_on", "0000-00-00"),
    "contract_sign concept": ("review-M4", "31-02-2026"),
    "contract_accept wachtend": ("task-M3", "misschien"),
    "contract_suspend lopend": ("reason", " "),
    "contract_end lopend": ("reason", "tekst\0"),
    "task_competence lopend": ("review_on", "9999999"),
    "task_competence_withdraw lopend": ("reason", ""),
    "protocol_new": ("name", "x" * 100_000),
    "protocol_publish": ("position", ""),
    "notice_give": ("given_at", "2026-02-31T10:00"),
    "deputising_begin": ("ends_on", "31-02-2026"),
    "deputising_end": ("reason", " "),
    "standing_sign": ("deputies", "niet-een-id"),
    "absence_record": ("starts_on", "9999-12-31"),
    "untold_tell": ("means", "postduif"),
    "supervision_begin": ("starts_on", "31-02-2026"),
    "supervision_end": ("reason", "tekst\0"),
    "review_done": ("opmerking", "Deze woorden blijven staan." * 4_000),
    "separation": ("separable", "misschien"),
    "consents": ("ends_on", "31-02-2026"),
    "signals": ("happened_at", "2026-02-31T10:00"),
    "take_over": ("reason", ""),
    "assignment_new": ("starts_on", "31-02-2026"),
    "assignment_end": ("reason", ""),
    "review_signal": ("reason", " "),
    "review_settings": ("own_days", "veel"),
    "log_request": ("asked_on", "31-02-2026"),
    "log_overview": ("answered_on", "0000-00-00"),
    "record_new spreekuur": ("happened_at", "31-02-2026 10:00"),
    "record_new vrijwillig": ("happened_at", "31-02-2026 10:00"),
    "block_new": ("day", "31-02-2026"),
    "rooms": ("name", "x" * 100_000),
    "contact_new": ("birth_date", "31-02-2026"),
    "appointment_new": ("time", "25:61"),
    "appointment_move": ("minutes", "9" * 40),
    "appointment_close": ("outcome", "misschien"),
    "record_new contact": ("happened_at", "morgen"),
    "record_new proces": ("happened_at", ""),
    "record_new ziekmelding": ("first_sick_day", "31-02-2026"),
    "record_new herstel": ("from_day", "31-02-2026"),
    "record_edit concept": ("happened_at", "0000-01-01T10:00"),
    "record_amend spreekuur": ("reason", ""),
    "record_remark contact": ("opmerking", "Deze woorden blijven staan." * 4_000),
    "private_new": ("destroy_before", "31-02-2026"),
    "private_edit": ("destroy_before", "0000-00-00"),
    "breach_assess": ("seen", "misschien"),
    "snippets": ("where", "koning"),
    "snippet_edit": ("title", ""),
    "account_login": ("password", ""),
    "mfa_authenticate": ("code", "geen code"),
    "invitation_accept": ("password2", "iets anders"),
    "account_change_password": ("oldpassword", "fout"),
    "mfa_activate_totp": ("code", "000000"),
    "confirm": ("code", ""),
}
# Forms of one button or one choice: there is no field to be wrong, and nothing typed.
WITHOUT = {label for label, (_, fields) in FORMS.items() if len(fields) < 2} - set(WRONG)
ENGLISH = ("This field", "Enter a", "Select a valid", "Ensure this")


def test_every_form_with_fields_is_sent_wrong_once() -> None:
    # Searching forgives everything, a share or a move is chosen from a list, what was kept is decided by a button.
    # What is being typed is stored as it is: it is judged when it is sent.
    others = {
        "record_move spreekuur",
        "capacity_choose",
        "hoedanigheid",
        "draft_new spreekuur",
        "draft_of concept",
    }
    assert set(FORMS) - WITHOUT - others == set(WRONG)


@pytest.mark.parametrize("label", WRONG)
def test_the_page_says_what_is_wrong_beside_the_field_and_keeps_the_rest(world: World, label: str) -> None:
    desk, client = at_work(world, label)
    name, value = named(WRONG[label][0]), WRONG[label][1]
    fields = {**whole(fields_of(label)), name: value}
    answer = send(client, desk.urls[label], fields)
    page = unescape(answer.content.decode())
    assert answer.status_code in (200, 400)
    beside = re.search(rf'id="[^"]*{name}_(?:error|fout)"[^>]*>(.*?)</(?:ul|p|div)>', page, re.DOTALL)
    assert beside, f"nothing beside {name}"
    assert re.search(rf'aria-describedby="[^"]*{name}_(?:error|fout)', page)
    said = re.sub(r"<[^>]+>|\s+", " ", beside[1]).strip()
    assert said
    assert not any(english in said for english in ENGLISH), said
    kept = [field for field, text in fields.items() if text == PROSE and field != name]
    assert page.count(PROSE) >= len(kept)


WRITTEN = [label for label, (role, fields) in FORMS.items() if role and PROSE in fields.values()]


@pytest.mark.parametrize("label", WRITTEN)
def test_after_an_ended_session_the_words_are_given_back(world: World, label: str) -> None:
    desk, client = at_work(world, label)
    prose = {name: value for name, value in fields_of(label).items() if value == PROSE}
    # The evening passes, and the reader was away.
    Session.objects.filter(pk=key_hash(session_key(client))).update(
        seen_at=timezone.now() - timedelta(hours=7)
    )
    answer = send(client, desk.urls[label], whole(fields_of(label)))
    assert answer.status_code == 403
    assert reverse("account_login") in answer.content.decode()
    assert unescape(answer.content.decode()).count(PROSE) >= len(prose)


def test_a_notice_is_never_about_somebody_else_than_stood_on_the_screen(world: World) -> None:
    desk, client = at_work(world, "notice_give")
    url = desk.urls["notice_give"]
    assert 'name="wie"' in client.get(url).content.decode()
    answer = send(client, url, {**fields_of("notice_give"), "wie": str(uuid4())})
    assert answer.status_code == 400
    assert "Over wie dit ging, staat hier niet meer" in answer.content.decode()
    assert PROSE in answer.content.decode()


def test_when_there_is_nothing_left_to_tell_the_words_are_given_back(world: World) -> None:
    desk = desk_of(world, "gedelegeerde")
    answer = send(desk.client, desk.urls["notice_give"], whole(fields_of("notice_give")))
    page = answer.content.decode()
    assert "Er is nu niets te vertellen" in page
    assert page.count(PROSE) == 2


# -- addresses -----------------------------------------------------------------------------------------

# What a page reads from its address, and who may read it.
QUERIES = [
    ("today", "bedrijfsarts", "voor"),
    ("client", "bedrijfsarts", "na"),
    ("contract_draft", "bedrijfsarts", "van"),
    ("contract_draft", "bedrijfsarts", "lijst"),
    ("contract_draft", "bedrijfsarts", "voor"),
    ("untold", "bedrijfsarts", "voor"),
    ("reviews", "bedrijfsarts", "na"),
    ("assignment_new", "bedrijfsarts", "voor"),
    ("notice_give", "gedelegeerde", "wie"),
    ("notice_give", "gedelegeerde", "next"),
    ("record_new spreekuur", "bedrijfsarts", "klad"),
    ("record_new spreekuur", "bedrijfsarts", "van"),
    ("record_edit concept", "bedrijfsarts", "klad"),
    ("record_amend spreekuur", "bedrijfsarts", "klad"),
    ("who_did", "bedrijfsarts", "voor"),
    ("professionals", "bedrijfsarts", "gebied"),
    ("professionals", "bedrijfsarts", "onder"),
    ("professionals", "bedrijfsarts", "nakijken"),
    ("log_review", "fg", "soort"),
    ("log_review", "fg", "uitkomst"),
    ("log_review", "fg", "voor"),
    ("review_signals", "fg", "van"),
    ("review_signals", "bedrijfsarts", "tot"),
    ("review_sample", "fg", "maand"),
    ("review_report", "fg", "maand"),
    ("confirm", "bedrijfsarts", "next"),
    ("agenda", "bedrijfsarts", "dag"),
    ("agenda", "bedrijfsarts", "beeld"),
    ("agenda", "secretariaat", "wie"),
    ("agenda_find", "bedrijfsarts", "om"),
    ("appointment_new", "bedrijfsarts", "wie"),
    ("appointment_new", "bedrijfsarts", "dag"),
    ("appointment_new", "bedrijfsarts", "om"),
]


@pytest.mark.parametrize(("label", "role", "name"), QUERIES)
def test_nothing_in_an_address_breaks_the_page(world: World, label: str, role: str, name: str) -> None:
    desk = desk_of(world, role)
    desk.client.raise_request_exception = False
    answers = {
        what: desk.client.get(f"{desk.urls[label]}?{encode({name: value})}") for what, value in BAD.items()
    }
    assert [what for what, answer in answers.items() if answer.status_code not in (200, 404)] == []
    assert desk.client.get(desk.urls[label]).status_code == 200
