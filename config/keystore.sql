-- The key store: the wrapped key of every sealed record, in a database of its own with its own, short, backup
-- rotation. Run inside it, as superuser, after roles.sql. Deleting a key here is what destroys a record.
--
-- tweeluik_keys has no right on the tables. It can ask for keys whose ids it knows, add one and destroy one;
-- it cannot list, overwrite or bring back.

SET client_min_messages = warning;

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO tweeluik_keys, tweeluik_backup', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tweeluik_keys;

SET ROLE tweeluik_keys_owner;

CREATE TABLE IF NOT EXISTS public.record_key (
    record_id uuid PRIMARY KEY,
    wrapped bytea NOT NULL CHECK (octet_length(wrapped) > 32), -- 32 bytes would be a key in clear
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS public.destroyed (
    record_id uuid PRIMARY KEY,
    destroyed_at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL
);

CREATE OR REPLACE FUNCTION public.keys_fetch(ids uuid[])
RETURNS TABLE (record_id uuid, wrapped bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(ids) > 2000 THEN
        RAISE EXCEPTION 'keys_fetch: at most 2000 keys at once' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    RETURN QUERY SELECT k.record_id, k.wrapped FROM public.record_key k WHERE k.record_id = ANY (ids);
END $$;

-- The lock makes adding and destroying one id take turns: otherwise an id could be given a new key between the
-- look at `destroyed` and the insert. A key that exists is refused by the primary key.
CREATE OR REPLACE FUNCTION public.keys_add(id uuid, wrapped bytea)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(id::text, 0));
    IF EXISTS (SELECT FROM public.destroyed d WHERE d.record_id = id) THEN
        RAISE EXCEPTION 'keys_add: % was destroyed', id USING ERRCODE = 'unique_violation';
    END IF;
    INSERT INTO public.record_key (record_id, wrapped) VALUES (id, keys_add.wrapped);
END $$;

-- Answers the moment of destruction, for the certificate. Repeating it keeps the first moment, so that a list of
-- destructions can be replayed after a restore.
CREATE OR REPLACE FUNCTION public.keys_destroy(id uuid, by text)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(id::text, 0));
    DELETE FROM public.record_key k WHERE k.record_id = id;
    INSERT INTO public.destroyed (record_id, by) VALUES (id, keys_destroy.by) ON CONFLICT DO NOTHING;
    RETURN (SELECT d.destroyed_at FROM public.destroyed d WHERE d.record_id = id);
END $$;

REVOKE ALL ON FUNCTION public.keys_fetch(uuid[]), public.keys_add(uuid, bytea), public.keys_destroy(uuid, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.keys_fetch(uuid[]), public.keys_add(uuid, bytea), public.keys_destroy(uuid, text)
    TO tweeluik_keys;

RESET ROLE;
