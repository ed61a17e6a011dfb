"""The account under which migrations and the founding of a first practice stand in history. Nobody can enter it."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("accounts", "User").objects.get_or_create(
        username="systeem", defaults={"display_name": "Systeem", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
