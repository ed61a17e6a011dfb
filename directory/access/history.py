"""simple-history's tables and reading API, written by database triggers instead of signals.

Signals miss update(), bulk writes and raw SQL, and cost 2.7 to 3.0 times a save; a history that can be bypassed is
no evidence. Every row carries the user and the engagement of the bound context, never null.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from .walls import HistoryTrigger, Wall


def _as_tracked(part: str) -> Any:
    """Take the rule of the tracked model's wall, on the history table's own name."""

    def resolve(model: Any) -> Any:
        tracked = model.instance_type
        wall = next(c for c in tracked._meta.constraints if type(c).__name__ == "Wall")
        value = wall.frozen().get(part, "")
        if part == "rights":
            # The desk sees appointments and envelopes, never history (Leidraad casemanagement §3.1).
            # Who may read some columns only, reads no history either.
            return {
                hat: "SELECT"
                for hat, right in value.items()
                if "SELECT" in right and "SELECT (" not in right and hat != "hat_desk"
            }
        table, history = tracked._meta.db_table, model._meta.db_table
        rule = value.replace(f'"{table}".', f'"{history}".')
        if part == "select" and any(field.name == "shielded" for field in tracked._meta.fields):
            # What was shielded, was shielded with its past: a row from before reads as long as the part itself does.
            live = f'SELECT 1 FROM "{table}" live WHERE live.id = "{history}".id AND NOT live.shielded'
            rule = f"({rule}) AND EXISTS ({live})"
        return rule

    return resolve


class TriggerHistory(HistoricalRecords):
    """Track a walled model. History has the wall of its table, SELECT only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("history_change_reason_field", models.TextField(null=True))
        super().__init__(**kwargs)

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        options = super().get_meta_options(model)
        name = model._meta.db_table
        options["constraints"] = [
            HistoryTrigger(name=f"{name}_history"),
            # The wall of the tracked table, for reading only: the trigger adds as the owner, nobody changes.
            Wall(
                name=f"{name}_history_wall",
                rights=_as_tracked("rights"),
                select=_as_tracked("select"),
                force=True,
                owner_adds=True,
            ),
        ]
        options["default_permissions"] = ()
        return options

    def get_extra_fields(self, model: Any, fields: Any) -> dict[str, Any]:
        return {**super().get_extra_fields(model, fields), "history_engagement": models.UUIDField()}

    def _get_history_user_fields(self) -> dict[str, models.Field[Any, Any]]:
        user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
        return {"history_user": user}

    def _get_history_id_field(self) -> models.Field[Any, Any]:
        return models.BigAutoField(primary_key=True)

    def post_save(self, *args: Any, **kwargs: Any) -> None:
        """The trigger wrote it."""

    def post_delete(self, *args: Any, **kwargs: Any) -> None:
        """The trigger wrote it."""

    def pre_delete(self, *args: Any, **kwargs: Any) -> None:
        """The trigger wrote it."""
