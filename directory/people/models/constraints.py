"""Build the constraints that models share. A period ends at the first moment that no longer counts."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
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


def no_overlap(name: str, *same: str, of: str = "at", message: str) -> ExclusionConstraint:
    """Refuse two rows with the same key whose periods share a moment."""
    period = (Dates if of == "on" else Moments)(f"starts_{of}", f"ends_{of}", RangeBoundary())
    return ExclusionConstraint(
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
