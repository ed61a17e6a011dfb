"""A foreign key over two columns: Django has none, PostgreSQL does."""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class PairForeignKey(models.BaseConstraint):
    """The pair of `columns` must stand in the pair `to_columns` of `to`.

    Made after every table of its migration (deferred), as Django makes its own foreign keys.
    """

    def __init__(self, *, name: str, columns: tuple[str, str], to: str, to_columns: tuple[str, str]) -> None:
        super().__init__(name=name)
        self.columns = tuple(columns)
        self.to = to
        self.to_columns = tuple(to_columns)

    def _statement(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        def quoted(columns: tuple[str, ...]) -> str:
            return ", ".join(editor.quote_name(column) for column in columns)

        table = model._meta.apps.get_model(self.to)._meta.db_table
        return (
            f"ALTER TABLE {editor.quote_name(model._meta.db_table)} "
            f"ADD CONSTRAINT {editor.quote_name(self.name)} FOREIGN KEY ({quoted(self.columns)}) "
            f"REFERENCES {editor.quote_name(table)} ({quoted(self.to_columns)})"
        )

    def constraint_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        cast("list[Any]", schema_editor.deferred_sql).append(self._statement(model, schema_editor))
        return None

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        return self._statement(model, schema_editor)

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """The database decides; the forms offer no pair it would refuse."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PairForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"columns": self.columns, "to": self.to, "to_columns": self.to_columns}
