-- What somebody has in hand: drafts are stored here, headings of what is not finished are listed here, and what lapsed is
-- cleared away. Every function asks first who is bound; a draft is touched for its author alone.

-- Whether one may write here now, by whatever verb. Storing a draft opens and reads nothing, so it leaves no log row: the
-- form it belongs to was opened, and that stands in the log.
CREATE OR REPLACE FUNCTION dossier_writes_here(d uuid, section text, purpose text) RETURNS boolean {definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM access_standing(c.user_id, c.engagement_id, c.side, dossier_writes_here.d, statement_timestamp()) st
    CROSS JOIN unnest('{{write,amend}}'::text[]) v(verb)
    CROSS JOIN LATERAL access_reach(st.role, st.purposes, v.verb, NULL) k
    WHERE k.section = dossier_writes_here.section AND k.purpose = dossier_writes_here.purpose
      AND access_held_back(st.missing, k.section, v.verb) IS NULL);
END $f$;

-- The draft of this form, made when it is not there: its id is the database's, so nobody names the key of something else.
-- Nothing comes back when one may not write here, or when the form was sent in the meantime.
CREATE OR REPLACE FUNCTION dossier_draft_begin(form uuid, d uuid, section text, purpose text, kind text, record uuid)
RETURNS TABLE (id uuid, content bytea) {volatile_plpgsql} ROWS 1 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF NOT dossier_writes_here(d, section, purpose)
     OR EXISTS (SELECT 1 FROM medical_record r WHERE r.author_id = c.user_id AND r.form_key = form)
     OR EXISTS (SELECT 1 FROM process_record r WHERE r.author_id = c.user_id AND r.form_key = form) THEN
    RETURN;
  END IF;
  INSERT INTO dossier_draft (id, practice_id, dossier_id, author_id, section, purpose, kind, record_id, form_key, saved_at,
    expires_at)
  VALUES (gen_random_uuid(), c.practice_id, d, c.user_id, section, purpose, kind, record, form, statement_timestamp(),
    statement_timestamp() + interval '1 day')
  ON CONFLICT ON CONSTRAINT draft_of_one_form DO NOTHING;
  RETURN QUERY SELECT t.id, t.content FROM dossier_draft t
  WHERE t.author_id = c.user_id AND t.form_key = form AND t.expires_at > statement_timestamp()
    AND (t.dossier_id, t.section, t.purpose, t.kind) = (d, dossier_draft_begin.section, dossier_draft_begin.purpose,
      dossier_draft_begin.kind)
    AND t.record_id IS NOT DISTINCT FROM record;
END $f$;

