"""Which absence runs now, as the shell of one dossier carries it along: for the person bar, at no statement more."""

from __future__ import annotations

from django.db.models import DateField
from django.db.models.expressions import RawSQL

from dossier.models import Dossier
from dossier.models.shell import DossierQuerySet
from dossier.process.models import Verzuimgeval, Verzuimverloop
from dossier.process.models.running import runs

ASK = "werkgeverdeel.read"


def with_first_sick_day() -> DossierQuerySet:
    """Load the day along with the shell of one dossier, so that it costs no statement of its own.

    By hand, because the rule of the table names it, and inside a query Django gives it another name.
    """
    cases, course = (
        f"(SELECT * FROM {table} WHERE {model.open_rule('read')})"
        for model in (Verzuimgeval, Verzuimverloop)
        for table in [model._meta.db_table]
    )
    sql = (
        f"SELECT c.first_sick_day FROM {runs('dossier_dossier.id', cases, course)} "
        "ORDER BY c.first_sick_day DESC LIMIT 1"
    )
    day = RawSQL(sql, [], DateField())  # noqa: S611 - no value enters the text
    found: DossierQuerySet = Dossier.objects.annotate(first_sick_day=day)
    return found
