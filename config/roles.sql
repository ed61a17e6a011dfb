-- The roles of Tweeluik, for the whole server. Run once by the server's administrator as superuser, before the
-- first migration; ./run does it for its own server. Running it again changes nothing. In this order:
--
--     psql -f config/roles.sql
--     createdb -O tweeluik_owner tweeluik           &&  psql -d tweeluik      -f config/database.sql
--     createdb -O tweeluik_keys_owner tweeluik_keys &&  psql -d tweeluik_keys -f config/keystore.sql
--
-- No passwords here: give each login its own with \password. Migrations grant, they never make a role.

SET client_min_messages = warning;

DO $$
DECLARE
    wanted name;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'tweeluik_owner', 'tweeluik_app', 'tweeluik_begin', 'tweeluik_backup', 'tweeluik_keys_owner', 'tweeluik_keys',
        'hat_base', 'hat_medical', 'hat_signal', 'hat_process', 'hat_desk', 'hat_employer', 'hat_admin'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END $$;

-- Owns the schema and migrates it. Not above row-level security: FORCE holds for the owner too.
ALTER ROLE tweeluik_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;

-- The hats: what one request may be. Each inherits what all of them need of Django's own tables.
ALTER ROLE hat_base NOLOGIN NOSUPERUSER NOBYPASSRLS;
ALTER ROLE hat_medical NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
ALTER ROLE hat_signal NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
ALTER ROLE hat_process NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
ALTER ROLE hat_desk NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
ALTER ROLE hat_employer NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
ALTER ROLE hat_admin NOLOGIN NOSUPERUSER NOBYPASSRLS INHERIT;
GRANT hat_base TO hat_medical, hat_signal, hat_process, hat_desk, hat_employer, hat_admin;

-- Serves the pages. NOINHERIT is the point: until it puts on a hat it has next to nothing.
ALTER ROLE tweeluik_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
GRANT hat_medical, hat_signal, hat_process, hat_desk, hat_employer, hat_admin TO tweeluik_app;

-- Says who is acting. A login of its own, so that SQL injected into a page can never become somebody else.
ALTER ROLE tweeluik_begin LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

-- The key store: its owner cannot log in, its login owns nothing and may only call its functions.
ALTER ROLE tweeluik_keys_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE tweeluik_keys LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

-- Backups: under FORCE the owner would dump empty tables, without any error.
ALTER ROLE tweeluik_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
ALTER ROLE tweeluik_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO tweeluik_backup;

-- Roles outlive databases, so a membership somebody gave by hand would quietly undo the walls: stop instead.
DO $$
DECLARE
    stray text;
BEGIN
    SELECT string_agg(format('%s in %s', member.rolname, granted.rolname), ', ') INTO stray
      FROM pg_auth_members m
      JOIN pg_roles member ON member.oid = m.member
      JOIN pg_roles granted ON granted.oid = m.roleid
     WHERE member.rolname IN ('tweeluik_app', 'tweeluik_begin', 'tweeluik_keys')
       AND NOT (member.rolname = 'tweeluik_app' AND granted.rolname LIKE 'hat\_%');
    IF stray IS NOT NULL THEN
        RAISE EXCEPTION 'A login of Tweeluik has a membership it must not have: %', stray;
    END IF;
END $$;
