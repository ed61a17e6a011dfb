from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from directory.access.compile import compile_functions
from directory.access.context import NoCapacity, acting
from directory.access.grid import the_grid
from directory.access.querysets import GuardedQuerySet
from directory.access.refusals import NotAllowed, NotFound, NotYet, Refusal
from directory.access.walls import Functions, Wall
from dossier.models import hats, untold

# How many dossiers rest on a physician, for who plans his departure: a number, and only of those that the process side
# knows too. That somebody came on his own initiative does not even stand in a count.
RESTING = """CREATE OR REPLACE FUNCTION dossier_resting_on(engagement uuid) RETURNS integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
SELECT count(DISTINCT d.id)::integer FROM access_ground g JOIN dossier_dossiergrant t ON t.ground_id = g.id
JOIN dossier_dossier d ON d.id = t.content_object_id
WHERE g.holder_id = $1 AND g.kind IN ('client_assignment', 'transfer')
  AND g.starts_at <= statement_timestamp() AND (g.ends_at IS NULL OR g.ends_at > statement_timestamp())
  AND d.process_from <= statement_timestamp()
  AND g.practice_id = (SELECT access_practice()) AND (SELECT access_side()) = 'admin' $f$;
REVOKE EXECUTE ON FUNCTION dossier_resting_on(uuid) FROM PUBLIC"""


@dataclass(frozen=True)
class Answer:
    """What the database said to one ask."""

    ask: str
    answer: str
    code: str
    role: str
    value: str
    ground: uuid.UUID | None
    responsible: int | None

    @property
    def allowed(self) -> bool:
        return self.answer.startswith("allow")

    def refusal(self) -> Refusal:
        """Make the refusal of this answer: 404 without a grant, else not yet or not allowed."""
        kind = NotYet if self.answer == "not_yet" else NotFound if self.code == "no_grant" else NotAllowed
        refusal: Refusal = kind(self.code)
        refusal.ask = self.ask
        return refusal


@dataclass(frozen=True)
class Opened:
    """An opened dossier with what was answered to each ask."""

    dossier: Dossier
    answers: dict[str, Answer] = field(default_factory=dict)

    def may(self, ask: str) -> bool:
        return ask in self.answers and self.answers[ask].allowed

    def need(self, ask: str) -> Answer:
        """Return the answer to an ask. Raises its refusal when it was not allowed."""
        answer = self.answers[ask]
        if not answer.allowed:
            raise answer.refusal()
        return answer


@dataclass(frozen=True)
class InHand:
    """The heading of something its author has not finished; `due` is the day by which it must be."""

    what: str
    id: uuid.UUID
    dossier: Dossier
    section: str
    purpose: str
    kind: str
    record: uuid.UUID | None
    author: int
    at: datetime
    due: date | None


