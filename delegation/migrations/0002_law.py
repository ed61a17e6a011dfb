"""The task lists: law as data, from the files beside the part that reads them."""

from django.db import migrations

from delegation.rulesets.loader import load


def fill(apps, schema_editor):
    load(apps)


class Migration(migrations.Migration):
    dependencies = [("delegation", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
