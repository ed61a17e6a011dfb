"""People and dossiers as facts, written by the owner, so that a test can say exactly what holds and what does not.

`World.case(role)` gives somebody of that role in good standing on a dossier of his own: every guard holds. A test then
takes one fact away. Records are never written here; they are written by people, through `acting_as`.
"""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

from consent.models import Consent, Notice
from delegation.models import (
    Assignment,
    CompetenceConclusion,
    Contract,
    ContractTask,
    OwnDeclaration,
    Protocol,
    ProtocolRead,
    ProtocolVersion,
    Task,
)
from directory.access.context import Acting, Capacity, acting_as
from directory.access.models import Ground, GroundScope, Suspension
from directory.accounts.models import User
from directory.people.models import (
    ROLE_SIDES,
    Employer,
    Engagement,
    Person,
    Practice,
    Professional,
    Registration,
    Relation,
    SecrecyDeclaration,
)
from directory.professions.models import ExternalProfessional, ExternalRegistration
from directory.reference.models import Setting
from dossier.grid import PURPOSES
from dossier.models import Dossier, DossierGrant

OWNER = "owner"
# Which engagement wears a role that only a ground gives.
ENGAGED_AS = {"bedrijfsarts_doelgebonden": "bedrijfsarts", "waarnemer": "bedrijfsarts"}
KINDS = {
    "bedrijfsarts": "client_assignment",
    "bedrijfsarts_doelgebonden": "self_referral",
    "waarnemer": "deputising",
    "arts_onder_supervisie": "supervision",
    "gedelegeerde": "contract",
    "teamlid": "team",
    "second_opinionarts": "second_opinion",
    "dossierbewaarder": "custody",
    "signaleerder": "signal_assignment",
    "procesbewaker": "process_assignment",
    "overig_a": "process_assignment",
    "casemanager": "employer_assignment",
    "overig_b": "employer_reintegration",
    "secretariaat": "desk",
}
UNDER_PHYSICIAN = {
    "waarnemer",
    "arts_onder_supervisie",
    "gedelegeerde",
    "teamlid",
    "signaleerder",
    "procesbewaker",
    "overig_a",
    "secretariaat",
}
PHYSICIANS = {
    "bedrijfsarts",
    "bedrijfsarts_doelgebonden",
    "waarnemer",
    "second_opinionarts",
    "dossierbewaarder",
}
ASSIGNED = {
    "signaleerder": "signal",
    "procesbewaker": "process",
    "overig_a": "process",
    "casemanager": "employer",
}
DELEGATED = ("M2", "M3", "M6", "M7", "P1", "P2", "P3", "M13", "M14")


@dataclass(frozen=True)
class Actor:
    """An account with one engagement."""

    user: User
    engagement: Engagement

    def acts(self, reason: str = "test") -> AbstractContextManager[Acting]:
        """Run a block in this capacity, as the runtime login under its hat."""
        return acting_as(self.user.pk, self.engagement.pk, reason=reason)


@dataclass
class Case:
    """Somebody in good standing on a dossier, and the physician it rests on."""

    role: str
    actor: Actor
    dossier: Dossier
    ground: Any  # a Ground; None for who works by appointment of the practice
    physician: Actor
    facts: dict[str, Any] = field(default_factory=dict)


