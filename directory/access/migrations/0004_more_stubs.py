"""Signatures that policies below the grid name, as stubs that refuse; their bodies come with the grid."""

from django.db import migrations

STUBS = ("access_shown_employers() RETURNS SETOF uuid", "access_newcomer(u bigint) RETURNS boolean")


class Migration(migrations.Migration):
    dependencies = [("access", "0003_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE FUNCTION {stub} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp "
            "AS $f$ BEGIN RAISE EXCEPTION 'the grid is not compiled yet' USING ERRCODE = '42501'; END $f$",
            f"DROP FUNCTION {stub.split(' RETURNS')[0]}",
        )
        for stub in STUBS
    ]