CREATE OR REPLACE FUNCTION dossier_draft_put(draft uuid, content bytea, days int) RETURNS boolean {volatile_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  UPDATE dossier_draft t SET content = dossier_draft_put.content, saved_at = statement_timestamp(),
    expires_at = statement_timestamp() + make_interval(days => days)
  WHERE t.id = draft AND t.author_id = c.user_id AND dossier_writes_here(t.dossier_id, t.section, t.purpose);
  RETURN FOUND;
END $f$;

-- Headings of what the bound person has not finished, over all his dossiers: drafts, unsigned records, his own
-- werkaantekeningen, what a waarnemer of his left unsigned when his waarneming ended, and breaches he has to assess. One
-- log row names the dossiers.
CREATE OR REPLACE FUNCTION dossier_in_hand(kinds text[], n int, purpose text)
RETURNS TABLE (what text, id uuid, d uuid, section text, place text, kind text, record uuid, author bigint, at timestamptz, due date)
{volatile_plpgsql} ROWS 20 AS $f$
DECLARE c access_acting := access_acting(); given jsonb; ids uuid[];
BEGIN
  SELECT jsonb_agg(to_jsonb(h) ORDER BY h.at DESC), array_agg(DISTINCT h.d) INTO given, ids FROM (
    SELECT x.* FROM (
      SELECT 'draft' AS what, t.id, t.dossier_id AS d, t.section::text, t.purpose::text AS place, t.kind::text,
        t.record_id AS record, t.author_id AS author, t.saved_at AS at, NULL::date AS due
      FROM dossier_draft t WHERE t.author_id = c.user_id AND t.practice_id = c.practice_id
        AND t.expires_at > statement_timestamp() AND t.content IS NOT NULL
      UNION ALL
      SELECT CASE WHEN r.author_id = c.user_id THEN 'concept' ELSE 'waarnemer' END, r.id, r.dossier_id, r.section, r.purpose,
        r.kind, NULL, r.author_id, r.written_at, NULL
      FROM (
        SELECT m.id, m.dossier_id, m.section, m.purpose, m.kind, m.author_id, m.written_at, m.ground_id, m.on_behalf_of_id,
          m.role FROM medical_record m
        WHERE c.side = 'medical' AND m.practice_id = c.practice_id AND m.state = 'concept'
          AND (m.author_id = c.user_id OR m.on_behalf_of_id = c.user_id)
        UNION ALL
        SELECT m.id, m.dossier_id, m.section, m.purpose, m.kind, m.author_id, m.written_at, m.ground_id, m.on_behalf_of_id,
          m.role FROM process_record m
        WHERE m.practice_id = c.practice_id AND m.state = 'concept'
          AND (m.author_id = c.user_id OR m.on_behalf_of_id = c.user_id)) r
      WHERE r.author_id = c.user_id OR (r.role = 'waarnemer' AND EXISTS (SELECT 1 FROM access_ground g
        WHERE g.id = r.ground_id AND g.ends_at <= statement_timestamp()))
      UNION ALL
      SELECT 'werkaantekening', w.id, w.dossier_id, 'werkaantekening', 'werkaantekening', '', NULL, w.author_id, w.written_at,
        w.destroy_before
      FROM medical_werkaantekening w WHERE c.side = 'medical' AND w.author_id = c.user_id AND w.practice_id = c.practice_id
        AND octet_length(w.content) > 29  -- what was emptied is version, nonce and tag
        AND w.destroy_before > (statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date
      UNION ALL
      SELECT 'breach', b.id, b.dossier_id, 'inzage', 'inzage', '', b.record_id, b.moved_by_id, b.moved_at, NULL
      FROM dossier_breachassessment b WHERE b.answerable_id = c.user_id AND b.practice_id = c.practice_id
        AND b.assessed_at IS NULL
    ) x
    WHERE x.what = ANY (dossier_in_hand.kinds) AND EXISTS (
      SELECT 1 FROM unnest('{{find,write}}'::text[]) v(verb) CROSS JOIN LATERAL access_answer(c.user_id, c.engagement_id,
        c.side, x.d, x.section, v.verb, statement_timestamp()) a WHERE a.answer LIKE 'allow%')
    ORDER BY x.at DESC LIMIT n) h;
  IF ids IS NULL THEN RETURN; END IF;
  PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, dossier_in_hand.purpose, {list_asks}, ids, NULL,
    NULL);
  RETURN QUERY SELECT h.* FROM jsonb_to_recordset(given) h(what text, id uuid, d uuid, section text, place text, kind text,
    record uuid, author bigint, at timestamptz, due date) ORDER BY h.at DESC;
END $f$;

-- The dossiers one looked at last, from one's own rows of the log; those one may no longer find are left out.
CREATE OR REPLACE FUNCTION dossier_recent(n int, purpose text) RETURNS TABLE (d uuid, seen timestamptz)
{volatile_plpgsql} ROWS 8 AS $f$
DECLARE c access_acting := access_acting(); r record; ids uuid[] := '{{}}'; times timestamptz[] := '{{}}';
BEGIN
  FOR r IN SELECT l.dossiers[1] AS d, l.at FROM access_log l
    WHERE l.actor = c.user_id AND l.at > statement_timestamp() - interval '30 days' AND l.at <= statement_timestamp()
      AND l.engagement = c.engagement_id AND l.kind = 'open' AND l.outcome = 'ok'
    ORDER BY l.at DESC LIMIT 500
  LOOP
    CONTINUE WHEN r.d = ANY (ids);
    IF EXISTS (SELECT 1 FROM access_standing(c.user_id, c.engagement_id, c.side, r.d, statement_timestamp()) st
        WHERE access_held_back(st.missing, 'team', 'find') IS NULL) THEN
      ids := ids || r.d; times := times || r.at;
    END IF;
    EXIT WHEN cardinality(ids) >= n;
  END LOOP;
  IF ids = '{{}}' THEN RETURN; END IF;
  PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, dossier_recent.purpose, {list_asks}, ids, NULL,
    NULL);
  RETURN QUERY SELECT * FROM unnest(ids, times);
END $f$;

-- What lapsed: nobody reads it any more. First its keys are destroyed, then its rows cleared; what is cleared is asked again.
CREATE OR REPLACE FUNCTION dossier_lapsed() RETURNS SETOF uuid {definer_plpgsql} AS $f$
BEGIN
  RETURN QUERY SELECT t.id FROM dossier_draft t WHERE t.expires_at <= statement_timestamp()
    UNION ALL SELECT w.id FROM medical_werkaantekening w
      WHERE w.destroy_before <= (statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date
    LIMIT 1000;
END $f$;

CREATE OR REPLACE FUNCTION dossier_clear(ids uuid[]) RETURNS int {volatile_plpgsql} AS $f$
DECLARE n int; m int;
BEGIN
  DELETE FROM dossier_draft t WHERE t.id = ANY (ids) AND t.expires_at <= statement_timestamp();
  GET DIAGNOSTICS n = ROW_COUNT;
  DELETE FROM medical_werkaantekening w WHERE w.id = ANY (ids)
    AND w.destroy_before <= (statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date;
  GET DIAGNOSTICS m = ROW_COUNT;
  RETURN n + m;
END $f$;
