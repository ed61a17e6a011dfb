"""Coded columns that stand one to one with a record: read back for its form, stored with it, written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from directory.access.context import acting
from dossier.records.base import Header


class Columns:
    """Storage of one table of coded columns. A kind adds its form (fields, problems) and how a row is shown."""

    model: Any
    names: tuple[str, ...]

    def fields(self) -> dict[str, Any]:
        raise NotImplementedError

    def shown(self, row: Any) -> list[tuple[str, str]]:
        raise NotImplementedError

    def fixed(self, record: Header) -> dict[str, Any]:
        """Give what a new row has besides what was typed, and never changes."""
        return {}

    def initial(self, record: Header) -> dict[str, Any]:
        row = self._rows([record]).get(record.pk)
        return {name: getattr(row, name) for name in self.fields()} if row else {}

    def store(self, record: Header, values: Mapping[str, Any]) -> None:
        """Write the row of a new record, or change that of a concept."""
        known = {name: values[name] for name in self.names if name in values}
        row = self._rows([record]).get(record.pk)
        if row is None:
            self.model(
                record_id=record.pk,
                practice_id=record.practice_id,
                dossier_id=record.dossier_id,
                author_id=record.author_id,
                **self.fixed(record),
                **known,
            ).save(force_insert=True)
            return
        changed = [name for name, value in known.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, known[name])
        if changed:
            row.save(update_fields=changed)

    def rows(self, records: list[Header]) -> dict[UUID, list[tuple[str, str]]]:
        return {pk: self.shown(row) for pk, row in self._rows(records).items()}

    def _rows(self, records: list[Header]) -> dict[UUID, Any]:
        found = self.model.objects.open_to(acting().capacity, "read")
        return {row.pk: row for row in found.filter(record__in=[record.pk for record in records])}
