"""Read a setting of a practice: what it chose, or what holds without a choice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from directory.reference.models import Setting, SettingDefinition


def settings_of(
    practice: UUID | None, codes: Iterable[str] | None = None, at: datetime | None = None
) -> dict[str, int | None]:
    """Read several settings at once; without a practice what holds before anybody chose.

    Reads only columns that the bare login has too: the idle limit is asked before there is a hat.
    """
    definitions = SettingDefinition.objects.order_by("number")
    chosen = Setting.objects.filter(practice=practice, in_force_from__lte=at or timezone.now())
    if codes is not None:
        definitions, chosen = definitions.filter(code__in=codes), chosen.filter(definition__in=codes)
    found = dict(definitions.values_list("code", "default_value"))
    if practice is not None:
        found |= dict(chosen.order_by("in_force_from", "recorded_at").values_list("definition_id", "value"))
    return found


def setting(practice: UUID | None, code: str, at: datetime | None = None) -> int | None:
    """Read one setting in its own unit; None where the practice keeps no number. Raises KeyError.

    In SQL the same is `reference_setting_value(practice, code, moment)`.
    """
    return settings_of(practice, [code], at)[code]
