"""A signature that a policy below the grid names, as a stub that refuses; its body comes with the grid."""

from django.db import migrations

STUB = "access_shown_employers()"


class Migration(migrations.Migration):
    dependencies = [("access", "0005_as_whom")]

    operations = [
        migrations.RunSQL(
            f"CREATE FUNCTION {STUB} RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER "
            "SET search_path = pg_catalog, public, pg_temp AS $f$ BEGIN "
            "RAISE EXCEPTION 'the grid is not compiled yet' USING ERRCODE = '42501'; END $f$",
            f"DROP FUNCTION {STUB}",
        )
    ]
