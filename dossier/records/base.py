"""A record: one header that says who, when and where, and parts that hold what. Each panel has its own two tables."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from delegation.rulesets.constraints import PairForeignKey
from directory.access.querysets import GuardedManager
from directory.access.seal import SealedTextField
from directory.access.walls import (
    Frozen,
    RowTrigger,
    Wall,
    changed,
    privileges,
    rows_open,
)
from dossier.functions import OwnerReads

# What an insert is: a remark beside another's record, a new version of a record of this place, or a new record.
FORMER = (
    '(access_former("{table}".series, "{table}".version, "{table}".dossier_id, "{table}".section, '
    '"{table}".purpose))'
)
INSERTS = {
    "remark": '"{table}"."about_id" IS NOT NULL',
    "amend": f'"{{table}}"."about_id" IS NULL AND "{{table}}"."version" > 1 AND {FORMER} IS NOT NULL',
    "write": '"{table}"."about_id" IS NULL AND "{table}"."version" = 1',
}


# A minute is a minute: whoever was let in at 10:02:30 can record what happened at 10:02. Never the future.
# Within a request. Clocks of the page and of the database may differ a little.
JUST_NOW = (
    "BETWEEN statement_timestamp() - interval '5 minutes' AND statement_timestamp() + interval '1 minute'"
)
WITHIN = 'least("{table}"."happened_at" + interval \'59.999999 seconds\', statement_timestamp())'
PAST = '"{table}"."happened_at" <= statement_timestamp()'


def readable(table: str, sections: tuple[str, ...], record: str) -> str:
    """Write when a record is read: as the cell says, and a remark with the own record it stands beside."""
    t = f'"{table}"'
    beside = (
        f"(({t}.dossier_id, {t}.section, {t}.purpose) IN (SELECT k.d, k.s, k.p FROM access_pairs('read', 'own') k) "
        f"AND access_beside_mine({t}.{record}))"
    )
    own_or_more = rows_open(table, "read", sections, record=record)
    # Opened first: it finds the rows by their dossier.
    opened = f"{t}.dossier_id = ANY (ARRAY(SELECT access_opened('read')))"
    return f"({opened} AND (({own_or_more}) OR {beside}))"


def header_wall(name: str, table: str, sections: tuple[str, ...]) -> Wall:
    """Build the wall of a panel's headers. A heading opens by find, a record by read."""
    me = (
        f'"{table}"."author_id" = (SELECT access_user()) AND "{table}"."engagement_id" = (SELECT access_engagement()) '
        f'AND "{table}"."practice_id" = (SELECT access_practice())'
    )

    def held(verb: str) -> str:
        t, at = f'"{table}"', WITHIN.format(table=table)
        return f"access_held({t}.dossier_id, {t}.section, {t}.purpose, '{verb}', {at})"

    def select(model: Any) -> str:
        return f"{readable(table, sections, 'id')} OR ({rows_open(table, 'find', sections)})"

    def insert(model: Any) -> str:
        # Whoever amends only his own, puts no version over a colleague's: the former one is asked whose it is.
        former = FORMER.format(table=table)
        t = f'"{table}"'

        def stands(verb: str) -> str:
            place = f"{t}.dossier_id, {t}.section, {t}.purpose, '{verb}'"
            return f"access_stands_as({place}, {t}.role, {t}.ground_id, {t}.on_behalf_of_id)"

        ways = [
            f"({condition.format(table=table)} AND {stands(verb)} AND "
            f"{rows_open(table, verb, sections, author=former if verb == 'amend' else 'author_id')} AND {held(verb)})"
            for verb, condition in INSERTS.items()
        ]
        moments = f"{t}.written_at {JUST_NOW} AND ({t}.signed_at IS NULL OR {t}.signed_at {JUST_NOW})"
        return f"{me} AND {moments} AND {PAST.format(table=table)} AND ({' OR '.join(ways)})"

    def update(model: Any) -> str:
        # The moment is asked again: a concept cannot be moved back to before the notice (003 §3.4 A-I).
        ways = [f"({rows_open(table, verb, sections)} AND {held(verb)})" for verb in ("write", "amend")]
        # Nor is one signed in the name of somebody who suspended this, under another contract that runs.
        still = (
            f'NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = "{table}"."ground_id" '
            "AND s.starts_at <= statement_timestamp() AND (s.ends_at IS NULL OR s.ends_at > statement_timestamp()))"
        )
        return f"{me} AND {still} AND {PAST.format(table=table)} AND ({' OR '.join(ways)})"

    return Wall(
        name=name,
        rights=lambda model: privileges(sections),
        select=select,
        insert=insert,
        update=update,
        force=True,
        explained=True,
    )


