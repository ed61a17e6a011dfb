-- Explain, for anybody and any moment, without opening or returning anything. Only the second login may ask, and it is
-- logged. For one record the row itself is asked too: whose it is, with whom it was shared.
CREATE OR REPLACE FUNCTION access_explain(u bigint, e uuid, d uuid, section text, verb text, at timestamptz, task text,
  record uuid DEFAULT NULL)
RETURNS TABLE (answer text, code text, role text, value text, ground uuid, kind text, responsible bigint)
{volatile_plpgsql} ROWS 1 AS $f$
DECLARE c access_acting; h record; a record;
BEGIN
  SELECT n.user_id, n.id, n.practice_id, n.role, n.side, 'job' INTO c FROM people_engagement n
  WHERE n.id = e AND n.user_id = u;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such engagement' USING ERRCODE = '22023'; END IF;
  IF record IS NOT NULL THEN
    SELECT m.dossier_id, m.section, m.purpose, m.author_id INTO h FROM (
      SELECT x.id, x.dossier_id, x.section, x.purpose, x.author_id FROM medical_record x
      UNION ALL SELECT x.id, x.dossier_id, x.section, x.purpose, x.author_id FROM process_record x) m WHERE m.id = record;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'deny', 'no_grant', NULL::text, NULL::text, NULL::uuid, NULL::text, NULL::bigint;
      RETURN;
    END IF;
    d := h.dossier_id; section := h.section;
  END IF;
  PERFORM access_write_log(c, 'explain', 'ok', NULL, NULL, NULL, NULL, NULL, 'explain', ARRAY[section || '.' || verb],
    ARRAY[d], record, NULL);
  SELECT * INTO a FROM access_answer(u, e, c.side, d, section, verb, at, task);
  IF record IS NOT NULL AND a.answer LIKE 'allow%' AND a.value <> 'all' THEN
    IF (a.value = 'own' AND h.author_id <> u) OR (a.value = 'shared' AND NOT EXISTS (
          SELECT 1 FROM dossier_share s WHERE s.record_id = record AND s.receiver_id = u AND s.starts_at <= at
            AND (s.ends_at IS NULL OR s.ends_at > at)
            AND (NOT s.section = ANY ({voluntary_sections}) OR EXISTS (SELECT 1 FROM consent_consent k
              WHERE k.id = s.consent_id AND k.starts_at <= at AND (k.ends_at IS NULL OR k.ends_at > at)))
            AND access_receives(u, e, c.side, d, s.section, s.purpose, s.task, at)))
       OR (a.value = 'consent' AND NOT EXISTS (SELECT 1 FROM consent_consent k WHERE k.item = record
            AND k.verb = access_explain.verb AND k.starts_at <= at AND (k.ends_at IS NULL OR k.ends_at > at))) THEN
      RETURN QUERY SELECT 'deny', 'not_' || a.value, a.role, a.value, a.ground, a.kind, a.responsible;
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT a.answer, a.code, a.role, a.value, a.ground, a.kind, a.responsible;
END $f$;

-- The same for an object of the practice, where no dossier is asked.
CREATE OR REPLACE FUNCTION access_explain_office(u bigint, e uuid, object text, verb text, at timestamptz)
RETURNS TABLE (answer text, code text, role text, value text) {volatile_plpgsql} ROWS 1 AS $f$
DECLARE c access_acting; cell record;
BEGIN
  SELECT n.user_id, n.id, n.practice_id, n.role, n.side, 'job' INTO c FROM people_engagement n
  WHERE n.id = e AND n.user_id = u;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such engagement' USING ERRCODE = '22023'; END IF;
  PERFORM access_write_log(c, 'explain', 'ok', NULL, NULL, NULL, NULL, NULL, 'explain', ARRAY[object || '.' || verb],
    ARRAY[]::uuid[], NULL, NULL);
  IF NOT access_engaged(e, at) THEN
    RETURN QUERY SELECT 'deny', 'no_capacity', c.role, NULL::text; RETURN;
  END IF;
  -- The same roles as access_office: the engagement's own and those a live ground brings along.
  SELECT r.role, access_cell(r.role, object, verb) AS value INTO cell FROM (
    SELECT c.role UNION SELECT gr.role::text FROM access_ground gr
    WHERE gr.holder_id = e AND gr.kind = ANY ('{{deputising,custody}}')
      AND gr.starts_at <= at AND (gr.ends_at IS NULL OR gr.ends_at > at)) r(role)
  ORDER BY array_position('{{all,own,shared,consent,nothing}}'::text[], access_cell(r.role, object, verb)), r.role <> c.role LIMIT 1;
  IF cell.value <> 'nothing' THEN
    RETURN QUERY SELECT 'allow', NULL::text, cell.role, cell.value;
  ELSIF verb = 'sign' AND access_cell(c.role, object, 'prepare') <> 'nothing' THEN
    -- Who lays a contract ready does not sign it: on the medical side it waits for the bedrijfsarts, elsewhere it never is.
    RETURN QUERY SELECT CASE c.side WHEN 'medical' THEN 'not_yet' ELSE 'deny' END, 'only_physician_signs', c.role, cell.value;
  ELSE
    RETURN QUERY SELECT 'deny', 'no_cell', c.role, cell.value;
  END IF;
END $f$;

-- Every engagement of a user, ended ones too: one explains the past as well.
CREATE OR REPLACE FUNCTION access_engagements(name text) RETURNS TABLE (user_id bigint, engagement uuid, role text)
{definer} AS $f$
  SELECT u.id, n.id, n.role::text FROM accounts_user u JOIN people_engagement n ON n.user_id = u.id
  WHERE u.username = name ORDER BY n.ends_at DESC NULLS FIRST, n.starts_at DESC
$f$;

CREATE OR REPLACE FUNCTION access_delegable(task text) RETURNS boolean {definer_plpgsql} AS $f$
BEGIN RETURN EXISTS (SELECT 1 FROM delegation_task t WHERE t.code = task AND t.delegable = 2); END $f$;