class World:
    """Two practices, two employers, and whoever a test asks for."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.long_ago = (self.now - timedelta(days=400)).replace(second=0, microsecond=0)
        self.numbers = itertools.count(1)
        self.practice = self.make(Practice, name="Arbopraktijk De Meander")
        self.other_practice = self.make(Practice, name="Bedrijfsartsen Noord")
        self.employer = self.make(Employer, practice=self.practice, name="Zorggroep Amstelrand")
        self.other_employer = self.make(Employer, practice=self.practice, name="Transport Van Dongen")

    @staticmethod
    def make(model: Any, **values: Any) -> Any:
        row = model(**values)
        row.save(using=OWNER, force_insert=True)
        return row

    @staticmethod
    def change(row: Any, **values: Any) -> Any:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(using=OWNER, update_fields=list(values))
        return row

    # -- people ----------------------------------------------------------------------------------------

    def user(self, name: str = "persoon") -> User:
        n = next(self.numbers)
        return self.make(User, username=f"{name}{n}", display_name=f"{name.capitalize()} {n}", password="!")

    def engaged(self, role: str, *, practice: Practice | None = None, user: User | None = None) -> Actor:
        """Engage somebody since long ago; a physician with both registrations."""
        practice = practice or self.practice
        user = user or self.user(role)
        engaged_as = ENGAGED_AS.get(role, role)
        engagement = self.make(
            Engagement,
            practice=practice,
            user=user,
            role=engaged_as,
            side=ROLE_SIDES[engaged_as],
            starts_at=self.long_ago,
            prepared_by=user,
            accepted_by=user,
            accepted_at=self.long_ago,
        )
        if role in PHYSICIANS or role == "arts_onder_supervisie":
            self.registered(user, "big_arts")
        if role in PHYSICIANS:
            self.registered(user, "specialist_bedrijfsarts")
        return Actor(user, engagement)

    def professional(self, user: User) -> Professional:
        found = Professional.objects.using(OWNER).filter(user=user).first()
        return found or self.make(Professional, user=user, profession="bedrijfsarts", title="")

    def registered(self, user: User, register: str, ends_on: date | None = None) -> Registration:
        return self.make(
            Registration,
            professional=self.professional(user),
            register=register,
            number=f"{10_000_000_000 + next(self.numbers)}",
            starts_on=date(2000, 1, 1),
            ends_on=ends_on,
        )

    def sets(
        self,
        practice: Practice,
        code: str,
        value: int | None,
        *,
        since: datetime | None = None,
        accepted: bool = True,
    ) -> Setting:
        """Let a practice have chosen this value long ago, accepted where that is asked."""
        by = User.objects.using(OWNER).get(username="systeem")
        return self.make(
            Setting,
            practice=practice,
            definition_id=code,
            value=value,
            reason="test",
            starts_at=since or self.long_ago,
            set_by=by,
            accepted_by=by if accepted else None,
            accepted_at=(since or self.long_ago) if accepted else None,
        )

    def external(self, practice: Practice | None = None, **values: Any) -> ExternalRegistration:
        """Know a huisarts of another organisation, found in the BIG-register last month."""
        practice = practice or self.practice
        professional = self.make(
            ExternalProfessional,
            practice=practice,
            surname=f"Buiten{next(self.numbers)}",
            organisation="Huisartsenpraktijk De Brug",
            profession_id=values.pop("profession", "huisarts"),
        )
        today = timezone.localdate()
        values = {
            "register": "big_arts",
            "number": f"{10_000_000_000 + next(self.numbers)}",
            "checked_on": today - timedelta(days=30),
            "result": "registered",
            "recheck_on": today + timedelta(days=335),
        } | values
        by = User.objects.using(OWNER).get(username="systeem")
        return self.make(
            ExternalRegistration, practice=practice, professional=professional, checked_by=by, **values
        )

    def secrecy(self, actor: Actor, kind: str, signed_at: datetime | None = None) -> SecrecyDeclaration:
        return self.make(
            SecrecyDeclaration,
            practice=actor.engagement.practice,
            user=actor.user,
            kind=kind,
            signed_at=signed_at or self.long_ago,
        )

    def relation(self, employer: Employer | None = None, practice: Practice | None = None) -> Relation:
        practice = practice or self.practice
        person = self.make(
            Person,
            practice=practice,
            initials="T.",
            surname=f"Werknemer{next(self.numbers)}",
            birth_date=date(1980, 5, 17),
        )
        return self.make(
            Relation,
            practice=practice,
            person=person,
            employer=employer or self.employer,
            kind="employment",
            starts_on=date(2015, 1, 1),
        )

    def dossier(self, relation: Relation | None = None, *, process: bool = True) -> Dossier:
        relation = relation or self.relation()
        return self.make(
            Dossier,
            practice=relation.practice,
            relation=relation,
            person=relation.person,
            employer=relation.employer,
            founded_at=self.long_ago,
            founded_by=User.objects.using(OWNER).get(username="systeem"),
            process_from=self.long_ago if process else None,
            sort_at=timezone.now(),
        )

    # -- grounds and grants ----------------------------------------------------------------------------

    def ground(
        self,
        kind: str,
        role: str,
        holder: Actor,
        *dossiers: Dossier,
        responsible: Actor | None = None,
        given_by: User | None = None,
        purposes: tuple[str, ...] = PURPOSES,
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> Ground:
        """Lay a ground over these dossiers, with its grants, as if it had been done when it began."""
        starts_at = starts_at or self.long_ago
        ground = self.make(
            Ground,
            practice=holder.engagement.practice,
            kind=kind,
            role=role,
            holder=holder.engagement,
            responsible=responsible.engagement if responsible else None,
            given_by=given_by or (responsible or holder).user,
            purposes=[p for p in purposes if kind != "self_referral" or p != "begeleiding"],
            signed_at=starts_at,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for dossier in dossiers:
            self.make(GroundScope, practice=ground.practice, ground=ground, relation=dossier.relation)
            self.grant(ground, dossier, holder.user)
        return ground

    def grant(self, ground: Ground, dossier: Dossier, user: User) -> DossierGrant:
        permission = Permission.objects.using(OWNER).get(
            codename=ground.role, content_type__app_label="dossier"
        )
        return self.make(
            DossierGrant,
            practice=ground.practice,
            user=user,
            permission=permission,
            content_object=dossier,
            ground=ground,
            given_by=ground.given_by,
            role=ground.role,
            purposes=ground.purposes,
            sort_at=dossier.sort_at,
        )

    def suspend(
        self, ground: Ground, *, starts_at: datetime | None = None, ends_at: datetime | None = None
    ) -> Suspension:
        return self.make(
            Suspension,
            practice=ground.practice,
            ground=ground,
            starts_at=starts_at or timezone.now(),
            ends_at=ends_at,
            reason="Test",
            by=ground.given_by,
        )

    def end(self, ground: Ground) -> Ground:
        return self.change(ground, ends_at=timezone.now(), ended_reason="Test")

    # -- facts behind the guards -----------------------------------------------------------------------

    def notice(
        self,
        dossier: Dossier,
        kind: str,
        about: User,
        responsible: User | None,
        given_at: datetime | None = None,
    ) -> Notice:
        return self.make(
            Notice,
            practice=dossier.practice,
            relation=dossier.relation,
            kind=kind,
            about=about,
            responsible=responsible,
            function="praktijkondersteuner",
            task="anamnese",
            reachable="dagelijks per telefoon",
            right_to_speak=True,
            given_at=given_at or self.long_ago,
            given_by=about,
            means="gesprek",
        )

    def assignment(
        self, ground: Ground, kind: str, dossier: Dossier, responsible: Actor | None
    ) -> Assignment:
        return self.make(
            Assignment,
            practice=ground.practice,
            ground=ground,
            kind=kind,
            holder=ground.holder,
            responsible=responsible.engagement if responsible else None,
            employer=dossier.employer,
            relation=dossier.relation,
            tasks="termijnen bewaken",
            facilities="een dag per week",
            principal="directie",
            document_reference="brief van de directie",
            starts_at=ground.starts_at,
            prepared_by=ground.given_by,
            accepted_by=ground.given_by,
            accepted_at=ground.starts_at,
        )

    def contract(
        self,
        ground: Ground,
        delegate: Actor,
        physician: Actor,
        tasks: tuple[str, ...] = DELEGATED,
        accepted: bool = True,
    ) -> Contract:
        """Write a signed contract with everything it asks: protocol read, competence concluded and declared."""
        protocol = self.make(Protocol, practice=ground.practice, name=f"Protocol {next(self.numbers)}")
        version = self.make(
            ProtocolVersion,
            practice=ground.practice,
            protocol=protocol,
            version=1,
            in_force_from=self.long_ago,
            position="p",
            division="d",
            responsibilities="r",
        )
        self.make(
            ProtocolRead,
            practice=ground.practice,
            protocol_version=version,
            user=delegate.user,
            read_at=self.long_ago,
        )
        contract = self.make(
            Contract,
            practice=ground.practice,
            ground=ground,
            edition_id="2018",
            delegate=delegate.engagement,
            physician=physician.engagement,
            starts_at=ground.starts_at,
            ends_at=ground.ends_at or ground.starts_at + timedelta(days=1200),
            supervision_plan="wekelijks overleg",
            consultation_interval=1,
            protocol=protocol,
            drafted_by=physician.user,
            drafted_at=ground.starts_at,
            signed_by=physician.user,
            signed_at=ground.signed_at,
            accepted_by=delegate.user if accepted else None,
            accepted_at=ground.signed_at if accepted else None,
        )
        for task in Task.objects.using(OWNER).filter(edition_id="2018", code__in=tasks):
            self.make(
                ContractTask,
                practice=ground.practice,
                contract=contract,
                task=task,
                justification="geschoold en getoetst" if task.justify_without_big else "",
            )
            self.competent(delegate, physician, task)
        return contract

    def competent(self, delegate: Actor, physician: Actor, task: Task) -> None:
        exists = CompetenceConclusion.objects.using(OWNER).filter(
            delegate=delegate.user, physician=physician.user, task=task
        )
        if exists.exists():
            return
        self.make(
            CompetenceConclusion,
            practice=delegate.engagement.practice,
            delegate=delegate.user,
            physician=physician.user,
            task=task,
            how_verified="meegekeken bij drie consulten",
            limits="geen",
            starts_at=self.long_ago,
        )
        if not OwnDeclaration.objects.using(OWNER).filter(user=delegate.user, task=task).exists():
            self.make(
                OwnDeclaration,
                practice=delegate.engagement.practice,
                user=delegate.user,
                task=task,
                competent=True,
                starts_at=self.long_ago,
            )

    def consent(self, dossier: Dossier, section: str, verb: str, by: User, item: Any = None) -> Consent:
        return self.make(
            Consent,
            practice=dossier.practice,
            relation=dossier.relation,
            section=section,
            verb=verb,
            receiver="test",
            item=item,
            content="test",
            starts_at=self.long_ago,
            given_how="mondeling",
            recorded_by=by,
        )

    # -- somebody in good standing ---------------------------------------------------------------------

    def case(
        self,
        role: str,
        *,
        dossier: Dossier | None = None,
        actor: Actor | None = None,
        physician: Actor | None = None,
    ) -> Case:
        """Put somebody of this role on a dossier with every guard holding, beside the physician who begleidt it."""
        practice = actor.engagement.practice if actor else self.practice
        dossier = dossier or self.dossier(self.relation(practice=practice))
        physician = physician or self.engaged("bedrijfsarts", practice=practice)
        if role != "bedrijfsarts":
            self.ground("client_assignment", "bedrijfsarts", physician, dossier)
        actor = actor or (physician if role == "bedrijfsarts" else self.engaged(role, practice=practice))
        if role in ("praktijkbeheerder", "fg"):  # by appointment of the practice: no grant, no ground
            return Case(role, actor, dossier, None, physician)
        under = physician if role in UNDER_PHYSICIAN else None
        ends_at = self.now + timedelta(days=30) if role == "dossierbewaarder" else None
        ground = self.ground(
            KINDS[role], role, actor, dossier, responsible=under, given_by=physician.user, ends_at=ends_at
        )
        case = Case(role, actor, dossier, ground, physician)
        if role in ("gedelegeerde", "teamlid", "signaleerder", "procesbewaker", "overig_a", "secretariaat"):
            case.facts["secrecy"] = self.secrecy(actor, "afgeleid_beroepsgeheim")
        if role == "signaleerder":
            case.facts["signal_secrecy"] = self.secrecy(actor, "signalering")
        if role in ("casemanager", "overig_b"):
            case.facts["secrecy"] = self.secrecy(actor, "avg_geheimhouding")
        if role in ASSIGNED or role == "overig_b":
            kind = ASSIGNED.get(role, "reintegration")
            case.facts["assignment"] = self.assignment(ground, kind, dossier, under)
        if role == "overig_b":
            case.facts["notice"] = self.notice(dossier, "tweede_bedrijfsarts", actor.user, physician.user)
        if role == "waarnemer":
            case.facts["notice"] = self.notice(dossier, "waarneming", actor.user, physician.user)
        if role == "arts_onder_supervisie":
            case.facts["notice"] = self.notice(dossier, "supervisie", actor.user, physician.user)
        if role == "gedelegeerde":
            case.facts["contract"] = self.contract(ground, actor, physician)
            case.facts["notice"] = self.notice(dossier, "delegatie", actor.user, physician.user)
        if role == "second_opinionarts":
            case.facts["consent"] = self.consent(dossier, "second_opinion", "read", physician.user)
        return case


__all__ = ["OWNER", "Actor", "Capacity", "Case", "World"]