def part_wall(name: str, table: str, sections: tuple[str, ...]) -> Wall:
    """Build the wall of a panel's parts. Each part asks for its task (Leidraad casemanagement bijlage 4)."""
    me = f'"{table}"."author_id" = (SELECT access_user()) AND "{table}"."practice_id" = (SELECT access_practice())'
    task = (
        f'access_task_held("{table}"."dossier_id", "{table}"."section", "{table}"."task", '
        f"{WITHIN.format(table=table)})"
    )

    def rule(verb: str) -> str:
        return rows_open(table, verb, sections, record="record_id")

    def select(model: Any) -> str:
        # PostgreSQL asks this of the new row of an UPDATE, too: whoever shields must still see what he shields.
        shielding = f'"{table}"."shielded" AND {me} AND {rule("amend")}'
        return f'(NOT "{table}"."shielded" AND {readable(table, sections, "record_id")}) OR ({shielding})'

    def written(model: Any) -> str:
        # A remark is no task of a contract: whoever may remark beside a record may write the remark's text. A change
        # asks what an insert asks: a task that has ended since is not gone on with in a concept.
        ways = f"((({rule('write')}) OR ({rule('amend')})) AND {task}) OR ({rule('remark')})"
        return f"{me} AND {PAST.format(table=table)} AND ({ways})"

    return Wall(
        name=name,
        rights=lambda model: privileges(sections),
        select=select,
        insert=written,
        update=written,
        force=True,
    )


