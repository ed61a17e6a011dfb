"""Signatures that policies name, as stubs that refuse. The bodies come with the grid, so order never matters."""

from django.db import migrations

DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
REFUSE = "AS $f$ BEGIN RAISE EXCEPTION 'the grid is not compiled yet' USING ERRCODE = '42501'; END $f$"
STUBS = (
    "access_user() RETURNS bigint",
    "access_engagement() RETURNS uuid",
    "access_practice() RETURNS uuid",
    "access_colleagues() RETURNS SETOF bigint",
    "access_role() RETURNS text",
    "access_side() RETURNS text",
    "access_opened(verb text) RETURNS SETOF uuid",
    "access_shown() RETURNS SETOF uuid",
    "access_shown_persons() RETURNS SETOF uuid",
    "access_shown_relations() RETURNS SETOF uuid",
    "access_pairs(verb text, value text) RETURNS TABLE (d uuid, s text, p text)",
    "access_shared() RETURNS SETOF uuid",
    "access_consented(verb text) RETURNS SETOF uuid",
    "access_relations(section text, verb text) RETURNS SETOF uuid",
    "access_own_person(person uuid) RETURNS boolean",
    "access_own_employer(employer uuid) RETURNS boolean",
    "access_office(object text, verb text) RETURNS text",
    "access_held(d uuid, s text, p text, verb text, at timestamptz) RETURNS boolean",
    "access_task_held(d uuid, section text, task text, happened timestamptz) RETURNS boolean",
    "access_may_lay(kind text, holder uuid, responsible uuid) RETURNS boolean",
    "access_may_end(kind text, holder uuid, responsible uuid) RETURNS boolean",
    "access_team_grounds() RETURNS SETOF uuid",
    "access_team_roles() RETURNS SETOF text",
)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        # PostgreSQL lets PUBLIC execute every new function; a definer function would then be a door.
        migrations.RunSQL("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE TYPE access_acting AS (user_id bigint, engagement_id uuid, practice_id uuid, role text, side text, kind text)",
            "DROP TYPE access_acting",
        ),
        migrations.RunSQL(
            "CREATE FUNCTION access_append_only() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501', HINT = 'append_only'; END $f$",
            "DROP FUNCTION access_append_only()",
        ),
        *[
            migrations.RunSQL(
                f"CREATE FUNCTION {stub} {DEFINER} {REFUSE}",
                f"DROP FUNCTION {stub.split(' RETURNS')[0]}",
            )
            for stub in STUBS
        ],
    ]
