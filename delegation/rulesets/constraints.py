"""What a row must agree with elsewhere: Django has no constraint for it, PostgreSQL does."""

from directory.access.walls import RowTrigger, SqlConstraint


class PairForeignKey(SqlConstraint):
    """The values of `columns` must stand together in `to_columns` of the table `to`; `deferred` asks it at commit."""

    def __init__(
        self, *, name: str, columns: list[str], to: str, to_columns: list[str], deferred: bool = False
    ) -> None:
        super().__init__(
            name=name,
            columns=columns,
            to=to,
            to_columns=to_columns,
            **({"deferred": True} if deferred else {}),
        )

    def up(self, table: str) -> list[str]:
        columns, to_columns = (
            ", ".join(f'"{c}"' for c in self.parts[key]) for key in ("columns", "to_columns")
        )
        return [
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{self.name}" FOREIGN KEY ({columns}) '
            f'REFERENCES "{self.parts["to"]}" ({to_columns})'
            + (" DEFERRABLE INITIALLY DEFERRED" if self.parts.get("deferred") else "")
        ]

    def down(self, table: str) -> list[str]:
        return [f'ALTER TABLE "{table}" DROP CONSTRAINT "{self.name}"']


class SameEdition(RowTrigger):
    """A task of a contract comes from the task list the contract names: two lists may use one code for two things."""

    before = "INSERT OR UPDATE"

    def body(self) -> str:
        return (
            "IF NOT EXISTS (SELECT 1 FROM delegation_task t JOIN delegation_contract k ON k.edition_id = t.edition_id "
            f"WHERE t.id = NEW.task_id AND k.id = NEW.contract_id) THEN {self.refusal('task_of_another_edition')}; "
            "END IF;"
        )
