"""Walls as Meta constraints: `makemigrations` emits a wall exactly when its frozen form changes.

A wall is written lazily (rights come from the grid, which is declared above this layer) and frozen into the migration
as plain SQL text, so an old migration never depends on today's grid. A model without a wall has no privileges in any
hat: forgetting one is "permission denied", and the catalogue test names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.db.backends.ddl_references import Statement
from django.db.models import BaseConstraint

from .grid import Value, Verb, the_grid

HATS = ("hat_medical", "hat_signal", "hat_process", "hat_desk", "hat_employer", "hat_admin")
EVERYBODY = ("PUBLIC", "tweeluik_app", "tweeluik_begin", "hat_base", *HATS)


class SqlConstraint(BaseConstraint):
    """A database object that belongs to a model. Subclasses give up() and down(); keyword values may be callables."""

    def __init__(self, *, name: str, **parts: Any) -> None:
        super().__init__(name=name)
        self.parts = parts
        self.model: Any = None

    def bind(self, model: Any) -> None:
        self.model = model

    def frozen(self) -> dict[str, Any]:
        return {key: self._resolve(value) for key, value in self.parts.items()}

    def _resolve(self, value: Any) -> Any:
        return value(self.model) if callable(value) else value

    def clone(self) -> SqlConstraint:
        copy = type(self)(name=self.name, **self.parts)
        copy.model = self.model
        return copy

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__qualname__}", (), {"name": self.name, **self.frozen()}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()

    __hash__ = object.__hash__

    def up(self, table: str) -> list[str]:
        raise NotImplementedError

    def down(self, table: str) -> list[str]:
        raise NotImplementedError

    @staticmethod
    def _statement(lines: list[str]) -> Statement | None:
        return Statement("%(sql)s", sql=";\n".join(lines)) if lines else None

    def constraint_sql(self, model: Any, editor: Any) -> str:
        editor.deferred_sql.append(
            self.create_sql(model, editor)
        )  # after the table and its foreign keys stand
        return ""

    def create_sql(self, model: Any, editor: Any) -> Any:  # a Statement, which Django's stubs call str
        return self._statement(self.up(model._meta.db_table))

    def remove_sql(self, model: Any, editor: Any) -> Any:
        return self._statement(self.down(model._meta.db_table))

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """Nothing to validate in Python: the database is asked."""


class Functions(SqlConstraint):
    """The bodies of the access functions. Signatures exist from the kernel's first migration, as stubs that refuse."""

    def up(self, table: str) -> list[str]:
        return [self.frozen()["sql"]]

    def down(self, table: str) -> list[str]:
        return ["SELECT 1"]  # CREATE OR REPLACE: what depends on them stays


