"""Law as data, from the files beside the part that reads them."""

from django.db import migrations

from directory.professions.loader import load


def fill(apps, schema_editor):
    load(apps)


class Migration(migrations.Migration):
    dependencies = [("professions", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