class OfItsRecord(RowTrigger):
    """A part stands where its record stands, by the same author, and joins it before the record is signed.

    An action inserts parts before their header, so "signed" closes over what is there and nothing comes after.
    """

    before = "INSERT"

    def __init__(self, *, name: str, header: str, place: str = "") -> None:
        super().__init__(name=name, header=header, **({"place": place} if place else {}))

    def body(self) -> str:
        return (
            f"IF EXISTS (SELECT 1 FROM {self.parts['header']} h WHERE h.id = NEW.record_id AND h.state <> 'concept') "
            f"THEN {self.refusal('signed_is_immutable')}; END IF;"
        )

    def up(self, table: str) -> list[str]:
        place = self.parts.get("place", "dossier_id, section, purpose, author_id")
        return [
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{self.name}" FOREIGN KEY (record_id, {place}) '
            f'REFERENCES "{self.parts["header"]}" (id, {place}) DEFERRABLE INITIALLY DEFERRED',
            *super().up(table),
        ]

    def down(self, table: str) -> list[str]:
        return [*super().down(table), f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{self.name}"']


class State(models.TextChoices):
    CONCEPT = "concept", "concept"
    SIGNED = "signed", "ondertekend"
    MOVED = "moved", "verplaatst"


class Header(models.Model):
    """Who recorded what kind of thing, in which section, when it happened and on whose behalf.

    Signed is immutable: a correction is a new version in the same series, with a reason; the former stays readable.
    Written in the wrong dossier: the content moves to a new record under a new key, a stub stays.
    """

    sections: ClassVar[tuple[str, ...]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # also the id of its key
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="%(app_label)s_records")
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    engagement = models.ForeignKey("people.Engagement", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=30)
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ground = models.ForeignKey("access.Ground", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.CONCEPT)
    series = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    about = models.ForeignKey("self", models.PROTECT, null=True, related_name="remarks")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    signed_at = models.DateTimeField(null=True)
    reason = SealedTextField(key="id", null=True)
    moved_to = models.UUIDField(null=True)
    form_key = models.UUIDField()  # one form is one record, however often it is sent

    objects = GuardedManager()

    class Meta:
        abstract = True
        default_permissions = ()

    @classmethod
    def open_rule(cls, verb: str) -> str:
        table = cls._meta.db_table
        if verb == "read":
            return f"{readable(table, cls.sections, 'id')} OR ({rows_open(table, 'find', cls.sections)})"
        return rows_open(table, verb, cls.sections)


class Part(models.Model):
    """What a record holds under one task code. Carries dossier, section and author itself: its wall asks them."""

    sections: ClassVar[tuple[str, ...]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey("dossier.Dossier", models.PROTECT, related_name="%(app_label)s_parts")
    section = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    task = models.CharField(max_length=8)
    content = SealedTextField(key="record_id")
    happened_at = models.DateTimeField()
    shielded = models.BooleanField(default=False)

    objects = GuardedManager()

    class Meta:
        abstract = True
        default_permissions = ()

    @classmethod
    def open_rule(cls, verb: str) -> str:
        table = cls._meta.db_table
        if verb == "read":
            return f'NOT "{table}"."shielded" AND {readable(table, cls.sections, "record_id")}'
        return rows_open(table, verb, cls.sections, record="record_id")


def header_indexes(table: str) -> list[models.Index]:
    """List the indexes of a panel's headers: the newest of a dossier, and what somebody has in hand."""
    concept = Q(state="concept")
    return [
        models.Index(fields=["dossier", "-happened_at"], name=f"{table}_newest"),
        models.Index(fields=["author"], condition=concept, name=f"{table}_in_hand"),
        models.Index(fields=["on_behalf_of"], condition=concept, name=f"{table}_for_me"),
    ]


def header_constraints(table: str, sections: tuple[str, ...]) -> list[models.BaseConstraint]:
    """List what a header can never be, besides its wall."""
    return [
        models.UniqueConstraint(fields=["series", "version"], name=f"{table}_version_once"),
        models.UniqueConstraint(fields=["author", "form_key"], name=f"{table}_form_once"),
        models.UniqueConstraint(
            fields=["id", "dossier", "section", "purpose", "author"], name=f"{table}_place"
        ),
        models.UniqueConstraint(fields=["id", "dossier", "section", "purpose"], name=f"{table}_stands"),
        models.CheckConstraint(
            name=f"{table}_remark_is_no_version",
            # Else a remark takes the number of the next version in the series of another.
            condition=Q(about__isnull=True) | Q(version=1, series=F("id")),
        ),
        PairForeignKey(  # a remark stands beside a record of the same dossier and section
            name=f"{table}_remark_stands",
            columns=["about_id", "dossier_id", "section", "purpose"],
            to=table,
            to_columns=["id", "dossier_id", "section", "purpose"],
        ),
        models.UniqueConstraint(fields=["id", "happened_at"], name=f"{table}_moment"),
        models.CheckConstraint(name=f"{table}_section", condition=Q(section__in=sections)),
        models.CheckConstraint(
            name=f"{table}_purpose", condition=Q(section="gedelegeerde") | Q(purpose=F("section"))
        ),
        models.CheckConstraint(
            name=f"{table}_signed_whole",
            condition=Q(state="concept", signed_at__isnull=True)
            | Q(~Q(state="concept"), signed_at__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{table}_moved_whole",
            condition=Q(state="moved", moved_to__isnull=False) | Q(~Q(state="moved"), moved_to__isnull=True),
        ),
        models.CheckConstraint(name=f"{table}_known_state", condition=Q(state__in=State.values)),
        models.CheckConstraint(
            name=f"{table}_minute",
            # Not Trunc: it goes through Dutch time, and compares two clocks.
            condition=Q(
                happened_at=models.Func(
                    models.Value("minute"),
                    F("happened_at"),
                    models.Value("UTC"),
                    function="date_trunc",
                    output_field=models.DateTimeField(),
                )
            ),
            violation_error_message="Vul datum en tijd in, op de minuut.",
        ),
        Frozen(
            name=f"{table}_frozen",
            when=changed(
                "id dossier_id section purpose kind author_id series version role ground_id practice_id engagement_id "
                "on_behalf_of_id form_key written_at about_id"
            )
            + " OR OLD.state = 'moved' OR (NEW.signed_at IS DISTINCT FROM OLD.signed_at "
            f"AND session_user <> 'tweeluik_owner' AND NOT NEW.signed_at {JUST_NOW}) "
            "OR (OLD.state = 'signed' AND (NEW.state <> 'moved' "
            f"OR {changed('happened_at signed_at revision reason')})) "
            "OR (OLD.state = 'concept' AND NEW.revision <> OLD.revision + 1)",
            code="signed_is_immutable",
        ),
        header_wall(f"{table}_wall", table, sections),
        OwnerReads(  # the list of what is not finished names what a waarnemer left behind in somebody's name
            name=f"{table}_for_me",
            rule="state = 'concept' AND on_behalf_of_id = (SELECT access_user())",
        ),
    ]


def part_constraints(table: str, header_table: str, sections: tuple[str, ...]) -> list[models.BaseConstraint]:
    """List what a part can never be, besides its wall."""
    return [
        models.UniqueConstraint(fields=["record", "code"], name=f"{table}_code_once"),
        models.CheckConstraint(name=f"{table}_section", condition=Q(section__in=sections)),
        Frozen(
            name=f"{table}_frozen",
            when=changed("id dossier_id record_id section author_id task code practice_id purpose")
            + f" OR OLD.shielded OR ({changed('content happened_at')} "
            f"AND EXISTS (SELECT 1 FROM {header_table} h WHERE h.id = OLD.record_id AND h.state <> 'concept'))",
            code="signed_is_immutable",
        ),
        OfItsRecord(name=f"{table}_of_its_record", header=header_table),
        PairForeignKey(  # else a task of today would write in a record of before the task
            name=f"{table}_of_its_moment",
            columns=["record_id", "happened_at"],
            to=header_table,
            to_columns=["id", "happened_at"],
            deferred=True,
        ),
        part_wall(f"{table}_wall", table, sections),
    ]