class Wall(SqlConstraint):
    """Privileges per hat and one policy per command. `force` also holds the owner to the policies."""

    def __init__(
        self,
        *,
        name: str,
        rights: Mapping[str, str] | Callable[[Any], Mapping[str, str]],
        select: str | Callable[[Any], str] = "",
        insert: str | Callable[[Any], str] = "",
        update: str | Callable[[Any], str] = "",
        delete: str | Callable[[Any], str] = "",
        force: bool = False,
        owner_adds: bool = False,
        explained: bool = False,
        bare: bool = False,
    ) -> None:
        # owner_adds: a definer function inserts here, although FORCE holds the owner to the policies.
        # explained: `access explain`, which only the second login may call, looks up whose a record is.
        # bare: the login pages use this table, before there is a capacity to ask; the rules hold for hats.
        super().__init__(
            name=name,
            rights=rights,
            select=select,
            insert=insert,
            update=update,
            delete=delete,
            force=force,
            owner_adds=owner_adds,
            explained=explained,
            bare=bare,
        )

    def frozen(self) -> dict[str, Any]:
        parts = super().frozen()
        return {key: value for key, value in parts.items() if value or key == "rights"}

    def up(self, table: str) -> list[str]:
        k = self.frozen()
        lines = [f'REVOKE ALL ON "{table}" FROM {", ".join(EVERYBODY)}']
        lines += [
            f'GRANT {right} ON "{table}" TO {who}' for who, right in sorted(k["rights"].items()) if right
        ]
        lines.append(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        lines.append(f'ALTER TABLE "{table}" {"FORCE" if k.get("force") else "NO FORCE"} ROW LEVEL SECURITY')
        whom = " TO hat_base" if k.get("bare") else ""
        if select := k.get("select"):
            # The owner has a policy of his own there, and a function of his that this rule asks must not ask it again.
            hats = " TO hat_base" if k.get("explained") else whom
            lines.append(f'CREATE POLICY "{self.name}_select" ON "{table}" FOR SELECT{hats} USING ({select})')
        if insert := k.get("insert"):
            lines.append(
                f'CREATE POLICY "{self.name}_insert" ON "{table}" FOR INSERT{whom} WITH CHECK ({insert})'
            )
        if update := k.get("update"):
            lines.append(
                f'CREATE POLICY "{self.name}_update" ON "{table}" FOR UPDATE{whom} USING ({update}) '
                f"WITH CHECK ({update})"
            )
        if delete := k.get("delete"):
            lines.append(f'CREATE POLICY "{self.name}_delete" ON "{table}" FOR DELETE{whom} USING ({delete})')
        if whom:
            lines.append(
                f'CREATE POLICY "{self.name}_bare" ON "{table}" TO tweeluik_app USING (true) WITH CHECK (true)'
            )
        if k.get("owner_adds"):
            lines.append(
                f'CREATE POLICY "{self.name}_owner" ON "{table}" FOR INSERT TO tweeluik_owner WITH CHECK (true)'
            )
        if k.get("explained"):
            # Also one's own, and what stands in an opened dossier: triggers and functions that ask what a record is
            # run as the owner, and must see the header even when the dossier was opened for writing only.
            lines.append(
                f'CREATE POLICY "{self.name}_explain" ON "{table}" FOR SELECT TO tweeluik_owner '
                "USING (CASE WHEN session_user = 'tweeluik_begin' THEN true ELSE author_id = (SELECT access_user()) "
                "OR dossier_id = ANY (ARRAY(SELECT access_shown())) END)"
            )
        return lines

    def down(self, table: str) -> list[str]:
        kinds = ("select", "insert", "update", "delete", "owner", "explain", "bare")
        return [f'DROP POLICY IF EXISTS "{self.name}_{kind}" ON "{table}"' for kind in kinds]


class HistoryTrigger(SqlConstraint):
    """Fill simple-history's table from statement triggers: every write path, one insert per statement."""

    def frozen(self) -> dict[str, Any]:
        if self.model is not None and "columns" not in self.parts:
            tracked = self.model.instance_type._meta.db_table
            return {"tracked": tracked, "columns": [field.column for field in self.model.tracked_fields]}
        return dict(self.parts)

    def up(self, table: str) -> list[str]:
        k = self.frozen()
        columns = ", ".join(f'"{column}"' for column in k["columns"])
        rows = ", ".join(f'r."{column}"' for column in k["columns"])
        name, tracked = f"{table}_write", k["tracked"]
        # Actor and reason are read once per statement; without an actor access_author() raises, so the write does too.
        insert = (
            f'INSERT INTO "{table}" ({columns}, history_date, history_type, history_user_id, history_engagement, '
            f"history_change_reason) SELECT {rows}, clock_timestamp(), "
            f"CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END, a.user_id, a.engagement_id, "
            f"nullif(current_setting('app.reason', true), '') FROM changed r CROSS JOIN access_author() a"
        )
        lines = [
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
            f"SET search_path = pg_catalog, public, pg_temp AS $f$ BEGIN {insert}; RETURN NULL; END $f$",
            f'REVOKE EXECUTE ON FUNCTION "{name}"() FROM PUBLIC',
        ]
        for event, rows_name in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            lines.append(f'DROP TRIGGER IF EXISTS "{name}_{event.lower()}" ON "{tracked}"')
            lines.append(
                f'CREATE TRIGGER "{name}_{event.lower()}" AFTER {event} ON "{tracked}" '
                f'REFERENCING {rows_name} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
            )
        for command in ("UPDATE", "DELETE", "TRUNCATE"):
            each = "STATEMENT" if command == "TRUNCATE" else "ROW"
            lines.append(f'DROP TRIGGER IF EXISTS "{table}_no_{command.lower()}" ON "{table}"')
            lines.append(
                f'CREATE TRIGGER "{table}_no_{command.lower()}" BEFORE {command} ON "{table}" '
                f"FOR EACH {each} EXECUTE FUNCTION access_append_only()"
            )
        return lines

    def down(self, table: str) -> list[str]:
        k = self.frozen()
        events = ("insert", "update", "delete")
        lines = [f'DROP TRIGGER IF EXISTS "{table}_write_{event}" ON "{k["tracked"]}"' for event in events]
        lines += [
            f'DROP TRIGGER IF EXISTS "{table}_no_{command}" ON "{table}"'
            for command in ("update", "delete", "truncate")
        ]
        return [*lines, f'DROP FUNCTION IF EXISTS "{table}_write"()']


class AppendOnly(SqlConstraint):
    """Rows are added and stay: triggers refuse every change, whoever tries. Made under the name of the constraint."""

    COMMANDS: ClassVar[dict[str, str]] = {"UPDATE": "ROW", "DELETE": "ROW", "TRUNCATE": "STATEMENT"}

    def up(self, table: str) -> list[str]:
        return self.down(table) + [
            f'CREATE TRIGGER "{self.name}_{command.lower()}" BEFORE {command} ON "{table}" '
            f"FOR EACH {each} EXECUTE FUNCTION access_append_only()"
            for command, each in self.COMMANDS.items()
        ]

    def down(self, table: str) -> list[str]:
        return [
            f'DROP TRIGGER IF EXISTS "{self.name}_{command.lower()}" ON "{table}"'
            for command in self.COMMANDS
        ]


class RowTrigger(SqlConstraint):
    """A rule about one row that a CHECK cannot say: `body` runs before the row is stored, whoever stores it."""

    before: ClassVar[str]

    def body(self) -> str:
        raise NotImplementedError

    def refusal(self, code: str) -> str:
        return f"RAISE EXCEPTION '{code}' USING ERRCODE = '23514', CONSTRAINT = '{self.name}'"

    def up(self, table: str) -> list[str]:
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
            f"SET search_path = pg_catalog, public, pg_temp AS $f$ BEGIN {self.body()} RETURN NEW; END $f$",
            f'REVOKE EXECUTE ON FUNCTION "{self.name}"() FROM PUBLIC',
            f'DROP TRIGGER IF EXISTS "{self.name}" ON "{table}"',
            f'CREATE TRIGGER "{self.name}" BEFORE {self.before} ON "{table}" FOR EACH ROW '
            f'EXECUTE FUNCTION "{self.name}"()',
        ]

    def down(self, table: str) -> list[str]:
        return [
            f'DROP TRIGGER IF EXISTS "{self.name}" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{self.name}"()',
        ]


