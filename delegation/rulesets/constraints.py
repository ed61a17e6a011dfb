"""A foreign key over two columns: Django has none, PostgreSQL does."""

from directory.access.walls import SqlConstraint


class PairForeignKey(SqlConstraint):
    """The pair of `columns` must stand in the pair `to_columns` of the table `to`."""

    def __init__(self, *, name: str, columns: list[str], to: str, to_columns: list[str]) -> None:
        super().__init__(name=name, columns=columns, to=to, to_columns=to_columns)

    def up(self, table: str) -> list[str]:
        columns, to_columns = (
            ", ".join(f'"{c}"' for c in self.parts[key]) for key in ("columns", "to_columns")
        )
        return [
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{self.name}" FOREIGN KEY ({columns}) '
            f'REFERENCES "{self.parts["to"]}" ({to_columns})'
        ]

    def down(self, table: str) -> list[str]:
        return [f'ALTER TABLE "{table}" DROP CONSTRAINT "{self.name}"']