class DossierQuerySet(GuardedQuerySet):
    """Dossiers are opened, listed or found; each leaves its log row. There is no other way to load one."""

    def open(self, pk: uuid.UUID, *asks: str, purpose: str = "") -> Opened:
        """Open one dossier for these asks: check, log, load. One statement, then one row.

        Raises NotFound without a grant, NotYet or NotAllowed when nothing of what was asked is allowed.
        """
        now = acting()
        if len(connection.savepoint_ids) > now.depth:
            raise NoCapacity(
                "never open inside a savepoint: a rollback would erase the log, not what was read"
            )
        now.asked = (pk, asks)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM access_open(%s, %s, %s)", [pk, list(asks), purpose])
            found = [Answer(*row) for row in cursor.fetchall()]
        answers = {answer.ask: answer for answer in found}
        if not any(answer.allowed for answer in found):
            raise found[0].refusal()
        now.opened += 1
        return Opened(self.select_related("relation", "person", "employer").get(pk=pk), answers)

    def newest(self, n: int = 50, before: datetime | None = None, purpose: str = "list") -> list[Dossier]:
        """List the newest dossiers of this capacity, with one log row that names them. Two statements."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT d FROM access_list(%s, %s, %s)", [n, before or timezone.now(), purpose])
            ids = [row[0] for row in cursor.fetchall()]
        return self._in_order(ids)

    def search(self, *, key: str | None, born: date | None, n: int = 50) -> list[Dossier]:
        """Find dossiers by the beginning of the filing name or by birth date, within one's own."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT d FROM access_search(%s, %s, %s, %s)", [key, born, n, "search"])
            ids = [row[0] for row in cursor.fetchall()]
        return self._in_order(ids)

    def untold(self, n: int = 50, before: datetime | None = None) -> list[tuple[Dossier, int, datetime]]:
        """List dossiers whose employee must still hear that I stand in: with for whom, and the place in the list.

        One log row names them; headings only. Two statements.
        """
        found = untold.ask(n, before or timezone.now())
        dossiers = self.listed(pk for pk, _, _ in found)
        return [(dossiers[pk], replaced, at) for pk, replaced, at in found if pk in dossiers]

    def replaced_on(self, pk: uuid.UUID) -> int | None:
        """Say for whom I stand in on a dossier whose employee was not told yet; None when nobody need be."""
        return next((replaced for _, replaced, _ in untold.ask(1, timezone.now(), pk)), None)

    def listed(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Dossier]:
        """Load the headings of dossiers that a list of the database named in the log, by their id."""
        return {row.pk: row for row in self._in_order(list(ids))}

    def in_hand(self, kinds: Iterable[str], n: int, purpose: str = "in_hand") -> list[InHand]:
        """List headings of what this capacity has not finished, newest first, over all its dossiers. Two statements."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT what, id, d, section, place, kind, record, author, at, due FROM dossier_in_hand(%s, %s, %s)",
                [list(kinds), n, purpose],
            )
            rows = cursor.fetchall()
        dossiers = {row.pk: row for row in self._in_order({row[2] for row in rows})}
        return [InHand(*row[:2], dossiers[row[2]], *row[3:]) for row in rows if row[2] in dossiers]

    def recent(self, n: int = 8, purpose: str = "recent") -> list[Dossier]:
        """List the dossiers this capacity looked at last, from its own rows of the log. Two statements."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT d FROM dossier_recent(%s, %s)", [n, purpose])
            ids = [row[0] for row in cursor.fetchall()]
        return self._in_order(ids)

    def _in_order(self, ids: Iterable[uuid.UUID]) -> list[Dossier]:
        rows = {row.pk: row for row in self.select_related("person", "employer").filter(pk__in=list(ids))}
        acting().opened += len(rows)
        return [rows[pk] for pk in ids if pk in rows]


class Dossier(models.Model):
    """One dossier per person and relation. The shell says that it exists; what is in it stands in records.

    `process_from` is empty while only a voluntary contact knows it: until then no one outside the medical side is let
    in, for its existence would be the medical fact.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    relation = models.OneToOneField("people.Relation", models.PROTECT, related_name="dossier")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True, related_name="+")
    founded_at = models.DateTimeField()
    founded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    process_from = models.DateTimeField(null=True)
    sort_at = models.DateTimeField()

    objects = DossierQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            (role.code, role.label) for role in the_grid().roles.values()
        ]  # the permission *is* the role
        constraints = [
            Functions(name="access_functions", sql=lambda model: compile_functions(the_grid())),
            Functions(name="dossier_resting_on", sql=RESTING),
            Functions(name="access_untold_function", sql=untold.UNTOLD),
            Functions(name="access_two_hats_function", sql=hats.TWO_HATS),
            Wall(
                name="dossier_dossier_wall",
                rights={"hat_base": "SELECT"},
                select="id = ANY (ARRAY(SELECT access_shown()))",
            ),
        ]

    @classmethod
    def open_rule(cls, verb: str) -> str:
        return '"dossier_dossier"."id" = ANY (ARRAY(SELECT access_shown()))'


def found(*, relation: Any, process: bool = True) -> uuid.UUID:
    """Found the dossier of a relation, or find it; returns its id. The database refuses whoever may not found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_found(%s, %s, %s)", [uuid.uuid4(), relation.pk, process])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
