-- What the main database needs before its first migration: run inside it, as superuser, after roles.sql.

SET client_min_messages = warning;

DO $$
BEGIN
    -- PUBLIC could otherwise connect, and make temporary tables that shadow real ones.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO tweeluik_app, tweeluik_begin, tweeluik_backup', current_database());
    EXECUTE format('ALTER DATABASE %I SET search_path = public, extensions', current_database());
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- PostgreSQL lets everybody execute a new function. Most of ours act with the rights of the owner, so here
-- nobody may until a migration says who. Extensions live apart, where this does not touch their functions.
ALTER DEFAULT PRIVILEGES FOR ROLE tweeluik_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS citext SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA extensions;
