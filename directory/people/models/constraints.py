"""Build the constraints that models share. A period ends at the first moment that no longer counts."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Func, Q


class Dates(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Moments(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def ends_after_start(name: str, *, of: str = "at", empty: bool = False) -> models.CheckConstraint:
    """Refuse a period that ends before it starts; an empty one says that it was called off."""
    lookup = "gte" if empty else "gt"
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"ends_{of}__isnull": True}) | Q(**{f"ends_{of}__{lookup}": F(f"starts_{of}")}),
        violation_error_message="De einddatum ligt vóór het begin. Kies een einde dat na het begin ligt.",
    )


class NoOverlap(ExclusionConstraint):
    """An exclusion constraint that leaves a period turned round to the constraint that says so.

    PostgreSQL makes no range of it, so asking about overlap would be an error instead of an answer.
    """

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        for of in ("at", "on"):
            begin, end = getattr(instance, f"starts_{of}", None), getattr(instance, f"ends_{of}", None)
            if begin is not None and end is not None and end < begin:
                return
        super().validate(model, instance, exclude=exclude, using=using)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        _, args, kwargs = super().deconstruct()  # in the database it is the constraint it extends
        return "django.contrib.postgres.constraints.ExclusionConstraint", args, kwargs


def no_overlap(name: str, *same: str, of: str = "at", message: str) -> NoOverlap:
    """Refuse two rows with the same key whose periods share a moment."""
    period = (Dates if of == "on" else Moments)(f"starts_{of}", f"ends_{of}", RangeBoundary())
    return NoOverlap(
        name=name,
        expressions=[(period, RangeOperators.OVERLAPS), *((key, RangeOperators.EQUAL) for key in same)],
        violation_error_message=message,
    )


def one_of(name: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Let the database hold the closed list too: Django checks choices in forms only."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message="Kies een waarde uit de lijst.",
    )


def kvk_number_is_whole(name: str) -> models.CheckConstraint:
    """Accept eight digits, or nothing while the number is not known."""
    return models.CheckConstraint(
        name=name,
        condition=Q(kvk_number="") | Q(kvk_number__regex=r"^[0-9]{8}$"),
        violation_error_message="Een KvK-nummer heeft acht cijfers. Verbeter het, of laat het leeg.",
    )
