"""One of everything an address can name, in a practice of its own, for somebody of each role."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delegation.assignments.models import AssignmentKind
from delegation.assignments.pages import KINDS
from delegation.models import (
    Absence,
    Assignment,
    Contract,
    ContractTask,
    Deputising,
    StandingDeputy,
    Supervision,
    Task,
)
from directory.access.refusals import Refusal
from directory.people.models import Employer, Practice
from directory.reference.models import ClosingDays, Location
from dossier.agenda.models import Entry
from dossier.insight.review.found import signals
from dossier.medical.private import actions as private
from dossier.models import BreachAssessment, Dossier, Share, Verzoek
from dossier.records import moving, sharing, snippets
from dossier.records.places import code_of
from tests.accounts.conftest import with_password
from tests.domain.test_pages import enter
from tests.domain.test_records_tools import CONTACT, COURSE, NOTE, SICK, STEP, note, opened, place
from tests.world import OWNER, Actor, Case, World

# Sections have numbers in addresses: their place among all sections of a dossier.
BEGELEIDING, OPEN_SPREEKUUR, PROCES, WERKGEVERDEEL, NOWHERE = 0, 1, 16, 17, 99


VOLUNTARY = place("notitie_open_spreekuur")
FACT = place("overgangsfeit")  # made by a signature, and by nobody's hand


@dataclass
class Desk:
    """Somebody at work, and the address of one of everything around his dossier."""

    case: Case
    client: Client
    urls: dict[str, str]

    def ask(self, method: str, label: str, **data: Any) -> Any:
        return self.client.generic(method, self.urls[label], **data)


def desk_of(world: World, role: str) -> Desk:
    """Put somebody of this role at work on a dossier with records, a contract, a client and a protocol."""
    practice = world.make(Practice, name=f"Praktijk {role}")
    employer = world.make(Employer, practice=practice, name="Drukkerij Vos")
    dossier = world.dossier(world.relation(employer=employer, practice=practice))
    actor = world.engaged(role, practice=practice)
    physician = actor if role == "bedrijfsarts" else None
    with_password(world, actor.user)
    case = world.case(role, dossier=dossier, actor=actor, physician=physician)
    return Desk(case, enter(case.actor), urls(world, case, practice, employer))


def urls(world: World, case: Case, practice: Practice, employer: Employer) -> dict[str, str]:
    """Write down the address of one of everything, under the name of its route and what it names."""
    physician = as_physician(case)
    found = {name: reverse(name) for name in WITHOUT_ARGUMENTS}
    found["invitation"] = reverse("invitation", args=["niet-bestaand"])
    found["ical"] = reverse("ical", args=["niet-bestaand"])
    found |= _directory(world, practice)
    found["staff_departure"] = reverse("staff_departure", args=[case.physician.engagement.pk])
    found |= _staff(world, practice) | _clients(world, practice, employer, case.physician)
    delegate = _delegate(world, case)
    found |= _agenda(world, case)
    found |= _dossier(case) | _records(physician, delegate) | _contracts(world, delegate)
    found |= _together(world, case)
    found["take_over"] = reverse("take_over", args=[case.dossier.pk, delegate.facts["contract"].pk])
    found |= _signal(world, case) | _request(world, case)
    found |= _writing(world, physician)
    return found


WITHOUT_ARGUMENTS = (
    *(
        "today",
        "start",
        "zoeken",
        "concepts",
        "snippets",
        "keys",
        "hoedanigheid",
        "capacity_choose",
        "session_list",
        "session_end",
        "confirm",
    ),
    *("account_login", "account_logout", "account_inactive", "account_change_password", "invitation_accept"),
    *("mfa_authenticate", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    *("accounts_list", "accounts_invite", "accounts_accept", "clients", "client_add", "log_review"),
    *("review_signals", "review_sample", "review_report", "review_settings"),
    *("contracts", "contract_draft", "protocols", "protocol_new"),
    *("agenda", "agenda_find", "block_new", "rooms", "feed", "contact_new"),
    *("practice", "location_add", "closing_add", "settings", "professionals", "professional_add"),
    *("deputising", "deputising_begin", "standing_sign", "absence_record", "untold", "reviews", "two_hats"),
    *("supervisions", "supervision_begin", "assignments"),
)


def as_physician(case: Case) -> Case:
    return Case("bedrijfsarts", case.physician, case.dossier, None, case.physician)


def _staff(world: World, practice: Practice) -> dict[str, str]:
    colleague = world.engaged("teamlid", practice=practice).engagement.pk
    names = (
        "accounts_reinvite",
        "accounts_move",
        "accounts_end",
        "accounts_suspend",
        "accounts_resume",
        "staff_person",
    )
    return {name: reverse(name, args=[colleague]) for name in names}


def _directory(world: World, practice: Practice) -> dict[str, str]:
    """Name a professional of elsewhere and a colleague with a registration each, and what the practice keeps of itself."""
    outside = world.external(practice)
    colleague = world.engaged("arts_onder_supervisie", practice=practice)
    registration = colleague.user.professional.registrations.using(OWNER).get()
    newcomer = world.engaged("teamlid", practice=practice).engagement
    today = timezone.localdate()
    place = world.make(
        Location, practice=practice, name="Hoofdweg", street="Hoofdweg 1", postcode="0100 AA", city="Soest"
    )
    closed = world.make(ClosingDays, practice=practice, name="Brug", first_day=today, last_day=today)
    waiting = world.sets(practice, "max_delegates_per_bedrijfsarts", 9, accepted=False)
    keys = {
        "profession": 1,
        "professional": outside.professional_id,
        "professional_edit": outside.professional_id,
        "registration_add": outside.professional_id,
        "registration_check": outside.pk,
        "colleague": registration.professional_id,
        "colleague_add": newcomer.pk,
        "colleague_registration_add": registration.professional_id,
        "colleague_registration_check": registration.pk,
        "location_edit": place.pk,
        "closing_withdraw": closed.pk,
        "setting_choose": 9,
        "setting_accept": waiting.pk,
    }
    return {name: reverse(name, args=[key]) for name, key in keys.items()}


def _clients(world: World, practice: Practice, employer: Employer, physician: Actor) -> dict[str, str]:
    found = {name: reverse(name, args=[employer.pk]) for name in ("client", "employee_add", "client_guide")}
    waiting = world.make(
        Assignment,
        practice=practice,
        kind="client",
        holder=physician.engagement,
        employer=employer,
        tasks="Verzuimbegeleiding",
        starts_at=timezone.now(),
        prepared_by=physician.user,
    )
    newcomer = world.relation(employer=employer, practice=practice)
    found["client_accept"] = reverse("client_accept", args=[waiting.pk])
    found["dossier_found"] = reverse("dossier_found", args=[newcomer.pk])
    found["contact_open"] = reverse("contact_open", args=[newcomer.pk])
    return found


def _agenda(world: World, case: Case) -> dict[str, str]:
    """Name a block of the physician, and an ordinary appointment with him."""
    begin = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    common = {
        "practice": case.dossier.practice,
        "engagement": case.physician.engagement,
        "professional": case.physician.user,
        "booked_by": case.physician.user,
        "side": "process",
    }
    block = world.make(Entry, kind="blok", starts_at=begin, ends_at=begin + timedelta(hours=2), **common)
    begin += timedelta(hours=3)
    visit = world.make(
        Entry,
        kind="verzuimconsult",
        section="begeleiding",
        dossier=case.dossier,
        starts_at=begin,
        ends_at=begin + timedelta(minutes=30),
        **common,
    )
    here = case.dossier.pk
    found = {name: reverse(name, args=[here]) for name in ("appointments", "appointment_new")}
    names = ("appointment_move", "appointment_close", "appointment_letter")
    found |= {name: reverse(name, args=[here, visit.pk]) for name in names}
    return found | {"block_withdraw": reverse("block_withdraw", args=[block.pk])}


def _together(world: World, case: Case) -> dict[str, str]:
    """Name who stands in for the physician, is away, works under him, and works for him on an assignment that waits."""
    practice, physician = case.dossier.practice, case.physician
    colleague = world.engaged("bedrijfsarts", practice=practice)
    until = timezone.now() + timedelta(days=20)
    ground = world.ground("deputising", "waarnemer", colleague, responsible=physician, ends_at=until)
    both = {"practice": practice, "starts_at": world.long_ago}
    deputising = world.make(
        Deputising,
        practice=practice,
        ground=ground,
        replaced=physician.engagement,
        deputy=colleague.engagement,
        appointed_by=physician.user,
        reason="Vakantie",
    )
    standing = world.make(
        StandingDeputy,
        physician=physician.engagement,
        deputy=colleague.engagement,
        signed_by=physician.user,
        **both,
    )
    absence = world.make(Absence, physician=physician.engagement, practice=practice, starts_at=until)
    anios = world.engaged("arts_onder_supervisie", practice=practice)
    under = world.ground("supervision", "arts_onder_supervisie", anios, responsible=physician)
    supervision = world.make(
        Supervision,
        practice=practice,
        ground=under,
        supervisor=physician.engagement,
        physician=anios.engagement,
    )
    waiting = world.make(
        Assignment,
        practice=practice,
        kind="process",
        holder=world.engaged("procesbewaker", practice=practice).engagement,
        responsible=physician.engagement,
        tasks="Termijnen bewaken",
        facilities="Een dag per week",
        starts_at=timezone.now(),
        prepared_by=physician.user,
    )
    here = case.dossier.pk
    return {
        "deputising_end": reverse("deputising_end", args=[deputising.pk]),
        "standing_end": reverse("standing_end", args=[standing.pk]),
        "absence_end": reverse("absence_end", args=[absence.pk]),
        "supervision_end": reverse("supervision_end", args=[supervision.pk]),
        "assignment_new": reverse("assignment_new", args=[KINDS.index(AssignmentKind.TEAM)]),
        "assignment_accept": reverse("assignment_accept", args=[waiting.pk]),
        "assignment_end": reverse("assignment_end", args=[waiting.pk]),
        "untold_tell": reverse("untold_tell", args=[here]),
        "dossier_reviews": reverse("dossier_reviews", args=[here]),
        "review_done": reverse("review_done", args=[here, uuid4()]),
        "separation": reverse("separation", args=[here, uuid4()]),
        "consents": reverse("consents", args=[here]),
        "signals": reverse("signals", args=[here]),
        "consent_withdraw": reverse("consent_withdraw", args=[here, uuid4()]),
    }


def _dossier(case: Case) -> dict[str, str]:
    here = case.dossier.pk
    found = {name: reverse(name, args=[here]) for name in ("dossier", "team", "who_may", "who_did")}
    for label, number in (
        ("begeleiding", BEGELEIDING),
        ("open_spreekuur", OPEN_SPREEKUUR),
        ("proces", PROCES),
        ("werkgeverdeel", WERKGEVERDEEL),
        ("nergens", NOWHERE),
    ):
        found[f"dossier_section {label}"] = reverse("dossier_section", args=[here, number])
    found["notice_give"] = reverse("notice_give", args=[here])
    found["kept_decide"] = reverse("kept_decide", args=[here, uuid4()])
    return found


def _signal(world: World, case: Case) -> dict[str, str]:
    """Name one signal: a colleague who does not work on this dossier tried it."""
    practice = case.dossier.practice
    curious, officer = world.engaged("teamlid", practice=practice), world.engaged("fg", practice=practice)
    with curious.acts(), suppress(Refusal):
        Dossier.objects.open(case.dossier.pk, "begeleiding.read")
    with officer.acts():
        rows = signals(timezone.localdate(), timezone.localdate())
    [row] = [row for row in rows if row.actor == curious.user.pk and row.signal == "outside_scope"]
    return {"review_signal": reverse("review_signal", args=[row.day.isoformat(), row.fingerprint])}


def _request(world: World, case: Case) -> dict[str, str]:
    """Name the request of the employee to know who looked, and the way to record another."""
    asked = world.make(
        Verzoek,
        practice=case.dossier.practice,
        dossier=case.dossier,
        asked_on=timezone.localdate(),
        asked_by="werknemer",
        identity="bekend",
        recorded_by=case.physician.user,
    )
    here = case.dossier.pk
    overview = reverse("log_overview", args=[here, asked.pk])
    return {"log_request": reverse("log_request", args=[here]), "log_overview": overview}


def _delegate(world: World, case: Case) -> Case:
    """Give the dossier a delegate, unless somebody of that role is here already."""
    if case.role == "gedelegeerde":
        return case
    actor = world.engaged("gedelegeerde", practice=case.dossier.practice)
    return world.case("gedelegeerde", dossier=case.dossier, actor=actor, physician=case.physician)


def _records(physician: Case, delegate: Case) -> dict[str, str]:
    """Name records of the physician on either side, his concept, what he shared, and one of the delegate."""
    here = physician.dossier.pk
    found = {}
    for label, at in (
        ("spreekuur", NOTE),
        ("contact", CONTACT),
        ("proces", STEP),
        ("ziekmelding", SICK),
        ("herstel", COURSE),
        ("feit", FACT),
        ("vrijwillig", VOLUNTARY),
    ):
        found[f"record_new {label}"] = reverse("record_new", args=[here, code_of(here, at)])
    for label, at, who, sign in (
        ("spreekuur", NOTE, physician, True),
        ("gedeeld", NOTE, physician, True),
        ("concept", NOTE, physician, False),
        ("contact", CONTACT, delegate, True),
        ("proces", STEP, physician, True),
    ):
        row = note(who, at, sign=sign)
        key = [here, code_of(here, at), row.pk]
        for verb in ("", "_edit", "_amend", "_sign", "_remark", "_move", "_share"):
            found[f"record{verb} {label}"] = reverse(f"record{verb}", args=key)
        share = _shared(physician, delegate, row) if label == "gedeeld" else uuid4()
        found[f"record_unshare {label}"] = reverse("record_unshare", args=[*key, share])
    return found


def _writing(world: World, physician: Case) -> dict[str, str]:
    """Name what the physician has beside his records: his draft, a note of his own, a breach, a text of the practice."""
    here, me = physician.dossier.pk, physician.actor.user
    at = code_of(here, NOTE)
    found = {
        "draft_new spreekuur": reverse("draft_new", args=[here, at]),
        "draft_discard": reverse("draft_discard", args=[here, uuid4()]),
        "private_new": reverse("private_new", args=[here]),
    }
    with physician.actor.acts():
        day = timezone.localdate() + timedelta(days=9)
        row = private.write(
            by=me,
            opened=Dossier.objects.open(here, *private.ASKS),
            text="Alleen voor mij.",
            destroy_before=day,
            form_key=uuid4(),
        )
        text = snippets.add(by=me, pk=uuid4(), title="Opbouw", text="In stappen.", where="medical", ours=True)
    for name in ("private_edit", "private_destroy"):
        found[name] = reverse(name, args=[here, row.pk])
    for name in ("snippet_edit", "snippet_remove"):
        found[name] = reverse(name, args=[text.pk])
    found["draft_of concept"] = reverse("draft_of", args=[here, at, note(physician, NOTE, sign=False).pk])
    found["breach_assess"] = _breach(world, physician)
    return found


def _breach(world: World, physician: Case) -> str:
    """Let the physician move a note that stood in the wrong dossier."""
    elsewhere = world.dossier(
        world.relation(employer=physician.dossier.employer, practice=physician.dossier.practice)
    )
    right = world.case("bedrijfsarts", dossier=elsewhere, actor=physician.actor, physician=physician.actor)
    row = note(physician, NOTE)
    with physician.actor.acts():
        wrong, to = opened(physician, NOTE), opened(right, NOTE)
        moving.move(by=physician.actor.user, opened=wrong, to=to, record=row, place=NOTE)
        found = BreachAssessment.objects.get(series=row.series)
        return reverse("breach_assess", args=[found.dossier_id, found.pk])


def _shared(physician: Case, delegate: Case, row: Any) -> Any:
    """Share a record with the delegate for his anamnese; returns the id of the share."""
    receiver = delegate.actor.user.pk
    with physician.actor.acts():
        here = opened(physician, NOTE, "team.read")
        sharing.share(
            by=physician.actor.user, opened=here, record=row, place=NOTE, receiver=receiver, task="M2"
        )
    return Share.objects.using(OWNER).get(record_id=row.pk).pk


def _contracts(world: World, delegate: Case) -> dict[str, str]:
    """Name the running contract of the delegate, a draft of the next, and its protocol."""
    running = delegate.facts["contract"]
    draft = world.make(
        Contract,
        practice=running.practice,
        edition_id="2018",
        delegate=running.delegate,
        physician=running.physician,
        starts_at=timezone.now() + timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=90),
        drafted_by=delegate.physician.user,
        drafted_at=timezone.now(),
    )
    codes = {"lopend": "M2", "concept": "M4"}  # of the second nobody concluded yet that he can do it
    tasks = {
        label: Task.objects.using(OWNER).get(edition_id="2018", code=code) for label, code in codes.items()
    }
    world.make(ContractTask, practice=draft.practice, contract=draft, task=tasks["concept"])
    found = {}
    for label, row in (("lopend", running), ("concept", draft)):
        for name in ("", "_edit", "_sign", "_accept", "_suspend", "_resume", "_end"):
            found[f"contract{name} {label}"] = reverse(f"contract{name}", args=[row.pk])
        for name in ("task_declare", "task_competence", "task_competence_withdraw"):
            found[f"{name} {label}"] = reverse(name, args=[row.pk, tasks[label].pk])
    protocol = running.protocol
    found["protocol"] = reverse("protocol", args=[protocol.pk])
    found["protocol_publish"] = reverse("protocol_publish", args=[protocol.pk])
    version = protocol.versions.using(OWNER).get()
    found["protocol_read"] = reverse("protocol_read", args=[version.pk])
    return found
