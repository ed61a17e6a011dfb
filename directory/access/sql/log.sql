-- The access log: written only here, never changed, a hash per row. No foreign keys upward, no medical values.

CREATE OR REPLACE FUNCTION access_leaf(l access_log) RETURNS bytea LANGUAGE sql IMMUTABLE AS $f$
  SELECT sha256(convert_to((jsonb_build_array(
    l.id, extract(epoch FROM l.at)::text, l.xid::text, l.request, l.kind, l.outcome, l.code, l.actor, l.engagement,
    l.practice, l.role, l.side, l.on_behalf_of, l.ground, l.ground_kind, l.purpose, l.asks, l.dossiers, l.record,
    l.query, l.origin, l.protocol)
    -- Two columns came later; a row without them keeps the hash it was sealed with.
    || CASE WHEN l.version IS NULL AND l.consent IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(l.version, l.consent) END
    )::text, 'UTF8'))
$f$;

CREATE OR REPLACE FUNCTION access_log_seal() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  NEW.leaf := access_leaf(NEW);
  RETURN NEW;
END $f$;

CREATE OR REPLACE FUNCTION access_append_only() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501', HINT = 'append_only';
END $f$;

DROP FUNCTION IF EXISTS access_write_log(access_acting, text, text, text, text, uuid, text, bigint, text, text[], uuid[],
  uuid, text);
CREATE OR REPLACE FUNCTION access_write_log(c access_acting, kind text, outcome text, code text, role text, ground uuid,
  ground_kind text, behalf bigint, purpose text, asks text[], dossiers uuid[], record uuid, query text,
  version int DEFAULT NULL, consent uuid DEFAULT NULL)
RETURNS void {volatile_plpgsql} AS $f$
BEGIN
  INSERT INTO access_log (at, xid, request, kind, outcome, code, actor, engagement, practice, role, side, on_behalf_of,
    ground, ground_kind, purpose, asks, dossiers, record, query, origin, protocol, version, consent)
  VALUES (clock_timestamp(), pg_current_xact_id(), coalesce(nullif(current_setting('app.request', true), ''), '-'), kind,
    outcome, code, c.user_id, c.engagement_id, c.practice_id, coalesce(role, c.role), c.side, behalf, ground, ground_kind,
    coalesce(purpose, ''), coalesce(asks, '{{}}'), coalesce(dossiers, '{{}}'), record, query,
    coalesce(current_setting('app.origin', true), ''), {protocol}, version, consent);
END $f$;

-- What an action adds of its own accord: a signature, a share, a switch. Opens nothing: the kinds that open are closed.
CREATE OR REPLACE FUNCTION access_note(kind text, dossier uuid, record uuid, asks text[], detail text)
RETURNS void {volatile_plpgsql} AS $f$
DECLARE c access_acting := access_acting(); opened access_log; version int; consent uuid;
BEGIN
  IF kind IN ('open', 'list') THEN RAISE EXCEPTION 'opening is not noted, it is done' USING ERRCODE = '42501'; END IF;
  -- In which role, on which ground and on whose behalf: as the dossier was opened in this request.
  IF dossier IS NOT NULL THEN
    SELECT l.* INTO opened FROM access_log l
    WHERE l.xid = pg_current_xact_id_if_assigned() AND l.at >= transaction_timestamp()
      AND l.at < transaction_timestamp() + interval '1 day' AND l.request = current_setting('app.request', true)
      AND l.actor = c.user_id AND l.kind = 'open' AND l.outcome = 'ok' AND l.dossiers = ARRAY[dossier]
    ORDER BY l.id DESC LIMIT 1;
  END IF;
  -- Which version of the record, and the consent on which a piece of a voluntary section was shared.
  IF record IS NOT NULL THEN
    SELECT r.version INTO version FROM (
      SELECT m.version FROM medical_record m WHERE m.id = access_note.record
      UNION ALL SELECT p.version FROM process_record p WHERE p.id = access_note.record) r;
    IF kind = 'share' THEN
      SELECT s.consent_id INTO consent FROM dossier_share s
      WHERE s.record_id = access_note.record AND s.given_by_id = c.user_id ORDER BY s.recorded_at DESC LIMIT 1;
    END IF;
  END IF;
  PERFORM access_write_log(c, kind, 'ok', NULL, opened.role, opened.ground, opened.ground_kind, opened.on_behalf_of, detail,
    asks, CASE WHEN dossier IS NULL THEN '{{}}' ELSE ARRAY[dossier] END, record, NULL, version, consent);
END $f$;

-- Refusals and errors whose own transaction rolls back: called over the second connection, under the same token. The
-- capacity may have ended in the meantime; the row is written all the same.
CREATE OR REPLACE FUNCTION access_refused(token text, nonce text, origin text, kind text, code text, dossier uuid, asks text[])
RETURNS void {volatile_plpgsql} AS $f$
DECLARE c access_acting; st record;
BEGIN
  SELECT s.user_id, s.engagement_id, n.practice_id, n.role, n.side, s.kind INTO c
  FROM access_sessioncontext s JOIN people_engagement n ON n.id = s.engagement_id
  WHERE s.token_hash = sha256(convert_to(token, 'UTF8'));
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.request', nonce, true), set_config('app.origin', origin, true);
  SELECT s.role, s.ground, s.kind, s.responsible INTO st
  FROM access_standing(c.user_id, c.engagement_id, c.side, access_refused.dossier, statement_timestamp()) s
  WHERE access_refused.dossier IS NOT NULL ORDER BY s.ground LIMIT 1;
  PERFORM access_write_log(c, CASE WHEN kind = 'error' THEN 'error' ELSE 'refused' END, 'refused', code, st.role, st.ground,
    st.kind, st.responsible, '', asks, CASE WHEN dossier IS NULL THEN '{{}}' ELSE ARRAY[dossier] END, NULL, NULL);
END $f$;

-- Thirteen months ahead, made at migrate and at start; a missing month refuses reading, which is the safe side. Months of
-- UTC, whatever clock the connection keeps: two clocks would leave an hour between two months.
CREATE OR REPLACE FUNCTION access_make_partitions() RETURNS int {volatile_plpgsql} AS $f$
DECLARE made int := 0; month date; part text;
BEGIN
  FOR i IN -1..13 LOOP
    month := (date_trunc('month', statement_timestamp() AT TIME ZONE 'UTC') + make_interval(months => i))::date;
    part := 'access_log_' || to_char(month, 'YYYY_MM');
    IF to_regclass('public.' || part) IS NULL THEN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.access_log FOR VALUES FROM (%L) TO (%L)', part,
        month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', part);
      EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
      -- Row triggers come with the parent; a statement trigger does not, and TRUNCATE names the month itself.
      EXECUTE format('CREATE TRIGGER access_log_whole BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT '
        'EXECUTE FUNCTION public.access_append_only()', part);
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $f$;

-- Verifying goes with sealing now (proof.sql).
DROP FUNCTION IF EXISTS access_verify(timestamptz);