class Frozen(RowTrigger):
    """Columns that never change once `when` (SQL on OLD and NEW) holds: a trigger refuses, whoever tries."""

    before = "UPDATE"

    def __init__(self, *, name: str, when: str, code: str) -> None:
        super().__init__(name=name, when=when, code=code)

    def body(self) -> str:
        k = self.frozen()
        return f"IF {k['when']} THEN {self.refusal(k['code'])}; END IF;"


class Recorded(RowTrigger):
    """The moment of recording is the database's word: what is dated back still says when it was written down.

    The owner, who loads what a practice brings along, keeps the moments it had.
    """

    before = "INSERT"

    def body(self) -> str:
        return "IF session_user <> 'tweeluik_owner' THEN NEW.recorded_at := statement_timestamp(); END IF;"


def changed(columns: str) -> str:
    """Write that one of these columns changes in an UPDATE, NULL included."""
    old, new = (", ".join(f"{row}.{column}" for column in columns.split()) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


# --- rules as SQL: the policy and the queryset verb are written from the same text --------------------------------


def rows_open(
    table: str,
    verb: str,
    sections: Iterable[str],
    *,
    section: str = "section",
    purpose: str = "purpose",
    author: str = "author_id",
    record: str = "id",
) -> str:
    """Write the condition under which rows of opened dossiers are open for a verb.

    `section` and `purpose` are columns, or a literal in quotes for a table that holds one section; `author` is a column
    or an expression in parentheses. Returns 'false' when no role of the grid has the verb in any of these sections.
    """
    grid, wanted = the_grid(), set(sections)
    values = {
        content.values.get(Verb(verb), Value.NOTHING)
        for role, part, content in grid
        if part.code in wanted and role.side is not None
    }

    def column(name: str) -> str:
        return name if name.startswith(("'", "(")) else f'"{table}"."{name}"'

    place = f"({column('dossier_id')}, {column(section)}, {column(purpose)})"
    rules = {
        Value.ALL: "",
        Value.OWN: f"{column(author)} = (SELECT access_user()) AND ",
        Value.SHARED: f"{column(record)} IN (SELECT access_shared()) AND ",
        Value.CONSENT: f"{column(record)} IN (SELECT access_consented('{verb}')) AND ",
    }
    ways = [
        f"({extra}{place} IN (SELECT k.d, k.s, k.p FROM access_pairs('{verb}', '{value}') k))"
        for value, extra in rules.items()
        if value in values
    ]
    if not ways:
        return "false"
    # The first test reads the table through its dossier index; the pairs then decide per section.
    return f"{column('dossier_id')} = ANY (ARRAY(SELECT access_opened('{verb}'))) AND ({' OR '.join(ways)})"


def privileges(sections: Iterable[str]) -> dict[str, str]:
    """Derive privileges per hat from the grid, as GRANT lists."""
    order = ("SELECT", "INSERT", "UPDATE")
    held = the_grid().privileges(sections)
    return {hat: ", ".join(right for right in order if right in rights) for hat, rights in held.items()}


def office(object_: str, verb: str, own: str = "") -> str:
    """Write the condition for an object of the practice: ALL, or OWN when `own` (SQL) holds for the row."""
    value = f"(SELECT access_office('{object_}', '{verb}'))"
    rule = f"{value} = 'all'"
    if own:
        rule = f"({rule} OR ({value} = 'own' AND {own}))"
    return f"practice_id = (SELECT access_practice()) AND {rule}"


def office_wall(
    name: str,
    object_: str,
    *,
    own: str = "",
    writes: Iterable[str] = ("write",),
    changes: Iterable[str] | None = None,
    also_read: str = "",
    delete: bool = False,
) -> Wall:
    """Build the wall of a practice object. `writes` may INSERT, `changes` may UPDATE (default: the same verbs)."""

    def rights(model: Any) -> dict[str, str]:
        found = privileges([object_])
        if also_read:
            for hat in HATS:
                found[hat] = found.get(hat) or "SELECT"
        if delete:
            found = {hat: f"{right}, DELETE" if "INSERT" in right else right for hat, right in found.items()}
        return found

    def any_of(verbs: Iterable[str]) -> str:
        return " OR ".join(f"({office(object_, verb, own)})" for verb in verbs)

    read = any_of(("read", "find"))
    if also_read:
        read += f" OR (practice_id = (SELECT access_practice()) AND ({also_read}))"
    making = any_of(tuple(writes))
    changing = any_of(tuple(changes if changes is not None else writes))
    return Wall(
        name=name,
        rights=rights,
        select=read,
        insert=making,
        update=changing,
        delete=changing if delete else "",
    )


def closed(name: str) -> Wall:
    """Build the wall of a table that only definer functions touch."""
    return Wall(name=name, rights={})
